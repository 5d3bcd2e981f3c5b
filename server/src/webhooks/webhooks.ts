import { Refusal } from '@veridoor/contract'
import { createOutboundFetch } from '@veridoor/foundation'
import { and, eq } from 'drizzle-orm'
import {
  addEndpoint,
  type EndpointInput,
  removeEndpoint,
  replaceSecret,
  updateEndpoint,
} from './administer-endpoints.ts'
import { deliverDue, handOn } from './deliver.ts'
import type { Actor, WebhooksParts } from './parts.ts'
import { webhookDeliveries } from './schema.ts'
import { sendTest } from './send-test.ts'
import { findEndpoint, listDeliveries, listEndpoints } from './store.ts'

const PULSE_MS = 1000

export type Webhooks = ReturnType<typeof createWebhooks>

/** Outgoing webhooks (Standard Webhooks): endpoints, deliveries, and the pulse that sends them. */
export const createWebhooks = (parts: WebhooksParts) => {
  const call = createOutboundFetch(parts.outbound)
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined

  /** Hands events on and makes every attempt that is due. Safe on any number of nodes. */
  const run = async (): Promise<void> => {
    while ((await handOn(parts)) > 0);
    while ((await deliverDue(parts, call)) > 0);
  }

  return {
    list: (organization?: string) => listEndpoints(parts.db, organization),
    find: (id: string) => findEndpoint(parts.db, id),
    add: (actor: Actor, organization: string, input: EndpointInput) => addEndpoint(parts, actor, organization, input),
    update: (actor: Actor, id: string, input: EndpointInput & { readonly isEnabled: boolean }) =>
      updateEndpoint(parts, actor, id, input),
    replaceSecret: (actor: Actor, id: string) => replaceSecret(parts, actor, id),
    remove: (actor: Actor, id: string) => removeEndpoint(parts, actor, id),
    deliveries: (id: string, page: Parameters<typeof listDeliveries>[2]) => listDeliveries(parts.db, id, page),

    /**
     * The same event once more, now and by its old id; failing again, it is retried as a new one would be.
     * @throws {Refusal} NOT_FOUND
     */
    async resend(actor: Actor, organization: string, id: string, delivery: string): Promise<void> {
      await parts.db.transaction(async (tx) => {
        const [row] = await tx
          .update(webhookDeliveries)
          .set({ state: 'waiting', attempts: 0, nextAttemptAt: parts.clock.now() })
          .where(and(eq(webhookDeliveries.id, delivery), eq(webhookDeliveries.endpoint, id)))
          .returning({ id: webhookDeliveries.id })
        if (!row) throw new Refusal('NOT_FOUND')
        await parts.audit.append(tx, {
          organization,
          actor: actor.name,
          action: 'resend-webhook',
          target: `webhook/${id}`,
          address: actor.address,
        })
      })
    },

    /**
     * Sends a `webhook.test` to one endpoint, now, whatever types it asked for. A test is signed, retried and listed as all else.
     * @returns the delivery's id
     * @throws {Refusal} NOT_FOUND; ENDPOINT_OFF while it is switched off
     */
    sendTest: (actor: Actor, id: string) => sendTest(parts, actor, id),

    run,
    work(): void {
      timer = setInterval(() => {
        running ??= run()
          .catch((error: unknown) => parts.log.warn('webhooks.failed', { error }))
          .finally(() => {
            running = undefined
          })
      }, PULSE_MS)
    },
    /** Waits for attempts under way. */
    async stop(): Promise<void> {
      clearInterval(timer)
      await running
    },
  }
}
