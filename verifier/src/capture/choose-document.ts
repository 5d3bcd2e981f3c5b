import type { CaptureChoice } from '@veridoor/contract'
import type { VerifierDeps } from '../deps.ts'
import { isSameDocument } from '../session/accepted.ts'
import { changeWithFiles } from '../session/change-with-files.ts'
import type { Session } from '../session/schema.ts'
import { withSides } from '../session/store.ts'
import { assertOpen, CaptureError } from './error.ts'

const missing = { state: 'missing', code: null } as const

/**
 * Another document needs pictures of its own: those of the one before are forgotten. Another kind is another document, and so is what
 * is chosen after a refusal of the document, even of the same kind.
 *
 * @throws {CaptureError} when the check is not open any more, or not here
 */
export const chooseDocument = async (deps: VerifierDeps, session: Session, choice: CaptureChoice): Promise<Session> => {
  assertOpen(session)
  const now = deps.clock.now()
  const chosen = await changeWithFiles(deps, session, {
    device: session.device,
    fields: (held) => {
      const isRefused = held.retake !== null && held.retake.side !== 'selfie'
      const isOther = isRefused || (held.choice !== null && !isSameDocument(held.choice, choice))
      return {
        choice,
        ...(isOther ? { ...withSides({ front: missing, back: missing }), source: 'page' as const } : {}),
        ...(isRefused ? { retake: null } : {}),
        startedAt: held.startedAt ?? now,
        lastActionAt: now,
      }
    },
  })
  if (!chosen) throw new CaptureError('WRONG_STEP')
  return chosen
}
