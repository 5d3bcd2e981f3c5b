import type { Judgement, Outcome, ReasonCode } from '../outcome.ts'
import { signalCodes, staffWord, toBoolean } from '../values.ts'
import type { DataResponse, IdentityVerification, RejectReason } from './schemas.ts'

const details: Record<string, ReasonCode> = {
  '2001': 'photo_blurry',
  '2002': 'photo_quality',
  '2003': 'document_cut_off',
  '2004': 'document_covered',
  '2005': 'document_damaged',
  '2006': 'photo_glare',
  '2007': 'data_unreadable',
}
const notReadable: Record<string, ReasonCode> = {
  '102': 'copy_not_original',
  '103': 'copy_not_original',
  '104': 'screen_not_original',
  '200': 'data_unreadable',
  '201': 'no_document',
  '202': 'sample_document',
  '206': 'side_missing',
  '207': 'wrong_page',
  '209': 'signature_missing',
  '210': 'photo_grey',
  '211': 'several_documents',
  '214': 'side_missing',
}
/** Rules 11 to 13 of section 5.1: what a selfie that is not valid leads to. */
const invalidSelfie: Record<string, { outcome: Outcome; reason: ReasonCode }> = {
  SELFIE_CROPPED_FROM_ID: { outcome: 'rejected', reason: 'selfie_not_accepted' },
  ENTIRE_ID_USED_AS_SELFIE: { outcome: 'rejected', reason: 'selfie_not_accepted' },
  SELFIE_IS_SCREEN_PAPER_VIDEO: { outcome: 'rejected', reason: 'selfie_not_accepted' },
  SELFIE_MANIPULATED: { outcome: 'rejected', reason: 'selfie_not_accepted' },
  LIVENESS_FAILED: { outcome: 'rejected', reason: 'selfie_not_accepted' },
  BAD_QUALITY: { outcome: 'retry', reason: 'selfie_quality' },
  BLACK_AND_WHITE: { outcome: 'retry', reason: 'selfie_quality' },
  NO_FACE_PRESENT: { outcome: 'retry', reason: 'face_not_visible' },
  FACE_NOT_FULLY_VISIBLE: { outcome: 'retry', reason: 'face_not_visible' },
  MULTIPLE_PEOPLE: { outcome: 'retry', reason: 'several_faces' },
}

const codesOf = (reason: RejectReason | null | undefined): string[] =>
  reason ? [reason.rejectReasonCode, ...reason.rejectReasonDetails.map((detail) => detail.detailsCode)] : []

const judgeUnreadable = (verification: DataResponse['verification']): Judgement => {
  const reason = verification?.rejectReason
  const codes = [...codesOf(reason), ...signalCodes(verification?.signals)]
  const code = reason?.rejectReasonCode ?? ''
  if (code === '300' || code === '213') return { outcome: 'review', reasons: ['under_review'], codes }
  const named = (reason?.rejectReasonDetails ?? [])
    .map((detail) => details[detail.detailsCode])
    .filter((entry) => entry !== undefined)
  const known = notReadable[code]
  // Without a reason, or with one of tomorrow, a new try is still the sensible advice for an unreadable picture (rule 7).
  return { outcome: 'retry', reasons: named.length > 0 ? [...new Set(named)] : [known ?? 'data_unreadable'], codes }
}

const judgeFace = (face: IdentityVerification | null | undefined, faceRequired: boolean): Judgement => {
  if (!face) {
    return faceRequired
      ? { outcome: 'review', reasons: ['under_review'], codes: ['identityVerification:absent'] }
      : { outcome: 'approved', reasons: [], codes: [] }
  }
  const valid = toBoolean(face.validity)
  const codes = [
    `similarity:${staffWord(face.similarity)}`,
    `validity:${valid}`,
    ...(face.reason ? [`reason:${staffWord(face.reason)}`] : []),
  ]
  if (face.similarity === 'NO_MATCH') return { outcome: 'rejected', reasons: ['face_no_match'], codes }
  if (!valid) {
    const known = invalidSelfie[face.reason ?? '']
    return known
      ? { outcome: known.outcome, reasons: [known.reason], codes }
      : { outcome: 'review', reasons: ['under_review'], codes }
  }
  if (face.similarity === 'MATCH') return { outcome: 'approved', reasons: [], codes }
  return { outcome: 'review', reasons: ['under_review'], codes }
}

/** The face was seen in other transactions: a hint at one person on two accounts, so a person looks (sections 3.11 and 6.2). */
const withFaceSearch = (judged: Judgement, verification: DataResponse['verification']): Judgement => {
  const findings = verification?.additionalChecks?.faceSearchFindings?.findings ?? []
  return judged.outcome === 'approved' && findings.some((found) => /^[0-9a-f-]{36}$/i.test(found))
    ? { outcome: 'review', reasons: ['under_review'], codes: [...judged.codes, 'faceSearchFindings:repeated'] }
    : judged
}

/**
 * Judges a retrieved result by section 5.1: the first rule that fits wins, and every unlisted combination is a review.
 * @param faceRequired whether *we* asked for a face (workflow 2xx), not whether the answer holds one
 */
export const outcomeV4 = (data: DataResponse, faceRequired: boolean): Judgement => {
  const { document, transaction, verification } = data
  const { status } = transaction
  const reason = verification?.rejectReason
  if (status === undefined || status === 'PENDING') return { outcome: 'pending', reasons: [], codes: [] }
  if (status === 'FAILED' || document.status === 'NO_ID_UPLOADED')
    return { outcome: 'expired', reasons: ['nothing_sent'], codes: [staffWord(document.status ?? status)] }
  if (status !== 'DONE') return { outcome: 'review', reasons: ['under_review'], codes: ['status:unknown'] }

  switch (document.status) {
    case 'DENIED_FRAUD':
      return { outcome: 'rejected', reasons: ['document_not_accepted'], codes: codesOf(reason) }
    case 'DENIED_UNSUPPORTED_ID_TYPE':
      return { outcome: 'retry', reasons: ['document_unsupported'], codes: ['DENIED_UNSUPPORTED_ID_TYPE'] }
    case 'DENIED_UNSUPPORTED_ID_COUNTRY':
      return { outcome: 'retry', reasons: ['wrong_country'], codes: ['DENIED_UNSUPPORTED_ID_COUNTRY'] }
    case 'ERROR_NOT_READABLE_ID':
      return judgeUnreadable(verification)
    case 'APPROVED_VERIFIED':
      if (reason) return { outcome: 'review', reasons: ['under_review'], codes: codesOf(reason) }
      return withFaceSearch(judgeFace(verification?.identityVerification, faceRequired), verification)
    default:
      return { outcome: 'review', reasons: ['under_review'], codes: [`document:${staffWord(document.status)}`] }
  }
}
