import { digest, keyedDigest, statementSigner } from '@veridoor/foundation'
import type { ProviderType } from '@veridoor/providers'
import { z } from 'zod'
import { approvalOf, destinationOfProvider, type ProviderRow } from '../organizations/index.ts'
import type { Deps } from './deps.ts'
import type { VerificationRow } from './store.ts'

const Decision = z.object({
  verification: z.string(),
  user: z.string(),
  organization: z.string(),
  state: z.enum(['verified', 'rejected', 'review', 'expired']),
  isTest: z.boolean(),
  isDemonstration: z.boolean(),
  provider: z.object({ owner: z.string(), name: z.string(), displayName: z.string(), type: z.string() }),
  /** Origins and choices that decided where the check went. */
  destination: z.array(z.string()),
  trust: z.enum(['installation', 'organization']),
  approvedBy: z.string().nullable(),
  engineVersion: z.string().nullable(),
  /** `register`: a register confirmed name and number, and nobody saw a document. */
  evidence: z.enum(['document', 'register']),
  /** Keyed digest of the finding and its comparison with the claim. */
  finding: z.string(),
  decidedAt: z.string(),
  reviewedBy: z.string().nullable(),
})
/** What was decided, and by whom: frozen in the row and signed, whatever becomes of the provider's settings. */
export type Decision = z.infer<typeof Decision>

/** The provider that gave a finding, as it was when the finding was fetched. */
export type DecisionSource = Pick<Decision, 'provider' | 'destination' | 'trust' | 'approvedBy' | 'evidence'>

/** Read before the provider is asked, from the very row that its adapter is opened with. */
export const sourceOf = (deps: Deps, provider: ProviderRow, type: ProviderType): DecisionSource => {
  const approval = approvalOf(deps.organizations, provider)
  return {
    provider: {
      owner: provider.owner,
      name: provider.name,
      displayName: provider.displayName,
      type: type.type,
    },
    destination: destinationOfProvider(deps.organizations, provider),
    trust: approval ? 'installation' : 'organization',
    approvedBy: approval?.by ?? null,
    evidence: type.evidence ?? 'document',
  }
}

const signerOf = (deps: Pick<Deps, 'cipher'>) => statementSigner(deps.cipher, 'decision')

/** Keyed, since findings hold few values that somebody could not guess. @param text the stored finding in clear */
export const findingDigestOf = (deps: Pick<Deps, 'cipher'>, text: string): string =>
  keyedDigest(deps.cipher.derive('finding digest'), digest(text))

/** The two columns of a decision. */
export const writeDecision = (deps: Pick<Deps, 'cipher'>, decision: Decision) => {
  const text = JSON.stringify(Decision.parse(decision))
  return { decision: text, decisionSignature: signerOf(deps).sign(text) }
}

/** The decision of a check; undefined unless its signature holds and it is about this very check, person and state. */
export const readDecision = (
  deps: Pick<Deps, 'cipher'>,
  row: Pick<
    VerificationRow,
    'id' | 'userId' | 'organization' | 'state' | 'isTest' | 'isDemonstration' | 'decision' | 'decisionSignature'
  >,
): Decision | undefined => {
  if (row.decision === null || !signerOf(deps).verify(row.decision, row.decisionSignature)) return undefined
  const decision = Decision.parse(JSON.parse(row.decision))
  const isOfRow =
    decision.verification === row.id &&
    decision.user === row.userId &&
    decision.organization === row.organization &&
    decision.state === row.state &&
    decision.isTest === row.isTest &&
    decision.isDemonstration === row.isDemonstration
  return isOfRow ? decision : undefined
}
