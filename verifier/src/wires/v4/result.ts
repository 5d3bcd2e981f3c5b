import { documentNameOf } from '../../session/decide.ts'
import type { Session } from '../../session/schema.ts'
import {
  type DocumentField,
  type DocumentName,
  documentFields,
  type FaceFinding,
  isOpenToSigns,
  type UnreadableCause,
  type Verdict,
  withSign,
} from '../../session/verdict.ts'

/** The document of a result (section 3.11). Absent members are not known, or not for this client. */
export type V4Document = {
  status: string
  type?: string
  issuingCountry?: string
  firstName?: string
  lastName?: string
  dob?: string
  expiry?: string
  number?: string
  usState?: string
  nationality?: string
  gender?: string
  personalNumber?: string
  optionalData1?: string
  optionalData2?: string
  specimen?: true
}
type Detail = { readonly detailsCode: string; readonly detailsDescription: string }
type RejectReason = {
  readonly rejectReasonCode: string
  readonly rejectReasonDescription: string
  /** One detail is an object, several an array, none is absent (section 3.8). */
  readonly rejectReasonDetails?: Detail | readonly Detail[]
}
/** What the face evidence is worth (section 3.9). */
export type V4Face = { readonly similarity: string; readonly validity: 'true' | 'false'; readonly reason?: string }
/** The checks of a result (section 3.11). `signals` are our own: what a person should look at. */
export type V4Verification = {
  readonly mrzCheck?: 'OK' | 'NOT_AVAILABLE'
  readonly rejectReason?: RejectReason
  readonly identityVerification?: V4Face
  readonly signals?: readonly string[]
  readonly additionalChecks?: { faceSearchFindings: { status: 'DONE'; findings?: readonly string[] } }
}
/** A verdict in the words of Netverify v4. */
export type V4Result = { readonly document: V4Document; readonly verification?: V4Verification }

const NOT_AVAILABLE = 'N/A'
/** The word for a document whose type has no other (section 2.3), or was neither chosen nor read. */
const NO_TYPE = 'UNSUPPORTED'

const names: Readonly<Record<DocumentField, keyof V4Document>> = {
  issuingCountry: 'issuingCountry',
  firstName: 'firstName',
  lastName: 'lastName',
  dateOfBirth: 'dob',
  expiry: 'expiry',
  number: 'number',
  state: 'usState',
  nationality: 'nationality',
  sex: 'gender',
  personalNumber: 'personalNumber',
  optionalData1: 'optionalData1',
  optionalData2: 'optionalData2',
}

const reason = (code: string, description: string, detail?: readonly [string, string]): RejectReason => ({
  rejectReasonCode: code,
  rejectReasonDescription: description,
  ...(detail ? { rejectReasonDetails: { detailsCode: detail[0], detailsDescription: detail[1] } } : {}),
})

/** What was wrong with the last picture, as reject reasons (section 3.8). */
const unreadableReasons: Partial<Record<UnreadableCause, RejectReason>> = {
  photo_blurry: reason('200', 'NOT_READABLE_DOCUMENT', ['2001', 'BLURRED']),
  photo_quality: reason('200', 'NOT_READABLE_DOCUMENT', ['2002', 'BAD_QUALITY']),
  photo_glare: reason('200', 'NOT_READABLE_DOCUMENT', ['2006', 'GLARE']),
  document_cut_off: reason('200', 'NOT_READABLE_DOCUMENT', ['2003', 'MISSING_PART_DOCUMENT']),
  data_unreadable: reason('200', 'NOT_READABLE_DOCUMENT', ['2007', 'MISSING_MANDATORY_DATAPOINTS']),
  no_document: reason('201', 'NO_DOCUMENT'),
  wrong_page: reason('207', 'WRONG_DOCUMENT_PAGE'),
  side_missing: reason('206', 'MISSING_BACK'),
  front_missing: reason('214', 'MISSING_FRONT'),
  photo_grey: reason('210', 'CAMERA_BLACK_WHITE'),
}

/** The first cause gives the reason, and every other cause with the same reason adds its detail. */
const unreadableReason = (causes: readonly UnreadableCause[]): RejectReason => {
  const reasons = causes.flatMap((cause) => unreadableReasons[cause] ?? [])
  const first = reasons[0] ?? reason('200', 'NOT_READABLE_DOCUMENT')
  const details = reasons
    .filter(({ rejectReasonCode }) => rejectReasonCode === first.rejectReasonCode)
    .flatMap(({ rejectReasonDetails }) => rejectReasonDetails ?? [])
  return details.length > 1 ? { ...first, rejectReasonDetails: details } : first
}

const similarities: Readonly<Record<FaceFinding['similarity'], string>> = {
  match: 'MATCH',
  no_match: 'NO_MATCH',
  not_possible: 'NOT_POSSIBLE',
}
const faceReasonWords: Readonly<Record<NonNullable<FaceFinding['reason']>, string>> = {
  portrait_used_as_selfie: 'SELFIE_CROPPED_FROM_ID',
  movement_failed: 'LIVENESS_FAILED',
  face_not_visible: 'FACE_NOT_FULLY_VISIBLE',
  several_faces: 'MULTIPLE_PEOPLE',
  selfie_quality: 'BAD_QUALITY',
  liveness_not_assessed: 'LIVENESS_NOT_ASSESSED',
}
/** Clients read the reason only beside a false validity; it always says when liveness was not assessed, so that silence means a passed check. */
const faceOf = ({ similarity, isValid, reason }: FaceFinding): V4Face => ({
  similarity: similarities[similarity],
  validity: isValid ? 'true' : 'false',
  ...(reason ? { reason: faceReasonWords[reason] } : {}),
})

const documentNamed = (status: string, { type, country }: DocumentName, isSpecimen: boolean): V4Document => ({
  status,
  type: type ?? NO_TYPE,
  ...(country ? { issuingCountry: country } : {}),
  ...(isSpecimen ? { specimen: true } : {}),
})

const searchOf = (repeatedFaces: readonly string[] | null): Pick<V4Verification, 'additionalChecks'> =>
  repeatedFaces
    ? {
        additionalChecks: {
          faceSearchFindings: { status: 'DONE', ...(repeatedFaces.length > 0 ? { findings: repeatedFaces } : {}) },
        },
      }
    : {}

const readResult = (verdict: Verdict & { outcome: 'read' }): V4Result => ({
  document: {
    status: 'APPROVED_VERIFIED',
    type: verdict.type ?? NO_TYPE,
    ...Object.fromEntries(
      documentFields.flatMap((field) => {
        const value = verdict.fields[field]
        return value === undefined ? [] : [[names[field], value ?? NOT_AVAILABLE]]
      }),
    ),
    ...(verdict.isSpecimen ? { specimen: true } : {}),
  },
  verification: {
    ...(verdict.mrz ? { mrzCheck: verdict.mrz === 'valid' ? 'OK' : 'NOT_AVAILABLE' } : {}),
    ...(verdict.face ? { identityVerification: faceOf(verdict.face) } : {}),
    ...(verdict.signals.length > 0 ? { signals: verdict.signals } : {}),
    ...searchOf(verdict.repeatedFaces),
  },
})

const rejected = (
  verdict: Verdict & { outcome: 'unreadable' | 'sample' | 'review' },
  rejectReason: RejectReason,
): V4Result => ({
  document: documentNamed('ERROR_NOT_READABLE_ID', verdict.document, verdict.isSpecimen),
  verification: {
    mrzCheck: 'NOT_AVAILABLE',
    rejectReason,
    ...(verdict.outcome === 'review' ? { signals: verdict.signals, ...searchOf(verdict.repeatedFaces) } : {}),
  },
})

/** Netverify v4 has no word for data that differ from the client's own: a person looks. */
const withDifferenceTold = (session: Session, verdict: Verdict): Verdict =>
  verdict.outcome !== 'nothing_sent' && verdict.dataDifference && isOpenToSigns(verdict)
    ? withSign(verdict, documentNameOf(session), 'data_differs')
    : verdict

/** A verdict in the words of Netverify v4 (section 3.11). */
export const toResult = (session: Session, given: Verdict): V4Result => {
  const verdict = withDifferenceTold(session, given)
  switch (verdict.outcome) {
    case 'nothing_sent':
      return { document: { status: 'NO_ID_UPLOADED' } }
    case 'unsupported': {
      const status = verdict.cause === 'type' ? 'DENIED_UNSUPPORTED_ID_TYPE' : 'DENIED_UNSUPPORTED_ID_COUNTRY'
      return { document: documentNamed(status, verdict.document, verdict.isSpecimen) }
    }
    case 'unreadable':
      return rejected(verdict, unreadableReason(verdict.causes))
    case 'sample':
      return rejected(verdict, reason('202', 'SAMPLE_DOCUMENT'))
    case 'review':
      return rejected(verdict, reason('300', 'MANUAL_REJECTION'))
    case 'read':
      return readResult(verdict)
  }
}
