import { eq } from 'drizzle-orm'
import { eraseJob, type Parts, settleJob } from './parts.ts'
import { verifications } from './schema.ts'
import { findById, findDue, findToErase, touch } from './store.ts'

/**
 * The clock's part: queues a look at everything that is due and an erasure of everything whose retention is over. Safe on any
 * number of nodes: a job's key keeps one waiting, and a second look finds nothing to do.
 */
export const sweep = async (parts: Parts): Promise<number> => {
  const now = parts.clock.now()
  const due = await findDue(parts.db, now, 200)
  for (const row of due) {
    await parts.jobs.send(settleJob, { id: row.id }, { key: row.id })
    // Should this look be lost with its process, the next one is a minute away.
    if (row.state !== 'created') await touch(parts.db, row, { nextPollAt: new Date(now.getTime() + 60_000) }, now)
  }
  for (const row of await findToErase(parts.db, now, 50))
    await parts.jobs.send(eraseJob, { id: row.id }, { key: `erase ${row.id}` })
  return due.length
}

/**
 * Tells the provider to forget the person, and forgets what we kept of the finding, but for what a verified account stands on. A
 * provider that was deleted cannot be told any more: the audit says so, and nothing claims an erasure. Safe to repeat.
 */
export const eraseAtProvider = async (parts: Parts, id: string): Promise<void> => {
  const row = await findById(parts.db, id)
  if (!row?.providerReference || row.erasedAt || row.state === 'review') return
  const provider = await parts.organizations.findProvider(row.providerOwner, row.providerName)
  if (provider) await parts.organizations.openProvider(provider).adapter.erase(row.providerReference)
  const at = parts.clock.now()
  await parts.db.transaction(async (tx) => {
    await tx
      .update(verifications)
      .set({
        ...(provider ? { erasedAt: at } : { eraseAfter: null }),
        ...(row.state === 'verified' ? {} : { finding: null }),
        updatedAt: at,
      })
      .where(eq(verifications.id, id))
    await parts.audit.append(tx, {
      organization: row.organization,
      actor: 'system',
      action: 'erase-at-provider',
      target: `${row.organization}/${row.userName}`,
      provider: `${row.providerOwner}/${row.providerName}`,
      reference: row.reference,
      ...(provider ? {} : { result: 'failed', reasons: ['provider removed'] }),
    })
  })
}
