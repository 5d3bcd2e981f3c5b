import type { z } from 'zod'
import { JumioError, type JumioErrorCode } from './errors.ts'
import { type Pace, type RateClass, sharedPace } from './pace.ts'
import { isJumioHost } from './url-rules.ts'

/** How calls are sent. `timeoutMs`: milliseconds one try may take. */
export type Transport = {
  readonly fetch: typeof fetch
  /** `Company App/1.2.3`: Jumio refuses calls that do not name a company (section 2.2 of its guides). */
  readonly userAgent: string
  readonly timeoutMs: number
  /** Waits between tries of a safe read; replaced in tests. */
  readonly sleep: (ms: number) => Promise<void>
  /** Null where nobody counts: an address on this machine. */
  readonly pace: Pace | null
  /** The account at the other side: limits are per account. */
  readonly account: string
}

/** One call. Without `maxBytes` an answer of more than 1 MiB is `too_large`. */
export type Call = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  /** Left out only where Jumio asks for none (its health page). */
  readonly authorization?: string
  /** A form with files brings its own content type and boundary. */
  readonly body?: { readonly type: string; readonly text: string } | FormData
  /** A write that opens no transaction, such as asking for a token: repeating it costs nothing. */
  readonly repeatable?: boolean
  /** Tries in all. More than one only where a repeat cannot create anything. */
  readonly tries?: number
  readonly maxBytes?: number
  readonly accept?: string
  /** Which of the other side's counters this call is on, if any is documented. */
  readonly rate?: RateClass
}

/** An answer of 200 to 299; all others are errors. `sentAt`: milliseconds of the epoch, undefined without a `Date`. */
export type Answer = {
  readonly status: number
  readonly contentType: string
  readonly bytes: Uint8Array
  readonly trackingId: string | undefined
  /** The other side's own time when it answered, to count lifetimes without trusting that both clocks agree. */
  readonly sentAt: number | undefined
}

const JSON_LIMIT = 1_048_576
/** No picture of Jumio's is larger (section 3.14). */
export const PICTURE_LIMIT = 15 * 1_048_576

/** What every client of this package takes, in either generation. */
export type TransportOptions = {
  /** Names the operator's company, as Jumio asks: `Acme Shop/1.0`. */
  readonly userAgent: string
  /** Replaces the global fetch, for instance by one that refuses private addresses. */
  readonly fetch?: typeof fetch
  /** Milliseconds a call may take; 30,000 when left out. */
  readonly timeoutMs?: number
  readonly sleep?: (ms: number) => Promise<void>
  /** Keeps calls within documented limits; shared by the process when left out, null to send as fast as asked. */
  readonly pace?: Pace | null
}

/** @param base address that is called; only Jumio's own hosts are paced, unless a pace is given: other services that speak its API have limits of their own */
export const transportOf = (options: TransportOptions & { readonly token: string }, base: string): Transport => ({
  fetch: options.fetch ?? fetch,
  userAgent: options.userAgent,
  timeoutMs: options.timeoutMs ?? 30_000,
  sleep: options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))),
  pace: options.pace !== undefined ? options.pace : isJumioHost(base) ? sharedPace : null,
  account: options.token,
})

/** Where in an answer: names that the wire chose itself are not repeated. */
const placeOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => (/^\w{1,40}$/.test(String(part)) ? String(part) : '?')).join('.')

/** The answer in the shape that was expected. @throws {JumioError} `bad_response`, naming the fields and no value */
export const parseAnswer = <S extends z.ZodType>(schema: S, value: unknown): z.infer<S> => {
  const result = schema.safeParse(value)
  if (!result.success)
    throw new JumioError('bad_response', { fields: result.error.issues.map((issue) => placeOf(issue.path)) })
  return result.data
}

/** A picture's bytes; an answer of another kind is none. @throws {JumioError} */
export const pictureOf = ({ bytes, contentType }: Answer): Picture => {
  if (!/^image\//.test(contentType)) throw new JumioError('bad_response')
  return { bytes, contentType }
}
/** A picture as Jumio keeps it. The content type is what the answer said; nobody looked into the bytes. */
export type Picture = { readonly contentType: string; readonly bytes: Uint8Array }

/** Undici wraps the reason once or twice; this finds the code that tells. */
const networkCode = (error: unknown): JumioErrorCode => {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = String((at as { code?: unknown }).code ?? '')
    if (at.name === 'TimeoutError' || /TIMEOUT|ETIMEDOUT/.test(code)) return 'timeout'
    if (/ADDRESS_NOT_ALLOWED|SCHEME_NOT_ALLOWED/.test(code)) return 'address_not_allowed'
    if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code)) return 'tls'
  }
  return 'unreachable'
}

const timeOf = (value: string | null): number | undefined => {
  const at = Date.parse(value ?? '')
  return Number.isNaN(at) ? undefined : at
}

/** A moment is counted from the answer's own `Date`, so that a clock that is wrong on either side does not stretch the wait. */
const readRetryAfter = (headers: Headers): number | undefined => {
  const value = headers.get('retry-after')
  if (!value) return undefined
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return Math.max(0, Math.min(seconds, 3600)) * 1000
  const at = timeOf(value)
  if (at === undefined) return undefined
  return Math.max(0, Math.min(at - (timeOf(headers.get('date')) ?? Date.now()), 3_600_000))
}

const errorOf = (
  status: number,
  trackingId: string | undefined,
  retryAfterMs: number | undefined,
  mayCreate: boolean,
): JumioError => {
  const detail = {
    status,
    ...(trackingId ? { trackingId } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
  if (status >= 300 && status < 400) return new JumioError('redirected', detail)
  if (status === 400) return new JumioError('bad_request', detail)
  // Jumio documents 403 for missing credentials, 401 is as plausible: callers treat both alike and never retry.
  if (status === 401) return new JumioError('unauthorized', detail)
  if (status === 403) return new JumioError('forbidden', detail)
  if (status === 404 || status === 410) return new JumioError('not_found', detail)
  if (status === 429) return new JumioError('rate_limited', { ...detail, retryable: true })
  if (status >= 500) return new JumioError('server_error', { ...detail, retryable: !mayCreate })
  return new JumioError('bad_response', detail)
}

const readBody = async (response: Response, maxBytes: number): Promise<Uint8Array> => {
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    await response.body?.cancel()
    throw new JumioError('too_large', { status: response.status })
  }
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > maxBytes) throw new JumioError('too_large', { status: response.status })
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const once = async (transport: Transport, call: Call): Promise<Answer> => {
  // PUT counts: on the Platform it opens a further transaction of a known person.
  const mayCreate = (call.method === 'POST' || call.method === 'PUT') && !call.repeatable
  const { body } = call
  const signal = AbortSignal.timeout(transport.timeoutMs)
  try {
    const response = await transport.fetch(call.url, {
      method: call.method,
      redirect: 'manual',
      signal,
      headers: {
        accept: call.accept ?? 'application/json',
        'user-agent': transport.userAgent,
        ...(call.authorization ? { authorization: call.authorization } : {}),
        ...(body && !(body instanceof FormData) ? { 'content-type': body.type } : {}),
      },
      ...(body ? { body: body instanceof FormData ? body : body.text } : {}),
    })
    const trackingId = response.headers.get('x-trackingid') ?? undefined
    const bytes = await readBody(response, call.maxBytes ?? JSON_LIMIT)
    if (response.status < 200 || response.status >= 300)
      throw errorOf(response.status, trackingId, readRetryAfter(response.headers), mayCreate)
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      bytes,
      trackingId,
      sentAt: timeOf(response.headers.get('date')),
    }
  } catch (error) {
    if (error instanceof JumioError) throw error
    const code = networkCode(error)
    // An ambiguous end of a call that creates is not retried: each success is a billable transaction (section 2.8).
    throw new JumioError(code, {
      retryable: !mayCreate && code !== 'tls' && code !== 'address_not_allowed',
      cause: error,
    })
  }
}

/** Waits for its turn, calls, and remembers for the next ones when the other side asks to wait. */
const inTurn = async (transport: Transport, call: Call): Promise<Answer> => {
  const { pace } = transport
  const { rate } = call
  if (!pace || !rate) return once(transport, call)
  const who = `${new URL(call.url).host} ${transport.account}`
  const waitMs = pace.reserve(who, rate)
  if (waitMs > 0) await transport.sleep(waitMs)
  try {
    return await once(transport, call)
  } catch (error) {
    if (error instanceof JumioError && error.code === 'rate_limited') pace.hold(who, rate, error.retryAfterMs ?? 1_000)
    throw error
  }
}

/**
 * One call, repeated only where `tries` allows and the fault may pass, with growing jittered waits or as asked by
 * `Retry-After` (at most 30 s, else the fault is given back). Redirects are faults: credentials never travel on.
 *
 * @throws {JumioError}
 */
export const send = async (transport: Transport, call: Call): Promise<Answer> => {
  const tries = call.tries ?? 1
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTurn(transport, call)
    } catch (error) {
      if (!(error instanceof JumioError) || !error.retryable || attempt >= tries) throw error
      const waitMs = error.retryAfterMs ?? 250 * 2 ** attempt * (0.5 + Math.random())
      if (waitMs > 30_000) throw error
      await transport.sleep(waitMs)
    }
  }
}

/** @throws {JumioError} `not_jumio` for a page, `bad_response` for broken JSON */
export const jsonOf = (answer: Answer): unknown => {
  const text = new TextDecoder().decode(answer.bytes)
  if (/^\s*</.test(text) || /html/i.test(answer.contentType))
    throw new JumioError('not_jumio', { status: answer.status })
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new JumioError('bad_response', { status: answer.status, retryable: true, cause: error })
  }
}

/** The value of an `Authorization` header of HTTP Basic (section 2.2). */
export const basic = (token: string, secret: string): string =>
  `Basic ${Buffer.from(`${token}:${secret}`).toString('base64')}`
