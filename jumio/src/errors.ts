/** Why a call did not give a result. Stable; messages may change. */
export const jumioErrorCodes = [
  'invalid_input',
  'unreachable',
  'address_not_allowed',
  'tls',
  'timeout',
  'redirected',
  'not_jumio',
  'too_large',
  'bad_response',
  'bad_request',
  'unauthorized',
  'forbidden',
  'not_found',
  'rate_limited',
  'server_error',
] as const
export type JumioErrorCode = (typeof jumioErrorCodes)[number]

/**
 * The one error of this package. Its message holds a code and a status, never a value from the wire: answers of Jumio
 * may quote what was sent.
 */
export class JumioError extends Error {
  readonly code: JumioErrorCode
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined
  /** Jumio's handle for support (`X-Trackingid`), when it gave one. */
  readonly trackingId: string | undefined
  /** Whether the same call may succeed later. Never true for a call that may have created a transaction. */
  readonly retryable: boolean
  /** Milliseconds the other side asked to wait. */
  readonly retryAfterMs: number | undefined
  /** Names of fields: for `invalid_input` those that broke a documented rule, for `bad_response` those of another shape. */
  readonly fields: readonly string[]

  constructor(
    code: JumioErrorCode,
    detail: {
      status?: number
      trackingId?: string
      retryable?: boolean
      retryAfterMs?: number
      fields?: readonly string[]
      cause?: unknown
    } = {},
  ) {
    const where = detail.fields && detail.fields.length > 0 ? ` (${detail.fields.join(', ')})` : ''
    super(`jumio: ${code}${detail.status ? ` ${detail.status}` : ''}${where}`, { cause: detail.cause })
    this.name = 'JumioError'
    this.code = code
    this.status = detail.status
    this.trackingId = detail.trackingId
    this.retryable = detail.retryable ?? false
    this.retryAfterMs = detail.retryAfterMs
    this.fields = detail.fields ?? []
  }
}
