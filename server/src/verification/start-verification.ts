import { randomUUID } from 'node:crypto'
import { ApiError, explained, reason } from '@veridoor/contract'
import { digest, isUniqueViolation, newReference, newToken, type Transaction } from '@veridoor/foundation'
import type { BrowserFields, Claim } from '@veridoor/providers'
import { type Caller, findUser, type User } from '../accounts/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import { enforceRateLimit } from '../budgets/index.ts'
import { applicationOf, findProvider, openProvider } from '../organizations/index.ts'
import { announce } from './announce.ts'
import { conclude, matchesReferences } from './conclude.ts'
import { sourceOf } from './decision.ts'
import { claimAad, type Deps, decryptClaim } from './deps.ts'
import { assertMayActFor } from './may.ts'
import { type Candidate, mayStart } from './may-start.ts'
import { encryptNextStep } from './next-step.ts'
import { type OpenedCheck, openAtProvider } from './open-at-provider.ts'
import type { RefusedStart } from './provider-faults.ts'
import { scheduleOf } from './schedule.ts'
import { findById, insert, subjectReferenceOf, transition, type VerificationRow } from './store.ts'

const refused = (refusal: RefusedStart): ApiError => new ApiError('START_REFUSED', explained(refusal))

type TestRun = { organization: string; provider: string }

/** A test run uses the provider that is being tested, and the tester's own filled-in profile. */
const testCandidate = async (
  deps: Deps,
  caller: Caller,
  user: User,
  test: TestRun,
): Promise<{ candidates: Candidate[]; passedOver: string[] }> => {
  const own = caller.isGlobalAdmin || (caller.isAdmin && caller.organization === test.organization)
  if (!own || caller.userId !== user.id) throw new ApiError('FORBIDDEN', { reason: 'not_allowed' })
  const row = await findProvider(deps.organizations.db, test.organization, test.provider)
  if (!row) throw new ApiError('NOT_FOUND')
  const state = await mayStart(deps, { ...user, verifiedAt: null })
  if (state.refusal?.code === 'profile_incomplete') throw refused(state.refusal)
  return { candidates: [{ row, settings: openProvider(deps.organizations, row).settings }], passedOver: [] }
}

/** References that are taken are rare (28^8 values): this often in a row only where something else is wrong. */
const REFERENCE_TRIES = 5

type CreateOptions = { isTest: boolean; isBound: boolean; first: Candidate; passedOver: readonly string[] }

/** Writes the check under a reference that no other has. */
const writeCreated = async (deps: Deps, caller: Caller, user: User, options: CreateOptions) => {
  for (let tries = 1; ; tries += 1)
    try {
      return await writeUnder(newReference(), deps, caller, user, options)
    } catch (error) {
      if (tries === REFERENCE_TRIES || !isUniqueViolation(error, 'verifications_reference_unique')) throw error
    }
}

const writeUnder = async (reference: string, deps: Deps, caller: Caller, user: User, options: CreateOptions) => {
  const { db, cipher, clock, audit } = deps
  const id = randomUUID()
  const token = newToken()
  const at = clock.now()
  const claim: Claim = {
    realName: user.identity.realName,
    number: user.identity.documentNumber,
    type: user.identity.documentType,
    country: user.identity.documentCountry,
  }
  const application = await applicationOf(deps.organizations.db, user.organization, user.application)
  try {
    await db.transaction(async (tx) => {
      await insert(tx, {
        id,
        reference,
        organization: user.organization,
        userId: user.id,
        userName: user.name,
        application: application?.name ?? '',
        providerOwner: options.first.row.owner,
        providerName: options.first.row.name,
        passedOver: [...options.passedOver],
        state: 'created',
        isTest: options.isTest,
        isBound: options.isBound,
        startedBy: caller.actor,
        // Frozen: what the person writes after this moment is not what is being checked.
        claim: cipher.encrypt(JSON.stringify(claim), claimAad(id)),
        subjectReference: (await subjectReferenceOf(tx, user.id)) ?? randomUUID(),
        webhookDigest: digest(token),
        faceRequired: options.first.settings.faceRequired,
        createdAt: at,
        updatedAt: at,
      })
      await audit.append(tx, {
        organization: user.organization,
        actor: caller.actor,
        action: 'verify-identification',
        target: `${user.organization}/${user.name}`,
        provider: `${options.first.row.owner}/${options.first.row.name}`,
        reference,
        after: 'created',
        reasons: [...options.passedOver, ...(options.isTest ? ['test'] : [])],
        address: caller.address,
      })
      const { organization, id: userId } = user
      await announce(deps, tx, { id, organization, reference, userId, isTest: options.isTest }, 'created')
    })
  } catch (error) {
    if (isUniqueViolation(error, 'verifications_open'))
      throw new ApiError('START_REFUSED', {
        reason: 'verification_open',
        values: { time: at.toISOString() },
        cause: error,
      })
    throw error
  }
  return { id, token }
}

type StartEntry = Pick<AuditEntry, 'organization' | 'actor' | 'action' | 'target' | 'reference' | 'before' | 'address'>

/**
 * `created -> waiting`, and in the same transaction to its result where the provider answered at once, so that no crash can lose it.
 * Undefined when somebody cancelled the check meanwhile.
 */
const goOn = async (
  deps: Deps,
  tx: Transaction,
  row: VerificationRow,
  entry: StartEntry,
  opened: OpenedCheck,
): Promise<VerificationRow | undefined> => {
  const { started, provider, type, settings } = opened
  const at = deps.clock.now()
  const waiting = await transition(
    tx,
    row,
    'waiting',
    {
      providerOwner: provider.owner,
      providerName: provider.name,
      passedOver: [...opened.passedOver],
      faceRequired: settings.faceRequired,
      providerReference: started.reference,
      nextStep: started.next === 'done' ? null : encryptNextStep(deps, row.id, started),
      waitingAt: at,
      expiresAt: started.expiresAt,
      nextPollAt: new Date(at.getTime() + scheduleOf(type).whileWaitingSec * 1_000),
    },
    at,
  )
  if (!waiting) return undefined
  await deps.audit.append(tx, {
    ...entry,
    provider: `${provider.owner}/${provider.name}`,
    after: 'waiting',
    reasons: [...opened.passedOver, ...opened.shared, ...(opened.warned ? ['quota at 80 %'] : [])],
  })
  await announce(deps, tx, waiting, 'waiting')
  if (started.next !== 'done' || !matchesReferences(waiting, started.finding)) return waiting
  await conclude(deps, tx, waiting, started.finding, settings, sourceOf(deps, provider, type))
  return findById(tx, row.id)
}

/**
 * Starts a verification: checks whether this person may, freezes what they claim, and opens the check outside of any
 * transaction. A crash in between costs a session, never a verdict: the sweeper closes what stayed `created`.
 *
 * @throws {ApiError} START_REFUSED with a sentence code, FORBIDDEN, NOT_FOUND, PROVIDER_OUTAGE, TOO_MANY_REQUESTS
 */
export const startVerification = async (
  deps: Deps,
  caller: Caller,
  target: { organization: string; name: string },
  options: { test?: TestRun; browser?: Partial<BrowserFields>; isBound?: boolean } = {},
): Promise<VerificationRow> => {
  const { db, clock, audit } = deps
  const user = await findUser(deps.accounts, target.organization, target.name)
  if (!user) throw new ApiError('NOT_FOUND')
  assertMayActFor(caller, user.organization, user.id)
  await enforceRateLimit(db, `start:${user.id}`, { limit: 10, windowMs: 60_000 }, clock.now())
  const isTest = options.test !== undefined
  const may = options.test
    ? { refusal: null, ...(await testCandidate(deps, caller, user, options.test)) }
    : await mayStart(deps, user)
  const [first] = may.candidates
  if (may.refusal || !first) throw refused(may.refusal ?? reason('provider_down'))

  // Each start may cost money at the provider. Staff who start for people are not counted by their address.
  await deps.budgets.spend(db, 'starts', {
    organization: user.organization,
    application: user.application,
    ...(caller.userId === user.id ? { address: caller.address } : {}),
  })
  const { id, token } = await writeCreated(deps, caller, user, {
    isTest,
    isBound: options.isBound === true && caller.userId === user.id,
    first,
    passedOver: may.passedOver,
  })
  const row = await findById(db, id)
  if (!row) throw new Error('the row just written is gone')
  const opened = await openAtProvider(deps, row, user, token, may.candidates, {
    claim: decryptClaim(deps, row),
    browser: { address: caller.address, userAgent: '', language: '', ...options.browser },
  })
  const at = clock.now()
  const entry: StartEntry = {
    organization: row.organization,
    actor: caller.actor,
    action: 'verification',
    target: `${row.organization}/${row.userName}`,
    reference: row.reference,
    before: 'created',
    address: caller.address,
  }
  if ('refusal' in opened) {
    await db.transaction(async (tx) => {
      const moved = await transition(
        tx,
        row,
        'failed',
        {
          endedAt: at,
          countsAsTry: false,
          passedOver: [...opened.passedOver],
          reasons: [{ code: 'interrupted', values: {} }],
          staffReasons: [...opened.passedOver],
        },
        at,
      )
      if (!moved) return
      await audit.append(tx, { ...entry, after: 'failed', result: 'failed', reasons: [...opened.passedOver] })
      await announce(deps, tx, moved, 'failed')
    })
    throw new ApiError('PROVIDER_OUTAGE', explained(opened.refusal))
  }

  const waiting = await db.transaction((tx) => goOn(deps, tx, row, entry, opened))
  // Cancelled while the provider was answering: its session expires by itself.
  return waiting ?? (await findById(db, row.id)) ?? row
}
