import type { Executor } from '@veridoor/foundation'
import type { AccountsDeps } from './deps.ts'
import { countUsers as countRows, findRow, findRowById, pageOfUsers, type UserFilter } from './store.ts'
import { toUser, type User } from './users.ts'

/** The account of this name, in whatever form it is written. */
export const findUser = async (
  deps: AccountsDeps,
  organization: string,
  name: string,
  ex: Executor = deps.db,
): Promise<User | undefined> => {
  const row = await findRow(ex, organization, name)
  return row && toUser(deps.cipher, row)
}

/** The account of this id; a text that is no id is nobody's. */
export const findUserById = async (
  deps: AccountsDeps,
  id: string,
  ex: Executor = deps.db,
): Promise<User | undefined> => {
  const row = await findRowById(ex, id)
  return row && toUser(deps.cipher, row)
}

/** One page of accounts in the order of `organization/name`. `total` counts all that fit the filter. */
export const listUsers = async (deps: AccountsDeps, filter: UserFilter): Promise<{ users: User[]; total: number }> => {
  const { rows, total } = await pageOfUsers(deps.db, filter)
  return { users: rows.map((row) => toUser(deps.cipher, row)), total }
}

/** All accounts of an organization, suspended ones too. */
export const countUsers = (deps: AccountsDeps, organization: string): Promise<number> =>
  countRows(deps.db, organization)
