import type { Transaction } from '@veridoor/foundation'
import type { Claim, CommonSettings } from '@veridoor/providers'
import { isDocumentKnown, lockIdentity as lockIdentityOf } from '../accounts/index.ts'
import { addEvent } from '../events/index.ts'
import { announce } from './announce.ts'
import { type Decision, decide, type FinalFinding } from './decide.ts'
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
  what: { claim: Claim; document: FinalFinding['document']; realName: string; isDemonstration: boolean },
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
    verifiedBy: `${row.providerOwner}/${row.providerName}`,
    documentFingerprint: fingerprintOf(deps, what.claim, what.document),
  })
  await addEvent(deps, tx, {
    organization: row.organization,
    type: 'user.sealed',
    payload: { user: row.userId, verification: row.id },
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

/**
 * Decides by a finding: state, decision, locked fields, audit and outgoing events, all in the caller's transaction. The same for a
 * finding that was fetched and for one that came with the start.
 */
export const conclude = async (
  deps: Deps,
  tx: Transaction,
  row: VerificationRow,
  finding: FinalFinding,
  settings: CommonSettings,
): Promise<void> => {
  const { clock, audit } = deps
  const claim = decryptClaim(deps, row)
  const at = clock.now()
  const fingerprint = fingerprintOf(deps, claim, finding.document)
  if (finding.outcome === 'approved') await lockDocument(tx, row.organization, fingerprint)
  const decision: Decision = decide(finding, claim, {
    faceRequired: row.faceRequired,
    livenessRequired: settings.livenessRequired ?? true,
    demonstration: deps.demonstration,
    today: at,
    isDocumentKnown: await isDocumentKnown(tx, row.organization, [fingerprint], row.userId),
  })
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
      finding: deps.cipher.encrypt(JSON.stringify({ finding, match: decision.match }), findingAad(row.id)),
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
    })
  await audit.append(tx, {
    ...systemAudit(row),
    before: 'checking',
    after: decision.state,
    reasons: [
      ...decision.reasons.map((reason) => reason.code),
      ...decision.staffReasons,
      ...(finding.specimen ? ['demonstration'] : []),
    ],
  })
  await announce(deps, tx, moved, decision.state)
}
