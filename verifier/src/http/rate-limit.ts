import type { Clock } from '@veridoor/foundation'

/** Keys that are remembered before those of quiet callers are let go: callers that nobody knows must not fill the memory. */
const KEYS = 10_000

/** A sliding window in memory. Returns 0 when the call may go on, else the milliseconds to wait. */
export const createRateLimit = (clock: Clock, calls: number, windowMs: number): ((key: string) => number) => {
  const seen = new Map<string, number[]>()
  return (key) => {
    const now = clock.now().getTime()
    if (seen.size >= KEYS) for (const [other, at] of seen) if ((at.at(-1) ?? 0) <= now - windowMs) seen.delete(other)
    const recent = (seen.get(key) ?? []).filter((at) => at > now - windowMs)
    if (recent.length >= calls) return (recent[0] ?? now) + windowMs - now
    recent.push(now)
    seen.set(key, recent)
    return 0
  }
}
