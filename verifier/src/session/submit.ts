import { changeWithFiles } from './change-with-files.ts'
import { arrivedJob, assessJob, type SessionDeps } from './deps.ts'
import { PREPARED_DATA_FILE, type PreparedData } from './prepared-data.ts'
import type { Session } from './schema.ts'
import { transition } from './store.ts'

/** Keeps what a client says about a person, encrypted like the pictures. Undefined when the session has moved on meanwhile. */
export const keepPreparedData = async (
  deps: SessionDeps,
  session: Session,
  data: PreparedData,
): Promise<Session | undefined> => {
  const now = deps.clock.now()
  return changeWithFiles(deps, session, {
    picture: { name: PREPARED_DATA_FILE, bytes: Buffer.from(JSON.stringify(data)) },
    // Not an action of the person: it does not start a check that nobody has begun.
    fields: (held) => ({ hasPreparedData: true, ...(held.startedAt ? { lastActionAt: now } : {}) }),
  })
}

/**
 * Hands a session whose pictures came by API to the engine; state and jobs in one transaction. Undefined when it was handed over before.
 * @param options.tellArrived whether its client gets a callback that the pictures have arrived, besides the one at the end
 */
export const submitSession = async (
  deps: SessionDeps,
  session: Session,
  options: { tellArrived?: boolean } = {},
): Promise<Session | undefined> => {
  const now = deps.clock.now()
  return deps.db.transaction(async (tx) => {
    const checking = await transition(tx, session, 'submitByApi', { lastActionAt: now }, now)
    if (!checking) return undefined
    const { id } = checking
    if (options.tellArrived && checking.callbackUrl)
      await deps.jobs.send(arrivedJob, { id }, { tx, key: `arrived ${id}` })
    await deps.jobs.send(assessJob, { id }, { tx, key: `assess ${id} api` })
    return checking
  })
}
