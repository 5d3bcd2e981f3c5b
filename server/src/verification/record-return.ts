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

/**
 * Somebody came back from the provider's page. The next poll comes sooner; it proves nothing. A person who was sent a link by somebody
 * else comes back without being signed in to the account that the check is for: then a reviewer decides.
 * @param returningUser the account that the browser is signed in to
 */
export const recordReturn = async (deps: Deps, id: string, returningUser: string | undefined): Promise<boolean> => {
  const row = await findById(deps.db, id)
  if (row?.state !== 'waiting' && row?.state !== 'checking') return false
  const isElsewhere = row.isBound && returningUser !== row.userId
  const at = deps.clock.now()
  if (isElsewhere && !row.cameBackElsewhere) await updateIfUnchanged(deps.db, row, { cameBackElsewhere: true }, at)
  if (row.state !== 'waiting' || row.finishedByPersonAt) return false
  return updateIfUnchanged(deps.db, row, { finishedByPersonAt: at, nextPollAt: at, polls: 0 }, at)
}
