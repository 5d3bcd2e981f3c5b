import { digest } from '@veridoor/foundation'
import type { Notice } from '@veridoor/providers'
import { enforceRateLimit } from '../budgets/index.ts'
import { findProvider, openProvider } from '../organizations/index.ts'
import { type Deps, settleJob } from './deps.ts'
import { findByNotice, recordNotice, touch } from './store.ts'

/**
 * `queued`: we look; `repeated`: the same body came before; `ignored`: it cannot be read, or names another reference than the
 * check's; `unknown`: no check has this address.
 */
export type NoticeOutcome = 'queued' | 'repeated' | 'ignored' | 'unknown'

/**
 * A doorbell: which verification rang is known by the unguessable part of the address, and confirmed by the reference in the
 * body. Stores a digest, never the body (it may hold the whole person), queues the look in the same transaction, and decides
 * nothing. Forged, doubled, late and unknown ones are harmless.
 *
 * @throws {Refusal} TOO_MANY_REQUESTS for an address that rings at unknown doors
 */
export const receiveNotice = async (
  deps: Deps,
  token: string,
  notice: Notice,
  address: string,
): Promise<NoticeOutcome> => {
  const { db, clock } = deps
  const at = clock.now()
  const row = await findByNotice(db, digest(token))
  if (!row) {
    await enforceRateLimit(db, `notice:${address}`, { limit: 60, windowMs: 60_000 }, at)
    return 'unknown'
  }
  const provider = await findProvider(deps.organizations.db, row.providerOwner, row.providerName)
  const read = provider && openProvider(deps.organizations, provider).adapter.readNotice(notice)
  if (!read || !row.providerReference || read.reference.toLowerCase() !== row.providerReference.toLowerCase()) {
    deps.log.warn('notice.ignored', { verification: row.id, code: 'reference' })
    return 'ignored'
  }
  return db.transaction(async (tx) => {
    const isFirst = await recordNotice(tx, row.id, digest(notice.body), at)
    if (!isFirst) return 'repeated'
    if (row.state === 'waiting' && !row.finishedByPersonAt)
      await touch(tx, row, { finishedByPersonAt: at, nextPollAt: new Date(at.getTime() + 40_000), polls: 0 }, at)
    await deps.jobs.send(settleJob, { id: row.id }, { tx, key: row.id })
    return 'queued'
  })
}
