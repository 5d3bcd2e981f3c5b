import type { CaptureSession, CaptureStep } from '@veridoor/contract'
import { asksForFace } from '@veridoor/jumio'
import { documents, sidesOf } from '../accepted.ts'
import type { VerifierParts } from '../parts.ts'
import type { Client, Session } from '../schema.ts'
import { returnAddress } from '../v4/answers.ts'

export const TRIES = 3
const IDLE_MS = 15 * 60_000

export const wantsFace = (session: Session): boolean => asksForFace(session.workflowId) && !session.alternative

/** The next step, from what is there: so a reload, or another device, goes on at the same place. */
export const stepOf = (session: Session, demonstration: boolean): CaptureStep => {
  if (session.phase === 'ended') return 'ended'
  if (session.phase === 'checking') return 'checking'
  if (session.retake) return 'retake'
  if (!session.consentAt) return 'consent'
  if (!session.choice) return 'choice'
  for (const side of sidesOf(demonstration, session.choice)) if (session.parts[side].state !== 'accepted') return side
  if (wantsFace(session) && session.parts.selfie.state !== 'accepted') return 'selfie'
  return 'submit'
}

const errorCodes: Record<string, string> = {
  timed_out: '9210',
  three_tries_used: '9835',
  interrupted: '9100',
  cancelled: '9801',
}

export const toCaptureView = (parts: VerifierParts, session: Session, client: Client): CaptureSession => {
  const how = session.endedHow as NonNullable<CaptureSession['ended']>['how'] | null
  const code = how ? errorCodes[how] : undefined
  return {
    step: stepOf(session, parts.demonstration),
    client: { name: client.name, color: client.color, logoUrl: client.logoUrl },
    locale: session.locale,
    demonstration: parts.demonstration,
    faceRequired: wantsFace(session),
    uploadAllowed: session.workflowId % 100 !== 1,
    selfieUploadAllowed: session.workflowId % 100 === 2,
    retentionDays: client.retentionDays,
    preset: session.preset ?? null,
    choice: session.choice ?? null,
    documents: documents(parts.demonstration),
    parts: session.parts,
    retake: session.retake ?? null,
    attempt: session.attempt,
    attemptsLeft: Math.max(0, TRIES - session.attempt + (session.phase === 'open' ? 1 : 0)),
    expiresAt: (session.startedAt
      ? new Date(session.lastActionAt.getTime() + IDLE_MS)
      : session.tokenExpiresAt
    ).toISOString(),
    progress: session.phase === 'checking' ? (parts.engine.waiting() > 0 ? 'queued' : 'reading') : null,
    ended: how
      ? { how, returnUrl: returnAddress(session, code ? { ok: false, errorCode: code } : { ok: true }) }
      : null,
  }
}
