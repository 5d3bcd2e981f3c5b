import type { User, VerificationTrust } from '../accounts/index.ts'
import type { FinalFinding } from './decide.ts'
import { readDecision } from './decision.ts'
import { type Deps, decryptFinding } from './deps.ts'
import { findById } from './store.ts'

/** What an account was verified by, as other rooms may tell it. */
export type VerifiedIdentity = {
  readonly verifiedAt: Date
  readonly isDemonstration: boolean
  /** Whether the installation had approved the provider when it decided. */
  readonly trust: VerificationTrust
  /** Display name of the provider when it decided. */
  readonly verifier: string
  readonly providerType: string
  /** Origins and choices that decided where the check went. */
  readonly destination: readonly string[]
  readonly engineVersion: string | null
  /** Short reference that a person can quote. */
  readonly reference: string
  /** Whether a document was seen, or only a register asked. */
  readonly evidence: 'document' | 'register'
  /** What the document says. */
  readonly document: FinalFinding['document']
  /** Whether the person’s face was compared with the document’s, and passed. */
  readonly isFaceCompared: boolean
}

/**
 * The one answer to "is this account verified, and by whom". The account's own fields are signed (`accounts` tells no others), and so
 * is the decision that locked them: undefined unless both hold and belong together.
 */
export const verifiedIdentityOf = async (deps: Deps, user: User): Promise<VerifiedIdentity | undefined> => {
  if (!user.verifiedAt || !user.lockedBy || !user.trust) return undefined
  const row = await findById(deps.db, user.lockedBy)
  const decision = row && readDecision(deps, row)
  if (!row || decision?.state !== 'verified' || decision.user !== user.id || decision.isTest) return undefined
  if (decision.trust !== user.trust || decision.isDemonstration !== user.isDemonstration) return undefined
  const stored = decryptFinding(deps, row)
  return {
    verifiedAt: user.verifiedAt,
    isDemonstration: user.isDemonstration,
    trust: decision.trust,
    verifier: decision.provider.displayName,
    providerType: decision.provider.type,
    destination: decision.destination,
    engineVersion: decision.engineVersion,
    reference: row.reference,
    evidence: decision.evidence,
    document: stored?.finding.document ?? {},
    isFaceCompared: stored?.finding.checks.face === 'pass',
  }
}
