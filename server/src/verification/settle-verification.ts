import { type PollSchedule, ProviderError } from '@veridoor/providers'
import {
  findProvider,
  openProvider,
  type ProviderRow,
  recordFault,
  recordSuccess,
  tryAcquire,
} from '../organizations/index.ts'
import { announce } from './announce.ts'
import { closeWithoutVerdict } from './close-without-verdict.ts'
import { conclude, matchesReferences } from './conclude.ts'
import type { FinalFinding } from './decide.ts'
import { sourceOf } from './decision.ts'
import { type Deps, systemAudit } from './deps.ts'
import { nextPoll, retryAfterFault, scheduleOf } from './schedule.ts'
import { countAttempt, findById, resetAttempts, updateIfUnchanged, type VerificationRow } from './store.ts'

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

/** Work that was begun this often and never ended is what ends processes: nobody begins it again. */
const MAX_ATTEMPTS = 5
/** A check that found no free slot, or an open circuit, is looked at again after this. */
const POSTPONED_MS = 2_000

const postpone = async (deps: Deps, row: VerificationRow): Promise<void> => {
  const now = deps.clock.now()
  if (isOverdue(row, now)) return closeWithoutVerdict(deps, row, 'failed', 'no result within the schedule')
  await updateIfUnchanged(deps.db, row, { nextPollAt: new Date(now.getTime() + POSTPONED_MS) }, now)
}

/** Set aside with an alarm: log, audit and event, for the operator to look at. */
const setAside = async (deps: Deps, row: VerificationRow): Promise<void> => {
  deps.log.error('verification.given_up', { verification: row.id, attempt: row.settleAttempts })
  await deps.db.transaction(async (tx) => {
    await deps.audit.append(tx, {
      ...systemAudit(row),
      action: 'verification-alarm',
      before: row.state,
      after: row.state,
      reasons: ['given up after repeated interruptions'],
      result: 'failed',
    })
    await announce(deps, tx, row, 'alarm')
  })
  await closeWithoutVerdict(deps, row, 'failed', 'given up after repeated interruptions')
}

/** An answer about someone else is ignored, and recorded for the operator (contract section 5, rule 1). */
const recordForeignAnswer = (deps: Deps, row: VerificationRow): Promise<void> =>
  deps.db.transaction((tx) =>
    deps.audit.append(tx, {
      ...systemAudit(row),
      action: 'verification-alarm',
      before: row.state,
      after: row.state,
      reasons: ['references differ'],
      result: 'refused',
    }),
  )

const fetchAndDecide = async (
  deps: Deps,
  row: VerificationRow,
  provider: ProviderRow,
  isOpen: boolean,
): Promise<void> => {
  const { adapter, settings, type } = openProvider(deps.organizations, provider)
  const source = sourceOf(deps, provider, type)
  const finding = await adapter.fetchFinding(row.providerReference ?? '')
  await recordSuccess(deps.organizations, row.providerOwner, row.providerName)
  if (finding.state === 'pending') return isOpen ? pollAgain(deps, row, scheduleOf(type)) : undefined
  if (!matchesReferences(row, finding)) {
    await recordForeignAnswer(deps, row)
    return isOpen ? pollAgain(deps, row, scheduleOf(type)) : undefined
  }
  if (isOpen) await deps.db.transaction((tx) => conclude(deps, tx, row, finding, settings, source))
  else await recordLateResult(deps, row, finding)
}

/**
 * Fetches the finding of one verification with our own credentials and decides. The same path for a webhook, the person's return and
 * polling. A second run finds nothing to do. A provider that does not answer keeps few slots busy, and none while its circuit is open.
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
  if (isOpen && row.settleAttempts >= MAX_ATTEMPTS) return setAside(deps, row)
  const release = deps.budgets.tryAcquire('settles', {
    provider: `${provider.owner}/${provider.name}`,
    organization: row.organization,
  })
  if (!release) return isOpen ? postpone(deps, row) : undefined
  try {
    if (!(await tryAcquire(deps.organizations, provider.owner, provider.name)))
      return isOpen ? postpone(deps, row) : undefined
    // Counted before the work: should it end this process, the next one knows.
    if (isOpen) await countAttempt(deps.db, row.id)
    await fetchAndDecide(deps, row, provider, isOpen)
    if (isOpen) await resetAttempts(deps.db, row.id)
  } catch (error) {
    if (isOpen) await resetAttempts(deps.db, row.id)
    if (error instanceof ProviderError) return isOpen ? afterProviderError(deps, row, error) : undefined
    // Settings that cannot be read, or an error of this server: somebody may correct it, but nobody waits for ever.
    if (isOpen && isOverdue(row, deps.clock.now())) return closeWithoutVerdict(deps, row, 'failed', 'interrupted')
    throw error
  } finally {
    release()
  }
}
