import { ApiError, maskDocumentNumber } from '@veridoor/contract'
import type { Transaction } from '@veridoor/foundation'
import { eq, sql } from 'drizzle-orm'
import type { AccountsDeps } from './deps.ts'
import type { IdentityChange } from './lock.ts'
import { users } from './schema.ts'
import { holdRow } from './store.ts'
import { documentNumberAad } from './users.ts'

/** Characters of a name that an account keeps; a document that prints more is cut, as its MRZ is (ICAO 9303-3, 4.6). */
const MAX_NAME = 200

/**
 * What is sealed. Type, name and country left out: those that the account has. `verifiedBy` is the provider's `owner/name`,
 * `documentFingerprint` a keyed digest.
 */
export type Seal = {
  readonly userId: string
  readonly verificationId: string
  readonly identity: IdentityChange & { documentNumber: string }
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
export const lockIdentity = async (deps: AccountsDeps, tx: Transaction, seal: Seal): Promise<void> => {
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
      documentType: seal.identity.documentType ?? held.documentType,
      documentNumber: deps.cipher.encrypt(seal.identity.documentNumber, documentNumberAad(held.id)),
      documentNumberMasked: maskDocumentNumber(seal.identity.documentNumber),
      realName: [...(seal.identity.realName ?? held.realName)].slice(0, MAX_NAME).join(''),
      documentCountry: seal.identity.documentCountry ?? held.documentCountry,
      verifiedAt: at,
      lockedBy: seal.verificationId,
      verifiedBy: seal.verifiedBy,
      isDemonstration: seal.isDemonstration,
      documentFingerprint: seal.documentFingerprint,
      updatedAt: at,
      version: sql`${users.version} + 1`,
    })
    .where(eq(users.id, held.id))
}
