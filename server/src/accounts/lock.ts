import { ApiError } from '@veridoor/contract'
import type { Identity, User } from './users.ts'

export type IdentityChange = Partial<Identity>

/**
 * The lock. Every write of identity fields passes here, before the transaction and again inside it with the row held, so
 * that a check and a write of someone else cannot slip in between. Verified fields are locked for good: a changed value is
 * refused for everyone, administrators included; an unchanged one is accepted, so that clients that send whole objects back
 * keep working. There is no unlocking; a trigger in the database stands behind this function.
 *
 * @throws {ApiError} FIELD_REFUSED with reason field_sealed
 */
export const assertEditable = (user: User, change: IdentityChange): void => {
  if (!user.verifiedAt) return
  const changed = (Object.keys(change) as (keyof Identity)[]).filter(
    (field) => change[field] !== undefined && change[field] !== user.identity[field],
  )
  if (changed.length === 0) return
  throw new ApiError('FIELD_REFUSED', {
    reason: 'field_sealed',
    values: { date: user.verifiedAt.toISOString().slice(0, 10) },
    fields: changed.map((field) => ({ path: field, message: 'This field is locked.' })),
  })
}

/** Whether a change would change anything at all. */
export const changesAnything = (user: User, change: IdentityChange): boolean =>
  (Object.keys(change) as (keyof Identity)[]).some(
    (field) => change[field] !== undefined && change[field] !== user.identity[field],
  )
