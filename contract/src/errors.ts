import { type SentenceCode, sentences } from './sentences.ts'

/**
 * Refusals: the caller can act. Each code has a status and a text; codes are stable, texts may change.
 * Start, field and technical refusals take their text from `sentences.ts`; the rest is listed here.
 */
export const apiErrors = {
  NOT_SIGNED_IN: { status: 401, message: 'Sign in first.' },
  SIGN_IN_REFUSED: {
    status: 401,
    message: 'Email or password is not right. Try again or reset your password.',
  },
  SECOND_STEP_NEEDED: { status: 401, message: 'Type the code that your authenticator app shows.' },
  SECOND_STEP_REFUSED: {
    status: 401,
    message: 'This code is not right, or was used already. Wait for the next one, or use a recovery code.',
  },
  PASSKEY_REFUSED: { status: 401, message: 'This passkey was not accepted. Try again, or use your password.' },
  EMAIL_CODE_REFUSED: {
    status: 401,
    message: 'This code is not right, or is too old. Try again, or ask for a new one.',
  },
  LINK_REFUSED: {
    status: 410,
    message: 'This link no longer works. It was used, or it is too old. Ask for a new one.',
  },
  PASSWORD_CHANGE_NEEDED: { status: 403, message: 'Choose a password of your own first, on the security page.' },
  FORBIDDEN: { status: 403, message: 'Your account may not do this.' },
  ORIGIN_REFUSED: { status: 403, message: 'This request came from another site.' },
  NOT_FOUND: { status: 404, message: 'There is nothing here, or it is not yours to see.' },
  CONFLICT: { status: 409, message: 'Something with this name exists already.' },
  NOT_APPROVABLE: { status: 409, message: 'This check cannot be approved.' },
  PICTURES_CLOSED: { status: 409, message: 'The pictures of this check cannot be shown.' },
  IN_USE: { status: 409, message: 'This is in use. Detach it first.' },
  CHANGED_MEANWHILE: { status: 409, message: 'Someone changed this meanwhile. Load it again.' },
  ENDPOINT_OFF: { status: 409, message: 'This endpoint is switched off. Switch it on first, then send the test.' },
  IDEMPOTENCY_MISMATCH: { status: 422, message: 'This Idempotency-Key came with another request before.' },
  IDEMPOTENCY_RUNNING: { status: 409, message: 'The first request with this Idempotency-Key is still at work.' },
  TOO_LARGE: { status: 413, message: 'The request is too large.' },
  INVALID_INPUT: { status: 422, message: 'Some fields are not right.' },
  TOO_MANY_REQUESTS: { status: 429, message: 'That was very fast. Wait a moment, then try again.' },
  START_REFUSED: { status: 409, message: 'The check cannot start.' },
  FIELD_REFUSED: { status: 409, message: 'This field cannot be changed.' },
  PROVIDER_OUTAGE: { status: 502, message: 'The check service is not answering.' },
  INTERNAL: { status: 500, message: 'The fault is ours. Try again; give the request id if it stays.' },
} as const satisfies Record<string, { status: number; message: string }>

export type ApiErrorCode = keyof typeof apiErrors

/**
 * A refusal thrown by a use case and answered by the HTTP layer. `reason` is a sentence code where the person
 * needs one (why a check cannot start, why a field is fixed); `fields` names inputs, never their values.
 */
export class ApiError extends Error {
  readonly code: ApiErrorCode
  readonly reason: SentenceCode | undefined
  readonly values: Readonly<Record<string, string | number>>
  readonly fields: readonly { path: string; message: string }[]

  constructor(
    code: ApiErrorCode,
    detail: {
      reason?: SentenceCode
      values?: Record<string, string | number>
      fields?: { path: string; message: string }[]
      cause?: unknown
    } = {},
  ) {
    super(detail.reason ? `${code}: ${sentences[detail.reason].title}` : apiErrors[code].message, {
      cause: detail.cause,
    })
    this.name = 'Refusal'
    this.code = code
    this.reason = detail.reason
    this.values = detail.values ?? {}
    this.fields = detail.fields ?? []
  }
}
