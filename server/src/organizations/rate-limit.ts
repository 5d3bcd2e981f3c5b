import { Refusal } from '@veridoor/contract'
import { digest, type Executor } from '@veridoor/foundation'
import { sql } from 'drizzle-orm'
import { rateLimits } from './schema.ts'

/**
 * Counts one event of `key` in a fixed window, shared by all nodes. Keys are digested: they may hold an address or a name.
 * @throws {Refusal} TOO_MANY_REQUESTS with the seconds to wait, once `limit` is passed
 */
export const limitRate = async (
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
    throw new Refusal('TOO_MANY_REQUESTS', { reason: 'slow_down', values: { seconds } })
  }
  return { count: row?.count ?? 1 }
}
