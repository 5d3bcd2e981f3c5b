import { digest, type EnvelopeCipher, keyedDigest } from '@veridoor/foundation'
import type { AdapterPayload } from 'oidc-provider'
import { type ApplicationRow, isNativeApp, usableAddresses, usesKeys } from '../organizations/index.ts'

/** An application as it is stored: its client secret is encrypted. */
export type Application = ApplicationRow

/** Members of our own that a client carries beside those of the standards. */
export const EXTRA_CLIENT_METADATA = ['security_profile', 'require_pkce'] as const

/** Whether the settings that another client of our API keeps (`grantTypes`) allow a grant. They never widen what an application may do. */
const allowsGrant = ({ extra }: Application, grant: string): boolean =>
  !Array.isArray(extra.grantTypes) || extra.grantTypes.includes(grant)

const authenticationOf = (application: Application, clientSecret: string): AdapterPayload => {
  if (application.isPublic) return { token_endpoint_auth_method: 'none' }
  if (!usesKeys(application))
    // The secret may come in the body or by Basic authentication: `read-request.ts` makes one form of both.
    return { token_endpoint_auth_method: 'client_secret_post', client_secret: clientSecret }
  return { token_endpoint_auth_method: 'private_key_jwt' }
}

/** Public keys of the application: they check its assertions (RFC 7523) and its request objects (RFC 9101). */
const keysOf = (application: Application): AdapterPayload =>
  application.jwks ? { jwks: application.jwks } : application.jwksUri ? { jwks_uri: application.jwksUri } : {}

/** FAPI 2.0 Security Profile, section 5.3.2: pushed requests, tokens bound to a key, ID tokens signed by one of its algorithms. */
const FAPI_2 = {
  security_profile: 'fapi2',
  require_pushed_authorization_requests: true,
  dpop_bound_access_tokens: true,
  id_token_signed_response_alg: 'ES256',
} as const

const grantTypesOf = (application: Application, hasRedirects: boolean): string[] =>
  [
    ...(hasRedirects ? ['authorization_code', 'refresh_token'] : []),
    ...(application.isPublic ? [] : ['client_credentials']),
  ]
    // The code grant is always allowed: without it nobody could sign in.
    .filter((grant) => grant === 'authorization_code' || allowsGrant(application, grant))

/** Where people may be sent after signing out: the addresses set for that, or the return addresses where none are set. */
const postLogoutAddressesOf = (application: Application, isNative: boolean): string[] =>
  usableAddresses(
    application.postLogoutRedirectUris.length > 0 ? application.postLogoutRedirectUris : application.redirectUris,
    isNative,
  )

/** An application of the console as a client of the protocol (OpenID Connect Dynamic Client Registration 1.0, section 2). */
export const toClient = (application: Application, clientSecret: string): AdapterPayload => {
  const isNative = isNativeApp(usableAddresses(application.redirectUris))
  const redirectUris = usableAddresses(application.redirectUris, isNative)
  return {
    client_id: application.clientId,
    client_name: application.displayName,
    ...authenticationOf(application, clientSecret),
    ...keysOf(application),
    application_type: isNative ? 'native' : 'web',
    redirect_uris: redirectUris,
    post_logout_redirect_uris: postLogoutAddressesOf(application, isNative),
    response_types: redirectUris.length > 0 ? ['code'] : [],
    grant_types: grantTypesOf(application, redirectUris.length > 0),
    ...(application.pairwiseSubjects
      ? { subject_type: 'pairwise', sector_identifier_uri: `https://${digest(application.clientId)}.invalid` }
      : {}),
    // The session is named to those who are told of its end (OpenID Connect Back-Channel Logout 1.0, section 2.1).
    ...(application.backchannelLogoutUri
      ? { backchannel_logout_uri: application.backchannelLogoutUri, backchannel_logout_session_required: true }
      : {}),
    ...(application.requirePkce ? { require_pkce: true } : {}),
    ...(application.securityProfile === 'fapi2' ? FAPI_2 : {}),
  }
}

/**
 * The identifier of a person for one application (OpenID Connect Core 1.0, section 8.1). The sector is the application itself, whatever its
 * addresses are: `sector_identifier_uri` only says so to the protocol library, and is never fetched.
 */
export const pairwiseSubject = (key: Uint8Array, userId: string, clientId: string): string =>
  keyedDigest(key, JSON.stringify([clientId, userId]))

const SUBJECTS = 'oidc pairwise subjects'
/** The key of `pairwiseSubject`. It stays the same, and identifiers with it, as long as the oldest master key is kept. */
export const subjectKeyOf = (cipher: EnvelopeCipher): Uint8Array => cipher.derive(SUBJECTS)

/** The identifier of a person for an application: the account's id, or one that only this application has. */
export const subjectOf = (
  cipher: EnvelopeCipher,
  application: Pick<Application, 'clientId' | 'pairwiseSubjects'>,
  userId: string,
): string =>
  application.pairwiseSubjects ? pairwiseSubject(subjectKeyOf(cipher), userId, application.clientId) : userId
