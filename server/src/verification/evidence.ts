import { findProvider } from '../organizations/index.ts'
import type { FinalFinding } from './decide.ts'
import { type Deps, decryptFinding } from './deps.ts'
import { findById } from './store.ts'

/** What an account was sealed by, as identity claims tell of it. */
export type Evidence = {
  readonly document: FinalFinding['document']
  /** Short reference that a person can quote. */
  readonly reference: string
  /** Whether the person’s face was compared with the document’s, and passed. */
  readonly isFaceCompared: boolean
  /** Display name of the provider, as configured. */
  readonly verifier: string
}

/** @param id the verification that sealed the account (`lockedBy`); undefined when its finding is not kept any more */
export const evidenceOf = async (deps: Deps, id: string): Promise<Evidence | undefined> => {
  const row = await findById(deps.db, id)
  if (row?.state !== 'verified') return undefined
  const provider = await findProvider(deps.organizations.db, row.providerOwner, row.providerName)
  const stored = decryptFinding(deps, row)
  return {
    document: stored?.finding.document ?? {},
    reference: row.reference,
    isFaceCompared: stored?.finding.checks.face === 'pass',
    verifier: provider?.displayName ?? row.providerName,
  }
}
