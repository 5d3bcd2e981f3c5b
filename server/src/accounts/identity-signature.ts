import { type EnvelopeCipher, statementSigner } from '@veridoor/foundation'

/** Who answers for the provider that checked: this installation, or only the organization that added the provider. */
export const trusts = ['installation', 'organization'] as const
export type VerificationTrust = (typeof trusts)[number]

/** What a signature covers: every field that a verified account stands on. */
export type SignedIdentity = {
  readonly id: string
  readonly organization: string
  readonly documentType: string
  /** In clear; it is not part of the signature's text in the database, which holds the signature only. */
  readonly documentNumber: string
  readonly realName: string
  readonly documentCountry: string
  readonly verifiedAt: Date
  readonly lockedBy: string
  readonly verifiedBy: string
  readonly isDemonstration: boolean
  readonly documentFingerprint: string
  readonly trust: VerificationTrust
}

const textOf = (identity: SignedIdentity): string =>
  JSON.stringify([
    'identity 1',
    identity.id,
    identity.organization,
    identity.documentType,
    identity.documentNumber,
    identity.realName,
    identity.documentCountry,
    identity.verifiedAt.toISOString(),
    identity.lockedBy,
    identity.verifiedBy,
    identity.isDemonstration,
    identity.documentFingerprint,
    identity.trust,
  ])

/** Signed when an identity is locked. The key is not in the database, so that nobody who only writes there can make one. */
export const signIdentity = (cipher: EnvelopeCipher, identity: SignedIdentity): string =>
  statementSigner(cipher, 'identity').sign(textOf(identity))

/** Whether these very fields of this very account were locked by this server. */
export const isIdentitySigned = (cipher: EnvelopeCipher, identity: SignedIdentity, signature: string | null): boolean =>
  statementSigner(cipher, 'identity').verify(textOf(identity), signature)
