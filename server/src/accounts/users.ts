import type { IdentityField } from '@veridoor/contract'
import type { EnvelopeCipher } from '@veridoor/foundation'
import { isIdentitySigned, type VerificationTrust } from './identity-signature.ts'
import type { users } from './schema.ts'

/** An account as it is stored: `documentNumber` is encrypted for the row. */
export type UserRow = typeof users.$inferSelect

/** What a person claims of their document; an empty text is not said. Fixed once the account is verified. */
export type Identity = {
  readonly documentType: string
  /** The whole number, opened. For the person, and for claims that they agreed to: others get `documentNumberMasked`. */
  readonly documentNumber: string
  readonly realName: string
  readonly documentCountry: string
}

/** Verified for the outside: a specimen proves nobody outside of demonstration mode. */
export const countsAsVerified = (
  user: { readonly verifiedAt: Date | null; readonly isDemonstration: boolean },
  demonstration: boolean,
): boolean => user.verifiedAt !== null && (!user.isDemonstration || demonstration)

/** A person as other rooms know them. */
export type User = {
  readonly id: string
  readonly organization: string
  readonly name: string
  readonly displayName: string
  readonly email: string
  /** The person has shown that the address is theirs. */
  readonly emailVerified: boolean
  readonly isAdmin: boolean
  readonly isForbidden: boolean
  readonly mustChangePassword: boolean
  readonly hasPassword: boolean
  readonly application: string
  readonly identity: Identity
  readonly documentNumberMasked: string
  /** When the identity was locked for good, by a real verification or one with a specimen. */
  readonly verifiedAt: Date | null
  /** The provider, as `owner/name`; null while nobody verified them. */
  readonly verifiedBy: string | null
  readonly isDemonstration: boolean
  /** Whether the installation had approved the provider that verified; null while nobody verified them. */
  readonly trust: VerificationTrust | null
  /** The verification that sealed the identity. */
  readonly lockedBy: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly lastSignInAt: Date | null
  /** As the person wrote it. Kept with the keys of other clients, who know it by the same name; nobody has checked it. */
  readonly phone: string
  /** Keys that other clients send and expect back; nothing is decided by them here. */
  readonly extra: Readonly<Record<string, unknown>>
  readonly version: number
}

/** Who is asking. `actor` is the name in audit lines. */
export type Caller = {
  readonly userId: string
  readonly organization: string
  readonly name: string
  readonly isAdmin: boolean
  /** Administrator of the whole installation: an admin of organization `built-in`. */
  readonly isGlobalAdmin: boolean
  readonly application: string
  readonly address: string
  /** When this session was opened. */
  readonly signedInAt: Date
  /** How they signed in, by the names of RFC 8176: `pwd`, `otp`, `hwk`. */
  readonly methods: readonly string[]
  /**
   * An administrator whose organization demands a second factor, in a session without one. `isAdmin` is false until they sign in with
   * it.
   */
  readonly needsSecondFactor?: boolean
  /** Someone else set the password: nothing else goes before a new one is chosen. */
  readonly mustChangePassword: boolean
  readonly actor: string
  /** Where an API key asks: the person who made it, as in audit lines. Nobody does by a key what they may not do themself. */
  readonly keyMaker?: string
}

/** The organization whose administrators are those of the whole installation. */
export const BUILT_IN = 'built-in'

/** Additional data that a document number is encrypted with: it decrypts in this row only. */
export const documentNumberAad = (id: string): string => `user:${id}:documentNumber`

const unverified = { verifiedAt: null, verifiedBy: null, isDemonstration: false, trust: null, lockedBy: null } as const

/** What a row says of its verification counts only where this server signed it: whoever merely writes to the database cannot. */
const verificationOf = (cipher: EnvelopeCipher, row: UserRow, documentNumber: string) => {
  const { verifiedAt, verifiedBy, isDemonstration, trust, lockedBy, documentFingerprint } = row
  if (!verifiedAt || !verifiedBy || !trust || !lockedBy || !documentFingerprint) return unverified
  const identity = { ...row, documentNumber, verifiedAt, verifiedBy, trust, lockedBy, documentFingerprint }
  return isIdentitySigned(cipher, identity, row.identitySignature)
    ? { verifiedAt, verifiedBy, isDemonstration, trust, lockedBy }
    : unverified
}

const openNumber = (cipher: EnvelopeCipher, row: UserRow): string =>
  row.documentNumber === '' ? '' : cipher.decrypt(row.documentNumber, documentNumberAad(row.id))

/** Decrypts the document number and checks the identity's signature. @throws {DecryptionError} */
export const toUser = (cipher: EnvelopeCipher, row: UserRow): User => {
  const documentNumber = openNumber(cipher, row)
  return {
    id: row.id,
    organization: row.organization,
    name: row.name,
    displayName: row.displayName,
    email: row.email,
    emailVerified: row.email !== '' && row.emailVerifiedAt !== null,
    isAdmin: row.isAdmin,
    isForbidden: row.isForbidden,
    mustChangePassword: row.mustChangePassword,
    hasPassword: row.passwordHash !== '',
    application: row.application,
    identity: {
      documentType: row.documentType,
      documentNumber,
      realName: row.realName,
      documentCountry: row.documentCountry,
    },
    documentNumberMasked: row.documentNumberMasked,
    ...verificationOf(cipher, row, documentNumber),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    lastSignInAt: row.lastSignInAt,
    phone: typeof row.extra.phone === 'string' ? row.extra.phone : '',
    extra: row.extra,
    version: row.version,
  }
}

/** What a check needs and is still empty; the country is not needed. */
export const missingFields = (identity: Identity): IdentityField[] =>
  (['documentType', 'documentNumber', 'realName'] as const).filter((field) => identity[field].trim() === '')
