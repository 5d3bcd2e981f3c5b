import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import { consentedNames, isVerificationRequested, requestedNames } from './claims/index.ts'

const { Check, Prompt, base } = interactionPolicy

/** The authentication context of a verified person, which an application can demand (docs/guides/verified-claims.md). */
export const ACR_VERIFIED = 'urn:veridoor:acr:verified'
/** The authentication context of everybody who signed in. Named beside `ACR_VERIFIED` it lets others in, too. */
export const ACR_BASIC = 'urn:veridoor:acr:basic'

/** The prompts that a request may name (OpenID Connect Core 1.0, section 3.1.2.1). */
export const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const

/** What each step asks the rest of the server. */
export type PolicyDeps = {
  /** The account whose session of our own the browser shows, if any. */
  readonly sessionUserOf: (ctx: KoaContextWithOIDC) => Promise<string | undefined>
  readonly isVerified: (userId: string) => Promise<boolean>
  /** Whether the account may sign in to the client at all, with the session that the browser shows. */
  readonly mayEnterClient: (ctx: KoaContextWithOIDC, userId: string, clientId: string) => Promise<boolean>
  /** Whether an essential request for verified claims cannot be met by this account. */
  readonly isIdentityUnmet: (ctx: KoaContextWithOIDC, userId: string) => Promise<boolean>
}

/**
 * The acr values that a request names, in either place (OpenID Connect Core 1.0, sections 3.1.2.1 and 5.5.1.1). Where the claim is
 * essential its own values count alone: `acr_values` only says what is preferred.
 *
 * @throws {errors.InvalidRequest} for values that are not a list
 */
const acrRequestOf = ({ oidc: { params } }: KoaContextWithOIDC): { requested: string[]; isEssential: boolean } => {
  // The parameter as it was sent: the protocol library has mixed `acr_values` into what it read of it.
  const claims = JSON.parse(String(params?.claims ?? '{}')) as { id_token?: { acr?: unknown } }
  const acr = claims.id_token?.acr as { essential?: boolean; value?: unknown; values?: unknown } | null | undefined
  const values: unknown = acr?.values ?? []
  if (!Array.isArray(values)) throw new errors.InvalidRequest('claims.id_token.acr.values should be a list')
  const isName = (value: unknown): value is string => typeof value === 'string' && value !== ''
  const named = [acr?.value, ...values].filter(isName)
  const isEssential = acr?.essential === true && named.length > 0
  const preferred = String(params?.acr_values ?? '')
    .split(' ')
    .filter(isName)
  return { requested: isEssential ? named : [...named, ...preferred], isEssential }
}

/** Whether this request lets in verified people only: by an essential verified claim or by the acr value. */
const needsVerification = ({ oidc: { claims } }: KoaContextWithOIDC, acrValues: readonly string[]): boolean => {
  const isOnlyVerified = acrValues.includes(ACR_VERIFIED) && !acrValues.includes(ACR_BASIC)
  return isOnlyVerified || isVerificationRequested(claims?.userinfo) || isVerificationRequested(claims?.id_token)
}

/** The acr to report. A verified person meets the basic level as well, and gets it where only that was requested. */
const acrFor = (acrValues: readonly string[], isVerified: boolean): string =>
  isVerified && (acrValues.includes(ACR_VERIFIED) || !acrValues.includes(ACR_BASIC)) ? ACR_VERIFIED : ACR_BASIC

/** A person who signed out of our pages, or in as somebody else, is not the one of the protocol's session any more. */
const sessionChanged = ({ sessionUserOf }: PolicyDeps) =>
  new Check('session_changed', 'End-User authentication is required', 'login_required', async (ctx) => {
    const { session, result } = ctx.oidc
    if (!session?.accountId || result?.login) return Check.NO_NEED_TO_PROMPT
    return (await sessionUserOf(ctx)) === session.accountId ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT
  })

/** One session serves all applications: whether this one lets the person in is checked at each request, at every step. */
const otherOrganization = ({ mayEnterClient }: PolicyDeps) =>
  new Check('other_organization', 'the account may not enter this application', 'login_required', async (ctx) => {
    const { session, client } = ctx.oidc
    if (!session?.accountId || !client) return Check.NO_NEED_TO_PROMPT
    return (await mayEnterClient(ctx, session.accountId, client.clientId))
      ? Check.NO_NEED_TO_PROMPT
      : Check.REQUEST_PROMPT
  })

/** The protocol library knows `verified_claims` as one name. Here each claim in it is a question of its own, asked once. */
const identityClaimsMissing = () =>
  new Check('identity_claims_missing', 'requested identity claims not decided', (ctx) => {
    const grant = ctx.oidc.entities.Grant
    const decided = consentedNames([...(grant?.getOIDCClaims() ?? []), ...(grant?.getRejectedOIDCClaims() ?? [])])
    const requested = requestedNames([ctx.oidc.claims?.userinfo, ctx.oidc.claims?.id_token])
    return requested.every((name) => decided.has(name)) ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT
  })

const notVerified = ({ isVerified, isIdentityUnmet }: PolicyDeps) =>
  new Check(
    'not_verified',
    'The application asks for a verified identity',
    'unmet_authentication_requirements',
    async (ctx) => {
      const { session } = ctx.oidc
      if (!session?.accountId) return Check.NO_NEED_TO_PROMPT
      const { requested, isEssential } = acrRequestOf(ctx)
      if (isEssential && !requested.some((acr) => acr === ACR_BASIC || acr === ACR_VERIFIED))
        throw new errors.UnmetAuthenticationRequirements('none of the requested acr values is known here')
      const isVerifiedNow = await isVerified(session.accountId)
      // The level is that of the account at this moment: people verify after they signed in, in another tab, for another application.
      const acr = acrFor(requested, isVerifiedNow)
      if (session.acr !== acr) session.acr = acr
      if (isVerifiedNow && (await isIdentityUnmet(ctx, session.accountId)))
        throw new errors.UnmetAuthenticationRequirements('the verified identity does not meet what was requested')
      return needsVerification(ctx, requested) && !isVerifiedNow ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT
    },
  )

/** The steps that a person goes through: choose an account where asked to, sign in, verify where it is required, consent. */
export const createPolicy = (deps: PolicyDeps): interactionPolicy.DefaultPolicy => {
  const policy = base()
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0)
  const login = policy.get('login')
  // Signing in again verifies nobody: acr is decided below, once the account is known.
  for (const reason of ['essential_acr', 'essential_acrs']) login?.checks.remove(reason)
  login?.checks.add(sessionChanged(deps))
  login?.checks.add(otherOrganization(deps))
  policy.get('consent')?.checks.add(identityClaimsMissing())
  policy.add(new Prompt({ name: 'verification', requestable: false }, notVerified(deps)), 2)
  return policy
}
