import { eq } from 'drizzle-orm'
import { findProvider, openProvider } from '../organizations/index.ts'
import { auditOf, type Deps, eraseJob, settleJob } from './deps.ts'
import { faultOf } from './provider-faults.ts'
import { verifications } from './schema.ts'
import { findById, findDue, findToErase, updateIfUnchanged } from './store.ts'

/** A round of tries of one erasure lasts half a day; only then the next one begins. */
const ERASE_ROUND_MS = 86_400_000

/**
 * The clock's part: queues a look at everything that is due and an erasure of everything whose retention is over. Safe on any
 * number of nodes: a job's key keeps one waiting, and a second look finds nothing to do.
 */
export const sweep = async (deps: Deps): Promise<number> => {
  const now = deps.clock.now()
  const due = await findDue(deps.db, now, 200)
  for (const row of due) {
    await deps.jobs.send(settleJob, { id: row.id }, { key: row.id })
    // Should this look be lost with its process, the next one is a minute away.
    if (row.state !== 'created')
      await updateIfUnchanged(deps.db, row, { nextPollAt: new Date(now.getTime() + 60_000) }, now)
  }
  for (const row of await findToErase(deps.db, now, 50)) {
    // First: the job may be done, and have set its own word, before a send comes back.
    await updateIfUnchanged(deps.db, row, { eraseAfter: new Date(now.getTime() + ERASE_ROUND_MS) }, now)
    await deps.jobs.send(eraseJob, { id: row.id }, { key: `erase ${row.id}` })
  }
  return due.length
}

/**
 * Tells the provider to forget the person, and forgets what we kept of the finding, but for what a verified account stands on. A
 * provider that was deleted cannot be told any more: the audit says so, and nothing claims an erasure. Safe to repeat.
 * @param attempt the last one of a round tells the audit that it failed
 */
export const eraseAtProvider = async (deps: Deps, id: string, attempt: { isLast: boolean }): Promise<void> => {
  const row = await findById(deps.db, id)
  if (!row?.providerReference || row.erasedAt || row.state === 'review') return
  const provider = await findProvider(deps.organizations.db, row.providerOwner, row.providerName)
  const entry = {
    ...auditOf(row),
    actor: 'system',
    action: 'erase-at-provider',
  }
  try {
    if (provider) await openProvider(deps.organizations, provider).adapter.erase(row.providerReference)
  } catch (error) {
    if (attempt.isLast)
      await deps.db.transaction((tx) =>
        deps.audit.append(tx, { ...entry, result: 'failed', reasons: [faultOf(error)] }),
      )
    throw error
  }
  const at = deps.clock.now()
  await deps.db.transaction(async (tx) => {
    await tx
      .update(verifications)
      .set({
        ...(provider ? { erasedAt: at } : { eraseAfter: null }),
        ...(row.state === 'verified' && !row.isTest ? {} : { finding: null }),
        updatedAt: at,
      })
      .where(eq(verifications.id, id))
    await deps.audit.append(tx, { ...entry, ...(provider ? {} : { result: 'failed', reasons: ['provider removed'] }) })
  })
}
