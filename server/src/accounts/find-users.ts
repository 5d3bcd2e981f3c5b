import { type CappedCount, countUpTo, type Executor, type OffsetPage } from '@veridoor/foundation'
import { eq } from 'drizzle-orm'
import type { AccountsDeps } from './deps.ts'
import { findByEmail, findByPhone, offsetPageOfUsers, pageOfUsers, type UserFilter } from './list-users.ts'
import { users } from './schema.ts'
import { countUsers as countRows, findRow, findRowById } from './store.ts'
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

/** The account of this id; undefined for a text that is not an id. */
export const findUserById = async (
  deps: AccountsDeps,
  id: string,
  ex: Executor = deps.db,
): Promise<User | undefined> => {
  const row = await findRowById(ex, id)
  return row && toUser(deps.cipher, row)
}

/** The account with this e-mail address, in any case. */
export const findUserByEmail = async (
  deps: AccountsDeps,
  organization: string,
  email: string,
): Promise<User | undefined> => {
  const row = await findByEmail(deps.db, organization, email)
  return row && toUser(deps.cipher, row)
}

/** The only account with this phone number, as it was written. */
export const findUserByPhone = async (
  deps: AccountsDeps,
  organization: string,
  phone: string,
): Promise<User | undefined> => {
  const row = await findByPhone(deps.db, organization, phone)
  return row && toUser(deps.cipher, row)
}

/** One page of accounts, by name or the newest first. */
export const listUsers = async (deps: AccountsDeps, filter: UserFilter): Promise<{ users: User[] } & CappedCount> => {
  const { rows, ...count } = await pageOfUsers(deps.db, filter)
  return { users: rows.map((row) => toUser(deps.cipher, row)), ...count }
}

/** One page by its place, for clients that know no cursors. */
export const listUsersByOffset = async (
  deps: AccountsDeps,
  organization: string | undefined,
  page: OffsetPage,
): Promise<{ rows: User[] } & CappedCount> => {
  const { rows, ...count } = await offsetPageOfUsers(deps.db, organization, page)
  return { rows: rows.map((row) => toUser(deps.cipher, row)), ...count }
}

/** How many accounts an organization has, counted up to 10,000. */
export const countUsersUpTo = (deps: AccountsDeps, organization: string): Promise<CappedCount> =>
  countUpTo(deps.db, users, eq(users.organization, organization))

/** All accounts of an organization, suspended ones too. */
export const countUsers = (deps: AccountsDeps, organization: string): Promise<number> =>
  countRows(deps.db, organization)
