import { ApiError } from '@veridoor/contract'
import { countRate, type Executor, type RateRule, removeRatesBefore, uncountRate } from '@veridoor/foundation'
import { RATE_SCHEMA } from './budgets.ts'

/**
 * Counts one event of `key` in a fixed window, shared by all nodes. An address in a key goes through `networkKey` first.
 * @throws {ApiError} TOO_MANY_REQUESTS with the seconds to wait, once `limit` is passed
 */
export const enforceRateLimit = async (
  ex: Executor,
  key: string,
  rule: RateRule,
  at: Date,
): Promise<{ count: number }> => {
  const { count, retryAfterSec } = await countRate(ex, RATE_SCHEMA, key, rule, at)
  if (retryAfterSec !== null)
    throw new ApiError('TOO_MANY_REQUESTS', { reason: 'slow_down', values: { seconds: retryAfterSec } })
  return { count }
}

/** Takes one event back from each key: a right password uses up none of the tries for wrong ones. */
export const resetRateLimit = (ex: Executor, keys: readonly string[]): Promise<void> =>
  uncountRate(ex, RATE_SCHEMA, keys)

/** Removes counters of windows that are long over; no rule looks back more than a day. */
export const removeExpiredRateLimits = (ex: Executor, at: Date): Promise<void> =>
  removeRatesBefore(ex, RATE_SCHEMA, new Date(at.getTime() - 2 * 86_400_000))
