import type { CaptureSession, CaptureStep } from '@veridoor/contract'
import { needsBack, offeredTo } from '../accepted.ts'
import type { VerifierDeps } from '../deps.ts'
import { hasMovement, triesLeft } from '../movement/outcome.ts'
import type { Client, EndedBecause, PartState, Session } from '../schema.ts'
import { endsAtMs, LAST_ATTEMPT, wantsFace } from '../session-rules.ts'
import { returnAddress } from '../v4/answers.ts'

/** The next step, from what is there: so a reload, or another device, goes on at the same place. */
export const stepOf = (session: Session): CaptureStep => {
  if (session.phase === 'ended') return 'ended'
  if (session.phase === 'checking') return 'checking'
  if (session.retake) return 'retake'
  if (!session.consentAt) return 'consent'
  if (!session.choice) return 'choice'
  if (session.parts.front.state !== 'accepted') return 'front'
  if (needsBack(session.choice) && session.parts.back.state !== 'accepted') return 'back'
  if (wantsFace(session) && session.parts.selfie.state !== 'accepted') return 'selfie'
  if (hasMovement(session) && session.livenessOutcome === null) return 'movement'
  return 'submit'
}

const troubleCodes: Record<EndedBecause, string> = {
  engine_fault: '9400',
  no_camera: '9820',
  no_camera_support: '9822',
  movement_failed: '9821',
  not_sent: '9300',
  page_fault: '9801',
}

/**
 * Why there is nothing to judge, in the codes of sections 3.6 and 4.9. None says "stopped by the person": it is a session that is
 * over, or on the Platform one without consent.
 */
const errorCodeOf = (session: Session): string | undefined => {
  switch (session.endedHow) {
    case 'timed_out':
      return session.startedAt ? '9210' : '9200'
    case 'cancelled':
      if (session.endedBecause) return troubleCodes[session.endedBecause]
      return session.platform && !session.consentAt ? '9301' : '9210'
    case 'three_tries_used':
      return '9835'
    case 'interrupted':
      return session.endedBecause ? troubleCodes[session.endedBecause] : '9100'
    default:
      return undefined
  }
}

/**
 * Without a camera 200 falls back to a selfie from a file, which proves no liveness (section 3.3): not where movements are asked for,
 * which need one.
 */
export const selfieUploadOf = (session: Session): CaptureSession['selfieUpload'] => {
  if (session.workflowId % 100 === 2) return 'always'
  const needsCamera = hasMovement(session) && session.liveness === 'required'
  return session.workflowId === 200 && !session.platform && !needsCamera ? 'without_camera' : 'never'
}

/** What the page is told of a part; how we keep its picture is ours. */
const shown = ({ state, code }: PartState): CaptureSession['parts']['front'] => ({ state, code })

/**
 * What the page is told about a check, but for its place in the line.
 * @param device whether the page does the check or follows it
 */
export const toCaptureView = (
  deps: VerifierDeps,
  session: Session,
  client: Client,
  device: CaptureSession['device'] = 'doing',
): Omit<CaptureSession, 'progress' | 'ahead'> => {
  const isFollowed = device === 'doing' && session.follower !== null
  const how = session.endedHow
  const code = errorCodeOf(session)
  return {
    id: session.id,
    step: stepOf(session),
    device,
    followed: isFollowed,
    client: { name: client.name, color: client.color, logoUrl: client.logoUrl },
    locale: session.locale,
    demonstration: deps.demonstration,
    faceRequired: wantsFace(session),
    uploadAllowed: session.workflowId % 100 !== 1,
    selfieUpload: selfieUploadOf(session),
    retentionDays: client.retentionDays,
    preset: session.preset ?? null,
    choice: session.choice ?? null,
    documents: offeredTo(session, client, deps.demonstration),
    parts: { front: shown(session.parts.front), back: shown(session.parts.back), selfie: shown(session.parts.selfie) },
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
          // The person goes on where they began; the other device has done its part.
          returnUrl: isFollowed ? null : returnAddress(session, code ? { ok: false, errorCode: code } : { ok: true }),
        }
      : null,
    errorReturn: device === 'doing' && !isFollowed ? returnAddress(session, { ok: false, errorCode: '' }) : null,
  }
}
