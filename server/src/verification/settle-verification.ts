import { keyedDigest, type Transaction } from '@veridoor/foundation'
import { type Claim, type CommonSettings, normalizeDocumentNumber, ProviderError } from '@veridoor/providers'
import { sql } from 'drizzle-orm'
import { isDocumentKnown, lockIdentity } from '../accounts/index.ts'
import { addEvent } from '../events/index.ts'
import { findProvider, openProvider, recordFault, recordSuccess } from '../organizations/index.ts'
import { announce } from './announce.ts'
import { type Decision, decide, type FinalFinding } from './decide.ts'
import { auditOf, type Deps, findingAad, openClaim } from './deps.ts'
import { fillReason } from './fill-reasons.ts'
import { eraseAfterOf, settingsOf } from './retention.ts'
import { afterFault, nextLook } from './schedule.ts'
import { findById, move, touch, type VerificationRow } from './store.ts'

const DAY_MS = 86_400_000
const system = (row: VerificationRow) => ({
  ...auditOf(row),
  actor: 'system',
  action: 'verification',
})

const fingerprintIn = (
  deps: Deps,
  claim: Claim,
  document: FinalFinding['document'],
  fold: (text: string) => string,
): string =>
  keyedDigest(
    deps.cipher.derive('document fingerprint'),
    [
      fold(document.country ?? claim.country),
      fold(document.type ?? claim.type),
      normalizeDocumentNumber(document.number ?? claim.number),
    ].join('|'),
  )

/** One document, one verified account in an organization. Keyed, so that a dump does not tell whose number it is; case does not count. */
export const fingerprintOf = (deps: Deps, claim: Claim, document: FinalFinding['document']): string =>
  fingerprintIn(deps, claim, document, (text) => text.trim().toUpperCase())

/** The document's fingerprint, and those of former versions, which took country and type in the case that they came in. */
export const fingerprintsOf = (deps: Deps, claim: Claim, document: FinalFinding['document']): string[] => [
  fingerprintOf(deps, claim, document),
  ...[(text: string) => text, (text: string) => text.toLowerCase()].map((fold) =>
    fingerprintIn(deps, claim, document, fold),
  ),
]

/** Two accounts with one document are decided one after the other: the second sees the first. Until the transaction's end. */
export const holdDocument = async (tx: Transaction, organization: string, fingerprint: string): Promise<void> => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${organization}:${fingerprint}`}, 1))`)
}

/** Writes the verified values and their seal. The person's own spelling, unless a reviewer approved a near match. */
export const seal = async (
  deps: Deps,
  tx: Transaction,
  row: VerificationRow,
  what: { claim: Claim; document: FinalFinding['document']; realName: string; isDemonstration: boolean },
): Promise<void> => {
  await lockIdentity(deps.accounts, tx, {
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
  const moved = await move(tx, row, 'checking', { checkingAt: at, redirectUrl: null }, at)
  if (moved) await deps.audit.append(tx, { ...system(row), before: 'waiting', after: 'checking' })
  return moved
}

const belongs = (row: VerificationRow, finding: FinalFinding): boolean => {
  const { verificationReference, subjectReference } = finding.echoed
  return (
    (verificationReference === null || verificationReference === row.id) &&
    (subjectReference === null || subjectReference === row.subjectReference)
  )
}

/** State, decision, sealed fields, audit and outgoing events: all in one transaction, or none. */
const conclude = async (
  deps: Deps,
  row: VerificationRow,
  finding: FinalFinding,
  settings: CommonSettings,
): Promise<void> => {
  const { db, clock, audit } = deps
  const claim = openClaim(deps, row)
  await db.transaction(async (tx) => {
    const at = clock.now()
    const fingerprint = fingerprintOf(deps, claim, finding.document)
    if (finding.outcome === 'approved') await holdDocument(tx, row.organization, fingerprint)
    const decision: Decision = decide(finding, claim, {
      faceRequired: row.faceRequired,
      livenessRequired: settings.livenessRequired ?? true,
      demonstration: deps.demonstration,
      today: at,
      isDocumentKnown: await isDocumentKnown(
        tx,
        row.organization,
        fingerprintsOf(deps, claim, finding.document),
        row.userId,
      ),
    })
    const checking = await toChecking(deps, tx, row)
    if (!checking) return
    const moved = await move(
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
        redirectUrl: null,
        nextPollAt: null,
        endedAt: decision.state === 'review' ? null : at,
        eraseAfter: decision.state === 'review' ? null : eraseAfterOf(settings, at),
      },
      at,
    )
    if (!moved) return
    if (decision.state === 'verified' && !row.isTest)
      await seal(deps, tx, moved, {
        claim,
        document: finding.document,
        realName: claim.realName,
        isDemonstration: finding.specimen,
      })
    await audit.append(tx, {
      ...system(row),
      before: 'checking',
      after: decision.state,
      reasons: [
        ...decision.reasons.map((reason) => reason.code),
        ...decision.staffReasons,
        ...(finding.specimen ? ['demonstration'] : []),
      ],
    })
    await announce(deps, tx, moved, decision.state)
  })
}

/** Nothing more will come: closed without a verdict, and no try used up. */
const giveUp = async (deps: Deps, row: VerificationRow, how: 'expired' | 'failed', cause: string): Promise<void> => {
  const at = deps.clock.now()
  // Before the transaction: one that waits for a second connection while many others hold theirs may wait for ever.
  const eraseAfter = eraseAfterOf(await settingsOf(deps, row), at, row.expiresAt)
  await deps.db.transaction(async (tx) => {
    const moved = await move(
      tx,
      row,
      how,
      {
        endedAt: at,
        eraseAfter,
        nextPollAt: null,
        redirectUrl: null,
        countsAsTry: false,
        reasons: [{ code: how === 'expired' ? 'timed_out' : 'interrupted', values: {} }],
        staffReasons: [cause],
      },
      at,
    )
    if (!moved) return
    await deps.audit.append(tx, {
      ...system(row),
      before: row.state,
      after: how,
      reasons: [cause],
      result: how === 'failed' ? 'failed' : 'ok',
    })
    await announce(deps, tx, moved, how)
  })
}

/** A result that came after the end: never changes state or seal; an approval that turned bad raises an alarm. */
const noteLate = async (deps: Deps, row: VerificationRow, finding: FinalFinding): Promise<void> => {
  if (row.state !== 'verified' || finding.outcome === 'approved' || row.lateResult === finding.outcome) return
  await deps.db.transaction(async (tx) => {
    if (
      !(await touch(
        tx,
        row,
        { lateResult: finding.outcome, staffReasons: [...row.staffReasons, `late:${finding.outcome}`] },
        deps.clock.now(),
      ))
    )
      return
    await deps.audit.append(tx, {
      ...system(row),
      action: 'verification-alarm',
      before: 'verified',
      after: 'verified',
      reasons: [`late:${finding.outcome}`, ...finding.staffReasons],
      result: 'failed',
    })
    await announce(deps, tx, row, 'alarm')
  })
}

const lookAgain = async (deps: Deps, row: VerificationRow): Promise<void> => {
  const now = deps.clock.now()
  const next = nextLook(row, row.polls, now)
  if ('giveUp' in next) return giveUp(deps, row, next.giveUp, 'no result within the schedule')
  await touch(deps.db, row, { nextPollAt: next.at, polls: row.finishedByPersonAt ? row.polls + 1 : 0 }, now)
}

/** A result that did not come for days will not come. */
const isOverdue = (row: VerificationRow, now: Date): boolean =>
  now.getTime() > (row.expiresAt ?? row.createdAt).getTime() + 3 * DAY_MS

const afterProviderError = async (deps: Deps, row: VerificationRow, error: ProviderError): Promise<void> => {
  const { organizations, log, clock } = deps
  await recordFault(organizations, row.providerOwner, row.providerName, {
    detail: error.fault,
    retryAfterMs: error.retryAfterMs,
  })
  log.warn('verification.fetch_failed', { verification: row.id, code: error.fault, attempt: row.polls })
  const now = clock.now()
  // The provider does not know the reference any more, or has failed for days: no verdict, and no try used up.
  if (isOverdue(row, now) || (error.fault === 'not_found' && row.polls >= 3))
    return giveUp(deps, row, 'failed', `provider:${error.fault}`)
  await touch(deps.db, row, { nextPollAt: afterFault(row.polls, error.retryAfterMs, now), polls: row.polls + 1 }, now)
}

/**
 * Fetches the finding for one verification with our own credentials and decides. The same path for a notice, the person's return
 * and the clock; a second run finds nothing to do.
 */
export const settleVerification = async (deps: Deps, id: string): Promise<void> => {
  const row = await findById(deps.db, id)
  if (!row) return
  if (row.state === 'created') return giveUp(deps, row, 'failed', 'interrupted before the provider answered')
  if (!row.providerReference || row.state === 'review') return
  const isOpen = row.state === 'waiting' || row.state === 'checking'
  if (!isOpen && row.state !== 'verified') return
  const provider = await findProvider(deps.organizations.db, row.providerOwner, row.providerName)
  if (!provider) return isOpen ? giveUp(deps, row, 'failed', 'provider removed') : undefined
  try {
    const { adapter, settings } = openProvider(deps.organizations, provider)
    const finding = await adapter.fetchFinding(row.providerReference)
    await recordSuccess(deps.organizations, row.providerOwner, row.providerName)
    if (finding.state === 'pending') return isOpen ? lookAgain(deps, row) : undefined
    if (!belongs(row, finding)) {
      // An answer about someone else: ignored, and told to the operator (contract section 5, rule 1).
      await deps.db.transaction((tx) =>
        deps.audit.append(tx, {
          ...system(row),
          action: 'verification-alarm',
          before: row.state,
          after: row.state,
          reasons: ['references differ'],
          result: 'refused',
        }),
      )
      return isOpen ? lookAgain(deps, row) : undefined
    }
    return isOpen ? conclude(deps, row, finding, settings) : noteLate(deps, row, finding)
  } catch (error) {
    if (error instanceof ProviderError) return isOpen ? afterProviderError(deps, row, error) : undefined
    // Settings that cannot be read, or a fault of ours: it may be mended meanwhile, but nobody waits for ever.
    if (isOpen && isOverdue(row, deps.clock.now())) return giveUp(deps, row, 'failed', 'interrupted')
    throw error
  }
}
