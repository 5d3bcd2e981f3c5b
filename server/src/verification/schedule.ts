import { defaultSchedule, type PollSchedule, type ProviderType } from '@veridoor/providers'

const DAY_SEC = 86_400

/** When to poll again, or the state in which the check is closed without a result. */
export type NextPoll = { readonly at: Date } | { readonly close: 'expired' | 'failed' }

const later = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1_000)

/** The type's own schedule, or the default. */
export const scheduleOf = (type: Pick<ProviderType, 'schedule'>): PollSchedule => type.schedule ?? defaultSchedule

/** When to poll for an unfinished result again, or how to close it. @param polls polls since the person finished */
export const nextPoll = (
  row: { finishedByPersonAt: Date | null; expiresAt: Date | null },
  polls: number,
  now: Date,
  schedule: PollSchedule,
): NextPoll => {
  const { afterFinishSec, lateDays, whileWaitingSec, graceSec } = schedule
  if (row.finishedByPersonAt) {
    const gap = afterFinishSec[polls]
    if (gap !== undefined) return { at: later(now, gap) }
    return polls < afterFinishSec.length + lateDays ? { at: later(now, DAY_SEC) } : { close: 'failed' }
  }
  if (row.expiresAt && now.getTime() > row.expiresAt.getTime() + graceSec * 1_000) return { close: 'expired' }
  return { at: later(now, whileWaitingSec) }
}

/** The first poll after the person finished. */
export const firstPollAfterFinish = (now: Date, { afterFinishSec, whileWaitingSec }: PollSchedule): Date =>
  later(now, afterFinishSec[0] ?? whileWaitingSec)

/** When to try again after a fault of the provider: growing, at most 5 minutes, or as the other side asked. */
export const retryAfterFault = (faults: number, retryAfterMs: number | null, now: Date): Date =>
  new Date(now.getTime() + Math.max(retryAfterMs ?? 0, Math.min(5_000 * 2 ** Math.min(faults, 6), 300_000)))
