import { ApiError, isOpen, type VerificationState } from '@veridoor/contract'
import { countsAsVerified, findUser, type User } from '../accounts/index.ts'
import { applicationOf, providerRowsOf } from '../organizations/index.ts'
import { assertMayActFor } from '../verification/index.ts'
import type { Call, Deps } from './deps.ts'
import { type Envelope, Failure, ok, unauthorized } from './envelope.ts'
import { callerOf } from './principal.ts'

const CATEGORY = 'ID Verification'
const texts: Partial<Record<VerificationState, string>> = {
  review: 'A person is looking at the check. Nothing more has to be done; ask again later',
  checking: 'The check is under way. Ask again in a moment',
}

type View = Awaited<ReturnType<Deps['verification']['start']>>

/** Not decided yet: an error for clients that know only yes and no, with where the person goes on. */
const pending = (deps: Deps, view: View): Failure =>
  new Failure(
    texts[view.state] ?? 'The check has to be finished by the person: open the link in redirectUrl',
    'PENDING',
    {
      data: {
        verification: view.id,
        state: view.state,
        // The provider's own link is the person's alone; an application sends them to their account, which leads on.
        redirectUrl: view.redirectUrl ?? `${deps.url}/account/identity`,
        expiresAt: view.expiresAt,
      },
    },
  )

/** No account has this id: who may act for nobody of an organization learns that somebody does not exist there, and no one else. */
const NOBODY = 'nobody'

/** The target as one thing for permission and act: named by owner and name, or oneself. */
const targetOf = async (deps: Deps, call: Call): Promise<User> => {
  const caller = callerOf(call)
  const { owner, name } = call.query
  if ((owner === undefined) !== (name === undefined))
    throw new Failure('Give owner and name, or neither for yourself', 'INVALID_INPUT')
  if (caller.userId === '' && name === undefined)
    throw new Failure('An application names whom it is about: owner and name', 'INVALID_INPUT')
  const organization = owner ?? caller.organization
  const user = await findUser(deps.accounts, organization, name ?? caller.name)
  try {
    assertMayActFor(caller, organization, user?.id ?? NOBODY)
  } catch (error) {
    if (error instanceof ApiError) throw unauthorized()
    throw error
  }
  if (!user) throw new Failure(`The user: ${organization}/${name ?? caller.name} doesn't exist`, 'NOT_FOUND')
  return user
}

/** A provider that is named must be one that this person's application may use. Which one is used stays the application's order. */
const assertAttached = async (deps: Deps, user: User, named: string): Promise<void> => {
  const application = await applicationOf(deps.organizations.db, user.organization, user.application)
  const rows = application ? await providerRowsOf(deps.organizations.db, application.name) : []
  const row = rows.find(({ provider }) => `${provider.owner}/${provider.name}` === named)
  if (!row) throw new Failure('This provider is not attached to the application of the user', 'provider_missing')
  if (row.provider.category !== CATEGORY)
    throw new Failure('Provider is not an ID Verification provider', 'provider_missing')
}

const refusalTexts: Readonly<Record<string, string>> = {
  profile_incomplete: 'ID card information and real name are required',
  provider_missing: 'No ID Verification provider configured',
}

/**
 * POST /api/verify-identification. `ok` with the real name means that this account is verified, and nothing else does: not a
 * transaction that was opened, not a person who came back. Until then `error`, with where to go on in `data`.
 */
export const verifyIdentification = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = callerOf(call)
  const user = await targetOf(deps, call)
  if (countsAsVerified(user, deps.demonstration)) return ok(user.identity.realName)
  if (call.query.provider) await assertAttached(deps, user, call.query.provider)
  const throwIfOpen = async (): Promise<void> => {
    const latest = await deps.verification.latest(user.id)
    if (latest && isOpen(latest.state)) throw pending(deps, await deps.verification.state(caller, latest.id))
  }
  await throwIfOpen()
  try {
    const view = await deps.verification.start(caller, { organization: user.organization, name: user.name })
    throw pending(deps, view)
  } catch (error) {
    // Pressed twice at once: both are told of the one check.
    if (error instanceof ApiError && error.reason === 'verification_open') await throwIfOpen()
    if (error instanceof ApiError && error.reason && refusalTexts[error.reason])
      throw new Failure(refusalTexts[error.reason] ?? '', error.reason)
    throw error
  }
}
