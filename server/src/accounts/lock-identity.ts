import { ApiError, maskDocumentNumber } from '@veridoor/contract'
import type { Transaction } from '@veridoor/foundation'
import { eq, sql } from 'drizzle-orm'
import type { AccountsDeps } from './deps.ts'
import { signIdentity, type VerificationTrust } from './identity-signature.ts'
import type { IdentityChange } from './lock.ts'
import { users } from './schema.ts'
import { lockRow } from './store.ts'
import { documentNumberAad } from './users.ts'

/** Characters of a name that an account keeps; a document that prints more is cut, as its MRZ is (ICAO 9303-3, 4.6). */
const MAX_NAME = 200

/**
 * What is locked. Type, name and country left out: those that the account has. `verifiedBy` is the provider's `owner/name`,
 * `documentFingerprint` a keyed digest.
 */
export type VerifiedIdentity = {
  readonly userId: string
  readonly verificationId: string
  readonly identity: IdentityChange & { documentNumber: string }
  readonly isDemonstration: boolean
  readonly verifiedBy: string
  readonly documentFingerprint: string
  /** Whether the installation had approved the provider. */
  readonly trust: VerificationTrust
}

/**
 * Writes the verified values, signs them and locks them for good. The database lets it pass only where a verification of this very
 * account ended verified in the same transaction or before.
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
  const locked = {
    documentType: verified.identity.documentType ?? held.documentType,
    realName: [...(verified.identity.realName ?? held.realName)].slice(0, MAX_NAME).join(''),
    documentCountry: verified.identity.documentCountry ?? held.documentCountry,
    verifiedAt: at,
    lockedBy: verified.verificationId,
    verifiedBy: verified.verifiedBy,
    isDemonstration: verified.isDemonstration,
    documentFingerprint: verified.documentFingerprint,
    trust: verified.trust,
  }
  const { documentNumber } = verified.identity
  await tx
    .update(users)
    .set({
      ...locked,
      documentNumber: deps.cipher.encrypt(documentNumber, documentNumberAad(held.id)),
      documentNumberMasked: maskDocumentNumber(documentNumber),
      identitySignature: signIdentity(deps.cipher, {
        ...locked,
        id: held.id,
        organization: held.organization,
        documentNumber,
      }),
      updatedAt: at,
      version: sql`${users.version} + 1`,
    })
    .where(eq(users.id, held.id))
}
