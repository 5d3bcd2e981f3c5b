import type { CaptureSession } from '@veridoor/contract'
import type { VerifierDeps } from '../deps.ts'
import { offeredTo } from '../session/accepted.ts'
import { hasMovement, triesLeft } from '../session/movement/outcome.ts'
import { endsAtMs, wantsFace } from '../session/rules.ts'
import type { Client, Session, SideState } from '../session/schema.ts'
import { LAST_ATTEMPT } from '../session/states.ts'
import { stepOf } from '../session/steps.ts'
import { errorCodeOf, returnAddress } from '../wires/return-address.ts'

/** What the page is told about a side; how its picture is kept stays here. */
const shown = ({ state, code }: SideState): CaptureSession['sides']['front'] => ({ state, code })

/** The client's own word for the person's account, short enough to be read. */
export const accountOf = ({ userReference }: Session): string | null =>
  userReference ? userReference.slice(0, 60) : null

/**
 * What the page is told about a check, except its position in the queue.
 * @param device whether the page does the check or follows it
 */
export const toCaptureView = (
  deps: VerifierDeps,
  session: Session,
  client: Client,
  device: CaptureSession['device'] = 'doing',
): Omit<CaptureSession, 'progress' | 'queuePosition'> => {
  const isFollowed = device === 'doing' && session.follower !== null
  const how = session.endedHow
  const { sides } = session
  return {
    id: session.id,
    step: stepOf(session),
    device,
    isFollowed,
    client: { name: client.name, color: client.color, logoUrl: client.logoUrl },
    account: accountOf(session),
    locale: session.locale,
    demonstration: deps.demonstration,
    faceRequired: wantsFace(session),
    uploadAllowed: session.uploadAllowed,
    selfieUpload: session.selfieUpload,
    retentionDays: client.retentionDays,
    preset: session.preset ?? null,
    choice: session.choice ?? null,
    documents: offeredTo(session, client, deps.demonstration),
    sides: { front: shown(sides.front), back: shown(sides.back), selfie: shown(sides.selfie) },
    movement: hasMovement(session)
      ? { required: session.liveness === 'required', triesLeft: triesLeft(session) }
      : null,
    retake: session.retake ?? null,
    attempt: session.attempt,
    attemptsLeft: Math.max(0, LAST_ATTEMPT - session.attempt + (session.phase === 'open' ? 1 : 0)),
    leftSec: Math.max(0, Math.ceil((endsAtMs(session) - deps.clock.now().getTime()) / 1000)),
    ended: how
      ? {
          how,
          // The person goes on where they began: on the device that handed the check over.
          returnUrl: isFollowed ? null : returnAddress(session, errorCodeOf(session)),
        }
      : null,
    errorReturn: device === 'doing' && !isFollowed ? returnAddress(session, '') : null,
  }
}
