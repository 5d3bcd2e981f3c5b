import { randomUUID } from 'node:crypto'
import { ApiError, explained, identityFieldLabels, isDocumentType, reason } from '@veridoor/contract'
import { digest, isUniqueViolation, newReference, newToken } from '@veridoor/foundation'
import { type Claim, ProviderError } from '@veridoor/providers'
import { type Caller, findUser, type User } from '../accounts/index.ts'
import { enforceRateLimit } from '../budgets/index.ts'
import {
  acquireQuota,
  applicationOf,
  findProvider,
  openProvider,
  recordFault,
  recordSuccess,
  releaseQuota,
  tryAcquire,
} from '../organizations/index.ts'
import { announce } from './announce.ts'
import { claimAad, type Deps, redirectUrlAad } from './deps.ts'
import { type Candidate, mayStart, quotaReached, type RefusedStart, refusalOfFault } from './may-start.ts'
import { findById, insert, move, subjectReferenceOf, touch, type VerificationRow } from './store.ts'

/** Oneself, or an administrator of the same organization. Strangers learn nothing. */
export const assertMayActFor = (caller: Caller, organization: string, userId: string): void => {
  if (caller.userId === userId || caller.isGlobalAdmin) return
  if (caller.organization !== organization) throw new ApiError('NOT_FOUND')
  if (!caller.isAdmin) throw new ApiError('FORBIDDEN', { reason: 'not_allowed' })
}

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

const writeCreated = async (
  deps: Deps,
  caller: Caller,
  user: User,
  options: { isTest: boolean; first: Candidate; passedOver: readonly string[] },
) => {
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
  const reference = newReference()
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
        startedBy: caller.actor,
        // Frozen: what the person writes after this moment is not what is being checked.
        claim: cipher.encrypt(JSON.stringify(claim), claimAad(id)),
        subjectReference: (await subjectReferenceOf(tx, user.id)) ?? randomUUID(),
        noticeDigest: digest(token),
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

/** Nothing may have been created at the other side when the fault came before the call could arrive. */
const surelyNothingCreated = (error: ProviderError): boolean =>
  error.fault !== 'timeout' && error.fault !== 'bad_response'

/** Opens the check at the first candidate that takes it; the next one when it is down or used up. */
const openAtProvider = async (
  deps: Deps,
  row: VerificationRow,
  user: User,
  token: string,
  candidates: readonly Candidate[],
) => {
  const { organizations, url } = deps
  const { documentType } = user.identity
  if (!isDocumentType(documentType)) {
    const refusal: RefusedStart = reason('profile_incomplete', { fields: identityFieldLabels.documentType })
    return { refusal, passedOver: row.passedOver }
  }
  let last: RefusedStart = reason('provider_down')
  const passedOver = [...row.passedOver]
  for (const { row: provider, settings } of candidates) {
    const name = `${provider.owner}/${provider.name}`
    if (!(await tryAcquire(organizations, provider.owner, provider.name))) {
      passedOver.push(`${name}: resting`)
      continue
    }
    const quota = await acquireQuota(organizations, provider.owner, provider.name, settings.monthlyLimit)
    if (!quota.allowed) {
      passedOver.push(`${name}: quota reached`)
      last = quotaReached(settings.monthlyLimit ?? 0, deps.clock.now())
      continue
    }
    try {
      const { adapter } = openProvider(organizations, provider)
      const started = await adapter.start({
        verificationReference: row.id,
        subjectReference: row.subjectReference,
        documentType,
        country: user.identity.documentCountry || null,
        successUrl: `${url}/verifications/return/${row.id}`,
        errorUrl: `${url}/verifications/stopped/${row.id}`,
        noticeUrl: `${url}/notices/${token}`,
      })
      await recordSuccess(organizations, provider.owner, provider.name)
      return { started, provider, settings, passedOver, warned: quota.warned }
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      if (surelyNothingCreated(error)) await releaseQuota(organizations, provider.owner, provider.name)
      await recordFault(organizations, provider.owner, provider.name, {
        detail: error.fault,
        retryAfterMs: error.retryAfterMs,
      })
      deps.log.warn('verification.start_failed', { verification: row.id, provider: name, code: error.fault })
      passedOver.push(`${name}: ${error.fault}`)
      last = refusalOfFault(error)
    }
  }
  return { refusal: last, passedOver }
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
  options: { test?: TestRun } = {},
): Promise<VerificationRow> => {
  const { db, cipher, clock, audit } = deps
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

  const { id, token } = await writeCreated(deps, caller, user, { isTest, first, passedOver: may.passedOver })
  const row = await findById(db, id)
  if (!row) throw new Error('the row just written is gone')
  const opened = await openAtProvider(deps, row, user, token, may.candidates)
  const at = clock.now()
  const entry = {
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
      const moved = await move(
        tx,
        row,
        'failed',
        {
          endedAt: at,
          countsAsTry: false,
          passedOver: opened.passedOver,
          reasons: [{ code: 'interrupted', values: {} }],
          staffReasons: opened.passedOver,
        },
        at,
      )
      if (!moved) return
      await audit.append(tx, { ...entry, after: 'failed', result: 'failed', reasons: opened.passedOver })
      await announce(deps, tx, moved, 'failed')
    })
    throw new ApiError('PROVIDER_OUTAGE', explained(opened.refusal ?? reason('provider_down')))
  }

  const { started, provider, settings } = opened
  const waiting = await db.transaction(async (tx) => {
    const moved = await move(
      tx,
      row,
      'waiting',
      {
        providerOwner: provider.owner,
        providerName: provider.name,
        passedOver: opened.passedOver,
        faceRequired: settings.faceRequired,
        providerReference: started.reference,
        redirectUrl: cipher.encrypt(started.redirectUrl, redirectUrlAad(row.id)),
        waitingAt: at,
        expiresAt: started.expiresAt,
        nextPollAt: new Date(at.getTime() + 120_000),
      },
      at,
    )
    if (!moved) return undefined
    await audit.append(tx, {
      ...entry,
      provider: `${provider.owner}/${provider.name}`,
      after: 'waiting',
      reasons: [...opened.passedOver, ...(opened.warned ? ['quota at 80 %'] : [])],
    })
    await announce(deps, tx, moved, 'waiting')
    return moved
  })
  // Cancelled while the provider was answering: its session expires by itself.
  return waiting ?? (await findById(db, row.id)) ?? row
}

/** How often somebody who only comes back may make us look. */
const LOOK_GAP_MS = 10_000

/**
 * The provider's page could not go on and sent the person back: it makes us look sooner, and does not say that anything was sent.
 * At most one look in ten seconds, however often the address is opened.
 */
export const noteStopped = async (deps: Deps, id: string): Promise<void> => {
  const row = await findById(deps.db, id)
  if (row?.state !== 'waiting') return
  const now = deps.clock.now()
  const at = new Date(Math.max(now.getTime(), row.updatedAt.getTime() + LOOK_GAP_MS))
  if (row.nextPollAt && row.nextPollAt > at) await touch(deps.db, row, { nextPollAt: at }, now)
}

/** The person came back from the provider's page. A hint only: it makes us look sooner, and proves nothing. */
export const noteReturn = async (deps: Deps, id: string): Promise<boolean> => {
  const row = await findById(deps.db, id)
  if (row?.state !== 'waiting' || row.finishedByPersonAt) return false
  const at = deps.clock.now()
  return touch(deps.db, row, { finishedByPersonAt: at, nextPollAt: at, polls: 0 }, at)
}
