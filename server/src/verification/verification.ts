import { ApiError, isOpen } from '@veridoor/contract'
import { cancelVerification } from './cancel-verification.ts'
import { type Deps, eraseJob, forgetJob, settleJob } from './deps.ts'
import { embeddedCheck, embedOriginsOf } from './embed.ts'
import { forgetAtProvider, forgetUserAtProviders } from './forget-user-at-providers.ts'
import { pageOfVerifications } from './list-verifications.ts'
import { lookAtPictures } from './look-at-pictures.ts'
import { assertMayActFor, assertMayAdminister } from './may.ts'
import { mayStart } from './may-start.ts'
import { reviewVerification } from './review-verification.ts'
import { mountRoutes } from './routes.ts'
import { settleVerification } from './settle-verification.ts'
import { startVerification } from './start-verification.ts'
import {
  countByState,
  countOpenAt,
  findById,
  findByIdOrReference,
  findLatest,
  findOpen,
  latestStates,
} from './store.ts'
import { eraseAtProvider, sweep } from './sweep.ts'
import type { Verification } from './types.ts'
import { verifiedIdentityOf } from './verified-identity.ts'
import { toDetail, toRow, toView } from './views.ts'

const SWEEP_MS = 2_000

/** The life of a verification, from start to decision. */
export const createVerification = (
  deps: Deps,
): Verification & {
  sweep(): Promise<number>
  settle(id: string): Promise<void>
  erase(id: string, attempt?: { isLast: boolean }): Promise<void>
} => {
  const { db } = deps
  let timer: NodeJS.Timeout | undefined
  let sweeping = false

  const known = async (id: string) => {
    const row = await findById(db, id)
    if (!row) throw new ApiError('NOT_FOUND')
    return row
  }

  return {
    async start(caller, target, options = {}) {
      const row = await startVerification(deps, caller, target, options)
      return toView(deps, row, row.userId === caller.userId)
    },
    async startState(user) {
      const { refusal, triesLeft } = await mayStart(deps, user)
      return { allowed: refusal === null, refusal, triesLeft }
    },
    async latest(userId) {
      const row = await findLatest(db, userId)
      return row ? toView(deps, row, true) : null
    },
    latestStates: (userIds) => latestStates(db, userIds),
    async list(caller, filter) {
      if (!caller.isAdmin) throw new ApiError('FORBIDDEN')
      const organization = caller.isGlobalAdmin ? filter.organization : caller.organization
      if (!caller.isGlobalAdmin && filter.organization && filter.organization !== caller.organization)
        throw new ApiError('NOT_FOUND')
      const { cursor, limit, from, until, ...fields } = filter
      const { rows, ...page } = await pageOfVerifications(
        db,
        {
          ...fields,
          organization,
          from: from === undefined ? undefined : new Date(from),
          until: until === undefined ? undefined : new Date(until),
        },
        { cursor, limit },
      )
      return { items: rows.map((row) => toRow(deps, row)), ...page }
    },
    async read(caller, id) {
      const row = await findByIdOrReference(db, id)
      if (!row) throw new ApiError('NOT_FOUND')
      assertMayAdminister(caller, row)
      return toDetail(deps, row)
    },
    async state(caller, id) {
      const row = await known(id)
      assertMayActFor(caller, row.organization, row.userId)
      return toView(deps, row, row.userId === caller.userId)
    },
    embed: (caller, id) => embeddedCheck(deps, caller, id),
    embedOriginsOf: (userId, id) => embedOriginsOf(deps, userId, id),
    async cancel(caller, id) {
      const row = await cancelVerification(deps, caller, id)
      return toView(deps, row, row.userId === caller.userId)
    },
    async review(caller, id, decision) {
      await reviewVerification(deps, caller, id, decision)
      return toDetail(deps, await known(id))
    },
    lookAtPictures: (caller, id, reason) => lookAtPictures(deps, caller, id, reason),
    overview: (caller) => countByState(db, caller.isGlobalAdmin ? undefined : caller.organization),
    verifiedIdentityOf: (user) => verifiedIdentityOf(deps, user),
    async assertNoneOpen(tx, userId) {
      const open = await findOpen(tx, userId)
      if (open && isOpen(open.state))
        throw new ApiError('FIELD_REFUSED', { reason: 'field_fixed_while_open', values: { reference: open.reference } })
    },
    forgetUserAtProviders: (tx, userId) => forgetUserAtProviders(deps, tx, userId),
    async assertNoneOpenAt(tx, owner, name) {
      const open = await countOpenAt(tx, owner, name)
      if (open === 0) return
      const message = `${open === 1 ? '1 check is' : `${open} checks are`} open there: cancel or decide them first.`
      throw new ApiError('IN_USE', { fields: [{ path: 'usedBy', message }] })
    },
    routes: (app, sessionUserOf) => mountRoutes(app, deps, sessionUserOf),
    sweep: () => sweep(deps),
    settle: (id) => settleVerification(deps, id),
    erase: (id, attempt = { isLast: true }) => eraseAtProvider(deps, id, attempt),
    async prepare() {
      await deps.jobs.declare(settleJob)
      await deps.jobs.declare(eraseJob)
      await deps.jobs.declare(forgetJob)
    },
    async work() {
      await deps.jobs.work(settleJob, ({ id }) => settleVerification(deps, id), { parallel: 16, isolated: true })
      await deps.jobs.work(eraseJob, ({ id }, attempt) => eraseAtProvider(deps, id, attempt), { parallel: 2 })
      await deps.jobs.work(forgetJob, (check, attempt) => forgetAtProvider(deps, check, attempt), { parallel: 2 })
      timer = setInterval(() => {
        if (sweeping) return
        sweeping = true
        sweep(deps)
          .catch((error: unknown) => deps.log.warn('sweep.failed', { error }))
          .finally(() => {
            sweeping = false
          })
      }, SWEEP_MS)
    },
    async stop() {
      clearInterval(timer)
    },
  }
}
