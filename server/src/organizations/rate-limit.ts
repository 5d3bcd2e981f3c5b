import { ApiError } from '@veridoor/contract'
import { digest, type Executor } from '@veridoor/foundation'
import { inArray, lt, sql } from 'drizzle-orm'
import { rateLimits } from './schema.ts'

/**
 * Counts one event of `key` in a fixed window, shared by all nodes. Keys are digested: they may hold an address or a name.
 * @throws {ApiError} TOO_MANY_REQUESTS with the seconds to wait, once `limit` is passed
 */
export const enforceRateLimit = async (
  ex: Executor,
  key: string,
  rule: { limit: number; windowMs: number },
  at: Date,
): Promise<{ count: number }> => {
  const oldest = new Date(at.getTime() - rule.windowMs)
  const [row] = await ex
    .insert(rateLimits)
    .values({ key: digest(key), startedAt: at, count: 1 })
    .onConflictDoUpdate({
      target: rateLimits.key,
      set: {
        count: sql`case when ${rateLimits.startedAt} <= ${oldest.toISOString()}::timestamptz then 1 else ${rateLimits.count} + 1 end`,
        startedAt: sql`case when ${rateLimits.startedAt} <= ${oldest.toISOString()}::timestamptz then ${at.toISOString()}::timestamptz else ${rateLimits.startedAt} end`,
      },
    })
    .returning()
  if (row && row.count > rule.limit) {
    const seconds = Math.max(1, Math.ceil((row.startedAt.getTime() + rule.windowMs - at.getTime()) / 1000))
    throw new ApiError('TOO_MANY_REQUESTS', { reason: 'slow_down', values: { seconds } })
  }
  return { count: row?.count ?? 1 }
}

/** Takes one event back that turned out well: a right password uses up no try. */
export const resetRateLimit = async (ex: Executor, keys: readonly string[]): Promise<void> => {
  await ex
    .update(rateLimits)
    .set({ count: sql`greatest(${rateLimits.count} - 1, 0)` })
    .where(inArray(rateLimits.key, keys.map(digest)))
}

/** Removes counters of windows long over; no rule looks back more than a day. */
export const deleteExpiredRateLimits = async (ex: Executor, at: Date): Promise<void> => {
  await ex.delete(rateLimits).where(lt(rateLimits.startedAt, new Date(at.getTime() - 86_400_000)))
}
