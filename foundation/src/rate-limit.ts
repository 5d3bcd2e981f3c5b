import { sql } from 'drizzle-orm'
import type { Executor } from './database.ts'
import { digest } from './tokens.ts'

/** At most `limit` units in a fixed window of `windowMs`. */
export type RateRule = { readonly limit: number; readonly windowMs: number }

/** Where a counter stands. `retryAfterSec` is null while the limit is not passed. */
export type RateState = { readonly count: number; readonly retryAfterSec: number | null }

/**
 * Counts `units` of `key` in a fixed window, in `<schema>.rate_limits`, which all nodes share. Keys are stored as digests,
 * because they may hold an address or a name. Decides nothing: the caller turns a passed limit into its own error.
 */
export const countRate = async (
  ex: Executor,
  schema: string,
  key: string,
  rule: RateRule,
  at: Date,
  units = 1,
): Promise<RateState> => {
  const now = at.toISOString()
  const oldest = new Date(at.getTime() - rule.windowMs).toISOString()
  const table = sql`${sql.identifier(schema)}.rate_limits`
  const { rows } = await ex.execute<{ started_at: string | Date; count: number }>(sql`
    insert into ${table} as held (key, started_at, count) values (${digest(key)}, ${now}::timestamptz, ${units})
    on conflict (key) do update set
      count = case when held.started_at <= ${oldest}::timestamptz then ${units}::integer
                   else least(held.count::bigint + ${units}::integer, 2147483647)::integer end,
      started_at = case when held.started_at <= ${oldest}::timestamptz then ${now}::timestamptz else held.started_at end
    returning started_at, count`)
  const row = rows[0]
  if (!row) throw new Error('A counter gave no row.')
  const waitMs = new Date(row.started_at).getTime() + rule.windowMs - at.getTime()
  return { count: row.count, retryAfterSec: row.count > rule.limit ? Math.max(1, Math.ceil(waitMs / 1000)) : null }
}

/** Takes one unit back from each key, for an event that does not count after all. */
export const uncountRate = async (ex: Executor, schema: string, keys: readonly string[]): Promise<void> => {
  if (keys.length === 0) return
  const list = sql.join(
    keys.map((key) => sql`${digest(key)}`),
    sql`, `,
  )
  await ex.execute(
    sql`update ${sql.identifier(schema)}.rate_limits set count = greatest(count - 1, 0) where key in (${list})`,
  )
}

/** Removes counters of windows that began before `oldest`. */
export const removeRatesBefore = async (ex: Executor, schema: string, oldest: Date): Promise<void> => {
  await ex.execute(
    sql`delete from ${sql.identifier(schema)}.rate_limits where started_at < ${oldest.toISOString()}::timestamptz`,
  )
}
