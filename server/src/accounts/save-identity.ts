import { maskNumber, Refusal } from '@veridoor/contract'
import type { Transaction } from '@veridoor/foundation'
import { eq, sql } from 'drizzle-orm'
import type { Actor } from '../organizations/index.ts'
import { assertEditable, changesAnything, type IdentityChange } from './lock.ts'
import type { Parts } from './parts.ts'
import { users } from './schema.ts'
import { findRowById, holdRow } from './store.ts'
import { numberRow, toUser, type UserRow } from './users.ts'

/** Names of the fields that a change is about: what an audit line may say of it. */
export const changedNames = (change: IdentityChange): string[] =>
  Object.keys(change).filter((key) => change[key as keyof IdentityChange] !== undefined)

/**
 * The only write of what a person claims. `held` must be held by this transaction.
 * @throws {Refusal} FIELD_REFUSED with field_sealed, or with the reason of a guard
 */
export const writeIdentity = async (
  parts: Parts,
  tx: Transaction,
  held: UserRow,
  change: IdentityChange,
): Promise<void> => {
  const user = toUser(parts.box, held)
  assertEditable(user, change)
  if (!changesAnything(user, change)) return
  for (const guard of parts.guards) await guard(tx, held.id)
  const number =
    change.idCard === undefined
      ? {}
      : {
          idCard: change.idCard === '' ? '' : parts.box.seal(change.idCard, numberRow(held.id)),
          idCardMasked: maskNumber(change.idCard),
        }
  await tx
    .update(users)
    .set({
      ...(change.idCardType === undefined ? {} : { idCardType: change.idCardType }),
      ...(change.realName === undefined ? {} : { realName: change.realName }),
      ...(change.idCardCountry === undefined ? {} : { idCardCountry: change.idCardCountry }),
      ...number,
      updatedAt: parts.clock.now(),
      version: sql`${users.version} + 1`,
    })
    .where(eq(users.id, held.id))
}

/** @throws {Refusal} FIELD_REFUSED with field_sealed or field_fixed_while_open; NOT_FOUND */
export const saveIdentity = async (
  parts: Parts,
  actor: Actor,
  userId: string,
  change: IdentityChange,
): Promise<void> => {
  const before = await findRowById(parts.db, userId)
  if (!before) throw new Refusal('NOT_FOUND')
  assertEditable(toUser(parts.box, before), change)
  await parts.db.transaction(async (tx) => {
    const held = await holdRow(tx, userId)
    await writeIdentity(parts, tx, held, change)
    await parts.audit.append(tx, {
      organization: held.organization,
      actor: actor.name,
      action: 'update-user',
      target: `${held.organization}/${held.name}`,
      reasons: changedNames(change),
      address: actor.address,
    })
  })
}
