import { forgetMovement } from './movement/run-challenge.ts'
import { assessJob, keyRow, type VerifierParts } from './parts.ts'
import type { PlatformRow } from './platform/answers.ts'
import { DATA_PART, type PreparedData } from './platform/supporting-data.ts'
import type { Session } from './schema.ts'
import { change } from './store.ts'

/** Attempts that a session has; one whose pictures come by API has nobody to ask again, so it starts at its last. */
export const LAST_ATTEMPT = 3

/** Keeps a picture that came by API. Undefined when the session has moved on meanwhile. */
export const keepPicture = async (
  parts: VerifierParts,
  session: Session,
  part: 'front' | 'back' | 'selfie',
  bytes: Uint8Array,
): Promise<Session | undefined> => {
  if (!session.pictureKey || session.phase !== 'open') return undefined
  const key = Buffer.from(parts.box.open(session.pictureKey, keyRow(session.id)), 'base64')
  await parts.pictures.write(session.id, part, key, bytes)
  if (part === 'selfie') await forgetMovement(parts, session)
  const at = parts.clock.now()
  return change(
    parts.db,
    session,
    {
      parts: { ...session.parts, [part]: { state: 'accepted', code: null } },
      // Whoever moved before a camera showed that selfie, not this one.
      ...(part === 'selfie' ? { livenessOutcome: null } : {}),
      startedAt: session.startedAt ?? at,
      lastActionAt: at,
      source: 'API',
    },
    at,
  )
}

/** Keeps what a client says about a person, sealed like the pictures. Undefined when the session has moved on meanwhile. */
export const keepData = async (
  parts: VerifierParts,
  session: PlatformRow,
  data: PreparedData,
): Promise<Session | undefined> => {
  if (!session.pictureKey || session.phase !== 'open') return undefined
  const key = Buffer.from(parts.box.open(session.pictureKey, keyRow(session.id)), 'base64')
  await parts.pictures.write(session.id, DATA_PART, key, Buffer.from(JSON.stringify(data)))
  const at = parts.clock.now()
  // No action of the person: a check that nobody has begun is not begun by it.
  return change(
    parts.db,
    session,
    { platform: { ...session.platform, hasData: true }, ...(session.startedAt ? { lastActionAt: at } : {}) },
    at,
  )
}

/** Hands a session whose pictures came by API to the engine; state and job in one transaction. Undefined when it was handed over. */
export const submitSession = async (parts: VerifierParts, session: Session): Promise<Session | undefined> => {
  const at = parts.clock.now()
  return parts.db.transaction(async (tx) => {
    const changed = await change(tx, session, { phase: 'checking', attempt: LAST_ATTEMPT, lastActionAt: at }, at)
    if (changed) await parts.jobs.send(assessJob, { id: changed.id }, { tx, key: `assess ${changed.id} api` })
    return changed
  })
}
