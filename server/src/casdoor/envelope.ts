import { ApiError, apiErrors, readSentence, type SentenceCode } from '@veridoor/contract'
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

/** The answer to a call that went well. */
export const ok = (data: unknown = null, more: Partial<Envelope> = {}): Envelope => ({
  status: 'ok',
  ...empty,
  data,
  ...more,
})

/** An answer with HTTP 200, as these clients expect it; the stable code is the one thing more (`data2`). */
export const failed = (msg: string, code = 'REFUSED', more: Partial<Envelope> = {}): Envelope => ({
  status: 'error',
  ...empty,
  msg,
  data2: { code },
  ...more,
})

/** Writes answer one of two words. */
export const affected = (): Envelope => ok('Affected')
/** Nothing was changed. */
export const unaffected = (): Envelope => ok('Unaffected')

/** Something that a client may read, in its own words. */
export class Failure extends Error {
  readonly envelope: Envelope
  constructor(msg: string, code = 'REFUSED', more: Partial<Envelope> = {}) {
    super(msg)
    this.name = 'Failure'
    this.envelope = failed(msg, code, more)
  }
}

/** Casdoor's words for whatever the caller may not do. */
export const UNAUTHORIZED = 'Unauthorized operation'
export const unauthorized = (): Failure => new Failure(UNAUTHORIZED, 'FORBIDDEN')
/** For a call without anybody; the words stand in `data` as well. */
export const signInFirst = (): Failure =>
  new Failure('Please login first', 'NOT_SIGNED_IN', { data: 'Please login first' })

const sentenceOf = (refusal: ApiError, code: SentenceCode): string => {
  const { title, body } = readSentence(code, refusal.values, { timeZone: 'UTC' })
  return `${title}. ${body}`.trim()
}

/** A refusal of ours as an envelope: a sentence, names of fields and what is wrong with them, never a value. */
export const envelopeOf = (error: unknown): Envelope | undefined => {
  if (error instanceof Failure) return error.envelope
  if (!(error instanceof ApiError)) return undefined
  const sentence = error.reason ? sentenceOf(error, error.reason) : apiErrors[error.code].message
  const fields = error.fields.map(({ path, message }) => `${path}: ${message}`).join(' ')
  return failed([sentence, fields].filter(Boolean).join(' '), error.reason ?? error.code)
}

/** Always with HTTP 200, and never cached: how it went is in the envelope. */
export const send = (reply: FastifyReply, envelope: Envelope): FastifyReply =>
  reply.code(200).header('cache-control', 'no-store').type('application/json; charset=utf-8').send(envelope)
