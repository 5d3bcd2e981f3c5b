import type { Log } from '@veridoor/foundation'
import type { JWK } from 'jose'
import Provider, { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import {
  type AccountsDeps,
  BUILT_IN,
  callerOf,
  countsAsVerified,
  findUserById,
  signOut,
  type User,
} from '../accounts/index.ts'
import { clientSecretOf, findApplicationByClientId, type OrganizationsDeps } from '../organizations/index.ts'
import type { Verification } from '../verification/index.ts'
import { type AdapterParts, createAdapter } from './adapter.ts'
import {
  consentedNames,
  foldVerifiedClaims,
  identityClaims,
  identityMetadata,
  isNameDeclined,
  type VerifiedPerson,
} from './claims/index.ts'
import { type Application, pairwiseSubject, subjectKeyOf, toClient } from './clients.ts'
import { allowAnswer, logoutPage, signedOutPage, signInFault } from './logout-pages.ts'
import { ACR_BASIC, ACR_VERIFIED, createPolicy } from './policy.ts'
import { routes } from './routes.ts'
import { accountClaims, scopeClaims } from './scope-claims.ts'

/** What the protocol is built on. `url` is the public address, and the issuer; `demonstration`: specimens count as verified. */
export type OidcParts = AdapterParts & {
  readonly log: Log
  readonly accounts: AccountsDeps
  readonly organizations: OrganizationsDeps
  readonly verification: Verification
  readonly url: string
  readonly demonstration: boolean
  /** The session token of ours in a request's cookies. */
  readonly sessionTokenOf: (cookies: string | undefined) => string | undefined
}

const MINUTE = 60
const DAY = 86_400

/** People sign in to applications of their own organization; administrators of the installation to all. */
export const mayEnter = (user: User, application: Pick<Application, 'organization'>): boolean =>
  !user.isForbidden &&
  (user.organization === application.organization || (user.organization === BUILT_IN && user.isAdmin))

/** What identity claims tell of: the sealed fields, and the finding they were sealed by. */
const personOf = async ({ verification }: OidcParts, user: User): Promise<VerifiedPerson | undefined> => {
  if (!user.verifiedAt) return undefined
  const evidence = user.lockedBy ? await verification.evidenceOf(user.lockedBy) : undefined
  return {
    name: user.identity.realName,
    givenName: evidence?.document.firstName,
    familyName: evidence?.document.lastName,
    birthdate: evidence?.document.dateOfBirth,
    documentType: user.identity.documentType,
    documentCountry: user.identity.documentCountry,
    documentNumber: user.identity.documentNumber,
    documentExpiry: evidence?.document.expiry,
    verifiedAt: user.verifiedAt,
    verifier: evidence?.verifier ?? user.verifiedBy ?? '',
    reference: evidence?.reference ?? '',
    isFaceCompared: evidence?.isFaceCompared ?? false,
    isDemonstration: user.isDemonstration,
  }
}

/** @param keys that sign, and that are published, newest first */
export const createProvider = (deps: OidcParts, keys: readonly JWK[]): Provider => {
  const { accounts, organizations, cipher, demonstration } = deps
  const findClient = async (clientId: string) => {
    const application = await findApplicationByClientId(organizations.db, clientId)
    return application && toClient(application, clientSecretOf(organizations, application))
  }
  const mayEnterClient = async (user: User | undefined, clientId: string): Promise<boolean> => {
    if (!user) return false
    const application = await findApplicationByClientId(organizations.db, clientId)
    return application !== undefined && mayEnter(user, application)
  }
  const cookieKey = Buffer.from(cipher.derive('oidc cookies')).toString('base64url')
  const subjectKey = subjectKeyOf(cipher)
  const configuration: Configuration = {
    adapter: createAdapter(deps, findClient),
    jwks: { keys } as unknown as NonNullable<Configuration['jwks']>,
    cookies: {
      keys: [cookieKey],
      names: { session: 'veridoor_oidc', interaction: 'veridoor_oidc_step', resume: 'veridoor_oidc_resume' },
    },
    routes,
    scopes: ['openid', 'profile', 'email', 'read', 'offline_access'],
    claims: {
      ...scopeClaims,
      verified_claims: null,
    },
    discovery: identityMetadata,
    acrValues: [ACR_BASIC, ACR_VERIFIED],
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_post', 'client_secret_basic', 'none'],
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'] },
    pkce: { required: (_ctx, client) => client.tokenEndpointAuthMethod === 'none' },
    // Pages read answers where their application sends people back to, and nowhere else; secrets have no place in them.
    clientBasedCORS: (ctx, origin, client) =>
      (ctx.oidc.route === 'userinfo' || client.tokenEndpointAuthMethod === 'none') &&
      (client.redirectUris ?? []).some((address) => URL.parse(address)?.origin === origin && origin !== 'null'),
    rotateRefreshToken: true,
    // Clients with one address leave it out at the token endpoint; with several it must be named.
    allowOmittingSingleRegisteredRedirectUri: true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    subjectTypes: ['public', 'pairwise'],
    pairwiseIdentifier: (_ctx, accountId, client) => pairwiseSubject(subjectKey, accountId, client.clientId),
    sectorIdentifierUriValidate: () => false,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: {
        enabled: true,
        // Tokens of somebody whom the application would not let in any more are good for nothing.
        allowedPolicy: async (_ctx, client, token) =>
          token.clientId === client.clientId &&
          (!('accountId' in token) ||
            (await mayEnterClient(await findUserById(accounts, token.accountId), client.clientId))),
      },
      revocation: { enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId },
      pushedAuthorizationRequests: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: logoutPage, postLogoutSuccessSource: signedOutPage },
      claimsParameter: { enabled: true, assertClaimsParameter: foldVerifiedClaims },
      resourceIndicators: { enabled: false },
    },
    ttl: {
      AuthorizationCode: () => MINUTE,
      AccessToken: () => 60 * MINUTE,
      ClientCredentials: () => 60 * MINUTE,
      IdToken: () => 60 * MINUTE,
      RefreshToken: () => 30 * DAY,
      Interaction: () => 2 * 60 * MINUTE,
      Session: () => 30 * DAY,
      Grant: () => 90 * DAY,
    },
    interactions: {
      url: (_ctx, interaction) => `/login/oauth/interaction/${interaction.uid}`,
      policy: createPolicy({
        sessionUserOf: async (ctx: KoaContextWithOIDC) => {
          const token = deps.sessionTokenOf(ctx.req.headers.cookie)
          return token ? (await callerOf(accounts, token, ''))?.userId : undefined
        },
        isVerified: async (userId) => {
          const user = await findUserById(accounts, userId)
          return user !== undefined && countsAsVerified(user, demonstration)
        },
        mayEnterClient: async (userId, clientId) => mayEnterClient(await findUserById(accounts, userId), clientId),
      }),
    },
    async findAccount(ctx, id) {
      const user = await findUserById(accounts, id)
      if (!user || user.isForbidden) return undefined
      const { client } = ctx.oidc
      if (client && !(await mayEnterClient(user, client.clientId))) return undefined
      return {
        accountId: id,
        claims: async (_use, _scope, requested) => {
          const grant = ctx.oidc.entities.Grant
          const consented = consentedNames(grant?.getOIDCClaims() ?? [], accountClaims)
          const isVerified = countsAsVerified(user, demonstration)
          return {
            sub: id,
            name: user.displayName || user.name,
            preferred_username: user.name,
            email: user.email,
            email_verified: user.emailVerified,
            is_verified: isVerified,
            ...(isVerified && !isNameDeclined(grant) ? { real_name: user.identity.realName } : {}),
            ...identityClaims({
              requested: (requested as Record<string, unknown>).verified_claims,
              person: isVerified ? await personOf(deps, user) : undefined,
              consented,
              now: deps.clock.now(),
            }),
          }
        },
      }
    },
    renderError: (ctx, out, error) => {
      ctx.type = 'html'
      ctx.body = signInFault(out.error, error instanceof errors.OIDCProviderError ? (out.error_description ?? '') : '')
    },
  }
  const provider = new Provider(deps.url, configuration)
  provider.proxy = true
  provider.use(async (ctx, next) => {
    await next()
    if (ctx.oidc?.route === 'authorization' || ctx.oidc?.route === 'resume') allowAnswer(ctx as KoaContextWithOIDC)
  })
  // Signing out of an application by its own button ends our session too, not only the protocol's. Not so for "Stay signed in", nor
  // where the protocol ends the session of one person to go on with another: ours is the other's already.
  const steps = new URL(`${routes.authorization}/`, deps.url).href
  provider.on('end_session.success', (ctx) => {
    const next = ctx.oidc.session?.state?.postLogoutRedirectUri
    if (!ctx.oidc.params?.logout || (typeof next === 'string' && next.startsWith(steps))) return
    const token = deps.sessionTokenOf(ctx.req.headers.cookie)
    if (token) signOut(accounts, token).catch((error: unknown) => deps.log.error('sign_out.failed', { error }))
  })
  return provider
}
