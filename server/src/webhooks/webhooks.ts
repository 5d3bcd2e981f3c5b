import { ApiError } from '@veridoor/contract'
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
import type { Actor, WebhooksParts } from './deps.ts'
import { webhookDeliveries } from './schema.ts'
import { sendTest } from './send-test.ts'
import { findEndpoint, listDeliveries, listEndpoints } from './store.ts'

const PULSE_MS = 1000

export type Webhooks = ReturnType<typeof createWebhooks>

/** Outgoing webhooks (Standard Webhooks): endpoints, deliveries, and the pulse that sends them. */
export const createWebhooks = (deps: WebhooksParts) => {
  const call = createOutboundFetch(deps.outbound)
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined

  /** Hands events on and makes every attempt that is due. Safe on any number of nodes. */
  const run = async (): Promise<void> => {
    while ((await handOn(deps)) > 0);
    while ((await deliverDue(deps, call)) > 0);
  }

  return {
    list: (organization?: string) => listEndpoints(deps.db, organization),
    find: (id: string) => findEndpoint(deps.db, id),
    add: (actor: Actor, organization: string, input: EndpointInput) => addEndpoint(deps, actor, organization, input),
    update: (actor: Actor, id: string, input: EndpointInput & { readonly isEnabled: boolean }) =>
      updateEndpoint(deps, actor, id, input),
    replaceSecret: (actor: Actor, id: string) => replaceSecret(deps, actor, id),
    remove: (actor: Actor, id: string) => removeEndpoint(deps, actor, id),
    deliveries: (id: string, page: Parameters<typeof listDeliveries>[2]) => listDeliveries(deps.db, id, page),

    /**
     * The same event once more, now and by its old id; failing again, it is retried as a new one would be.
     * @throws {ApiError} NOT_FOUND
     */
    async resend(actor: Actor, organization: string, id: string, delivery: string): Promise<void> {
      await deps.db.transaction(async (tx) => {
        const [row] = await tx
          .update(webhookDeliveries)
          .set({ state: 'waiting', attempts: 0, nextAttemptAt: deps.clock.now() })
          .where(and(eq(webhookDeliveries.id, delivery), eq(webhookDeliveries.endpoint, id)))
          .returning({ id: webhookDeliveries.id })
        if (!row) throw new ApiError('NOT_FOUND')
        await deps.audit.append(tx, {
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
     * @throws {ApiError} NOT_FOUND; ENDPOINT_OFF while it is switched off
     */
    sendTest: (actor: Actor, id: string) => sendTest(deps, actor, id),

    run,
    work(): void {
      timer = setInterval(() => {
        running ??= run()
          .catch((error: unknown) => deps.log.warn('webhooks.failed', { error }))
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
