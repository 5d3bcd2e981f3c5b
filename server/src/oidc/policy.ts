import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import { askedNames, consentedNames, isVerificationAsked } from './claims/index.ts'
import { accountClaims } from './scope-claims.ts'

const { Check, Prompt, base } = interactionPolicy

/** What an application asks for when a person must be verified (README). */
export const ACR_VERIFIED = 'urn:veridoor:acr:verified'
/** The level of everybody who signed in. Named beside `ACR_VERIFIED` it lets others in, too. */
export const ACR_BASIC = 'urn:veridoor:acr:basic'

/** What the rooms are asked at each step. */
export type PolicyParts = {
  /** Who holds the session of ours that this browser shows, if any. */
  readonly sessionUserOf: (ctx: KoaContextWithOIDC) => Promise<string | undefined>
  readonly isVerified: (userId: string) => Promise<boolean>
  /** Whether the application lets this person in at all. */
  readonly mayEnterClient: (userId: string, clientId: string) => Promise<boolean>
}

/**
 * The acr values that a request names, in either place (OpenID Connect Core 1.0, sections 3.1.2.1 and 5.5.1.1). Where the claim is
 * essential its own values count alone: `acr_values` only says what would be liked.
 *
 * @throws invalid_request for a list that is none
 */
const acrRequestOf = ({ oidc: { params } }: KoaContextWithOIDC): { wanted: string[]; isEssential: boolean } => {
  // The request's own words: the protocol library has mixed `acr_values` into what it read of them.
  const claims = JSON.parse(String(params?.claims ?? '{}')) as { id_token?: { acr?: unknown } }
  const acr = claims.id_token?.acr as { essential?: boolean; value?: unknown; values?: unknown } | null | undefined
  const values: unknown = acr?.values ?? []
  if (!Array.isArray(values)) throw new errors.InvalidRequest('claims.id_token.acr.values should be a list')
  const isName = (value: unknown): value is string => typeof value === 'string' && value !== ''
  const named = [acr?.value, ...values].filter(isName)
  const isEssential = acr?.essential === true && named.length > 0
  return {
    wanted: isEssential
      ? named
      : [
          ...named,
          ...String(params?.acr_values ?? '')
            .split(' ')
            .filter(isName),
        ],
    isEssential,
  }
}

/** Whether this request lets in verified people only: an essential verified claim, or the acr value, in either place. */
const needsVerification = ({ oidc: { claims } }: KoaContextWithOIDC, wanted: readonly string[]): boolean => {
  const isOnlyVerified = wanted.includes(ACR_VERIFIED) && !wanted.includes(ACR_BASIC)
  return isOnlyVerified || isVerificationAsked(claims?.userinfo) || isVerificationAsked(claims?.id_token)
}

/** Who is verified has the basic level as well, and is told as that where nothing else is asked for. */
const acrFor = (wanted: readonly string[], isVerified: boolean): string =>
  isVerified && (wanted.includes(ACR_VERIFIED) || !wanted.includes(ACR_BASIC)) ? ACR_VERIFIED : ACR_BASIC

/** Which steps a person goes through: sign in, verify where it is asked for, consent. */
export const createPolicy = ({
  sessionUserOf,
  isVerified,
  mayEnterClient,
}: PolicyParts): interactionPolicy.DefaultPolicy => {
  const policy = base()
  // Signing in again makes nobody verified: what becomes of acr is decided below, once we know who it is.
  for (const reason of ['essential_acr', 'essential_acrs']) policy.get('login')?.checks.remove(reason)
  // Who signed out of our pages, or in as somebody else, is not the person of the protocol's session any more.
  policy.get('login')?.checks.add(
    new Check('session_changed', 'End-User authentication is required', async (ctx) => {
      const { session, result } = ctx.oidc
      if (!session?.accountId || result?.login) return Check.NO_NEED_TO_PROMPT
      return (await sessionUserOf(ctx)) === session.accountId ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT
    }),
  )
  // One session serves all applications: whom this one lets in is asked at each request, whatever step it has come to.
  policy.get('login')?.checks.add(
    new Check(
      'not_of_this_organization',
      'the account may not enter this application',
      'login_required',
      async (ctx) => {
        const { session, client } = ctx.oidc
        if (!session?.accountId || !client) return Check.NO_NEED_TO_PROMPT
        return (await mayEnterClient(session.accountId, client.clientId))
          ? Check.NO_NEED_TO_PROMPT
          : Check.REQUEST_PROMPT
      },
    ),
  )
  // `verified_claims` is one name to the protocol: each claim in it is a question of its own, asked once, whatever was answered.
  policy.get('consent')?.checks.add(
    new Check('identity_claims_missing', 'requested identity claims not decided', (ctx) => {
      const grant = ctx.oidc.entities.Grant
      const decided = consentedNames(
        [...(grant?.getOIDCClaims() ?? []), ...(grant?.getRejectedOIDCClaims() ?? [])],
        accountClaims,
      )
      const asked = askedNames([ctx.oidc.claims?.userinfo, ctx.oidc.claims?.id_token])
      return asked.every((name) => decided.has(name)) ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT
    }),
  )
  policy.add(
    new Prompt(
      { name: 'verification', requestable: false },
      new Check(
        'not_verified',
        'The application asks for a verified identity',
        'unmet_authentication_requirements',
        async (ctx) => {
          const { session } = ctx.oidc
          if (!session?.accountId) return Check.NO_NEED_TO_PROMPT
          const { wanted, isEssential } = acrRequestOf(ctx)
          if (isEssential && !wanted.some((acr) => acr === ACR_BASIC || acr === ACR_VERIFIED))
            throw new errors.UnmetAuthenticationRequirements('none of the requested acr values is known here')
          const isVerifiedNow = await isVerified(session.accountId)
          // The level is the account's of this moment: people verify after they signed in, in another tab, by another application.
          session.acr = acrFor(wanted, isVerifiedNow)
          return needsVerification(ctx, wanted) && !isVerifiedNow ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT
        },
      ),
    ),
    1,
  )
  return policy
}
