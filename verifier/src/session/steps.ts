import type { CaptureStep } from '@veridoor/contract'
import { needsBack } from './accepted.ts'
import { hasMovement } from './movement/outcome.ts'
import { wantsFace } from './rules.ts'
import type { Session } from './schema.ts'

/** The next step, from what the session has: a reload, or another device, continues at the same place. */
export const stepOf = (session: Session): CaptureStep => {
  if (session.phase === 'ended') return 'ended'
  if (session.phase === 'checking') return 'checking'
  if (session.retake) return 'retake'
  if (!session.consentAt) return 'consent'
  if (!session.choice) return 'choice'
  if (session.sides.front.state !== 'accepted') return 'front'
  if (needsBack(session.choice) && session.sides.back.state !== 'accepted') return 'back'
  if (wantsFace(session) && session.sides.selfie.state !== 'accepted') return 'selfie'
  if (hasMovement(session) && session.livenessOutcome === null) return 'movement'
  return 'submit'
}
