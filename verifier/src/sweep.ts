import type { RetakeCode } from '@veridoor/engine'
import { forgetHandOvers } from './capture/store.ts'
import { endSession, eraseLeftovers, eraseSession } from './end-session.ts'
import { leaveChallenge } from './movement/run-challenge.ts'
import { findOver } from './movement/store.ts'
import { assessJob, type VerifierParts } from './parts.ts'
import { forgetPortalSessions } from './portal/sign-in.ts'
import { change, findChecking, findErased, findOverdue, findStuck, findToErase } from './store.ts'
import { nothingUploaded, notReadable } from './v4/result.ts'

/** Milliseconds after its end in which a challenge may still be judged. */
const OVER_MS = 120_000

/** The clock's part: sessions whose time is over end as documented (3.1), and what has been kept long enough is forgotten. */
export const sweep = async (parts: VerifierParts): Promise<void> => {
  const now = parts.clock.now()
  for (const session of await findOverdue(parts.db, now)) {
    // The Platform knows no result of an earlier try: left is expired (section 4.1).
    const isLater = session.attempt > 1 && !session.platform
    const code = (session.retake?.code ?? 'data_unreadable') as RetakeCode
    await endSession(parts, session, {
      state: isLater ? 'DONE' : 'FAILED',
      how: 'timed_out',
      result: isLater ? notReadable(session, code) : nothingUploaded(),
    })
  }
  for (const session of await findStuck(parts.db, now)) {
    parts.log.warn('session.interrupted', { id: session.id, attempt: session.attempt })
    await endSession(parts, session, { state: 'FAILED', how: 'interrupted', result: nothingUploaded() })
  }
  for (const challenge of await findOver(parts.db, new Date(now.getTime() - OVER_MS)))
    await leaveChallenge(parts, challenge)
  for (const session of await findToErase(parts.db, now)) await eraseSession(parts, session, { keepDecision: true })
  for (const session of await findErased(parts.db, now)) await eraseLeftovers(parts, session)
  await forgetHandOvers(parts.db, now)
  await forgetPortalSessions(parts)
}

/** After a start: what a killed process left in `checking` is assessed again. */
export const resumeAssessments = async (parts: VerifierParts): Promise<void> => {
  const now = parts.clock.now()
  for (const session of await findChecking(parts.db)) {
    // Its time in the queue begins anew: the hours that this process was down do not count.
    await change(parts.db, session, { lastActionAt: now }, now)
    await parts.jobs.send(assessJob, { id: session.id }, { key: `assess ${session.id} resumed` })
  }
}
