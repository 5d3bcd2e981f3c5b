import { createOutboundFetch } from '@veridoor/foundation'
import type { JWK } from 'jose'
import Provider, { type Client, type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { countsAsVerified, signOut } from '../accounts/index.ts'
import { clientSecretOf } from '../organizations/index.ts'
import type { AccessTokens } from './access-token.ts'
import { createAdapter } from './adapter.ts'
import { createAuthorizationChecks } from './authorization-checks.ts'
import { normalizeVerifiedClaims, unmetRequest } from './claims/index.ts'
import { EXTRA_CLIENT_METADATA, pairwiseSubject, subjectKeyOf, toClient } from './clients.ts'
import { mayEnter, type OidcDeps, sessionOpens } from './deps.ts'
import {
  announceUnsignedRequests,
  CLIENT_ALGORITHMS,
  CLIENT_AUTHENTICATION_METHODS,
  extraMetadata,
} from './discovery.ts'
import { createLoadExistingGrant } from './existing-grant.ts'
import { createFindAccount, verifiedPersonOf } from './find-account.ts'
import { createLookups, type Lookups } from './lookups.ts'
import { allowLoopbackPorts } from './loopback-ports.ts'
import { ACR_BASIC, ACR_VERIFIED, createPolicy, type PolicyDeps } from './policy.ts'
import { allowAnswer, logoutPage, signedOutPage, signInError, signOutError } from './protocol-pages.ts'
import type { RequestLimits } from './request-limits.ts'
import { routes } from './routes.ts'
import { scopeClaims } from './scope-claims.ts'
import { APPLICATION_SCOPES, PERSON_SCOPES } from './scopes.ts'
import { reportLogoutFailure } from './sign-out.ts'

const MINUTE = 60
const DAY = 86_400

/** Seconds that each artifact lives. A code lives 60 s at most (FAPI 2.0 Security Profile, section 5.3.2.1). */
const ttl: Configuration['ttl'] = {
  AuthorizationCode: () => MINUTE,
  AccessToken: () => 60 * MINUTE,
  ClientCredentials: () => 60 * MINUTE,
  IdToken: () => 60 * MINUTE,
  RefreshToken: () => 30 * DAY,
  Interaction: () => 2 * 60 * MINUTE,
  Session: () => 30 * DAY,
  Grant: () => 90 * DAY,
}

/** Whether a client follows FAPI 2.0 Security Profile. */
const isFapi = (client: Client | undefined): boolean => client?.security_profile === 'fapi2'

/** FAPI 2.0 takes PS256, ES256 and EdDSA (section 5.4.1), and the issuer as the only audience of an assertion (section 5.3.2.1). */
const assertClientAssertion: NonNullable<Configuration['assertJwtClientAuthClaimsAndHeader']> = async (
  ctx,
  claims,
  header,
  client,
) => {
  if (!isFapi(client)) return
  if (header.alg === 'RS256') throw new errors.InvalidClientAuth('RS256 is not allowed by FAPI 2.0')
  if (claims.aud !== ctx.oidc.issuer) throw new errors.InvalidClientAuth('aud must be the issuer alone')
}

const policyDeps = (deps: OidcDeps, lookups: Lookups): PolicyDeps => ({
  sessionUserOf: async (ctx) => (await lookups.callerOf(ctx.req.headers.cookie))?.userId,
  isVerified: async (userId) => {
    const user = await lookups.findUser(userId)
    return user !== undefined && countsAsVerified(user, deps.demonstration)
  },
  mayEnterClient: async (ctx, userId, clientId) => {
    const [user, application, caller] = await Promise.all([
      lookups.findUser(userId),
      lookups.findApplication(clientId),
      lookups.callerOf(ctx.req.headers.cookie),
    ])
    if (!user || !application) return false
    return caller?.userId === userId ? sessionOpens(caller, user, application) : mayEnter(user, application)
  },
  isIdentityUnmet: async ({ oidc: { claims } }, userId) => {
    if (!claims?.userinfo && !claims?.id_token) return false
    const user = await lookups.findUser(userId)
    const person = user && (await verifiedPersonOf(deps, user))
    const isUnmet = (claimsRequest: unknown): boolean =>
      person !== undefined && unmetRequest(claimsRequest, person, deps.clock.now())
    return isUnmet(claims.userinfo) || isUnmet(claims.id_token)
  },
})

const mayEnterClient = async (lookups: Lookups, userId: string, clientId: string): Promise<boolean> => {
  const [user, application] = await Promise.all([lookups.findUser(userId), lookups.findApplication(clientId)])
  return user !== undefined && application !== undefined && mayEnter(user, application)
}

const featuresOf = (deps: OidcDeps, lookups: Lookups): Configuration['features'] => ({
  devInteractions: { enabled: false },
  clientCredentials: { enabled: true },
  introspection: {
    enabled: true,
    // A token ends for all practical purposes when the application would not let its person in any more.
    allowedPolicy: async (_ctx, client, token) =>
      token.clientId === client.clientId &&
      (!('accountId' in token) || (await mayEnterClient(lookups, token.accountId, client.clientId))),
  },
  revocation: { enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId },
  pushedAuthorizationRequests: { enabled: true },
  requestObjects: { enabled: true },
  dPoP: { enabled: true, nonceSecret: Buffer.from(deps.cipher.derive('dpop nonces')) },
  fapi: { enabled: true, profile: (_ctx, client) => (isFapi(client) ? '2.0' : undefined) },
  backchannelLogout: { enabled: true },
  rpInitiatedLogout: { enabled: true, logoutSource: logoutPage, postLogoutSuccessSource: signedOutPage },
  claimsParameter: { enabled: true, assertClaimsParameter: normalizeVerifiedClaims },
  resourceIndicators: { enabled: false },
})

const isReturnOrigin = (client: Client, origin: string): boolean =>
  origin !== 'null' && (client.redirectUris ?? []).some((address) => URL.parse(address)?.origin === origin)

type Options = {
  /** That sign, and that are published, newest first. */
  readonly keys: readonly JWK[]
  readonly tokens: Pick<AccessTokens, 'open'>
  readonly limits: RequestLimits
}

const configurationOf = (
  deps: OidcDeps,
  { keys, tokens, limits }: Options,
  currentProvider: () => Provider,
): Configuration => {
  const { cipher, organizations } = deps
  const lookups = createLookups(deps)
  const subjectKey = subjectKeyOf(cipher)
  const check = createAuthorizationChecks(currentProvider, deps, lookups, limits)
  const findClient = async (clientId: string) => {
    const application = await lookups.findApplication(clientId)
    return application && toClient(application, clientSecretOf(organizations, application))
  }
  return {
    adapter: createAdapter(deps, { findClient, openAccessToken: (shown) => tokens.open(shown) }),
    jwks: { keys } as unknown as NonNullable<Configuration['jwks']>,
    cookies: {
      keys: [Buffer.from(cipher.derive('oidc cookies')).toString('base64url')],
      names: { session: 'veridoor_oidc', interaction: 'veridoor_oidc_step', resume: 'veridoor_oidc_resume' },
    },
    routes,
    scopes: [...PERSON_SCOPES, ...APPLICATION_SCOPES],
    claims: { ...scopeClaims, verified_claims: null },
    discovery: extraMetadata(deps.url),
    acrValues: [ACR_BASIC, ACR_VERIFIED],
    responseTypes: ['code'],
    clientAuthMethods: [...CLIENT_AUTHENTICATION_METHODS],
    extraClientMetadata: { properties: [...EXTRA_CLIENT_METADATA] },
    // The only hook of the library that runs once a request is checked and before it looks for the account. The member has no meaning.
    extraParams: { veridoor_checks: async (ctx: KoaContextWithOIDC) => check(ctx) },
    enabledJWA: {
      idTokenSigningAlgValues: ['RS256', 'ES256'],
      clientAuthSigningAlgValues: [...CLIENT_ALGORITHMS],
      requestObjectSigningAlgValues: [...CLIENT_ALGORITHMS],
      dPoPSigningAlgValues: [...CLIENT_ALGORITHMS],
    },
    assertJwtClientAuthClaimsAndHeader: assertClientAssertion,
    // A client that sends a challenge is held to it in any case; these must send one (RFC 9700, section 2.1.1).
    pkce: {
      required: (_ctx, client) =>
        client.tokenEndpointAuthMethod === 'none' || client.require_pkce === true || isFapi(client),
    },
    // Pages read answers where their application sends people back to, and nowhere else; secrets have no place in them.
    clientBasedCORS: (ctx, origin, client) =>
      (ctx.oidc.route === 'userinfo' || client.tokenEndpointAuthMethod === 'none') && isReturnOrigin(client, origin),
    fetch: createOutboundFetch(deps.outbound) as unknown as NonNullable<Configuration['fetch']>,
    // FAPI 2.0 binds refresh tokens to the client instead, and wants them kept (section 5.3.2.1).
    rotateRefreshToken: (ctx) => !isFapi(ctx.oidc.client),
    // Clients with one address leave it out at the token endpoint; with several it must be named.
    allowOmittingSingleRegisteredRedirectUri: true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    subjectTypes: ['public', 'pairwise'],
    pairwiseIdentifier: (_ctx, accountId, client) => pairwiseSubject(subjectKey, accountId, client.clientId),
    sectorIdentifierUriValidate: () => false,
    features: featuresOf(deps, lookups),
    ttl,
    interactions: {
      url: (_ctx, interaction) => `/login/oauth/interaction/${interaction.uid}`,
      policy: createPolicy(policyDeps(deps, lookups)),
    },
    findAccount: createFindAccount(deps, lookups),
    loadExistingGrant: createLoadExistingGrant(lookups),
    renderError: (ctx, out, error) => {
      ctx.type = 'html'
      const detail = error instanceof errors.OIDCProviderError ? (out.error_description ?? '') : ''
      ctx.body = ctx.path.startsWith(routes.end_session)
        ? signOutError(out.error, detail)
        : signInError(out.error, detail)
    },
  }
}

/**
 * Signing out of an application by its own button ends the session of our pages too. Not so for "Stay signed in", nor where the protocol
 * ends the session of one person to go on with another: ours is the other's already.
 */
const endOwnSession = (provider: Provider, deps: OidcDeps): void => {
  const steps = new URL(`${routes.authorization}/`, deps.url).href
  provider.on('end_session.success', (ctx) => {
    const next = ctx.oidc.session?.state?.postLogoutRedirectUri
    if (!ctx.oidc.params?.logout || (typeof next === 'string' && next.startsWith(steps))) return
    const token = deps.sessionTokenOf(ctx.req.headers.cookie)
    if (token) signOut(deps.accounts, token).catch((error: unknown) => deps.log.error('sign_out.failed', { error }))
  })
}

/** The protocol library with everything that this server adds to it. */
export const createProvider = (deps: OidcDeps, options: Options): Provider => {
  const provider: Provider = new Provider(
    deps.url,
    configurationOf(deps, options, () => provider),
  )
  provider.proxy = true
  allowLoopbackPorts(provider)
  announceUnsignedRequests(provider)
  provider.use(async (ctx, next) => {
    await next()
    if (ctx.oidc?.route === 'authorization' || ctx.oidc?.route === 'resume') allowAnswer(ctx as KoaContextWithOIDC)
  })
  provider.on('backchannel.error', (_ctx, error) => reportLogoutFailure(deps, error))
  endOwnSession(provider, deps)
  return provider
}
