import { ApiError, errorMessage, readSentence, type SentenceCode } from '@veridoor/contract'
import type { FastifyReply } from 'fastify'

/** The answer that Casdoor's clients expect of everything but the OAuth endpoints: seven keys, all always there. */
export type Envelope = {
  readonly status: 'ok' | 'error'
  readonly msg: string
  readonly sub: string
  readonly name: string
  readonly data: unknown
  readonly data2: unknown
  readonly data3: unknown
}

const empty = { msg: '', sub: '', name: '', data: null, data2: null, data3: null } as const

/** The answer to a call that succeeded. */
export const ok = (data: unknown = null, more: Partial<Envelope> = {}): Envelope => ({
  status: 'ok',
  ...empty,
  data,
  ...more,
})

/** The answer to a call that failed. Casdoor's envelope has no place for a code: it stands in `data2`. */
export const failed = (msg: string, code = 'REFUSED', more: Partial<Envelope> = {}): Envelope => ({
  status: 'error',
  ...empty,
  msg,
  data2: { code },
  ...more,
})

/** Writes answer with one of two words. */
export const affected = (): Envelope => ok('Affected')
/** Nothing was changed. */
export const unaffected = (): Envelope => ok('Unaffected')

/** An error in Casdoor's words, with the envelope that answers it. */
export class CasdoorError extends Error {
  readonly envelope: Envelope
  constructor(msg: string, code = 'REFUSED', more: Partial<Envelope> = {}) {
    super(msg)
    this.name = 'CasdoorError'
    this.envelope = failed(msg, code, more)
  }
}

/** Casdoor's words for whatever the caller may not do. */
export const UNAUTHORIZED = 'Unauthorized operation'
export const unauthorized = (): CasdoorError => new CasdoorError(UNAUTHORIZED, 'FORBIDDEN')
/** For a call without credentials. Casdoor's clients look for these words in `data` as well. */
export const notSignedIn = (): CasdoorError =>
  new CasdoorError('Please login first', 'NOT_SIGNED_IN', { data: 'Please login first' })

const sentenceOf = (error: ApiError, code: SentenceCode): string => {
  const { title, body } = readSentence(code, error.values, { timeZone: 'UTC' })
  return `${title}. ${body}`.trim()
}

/** An error as an envelope: a sentence, names of fields and what is wrong with each, never a value. Undefined for unexpected errors. */
export const envelopeOf = (error: unknown): Envelope | undefined => {
  if (error instanceof CasdoorError) return error.envelope
  if (!(error instanceof ApiError)) return undefined
  const sentence = error.reason ? sentenceOf(error, error.reason) : errorMessage(error)
  const fields = error.fields.map(({ path, message }) => `${path}: ${message}`).join(' ')
  return failed([sentence, fields].filter(Boolean).join(' '), error.reason ?? error.code)
}

/** Always with HTTP 200, and never cached: the envelope says how it went. */
export const send = (reply: FastifyReply, envelope: Envelope): FastifyReply =>
  reply.code(200).header('cache-control', 'no-store').type('application/json; charset=utf-8').send(envelope)
