import { ApiError, isOpen, type SentenceCode, type VerificationState } from '@veridoor/contract'
import { countsAsVerified, findUser, type User } from '../accounts/index.ts'
import { applicationOf, providerRowsOf } from '../organizations/index.ts'
import { assertMayActFor } from '../verification/index.ts'
import type { Call } from './call.ts'
import type { Deps } from './deps.ts'
import { CasdoorError, type Envelope, ok, unauthorized } from './envelope.ts'
import { assertScope, parseId, requireCaller } from './principal.ts'

const CATEGORY = 'ID Verification'

const stateTexts: Partial<Record<VerificationState, string>> = {
  review: 'A reviewer is looking at the check. Nothing more has to be done; ask again later',
  checking: 'The check is being processed. Ask again in a moment',
}

type VerificationView = Awaited<ReturnType<Deps['verification']['start']>>

/** A check that is not decided yet is an error to clients that know only yes and no. `data` says where the person continues. */
const pendingError = (deps: Deps, view: VerificationView): CasdoorError =>
  new CasdoorError(
    stateTexts[view.state] ?? 'The person has to complete the check: open the link in redirectUrl',
    'PENDING',
    {
      data: {
        verification: view.id,
        state: view.state,
        // Only the person gets the provider's own link. An application sends them to their account page, which continues the check.
        redirectUrl: view.redirectUrl ?? `${deps.url}/account/identity`,
        expiresAt: view.expiresAt,
      },
    },
  )

/** No account has this id. Asking for permission with it answers alike for unknown people and for those who may not be seen. */
const UNKNOWN_USER_ID = 'unknown'

/** `owner` and `name`, or an `id` that says the same. @throws {CasdoorError} when they name different people */
const readTarget = (query: Call['query']): { owner: string | undefined; name: string | undefined } => {
  const named = { owner: query.owner || undefined, name: query.name || undefined }
  if (query.id === undefined) return named
  const id = parseId(query.id)
  const isSame = (named.owner ?? id.owner) === id.owner && (named.name ?? id.name) === id.name
  if (!isSame) throw unauthorized()
  return id
}

/** The person that the call is about: by owner and name, or the caller. Permission is asked for the same person who is acted on. */
const findTarget = async (deps: Deps, call: Call): Promise<User> => {
  const caller = requireCaller(call)
  const { owner, name } = readTarget(call.query)
  if ((owner === undefined) !== (name === undefined))
    throw new CasdoorError('Give owner and name, or neither for yourself', 'INVALID_INPUT')
  if (caller.userId === '' && name === undefined)
    throw new CasdoorError('An application must name the person: owner and name', 'INVALID_INPUT')
  const organization = owner ?? caller.organization
  const isOwnOrganization = caller.isGlobalAdmin || organization === caller.organization
  const user = isOwnOrganization ? await findUser(deps.accounts, organization, name ?? caller.name) : undefined
  try {
    assertMayActFor(caller, organization, user?.id ?? UNKNOWN_USER_ID)
  } catch (error) {
    if (error instanceof ApiError) throw unauthorized()
    throw error
  }
  if (!user) throw new CasdoorError(`The user: ${organization}/${name ?? caller.name} doesn't exist`, 'NOT_FOUND')
  return user
}

/** A provider that the call names must be attached to the person's application. The order of the application still decides. */
const assertAttached = async (deps: Deps, user: User, provider: string): Promise<void> => {
  const application = await applicationOf(deps.organizations.db, user.organization, user.application)
  const rows = application ? await providerRowsOf(deps.organizations.db, application.name) : []
  const row = rows.find((item) => `${item.provider.owner}/${item.provider.name}` === provider)
  if (!row) throw new CasdoorError('This provider is not attached to the application of the user', 'provider_missing')
  if (row.provider.category !== CATEGORY)
    throw new CasdoorError('Provider is not an ID Verification provider', 'provider_missing')
}

/** Casdoor's own texts for reasons that it has, too. */
const casdoorTexts: Partial<Record<SentenceCode, string>> = {
  profile_incomplete: 'ID card information and real name are required',
  provider_missing: 'No ID Verification provider configured',
}

const findOpenCheck = async (deps: Deps, call: Call, user: User): Promise<VerificationView | undefined> => {
  const latest = await deps.verification.latest(user.id)
  return latest && isOpen(latest.state) ? deps.verification.state(requireCaller(call), latest.id) : undefined
}

const startCheck = async (deps: Deps, call: Call, user: User): Promise<VerificationView> => {
  assertScope(call.principal, 'verifications:write')
  try {
    return await deps.verification.start(requireCaller(call), { organization: user.organization, name: user.name })
  } catch (error) {
    if (!(error instanceof ApiError) || !error.reason) throw error
    // Two calls at once: both are told about the one check.
    const open = error.reason === 'verification_open' ? await findOpenCheck(deps, call, user) : undefined
    if (open) return open
    const text = casdoorTexts[error.reason]
    throw text === undefined ? error : new CasdoorError(text, error.reason)
  }
}

/**
 * POST /api/verify-identification. `ok` with the real name means that this account is verified, and nothing else does: neither a
 * transaction that was opened nor a person who came back. Until then it is `error`, and `data` says where the person continues.
 */
export const verifyIdentification = async (deps: Deps, call: Call): Promise<Envelope> => {
  const user = await findTarget(deps, call)
  if (countsAsVerified(user, deps.demonstration)) return ok(user.identity.realName)
  if (call.query.provider) await assertAttached(deps, user, call.query.provider)
  throw pendingError(deps, (await findOpenCheck(deps, call, user)) ?? (await startCheck(deps, call, user)))
}
