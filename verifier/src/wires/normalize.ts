/** What a member of a request should be, so that what clients write in its place can be understood. */
export type Shape =
  /** `as`: letter case of words of a closed list. */
  | { readonly kind: 'text'; readonly as?: 'upper' | 'lower'; readonly read?: (text: string) => string }
  | { readonly kind: 'number' }
  | { readonly kind: 'list'; readonly items: Shape }
  | { readonly kind: 'object'; readonly members: Readonly<Record<string, Shape>> }

export const text: Shape = { kind: 'text' }
export const upper: Shape = { kind: 'text', as: 'upper' }
export const number: Shape = { kind: 'number' }
export const list = (items: Shape): Shape => ({ kind: 'list', items })
export const object = (members: Readonly<Record<string, Shape>>): Shape => ({ kind: 'object', members })

/** What clients write for an optional member that they do not set: Go's zero time, too. */
const ZERO_TIME = /^0001-01-01(T00:00:00(\.0+)?(Z|[+-]00:?00)?)?$/i

/** A date, of a date with a time. */
export const date: Shape = { kind: 'text', read: (value) => /^\d{4}-\d{2}-\d{2}(?=[T ])/.exec(value)?.[0] ?? value }

/** A time of any offset and precision, as the wire writes it: UTC with milliseconds. */
export const time: Shape = {
  kind: 'text',
  read: (value) => {
    const isWritten = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})$/i.test(value)
    const parsed = isWritten ? new Date(value.replace(' ', 'T').replace(/(\.\d{3})\d+/, '$1')) : null
    return parsed && !Number.isNaN(parsed.getTime()) ? parsed.toISOString() : value
  },
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** What PHP, Go and others write for nothing. */
const isEmpty = (value: unknown): boolean =>
  typeof value === 'string' ? value.trim() === '' : isObject(value) && Object.keys(value).length === 0

const textOf = (value: unknown, { as, read }: Shape & { kind: 'text' }): unknown => {
  const written = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
  if (typeof written !== 'string') return written
  if (ZERO_TIME.test(written.trim())) return undefined
  const cased = as === 'upper' ? written.trim().toUpperCase() : as === 'lower' ? written.trim().toLowerCase() : written
  return read ? read(cased) : cased
}

const numberOf = (value: unknown): unknown => {
  if (typeof value !== 'string') return value
  return /^[+-]?\d{1,15}(\.0*)?$/.test(value.trim()) ? Number(value) : value
}

/** One thing in place of a list of one, and PHP's arrays whose indexes were kept. */
const itemsOf = (value: unknown): unknown[] => {
  if (Array.isArray(value)) return value
  if (isObject(value) && Object.keys(value).length > 0 && Object.keys(value).every((name) => /^\d+$/.test(name)))
    return Object.values(value)
  return [value]
}

/**
 * A part of a request as its schema reads it. `null`, empty text, empty lists, empty objects and zero times of members mean "not
 * given"; numbers are understood as text and text as numbers; unknown members are left out. What cannot be understood stays as it is,
 * so that the schema names it. The depth is that of the shape, whatever the request nests.
 */
export const normalize = (value: unknown, shape: Shape): unknown => {
  if (value === null || value === undefined || isEmpty(value)) return undefined
  switch (shape.kind) {
    case 'text':
      return textOf(value, shape)
    case 'number':
      return numberOf(value)
    case 'list': {
      const items = itemsOf(value)
        .map((item) => normalize(item, shape.items))
        .filter((item) => item !== undefined)
      return items.length > 0 ? items : undefined
    }
    case 'object': {
      if (!isObject(value) || Array.isArray(value)) return value
      const members = Object.entries(shape.members).flatMap(([name, member]) => {
        const read = Object.hasOwn(value, name) ? normalize(value[name], member) : undefined
        return read === undefined ? [] : [[name, read] as const]
      })
      return members.length > 0 ? Object.fromEntries(members) : undefined
    }
  }
}

/**
 * JSON from the network. Numbers that JavaScript would write otherwise, such as references of twenty digits, stay text as they were
 * written. Undefined for what is no JSON, or nests too deep.
 */
export const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body.replace(/^\uFEFF/, ''), (_name, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' && context?.source !== undefined && String(value) !== context.source
        ? context.source
        : value,
    )
  } catch {
    return undefined
  }
}

/** The members of an order. A body that is something else than an object stays as it is, so that its schema says so. */
export const normalizeOrder = (body: unknown, shape: Shape): unknown =>
  body === null || body === undefined
    ? {}
    : isObject(body) && !Array.isArray(body)
      ? (normalize(body, shape) ?? {})
      : body
