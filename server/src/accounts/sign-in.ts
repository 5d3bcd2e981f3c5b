import { ApiError, canonicalSignInName, SignInName } from '@veridoor/contract'
import { networkKey } from '@veridoor/foundation'
import { enforceRateLimit, resetRateLimit } from '../budgets/index.ts'
import { createSession } from './create-session.ts'
import type { AccountsDeps, Origin, SignInResult } from './deps.ts'
import { knownDevice } from './known-devices.ts'
import { checkPassword } from './passwords.ts'
import { passSecondStep } from './second-step.ts'
import { findBySignInName } from './store.ts'
import { BUILT_IN, type UserRow } from './users.ts'

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
  /** All sign-ins to one account from one device or address, right ones too: each costs a hash and an audit line. */
  all: { limit: 60, windowMs: 900_000 },
  /** All sign-ins from one address, over all accounts. */
  allFromAddress: { limit: 300, windowMs: 900_000 },
} as const

type SignInInput = Origin & { readonly organization: string; readonly username: string }

/**
 * Counts this sign-in. An account is counted by its id, so that its name and its address share one count; an unknown name is counted
 * by what was typed, in the same way.
 * @returns keys of the counts that a right password gives back
 */
const countSignIn = async (
  deps: AccountsDeps,
  input: SignInInput,
  row: UserRow | undefined,
  known: string | undefined,
): Promise<string[]> => {
  const at = deps.clock.now()
  const account = row?.id ?? `${input.organization}/${canonicalSignInName(input.username)}`
  const address = networkKey(input.address)
  const failures = known
    ? [{ key: `sign-in:device:${known}`, rule: signInRules.account }]
    : [
        { key: `sign-in:${address}`, rule: signInRules.address },
        { key: `sign-in:${account}@${address}`, rule: signInRules.account },
        { key: `sign-in:${account}`, rule: signInRules.everywhere },
      ]
  const all = [
    { key: `sign-in-all:${known ?? `${account}@${address}`}`, rule: signInRules.all },
    { key: `sign-in-all:${address}`, rule: signInRules.allFromAddress },
  ]
  for (const { key, rule } of [...failures, ...all]) await enforceRateLimit(deps.db, key, rule, at)
  return failures.map(({ key }) => key)
}

class RollbackError extends Error {}

/**
 * Records a wrong password. For an unknown name the same statements run and are rolled back, so that the time to answer does not tell
 * which names exist, and nobody can fill the record with made-up names. What was typed is not recorded: people type passwords there.
 */
const recordWrongPassword = async (deps: AccountsDeps, row: UserRow | undefined, input: SignInInput): Promise<void> => {
  const name = `${input.organization}/${row?.name ?? 'unknown'}`
  await deps.db
    .transaction(async (tx) => {
      await deps.audit.append(tx, {
        organization: input.organization,
        actor: name,
        action: 'sign-in',
        target: name,
        result: 'refused',
        reasons: ['wrong password'],
        address: input.address,
      })
      if (!row) throw new RollbackError()
    })
    .catch((error: unknown) => {
      if (!(error instanceof RollbackError)) throw error
    })
}

/**
 * Password sign-in by name or e-mail. The same answer, after the same work, for an unknown name and a wrong password. A right password
 * gives back what was counted against wrong ones. `globalAdminsOnly` lets only administrators of the installation in.
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
  const { db } = deps
  // No account can have such a name, and nothing that long is counted by.
  if (!SignInName.safeParse(input.username).success) throw new ApiError('SIGN_IN_REFUSED')
  const row = await findBySignInName(db, input.organization, input.username)
  const known = await knownDevice(deps, input.device, row?.id)
  const failures = await countSignIn(deps, input, row, known)

  const fits = await checkPassword(deps, row?.passwordHash, input.password)
  const mayEnter = !input.globalAdminsOnly || (row?.isAdmin === true && row.organization === BUILT_IN)
  if (!row || !fits || !mayEnter) {
    await recordWrongPassword(deps, mayEnter ? row : undefined, input)
    throw new ApiError('SIGN_IN_REFUSED')
  }
  if (row.isForbidden) throw new ApiError('FORBIDDEN', { reason: 'account_suspended' })

  await resetRateLimit(db, failures)
  const second = await passSecondStep(deps, row, input.code, input.address)
  return createSession(deps, row, input, second ? ['pwd', second] : ['pwd'])
}
