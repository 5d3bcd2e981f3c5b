import { digest, networkKey } from '@veridoor/foundation'
import type { IncomingWebhook } from '@veridoor/providers'
import { enforceRateLimit } from '../budgets/index.ts'
import { findProvider, findProviderByWebhook, openProvider, type ProviderRow } from '../organizations/index.ts'
import { type Deps, settleJob } from './deps.ts'
import { firstPollAfterFinish, scheduleOf } from './schedule.ts'
import {
  findByProviderReference,
  findByWebhookDigest,
  recordWebhook,
  updateIfUnchanged,
  type VerificationRow,
} from './store.ts'

/**
 * `queued`: the result will be fetched; `repeated`: the same body came before; `ignored`: it cannot be read, or is about nothing that
 * we wait for; `refused`: its signature does not hold; `unknown`: nobody has this address.
 */
export type WebhookOutcome = 'queued' | 'repeated' | 'ignored' | 'refused' | 'unknown'

/** Records a digest, never the body (it may hold the whole person), and queues the settling in the same transaction. */
const queueSettling = (
  deps: Deps,
  row: VerificationRow,
  provider: ProviderRow,
  webhook: IncomingWebhook,
): Promise<WebhookOutcome> => {
  const at = deps.clock.now()
  const schedule = scheduleOf(openProvider(deps.organizations, provider).type)
  return deps.db.transaction(async (tx) => {
    const isFirst = await recordWebhook(tx, row.id, digest(webhook.body), at)
    if (!isFirst) return 'repeated'
    if (row.state === 'waiting' && !row.finishedByPersonAt)
      await updateIfUnchanged(
        tx,
        row,
        { finishedByPersonAt: at, nextPollAt: firstPollAfterFinish(at, schedule), polls: 0 },
        at,
      )
    await deps.jobs.send(settleJob, { id: row.id }, { tx, key: row.id })
    return 'queued'
  })
}

/** At an address of one check: the reference in the body has to be the check's own. */
const receiveForCheck = async (deps: Deps, row: VerificationRow, webhook: IncomingWebhook): Promise<WebhookOutcome> => {
  const provider = await findProvider(deps.organizations.db, row.providerOwner, row.providerName)
  const opened = provider && openProvider(deps.organizations, provider)
  const read = opened?.type.webhooks === 'per_check' ? opened.adapter.readWebhook(webhook) : null
  if (!provider || !row.providerReference || read?.reference?.toLowerCase() !== row.providerReference.toLowerCase()) {
    deps.log.warn('webhook.ignored', { verification: row.id, code: 'reference' })
    return 'ignored'
  }
  return queueSettling(deps, row, provider, webhook)
}

/** At the one address of an account: the signature says that the provider sent it, and the reference which check it is about. */
const receiveForAccount = async (
  deps: Deps,
  provider: ProviderRow,
  webhook: IncomingWebhook,
): Promise<WebhookOutcome> => {
  const { adapter, type } = openProvider(deps.organizations, provider)
  const read = type.webhooks === 'per_account' ? adapter.readWebhook(webhook) : null
  if (!read) {
    deps.log.warn('webhook.refused', { code: 'signature' })
    return 'refused'
  }
  const row = read.reference === null ? undefined : await findByProviderReference(deps.db, provider, read.reference)
  return row ? queueSettling(deps, row, provider, webhook) : 'ignored'
}

/**
 * A webhook only says which check to ask about. It is found by the unguessable part of the address, and decides nothing. Forged,
 * repeated, late and unknown ones are harmless.
 *
 * @throws {ApiError} TOO_MANY_REQUESTS for an address that keeps sending to unknown or refusing addresses
 */
export const receiveWebhook = async (
  deps: Deps,
  token: string,
  webhook: IncomingWebhook,
  address: string,
): Promise<WebhookOutcome> => {
  const tokenDigest = digest(token)
  const row = await findByWebhookDigest(deps.db, tokenDigest)
  if (row) return receiveForCheck(deps, row, webhook)
  const provider = await findProviderByWebhook(deps.organizations.db, tokenDigest)
  const outcome = provider ? await receiveForAccount(deps, provider, webhook) : 'unknown'
  if (outcome === 'unknown' || outcome === 'refused')
    await enforceRateLimit(deps.db, `webhook:${networkKey(address)}`, { limit: 60, windowMs: 60_000 }, deps.clock.now())
  return outcome
}
