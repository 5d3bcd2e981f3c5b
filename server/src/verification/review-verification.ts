import { ApiError } from '@veridoor/contract'
import type { Transaction } from '@veridoor/foundation'
import { type Claim, isNameRead, type Match, matchClaim } from '@veridoor/providers'
import { type Caller, findUserById, isDocumentKnown } from '../accounts/index.ts'
import { announce } from './announce.ts'
import { lockIdentity } from './conclude.ts'
import type { FinalFinding } from './decide.ts'
import { type Decision, readDecision, writeDecision } from './decision.ts'
import {
  auditOf,
  type Deps,
  decryptClaim,
  decryptFinding,
  LOOK_ACTION,
  reviewNoteAad,
  type StoredFinding,
} from './deps.ts'
import { fingerprintOf } from './document-fingerprint.ts'
import { assertMayAdminister } from './may.ts'
import { eraseAfterOf, settingsOf } from './retention.ts'
import { findById, lockDocument, transition, type VerificationRow } from './store.ts'

/** The whole name as printed; undefined where a part of it was not read. */
const printedName = ({ firstName, lastName }: FinalFinding['document']): string | undefined =>
  isNameRead(firstName) && isNameRead(lastName) ? `${firstName} ${lastName}` : undefined

/** What an approval seals: the name as printed, the person's own where a part of it was not read. */
export const nameToSeal = (document: FinalFinding['document'], claim: Claim): string =>
  printedName(document) ?? claim.realName

/**
 * How claim and document compare: as they did when the finding came, since a document ages; the name by the rules of now, which a
 * version before had for whole names only.
 */
export const matchOf = (kept: StoredFinding, claim: Claim, at: Date): Match => {
  const fresh = matchClaim(claim, kept.finding.document, at)
  return kept.match ? { ...kept.match, fields: { ...kept.match.fields, name: fresh.fields.name } } : fresh
}

/**
 * What no reason can approve: the claimed number, type and country are sealed, so the document must not show others. A name is the
 * reviewer's to judge, and is sealed as printed; where a part of it was not read, the claimed one is sealed and must not differ.
 */
const contradictionsOf = (match: Match, document: FinalFinding['document']): string[] => {
  const sealed = ['number', 'type', 'country', ...(printedName(document) ? [] : (['name'] as const))] as const
  const differing = sealed.filter((field) => match.fields[field] === 'different')
  return [
    ...(differing.length > 0
      ? [`The document shows another ${differing.join(' and ')} than the person wrote. Reject it: they can try again.`]
      : []),
    ...(match.fields.expiry === 'different'
      ? ['The document had expired. Reject it: they can try again with a valid one.']
      : []),
  ]
}

const refusedBecause = (messages: readonly string[]): ApiError =>
  new ApiError('NOT_APPROVABLE', { fields: messages.map((message) => ({ path: 'document', message })) })

const fieldWords = {
  name: 'name',
  number: 'number',
  type: 'type of document',
  country: 'country',
  expiry: 'expiry date',
} as const

/**
 * What an approval would rest on without anybody having seen it: fields that were not read, and a face that was not compared. A
 * reviewer who looked at the pictures has seen them. A register has no document to be looked at, only a name and a number.
 */
const unseenOf = (match: Match, finding: FinalFinding, evidence: Decision['evidence']): string[] => {
  const fields =
    evidence === 'register' ? (['name', 'number'] as const) : (['name', 'number', 'type', 'country', 'expiry'] as const)
  const unread = fields.filter((field) => match.fields[field] === 'absent').map((field) => fieldWords[field])
  const isFaceUnseen = evidence === 'document' && finding.checks.face === 'not_assessed'
  return [...unread, ...(isFaceUnseen ? ['face'] : [])]
}

/** Whether this very person saw the pictures of this check. Each look is an audit line, and one that showed nothing a second. */
const hasLooked = async (deps: Deps, row: VerificationRow, reviewer: string): Promise<boolean> => {
  const count = async (result: 'ok' | 'failed'): Promise<number> => {
    const { organization, reference } = row
    const filter = { organization, reference, actor: reviewer, action: LOOK_ACTION, result }
    return (await deps.audit.list({ ...filter, limit: 1 })).total
  }
  return (await count('ok')) > (await count('failed'))
}

/** @throws {ApiError} NOT_APPROVABLE with what stands against it, in words for the reviewer */
const assertApprovable = async (
  deps: Deps,
  tx: Transaction,
  row: VerificationRow,
  {
    claim,
    finding,
    match,
    evidence,
    hasSeenPictures,
  }: {
    claim: Claim
    finding: FinalFinding
    match: Match
    evidence: Decision['evidence']
    hasSeenPictures: boolean
  },
): Promise<void> => {
  const contradictions = contradictionsOf(match, finding.document)
  if (contradictions.length > 0) throw refusedBecause(contradictions)
  const unseen = unseenOf(match, finding, evidence)
  if (unseen.length > 0 && !hasSeenPictures)
    throw refusedBecause([
      `Not checked by the provider: ${unseen.join(', ')}. Look at the pictures before you approve.`,
    ])
  const fingerprint = fingerprintOf(deps, claim, finding.document)
  await lockDocument(tx, row.organization, fingerprint)
  if (await isDocumentKnown(tx, row.organization, [fingerprint], row.userId))
    throw refusedBecause(['Another verified account has this document.'])
  if (finding.specimen && !deps.demonstration)
    throw refusedBecause(['A specimen proves nobody outside of demonstration mode.'])
}

/**
 * `review -> verified | rejected` by a named person with a reason. Nobody decides about themself: not through a key that they
 * made either, and no key decides about an administrator.
 * @throws {ApiError} NOT_FOUND, FORBIDDEN, CHANGED_MEANWHILE, NOT_APPROVABLE when another account has the document, or it shows
 *   something else than what would be sealed
 */
export const reviewVerification = async (
  deps: Deps,
  caller: Caller,
  id: string,
  input: { decision: 'approve' | 'reject'; reason: string; note: string },
): Promise<void> => {
  const { db, clock, audit, accounts } = deps
  const row = await findById(db, id)
  if (!row) throw new ApiError('NOT_FOUND')
  assertMayAdminister(caller, row)
  if (caller.userId === row.userId) throw new ApiError('FORBIDDEN', { reason: 'not_allowed' })
  if (caller.keyMaker !== undefined) {
    const person = await findUserById(accounts, row.userId)
    if (person?.isAdmin || caller.keyMaker === `${row.organization}/${row.userName}`)
      throw new ApiError('FORBIDDEN', { reason: 'not_allowed' })
  }
  const kept = row.state === 'review' ? decryptFinding(deps, row) : null
  if (!kept) throw new ApiError('CHANGED_MEANWHILE')
  const { finding } = kept
  // Whoever only writes to the database cannot sign: an altered decision is nothing to build on.
  const made = readDecision(deps, row)
  if (!made) throw new ApiError('CHANGED_MEANWHILE')
  const claim = decryptClaim(deps, row)
  const to = input.decision === 'approve' ? 'verified' : 'rejected'
  const settings = await settingsOf(deps, row)
  const hasSeenPictures = await hasLooked(deps, row, caller.actor)

  await db.transaction(async (tx) => {
    const at = clock.now()
    const match = matchOf(kept, claim, at)
    if (to === 'verified')
      await assertApprovable(deps, tx, row, { claim, finding, match, evidence: made.evidence, hasSeenPictures })
    const moved = await transition(
      tx,
      row,
      to,
      {
        endedAt: at,
        eraseAfter: eraseAfterOf(settings, at),
        ...writeDecision(deps, { ...made, state: to, decidedAt: at.toISOString(), reviewedBy: caller.actor }),
        reviewedBy: caller.actor,
        reviewReason: input.reason,
        reviewNote: input.note === '' ? null : deps.cipher.encrypt(input.note, reviewNoteAad(row.id)),
        reasons: to === 'verified' ? [] : [{ code: 'rejected_by_person', values: {} }],
      },
      at,
    )
    if (!moved) throw new ApiError('CHANGED_MEANWHILE')
    if (to === 'verified' && !row.isTest)
      await lockIdentity(deps, tx, moved, {
        claim,
        document: finding.document,
        realName: nameToSeal(finding.document, claim),
        isDemonstration: row.isDemonstration,
        trust: made.trust,
      })
    await audit.append(tx, {
      ...auditOf(row),
      actor: caller.actor,
      action: 'review-verification',
      before: 'review',
      after: to,
      reasons: [
        'decided by a person',
        ...(made.trust === 'organization' ? ['provider not approved by the installation'] : []),
      ],
      address: caller.address,
    })
    await announce(deps, tx, moved, to, made.trust)
  })
}
