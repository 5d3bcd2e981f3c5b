import type { RetakeCode } from '@veridoor/engine'
import type { VerifierDeps } from './deps.ts'
import { forgetPortalSessions } from './portal/sign-in.ts'
import { unreadable, unreadableCauseOf } from './session/decide.ts'
import { assessJob } from './session/deps.ts'
import { forgetHandOvers } from './session/devices.ts'
import { type End, endSession } from './session/end.ts'
import { eraseSession, removeLateFiles } from './session/erase.ts'
import { JUDGEMENT_MS } from './session/movement/judge-challenge.ts'
import { abandonChallenge } from './session/movement/run-challenge.ts'
import { findOver } from './session/movement/store.ts'
import type { Session } from './session/schema.ts'
import { findChecking, findOverdue, findStuck, findToErase, findWithOrphans, markTried } from './session/store.ts'
import { nothingSent } from './session/verdict.ts'
import { wires } from './wires/index.ts'

/** How a session ends whose time is over (wire contract, 3.1). */
const overdueEnd = (session: Session): End => {
  const leftAs = wires[session.generation].leftAs(session)
  if (leftAs === 'interrupted') return { status: 'failed', how: 'interrupted', verdict: nothingSent }
  if (leftAs === 'expired') return { status: 'failed', how: 'timed_out', verdict: nothingSent }
  const { code = 'data_unreadable', side } = session.retake ?? {}
  const cause = unreadableCauseOf(code as RetakeCode, side)
  return { status: 'done', how: 'timed_out', verdict: unreadable(session, [cause]) }
}

/**
 * Ends sessions whose time is over, and erases what has been kept long enough. One session that fails, for instance by a fault of the
 * disk, does not keep the others waiting: it comes again with the next sweep.
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
  await each(await findOverdue(deps.db, now), (session) => endSession(deps, session, overdueEnd(session)))
  await each(await findStuck(deps.db, now), (session) => {
    deps.log.warn('session.interrupted', { id: session.id, attempt: session.attempt })
    return endSession(deps, session, { status: 'failed', how: 'interrupted', verdict: nothingSent })
  })
  await each(await findOver(deps.db, new Date(now.getTime() - JUDGEMENT_MS)), (challenge) =>
    abandonChallenge(deps, challenge),
  )
  await each(await findToErase(deps.db, now), (session) =>
    eraseSession(deps, session, (held, verdict) => wires[held.generation].erased(held, verdict, false)),
  )
  await each(await findWithOrphans(deps.db, now), (session) => removeLateFiles(deps, session))
  await forgetHandOvers(deps.db, now)
  await forgetPortalSessions(deps)
}

/** After a start: sessions that a killed process left in `checking` are assessed again. */
export const resumeAssessments = async (deps: VerifierDeps): Promise<void> => {
  const now = deps.clock.now()
  for (const [position, session] of (await findChecking(deps.db)).entries()) {
    // The hours that this process was down do not count. Positions in the queue stay: other copies of the verifier work on it, too.
    if (position === 0 || session.triedAt) await markTried(deps.db, session, now)
    await deps.jobs.send(assessJob, { id: session.id }, { key: `assess ${session.id} resumed` })
  }
}
