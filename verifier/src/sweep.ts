import type { RetakeCode } from '@veridoor/engine'
import { forgetHandOvers } from './capture/store.ts'
import { assessJob, type VerifierDeps } from './deps.ts'
import { endSession, eraseLeftovers, eraseSession } from './end-session.ts'
import { JUDGEMENT_MS } from './movement/judge-challenge.ts'
import { leaveChallenge } from './movement/run-challenge.ts'
import { findOver } from './movement/store.ts'
import { forgetPortalSessions } from './portal/sign-in.ts'
import { findChecking, findLeftovers, findOverdue, findStuck, findToErase, markTried } from './store.ts'
import { nothingUploaded, notReadable, unreadableAs } from './v4/result.ts'

/**
 * The clock's part: sessions whose time is over end as documented (3.1), and what has been kept long enough is forgotten. One that
 * cannot be dealt with, for a fault of the disk say, keeps nobody else waiting: it comes again with the next sweep.
 */
export const sweep = async (deps: VerifierDeps): Promise<void> => {
  const now = deps.clock.now()
  const each = async <T extends { id: string }>(
    rows: readonly T[],
    run: (row: T) => Promise<unknown>,
  ): Promise<void> => {
    for (const row of rows)
      await run(row).catch((error: unknown) => deps.log.warn('sweep.failed', { id: row.id, error }))
  }
  await each(await findOverdue(deps.db, now), (session) => {
    // The Platform knows no result of an earlier try: left is expired (section 4.1).
    const isLater = session.attempt > 1 && !session.platform
    // Sent by performNetverify whole, and cut off before it was handed over: nobody can mend that but us.
    if (session.source === 'API' && !session.platform)
      return endSession(deps, session, { state: 'FAILED', how: 'interrupted', result: nothingUploaded() })
    const { code = 'data_unreadable', part } = session.retake ?? {}
    return endSession(deps, session, {
      state: isLater ? 'DONE' : 'FAILED',
      how: 'timed_out',
      result: isLater ? notReadable(session, unreadableAs(code as RetakeCode, part)) : nothingUploaded(),
    })
  })
  await each(await findStuck(deps.db, now), (session) => {
    deps.log.warn('session.interrupted', { id: session.id, attempt: session.attempt })
    return endSession(deps, session, { state: 'FAILED', how: 'interrupted', result: nothingUploaded() })
  })
  await each(await findOver(deps.db, new Date(now.getTime() - JUDGEMENT_MS)), (challenge) =>
    leaveChallenge(deps, challenge),
  )
  await each(await findToErase(deps.db, now), (session) => eraseSession(deps, session, { keepDecision: true }))
  await each(await findLeftovers(deps.db, now), (session) => eraseLeftovers(deps, session))
  await forgetHandOvers(deps.db, now)
  await forgetPortalSessions(deps)
}

/** After a start: what a killed process left in `checking` is assessed again. */
export const resumeAssessments = async (deps: VerifierDeps): Promise<void> => {
  const now = deps.clock.now()
  for (const [place, session] of (await findChecking(deps.db)).entries()) {
    // The hours that this process was down do not count: the line moves from now on. Places in it stay, other copies work on it too.
    if (place === 0 || session.triedAt) await markTried(deps.db, session, now)
    await deps.jobs.send(assessJob, { id: session.id }, { key: `assess ${session.id} resumed` })
  }
}
