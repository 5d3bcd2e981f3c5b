import { Refusal } from '@veridoor/contract'
import { forgiveRate, limitRate } from '../organizations/index.ts'
import { enterAs } from './enter-as.ts'
import type { Origin, Parts } from './parts.ts'
import { checkPassword } from './passwords.ts'
import { passSecondStep } from './second-step.ts'
import { findBySignInName } from './store.ts'
import { BUILT_IN, type Caller } from './users.ts'

/** Per account and address, so that a stranger cannot lock the owner out from elsewhere; and per address over all accounts. */
export const signInRules = {
  account: { limit: 8, windowMs: 900_000 },
  address: { limit: 60, windowMs: 900_000 },
} as const

/**
 * Password sign-in by name or e-mail. The same answer, after the same time, for an unknown name and a wrong password. Only
 * failures use up the limit. `globalAdminsOnly` lets nobody else in at this door.
 *
 * @throws {Refusal} SIGN_IN_REFUSED, SECOND_STEP_NEEDED, SECOND_STEP_REFUSED, TOO_MANY_REQUESTS, FORBIDDEN with account_suspended
 */
export const signIn = async (
  parts: Parts,
  input: Origin & {
    application: string
    organization: string
    username: string
    password: string
    /** Of the authenticator app, or a recovery code. */
    code?: string | undefined
    globalAdminsOnly?: boolean
  },
): Promise<{ token: string; caller: Caller }> => {
  const { db, audit } = parts
  const at = parts.clock.now()
  const ofAddress = `sign-in:${input.address}`
  const ofAccount = `sign-in:${input.organization}/${input.username.toLowerCase()}@${input.address}`
  await limitRate(db, ofAddress, signInRules.address, at)
  await limitRate(db, ofAccount, signInRules.account, at)

  const row = await findBySignInName(db, input.organization, input.username)
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
    throw new Refusal('SIGN_IN_REFUSED')
  }
  if (row.isForbidden) throw new Refusal('FORBIDDEN', { reason: 'account_suspended' })

  await forgiveRate(db, [ofAddress, ofAccount])
  const second = await passSecondStep(parts, row, input.code, input.address)
  return enterAs(parts, row, input, second ? ['pwd', second] : ['pwd'])
}
