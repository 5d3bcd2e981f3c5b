import type { Transaction } from '@veridoor/foundation'
import type { Claim, CommonSettings } from '@veridoor/providers'
import { isDocumentKnown, lockIdentity as lockIdentityOf, type VerificationTrust } from '../accounts/index.ts'
import { addEvent } from '../events/index.ts'
import { announce } from './announce.ts'
import { decide, type FinalFinding, type Decision as Outcome } from './decide.ts'
import { type DecisionSource, findingDigestOf, writeDecision } from './decision.ts'
import { type Deps, decryptClaim, findingAad, systemAudit } from './deps.ts'
import { fingerprintOf } from './document-fingerprint.ts'
import { fillReason } from './fill-reasons.ts'
import { eraseAfterOf } from './retention.ts'
import { lockDocument, transition, type VerificationRow } from './store.ts'

/** Writes the verified values and locks them. The person's own spelling, unless a reviewer approved a near match. */
export const lockIdentity = async (
  deps: Deps,
  tx: Transaction,
  row: VerificationRow,
  what: {
    claim: Claim
    document: FinalFinding['document']
    realName: string
    isDemonstration: boolean
    trust: VerificationTrust
  },
): Promise<void> => {
  await lockIdentityOf(deps.accounts, tx, {
    userId: row.userId,
    verificationId: row.id,
    identity: {
      documentType: what.claim.type,
      documentNumber: what.claim.number,
      realName: what.realName,
      documentCountry: what.document.country ?? what.claim.country,
    },
    isDemonstration: what.isDemonstration,
    trust: what.trust,
    verifiedBy: `${row.providerOwner}/${row.providerName}`,
    documentFingerprint: fingerprintOf(deps, what.claim, what.document),
  })
  await addEvent(deps, tx, {
    organization: row.organization,
    type: 'user.sealed',
    payload: { user: row.userId, verification: row.id, trust: what.trust },
  })
}

/** `waiting` passes through `checking`, so that every result has been one of a check under way. */
const toChecking = async (deps: Deps, tx: Transaction, row: VerificationRow): Promise<VerificationRow | undefined> => {
  if (row.state !== 'waiting') return row
  const at = deps.clock.now()
  const moved = await transition(tx, row, 'checking', { checkingAt: at, nextStep: null }, at)
  if (moved) await deps.audit.append(tx, { ...systemAudit(row), before: 'waiting', after: 'checking' })
  return moved
}

/** References are UUIDs, which some providers echo in capitals or with blanks around them. */
const isSameReference = (echoed: string, stored: string): boolean =>
  echoed.trim().toLowerCase() === stored.trim().toLowerCase()

/** Whether a finding is about this check and this person; a provider that echoes no reference is taken at the one we asked for. */
export const matchesReferences = (row: VerificationRow, finding: FinalFinding): boolean => {
  const { verificationReference, subjectReference } = finding.echoed
  return (
    (verificationReference === null || isSameReference(verificationReference, row.id)) &&
    (subjectReference === null || isSameReference(subjectReference, row.subjectReference))
  )
}

/** ICAO 9303-3, 5: the code of specimens. A document of this state proves nobody, whatever a provider says of it. */
const SPECIMEN_COUNTRY = 'UTO'

/**
 * What this server knows of a check besides the finding: that the document is a specimen by its country, and that somebody else than
 * the account's owner came back, which leaves an approval to a reviewer.
 */
const asJudged = (row: VerificationRow, claim: Claim, finding: FinalFinding): FinalFinding => {
  const country = (finding.document.country ?? claim.country).trim().toUpperCase()
  const isElsewhere = row.cameBackElsewhere && finding.outcome === 'approved'
  return {
    ...finding,
    specimen: finding.specimen || country === SPECIMEN_COUNTRY,
    ...(isElsewhere
      ? { outcome: 'review' as const, staffReasons: [...finding.staffReasons, 'returned_elsewhere'] }
      : {}),
  }
}

/**
 * Decides by a finding: state, decision, locked fields, audit and outgoing events, all in the caller's transaction. The same for a
 * finding that was fetched and for one that came with the start.
 */
export const conclude = async (
  deps: Deps,
  tx: Transaction,
  row: VerificationRow,
  found: FinalFinding,
  settings: CommonSettings,
  source: DecisionSource,
): Promise<void> => {
  const { clock, audit } = deps
  const claim = decryptClaim(deps, row)
  const finding = asJudged(row, claim, found)
  const at = clock.now()
  const fingerprint = fingerprintOf(deps, claim, finding.document)
  if (finding.outcome === 'approved') await lockDocument(tx, row.organization, fingerprint)
  const decision: Outcome = decide(finding, claim, {
    faceRequired: row.faceRequired,
    livenessRequired: settings.livenessRequired ?? true,
    demonstration: deps.demonstration,
    today: at,
    isDocumentKnown: await isDocumentKnown(tx, row.organization, [fingerprint], row.userId),
  })
  const stored = JSON.stringify({ finding, match: decision.match })
  const checking = await toChecking(deps, tx, row)
  if (!checking) return
  const moved = await transition(
    tx,
    checking,
    decision.state,
    {
      reasons: decision.reasons.map(({ code }) => fillReason(code, { claim, document: finding.document, settings })),
      staffReasons: [...decision.staffReasons],
      checks: Object.entries(finding.checks).map(([check, result]) => ({ check, result })),
      finding: deps.cipher.encrypt(stored, findingAad(row.id)),
      ...writeDecision(deps, {
        ...source,
        verification: row.id,
        user: row.userId,
        organization: row.organization,
        state: decision.state,
        isTest: row.isTest,
        isDemonstration: finding.specimen,
        engineVersion: finding.engineVersion ?? null,
        finding: findingDigestOf(deps, stored),
        decidedAt: at.toISOString(),
        reviewedBy: null,
      }),
      documentFingerprint: fingerprint,
      isDemonstration: finding.specimen,
      countsAsTry: decision.countsAsTry,
      nextStep: null,
      nextPollAt: null,
      endedAt: decision.state === 'review' ? null : at,
      eraseAfter: decision.state === 'review' ? null : eraseAfterOf(settings, at),
    },
    at,
  )
  if (!moved) return
  if (decision.state === 'verified' && !row.isTest)
    await lockIdentity(deps, tx, moved, {
      claim,
      document: finding.document,
      realName: claim.realName,
      isDemonstration: finding.specimen,
      trust: source.trust,
    })
  await audit.append(tx, {
    ...systemAudit(row),
    before: 'checking',
    after: decision.state,
    reasons: [
      ...decision.reasons.map((reason) => reason.code),
      ...decision.staffReasons,
      ...(finding.specimen ? ['demonstration'] : []),
      ...(source.trust === 'organization' ? ['provider not approved by the installation'] : []),
    ],
  })
  await announce(deps, tx, moved, decision.state, source.trust)
}
