import type { z } from 'zod'
import { JumioError } from '../errors.ts'
import {
  basic,
  jsonOf,
  PICTURE_LIMIT,
  type Picture,
  parseAnswer,
  pictureOf,
  send,
  type TransportOptions,
  transportOf,
} from '../http.ts'
import { isNear, keepsUrlRules } from '../url-rules.ts'
import { consentFaults } from '../user-consent.ts'
import { holdsEmailAddress, sameReference } from '../values.ts'
import { PerformRequest, PerformResponse } from './perform.ts'
import {
  DataResponse,
  DocumentResponse,
  type IdTypes,
  IdTypesResponse,
  ImagesResponse,
  InitiateRequest,
  InitiateResponse,
  StatusResponse,
  TransactionResponse,
  VerificationResponse,
} from './schemas.ts'

/** What a client of Netverify v4 needs. */
export type V4Options = TransportOptions & {
  /** Base address, such as `https://netverify.com`; the region's host decides where data lives. */
  readonly baseUrl: string
  readonly token: string
  readonly secret: string
  /** A second pair for retrieval and deletion, where the account has one. */
  readonly retrieval?: { readonly token: string; readonly secret: string }
}

/** Every method: @throws {JumioError} */
export type V4Client = {
  /** Opens a transaction (section 3.3). Never repeated by itself: each success is billable. @throws {JumioError} */
  initiate(request: InitiateRequest): Promise<InitiateResponse>
  /** `PENDING`, `DONE` or `FAILED` (section 3.11). @throws {JumioError} */
  status(reference: string): Promise<StatusResponse>
  /** The result; fetch it once, when the status is final. @throws {JumioError} */
  data(reference: string): Promise<DataResponse>
  /** One part of the result, for callers that need no more. @throws {JumioError} */
  document(reference: string): Promise<DocumentResponse>
  transaction(reference: string): Promise<TransactionResponse>
  verification(reference: string): Promise<VerificationResponse>
  images(reference: string): Promise<ImagesResponse>
  /** Bytes of one picture, at an address built from the reference: links in answers are never followed. */
  image(reference: string, classifier: 'front' | 'back' | 'face'): Promise<Picture>
  /** One of the pictures of the liveness check, counted from 1. */
  livenessImage(reference: string, index: number): Promise<Picture>
  /** The face map's bytes, where the account keeps one. Biometric: hold it no longer than needed. */
  facemap(reference: string): Promise<Uint8Array>
  /** Sends pictures taken elsewhere (section 3.14) and gives the reference. Never repeated by itself. @throws {JumioError} */
  performNetverify(request: PerformRequest): Promise<PerformResponse>
  /** Deletes pictures and data for good. Gone already counts as done (section 3.12). */
  erase(reference: string): Promise<void>
  acceptedIdTypes(): Promise<IdTypes[]>
  supportedIdTypes(): Promise<IdTypes[]>
}

/**
 * Checks the documented limits before anything is sent.
 * @param options.anyReference a server takes references of any shape, as the real service does; a client keeps to the documentation,
 * which asks for no personal data in them (section 3.3)
 * @throws {JumioError} invalid_input with the fields' names
 */
export const checkInitiate = (
  request: InitiateRequest,
  allowLoopback: boolean,
  options: { anyReference?: boolean } = {},
): InitiateRequest => {
  const shape = InitiateRequest.safeParse(request)
  const fields = shape.success ? [] : shape.error.issues.map((issue) => issue.path.join('.'))
  if (request.successUrl && !keepsUrlRules(request.successUrl, { allowLoopback, maxLength: 2047 }))
    fields.push('successUrl')
  if (request.errorUrl && !keepsUrlRules(request.errorUrl, { allowLoopback, maxLength: 255 })) fields.push('errorUrl')
  if (request.callbackUrl && !keepsUrlRules(request.callbackUrl, { allowLoopback, maxLength: 255 }))
    fields.push('callbackUrl')
  for (const name of ['customerInternalReference', 'userReference', 'reportingCriteria'] as const)
    if (!options.anyReference && holdsEmailAddress(String(request[name] ?? ''))) fields.push(name)
  if (!shape.success || fields.length > 0) throw new JumioError('invalid_input', { fields: [...new Set(fields)] })
  return shape.data
}

/** Checks the documented limits of the API channel, as `checkInitiate`; its callback address may carry no query at all. @throws {JumioError} */
export const checkPerform = (
  request: PerformRequest,
  allowLoopback: boolean,
  options: { anyReference?: boolean } = {},
): PerformRequest => {
  const shape = PerformRequest.safeParse(request)
  const fields = shape.success ? [] : shape.error.issues.map((issue) => issue.path.join('.'))
  const { callbackUrl } = request
  if (callbackUrl && (callbackUrl.includes('?') || !keepsUrlRules(callbackUrl, { allowLoopback, maxLength: 255 })))
    fields.push('callbackUrl')
  if (shape.success) fields.push(...consentFaults(shape.data.userConsent))
  for (const name of ['merchantIdScanReference', 'customerId', 'merchantReportingCriteria'] as const)
    if (!options.anyReference && holdsEmailAddress(String(request[name] ?? ''))) fields.push(name)
  if (!shape.success || fields.length > 0) throw new JumioError('invalid_input', { fields: [...new Set(fields)] })
  return shape.data
}

/**
 * A client of Netverify v4.
 * @example
 * const jumio = createV4Client({ baseUrl: 'https://netverify.com', token, secret, userAgent: 'Acme Shop/1.0' })
 * const { redirectUrl, transactionReference } = await jumio.initiate({ customerInternalReference, userReference, workflowId: 200 })
 */
export const createV4Client = (options: V4Options): V4Client => {
  const base = options.baseUrl.replace(/\/+$/, '')
  const transport = transportOf(options, base)
  const allowLoopback = isNear(base)
  const starting = basic(options.token, options.secret)
  const reading = options.retrieval ? basic(options.retrieval.token, options.retrieval.secret) : starting
  const addressOf = (path: string): string => `${base}/api/netverify/v2${path}`
  const scan = (reference: string, rest = ''): string => addressOf(`/scans/${encodeURIComponent(reference)}${rest}`)
  const get = async <S extends z.ZodType>(schema: S, url: string): Promise<z.infer<S>> =>
    parseAnswer(
      schema,
      jsonOf(await send(transport, { method: 'GET', url, authorization: reading, tries: 3, rate: 'v4-retrieval' })),
    )

  /** An answer about another transaction than the one asked for is no answer. */
  const about = <T extends { scanReference: string }>(reference: string, answer: T): T => {
    if (!sameReference(answer.scanReference, reference))
      throw new JumioError('bad_response', { fields: ['scanReference'] })
    return answer
  }

  const write = async (url: string, body: unknown): Promise<unknown> =>
    jsonOf(
      await send(transport, {
        method: 'POST',
        url,
        authorization: starting,
        body: { type: 'application/json', text: JSON.stringify(body) },
        rate: 'v4-initiate',
      }),
    )
  const picture = async (url: string): Promise<Picture> =>
    pictureOf(
      await send(transport, {
        method: 'GET',
        url,
        authorization: reading,
        tries: 2,
        accept: 'image/jpeg, image/png',
        maxBytes: PICTURE_LIMIT,
        rate: 'v4-retrieval',
      }),
    )

  return {
    initiate: async (request) =>
      parseAnswer(InitiateResponse, await write(`${base}/api/v4/initiate`, checkInitiate(request, allowLoopback))),
    performNetverify: async (request) =>
      parseAnswer(PerformResponse, await write(addressOf('/performNetverify'), checkPerform(request, allowLoopback))),
    status: async (reference) => about(reference, await get(StatusResponse, scan(reference))),
    data: async (reference) => about(reference, await get(DataResponse, scan(reference, '/data'))),
    document: async (reference) => about(reference, await get(DocumentResponse, scan(reference, '/data/document'))),
    transaction: async (reference) =>
      about(reference, await get(TransactionResponse, scan(reference, '/data/transaction'))),
    verification: async (reference) =>
      about(reference, await get(VerificationResponse, scan(reference, '/data/verification'))),
    images: async (reference) => about(reference, await get(ImagesResponse, scan(reference, '/images'))),
    image: (reference, classifier) => picture(scan(reference, `/images/${classifier}`)),
    livenessImage: (reference, index) => picture(scan(reference, `/images/liveness/${Math.trunc(index)}`)),
    async facemap(reference) {
      const url = scan(reference, '/data/facemap')
      const rate = 'v4-retrieval' as const
      const found = { method: 'GET' as const, url, authorization: reading, tries: 2, rate, maxBytes: PICTURE_LIMIT }
      const answer = await send(transport, { ...found, accept: 'application/octet-stream, */*' })
      if (/html|json/i.test(answer.contentType)) throw new JumioError('bad_response', { status: answer.status })
      return answer.bytes
    },
    async erase(reference) {
      try {
        await send(transport, { method: 'DELETE', url: scan(reference), authorization: reading, tries: 3 })
      } catch (error) {
        if (!(error instanceof JumioError && error.code === 'not_found')) throw error
      }
    },
    acceptedIdTypes: async () => (await get(IdTypesResponse, addressOf('/acceptedIdTypes'))).acceptedIdTypes ?? [],
    supportedIdTypes: async () => (await get(IdTypesResponse, addressOf('/supportedIdTypes'))).supportedIdTypes ?? [],
  }
}
