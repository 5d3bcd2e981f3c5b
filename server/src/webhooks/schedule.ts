const MINUTE_SEC = 60
const HOUR_SEC = 3600

/** Seconds to wait after the first, second, … failed attempt: three days in all, as Standard Webhooks proposes. */
const gapsSec = [
  5,
  5 * MINUTE_SEC,
  30 * MINUTE_SEC,
  2 * HOUR_SEC,
  5 * HOUR_SEC,
  10 * HOUR_SEC,
  14 * HOUR_SEC,
  20 * HOUR_SEC,
  24 * HOUR_SEC,
] as const

/** Later by up to a tenth: receivers that went down together are not all called in the same second. */
const JITTER = 0.1

/**
 * When to try again, or null when it is given up.
 * @param attempts attempts made so far, at least 1
 * @param chance from 0 up to 1
 */
export const nextAttempt = (attempts: number, now: Date, chance: number): Date | null => {
  const gap = gapsSec[attempts - 1]
  return gap === undefined ? null : new Date(now.getTime() + gap * 1000 * (1 + JITTER * chance))
}

/** An endpoint to which nothing got through for this long is switched off. */
export const DISABLE_AFTER_MS = 5 * 86_400_000
