import type { RetakeCode } from '@veridoor/engine'
import { forgetHandOvers } from './capture/store.ts'
import { endSession, eraseLeftovers, eraseSession } from './end-session.ts'
import { JUDGEMENT_MS } from './movement/judge-challenge.ts'
import { leaveChallenge } from './movement/run-challenge.ts'
import { findOver } from './movement/store.ts'
import { assessJob, type VerifierParts } from './parts.ts'
import { forgetPortalSessions } from './portal/sign-in.ts'
import { findChecking, findLeftovers, findOverdue, findStuck, findToErase, markTried } from './store.ts'
import { nothingUploaded, notReadable, unreadableAs } from './v4/result.ts'

/**
 * The clock's part: sessions whose time is over end as documented (3.1), and what has been kept long enough is forgotten. One that
 * cannot be dealt with, for a fault of the disk say, keeps nobody else waiting: it comes again with the next sweep.
 */
export const sweep = async (parts: VerifierParts): Promise<void> => {
  const now = parts.clock.now()
  const each = async <T extends { id: string }>(
    rows: readonly T[],
    run: (row: T) => Promise<unknown>,
  ): Promise<void> => {
    for (const row of rows)
      await run(row).catch((error: unknown) => parts.log.warn('sweep.failed', { id: row.id, error }))
  }
  await each(await findOverdue(parts.db, now), (session) => {
    // The Platform knows no result of an earlier try: left is expired (section 4.1).
    const isLater = session.attempt > 1 && !session.platform
    // Sent by performNetverify whole, and cut off before it was handed over: nobody can mend that but us.
    if (session.source === 'API' && !session.platform)
      return endSession(parts, session, { state: 'FAILED', how: 'interrupted', result: nothingUploaded() })
    const { code = 'data_unreadable', part } = session.retake ?? {}
    return endSession(parts, session, {
      state: isLater ? 'DONE' : 'FAILED',
      how: 'timed_out',
      result: isLater ? notReadable(session, unreadableAs(code as RetakeCode, part)) : nothingUploaded(),
    })
  })
  await each(await findStuck(parts.db, now), (session) => {
    parts.log.warn('session.interrupted', { id: session.id, attempt: session.attempt })
    return endSession(parts, session, { state: 'FAILED', how: 'interrupted', result: nothingUploaded() })
  })
  await each(await findOver(parts.db, new Date(now.getTime() - JUDGEMENT_MS)), (challenge) =>
    leaveChallenge(parts, challenge),
  )
  await each(await findToErase(parts.db, now), (session) => eraseSession(parts, session, { keepDecision: true }))
  await each(await findLeftovers(parts.db, now), (session) => eraseLeftovers(parts, session))
  await forgetHandOvers(parts.db, now)
  await forgetPortalSessions(parts)
}

/** After a start: what a killed process left in `checking` is assessed again. */
export const resumeAssessments = async (parts: VerifierParts): Promise<void> => {
  const now = parts.clock.now()
  for (const [place, session] of (await findChecking(parts.db)).entries()) {
    // The hours that this process was down do not count: the line moves from now on. Places in it stay, other copies work on it too.
    if (place === 0 || session.triedAt) await markTried(parts.db, session, now)
    await parts.jobs.send(assessJob, { id: session.id }, { key: `assess ${session.id} resumed` })
  }
}
