import type { CapturePart } from '@veridoor/contract'
import { dropFrames } from './capture/frames.ts'
import { changeWithFiles } from './change-with-files.ts'
import { forgetMovement } from './movement/run-challenge.ts'
import type { VerifierParts } from './parts.ts'
import type { Session } from './schema.ts'
import { type SessionFields, withPart } from './store.ts'

/**
 * Keeps a picture in the place of the one before, whoever sent it: what belonged to that one, its frames and for a selfie the movements
 * that were shown with it, goes. Undefined, and nothing touched, when the session has moved on meanwhile.
 */
export const keepPicture = async (
  parts: VerifierParts,
  session: Session,
  picture: { part: CapturePart; bytes: Uint8Array },
  fields: SessionFields,
  device?: string | null,
): Promise<Session | undefined> => {
  const { part, bytes } = picture
  const at = parts.clock.now()
  return changeWithFiles(
    parts,
    session,
    {
      ...fields,
      ...withPart(part, { state: 'accepted', code: null }),
      ...(session.retake?.part === part ? { retake: null } : {}),
      // Whoever moved before a camera showed the selfie before, not this one.
      ...(part === 'selfie' ? { livenessOutcome: null } : {}),
      startedAt: session.startedAt ?? at,
      lastActionAt: at,
    },
    {
      ...(device === undefined ? {} : { device }),
      write: async (tx, key) => {
        await parts.pictures.write(session.id, part, key, bytes)
        await dropFrames(parts, session, part)
        if (part === 'selfie') await forgetMovement(parts, session, tx)
      },
    },
  )
}
