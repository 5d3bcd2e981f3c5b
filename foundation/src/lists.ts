import { asc, count, desc, ilike, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Executor } from './database.ts'

/** Rows are counted up to here. More are told as "more than", since counting all of them reads the whole table. */
export const COUNT_CAP = 10_000

/** How many rows fit. `isTotalCapped`: there are more than `total`. */
export type CappedCount = { readonly total: number; readonly isTotalCapped: boolean }

/** Counts rows of a table, and stops at the cap. */
export const countUpTo = async (
  ex: Executor,
  table: PgTable,
  where: SQL | undefined,
  cap = COUNT_CAP,
): Promise<CappedCount> => {
  const rows = ex
    .select({ one: sql<number>`1`.as('one') })
    .from(table)
    .where(where)
    .limit(cap + 1)
    .as('counted')
  const [sum] = await ex.select({ total: count() }).from(rows)
  const found = sum?.total ?? 0
  return { total: Math.min(found, cap), isTotalCapped: found > cap }
}

/** A part of a text as a pattern of `ilike`, with its special characters escaped. */
export const containsPattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** A page by its place, for clients that know no cursors. Columns go by the names that `pageOrder` is given. */
export type OffsetPage = {
  readonly limit: number
  readonly offset: number
  /** Rows whose column contains this text, in any case. */
  readonly contains?: { readonly column: string; readonly text: string }
  readonly sort: { readonly column: string; readonly isDescending: boolean }
}

/**
 * Filter and order of a page, as SQL. The order is total: rows of the same value are told apart by `keys`.
 * @param columns the columns that a page may name; another name is an error of the program
 */
export const pageOrder = (
  page: OffsetPage,
  columns: Readonly<Record<string, AnyPgColumn>>,
  keys: readonly AnyPgColumn[],
): { readonly where: SQL | undefined; readonly orderBy: SQL[] } => {
  const columnOf = (name: string): AnyPgColumn => {
    const column = Object.hasOwn(columns, name) ? columns[name] : undefined
    if (!column) throw new Error('This list has no such column.')
    return column
  }
  const direction = page.sort.isDescending ? desc : asc
  return {
    where: page.contains ? ilike(columnOf(page.contains.column), containsPattern(page.contains.text)) : undefined,
    orderBy: [columnOf(page.sort.column), ...keys].map((column) => direction(column)),
  }
}
