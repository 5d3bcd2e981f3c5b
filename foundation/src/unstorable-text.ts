import type { FastifyRequest } from 'fastify'

/** A lone surrogate is no character; NUL is one that PostgreSQL has no place for (text and jsonb, manual 8.3 and 8.14). */
const isUnstorable = (text: string): boolean => text.includes('\0') || !text.isWellFormed()

/** Whether a value that was parsed from JSON or a form has a text, as a key or a value, that the database cannot hold. */
export const hasUnstorableText = (value: unknown): boolean => {
  const open: unknown[] = [value]
  for (let next = open.pop(); open.length > 0 || next !== undefined; next = open.pop()) {
    if (typeof next === 'string' && isUnstorable(next)) return true
    if (typeof next !== 'object' || next === null || ArrayBuffer.isView(next)) continue
    for (const [key, inner] of Object.entries(next)) {
      if (isUnstorable(key)) return true
      if (inner !== undefined) open.push(inner)
    }
  }
  return false
}

/** Percent-encoded NUL, in an address or a form. */
const encodedNul = /%00/
/** What may be NUL or a surrogate in JSON: only a text that has one is parsed to see. */
const escapes = /\\u(0000|d[89a-f])/i

const isUnstorableText = (text: string, type: string): boolean => {
  if (type.startsWith('multipart/')) return false
  if (isUnstorable(text)) return true
  if (type.startsWith('application/x-www-form-urlencoded') && encodedNul.test(text)) return true
  if (!escapes.test(text)) return false
  try {
    return hasUnstorableText(JSON.parse(text))
  } catch {
    return false
  }
}

const textTypes = /^(application\/([\w.+-]+\+)?json|application\/x-www-form-urlencoded|text\/)/

/** First bytes of JPEG, PNG, WebP and PDF: a file is no text, whatever the caller says that it is. */
const signatures = [
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47],
  [0x52, 0x49, 0x46, 0x46],
  [0x25, 0x50, 0x44, 0x46],
]
const isFile = (body: Buffer): boolean =>
  signatures.some((signature) => signature.every((byte, index) => body[index] === byte))

const isUnstorableBody = ({ body, headers }: FastifyRequest): boolean => {
  const type = (headers['content-type'] ?? '').trim().toLowerCase()
  if (typeof body === 'string') return isUnstorableText(body, type)
  if (Buffer.isBuffer(body))
    return textTypes.test(type) && !isFile(body) && isUnstorableText(body.toString('utf8'), type)
  return hasUnstorableText(body)
}

/** `Basic` credentials (RFC 7617) reach the database as names. */
const isUnstorableBasic = (header: string | undefined): boolean => {
  const [, encoded] = /^Basic +(\S+)$/i.exec(header ?? '') ?? []
  return encoded !== undefined && Buffer.from(encoded, 'base64').includes(0)
}

/** Whether the address or a header of a request would become text that the database cannot hold. */
export const hasUnstorableAddress = ({ raw, headers }: FastifyRequest): boolean =>
  encodedNul.test(raw.url ?? '') || isUnstorableBasic(headers.authorization)

/** Whether the body of a request has text that the database cannot hold. Pictures and other files are not text. */
export const hasUnstorableBodyText = (request: FastifyRequest): boolean => isUnstorableBody(request)
