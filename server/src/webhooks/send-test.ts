import { randomUUID } from 'node:crypto'
import { ApiError } from '@veridoor/contract'
import { addDirectEvent } from '../events/index.ts'
import type { Actor, WebhooksDeps } from './deps.ts'
import { webhookDeliveries } from './schema.ts'
import { findEndpoint } from './store.ts'

/**
 * Queues a `webhook.test` to one endpoint, whatever types it asked for; recorded. @returns the delivery's id
 * @throws {ApiError} NOT_FOUND; ENDPOINT_OFF while it is disabled; TOO_MANY_REQUESTS
 */
export const sendTest = (deps: WebhooksDeps, actor: Actor, endpoint: string): Promise<string> =>
  deps.db.transaction(async (tx) => {
    const row = await findEndpoint(tx, endpoint)
    if (!row) throw new ApiError('NOT_FOUND')
    if (!row.isEnabled) throw new ApiError('ENDPOINT_OFF')
    await deps.budgets.spend(tx, 'webhook_tests', { endpoint, organization: row.organization })
    const event = await addDirectEvent(deps, tx, {
      organization: row.organization,
      type: 'webhook.test',
      payload: { endpoint },
    })
    const id = randomUUID()
    const at = deps.clock.now()
    await tx.insert(webhookDeliveries).values({ id, endpoint, event, nextAttemptAt: at, createdAt: at })
    await deps.audit.append(tx, {
      organization: row.organization,
      actor: actor.name,
      action: 'test-webhook',
      target: `webhook/${endpoint}`,
      address: actor.address,
    })
    return id
  })
