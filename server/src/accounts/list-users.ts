import {
  type CappedCount,
  containsPattern,
  countUpTo,
  type Executor,
  type OffsetPage,
  pageOrder,
} from '@veridoor/foundation'
import { and, asc, desc, eq, ilike, or, type SQL, sql } from 'drizzle-orm'
import { users } from './schema.ts'
import type { UserRow } from './users.ts'

/** The account with this e-mail address, in any case. An address belongs to one account of an organization. */
export const findByEmail = async (ex: Executor, organization: string, email: string): Promise<UserRow | undefined> => {
  if (email === '') return undefined
  const [row] = await ex
    .select()
    .from(users)
    .where(and(eq(users.organization, organization), sql`lower(${users.email}) = lower(${email})`))
    .limit(1)
  return row
}

/** The only account with this phone number, as it was written. Numbers are not unique: of two accounts none is meant. */
export const findByPhone = async (ex: Executor, organization: string, phone: string): Promise<UserRow | undefined> => {
  if (phone === '') return undefined
  const [row, another] = await ex
    .select()
    .from(users)
    .where(and(eq(users.organization, organization), sql`${users.extra} ->> 'phone' = ${phone}`))
    .limit(2)
  return another ? undefined : row
}

/** In which order a list of accounts is read. */
export type UserOrder = 'name' | 'newest'

/** The last row of a page before: `name` in the order of names, `createdAt` and `id` in the order of time. */
export type UserCursor =
  | { readonly order: 'name'; readonly organization: string; readonly name: string }
  | { readonly order: 'newest'; readonly createdAt: Date; readonly id: string }

/**
 * Which accounts a list has. `search` is a part of the name, e-mail, display name or real name, in any case; without `organization` the
 * list has those of all.
 */
export type UserFilter = {
  readonly organization?: string | undefined
  readonly search?: string | undefined
  readonly order?: UserOrder | undefined
  readonly after?: UserCursor | undefined
  readonly limit: number
}

const matches = (filter: Pick<UserFilter, 'organization' | 'search'>): SQL | undefined => {
  const pattern = filter.search ? containsPattern(filter.search) : undefined
  return and(
    filter.organization === undefined ? undefined : eq(users.organization, filter.organization),
    pattern
      ? or(...[users.name, users.email, users.displayName, users.realName].map((column) => ilike(column, pattern)))
      : undefined,
  )
}

const isAfter = (after: UserCursor | undefined): SQL | undefined => {
  if (!after) return undefined
  return after.order === 'name'
    ? sql`(${users.organization}, ${users.name}) > (${after.organization}, ${after.name})`
    : sql`(${users.createdAt}, ${users.id}) < (${after.createdAt.toISOString()}::timestamptz, ${after.id}::uuid)`
}

/** Accounts by name, or the newest first. Each order is total: a page begins exactly where the one before ended. */
export const pageOfUsers = async (ex: Executor, filter: UserFilter): Promise<{ rows: UserRow[] } & CappedCount> => {
  const where = matches(filter)
  const rows = await ex
    .select()
    .from(users)
    .where(and(where, isAfter(filter.after)))
    .orderBy(
      ...(filter.order === 'newest'
        ? [desc(users.createdAt), desc(users.id)]
        : [asc(users.organization), asc(users.name)]),
    )
    .limit(filter.limit)
  return { rows, ...(await countUpTo(ex, users, where)) }
}

/** What a page by offset can be filtered and sorted by. */
export const userColumns = {
  name: users.name,
  displayName: users.displayName,
  email: users.email,
  realName: users.realName,
  signupApplication: users.application,
  createdTime: users.createdAt,
} as const

/** A page by its place, for clients that know no cursors. */
export const offsetPageOfUsers = async (
  ex: Executor,
  organization: string | undefined,
  page: OffsetPage,
): Promise<{ rows: UserRow[] } & CappedCount> => {
  const { where, orderBy } = pageOrder(page, userColumns, [users.organization, users.name])
  const matching = and(organization === undefined ? undefined : eq(users.organization, organization), where)
  const rows = await ex
    .select()
    .from(users)
    .where(matching)
    .orderBy(...orderBy)
    .limit(page.limit)
    .offset(page.offset)
  return { rows, ...(await countUpTo(ex, users, matching)) }
}
