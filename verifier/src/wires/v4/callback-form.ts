import type { Session } from '../../session/schema.ts'
import { type CallbackContext, timestamp } from '../wire.ts'
import { sourceOf } from './answers.ts'
import type { V4Result } from './result.ts'

/** Where the pictures are that are kept; read with the client's own keys (section 3.7). */
const imagesOf = (session: Session, { url, kept }: CallbackContext): Record<string, string | undefined> => {
  const addressOf = (side: 'front' | 'back' | 'selfie', name: string): string | undefined =>
    session.state === 'DONE' && session.pictureKey && kept.includes(side)
      ? `${url}/recognition/v1/idscan/${session.id}/${name}`
      : undefined
  return {
    idScanImage: addressOf('front', 'front'),
    idScanImageBackside: addressOf('back', 'back'),
    idScanImageFace: addressOf('selfie', 'face'),
  }
}

/** Members that are left out where there is no value. */
const optionalMembers = (session: Session, { document }: V4Result, context: CallbackContext) => ({
  customerId: session.userReference || undefined,
  merchantReportingCriteria: session.reportingCriteria,
  idType: document.type,
  idCountry: document.issuingCountry,
  idFirstName: document.firstName,
  idLastName: document.lastName,
  idDob: document.dob,
  idExpiry: document.expiry,
  idNumber: document.number,
  gender: document.gender,
  nationality: document.nationality,
  idUsState: document.usState,
  personalNumber: document.personalNumber,
  optionalData1: document.optionalData1,
  optionalData2: document.optionalData2,
  clientIp: session.clientIp,
  presetCountry: session.preset?.country,
  presetIdType: session.preset?.type,
  specimen: document.specimen,
  ...imagesOf(session, context),
})

/** The form of the final callback (section 3.7): the same facts as retrieval gives, under the callback's names. */
export const callbackForm = (session: Session, result: V4Result, context: CallbackContext): URLSearchParams => {
  const { document, verification } = result
  const isApproved = document.status === 'APPROVED_VERIFIED'
  const check = isApproved ? 'OK' : 'N/A'
  const form = new URLSearchParams({
    callBackType: 'NETVERIFYID',
    jumioIdScanReference: session.id,
    verificationStatus: document.status,
    idScanStatus: isApproved ? 'SUCCESS' : 'ERROR',
    idScanSource: sourceOf(session),
    idCheckDataPositions: check,
    idCheckDocumentValidation: check,
    idCheckHologram: check,
    idCheckMRZcode: verification?.mrzCheck === 'OK' ? 'OK' : 'N/A',
    idCheckMicroprint: check,
    idCheckSecurityFeatures: check,
    idCheckSignature: check,
    transactionDate: timestamp(session.createdAt),
    callbackDate: timestamp(context.now),
    merchantIdScanReference: session.customerReference,
  })
  // Masked members are missing, not empty (section 3.10).
  if (isApproved && verification && verification.mrzCheck === undefined) form.delete('idCheckMRZcode')
  for (const [name, value] of Object.entries(optionalMembers(session, result, context)))
    if (value !== undefined && value !== null) form.set(name, String(value))
  if (verification?.rejectReason) form.set('rejectReason', JSON.stringify(verification.rejectReason))
  const face = verification?.identityVerification
  // A boolean here, text in retrieval (section 3.9).
  if (face) form.set('identityVerification', JSON.stringify({ ...face, validity: face.validity === 'true' }))
  return form
}

/**
 * The form of the extra callback of `onAllSteps` (section 3.14): the pictures have arrived. It names the scan and says nothing about
 * it, since an early callback is no result: no status, no fact, no picture.
 */
export const arrivedForm = (session: Session, now: Date): URLSearchParams =>
  new URLSearchParams({
    callBackType: 'NETVERIFYID',
    jumioIdScanReference: session.id,
    merchantIdScanReference: session.customerReference,
    ...(session.userReference ? { customerId: session.userReference } : {}),
    ...(session.reportingCriteria ? { merchantReportingCriteria: session.reportingCriteria } : {}),
    idScanSource: sourceOf(session),
    transactionDate: timestamp(session.createdAt),
    callbackDate: timestamp(now),
  })
