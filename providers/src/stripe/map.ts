import type { SentenceCode } from '@veridoor/contract'
import countries from 'i18n-iso-countries'
import type Stripe from 'stripe'
import type { CheckResult, DocumentFound, FinalFinding, Finding } from '../port.ts'

type Session = Stripe.Identity.VerificationSession
type Report = Stripe.Identity.VerificationReport

type Ending = { readonly outcome: FinalFinding['outcome']; readonly reason: SentenceCode }

/** What `last_error.code` means. A code that is not in the table is for a person. */
const endings: Readonly<Record<string, Ending>> = {
  abandoned: { outcome: 'expired', reason: 'nothing_sent' },
  consent_declined: { outcome: 'expired', reason: 'nothing_sent' },
  device_not_supported: { outcome: 'expired', reason: 'interrupted' },
  country_not_supported: { outcome: 'retry', reason: 'wrong_country' },
  document_expired: { outcome: 'retry', reason: 'document_expired' },
  document_type_not_supported: { outcome: 'retry', reason: 'document_unsupported' },
  document_unverified_other: { outcome: 'rejected', reason: 'document_not_accepted' },
  selfie_document_missing_photo: { outcome: 'retry', reason: 'document_unsupported' },
  selfie_face_mismatch: { outcome: 'rejected', reason: 'face_no_match' },
  selfie_manipulated: { outcome: 'rejected', reason: 'selfie_not_accepted' },
  selfie_unverified_other: { outcome: 'retry', reason: 'selfie_quality' },
  under_supported_age: { outcome: 'rejected', reason: 'document_not_accepted' },
}

const types: Readonly<Record<string, string>> = {
  passport: 'PASSPORT',
  id_card: 'ID_CARD',
  driving_license: 'DRIVING_LICENSE',
}

/** A value, or undefined for what holds its place: empty, redacted, or a sign for "not available". */
const present = (value: string | null | undefined): string | undefined => {
  const text = value?.trim() ?? ''
  return text === '' || /^(\[redacted\]|n\/?a|none|unknown|null|[<*\-.\s]+)$/i.test(text) ? undefined : text
}

type PartialDate = { day: number | null; month: number | null; year: number | null } | null | undefined
const dateOf = (date: PartialDate): string | undefined => {
  if (!date?.year || !date.month || !date.day) return undefined
  return [
    String(date.year).padStart(4, '0'),
    ...[date.month, date.day].map((part) => String(part).padStart(2, '0')),
  ].join('-')
}

const documentOf = (document: Report['document']): DocumentFound => {
  if (!document) return {}
  const alpha3 = document.issuing_country ? countries.alpha2ToAlpha3(document.issuing_country.toUpperCase()) : undefined
  const found: Record<string, string | undefined> = {
    type: types[document.type ?? ''],
    country: alpha3,
    number: present(document.number),
    firstName: present(document.first_name),
    lastName: present(document.last_name),
    dateOfBirth: dateOf(document.dob),
    expiry: dateOf(document.expiration_date),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

const checkOf = (part: { status: string } | null | undefined): CheckResult =>
  !part ? 'not_assessed' : part.status === 'verified' ? 'pass' : part.status === 'unverified' ? 'fail' : 'unclear'

const staffWord = (prefix: string, value: string | null | undefined): string =>
  `${prefix}:${value && /^[a-z_]{1,60}$/.test(value) ? value : 'unknown'}`

const endingOf = (session: Session): Ending & { staffReasons: string[] } => {
  const code = session.last_error?.code
  switch (session.status) {
    case 'verified':
      return { outcome: 'approved', reason: 'under_review', staffReasons: [] }
    case 'canceled':
      return { outcome: 'expired', reason: 'timed_out', staffReasons: ['status:canceled'] }
    case 'requires_input': {
      const known = Object.hasOwn(endings, code ?? '') ? endings[code ?? ''] : undefined
      return {
        ...(known ?? { outcome: 'review', reason: 'under_review' }),
        staffReasons: [staffWord('error', code)],
      }
    }
    default:
      return { outcome: 'review', reason: 'under_review', staffReasons: ['status:unknown'] }
  }
}

/**
 * A verification session and its report to a finding. Pure. A session that waits for the person or is processed is pending; a
 * status, code or report that is not known leads to review, and a verified session without the checks that were asked for does too.
 */
export const mapSession = (session: Session, asked: { readonly selfie: boolean }): Finding => {
  if (session.status === 'processing') return { state: 'pending' }
  if (session.status === 'requires_input' && !session.last_error) return { state: 'pending' }
  const report = typeof session.last_verification_report === 'object' ? session.last_verification_report : null
  const ending = endingOf(session)
  const document = checkOf(report?.document)
  const face = checkOf(report?.selfie)
  const isWhole = document === 'pass' && (!asked.selfie || face === 'pass')
  const isDoubtful = ending.outcome === 'approved' && !isWhole
  return {
    state: 'final',
    outcome: isDoubtful ? 'review' : ending.outcome,
    nothingSent: ending.outcome === 'expired' && !report,
    reasons:
      ending.outcome === 'approved' && !isDoubtful
        ? []
        : [{ code: isDoubtful ? 'under_review' : ending.reason, values: {} }],
    staffReasons: isDoubtful ? ['report:incomplete'] : ending.staffReasons,
    checks: {
      document,
      readable: document === 'pass' ? 'pass' : 'not_assessed',
      face,
      // Stripe documents no result of a liveness check.
      liveness: 'not_assessed',
    },
    document: documentOf(report?.document),
    specimen: false,
    echoed: {
      verificationReference: session.client_reference_id ?? null,
      subjectReference: session.metadata.subject_reference ?? null,
    },
  }
}

/** The codes above in words, for reviewers. */
export const staffWords: Readonly<Record<string, string>> = {
  'status:canceled': 'The session was cancelled at Stripe.',
  'status:unknown': 'Stripe sent a status that is not known here.',
  'report:incomplete': 'Stripe calls the session verified, but its report lacks a check that was asked for.',
  'error:abandoned': 'The person left without sending anything.',
  'error:consent_declined': 'The person declined to be checked by Stripe.',
  'error:country_not_supported': 'Stripe does not support documents of this country.',
  'error:device_not_supported': 'The device has no camera that Stripe supports.',
  'error:document_expired': 'The document has expired.',
  'error:document_type_not_supported': 'The type of document is not accepted.',
  'error:document_unverified_other': 'Stripe could not verify the document.',
  'error:selfie_document_missing_photo': 'The document has no photo to compare with.',
  'error:selfie_face_mismatch': 'The selfie does not match the document.',
  'error:selfie_manipulated': 'The selfie was manipulated.',
  'error:selfie_unverified_other': 'Stripe could not verify the selfie.',
  'error:under_supported_age': 'The person is younger than Stripe supports.',
  'error:unknown': 'Stripe sent an error code that is not known here.',
}
