import { Failure } from './envelope.ts'

const EXTRA_BYTES = 32_768

/**
 * Keys of an object that we only keep and echo: all but those that are columns here, that the server owns, or that would hold secrets.
 * @throws {Failure} when they are too many
 */
export const keptOf = (
  body: Readonly<Record<string, unknown>>,
  ours: ReadonlySet<string>,
  what: string,
): Record<string, unknown> => {
  const kept = Object.fromEntries(Object.entries(body).filter(([key]) => !ours.has(key)))
  if (JSON.stringify(kept).length > EXTRA_BYTES)
    throw new Failure(`The ${what} has too many further fields: 32 kB at most`, 'TOO_LARGE')
  return kept
}

/** A text of a body, or what stood before where it is none. */
export const textIn = (body: Readonly<Record<string, unknown>>, key: string, before = ''): string => {
  const value = body[key]
  return typeof value === 'string' ? value : before
}

/** A boolean of a body, or what stood before where it is none. */
export const flagIn = (body: Readonly<Record<string, unknown>>, key: string, before: boolean): boolean => {
  const value = body[key]
  return typeof value === 'boolean' ? value : before
}

/** Names of new objects, as Casdoor has them: none of the signs that mean something in an address. @throws {Failure} */
export const newName = (body: Readonly<Record<string, unknown>>): string => {
  const name = textIn(body, 'name')
  if (!/^[^/?:#&%=+;\s]{1,100}$/.test(name))
    throw new Failure('The name has 1 to 100 characters, none of / ? : # & % = + ; and no space', 'INVALID_INPUT')
  return name
}

const CAMEL = /_([a-z])/g

/** With `columns` only those of a body count, in either spelling. */
export const chosenOf = (call: {
  readonly query: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}): Readonly<Record<string, unknown>> => {
  const { columns } = call.query
  if (!columns) return call.body
  const wanted = new Set(
    columns.split(',').map((name) => name.trim().replace(CAMEL, (_all, letter) => letter.toUpperCase())),
  )
  return Object.fromEntries(Object.entries(call.body).filter(([key]) => wanted.has(key)))
}
