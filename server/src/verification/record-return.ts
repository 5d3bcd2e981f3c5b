import type { Deps } from './deps.ts'
import { findById, updateIfUnchanged } from './store.ts'

/** How often the return address alone may cause a poll. */
const MIN_POLL_GAP_MS = 10_000

/**
 * The provider's page could not go on and sent the person back: the next poll comes sooner, and nothing says that pictures were sent.
 * At most one poll in ten seconds, however often the address is opened.
 */
export const recordAbort = async (deps: Deps, id: string): Promise<void> => {
  const row = await findById(deps.db, id)
  if (row?.state !== 'waiting') return
  const now = deps.clock.now()
  const at = new Date(Math.max(now.getTime(), row.updatedAt.getTime() + MIN_POLL_GAP_MS))
  if (row.nextPollAt && row.nextPollAt > at) await updateIfUnchanged(deps.db, row, { nextPollAt: at }, now)
}

/** The person came back from the provider's page. The next poll comes sooner; it proves nothing. */
export const recordReturn = async (deps: Deps, id: string): Promise<boolean> => {
  const row = await findById(deps.db, id)
  if (row?.state !== 'waiting' || row.finishedByPersonAt) return false
  const at = deps.clock.now()
  return updateIfUnchanged(deps.db, row, { finishedByPersonAt: at, nextPollAt: at, polls: 0 }, at)
}
