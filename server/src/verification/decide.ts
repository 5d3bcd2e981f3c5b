import type { SentenceCode, VerificationState } from '@veridoor/contract'
import { type Claim, type Finding, type Match, matchClaim, type Reason } from '@veridoor/providers'

/** A finding with an outcome: one that is pending has none. */
export type FinalFinding = Extract<Finding, { state: 'final' }>

/** What the decision depends on besides finding and claim. */
export type Policy = {
  readonly faceRequired: boolean
  /** False: a liveness that nobody assessed is accepted; one that failed or is unclear never is. */
  readonly livenessRequired: boolean
  /** Specimens count only while this server is in demonstration mode. */
  readonly demonstration: boolean
  readonly today: Date
  /** Another verified account of the organization has this document. */
  readonly isDocumentKnown: boolean
}

/**
 * What becomes of a check. The person is told `reasons`, never `staffReasons`; `match` is null where claim and document were not
 * compared.
 */
export type Decision = {
  readonly state: Extract<VerificationState, 'verified' | 'rejected' | 'review' | 'expired'>
  readonly reasons: readonly Reason[]
  readonly staffReasons: readonly string[]
  readonly countsAsTry: boolean
  readonly match: Match | null
}

const reason = (code: SentenceCode): Reason => ({ code, values: {} })

/**
 * Finding, claim and policy to a decision. Pure. Nothing unknown or missing adds up to `verified`, but what the policy does not
 * ask for: it takes passed checks of document and face, a claim that matches in every field, and a document that no other
 * account has.
 */
export const decide = (finding: FinalFinding, claim: Claim, policy: Policy): Decision => {
  const ended = (
    state: Decision['state'],
    reasons: readonly Reason[],
    extra: { staffReasons?: readonly string[]; countsAsTry?: boolean; match?: Match | null } = {},
  ): Decision => ({
    state,
    reasons,
    staffReasons: [...finding.staffReasons, ...(extra.staffReasons ?? [])],
    countsAsTry: extra.countsAsTry ?? true,
    match: extra.match ?? null,
  })

  switch (finding.outcome) {
    case 'expired':
      return ended('expired', finding.reasons.length > 0 ? finding.reasons : [reason('timed_out')], {
        countsAsTry: !finding.nothingSent,
      })
    case 'rejected':
    case 'retry':
      return ended('rejected', finding.reasons)
    case 'review': {
      const match = matchClaim(claim, finding.document, policy.today)
      return ended('review', [reason('under_review')], { staffReasons: match.staffReasons, match })
    }
    case 'approved':
      break
    default: {
      finding.outcome satisfies never
      return ended('review', [reason('under_review')], { staffReasons: ['outcome:unknown'] })
    }
  }

  if (finding.specimen && !policy.demonstration) return ended('rejected', [reason('sample_document')])
  const match = matchClaim(claim, finding.document, policy.today)
  const checks = finding.checks
  const needed = policy.faceRequired
    ? (['document', 'readable', 'face', 'liveness'] as const)
    : (['document', 'readable'] as const)
  const accepted = (check: (typeof needed)[number]): boolean =>
    checks[check] === 'pass' || (check === 'liveness' && !policy.livenessRequired && checks[check] === 'not_assessed')
  const missing = needed.filter((check) => !accepted(check))
  if (match.result === 'mismatch') return ended('rejected', match.reasons, { staffReasons: match.staffReasons, match })
  if (missing.length > 0)
    return ended('review', [reason('under_review')], {
      staffReasons: missing.map((check) => `${check}:${checks[check]}`),
      match,
    })
  if (match.result === 'review') return ended('review', match.reasons, { staffReasons: match.staffReasons, match })
  // The reason of every review, its code too: another would tell the person that the document is known.
  if (policy.isDocumentKnown)
    return ended('review', [reason('under_review')], { staffReasons: ['duplicate_identity'], match })
  return ended('verified', [], { match })
}
