import { changeWithFiles } from './change-with-files.ts'
import { arrivedJob, assessJob, type VerifierDeps } from './deps.ts'
import type { PlatformRow } from './platform/answers.ts'
import { DATA_PART, type PreparedData } from './platform/supporting-data.ts'
import type { Session } from './schema.ts'
import { LAST_ATTEMPT } from './session-rules.ts'
import { change } from './store.ts'

/** Keeps what a client says about a person, sealed like the pictures. Undefined when the session has moved on meanwhile. */
export const keepData = async (
  deps: VerifierDeps,
  session: PlatformRow,
  data: PreparedData,
): Promise<Session | undefined> => {
  const at = deps.clock.now()
  return changeWithFiles(deps, session, {
    picture: { part: DATA_PART, bytes: Buffer.from(JSON.stringify(data)) },
    // No action of the person: a check that nobody has begun is not begun by it.
    fields: (held) => ({
      platform: { ...session.platform, hasData: true },
      ...(held.startedAt ? { lastActionAt: at } : {}),
    }),
  })
}

/**
 * Hands a session whose pictures came by API to the engine; state and jobs in one transaction. Undefined when it was handed over.
 * @param options.tellArrived whether its client is told that the pictures are here, besides its end
 */
export const submitSession = async (
  deps: VerifierDeps,
  session: Session,
  options: { tellArrived?: boolean } = {},
): Promise<Session | undefined> => {
  const at = deps.clock.now()
  return deps.db.transaction(async (tx) => {
    const changed = await change(tx, session, { phase: 'checking', attempt: LAST_ATTEMPT, lastActionAt: at }, at)
    if (!changed) return undefined
    const { id } = changed
    if (options.tellArrived && changed.callbackUrl)
      await deps.jobs.send(arrivedJob, { id }, { tx, key: `arrived ${id}` })
    await deps.jobs.send(assessJob, { id }, { tx, key: `assess ${id} api` })
    return changed
  })
}
