import { ApiError } from '@veridoor/contract'
import { enforceRateLimit } from '../budgets/index.ts'
import type { AccountsDeps } from './deps.ts'
import { checkPassword } from './passwords.ts'
import { signInRules } from './sign-in.ts'
import { findRowById } from './store.ts'
import type { Caller } from './users.ts'

/**
 * Asks again for the password before ways to sign in change: a device left open is not enough for that.
 * @param path the field that a refusal names
 * @throws {ApiError} INVALID_INPUT when it is wrong; TOO_MANY_REQUESTS
 */
export const confirmPassword = async (
  deps: AccountsDeps,
  caller: Pick<Caller, 'userId'>,
  password: string,
  path: string,
): Promise<void> => {
  await enforceRateLimit(deps.db, `password:${caller.userId}`, signInRules.account, deps.clock.now())
  const row = await findRowById(deps.db, caller.userId)
  if (!(await checkPassword(deps, row?.passwordHash, password)))
    throw new ApiError('INVALID_INPUT', { fields: [{ path, message: 'This is not your current password.' }] })
}
