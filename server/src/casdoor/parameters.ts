import type { FastifyRequest } from 'fastify'
import { CasdoorError } from './envelope.ts'

/** Credentials, which Casdoor's clients may send in the address of any call. */
const CREDENTIALS = ['accessToken', 'access_token', 'clientId', 'clientSecret'] as const

/** How lists are asked for: a page, a filter by a part of a text, an order. */
export const LIST_PARAMETERS = ['owner', 'p', 'pageSize', 'field', 'value', 'sortField', 'sortOrder'] as const

const LONGEST_VALUE = 1_000

const invalid = (message: string): CasdoorError => new CasdoorError(message, 'INVALID_INPUT')

/** Neither an address nor PostgreSQL can hold these: NUL, and half of a surrogate pair. */
const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000')

/** Only names that could be a parameter are repeated in an answer. */
const quoted = (name: string): string => (/^[\w-]{1,50}$/.test(name) ? ` ${name}` : '')

/**
 * The query of a call. What is not understood is refused: a call that names somebody in a way that is not known here must never be taken
 * as a call about somebody else.
 *
 * @param known the parameters of this call, beside credentials; undefined: any, for calls that look at none
 * @throws {CasdoorError} for an unknown parameter, one with two values, or a value that is too long or no text
 */
export const readQuery = (
  request: FastifyRequest,
  known: readonly string[] | undefined,
): Readonly<Record<string, string>> => {
  const query: Record<string, string> = Object.create(null)
  for (const [name, sent] of Object.entries(request.query as Record<string, string | string[]>)) {
    if (known && ![...known, ...CREDENTIALS].includes(name)) throw invalid(`Unknown parameter${quoted(name)}`)
    const [value = '', ...others] = new Set([sent].flat())
    if (others.length > 0) throw invalid(`The parameter${quoted(name)} has two values`)
    if (value.length > LONGEST_VALUE) throw invalid(`The parameter${quoted(name)} is too long`)
    if (!isStorable(value)) throw invalid(`The parameter${quoted(name)} has characters that are not allowed`)
    query[name] = value
  }
  return query
}

/** The value of a parameter that is given and not empty. */
export const optional = (query: Readonly<Record<string, string>>, name: string): string | undefined =>
  query[name] || undefined

const isStorableJson = (value: unknown, depth = 0): boolean => {
  if (depth > 20) return false
  if (typeof value === 'string') return isStorable(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, item]) => isStorable(key) && isStorableJson(item, depth + 1))
}

/** @throws {CasdoorError} for text that cannot be stored, anywhere in a body */
export const assertStorable = (body: Readonly<Record<string, unknown>>): void => {
  if (!isStorableJson(body)) throw invalid('The body has characters that are not allowed, or is nested too deeply')
}
