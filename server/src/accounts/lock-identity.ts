import { ApiError, maskDocumentNumber } from '@veridoor/contract'
import type { Transaction } from '@veridoor/foundation'
import { eq, sql } from 'drizzle-orm'
import type { AccountsDeps } from './deps.ts'
import type { IdentityChange } from './lock.ts'
import { users } from './schema.ts'
import { lockRow } from './store.ts'
import { documentNumberAad } from './users.ts'

/** Characters of a name that an account keeps; a document that prints more is cut, as its MRZ is (ICAO 9303-3, 4.6). */
const MAX_NAME = 200

/**
 * What a verification found. Type, name and country that are left out stay as the account has them. `verifiedBy` is the provider's `owner/name`,
 * `documentFingerprint` a keyed digest.
 */
export type VerifiedIdentity = {
  readonly userId: string
  readonly verificationId: string
  readonly identity: IdentityChange & { documentNumber: string }
  readonly isDemonstration: boolean
  readonly verifiedBy: string
  readonly documentFingerprint: string
}

/**
 * Writes the verified values and locks them for good. The database allows it only where a verification of this very account
 * ended verified in the same transaction or before.
 *
 * @throws {ApiError} FIELD_REFUSED with field_sealed for an account that is verified already
 */
export const lockIdentity = async (deps: AccountsDeps, tx: Transaction, verified: VerifiedIdentity): Promise<void> => {
  const held = await lockRow(tx, verified.userId)
  if (held.verifiedAt)
    throw new ApiError('FIELD_REFUSED', {
      reason: 'field_sealed',
      values: { date: held.verifiedAt.toISOString().slice(0, 10) },
    })
  const at = deps.clock.now()
  await tx
    .update(users)
    .set({
      documentType: verified.identity.documentType ?? held.documentType,
      documentNumber: deps.cipher.encrypt(verified.identity.documentNumber, documentNumberAad(held.id)),
      documentNumberMasked: maskDocumentNumber(verified.identity.documentNumber),
      realName: [...(verified.identity.realName ?? held.realName)].slice(0, MAX_NAME).join(''),
      documentCountry: verified.identity.documentCountry ?? held.documentCountry,
      verifiedAt: at,
      lockedBy: verified.verificationId,
      verifiedBy: verified.verifiedBy,
      isDemonstration: verified.isDemonstration,
      documentFingerprint: verified.documentFingerprint,
      updatedAt: at,
      version: sql`${users.version} + 1`,
    })
    .where(eq(users.id, held.id))
}
