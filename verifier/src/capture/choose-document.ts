import type { CaptureChoice } from '@veridoor/contract'
import { isSameDocument } from '../accepted.ts'
import { changeWithFiles } from '../change-with-files.ts'
import type { VerifierDeps } from '../deps.ts'
import type { Session } from '../schema.ts'
import { withParts } from '../store.ts'
import { assertOpen, Fault } from './fault.ts'

const missing = { state: 'missing', code: null } as const

/**
 * Another document needs pictures of its own: those of the one before are forgotten. Another kind is another document, and so is what
 * is chosen after a refusal of the document, even of the same kind.
 *
 * @throws {Fault} when the check is not open any more, or not here
 */
export const chooseDocument = async (deps: VerifierDeps, session: Session, choice: CaptureChoice): Promise<Session> => {
  assertOpen(session)
  const at = deps.clock.now()
  const chosen = await changeWithFiles(deps, session, {
    device: session.device,
    fields: (held) => {
      const isRefused = held.retake !== null && held.retake.part !== 'selfie'
      const isOther = isRefused || (held.choice !== null && !isSameDocument(held.choice, choice))
      return {
        choice,
        ...(isOther ? { ...withParts({ front: missing, back: missing }), source: 'WEB' } : {}),
        ...(isRefused ? { retake: null } : {}),
        startedAt: held.startedAt ?? at,
        lastActionAt: at,
      }
    },
  })
  if (!chosen) throw new Fault('WRONG_STEP')
  return chosen
}
