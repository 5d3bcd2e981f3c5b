import { ProviderError, type ProviderFault } from './port.ts'

const MAX_BYTES = 1_048_576

/** A call's answer, read whole and bounded. */
export type HttpAnswer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** Undici wraps the reason once or twice; the code of the innermost one tells. */
const faultOf = (error: unknown): ProviderFault => {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = String((at as { code?: unknown }).code ?? '')
    if (at.name === 'TimeoutError' || at.name === 'AbortError' || /TIMEOUT|ETIMEDOUT/.test(code)) return 'timeout'
    if (/ADDRESS_NOT_ALLOWED|SCHEME_NOT_ALLOWED/.test(code)) return 'address_not_allowed'
    if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) return 'tls'
  }
  return 'unreachable'
}

/** Milliseconds to wait by `Retry-After` (RFC 9110, 10.2.3), at most an hour; null where the answer does not say. */
export const retryAfterMsOf = (headers: Headers): number | null => {
  const value = headers.get('retry-after')
  if (!value) return null
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return Math.max(0, Math.min(seconds, 3_600)) * 1_000
  const at = Date.parse(value)
  const sentAt = Date.parse(headers.get('date') ?? '')
  if (Number.isNaN(at)) return null
  return Math.max(0, Math.min(at - (Number.isNaN(sentAt) ? Date.now() : sentAt), 3_600_000))
}

/** A status that is no success, as the port names it. `isSafe`: the call opens nothing, so that it may be repeated. */
export const errorOfStatus = (status: number, headers: Headers, isSafe: boolean): ProviderError => {
  const retryAfterMs = retryAfterMsOf(headers)
  if (status === 401) return new ProviderError('credentials_refused', { retryable: false })
  if (status === 403) return new ProviderError('forbidden', { retryable: false })
  if (status === 404 || status === 410) return new ProviderError('not_found', { retryable: false })
  if (status === 429) return new ProviderError('rate_limited', { retryable: true, retryAfterMs })
  if (status >= 500) return new ProviderError('server_error', { retryable: isSafe, retryAfterMs })
  if (status >= 400) return new ProviderError('bad_request', { retryable: false })
  // Redirects are faults: credentials never travel to another host.
  return new ProviderError('bad_response', { retryable: false })
}

const readText = async (response: Response): Promise<string> => {
  if (Number(response.headers.get('content-length') ?? 0) > MAX_BYTES) {
    await response.body?.cancel()
    throw new ProviderError('bad_response', { retryable: false })
  }
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > MAX_BYTES) throw new ProviderError('bad_response', { retryable: false })
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/**
 * One call with a deadline, an answer of at most 1 MiB and no redirects followed. Any status is an answer.
 *
 * @param options.isSafe the call opens nothing, so that it may be repeated after an ambiguous end
 * @throws {ProviderError} when there is no whole answer; it carries nothing of the request
 */
export const callOnce = async (
  fetch: typeof globalThis.fetch,
  url: string,
  init: RequestInit,
  options: { readonly timeoutMs: number; readonly isSafe: boolean },
): Promise<HttpAnswer> => {
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(options.timeoutMs) })
    return { status: response.status, headers: response.headers, text: await readText(response) }
  } catch (error) {
    if (error instanceof ProviderError) throw error
    const fault = faultOf(error)
    throw new ProviderError(fault, { retryable: options.isSafe && fault !== 'tls' && fault !== 'address_not_allowed' })
  }
}

/** The JSON of an answer. @throws {ProviderError} `bad_response` for a page or broken JSON */
export const jsonOf = (answer: HttpAnswer): unknown => {
  if (/^\s*</.test(answer.text) || /html/i.test(answer.headers.get('content-type') ?? ''))
    throw new ProviderError('bad_response', { retryable: false })
  try {
    return JSON.parse(answer.text)
  } catch {
    throw new ProviderError('bad_response', { retryable: true })
  }
}
