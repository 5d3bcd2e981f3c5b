import { Refusal } from '@veridoor/contract'
import { limitRate } from '../organizations/index.ts'
import type { Parts } from './parts.ts'
import { checkPassword } from './passwords.ts'
import { signInRules } from './sign-in.ts'
import { findRowById } from './store.ts'
import type { Caller } from './users.ts'

/**
 * Asks again for the password before ways to sign in change: a device left open is not enough for that.
 * @param path the field that a refusal names
 * @throws {Refusal} INVALID_INPUT when it is wrong; TOO_MANY_REQUESTS
 */
export const confirmPassword = async (
  parts: Parts,
  caller: Pick<Caller, 'userId'>,
  password: string,
  path: string,
): Promise<void> => {
  await limitRate(parts.db, `password:${caller.userId}`, signInRules.account, parts.clock.now())
  const row = await findRowById(parts.db, caller.userId)
  if (!(await checkPassword(row?.passwordHash, password)))
    throw new Refusal('INVALID_INPUT', { fields: [{ path, message: 'This is not your current password.' }] })
}
