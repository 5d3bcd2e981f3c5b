import { ApiError, canonicalSignInName, SignInName } from '@veridoor/contract'
import { enforceRateLimit, resetRateLimit } from '../budgets/index.ts'
import { createSession } from './create-session.ts'
import type { AccountsDeps, Origin, SignInResult } from './deps.ts'
import { knownDevice } from './known-devices.ts'
import { checkPassword } from './passwords.ts'
import { passSecondStep } from './second-step.ts'
import { findBySignInName } from './store.ts'
import { BUILT_IN } from './users.ts'

/**
 * Wrong passwords are counted for an account from one address, for an address over all accounts, and for an account from
 * everywhere, so that many addresses together get no more tries than a few. None of these counts for a device that the account
 * was signed in with before: it has a count of its own, which nobody else can use up. So strangers can slow down strangers, and
 * never lock the owner out.
 */
export const signInRules = {
  account: { limit: 8, windowMs: 900_000 },
  address: { limit: 60, windowMs: 900_000 },
  everywhere: { limit: 30, windowMs: 900_000 },
} as const

/**
 * Password sign-in by name or e-mail. The same answer, after the same time, for an unknown name and a wrong password. Only
 * failures use up the limit. `globalAdminsOnly` lets nobody else in at this door.
 *
 * @throws {ApiError} SIGN_IN_REFUSED, SECOND_STEP_NEEDED, SECOND_STEP_REFUSED, TOO_MANY_REQUESTS, FORBIDDEN with account_suspended
 */
export const signIn = async (
  deps: AccountsDeps,
  input: Origin & {
    application: string
    organization: string
    username: string
    password: string
    /** Of the authenticator app, or a recovery code. */
    code?: string | undefined
    globalAdminsOnly?: boolean
  },
): Promise<SignInResult> => {
  const { db, audit } = deps
  const at = deps.clock.now()
  // No account can have such a name, and nothing that long is counted by.
  if (!SignInName.safeParse(input.username).success) throw new ApiError('SIGN_IN_REFUSED')
  const row = await findBySignInName(db, input.organization, input.username)
  const known = await knownDevice(deps, input.device, row?.id)
  // By what was typed, not by whom it names: an unknown name is counted in the same way.
  const typed = `${input.organization}/${canonicalSignInName(input.username)}`
  const counts = known
    ? [{ key: `sign-in:device:${known}`, rule: signInRules.account }]
    : [
        { key: `sign-in:${input.address}`, rule: signInRules.address },
        { key: `sign-in:${typed}@${input.address}`, rule: signInRules.account },
        { key: `sign-in:${typed}`, rule: signInRules.everywhere },
      ]
  for (const { key, rule } of counts) await enforceRateLimit(db, key, rule, at)

  const fits = await checkPassword(row?.passwordHash, input.password)
  const mayEnter = !input.globalAdminsOnly || (row?.isAdmin === true && row.organization === BUILT_IN)
  if (!row || !fits || !mayEnter) {
    // What was typed for an unknown name is not recorded: people type passwords there.
    if (row && mayEnter)
      await db.transaction((tx) =>
        audit.append(tx, {
          organization: row.organization,
          actor: `${row.organization}/${row.name}`,
          action: 'sign-in',
          target: `${row.organization}/${row.name}`,
          result: 'refused',
          reasons: ['wrong password'],
          address: input.address,
        }),
      )
    throw new ApiError('SIGN_IN_REFUSED')
  }
  if (row.isForbidden) throw new ApiError('FORBIDDEN', { reason: 'account_suspended' })

  await resetRateLimit(
    db,
    counts.map(({ key }) => key),
  )
  const second = await passSecondStep(deps, row, input.code, input.address)
  return createSession(deps, row, input, second ? ['pwd', second] : ['pwd'])
}
