import { randomBytes, randomUUID } from 'node:crypto'
import { type CapturePart, isDocumentType } from '@veridoor/contract'
import { digest, newToken } from '@veridoor/foundation'
import { asksForFace, checkPerform, JumioError, type PerformRequest } from '@veridoor/jumio'
import { changeWithFiles } from '../change-with-files.ts'
import { keyRow, type VerifierDeps } from '../deps.ts'
import { keepPicture } from '../keep-picture.ts'
import { isApiPicture, isApiSize } from '../pictures.ts'
import { DATA_PART, type PreparedData } from '../platform/supporting-data.ts'
import type { Client } from '../schema.ts'
import { LAST_ATTEMPT } from '../session-rules.ts'
import { findSession, insertSession } from '../store.ts'
import { submitSession } from '../submit-session.ts'

const FACE_NEEDED = 'faceImage is needed where faces are compared. Send one, or enabledFields without idFaceMatch'

/**
 * What the caller says about the person and a document shows, too, of the fields that are enabled: nothing else is processed. Undefined
 * where it says nothing of that.
 */
const saidOf = (order: PerformRequest, enabled: readonly string[] | null): PreparedData | undefined => {
  const only = (name: string, value: string | undefined): string | undefined =>
    !enabled || enabled.includes(name) ? value : undefined
  const firstName = only('idFirstName', order.firstName)
  const lastName = only('idLastName', order.lastName)
  const dateOfBirth = only('idDob', order.dob)
  const idNumber = only('idNumber', order.number)
  const expiryDate = only('idExpiry', order.expiry)
  return [firstName, lastName, dateOfBirth, idNumber, expiryDate].some((value) => value)
    ? { firstName, lastName, dateOfBirth, id: { idNumber, expiryDate } }
    : undefined
}

/** Bytes of one picture: what the engine takes. */
const PICTURE_BYTES = 10 * 1_048_576

const pictureOf = (name: string, base64: string): Buffer => {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length > PICTURE_BYTES || !isApiPicture(bytes) || !isApiSize(bytes))
    throw new JumioError('invalid_input', { fields: [name] })
  return bytes
}

/**
 * Pictures taken elsewhere, sent for verification (section 3.14). Nobody is there to be asked again: one look decides.
 * @returns the reference of the new scan
 * @throws {JumioError} `invalid_input` with the fields' names
 */
export const performNetverify = async (
  deps: VerifierDeps,
  caller: Client,
  request: PerformRequest,
): Promise<string> => {
  const order = checkPerform(request, deps.allowLoopback)
  const front = pictureOf('frontsideImage', order.frontsideImage)
  const back = order.backsideImage ? pictureOf('backsideImage', order.backsideImage) : undefined
  const named = order.enabledFields?.split(',')
  const enabled = named ?? caller.enabledFields
  const wantsFace = !enabled || enabled.includes('idFaceMatch')
  // Nobody's document is approved for want of a face that should have been compared.
  if (!order.faceImage && (named ? wantsFace : wantsFace && asksForFace(caller.workflowId)))
    throw new JumioError('invalid_input', { fields: [FACE_NEEDED] })
  const face = wantsFace && order.faceImage ? pictureOf('faceImage', order.faceImage) : undefined
  // A face is compared only with the person's agreement.
  const agreed = order.userConsent && order.userConsent.consent?.obtained !== 'no'
  if (face && !agreed) throw new JumioError('invalid_input', { fields: ['userConsent'] })

  const { db, cipher: box, clock } = deps
  const at = clock.now()
  const id = randomUUID()
  const missing = { state: 'missing', code: null } as const
  await insertSession(db, {
    id,
    client: caller.token,
    customerReference: order.merchantIdScanReference,
    userReference: order.customerId ?? '',
    reportingCriteria: order.merchantReportingCriteria ?? null,
    callbackUrl: order.callbackUrl || caller.callbackUrl,
    workflowId: face ? 200 : 100,
    enabledFields: named ?? null,
    preset: null,
    // Jumio's word VISA names a kind that is not accepted here: without a choice the result is "unsupported".
    choice: isDocumentType(order.idType) ? { country: order.country, type: order.idType } : null,
    locale: caller.locale ?? 'en',
    state: 'PENDING',
    phase: 'open',
    // No page belongs to it: the token is never given out.
    tokenDigest: digest(newToken()),
    tokenExpiresAt: at,
    startedAt: at,
    lastActionAt: at,
    consentAt: face ? at : null,
    attempt: LAST_ATTEMPT,
    parts: { front: missing, back: missing, selfie: missing },
    pictureKey: box.encrypt(randomBytes(32).toString('base64'), keyRow(id)),
    source: 'API',
    clientIp: order.userConsent?.userIp ?? null,
    createdAt: at,
    updatedAt: at,
  })
  let session = await findSession(db, id)
  for (const [part, bytes] of Object.entries({ front, back, selfie: face }) as [CapturePart, Buffer | undefined][])
    if (session && bytes) session = await keepPicture(deps, session, { part, bytes, from: 'api' })
  const said = saidOf(order, enabled)
  if (session && said)
    session = await changeWithFiles(deps, session, {
      picture: { part: DATA_PART, bytes: Buffer.from(JSON.stringify(said)) },
      fields: () => ({ lastActionAt: at }),
    })
  const tellArrived = order.callbackGranularity === 'onAllSteps'
  if (!session || !(await submitSession(deps, session, { tellArrived })))
    throw new Error('the scan was changed meanwhile')
  return id
}
