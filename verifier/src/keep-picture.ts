import { randomUUID } from 'node:crypto'
import type { CapturePart } from '@veridoor/contract'
import { isSameDocument, needsBack } from './accepted.ts'
import { changeWithFiles } from './change-with-files.ts'
import type { VerifierDeps } from './deps.ts'
import { forgetMovement } from './movement/run-challenge.ts'
import type { PartState, Session } from './schema.ts'
import { withPart } from './store.ts'

type From = NonNullable<PartState['from']>

/** How a document came: from a file as soon as one of its sides did; how its selfie was taken says nothing of it. */
const sourceOf = (held: Session, part: CapturePart, from: From): Session['source'] => {
  if (from === 'api') return 'API'
  if (part === 'selfie') return held.source
  const other = part === 'front' ? 'back' : 'front'
  const { state, from: otherFrom } = held.parts[other]
  // One that a version before kept does not say how it came; the check does.
  const isFile = otherFrom === 'file' || (state === 'accepted' && !otherFrom && held.source === 'WEB_UPLOAD')
  const isOtherFromFile = needsBack(held.choice) && isFile
  return from === 'file' || isOtherFromFile ? 'WEB_UPLOAD' : 'WEB_CAM'
}

/**
 * Keeps a picture in the place of the one before, whoever sent it: what belonged to that one, its frames and for a selfie the movements
 * that were shown with it, goes. Undefined, and nothing touched, when the session has moved on meanwhile, or another document was chosen.
 */
export const keepPicture = async (
  deps: VerifierDeps,
  session: Session,
  picture: { part: CapturePart; bytes: Uint8Array; from: From },
  device?: string | null,
): Promise<Session | undefined> => {
  const { part, bytes, from } = picture
  const at = deps.clock.now()
  return changeWithFiles(deps, session, {
    ...(device === undefined ? {} : { device }),
    picture: { part, bytes },
    fields: (held) =>
      part !== 'selfie' && !isSameDocument(held.choice, session.choice)
        ? undefined
        : {
            source: sourceOf(held, part, from),
            ...withPart(part, { state: 'accepted', code: null, picture: randomUUID(), from }),
            ...(held.retake?.part === part ? { retake: null } : {}),
            // Whoever moved before a camera showed the selfie before, not this one.
            ...(part === 'selfie' ? { livenessOutcome: null } : {}),
            startedAt: held.startedAt ?? at,
            lastActionAt: at,
          },
    ...(part === 'selfie' ? { within: (tx) => forgetMovement(tx, session) } : {}),
  })
}
