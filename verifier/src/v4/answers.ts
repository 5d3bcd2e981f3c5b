import type { Session } from '../schema.ts'
import type { V4Result } from './result.ts'

/** A timestamp of the wire: UTC with milliseconds. */
export const stamp = (at: Date): string => at.toISOString()

/** The `transaction` of a result (wire contract, 3.11): what the client did not send is left out. */
export const transactionOf = (session: Session): Record<string, unknown> => ({
  status: session.state,
  source: session.source,
  date: stamp(session.createdAt),
  ...(session.userReference ? { customerId: session.userReference } : {}),
  merchantScanReference: session.customerReference,
  ...(session.reportingCriteria ? { merchantReportingCriteria: session.reportingCriteria } : {}),
  ...(session.clientIp ? { clientIp: session.clientIp } : {}),
})

/** `GET …/scans/{ref}/data`: an empty document while nothing is decided. */
export const dataAnswer = (session: Session, result: V4Result | null, now: Date): Record<string, unknown> => ({
  timestamp: stamp(now),
  scanReference: session.id,
  document: session.state === 'PENDING' ? {} : (result?.document ?? {}),
  transaction: transactionOf(session),
  ...(session.state !== 'PENDING' && result?.verification ? { verification: result.verification } : {}),
})

/** Where the pictures are that are kept; read with the client's own keys (section 3.7). */
const imagesOf = (session: Session, url: string, kept: readonly string[]): Record<string, string | undefined> => {
  const at = (part: 'front' | 'back' | 'selfie', name: string): string | undefined =>
    session.state === 'DONE' && session.pictureKey && kept.includes(part)
      ? `${url}/recognition/v1/idscan/${session.id}/${name}`
      : undefined
  return {
    idScanImage: at('front', 'front'),
    idScanImageBackside: at('back', 'back'),
    idScanImageFace: at('selfie', 'face'),
  }
}

/**
 * The callback's form (section 3.7): the same facts as retrieval gives, under the callback's names.
 * @param kept names of the pictures that are kept
 */
export const callbackForm = (
  session: Session,
  result: V4Result,
  now: Date,
  { url, kept }: { url: string; kept: readonly string[] },
): URLSearchParams => {
  const { document, verification } = result
  const status = String(document.status)
  const isApproved = status === 'APPROVED_VERIFIED'
  const ok = isApproved ? 'OK' : 'N/A'
  const form = new URLSearchParams({
    callBackType: 'NETVERIFYID',
    jumioIdScanReference: session.id,
    verificationStatus: status,
    idScanStatus: isApproved ? 'SUCCESS' : 'ERROR',
    idScanSource: session.source,
    idCheckDataPositions: ok,
    idCheckDocumentValidation: ok,
    idCheckHologram: ok,
    idCheckMRZcode: verification?.mrzCheck === 'OK' ? 'OK' : 'N/A',
    idCheckMicroprint: ok,
    idCheckSecurityFeatures: ok,
    idCheckSignature: ok,
    transactionDate: stamp(session.createdAt),
    callbackDate: stamp(now),
    merchantIdScanReference: session.customerReference,
  })
  const optional: Record<string, unknown> = {
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
    ...imagesOf(session, url, kept),
  }
  // Masked keys are missing, not empty (section 3.10).
  if (isApproved && verification && !('mrzCheck' in verification)) form.delete('idCheckMRZcode')
  for (const [name, value] of Object.entries(optional))
    if (value !== undefined && value !== null) form.set(name, String(value))
  if (verification?.rejectReason) form.set('rejectReason', JSON.stringify(verification.rejectReason))
  const face = verification?.identityVerification as { validity?: string } | undefined
  // A boolean here, text in retrieval (section 3.9).
  if (face) form.set('identityVerification', JSON.stringify({ ...face, validity: face.validity === 'true' }))
  return form
}

/**
 * Where the person goes on, with exactly the parameters of section 3.6, or 4.9 for the Platform. Null where nobody gave an address
 * for this end: the page is the last one then (section 2.4), since nobody takes an error for a success.
 */
export const returnAddress = (
  session: Session,
  outcome: { ok: true } | { ok: false; errorCode: string },
): string | null => {
  const base = outcome.ok ? session.successUrl : session.errorUrl
  if (!base) return null
  const parameters = new URLSearchParams()
  const status = outcome.ok ? 'SUCCESS' : 'ERROR'
  if (session.platform) {
    parameters.set('accountId', session.platform.account)
    parameters.set('workflowExecutionId', session.id)
    parameters.set('acquisitionStatus', status)
    parameters.set('customerInternalReference', session.customerReference)
  } else {
    parameters.set('transactionStatus', status)
    parameters.set('customerInternalReference', session.customerReference)
    parameters.set('transactionReference', session.id)
  }
  if (!outcome.ok) parameters.set('errorCode', outcome.errorCode)
  // What stands in the address stays as it was written: it is added to, never written anew.
  const joint = !base.includes('?') ? '?' : /[?&]$/.test(base) ? '' : '&'
  return `${base}${joint}${parameters}`
}
