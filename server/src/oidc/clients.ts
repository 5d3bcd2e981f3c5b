import { type EnvelopeCipher, keyedDigest } from '@veridoor/foundation'
import type { AdapterPayload } from 'oidc-provider'
import type { ApplicationRow } from '../organizations/index.ts'

/** An application as it is stored: its client secret is sealed. */
export type Application = ApplicationRow

/** Grants that an application is limited to, where another client's settings name them (`grantTypes`); they never widen. */
const isAllowed = ({ extra }: Application, grant: string): boolean =>
  !Array.isArray(extra.grantTypes) || extra.grantTypes.includes(grant)

/** An app on a device has addresses of a scheme of its own (RFC 8252, section 7.1). */
const isOwnScheme = (address: string): boolean => !/^https?:/i.test(address)

/**
 * An application of the console as a client of the protocol. Redirect addresses are compared exactly (RFC 9700, section 2.1).
 * Its secret travels in the body or by Basic authentication; `mount.ts` makes one form of both.
 */
export const toClient = (application: Application, clientSecret: string): AdapterPayload => ({
  client_id: application.clientId,
  client_name: application.displayName,
  ...(application.isPublic ? {} : { client_secret: clientSecret }),
  token_endpoint_auth_method: application.isPublic ? 'none' : 'client_secret_post',
  application_type: application.redirectUris.some(isOwnScheme) ? 'native' : 'web',
  redirect_uris: application.redirectUris,
  post_logout_redirect_uris: application.redirectUris,
  response_types: application.redirectUris.length > 0 ? ['code'] : [],
  grant_types: [
    ...(application.redirectUris.length > 0 ? ['authorization_code', 'refresh_token'] : []),
    ...(application.isPublic ? [] : ['client_credentials']),
    // Codes are always allowed, as with Casdoor: without them nobody could sign in.
  ].filter((grant) => grant === 'authorization_code' || isAllowed(application, grant)),
  ...(application.pairwiseSubjects
    ? { subject_type: 'pairwise', sector_identifier_uri: `https://${application.clientId}.invalid` }
    : {}),
  ...(application.backchannelLogoutUri ? { backchannel_logout_uri: application.backchannelLogoutUri } : {}),
})

/**
 * Who a person is to one application, and to no other (OpenID Connect Core, section 8.1). The sector is the application itself, whatever
 * its addresses are: `sector_identifier_uri` only says so to the protocol library, and is never fetched.
 */
export const pairwiseSubject = (key: Uint8Array, userId: string, clientId: string): string =>
  keyedDigest(key, JSON.stringify([clientId, userId]))

const SUBJECTS = 'oidc pairwise subjects'
/**
 * The key of `pairwiseSubject`. It stays, and with it who people are to applications, as long as the oldest master key is kept.
 */
export const subjectKeyOf = (cipher: EnvelopeCipher): Uint8Array => cipher.derive(SUBJECTS)

/** Who a person is to an application: the account's id, or one of the application's own. */
export const subjectOf = (
  cipher: EnvelopeCipher,
  application: Pick<Application, 'clientId' | 'pairwiseSubjects'>,
  userId: string,
): string =>
  application.pairwiseSubjects ? pairwiseSubject(subjectKeyOf(cipher), userId, application.clientId) : userId
