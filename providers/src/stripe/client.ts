import Stripe from 'stripe'
import { callOnce, errorOfStatus, jsonOf } from '../http.ts'
import { ProviderError, type Runtime } from '../port.ts'
import type { StripeConfig } from './config.ts'

const TIMEOUT_MS = 15_000

/**
 * Stripe's own client over the runtime's network. Every answer is bounded and classified before the client sees it, so that an error
 * of the port is all that can come out: the client's own errors quote requests.
 */
export const createStripe = (config: StripeConfig, runtime: Pick<Runtime, 'fetch' | 'timeoutMs'>): Stripe => {
  const { hostname, port, protocol } = new URL(config.endpoint)
  const isHttps = protocol === 'https:'
  const bounded: typeof fetch = async (input, init = {}) => {
    const isSafe = (init.method ?? 'GET').toUpperCase() === 'GET'
    const answer = await callOnce(runtime.fetch, String(input), init, {
      timeoutMs: runtime.timeoutMs ?? TIMEOUT_MS,
      isSafe,
    })
    if (answer.status < 200 || answer.status >= 300) throw errorOfStatus(answer.status, answer.headers, isSafe)
    jsonOf(answer)
    return new Response(answer.text, { status: answer.status, headers: answer.headers })
  }
  return new Stripe(config.secretKey, {
    httpClient: Stripe.createFetchHttpClient(bounded),
    host: hostname,
    port: port === '' ? (isHttps ? 443 : 80) : Number(port),
    protocol: isHttps ? 'https' : 'http',
    // Repeating is the caller's decision: it knows which calls open a check.
    maxNetworkRetries: 0,
    telemetry: false,
    timeout: (runtime.timeoutMs ?? TIMEOUT_MS) + 1_000,
  })
}

/** Makes a call and gives its result. @throws {ProviderError} and nothing else */
export const translating = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call()
  } catch (error) {
    if (error instanceof ProviderError) throw error
    const detail = error instanceof Stripe.errors.StripeError ? error.detail : undefined
    if (detail instanceof ProviderError) throw detail
    throw new ProviderError('bad_response', { retryable: false })
  }
}
