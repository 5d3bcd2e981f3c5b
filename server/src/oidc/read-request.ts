import type { IncomingMessage } from 'node:http'
import { parse } from 'node:querystring'
import { readBasic } from '@veridoor/foundation'
import type { FastifyRequest } from 'fastify'

export const FORM = 'application/x-www-form-urlencoded'
/** Bytes of a body at most: a request object or an ID token fits, a flood does not. */
export const BODY_BYTES = 56 * 1024
/** Characters of one authorization request at most, all members together. */
const REQUEST_CHARACTERS = 16 * 1024

const ADDRESS = Symbol('client address')

/** Notes the address that a request came from, which proxies may have named, for `clientAddressOf`. */
export const noteClientAddress = (request: FastifyRequest): void => {
  Object.assign(request.raw, { [ADDRESS]: request.ip })
}
/** The address that a request came from. Headers that nobody has vouched for do not count. */
export const clientAddressOf = (request: IncomingMessage): string =>
  (request as IncomingMessage & { [ADDRESS]?: string })[ADDRESS] ?? request.socket.remoteAddress ?? ''

const firstOf = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? (value[0] ?? '') : (value ?? '')

/** `id:secret` of Basic authentication, each form-encoded (RFC 6749, section 2.3.1). */
export const readClient = (header: string | undefined): { client_id: string; client_secret: string } | undefined => {
  const pair = readBasic(header)
  if (!pair) return undefined
  const decode = (part: string): string => {
    try {
      return decodeURIComponent(part.replaceAll('+', ' '))
    } catch {
      return part
    }
  }
  return { client_id: decode(pair.user), client_secret: decode(pair.password) }
}

const membersOfJson = (text: string): Record<string, string> | undefined => {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined
    return Object.fromEntries(
      Object.entries(parsed)
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
    )
  } catch {
    return undefined
  }
}

/** A member given twice is refused by the protocol (RFC 6749, section 3.2). */
const membersOfForm = (text: string): Record<string, string> | undefined => {
  const entries = Object.entries(parse(text))
  if (entries.some(([, value]) => Array.isArray(value))) return undefined
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value ?? '')]))
}

/** The body as text members, whether it came as a form or as JSON. Undefined when it is neither, or names a member twice. */
export const readMembers = (request: FastifyRequest): Record<string, string> | undefined => {
  const text = (request.body as string | undefined) ?? ''
  const type = firstOf(request.headers['content-type']).split(';')[0]?.trim().toLowerCase()
  return type === 'application/json' ? membersOfJson(text) : membersOfForm(text)
}

/** The members of the address. Undefined when one is named twice. */
export const readQuery = (address: string): Record<string, string> | undefined => {
  const at = address.indexOf('?')
  return membersOfForm(at === -1 ? '' : address.slice(at + 1))
}

/** Whether an authorization request is larger than any that makes sense. */
export const isTooLarge = (members: Readonly<Record<string, string>>): boolean =>
  Object.entries(members).reduce((sum, [name, value]) => sum + name.length + value.length, 0) > REQUEST_CHARACTERS
