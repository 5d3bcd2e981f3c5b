import { randomUUID } from 'node:crypto'
import type { CaptureSide } from '@veridoor/contract'
import { isSameDocument, needsBack } from './accepted.ts'
import { changeWithFiles } from './change-with-files.ts'
import type { SessionDeps } from './deps.ts'
import { forgetMovement } from './movement/run-challenge.ts'
import type { PictureSource, Session, SideState } from './schema.ts'
import { withSide } from './store.ts'

type Origin = NonNullable<SideState['from']>

/** How a document came: as a file as soon as one of its sides did. How its selfie was taken does not matter. */
const sourceOf = (held: Session, side: CaptureSide, from: Origin): PictureSource => {
  if (from === 'api') return 'api'
  if (side === 'selfie') return held.source
  const other = held.sides[side === 'front' ? 'back' : 'front']
  const isOtherFile = needsBack(held.choice) && other.from === 'file'
  return from === 'file' || isOtherFile ? 'upload' : 'camera'
}

/**
 * Keeps a picture in the place of the one before. What belonged to that one is removed: its frames and, for a selfie, the movements that
 * were shown with it. Undefined, and nothing touched, when the session has moved on meanwhile, or another document was chosen.
 */
export const keepPicture = async (
  deps: SessionDeps,
  session: Session,
  picture: { side: CaptureSide; bytes: Uint8Array; from: Origin },
  device?: string | null,
): Promise<Session | undefined> => {
  const { side, bytes, from } = picture
  const now = deps.clock.now()
  return changeWithFiles(deps, session, {
    ...(device === undefined ? {} : { device }),
    picture: { name: side, bytes },
    fields: (held) =>
      side !== 'selfie' && !isSameDocument(held.choice, session.choice)
        ? undefined
        : {
            source: sourceOf(held, side, from),
            ...withSide(side, { state: 'accepted', code: null, picture: randomUUID(), from }),
            ...(held.retake?.side === side ? { retake: null } : {}),
            // The movements were shown with the selfie before, not with this one.
            ...(side === 'selfie' ? { livenessOutcome: null } : {}),
            startedAt: held.startedAt ?? now,
            lastActionAt: now,
          },
    ...(side === 'selfie' ? { within: (tx) => forgetMovement(tx, session) } : {}),
  })
}
