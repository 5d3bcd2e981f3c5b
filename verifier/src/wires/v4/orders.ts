import { checkInitiate, checkPerform, enabledFields, type InitiateRequest, type PerformRequest } from '@veridoor/jumio'
import { knownLocale } from '../../clients/client-settings.ts'
import { consentShape } from '../consent-shape.ts'
import { date, list, normalizeOrder, number, object, type Shape, text, upper } from '../normalize.ts'

/** A locale that is not served counts as absent: the client's own, or the browser's, is used. */
export const locale: Shape = { kind: 'text', read: (word) => knownLocale(word.trim()) ?? '' }

const initiateShape = object({
  customerInternalReference: text,
  userReference: text,
  reportingCriteria: text,
  successUrl: text,
  errorUrl: text,
  callbackUrl: text,
  workflowId: number,
  presets: list(object({ index: number, country: upper, type: upper })),
  locale,
  tokenLifetimeInMinutes: number,
})

/** Base64, as a data address, too. */
const picture: Shape = { kind: 'text', read: (base64) => base64.replace(/^data:[\w/+.-]{1,50};base64,/i, '') }
const mimeType: Shape = { kind: 'text', as: 'lower', read: (type) => (type === 'image/jpg' ? 'image/jpeg' : type) }
const granularities = ['onFinish', 'onAllSteps']
const granularity: Shape = {
  kind: 'text',
  as: 'lower',
  read: (word) => granularities.find((known) => known.toLowerCase() === word) ?? word,
}
/** Names separated by commas, in any letter case, with spaces around. */
const fieldNames: Shape = {
  kind: 'text',
  read: (names) =>
    names
      .split(',', 100)
      .map((name) => name.trim())
      .map((name) => enabledFields.find((known) => known.toLowerCase() === name.toLowerCase()) ?? name)
      .filter((name) => name !== '')
      .join(','),
}

const performShape = object({
  merchantIdScanReference: text,
  frontsideImage: picture,
  frontsideImageMimeType: mimeType,
  backsideImage: picture,
  backsideImageMimeType: mimeType,
  faceImage: picture,
  faceImageMimeType: mimeType,
  country: upper,
  idType: upper,
  customerId: text,
  userConsent: consentShape,
  enabledFields: fieldNames,
  merchantReportingCriteria: text,
  callbackUrl: text,
  callbackGranularity: granularity,
  firstName: text,
  lastName: text,
  number: text,
  usState: text,
  dob: date,
  expiry: date,
  personalNumber: text,
})

const withJoinedFields = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'enabledFields' in body && Array.isArray(body.enabledFields)
    ? { ...body, enabledFields: body.enabledFields.slice(0, 100).join(',') }
    : body

/** Reads an `initiate` call (section 3.3). @throws {JumioError} `invalid_input` with the fields' names */
export const readInitiate = (body: unknown, allowLoopback: boolean): InitiateRequest =>
  checkInitiate(normalizeOrder(body, initiateShape) as InitiateRequest, allowLoopback, { anyReference: true })

/** Reads a `performNetverify` call (section 3.14). @throws {JumioError} `invalid_input` with the fields' names */
export const readPerform = (body: unknown, allowLoopback: boolean): PerformRequest =>
  checkPerform(normalizeOrder(withJoinedFields(body), performShape) as PerformRequest, allowLoopback, {
    anyReference: true,
  })
