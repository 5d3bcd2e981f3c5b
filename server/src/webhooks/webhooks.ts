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
import { createDeliveries, dispatch } from './deliver.ts'
import type { Actor, WebhooksDeps } from './deps.ts'
import { webhookDeliveries } from './schema.ts'
import { sendTest } from './send-test.ts'
import { findEndpoint, listDeliveries, listEndpoints, pageOfEndpoints } from './store.ts'

export type Webhooks = ReturnType<typeof createWebhooks>

/** Outgoing webhooks (Standard Webhooks): endpoints, and the deliveries to them. */
export const createWebhooks = (deps: WebhooksDeps) => {
  const deliveries = createDeliveries(deps, createOutboundFetch(deps.outbound, 'webhook'))

  const dispatchAll = async (): Promise<void> => {
    while ((await dispatch(deps)) > 0);
  }

  return {
    list: (organization?: string) => listEndpoints(deps.db, organization),
    page: (organization: string | undefined, page: Parameters<typeof pageOfEndpoints>[2]) =>
      pageOfEndpoints(deps.db, organization, page),
    find: (id: string) => findEndpoint(deps.db, id),
    add: (actor: Actor, organization: string, input: EndpointInput) => addEndpoint(deps, actor, organization, input),
    update: (actor: Actor, id: string, input: EndpointInput & { readonly isEnabled: boolean }) =>
      updateEndpoint(deps, actor, id, input),
    replaceSecret: (actor: Actor, id: string) => replaceSecret(deps, actor, id),
    remove: (actor: Actor, id: string) => removeEndpoint(deps, actor, id),
    deliveries: (id: string, page: Parameters<typeof listDeliveries>[2]) => listDeliveries(deps.db, id, page),

    /**
     * The same event once more, now and by its old id; failing again, it is retried as a new one would be.
     * @throws {ApiError} NOT_FOUND, TOO_MANY_REQUESTS
     */
    async resend(actor: Actor, organization: string, id: string, delivery: string): Promise<void> {
      await deps.budgets.spend(deps.db, 'webhook_tests', { endpoint: id, organization })
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

    /** One round: dispatches events and begins every attempt that is due and has room. Waits for none of them. */
    async tick(): Promise<void> {
      await dispatchAll()
      while ((await deliveries.begin()) > 0);
    },
    /** Dispatches events, makes every attempt that is due, and waits for all of them. Safe on any number of nodes. */
    async run(): Promise<void> {
      await dispatchAll()
      await deliveries.finish()
    },
    /** Waits for attempts under way. */
    stop: () => deliveries.settle(),
  }
}
