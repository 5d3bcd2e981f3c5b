import type { OffsetPage } from '@veridoor/foundation'
import { CasdoorError, type Envelope, ok } from './envelope.ts'

/** A list without pages is answered whole, up to this many rows. */
const MOST_ROWS = 1_000
/** Pages reach this far: what comes later is found by a filter, or by the cursors of `/v1`. */
const LAST_ROW = 10_000

type Query = Readonly<Record<string, string>>
/** `isPaged`: whether the client asked for one page, and not for the whole list. */
export type ListQuery = OffsetPage & { readonly isPaged: boolean }

const invalid = (message: string): CasdoorError => new CasdoorError(message, 'INVALID_INPUT')

const wholeNumber = (query: Query, name: string, most: number): number | undefined => {
  const text = query[name]
  if (!text) return undefined
  const value = Number(text)
  if (!/^\d{1,9}$/.test(text) || value < 1 || value > most) throw invalid(`${name} must be a number from 1 to ${most}`)
  return value
}

const knownColumn = (name: string, columns: readonly string[], parameter: string): string => {
  if (!columns.includes(name)) throw invalid(`${parameter} must be one of ${columns.join(', ')}`)
  return name
}

/** A part of a list: `p` (from 1) and `pageSize`. A page size alone asks for the first page. */
const readPage = (query: Query): Pick<ListQuery, 'isPaged' | 'limit' | 'offset'> => {
  const size = wholeNumber(query, 'pageSize', MOST_ROWS)
  const page = wholeNumber(query, 'p', LAST_ROW)
  if (size === undefined && page !== undefined) throw invalid('p needs a pageSize')
  if (size === undefined) return { isPaged: false, limit: MOST_ROWS + 1, offset: 0 }
  const offset = ((page ?? 1) - 1) * size
  if (offset + size > LAST_ROW && offset > 0)
    throw new CasdoorError(
      `Pages end at row ${LAST_ROW}: narrow the list with field and value, or read it through /v1 with a cursor`,
      'TOO_LARGE',
    )
  return { isPaged: true, limit: size, offset }
}

/**
 * How a list is asked for by Casdoor's clients: whole or by pages, `field` and `value` for rows that contain a text, `sortField` and
 * `sortOrder`. Newest first when no order is given.
 *
 * @param columns the fields that can be filtered and sorted by; `createdTime` can only be sorted by
 * @throws {CasdoorError} for a parameter with a value that is not understood
 */
export const readListQuery = (query: Query, columns: readonly string[]): ListQuery => {
  const { field, value, sortField, sortOrder } = query
  if (sortOrder && !['ascend', 'descend'].includes(sortOrder)) throw invalid('sortOrder must be ascend or descend')
  return {
    ...readPage(query),
    ...(field && value ? { contains: { column: knownColumn(field, columns, 'field'), text: value } } : {}),
    sort: {
      column: sortField ? knownColumn(sortField, [...columns, 'createdTime'], 'sortField') : 'createdTime',
      isDescending: !sortField || sortOrder !== 'ascend',
    },
  }
}

/**
 * The answer to a list: the rows, and for a page in `data2` how many rows there are, counted up to 10,000 (`data3.isTotalCapped`).
 * @throws {CasdoorError} when a whole list has too many rows: it is never cut off in silence
 */
export const listEnvelope = <T>(
  list: ListQuery,
  found: { readonly rows: readonly T[]; readonly total: number; readonly isTotalCapped: boolean },
  toObject: (row: T) => Record<string, unknown>,
): Envelope => {
  if (!list.isPaged && found.rows.length > MOST_ROWS)
    throw new CasdoorError(`The list has more than ${MOST_ROWS} rows: ask for pages with p and pageSize`, 'TOO_LARGE')
  const data = found.rows.map(toObject)
  if (!list.isPaged) return ok(data)
  return ok(data, { data2: found.total, ...(found.isTotalCapped ? { data3: { isTotalCapped: true } } : {}) })
}
