import { assessJob, keyRow, type VerifierParts } from './parts.ts'
import { typeOfPicture } from './pictures.ts'
import type { Session } from './schema.ts'
import { change } from './store.ts'

/** Attempts that a session has; one whose pictures come by API has nobody to ask again, so it starts at its last. */
export const LAST_ATTEMPT = 3

/** JPEG or PNG: what the wire allows for pictures sent by API (sections 3.14, 4.7). */
export const isApiPicture = (bytes: Uint8Array): boolean =>
  ['image/jpeg', 'image/png'].includes(typeOfPicture(bytes) ?? '')

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
  const at = parts.clock.now()
  return change(
    parts.db,
    session,
    {
      parts: { ...session.parts, [part]: { state: 'accepted', code: null } },
      startedAt: session.startedAt ?? at,
      lastActionAt: at,
      source: 'API',
    },
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
