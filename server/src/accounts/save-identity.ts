import { ApiError, DocumentNumber, maskDocumentNumber, RealName, readField } from '@veridoor/contract'
import type { Transaction } from '@veridoor/foundation'
import { eq, sql } from 'drizzle-orm'
import type { Actor } from '../organizations/index.ts'
import type { AccountsDeps } from './deps.ts'
import { assertEditable, changesAnything, type IdentityChange } from './lock.ts'
import { users } from './schema.ts'
import { findRowById, lockRow } from './store.ts'
import { documentNumberAad, toUser, type User, type UserRow } from './users.ts'

/** Names of the fields that a change is about: what an audit line may say of it. */
export const changedNames = (change: IdentityChange): string[] =>
  Object.keys(change).filter((key) => change[key as keyof IdentityChange] !== undefined)

/**
 * A change with each text in its one form, whatever wire it came by. What comes back as it is stored stays as it is.
 * @throws {ApiError} INVALID_INPUT naming the field
 */
export const canonicalChange = ({ identity }: User, change: IdentityChange): IdentityChange => ({
  ...change,
  ...(change.realName === undefined
    ? {}
    : { realName: readField('realName', RealName, change.realName, identity.realName) }),
  ...(change.documentNumber === undefined
    ? {}
    : {
        documentNumber: readField('documentNumber', DocumentNumber, change.documentNumber, identity.documentNumber),
      }),
})

/**
 * The only write of what a person claims. `held` must be held by this transaction.
 * @throws {ApiError} FIELD_REFUSED with field_sealed, or with the reason of a guard
 */
export const writeIdentity = async (
  deps: AccountsDeps,
  tx: Transaction,
  held: UserRow,
  wanted: IdentityChange,
): Promise<void> => {
  const user = toUser(deps.cipher, held)
  const change = canonicalChange(user, wanted)
  assertEditable(user, change)
  if (!changesAnything(user, change)) return
  for (const guard of deps.guards) await guard(tx, held.id)
  const number =
    change.documentNumber === undefined
      ? {}
      : {
          documentNumber:
            change.documentNumber === '' ? '' : deps.cipher.encrypt(change.documentNumber, documentNumberAad(held.id)),
          documentNumberMasked: maskDocumentNumber(change.documentNumber),
        }
  await tx
    .update(users)
    .set({
      ...(change.documentType === undefined ? {} : { documentType: change.documentType }),
      ...(change.realName === undefined ? {} : { realName: change.realName }),
      ...(change.documentCountry === undefined ? {} : { documentCountry: change.documentCountry }),
      ...number,
      updatedAt: deps.clock.now(),
      version: sql`${users.version} + 1`,
    })
    .where(eq(users.id, held.id))
}

/** @throws {ApiError} FIELD_REFUSED with field_sealed or field_fixed_while_open; NOT_FOUND */
export const saveIdentity = async (
  deps: AccountsDeps,
  actor: Actor,
  userId: string,
  change: IdentityChange,
): Promise<void> => {
  const before = await findRowById(deps.db, userId)
  if (!before) throw new ApiError('NOT_FOUND')
  const user = toUser(deps.cipher, before)
  assertEditable(user, canonicalChange(user, change))
  await deps.db.transaction(async (tx) => {
    const held = await lockRow(tx, userId)
    if (!changesAnything(toUser(deps.cipher, held), change)) return
    await writeIdentity(deps, tx, held, change)
    await deps.audit.append(tx, {
      organization: held.organization,
      actor: actor.name,
      action: 'update-user',
      target: `${held.organization}/${held.name}`,
      reasons: changedNames(change),
      address: actor.address,
    })
  })
}
