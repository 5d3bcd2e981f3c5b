import type { Clock } from '@veridoor/foundation'

/** Keys that are remembered before those of quiet callers are forgotten: unknown callers must not fill the memory. */
const KEYS = 10_000

/** A sliding window in memory. Called, it counts: 0 when the call may go on, else the milliseconds to wait. */
export type RateLimit = {
  /** @param calls replaces the limit for this key */
  (key: string, calls?: number): number
  /** The milliseconds to wait, without counting. */
  waitMs(key: string): number
}

/** @param calls that may begin within `windowMs` milliseconds, by key */
export const createRateLimit = (clock: Clock, calls: number, windowMs: number): RateLimit => {
  const seen = new Map<string, number[]>()
  const recentOf = (key: string, now: number): number[] => (seen.get(key) ?? []).filter((time) => time > now - windowMs)
  const waitOf = (recent: readonly number[], now: number, limit: number): number =>
    recent.length >= limit ? (recent[recent.length - limit] ?? now) + windowMs - now : 0
  const count = (key: string, limit = calls): number => {
    const now = clock.now().getTime()
    if (seen.size >= KEYS)
      for (const [other, times] of seen) if ((times.at(-1) ?? 0) <= now - windowMs) seen.delete(other)
    const recent = recentOf(key, now)
    const waitMs = waitOf(recent, now, limit)
    if (waitMs > 0) return waitMs
    recent.push(now)
    seen.set(key, recent)
    return 0
  }
  return Object.assign(count, {
    waitMs(key: string) {
      const now = clock.now().getTime()
      return waitOf(recentOf(key, now), now, calls)
    },
  })
}
