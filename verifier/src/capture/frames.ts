import { type CapturePart, FRAMES_BESIDE, type FrameAccepted } from '@veridoor/contract'
import { changeWithFiles } from '../change-with-files.ts'
import type { VerifierParts } from '../parts.ts'
import { typeOfPicture } from '../pictures.ts'
import type { Session } from '../schema.ts'
import { Fault } from './fault.ts'

const nameOf = (part: CapturePart, number: number): string => `${part}.${number}`

/**
 * Keeps one of the frames that the camera saw right around an accepted picture, under the session's own key as the picture itself.
 *
 * @throws {Fault} `WRONG_STEP` before the picture was accepted, `INVALID_INPUT` for another number, `FILE_NOT_USABLE` for no JPEG
 */
export const keepFrame = async (
  parts: VerifierParts,
  session: Session,
  part: CapturePart,
  number: number,
  bytes: Uint8Array,
): Promise<FrameAccepted> => {
  if (session.phase !== 'open' || !session.pictureKey) throw new Fault('SESSION_ENDED')
  if (session.parts[part].state !== 'accepted') throw new Fault('WRONG_STEP')
  if (!Number.isInteger(number) || number < 1 || number > FRAMES_BESIDE) throw new Fault('INVALID_INPUT')
  if (typeOfPicture(bytes) !== 'image/jpeg') throw new Fault('FILE_NOT_USABLE')
  const kept = await changeWithFiles(
    parts,
    session,
    {},
    {
      device: session.device,
      write: (_tx, key) => parts.pictures.write(session.id, nameOf(part, number), key, bytes),
    },
  )
  if (!kept) throw new Fault('WRONG_STEP')
  return { kept: number }
}

/** The frames beside a picture, in their order; none for pictures from a file. */
export const framesOf = async (
  parts: VerifierParts,
  session: Session,
  part: CapturePart,
  key: Uint8Array,
): Promise<Uint8Array[]> => {
  const frames: Uint8Array[] = []
  for (let number = 1; number <= FRAMES_BESIDE; number += 1) {
    const bytes = await parts.pictures.read(session.id, nameOf(part, number), key)
    if (bytes) frames.push(bytes)
  }
  return frames
}

/** Another picture has other frames. */
export const dropFrames = (parts: VerifierParts, session: Session, part: CapturePart): Promise<void> =>
  parts.pictures.drop(session.id, `${part}.`)
