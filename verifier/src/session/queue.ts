import type { SessionDeps } from './deps.ts'
import type { Session } from './schema.ts'
import { countChecking } from './store.ts'

/** Checks that may wait or run at one time, unless the operator says otherwise: some minutes of work. */
const QUEUE_LIMIT = 200

/** Whether so many checks wait that another one is asked to come again. A soft bound: those that come at once may pass together. */
export const isQueueFull = async (deps: SessionDeps): Promise<boolean> =>
  (await countChecking(deps.db)) >= (deps.queueLimit ?? QUEUE_LIMIT)

/** Progress of a check, and its position in the queue, first come, first served: how many checks wait before it. */
export const queuePositionOf = async (
  deps: SessionDeps,
  session: Session,
): Promise<{ progress: 'queued' | 'reading' | null; queuePosition: number | null }> => {
  if (session.phase !== 'checking') return { progress: null, queuePosition: null }
  const before = (await countChecking(deps.db, session)) - (deps.workers ?? 1)
  return before < 0 ? { progress: 'reading', queuePosition: null } : { progress: 'queued', queuePosition: before }
}
