import { type CapturePart, FRAMES_BESIDE, type FrameAccepted } from '@veridoor/contract'
import { changeWithFiles } from '../change-with-files.ts'
import type { VerifierDeps } from '../deps.ts'
import { typeOfPicture } from '../pictures.ts'
import type { Session } from '../schema.ts'
import { Fault } from './fault.ts'

/** By their picture, so that those of one that was replaced are never read beside the new one. */
const nameOf = (part: CapturePart, picture: string, number: number): string => `${part}.${picture}.${number}`

/**
 * Keeps one of the frames that the camera saw right around an accepted picture, under the session's own key as the picture itself.
 *
 * @param frame.of the picture that it was taken with, as the answer to that picture called it
 * @throws {Fault} `WRONG_STEP` when no picture was accepted or another one was meanwhile, `INVALID_INPUT` for another number, `FILE_NOT_USABLE` for no JPEG
 */
export const keepFrame = async (
  deps: VerifierDeps,
  session: Session,
  part: CapturePart,
  { of, number, bytes }: { of: string; number: number; bytes: Uint8Array },
): Promise<FrameAccepted> => {
  if (session.phase !== 'open' || !session.pictureKey) throw new Fault('SESSION_ENDED')
  if (session.parts[part].picture !== of) throw new Fault('WRONG_STEP')
  if (!Number.isInteger(number) || number < 1 || number > FRAMES_BESIDE) throw new Fault('INVALID_INPUT')
  if (typeOfPicture(bytes) !== 'image/jpeg') throw new Fault('FILE_NOT_USABLE')
  const kept = await changeWithFiles(deps, session, {
    device: session.device,
    picture: { part: nameOf(part, of, number), bytes },
    // Another picture may have come since.
    fields: (held) => (held.parts[part].picture === of ? {} : undefined),
  })
  if (!kept) throw new Fault('WRONG_STEP')
  return { kept: number }
}

/** The frames beside a picture, in their order; none for pictures from a file. Those of a version before were named by their part alone. */
export const framesOf = async (
  deps: VerifierDeps,
  session: Session,
  part: CapturePart,
  key: Uint8Array,
): Promise<Uint8Array[]> => {
  const frames: Uint8Array[] = []
  const { state, picture } = session.parts[part]
  if (state !== 'accepted') return frames
  for (let number = 1; number <= FRAMES_BESIDE; number += 1) {
    const bytes = await deps.pictures.read(
      session.id,
      picture ? nameOf(part, picture, number) : `${part}.${number}`,
      key,
    )
    if (bytes) frames.push(bytes)
  }
  return frames
}
