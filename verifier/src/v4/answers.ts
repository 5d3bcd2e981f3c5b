import type { Session } from '../schema.ts'
import type { V4Result } from './result.ts'

/** A timestamp of the wire: UTC with milliseconds. */
export const stamp = (at: Date): string => at.toISOString()

export const transactionOf = (session: Session): Record<string, unknown> => ({
  status: session.state,
  source: session.source,
  date: stamp(session.createdAt),
  customerId: session.userReference,
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

/** The callback's form (section 3.7): the same facts as retrieval gives, under the callback's names. */
export const callbackForm = (session: Session, result: V4Result, now: Date): URLSearchParams => {
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
    customerId: session.userReference,
  })
  const optional: Record<string, unknown> = {
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
    clientIp: session.clientIp,
    specimen: document.specimen,
  }
  for (const [name, value] of Object.entries(optional))
    if (value !== undefined && value !== null) form.set(name, String(value))
  if (verification?.rejectReason) form.set('rejectReason', JSON.stringify(verification.rejectReason))
  if (verification?.identityVerification)
    form.set('identityVerification', JSON.stringify(verification.identityVerification))
  return form
}

/** Where the person goes on, with exactly the parameters of section 3.6, or 4.9 for the Platform. */
export const returnAddress = (
  session: Session,
  outcome: { ok: true } | { ok: false; errorCode: string },
): string | null => {
  const base = outcome.ok ? session.successUrl : (session.errorUrl ?? session.successUrl)
  if (!base) return null
  const url = new URL(base)
  const status = outcome.ok ? 'SUCCESS' : 'ERROR'
  if (session.platform) {
    url.searchParams.set('accountId', session.platform.account)
    url.searchParams.set('workflowExecutionId', session.id)
    url.searchParams.set('acquisitionStatus', status)
    url.searchParams.set('customerInternalReference', session.customerReference)
  } else {
    url.searchParams.set('transactionStatus', status)
    url.searchParams.set('customerInternalReference', session.customerReference)
    url.searchParams.set('transactionReference', session.id)
  }
  if (!outcome.ok) url.searchParams.set('errorCode', outcome.errorCode)
  return url.href
}
