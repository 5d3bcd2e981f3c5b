import type { FastifyRequest } from 'fastify'
import { CasdoorError } from './envelope.ts'
import { assertStorable } from './parameters.ts'

type Body = Readonly<Record<string, unknown>>

/** The text fields of a form, multipart or percent-encoded; undefined for any other content type. Files are left out. */
const readForm = async (type: string, text: string): Promise<Body | undefined> => {
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)/i.test(type)) return undefined
  try {
    const fields = await new Response(text, { headers: { 'content-type': type } }).formData()
    return Object.fromEntries([...fields].filter(([, value]) => typeof value === 'string'))
  } catch {
    return undefined
  }
}

const readJson = (text: string): Body | undefined => {
  try {
    return JSON.parse(text) as Body
  } catch {
    return undefined
  }
}

/**
 * The body of a call: a JSON object, whatever its content type says, or a form. No body is an empty object.
 * @throws {CasdoorError} for anything else
 */
export const readBody = async (request: FastifyRequest): Promise<Body> => {
  const text = typeof request.body === 'string' ? request.body.trim() : ''
  if (text === '') return {}
  const body = text.startsWith('{') ? readJson(text) : await readForm(request.headers['content-type'] ?? '', text)
  if (!body) throw new CasdoorError('The body is not a JSON object', 'INVALID_INPUT')
  assertStorable(body)
  return body
}

/** A text of a body, or the fallback when the field is absent or no text. */
export const stringField = (body: Body, key: string, fallback = ''): string => {
  const value = body[key]
  return typeof value === 'string' ? value : fallback
}

/** A boolean of a body, or the fallback when the field is absent or no boolean. */
export const booleanField = (body: Body, key: string, fallback: boolean): boolean => {
  const value = body[key]
  return typeof value === 'boolean' ? value : fallback
}

/** The name of a new object: no character that has a meaning in an address. @throws {CasdoorError} */
export const newObjectName = (body: Body): string => {
  const name = stringField(body, 'name')
  if (!/^[^/?:#&%=+;\s]{1,100}$/.test(name) || name === '.' || name === '..')
    throw new CasdoorError(
      'A name has 1 to 100 characters, without spaces and without / ? : # & % = + ;',
      'INVALID_INPUT',
    )
  return name
}

const EXTRA_BYTES = 32_768

/** The name of a field as its readers may take it: some clients know neither capitals nor the sign between words. */
export const foldFieldName = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')

/**
 * Fields of an object that are only stored and returned: all but those that have a column here, that the server owns, or that would hold
 * secrets, in whatever spelling. What is stored like that is not encrypted.
 * @throws {CasdoorError} when they are larger than 32 kB together
 */
export const passThroughFields = (
  body: Body,
  ownFields: ReadonlySet<string>,
  kind: string,
): Record<string, unknown> => {
  const own = new Set([...ownFields].map(foldFieldName))
  const fields = Object.fromEntries(Object.entries(body).filter(([key]) => !own.has(foldFieldName(key))))
  if (JSON.stringify(fields).length > EXTRA_BYTES)
    throw new CasdoorError(`The ${kind} has too many further fields: 32 kB at most`, 'TOO_LARGE')
  return fields
}

const UNDERSCORE = /_([a-z])/g

/** The fields of a body that the `columns` parameter selects, in `snake_case` or `camelCase`; all of them without that parameter. */
export const selectedColumns = (call: {
  readonly query: Readonly<Record<string, string>>
  readonly body: Body
}): Body => {
  const { columns } = call.query
  if (!columns) return call.body
  const selected = new Set(
    columns.split(',').map((name) => name.trim().replace(UNDERSCORE, (_match, letter: string) => letter.toUpperCase())),
  )
  return Object.fromEntries(Object.entries(call.body).filter(([key]) => selected.has(key)))
}

/** Whether the `id` of a call names another object than its body does: such a call is refused, never believed by half. */
export const idContradictsBody = (query: Readonly<Record<string, string>>, body: Body): boolean => {
  const [owner, name] = (query.id ?? '').split('/')
  if (!owner || !name) return false
  return Object.entries({ owner, name }).some(
    ([key, named]) => typeof body[key] === 'string' && body[key] !== '' && body[key] !== named,
  )
}
