import { maskDocumentNumber, ApiError } from '@veridoor/contract'
import type { Transaction } from '@veridoor/foundation'
import { eq, sql } from 'drizzle-orm'
import type { IdentityChange } from './lock.ts'
import type { Deps } from './deps.ts'
import { users } from './schema.ts'
import { holdRow } from './store.ts'
import { numberRow } from './users.ts'

/**
 * What is sealed. Type, name and country left out: those that the account has. `verifiedBy` is the provider's `owner/name`,
 * `documentFingerprint` a keyed digest.
 */
export type Seal = {
  readonly userId: string
  readonly verificationId: string
  readonly identity: IdentityChange & { idCard: string }
  readonly isDemonstration: boolean
  readonly verifiedBy: string
  readonly documentFingerprint: string
}

/**
 * Writes the verified values and seals them for good. The database lets it pass only where a verification of this very
 * account ended verified in the same transaction or before.
 *
 * @throws {ApiError} FIELD_REFUSED with field_sealed for an account that is sealed already
 */
export const lockIdentity = async (deps: Deps, tx: Transaction, seal: Seal): Promise<void> => {
  const held = await holdRow(tx, seal.userId)
  if (held.verifiedAt)
    throw new ApiError('FIELD_REFUSED', {
      reason: 'field_sealed',
      values: { date: held.verifiedAt.toISOString().slice(0, 10) },
    })
  const at = deps.clock.now()
  await tx
    .update(users)
    .set({
      idCardType: seal.identity.idCardType ?? held.idCardType,
      idCard: deps.cipher.encrypt(seal.identity.idCard, numberRow(held.id)),
      idCardMasked: maskDocumentNumber(seal.identity.idCard),
      realName: seal.identity.realName ?? held.realName,
      idCardCountry: seal.identity.idCardCountry ?? held.idCardCountry,
      verifiedAt: at,
      sealedBy: seal.verificationId,
      verifiedBy: seal.verifiedBy,
      isDemonstration: seal.isDemonstration,
      documentFingerprint: seal.documentFingerprint,
      updatedAt: at,
      version: sql`${users.version} + 1`,
    })
    .where(eq(users.id, held.id))
}
