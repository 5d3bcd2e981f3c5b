import { type Reason, type SentenceCode, type SentenceValues, sentences } from './sentences/index.ts'

/**
 * Errors that a caller can act on. Each code has a status and a text; codes are stable, texts may change.
 * Errors about starting a check, fields and technical problems take their text from `sentences/`; the rest is listed here.
 */
export const apiErrors = {
  NOT_SIGNED_IN: { status: 401, message: 'Sign in first.' },
  SIGN_IN_REFUSED: {
    status: 401,
    message: 'Wrong email or password. Try again, or reset your password.',
  },
  SECOND_STEP_NEEDED: { status: 401, message: 'Enter the code from your authenticator app.' },
  SECOND_STEP_REFUSED: {
    status: 401,
    message: 'Wrong code, or already used. Wait for the next one, or use a recovery code.',
  },
  PASSKEY_REFUSED: { status: 401, message: 'This passkey was not accepted. Try again, or use your password.' },
  EMAIL_CODE_REFUSED: {
    status: 401,
    message: 'Wrong code, or it has expired. Try again, or request a new one.',
  },
  LINK_REFUSED: {
    status: 410,
    message: 'This link has expired or was already used. Request a new one.',
  },
  PASSWORD_CHANGE_NEEDED: { status: 403, message: 'Choose a new password on the security page first.' },
  SECOND_FACTOR_NEEDED: {
    status: 403,
    message:
      'Administrators of this organization sign in with a second factor or a passkey. Set one up, then sign in with it.',
  },
  FORBIDDEN: { status: 403, message: 'You do not have permission to do this.' },
  ORIGIN_REFUSED: { status: 403, message: 'This request came from another site.' },
  NOT_FOUND: { status: 404, message: 'Not found, or you do not have access.' },
  CONFLICT: { status: 409, message: 'This name is already in use.' },
  NOT_APPROVABLE: { status: 409, message: 'This check cannot be approved.' },
  PICTURES_CLOSED: { status: 409, message: 'The pictures of this check are not available.' },
  IN_USE: { status: 409, message: 'This is in use. Remove it from where it is used first.' },
  CHANGED_MEANWHILE: { status: 409, message: 'Someone else has changed this. Reload it and make your change again.' },
  ENDPOINT_OFF: { status: 409, message: 'This endpoint is disabled. Enable it first, then send the test.' },
  IDEMPOTENCY_MISMATCH: { status: 422, message: 'This Idempotency-Key was used with another request.' },
  IDEMPOTENCY_RUNNING: { status: 409, message: 'The first request with this Idempotency-Key is still running.' },
  TOO_LARGE: { status: 413, message: 'The request is too large.' },
  INVALID_INPUT: { status: 422, message: 'Check the highlighted fields.' },
  TOO_MANY_REQUESTS: { status: 429, message: 'Too many attempts. Wait a moment, then try again.' },
  BUSY: { status: 503, message: 'The service is busy. Try again in a moment.' },
  START_REFUSED: { status: 409, message: 'The check cannot start.' },
  FIELD_REFUSED: { status: 409, message: 'This field cannot be changed.' },
  PROVIDER_OUTAGE: { status: 502, message: 'The verification service is not responding. Try again in a few minutes.' },
  INTERNAL: {
    status: 500,
    message: 'Something went wrong on our side. Try again. If it keeps happening, send us this request ID.',
  },
} as const satisfies Record<string, { status: number; message: string }>

export type ApiErrorCode = keyof typeof apiErrors

/** A sentence code with the values that its text needs: one that is missing does not compile. */
type Explanation = {
  [C in SentenceCode]: keyof SentenceValues[C] extends never
    ? { readonly reason: C; readonly values?: undefined }
    : { readonly reason: C; readonly values: SentenceValues[C] }
}[SentenceCode]

/** A reason as the detail of an error. */
export const explained = ({ code, values }: Reason): Explanation => ({ reason: code, values }) as Explanation

/**
 * Thrown by a use case and answered by the HTTP layer. `reason` is a sentence code where the person needs one (why a check
 * cannot start, why a field cannot be changed); `fields` names inputs, never their values.
 */
export class ApiError extends Error {
  readonly code: ApiErrorCode
  readonly reason: SentenceCode | undefined
  readonly values: Readonly<Record<string, string | number>>
  readonly fields: readonly { path: string; message: string }[]

  constructor(
    code: ApiErrorCode,
    detail: (Explanation | { reason?: undefined; values?: undefined }) & {
      fields?: { path: string; message: string }[]
      cause?: unknown
    } = {},
  ) {
    super(detail.reason ? `${code}: ${sentences[detail.reason].title}` : apiErrors[code].message, {
      cause: detail.cause,
    })
    this.name = 'ApiError'
    this.code = code
    this.reason = detail.reason
    this.values = detail.values ?? {}
    this.fields = detail.fields ?? []
  }
}

/** A time to wait as people say it: `14 minutes`, `1 minute`, `20 seconds`. Rounded up, so that nobody comes back too early. */
export const waitText = (seconds: number): string => {
  const [count, unit] =
    seconds < 60 ? [seconds, 'second'] : seconds < 5_400 ? [seconds / 60, 'minute'] : [seconds / 3_600, 'hour']
  const whole = Math.max(1, Math.ceil(count))
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`
}

/** The text of an error for the person who caused it. */
export const errorMessage = (error: ApiError): string => {
  const { seconds } = error.values
  return error.code === 'TOO_MANY_REQUESTS' && typeof seconds === 'number'
    ? `Too many attempts. Try again in ${waitText(seconds)}.`
    : apiErrors[error.code].message
}
