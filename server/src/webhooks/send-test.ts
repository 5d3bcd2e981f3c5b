import { randomUUID } from 'node:crypto'
import { Refusal } from '@veridoor/contract'
import { addDirectEvent } from '../events/index.ts'
import type { Actor, WebhooksParts } from './parts.ts'
import { webhookDeliveries } from './schema.ts'
import { findEndpoint } from './store.ts'

/**
 * Queues a `webhook.test` to one endpoint, whatever types it asked for; recorded. @returns the delivery's id
 * @throws {Refusal} NOT_FOUND; ENDPOINT_OFF while it is switched off
 */
export const sendTest = (parts: WebhooksParts, actor: Actor, endpoint: string): Promise<string> =>
  parts.db.transaction(async (tx) => {
    const row = await findEndpoint(tx, endpoint)
    if (!row) throw new Refusal('NOT_FOUND')
    if (!row.isEnabled) throw new Refusal('ENDPOINT_OFF')
    const event = await addDirectEvent(parts, tx, {
      organization: row.organization,
      type: 'webhook.test',
      payload: { endpoint },
    })
    const id = randomUUID()
    const at = parts.clock.now()
    await tx.insert(webhookDeliveries).values({ id, endpoint, event, nextAttemptAt: at, createdAt: at })
    await parts.audit.append(tx, {
      organization: row.organization,
      actor: actor.name,
      action: 'test-webhook',
      target: `webhook/${endpoint}`,
      address: actor.address,
    })
    return id
  })
