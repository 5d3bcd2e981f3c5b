import type { CaptureSession, CaptureSide } from '@veridoor/contract'
import type { Step } from './controls.tsx'

/** The pictures that this check needs, in order. */
export const sidesOf = (session: CaptureSession): CaptureSide[] => {
  const { choice } = session
  const chosen = session.documents.find(({ country, type }) => country === choice?.country && type === choice.type)
  return [...(chosen?.sides ?? ['front']), ...(session.faceRequired ? ['selfie' as const] : [])]
}

/** "Step 2 of 4": the choice, each picture, the movements, sending. */
export const stepNumber = (session: CaptureSession, at: 'choice' | CaptureSide | 'movement' | 'submit'): Step => {
  const all = ['choice', ...sidesOf(session), ...(session.movement ? ['movement'] : []), 'submit']
  return { n: Math.max(1, all.indexOf(at) + 1), of: all.length }
}
