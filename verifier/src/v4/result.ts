import { isDocumentType } from '@veridoor/contract'
import type { Assessment, FieldName, RetakeCode, Signal } from '@veridoor/engine'
import { asksForFace } from '@veridoor/jumio'
import type { Session } from '../schema.ts'

/** A result in the words of the wire (contract section 3.11), before it is joined with the transaction's ids. */
export type V4Result = {
  readonly document: Record<string, unknown>
  readonly verification?: Record<string, unknown>
  /** That the document says something else than the client did (`platform/supporting-data.ts`). No fact about a person. */
  readonly dataDifference?: 'sure' | 'unsure'
  /** That a field without which a document is not read was not sure, whatever the client sees of it. Not told of results of before. */
  readonly isUnread?: true
}

type Detail = { readonly detailsCode: string; readonly detailsDescription: string }
type Rejection = {
  readonly rejectReasonCode: string
  readonly rejectReasonDescription: string
  /** One detail is an object, several an array, none is absent (section 3.8). */
  readonly rejectReasonDetails?: Detail | readonly Detail[]
}

const reject = (
  code: string,
  description: string,
  detail?: readonly [string, string],
): { rejectReason: Rejection } => ({
  rejectReason: {
    rejectReasonCode: code,
    rejectReasonDescription: description,
    ...(detail ? { rejectReasonDetails: { detailsCode: detail[0], detailsDescription: detail[1] } } : {}),
  },
})

/** As the engine says it, and which side was missing: the wire has a reason for each. */
export type Unreadable = RetakeCode | 'front_missing'

/** @param side which picture is asked for again: a licence's back may have come as its front */
export const unreadableAs = (code: RetakeCode, side: string | null | undefined): Unreadable =>
  code === 'side_missing' && side === 'front' ? 'front_missing' : code

/** What was wrong with the last picture, in the wire's reject reasons. */
const unreadable: Partial<Record<Unreadable, ReturnType<typeof reject>>> = {
  photo_blurry: reject('200', 'NOT_READABLE_DOCUMENT', ['2001', 'BLURRED']),
  photo_quality: reject('200', 'NOT_READABLE_DOCUMENT', ['2002', 'BAD_QUALITY']),
  photo_glare: reject('200', 'NOT_READABLE_DOCUMENT', ['2006', 'GLARE']),
  document_cut_off: reject('200', 'NOT_READABLE_DOCUMENT', ['2003', 'MISSING_PART_DOCUMENT']),
  data_unreadable: reject('200', 'NOT_READABLE_DOCUMENT', ['2007', 'MISSING_MANDATORY_DATAPOINTS']),
  no_document: reject('201', 'NO_DOCUMENT'),
  wrong_page: reject('207', 'WRONG_DOCUMENT_PAGE'),
  side_missing: reject('206', 'MISSING_BACK'),
  front_missing: reject('214', 'MISSING_FRONT'),
  photo_grey: reject('210', 'CAMERA_BLACK_WHITE'),
}

/** The wire's word for a document whose type has no other (section 2.3), or was neither chosen nor read. */
const NO_TYPE = 'UNSUPPORTED'

const identity = (document: Session): { type: string; issuingCountry?: string } => ({
  type: document.choice?.type ?? document.preset?.type ?? NO_TYPE,
  ...(document.choice ? { issuingCountry: document.choice.country } : {}),
})

/** @param codes what was wrong, the weightiest first: it gives the reason, and every other that has the same one adds its detail */
export const notReadable = (session: Session, ...codes: readonly Unreadable[]): V4Result => {
  const reasons = codes.flatMap((code) => unreadable[code]?.rejectReason ?? [])
  const { rejectReason } = reasons[0] ? { rejectReason: reasons[0] } : reject('200', 'NOT_READABLE_DOCUMENT')
  const details = reasons
    .filter(({ rejectReasonCode }) => rejectReasonCode === rejectReason.rejectReasonCode)
    .flatMap(({ rejectReasonDetails }) => rejectReasonDetails ?? [])
  return {
    document: { status: 'ERROR_NOT_READABLE_ID', ...identity(session) },
    verification: {
      mrzCheck: 'NOT_AVAILABLE',
      rejectReason: details.length > 1 ? { ...rejectReason, rejectReasonDetails: details } : rejectReason,
    },
  }
}

/** A document that nobody here can judge, or that the client does not take: type and country, no data and no reason (section 3.7). */
export const unsupported = (
  session: Session,
  what: 'type' | 'country',
  kind: Assessment['document']['kind'],
): V4Result => ({
  document: {
    status: what === 'type' ? 'DENIED_UNSUPPORTED_ID_TYPE' : 'DENIED_UNSUPPORTED_ID_COUNTRY',
    ...identity(session),
    // A kind that was read counts before the one that was chosen.
    ...(kind ? { type: isDocumentType(kind) ? kind : NO_TYPE } : {}),
  },
})

/** The result of a session to which nothing was sent (wire contract, 3.7). */
export const nothingUploaded = (): V4Result => ({ document: { status: 'NO_ID_UPLOADED' } })

/** Said of a face whose liveness nobody looked at. */
export const LIVENESS_NOT_ASSESSED = 'LIVENESS_NOT_ASSESSED'

/** A selfie that could not be used after three tries, in the wire's words. */
const invalidSelfie: Partial<Record<RetakeCode, string>> = {
  face_not_visible: 'FACE_NOT_FULLY_VISIBLE',
  several_faces: 'MULTIPLE_PEOPLE',
  selfie_quality: 'BAD_QUALITY',
}

/** What a result depends on besides the pictures. */
export type Rules = {
  /** Specimens pass, marked as such. */
  readonly demonstration: boolean
  /** The client wants nobody approved who was not seen to move. */
  readonly livenessRequired: boolean
}

/**
 * What the face evidence is worth, where a face was asked for. `similarity` says whether both pictures show the same person.
 * `validity` says only what was checked: one face, whole, clear, not the document's own portrait again, and the movement check where
 * there was one. It is false where the client requires that check and nobody looked.
 */
export const faceResult = (
  session: Session,
  { face, selfie, document }: Assessment,
  { livenessRequired }: Rules,
): Record<string, string> | undefined => {
  if (!selfie || !asksForFace(session.workflowId) || session.alternative) return undefined
  const liveness = session.livenessOutcome
  const similarity = face?.verdict === 'match' ? 'MATCH' : face?.verdict === 'no_match' ? 'NO_MATCH' : 'NOT_POSSIBLE'
  // A specimen's portrait comes from the same camera a minute before: there, two pictures this alike are expected.
  if (document.signals.includes('portrait_equals_selfie') && !document.signals.includes('specimen'))
    return { similarity, validity: 'false', reason: 'SELFIE_CROPPED_FROM_ID' }
  if (liveness === 'failed') return { similarity, validity: 'false', reason: 'LIVENESS_FAILED' }
  const [fault] = selfie.retake
  if (fault) return { similarity, validity: 'false', reason: invalidSelfie[fault] ?? 'BAD_QUALITY' }
  if (liveness === 'passed') return { similarity, validity: 'true' }
  // Clients read the reason only beside a false validity; ours reads it always, so that nobody takes silence for a passed check.
  return { similarity, validity: livenessRequired ? 'false' : 'true', reason: LIVENESS_NOT_ASSESSED }
}

/**
 * Whether a face is refused (wire contract, 5.1, rules 10 and 11): another person's, none that moved, or the document's own portrait.
 * No reason to look makes that a review: whoever shows a copy of somebody else's document is not better off.
 */
export const isRefused = (face: { similarity?: string; reason?: string } | undefined): boolean =>
  face?.similarity === 'NO_MATCH' || face?.reason === 'LIVENESS_FAILED' || face?.reason === 'SELFIE_CROPPED_FROM_ID'

/**
 * What no reading settles, so that a person looks: a check digit that does not compute (both readers agree on it: printed so, or
 * worse), a date or code that cannot be, a zone that does not tell when the document ends, a print that names another person than the
 * zone, two sides that are not of one document, a card whose print is all there is, signs of a copy or a sample.
 * A page without a portrait is for people, too; of specimens, which pass in demonstrations only, some are drawn without one.
 */
const forPeople: readonly Signal[] = [
  'check_digit_wrong',
  'impossible_date',
  'no_colour',
  'screen_pattern',
  'mrz_baseline_shift',
  'unknown_document_code',
  'unknown_country',
  'sides_disagree',
  'sources_disagree',
  'several_portraits',
  'no_mrz',
  'expiry_missing',
  'says_sample',
]

/** What an assessment saw that only a person may decide. */
export const signsOf = ({ document: { signals } }: Assessment): Signal[] =>
  signals.filter(
    (signal) => forPeople.includes(signal) || (signal === 'portrait_missing' && !signals.includes('specimen')),
  )

/** What leads to a person, and to nobody's approval: our own words beside the wire's, which has none that would be true. */
export const forReview = (session: Session, signals: readonly string[]): V4Result => ({
  document: { status: 'ERROR_NOT_READABLE_ID', ...identity(session) },
  verification: { mrzCheck: 'NOT_AVAILABLE', ...reject('300', 'MANUAL_REJECTION'), signals },
})

/** A result that another reason to look makes a review; what else was found out stays with it. */
export const withSign = (session: Session, { verification, dataDifference }: V4Result, sign: string): V4Result => {
  const review = forReview(session, [...((verification?.signals ?? []) as readonly string[]), sign])
  const { additionalChecks } = verification ?? {}
  return {
    ...(dataDifference ? { dataDifference } : {}),
    document: review.document,
    verification: { ...review.verification, ...(additionalChecks ? { additionalChecks } : {}) },
  }
}

/** Whether another reason to look changes a result: it leaves a refusal as it is, and what was not readable. */
export const isOpenToSigns = ({ document, verification }: V4Result): boolean => {
  const face = verification?.identityVerification as { similarity?: string; reason?: string } | undefined
  const signals = (verification?.signals ?? []) as readonly string[]
  return !isRefused(face) && (signals.length > 0 || document.status === 'APPROVED_VERIFIED')
}

/** A sample of a document, where samples do not pass. */
export const isSample = ({ document }: Assessment, { demonstration }: Rules): boolean =>
  document.signals.includes('specimen') && !demonstration

/** A card whose print could not be read, beside a face that is refused: nothing is said of the card, and the face stays what it is. */
export const unreadWithFace = (
  session: Session,
  face: Record<string, string>,
  signals: readonly string[],
): V4Result => ({
  document: {
    status: 'APPROVED_VERIFIED',
    ...identity(session),
    ...Object.fromEntries(
      ['firstName', 'lastName', 'dob', 'expiry', 'number', 'nationality', 'gender'].map((name) => [name, 'N/A']),
    ),
  },
  verification: { mrzCheck: 'NOT_AVAILABLE', identityVerification: face, signals },
})

/** The zone's extra fields: a passport's is for the personal number (ICAO 9303-4); what states write into a card's is their own. */
const extraFieldsOf = ({ mrz, fields }: Assessment['document']): Partial<Record<string, FieldName>> => ({
  ...(fields.personalNumber ? { [mrz?.format === 'TD3' ? 'personalNumber' : 'optionalData1']: 'personalNumber' } : {}),
  ...(fields.optionalData ? { optionalData2: 'optionalData' } : {}),
})

/** Without one of these a document is not read, however good the rest is. */
const needed = ['issuingCountry', 'firstName', 'lastName', 'dob', 'expiry', 'number'] as const

/** What was read for sure, in the wire's words; `N/A` where it was not. */
export const dataOf = ({ document }: Assessment): Record<string, string> => {
  const { barcode, fields, signals } = document
  const disagree = signals.includes('sources_disagree')
  const sure = (name: FieldName): string => {
    const field = fields[name]
    if (disagree && (name === 'lastName' || name === 'firstName')) return 'N/A'
    return field?.sure ? field.value : 'N/A'
  }
  return {
    issuingCountry: sure('issuingCountry'),
    // A person with one name has none here; that is not the same as one that could not be read.
    ...(fields.firstName ? { firstName: sure('firstName') } : {}),
    lastName: sure('lastName'),
    dob: sure('dateOfBirth'),
    expiry: sure('expiry'),
    number: sure('number'),
    // A licence tells of its state, and of no nationality.
    ...(barcode
      ? { usState: barcode.agreed && barcode.state ? barcode.state : 'N/A' }
      : { nationality: sure('nationality') }),
    gender: sure('sex'),
    ...Object.fromEntries(
      Object.entries(extraFieldsOf(document)).flatMap(([name, field]) => (field ? [[name, sure(field)]] : [])),
    ),
  }
}

/**
 * An assessment as the wire's result. Fields that are not sure are `N/A`: whoever compares them with a claim finds nothing to
 * compare and lets a person look; a guess is never handed out as data.
 */
export const toResult = (session: Session, assessment: Assessment, rules: Rules): V4Result => {
  const { document } = assessment
  if (isSample(assessment, rules))
    return {
      document: { status: 'ERROR_NOT_READABLE_ID', ...identity(session) },
      verification: { mrzCheck: 'NOT_AVAILABLE', ...reject('202', 'SAMPLE_DOCUMENT') },
    }
  // A card of two sides of which one came, by API: without its back nobody can judge it.
  if (document.signals.includes('no_mrz') && session.parts.back.state === 'missing')
    return notReadable(session, 'side_missing')
  const face = faceResult(session, assessment, rules)
  const seen = signsOf(assessment)
  if (seen.length > 0 && !isRefused(face)) return forReview(session, seen)
  const data = dataOf(assessment)
  return {
    ...(needed.some((name) => data[name] === 'N/A') ? { isUnread: true } : {}),
    document: {
      status: 'APPROVED_VERIFIED',
      type: document.kind ?? NO_TYPE,
      ...data,
      ...(document.signals.includes('specimen') ? { specimen: true } : {}),
    },
    verification: {
      mrzCheck: document.mrz?.checkDigitsValid ? 'OK' : 'NOT_AVAILABLE',
      ...(face ? { identityVerification: face } : {}),
      // Beside the refusal, for whoever looks at it.
      ...(seen.length > 0 ? { signals: seen } : {}),
    },
  }
}
