import { type PollSchedule, ProviderError } from '@veridoor/providers'
import { findProvider, openProvider, recordFault, recordSuccess } from '../organizations/index.ts'
import { announce } from './announce.ts'
import { closeWithoutVerdict } from './close-without-verdict.ts'
import { conclude, matchesReferences } from './conclude.ts'
import type { FinalFinding } from './decide.ts'
import { type Deps, systemAudit } from './deps.ts'
import { nextPoll, retryAfterFault, scheduleOf } from './schedule.ts'
import { findById, updateIfUnchanged, type VerificationRow } from './store.ts'

const DAY_MS = 86_400_000

/** A result that came after the end. It never changes state or identity; an approval that turned bad raises an alarm. */
const recordLateResult = async (deps: Deps, row: VerificationRow, finding: FinalFinding): Promise<void> => {
  if (row.state !== 'verified' || finding.outcome === 'approved' || row.lateResult === finding.outcome) return
  await deps.db.transaction(async (tx) => {
    if (
      !(await updateIfUnchanged(
        tx,
        row,
        { lateResult: finding.outcome, staffReasons: [...row.staffReasons, `late:${finding.outcome}`] },
        deps.clock.now(),
      ))
    )
      return
    await deps.audit.append(tx, {
      ...systemAudit(row),
      action: 'verification-alarm',
      before: 'verified',
      after: 'verified',
      reasons: [`late:${finding.outcome}`, ...finding.staffReasons],
      result: 'failed',
    })
    await announce(deps, tx, row, 'alarm')
  })
}

const pollAgain = async (deps: Deps, row: VerificationRow, schedule: PollSchedule): Promise<void> => {
  const now = deps.clock.now()
  const next = nextPoll(row, row.polls, now, schedule)
  if ('close' in next) return closeWithoutVerdict(deps, row, next.close, 'no result within the schedule')
  await updateIfUnchanged(deps.db, row, { nextPollAt: next.at, polls: row.finishedByPersonAt ? row.polls + 1 : 0 }, now)
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
    return closeWithoutVerdict(deps, row, 'failed', `provider:${error.fault}`)
  await updateIfUnchanged(
    deps.db,
    row,
    { nextPollAt: retryAfterFault(row.polls, error.retryAfterMs, now), polls: row.polls + 1 },
    now,
  )
}

/**
 * Fetches the finding of one verification with our own credentials and decides. The same path for a webhook, the person's return and
 * polling. A second run finds nothing to do.
 */
export const settleVerification = async (deps: Deps, id: string): Promise<void> => {
  const row = await findById(deps.db, id)
  if (!row) return
  if (row.state === 'created')
    return closeWithoutVerdict(deps, row, 'failed', 'interrupted before the provider answered')
  if (!row.providerReference || row.state === 'review') return
  const isOpen = row.state === 'waiting' || row.state === 'checking'
  if (!isOpen && row.state !== 'verified') return
  const provider = await findProvider(deps.organizations.db, row.providerOwner, row.providerName)
  if (!provider) return isOpen ? closeWithoutVerdict(deps, row, 'failed', 'provider removed') : undefined
  try {
    const { adapter, settings, type } = openProvider(deps.organizations, provider)
    const finding = await adapter.fetchFinding(row.providerReference)
    await recordSuccess(deps.organizations, row.providerOwner, row.providerName)
    if (finding.state === 'pending') return isOpen ? pollAgain(deps, row, scheduleOf(type)) : undefined
    if (!matchesReferences(row, finding)) {
      // An answer about someone else is ignored, and recorded for the operator (contract section 5, rule 1).
      await deps.db.transaction((tx) =>
        deps.audit.append(tx, {
          ...systemAudit(row),
          action: 'verification-alarm',
          before: row.state,
          after: row.state,
          reasons: ['references differ'],
          result: 'refused',
        }),
      )
      return isOpen ? pollAgain(deps, row, scheduleOf(type)) : undefined
    }
    if (isOpen) await deps.db.transaction((tx) => conclude(deps, tx, row, finding, settings))
    else await recordLateResult(deps, row, finding)
  } catch (error) {
    if (error instanceof ProviderError) return isOpen ? afterProviderError(deps, row, error) : undefined
    // Settings that cannot be read, or an error of this server: somebody may correct it, but nobody waits for ever.
    if (isOpen && isOverdue(row, deps.clock.now())) return closeWithoutVerdict(deps, row, 'failed', 'interrupted')
    throw error
  }
}
