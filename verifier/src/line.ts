import type { CaptureSession } from '@veridoor/contract'
import type { VerifierDeps } from './deps.ts'
import type { Session } from './schema.ts'
import { countChecking } from './store.ts'

/** Checks that may wait or run at one time, unless the operator says otherwise: some minutes of work. */
const LINE = 200

/** Whether so many checks wait that another one is asked to come again. A soft bound: those who come at once may pass together. */
export const isLineFull = async (deps: VerifierDeps): Promise<boolean> =>
  (await countChecking(deps.db)) >= (deps.lineLimit ?? LINE)

/** Where a check stands in the line, first come, first served; `ahead` counts those that wait before it, without those being read. */
export const placeInLine = async (
  deps: VerifierDeps,
  session: Session,
): Promise<Pick<CaptureSession, 'progress' | 'ahead'>> => {
  if (session.phase !== 'checking') return { progress: null, ahead: null }
  const before = (await countChecking(deps.db, session)) - (deps.workers ?? 1)
  return before < 0 ? { progress: 'reading', ahead: null } : { progress: 'queued', ahead: before }
}
