import { isOpen, Refusal } from '@veridoor/contract'
import { cancelVerification } from './cancel-verification.ts'
import { evidenceOf } from './evidence.ts'
import { forgetAtProvider, sayFarewell } from './farewell.ts'
import { lookAtPictures } from './look-at-pictures.ts'
import { mayStart } from './may-start.ts'
import { eraseJob, forgetJob, type Parts, settleJob } from './parts.ts'
import { assertMayAdminister, reviewVerification } from './review-verification.ts'
import { mountRoutes } from './routes.ts'
import { settleVerification } from './settle-verification.ts'
import { assertMayActFor, startVerification } from './start-verification.ts'
import { countByState, countOpenAt, findById, findLatest, findOpen, latestStates, page } from './store.ts'
import { eraseAtProvider, sweep } from './sweep.ts'
import type { Verification } from './types.ts'
import { toDetail, toRow, toView } from './views.ts'

const SWEEP_MS = 2_000

/** The life of a verification, from start to decision. */
export const createVerification = (
  parts: Parts,
): Verification & {
  sweep(): Promise<number>
  settle(id: string): Promise<void>
  erase(id: string, attempt?: { isLast: boolean }): Promise<void>
} => {
  const { db } = parts
  let timer: NodeJS.Timeout | undefined
  let sweeping = false

  const known = async (id: string) => {
    const row = await findById(db, id)
    if (!row) throw new Refusal('NOT_FOUND')
    return row
  }

  return {
    async start(caller, target, options = {}) {
      const row = await startVerification(parts, caller, target, options)
      return toView(parts, row, row.userId === caller.userId)
    },
    async startState(user) {
      const { refusal, triesLeft } = await mayStart(parts, user)
      return { allowed: refusal === null, refusal, triesLeft }
    },
    async latest(userId) {
      const row = await findLatest(db, userId)
      return row ? toView(parts, row, true) : null
    },
    latestStates: (userIds) => latestStates(db, userIds),
    async list(caller, filter) {
      if (!caller.isAdmin) throw new Refusal('FORBIDDEN')
      const organization = caller.isGlobalAdmin ? filter.organization : caller.organization
      if (!caller.isGlobalAdmin && filter.organization && filter.organization !== caller.organization)
        throw new Refusal('NOT_FOUND')
      const before = filter.cursor ? new Date(filter.cursor) : undefined
      if (before && Number.isNaN(before.getTime()))
        throw new Refusal('INVALID_INPUT', { fields: [{ path: 'cursor', message: 'Not a cursor of ours.' }] })
      const { rows, total } = await page(db, {
        organization,
        state: filter.state,
        user: filter.user,
        before,
        limit: filter.limit,
      })
      const last = rows.length === filter.limit ? rows.at(-1) : undefined
      return { items: rows.map(toRow), nextCursor: last?.createdAt.toISOString() ?? null, total }
    },
    async read(caller, id) {
      const row = await known(id)
      assertMayAdminister(caller, row)
      return toDetail(parts, row)
    },
    async state(caller, id) {
      const row = await known(id)
      assertMayActFor(caller, row.organization, row.userId)
      return toView(parts, row, row.userId === caller.userId)
    },
    async cancel(caller, id) {
      const row = await cancelVerification(parts, caller, id)
      return toView(parts, row, row.userId === caller.userId)
    },
    async review(caller, id, decision) {
      await reviewVerification(parts, caller, id, decision)
      return toDetail(parts, await known(id))
    },
    lookAtPictures: (caller, id, reason) => lookAtPictures(parts, caller, id, reason),
    overview: (caller) => countByState(db, caller.isGlobalAdmin ? undefined : caller.organization),
    evidenceOf: (id) => evidenceOf(parts, id),
    async assertNoneOpen(tx, userId) {
      const open = await findOpen(tx, userId)
      if (open && isOpen(open.state))
        throw new Refusal('FIELD_REFUSED', { reason: 'field_fixed_while_open', values: { reference: open.reference } })
    },
    sayFarewell: (tx, userId) => sayFarewell(parts, tx, userId),
    async assertNoneOpenAt(tx, owner, name) {
      const open = await countOpenAt(tx, owner, name)
      if (open === 0) return
      const message = `${open === 1 ? '1 check is' : `${open} checks are`} open there: cancel or decide them first.`
      throw new Refusal('IN_USE', { fields: [{ path: 'usedBy', message }] })
    },
    routes: (app) => mountRoutes(app, parts),
    sweep: () => sweep(parts),
    settle: (id) => settleVerification(parts, id),
    erase: (id, attempt = { isLast: true }) => eraseAtProvider(parts, id, attempt),
    async prepare() {
      await parts.jobs.declare(settleJob)
      await parts.jobs.declare(eraseJob)
      await parts.jobs.declare(forgetJob)
    },
    async work() {
      await parts.jobs.work(settleJob, ({ id }) => settleVerification(parts, id), { parallel: 10 })
      await parts.jobs.work(eraseJob, ({ id }, attempt) => eraseAtProvider(parts, id, attempt), { parallel: 2 })
      await parts.jobs.work(forgetJob, (check, attempt) => forgetAtProvider(parts, check, attempt), { parallel: 2 })
      timer = setInterval(() => {
        if (sweeping) return
        sweeping = true
        sweep(parts)
          .catch((error: unknown) => parts.log.warn('sweep.failed', { error }))
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
