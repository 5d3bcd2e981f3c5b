import { ApiError } from '@veridoor/contract'
import { isUuid } from '@veridoor/foundation'
import type { UserCursor, UserOrder } from '../accounts/index.ts'

const invalidCursor = (): ApiError =>
  new ApiError('INVALID_INPUT', {
    fields: [{ path: 'cursor', message: 'Invalid cursor. Send back the nextCursor of the page before.' }],
  })

/** The last row of a page that is ordered by time. */
export type TimeCursor = { readonly at: Date; readonly id: string }

/** `time/id`. */
export const toTimeCursor = (row: { readonly createdAt: Date; readonly id: string }): string =>
  `${row.createdAt.toISOString()}/${row.id}`

/** @throws {ApiError} INVALID_INPUT for a text that is not a cursor of such a list */
export const parseTimeCursor = (cursor: string | undefined): TimeCursor | undefined => {
  if (cursor === undefined) return undefined
  const [time = '', id = '', ...rest] = cursor.split('/')
  if (rest.length > 0 || !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(time) || Number.isNaN(Date.parse(time)) || !isUuid(id))
    throw invalidCursor()
  return { at: new Date(time), id }
}

/** The last row of a page that is ordered by owner and name: `owner/name`. */
export const toNameCursor = (owner: string, name: string): string => `${owner}/${name}`

/** @throws {ApiError} INVALID_INPUT for a text that is not a cursor of such a list */
export const parseNameCursor = (cursor: string | undefined): { owner: string; name: string } | undefined => {
  if (cursor === undefined) return undefined
  const [owner, name, ...rest] = cursor.split('/')
  if (!owner || !name || rest.length > 0) throw invalidCursor()
  return { owner, name }
}

/** The number of the last audit line of a page. @throws {ApiError} INVALID_INPUT for anything else */
export const parseNumberCursor = (cursor: string | undefined): number | undefined => {
  if (cursor === undefined) return undefined
  if (!/^\d{1,15}$/.test(cursor)) throw invalidCursor()
  return Number(cursor)
}

export const toUserCursor = (
  order: UserOrder,
  user: { readonly organization: string; readonly name: string; readonly createdAt: Date; readonly id: string },
): string => (order === 'newest' ? toTimeCursor(user) : toNameCursor(user.organization, user.name))

/** @throws {ApiError} INVALID_INPUT, for a cursor of another order too */
export const parseUserCursor = (order: UserOrder, cursor: string | undefined): UserCursor | undefined => {
  if (order === 'newest') {
    const after = parseTimeCursor(cursor)
    return after && { order, createdAt: after.at, id: after.id }
  }
  const after = parseNameCursor(cursor)
  return after && { order, organization: after.owner, name: after.name }
}

/** The cursor after a page that is ordered by name: null after the last one. */
export const nextName = (rows: readonly { readonly name: string }[], limit: number): string | null =>
  rows.length === limit ? (rows.at(-1)?.name ?? null) : null
