import {
  asksForFace,
  available,
  type DataResponse,
  type Judgement,
  outcomeV4,
  toBoolean,
  wholeDate,
} from '@veridoor/jumio'
import type { CheckResult, DocumentFound, Finding } from '../port.ts'

const documentCheck = (status: string | undefined): CheckResult =>
  status === 'APPROVED_VERIFIED'
    ? 'pass'
    : status === 'DENIED_FRAUD'
      ? 'fail'
      : status === undefined
        ? 'not_assessed'
        : 'unclear'

const readableCheck = (status: string | undefined): CheckResult =>
  status === 'APPROVED_VERIFIED' || status === 'DENIED_FRAUD'
    ? 'pass'
    : status === 'ERROR_NOT_READABLE_ID'
      ? 'fail'
      : 'not_assessed'

const faceCheck = (similarity: string | undefined): CheckResult =>
  similarity === 'MATCH'
    ? 'pass'
    : similarity === 'NO_MATCH'
      ? 'fail'
      : similarity === undefined
        ? 'not_assessed'
        : 'unclear'

/** A service of this wire that does not look at liveness says so in the reason; Jumio itself never does. */
const livenessCheck = (face: { validity?: unknown; reason?: string | undefined } | null | undefined): CheckResult =>
  !face || face.reason === 'LIVENESS_NOT_ASSESSED' ? 'not_assessed' : toBoolean(face.validity) ? 'pass' : 'fail'

/** Only what is there: a placeholder, a masked or a partial value is absence, neither agreement nor disagreement. */
const documentOf = ({ document }: DataResponse): DocumentFound => {
  const found: Record<string, string | undefined> = {
    type: available(document.type),
    country: available(document.issuingCountry),
    number: available(document.number),
    firstName: available(document.firstName),
    lastName: available(document.lastName),
    dateOfBirth: wholeDate(document.dob, document.dateOfBirthParts),
    expiry: wholeDate(document.expiry, document.expiryDateParts),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

/** Their JSON to our finding (contract section 5.1). Pure; what is unknown becomes `unclear` and `review`. */
export const mapV4 = (data: DataResponse, workflowId: number): Finding => {
  const judged: Judgement = outcomeV4(data, asksForFace(workflowId))
  if (judged.outcome === 'pending') return { state: 'pending' }
  const face = data.verification?.identityVerification
  const { status } = data.document
  return {
    state: 'final',
    outcome: judged.outcome,
    nothingSent: judged.outcome === 'expired',
    reasons: judged.reasons.map((code) => ({ code, values: {} })),
    staffReasons: judged.codes,
    checks: {
      document: documentCheck(status),
      readable: readableCheck(status),
      face: faceCheck(face?.similarity),
      liveness: livenessCheck(face),
    },
    document: documentOf(data),
    specimen: data.document.specimen === true,
    echoed: {
      verificationReference: data.transaction.merchantScanReference ?? null,
      subjectReference: data.transaction.customerId ?? null,
    },
  }
}
