import { changeWithFiles } from './change-with-files.ts'
import { arrivedJob, assessJob, type VerifierParts } from './parts.ts'
import type { PlatformRow } from './platform/answers.ts'
import { DATA_PART, type PreparedData } from './platform/supporting-data.ts'
import type { Session } from './schema.ts'
import { LAST_ATTEMPT } from './session-rules.ts'
import { change } from './store.ts'

/** Keeps what a client says about a person, sealed like the pictures. Undefined when the session has moved on meanwhile. */
export const keepData = async (
  parts: VerifierParts,
  session: PlatformRow,
  data: PreparedData,
): Promise<Session | undefined> => {
  const at = parts.clock.now()
  return changeWithFiles(parts, session, {
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
  parts: VerifierParts,
  session: Session,
  options: { tellArrived?: boolean } = {},
): Promise<Session | undefined> => {
  const at = parts.clock.now()
  return parts.db.transaction(async (tx) => {
    const changed = await change(tx, session, { phase: 'checking', attempt: LAST_ATTEMPT, lastActionAt: at }, at)
    if (!changed) return undefined
    const { id } = changed
    if (options.tellArrived && changed.callbackUrl)
      await parts.jobs.send(arrivedJob, { id }, { tx, key: `arrived ${id}` })
    await parts.jobs.send(assessJob, { id }, { tx, key: `assess ${id} api` })
    return changed
  })
}
