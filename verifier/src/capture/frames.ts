import { type CaptureSide, FRAMES_BESIDE, type FrameAccepted } from '@veridoor/contract'
import type { VerifierDeps } from '../deps.ts'
import { changeWithFiles } from '../session/change-with-files.ts'
import { frameNameOf } from '../session/frames.ts'
import { typeOfPicture } from '../session/pictures.ts'
import type { Session } from '../session/schema.ts'
import { CaptureError } from './error.ts'

/**
 * Keeps one of the frames that the camera saw right around an accepted picture, under the session's own key like the picture itself.
 *
 * @param frame.picture the picture that it was taken with, by the name in the answer to that picture
 * @throws {CaptureError} `WRONG_STEP` when no picture was accepted or another one was meanwhile, `INVALID_INPUT` for another number, `FILE_NOT_USABLE` for no JPEG
 */
export const keepFrame = async (
  deps: VerifierDeps,
  session: Session,
  side: CaptureSide,
  { picture, number, bytes }: { picture: string; number: number; bytes: Uint8Array },
): Promise<FrameAccepted> => {
  if (session.phase !== 'open' || !session.pictureKey) throw new CaptureError('SESSION_ENDED')
  if (session.sides[side].picture !== picture) throw new CaptureError('WRONG_STEP')
  if (!Number.isInteger(number) || number < 1 || number > FRAMES_BESIDE) throw new CaptureError('INVALID_INPUT')
  if (typeOfPicture(bytes) !== 'image/jpeg') throw new CaptureError('FILE_NOT_USABLE')
  const kept = await changeWithFiles(deps, session, {
    device: session.device,
    picture: { name: frameNameOf(side, picture, number), bytes },
    // Another picture may have come since.
    fields: (held) => (held.sides[side].picture === picture ? {} : undefined),
  })
  if (!kept) throw new CaptureError('WRONG_STEP')
  return { kept: number }
}
