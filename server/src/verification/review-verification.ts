import { Refusal } from '@veridoor/contract'
import type { Caller } from '../accounts/index.ts'
import { announce } from './announce.ts'
import type { FinalFinding } from './decide.ts'
import { findingRow, openClaim, type Parts } from './parts.ts'
import { fingerprintOf, seal } from './settle-verification.ts'
import { findById, move, type VerificationRow } from './store.ts'

/** Administrators of the person's organization; strangers learn nothing. */
export const assertMayAdminister = (caller: Caller, row: VerificationRow): void => {
  if (caller.isGlobalAdmin) return
  if (caller.organization !== row.organization) throw new Refusal('NOT_FOUND')
  if (!caller.isAdmin) throw new Refusal('FORBIDDEN')
}

/** The name as printed, where a reviewer found it near enough; the person's own where the document gave none. */
const printedName = (document: FinalFinding['document'], claimed: string): string =>
  [document.firstName, document.lastName].filter(Boolean).join(' ') || claimed

/**
 * `review -> verified | rejected` by a named person with a reason. Nobody decides about themself.
 * @throws {Refusal} NOT_FOUND, FORBIDDEN, CHANGED_MEANWHILE, CONFLICT when another account has the document
 */
export const reviewVerification = async (
  parts: Parts,
  caller: Caller,
  id: string,
  input: { decision: 'approve' | 'reject'; reason: string; note: string },
): Promise<void> => {
  const { db, clock, audit, accounts } = parts
  const row = await findById(db, id)
  if (!row) throw new Refusal('NOT_FOUND')
  assertMayAdminister(caller, row)
  if (caller.userId === row.userId) throw new Refusal('FORBIDDEN', { reason: 'not_allowed' })
  if (row.state !== 'review' || !row.finding) throw new Refusal('CHANGED_MEANWHILE')
  const { finding } = JSON.parse(parts.box.open(row.finding, findingRow(row.id))) as { finding: FinalFinding }
  const claim = openClaim(parts, row)
  const to = input.decision === 'approve' ? 'verified' : 'rejected'

  await db.transaction(async (tx) => {
    const at = clock.now()
    const fingerprint = fingerprintOf(parts, claim, finding.document)
    if (to === 'verified' && (await accounts.isDocumentKnown(tx, row.organization, fingerprint, row.userId)))
      throw new Refusal('CONFLICT', {
        fields: [{ path: 'document', message: 'Another verified account has this document.' }],
      })
    if (to === 'verified' && finding.specimen && !parts.demonstration)
      throw new Refusal('CONFLICT', {
        fields: [{ path: 'document', message: 'A specimen proves nobody outside of demonstration mode.' }],
      })
    const moved = await move(
      tx,
      row,
      to,
      {
        endedAt: at,
        reviewedBy: caller.actor,
        reviewReason: input.reason,
        reviewNote: input.note === '' ? null : parts.box.seal(input.note, `verification:${row.id}:note`),
        reasons: to === 'verified' ? [] : [{ code: 'rejected_by_person', values: {} }],
      },
      at,
    )
    if (!moved) throw new Refusal('CHANGED_MEANWHILE')
    if (to === 'verified' && !row.isTest)
      await seal(parts, tx, moved, {
        claim,
        document: finding.document,
        realName: printedName(finding.document, claim.realName),
        isDemonstration: row.isDemonstration,
      })
    await audit.append(tx, {
      organization: row.organization,
      actor: caller.actor,
      action: 'review-verification',
      target: `${row.organization}/${row.userName}`,
      provider: `${row.providerOwner}/${row.providerName}`,
      reference: row.reference,
      before: 'review',
      after: to,
      reasons: ['decided by a person'],
      address: caller.address,
    })
    await announce(parts, tx, moved, to)
  })
}
