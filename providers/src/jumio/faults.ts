import { JumioError, type JumioErrorCode } from '@veridoor/jumio'
import { ProviderError, type ProviderFault } from '../port.ts'

const faults: Record<JumioErrorCode, ProviderFault> = {
  invalid_input: 'bad_request',
  unreachable: 'unreachable',
  address_not_allowed: 'address_not_allowed',
  tls: 'tls',
  timeout: 'timeout',
  redirected: 'bad_response',
  not_jumio: 'bad_response',
  too_large: 'bad_response',
  bad_response: 'bad_response',
  bad_request: 'bad_request',
  unauthorized: 'credentials_refused',
  forbidden: 'forbidden',
  not_found: 'not_found',
  rate_limited: 'rate_limited',
  server_error: 'server_error',
}

/** Their error in our words. Anything that is not theirs is a fault of ours and passes through. */
export const asProviderError = (error: unknown): unknown =>
  error instanceof JumioError
    ? new ProviderError(faults[error.code], {
        retryable: error.retryable,
        retryAfterMs: error.retryAfterMs ?? null,
        cause: error,
      })
    : error

/** Makes a call and gives its result. @throws {ProviderError} for a JumioError; other errors pass through */
export const translating = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call()
  } catch (error) {
    throw asProviderError(error)
  }
}
