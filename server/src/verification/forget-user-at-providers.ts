import type { Transaction } from '@veridoor/foundation'
import { findProvider, openProvider } from '../organizations/index.ts'
import { type Deps, type Forget, forgetJob } from './deps.ts'
import { faultOf } from './provider-faults.ts'
import { GRACE_MS } from './retention.ts'
import { findUnerased } from './store.ts'

/**
 * Queues, in the transaction that deletes a person, that each provider deletes what it has of them: afterwards nothing here
 * knows of these checks any more. Where a link is still open it waits for the link's end, since pictures may come until then.
 */
export const forgetUserAtProviders = async (deps: Deps, tx: Transaction, userId: string): Promise<void> => {
  const now = deps.clock.now()
  for (const row of await findUnerased(tx, userId)) {
    const linkEndsAt = row.finding === null && row.expiresAt && row.expiresAt > now ? row.expiresAt : undefined
    await deps.jobs.send(
      forgetJob,
      {
        organization: row.organization,
        reference: row.reference,
        providerOwner: row.providerOwner,
        providerName: row.providerName,
        providerReference: row.providerReference ?? '',
      },
      {
        tx,
        key: `forget ${row.id}`,
        ...(linkEndsAt ? { startAfter: new Date(linkEndsAt.getTime() + GRACE_MS) } : {}),
      },
    )
  }
}

/** Tells the provider to delete the check of a deleted account. The audit record says whether it did. Safe to repeat. */
export const forgetAtProvider = async (deps: Deps, check: Forget, attempt: { isLast: boolean }): Promise<void> => {
  const record = (failure?: string): Promise<void> =>
    deps.db.transaction((tx) =>
      deps.audit.append(tx, {
        organization: check.organization,
        actor: 'system',
        action: 'erase-at-provider',
        target: check.reference,
        provider: `${check.providerOwner}/${check.providerName}`,
        reference: check.reference,
        ...(failure ? { result: 'failed', reasons: [failure] } : {}),
      }),
    )
  const provider = await findProvider(deps.organizations.db, check.providerOwner, check.providerName)
  if (!provider) return record('provider removed')
  try {
    await openProvider(deps.organizations, provider).adapter.erase(check.providerReference)
  } catch (error) {
    if (attempt.isLast) await record(faultOf(error))
    throw error
  }
  await record()
}
