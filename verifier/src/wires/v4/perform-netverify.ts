import { type CaptureSide, isDocumentType } from '@veridoor/contract'
import { asksForFace, JumioError, type PerformRequest } from '@veridoor/jumio'
import type { VerifierDeps } from '../../deps.ts'
import { keepPicture } from '../../session/keep-picture.ts'
import { isApiPicture, isApiSize } from '../../session/pictures.ts'
import type { PreparedData } from '../../session/prepared-data.ts'
import type { Client, Session } from '../../session/schema.ts'
import { LAST_ATTEMPT } from '../../session/states.ts'
import { findSession } from '../../session/store.ts'
import { keepPreparedData, submitSession } from '../../session/submit.ts'
import { openSession } from '../open-session.ts'

const FACE_NEEDED = 'faceImage is needed where faces are compared. Send one, or enabledFields without idFaceMatch'

/** What the caller says about the person and a document shows, too, of the fields that are enabled. Undefined where that is nothing. */
const preparedDataOf = (order: PerformRequest, enabled: readonly string[] | null): PreparedData | undefined => {
  const ifEnabled = (name: string, value: string | undefined): string | undefined =>
    !enabled || enabled.includes(name) ? value : undefined
  const data = {
    firstName: ifEnabled('idFirstName', order.firstName),
    lastName: ifEnabled('idLastName', order.lastName),
    dateOfBirth: ifEnabled('idDob', order.dob),
    number: ifEnabled('idNumber', order.number),
    expiry: ifEnabled('idExpiry', order.expiry),
  }
  return Object.values(data).some(Boolean) ? data : undefined
}

/** Bytes of one picture: what the engine takes. */
const PICTURE_BYTES = 10 * 1_048_576

const pictureOf = (name: string, base64: string): Buffer => {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length > PICTURE_BYTES || !isApiPicture(bytes) || !isApiSize(bytes))
    throw new JumioError('invalid_input', { fields: [name] })
  return bytes
}

type Pictures = Partial<Record<CaptureSide, Buffer>>
/** The pictures of an order, and the fields that it enables. @throws {JumioError} */
const picturesOf = (
  caller: Client,
  order: PerformRequest,
): { pictures: Pictures; named: string[] | undefined; enabled: string[] | null } => {
  const front = pictureOf('frontsideImage', order.frontsideImage)
  const back = order.backsideImage ? pictureOf('backsideImage', order.backsideImage) : undefined
  const named = order.enabledFields?.split(',')
  const enabled = named ?? caller.enabledFields ?? null
  const comparesFaces = !enabled || enabled.includes('idFaceMatch')
  // A document must not be approved because a face that should have been compared was not sent.
  if (!order.faceImage && (named ? comparesFaces : comparesFaces && asksForFace(caller.workflowId)))
    throw new JumioError('invalid_input', { fields: [FACE_NEEDED] })
  const selfie = comparesFaces && order.faceImage ? pictureOf('faceImage', order.faceImage) : undefined
  // A face is compared only with the person's agreement.
  const hasAgreed = order.userConsent && order.userConsent.consent?.obtained !== 'no'
  if (selfie && !hasAgreed) throw new JumioError('invalid_input', { fields: ['userConsent'] })
  return { pictures: { front, back, selfie }, named, enabled }
}

const openScan = async (
  deps: VerifierDeps,
  caller: Client,
  order: PerformRequest,
  asksForFace: boolean,
  enabledFields: string[] | null,
): Promise<Session | undefined> => {
  const now = deps.clock.now()
  const { country, idType } = order
  const { id } = await openSession(deps, {
    generation: 'v4',
    client: caller.token,
    customerReference: order.merchantIdScanReference,
    userReference: order.customerId ?? '',
    person: order.customerId,
    reportingCriteria: order.merchantReportingCriteria ?? null,
    callbackUrl: order.callbackUrl || caller.callbackUrl,
    asksForFace,
    enabledFields,
    preset: null,
    choice: isDocumentType(idType) ? { country, type: idType } : null,
    // The API knows visas, which are not accepted here.
    declaresUnsupported: !isDocumentType(idType),
    locale: caller.locale ?? 'en',
    // No page belongs to the scan: its token is never given out.
    tokenExpiresAt: now,
    startedAt: now,
    consentAt: asksForFace ? now : null,
    attempt: LAST_ATTEMPT,
    source: 'api',
    clientIp: order.userConsent?.userIp ?? null,
  })
  return findSession(deps.db, id)
}

/**
 * Takes pictures that were made elsewhere (section 3.14). Nobody can be asked for another picture: one assessment decides.
 * @param order as `readPerform` reads it
 * @returns the reference of the new scan
 * @throws {JumioError} `invalid_input` with the fields' names
 */
export const performNetverify = async (deps: VerifierDeps, caller: Client, order: PerformRequest): Promise<string> => {
  const { pictures, named, enabled } = picturesOf(caller, order)
  let session = await openScan(deps, caller, order, pictures.selfie !== undefined, named ?? null)
  for (const [side, bytes] of Object.entries(pictures) as [CaptureSide, Buffer | undefined][])
    if (session && bytes) session = await keepPicture(deps, session, { side, bytes, from: 'api' })
  const data = preparedDataOf(order, enabled)
  if (session && data) session = await keepPreparedData(deps, session, data)
  const tellArrived = order.callbackGranularity === 'onAllSteps'
  if (!session || !(await submitSession(deps, session, { tellArrived })))
    throw new Error('the scan was changed meanwhile')
  return session.id
}
