/** Seconds to wait between looks at the status after the person has finished (the schedule that providers document). */
const afterFinishSec = [40, 60, 100, 160, 240, 340, 460, 600, 760, 940] as const
const DAY_SEC = 86_400
/** Days on which we look once more before giving up. */
const LATE_DAYS = 3
/** While the person is still at it: a lost notice then costs minutes only. */
const WHILE_WAITING_SEC = 120
/** After the link's end the provider closes the session by itself within 15 minutes; then we look once more. */
const GRACE_SEC = 20 * 60

/** When to look again, or the state in which the check is closed without a result. */
export type NextLook = { readonly at: Date } | { readonly giveUp: 'expired' | 'failed' }

const later = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1000)

/** When to look at an unfinished result again, or how to close it. @param looks looks since the person finished */
export const nextLook = (
  row: { finishedByPersonAt: Date | null; expiresAt: Date | null },
  looks: number,
  now: Date,
): NextLook => {
  if (row.finishedByPersonAt) {
    const gap = afterFinishSec[looks]
    if (gap !== undefined) return { at: later(now, gap) }
    return looks < afterFinishSec.length + LATE_DAYS ? { at: later(now, DAY_SEC) } : { giveUp: 'failed' }
  }
  if (row.expiresAt && now.getTime() > row.expiresAt.getTime() + GRACE_SEC * 1000) return { giveUp: 'expired' }
  return { at: later(now, WHILE_WAITING_SEC) }
}

/** When to try again after a fault of the provider: growing, at most 5 minutes, or as the other side asked. */
export const afterFault = (faults: number, retryAfterMs: number | null, now: Date): Date =>
  new Date(now.getTime() + Math.max(retryAfterMs ?? 0, Math.min(5_000 * 2 ** Math.min(faults, 6), 300_000)))
