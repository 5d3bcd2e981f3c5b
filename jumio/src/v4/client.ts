import type { z } from 'zod'
import { JumioError } from '../errors.ts'
import { basic, jsonOf, send, type Transport } from '../http.ts'
import { keepsUrlRules } from '../url-rules.ts'
import { sameReference } from '../values.ts'
import {
  DataResponse,
  type IdTypes,
  IdTypesResponse,
  ImagesResponse,
  InitiateRequest,
  InitiateResponse,
  StatusResponse,
} from './schemas.ts'

export type V4Options = {
  /** Base address, such as `https://netverify.com`; the region's host decides where data lives. */
  readonly baseUrl: string
  readonly token: string
  readonly secret: string
  /** Names the operator's company, as Jumio asks. */
  readonly userAgent: string
  /** A second pair for retrieval and deletion, where the account has one. */
  readonly retrieval?: { readonly token: string; readonly secret: string }
  readonly fetch?: typeof fetch
  /** Milliseconds a call may take; 30,000 when left out. */
  readonly timeoutMs?: number
  readonly sleep?: (ms: number) => Promise<void>
}

export type V4Client = {
  /** Opens a transaction (section 3.3). Never repeated by itself: each success is billable. @throws {JumioError} */
  initiate(request: InitiateRequest): Promise<InitiateResponse>
  /** `PENDING`, `DONE` or `FAILED` (section 3.11). @throws {JumioError} */
  status(reference: string): Promise<StatusResponse>
  /** The result; fetch it once, when the status is final. @throws {JumioError} */
  data(reference: string): Promise<DataResponse>
  images(reference: string): Promise<ImagesResponse>
  /** Bytes of one picture, at an address built from the reference: links in answers are never followed. */
  image(reference: string, classifier: 'front' | 'back' | 'face'): Promise<{ contentType: string; bytes: Uint8Array }>
  /** Deletes pictures and data for good. Gone already counts as done (section 3.12). */
  erase(reference: string): Promise<void>
  acceptedIdTypes(): Promise<IdTypes[]>
  supportedIdTypes(): Promise<IdTypes[]>
}

const parse = <S extends z.ZodType>(schema: S, value: unknown): z.infer<S> => {
  const result = schema.safeParse(value)
  if (!result.success)
    throw new JumioError('bad_response', { fields: result.error.issues.map((issue) => issue.path.join('.')) })
  return result.data
}

/** Checks the documented limits before anything is sent. @throws {JumioError} invalid_input with the fields' names */
export const checkInitiate = (request: InitiateRequest, allowLoopback: boolean): InitiateRequest => {
  const shape = InitiateRequest.safeParse(request)
  const fields = shape.success ? [] : shape.error.issues.map((issue) => issue.path.join('.'))
  if (request.successUrl && !keepsUrlRules(request.successUrl, { allowLoopback, maxLength: 2047 }))
    fields.push('successUrl')
  if (request.errorUrl && !keepsUrlRules(request.errorUrl, { allowLoopback, maxLength: 255 })) fields.push('errorUrl')
  if (request.callbackUrl && !keepsUrlRules(request.callbackUrl, { allowLoopback, maxLength: 255 }))
    fields.push('callbackUrl')
  if (!shape.success || fields.length > 0) throw new JumioError('invalid_input', { fields: [...new Set(fields)] })
  return shape.data
}

const isNear = (baseUrl: string): boolean => /^(localhost|127\.|\[::1\])/.test(new URL(baseUrl).host)

/**
 * A client of Netverify v4.
 * @example
 * const jumio = createV4Client({ baseUrl: 'https://netverify.com', token, secret, userAgent: 'Acme Shop/1.0' })
 * const { redirectUrl, transactionReference } = await jumio.initiate({ customerInternalReference, userReference, workflowId: 200 })
 */
export const createV4Client = (options: V4Options): V4Client => {
  const base = options.baseUrl.replace(/\/+$/, '')
  const transport: Transport = {
    fetch: options.fetch ?? fetch,
    userAgent: options.userAgent,
    timeoutMs: options.timeoutMs ?? 30_000,
    sleep: options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))),
  }
  const starting = basic(options.token, options.secret)
  const reading = options.retrieval ? basic(options.retrieval.token, options.retrieval.secret) : starting
  const at = (path: string): string => `${base}/api/netverify/v2${path}`
  const scan = (reference: string, rest = ''): string => at(`/scans/${encodeURIComponent(reference)}${rest}`)
  const get = async <S extends z.ZodType>(schema: S, url: string): Promise<z.infer<S>> =>
    parse(schema, jsonOf(await send(transport, { method: 'GET', url, authorization: reading, tries: 3 })))

  /** An answer about another transaction than the one asked for is no answer. */
  const about = <T extends { scanReference: string }>(reference: string, answer: T): T => {
    if (!sameReference(answer.scanReference, reference))
      throw new JumioError('bad_response', { fields: ['scanReference'] })
    return answer
  }

  return {
    async initiate(request) {
      const body = JSON.stringify(checkInitiate(request, isNear(base)))
      const answer = await send(transport, {
        method: 'POST',
        url: `${base}/api/v4/initiate`,
        authorization: starting,
        body: { type: 'application/json', text: body },
      })
      return parse(InitiateResponse, jsonOf(answer))
    },
    status: async (reference) => about(reference, await get(StatusResponse, scan(reference))),
    data: async (reference) => about(reference, await get(DataResponse, scan(reference, '/data'))),
    images: async (reference) => about(reference, await get(ImagesResponse, scan(reference, '/images'))),
    async image(reference, classifier) {
      const { bytes, contentType } = await send(transport, {
        method: 'GET',
        url: scan(reference, `/images/${classifier}`),
        authorization: reading,
        tries: 2,
        accept: 'image/jpeg, image/png',
        maxBytes: 15 * 1_048_576,
      })
      if (!/^image\//.test(contentType)) throw new JumioError('bad_response')
      return { bytes, contentType }
    },
    async erase(reference) {
      try {
        await send(transport, { method: 'DELETE', url: scan(reference), authorization: reading, tries: 3 })
      } catch (error) {
        if (!(error instanceof JumioError && error.code === 'not_found')) throw error
      }
    },
    acceptedIdTypes: async () => (await get(IdTypesResponse, at('/acceptedIdTypes'))).acceptedIdTypes ?? [],
    supportedIdTypes: async () => (await get(IdTypesResponse, at('/supportedIdTypes'))).supportedIdTypes ?? [],
  }
}
