import { type CaptureSide, FRAMES_BESIDE } from '@veridoor/contract'
import type { SessionDeps } from './deps.ts'
import type { Session } from './schema.ts'

/** File of a frame. It carries the name of its picture, so that frames of a replaced picture are never read beside the new one. */
export const frameNameOf = (side: CaptureSide, picture: string, number: number): string =>
  `${side}.${picture}.${number}`

/** The frames that the camera saw right around a picture, in their order; none for pictures from a file. */
export const framesOf = async (
  deps: SessionDeps,
  session: Session,
  side: CaptureSide,
  key: Uint8Array,
): Promise<Uint8Array[]> => {
  const frames: Uint8Array[] = []
  const { state, picture } = session.sides[side]
  if (state !== 'accepted' || !picture) return frames
  for (let number = 1; number <= FRAMES_BESIDE; number += 1) {
    const bytes = await deps.pictures.read(session.id, frameNameOf(side, picture, number), key)
    if (bytes) frames.push(bytes)
  }
  return frames
}
