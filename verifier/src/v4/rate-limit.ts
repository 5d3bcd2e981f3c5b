import type { Clock } from '@veridoor/foundation'

/** A sliding window in memory. Returns 0 when the call may go on, else the milliseconds to wait. */
export const createRateLimit = (clock: Clock, calls: number, windowMs: number): ((key: string) => number) => {
  const seen = new Map<string, number[]>()
  return (key) => {
    const now = clock.now().getTime()
    const recent = (seen.get(key) ?? []).filter((at) => at > now - windowMs)
    if (recent.length >= calls) return (recent[0] ?? now) + windowMs - now
    recent.push(now)
    seen.set(key, recent)
    return 0
  }
}
