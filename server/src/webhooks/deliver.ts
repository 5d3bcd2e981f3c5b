import { randomUUID } from 'node:crypto'
import { OutboundError } from '@veridoor/foundation'
import { and, eq, inArray, isNull } from 'drizzle-orm'
import { Webhook } from 'standardwebhooks'
import { type OutgoingEvent, takeEvents } from '../events/index.ts'
import { failWaiting } from './administer-endpoints.ts'
import { type Delivery, type DeliveryErrorCode, type Endpoint, secretAad, type WebhooksDeps } from './deps.ts'
import { DISABLE_AFTER_MS, nextAttempt } from './schedule.ts'
import { webhookDeliveries, webhookEndpoints } from './schema.ts'
import { type DueDelivery, findCandidates, takeDeliveries } from './store.ts'

const TIMEOUT_MS = 15_000
const BATCH = 100

/**
 * Hands events on: each to the endpoints of its organization that want its type and were there when it happened. An event is
 * marked in the same transaction, so none is lost and none is handed on twice. @returns how many events were taken
 */
export const dispatch = (deps: WebhooksDeps): Promise<number> =>
  deps.db.transaction(async (tx) => {
    const at = deps.clock.now()
    const events = await takeEvents(tx, at, BATCH)
    if (events.length === 0) return 0
    const organizations = [...new Set(events.map((event) => event.organization))]
    const endpoints = await tx
      .select()
      .from(webhookEndpoints)
      .where(and(eq(webhookEndpoints.isEnabled, true), inArray(webhookEndpoints.organization, organizations)))
    const wanted = events.flatMap((event) =>
      endpoints
        .filter(
          (endpoint) =>
            endpoint.organization === event.organization &&
            endpoint.createdAt <= event.createdAt &&
            (endpoint.types.length === 0 || endpoint.types.includes(event.type)),
        )
        .map((endpoint) => ({
          id: randomUUID(),
          endpoint: endpoint.id,
          event: event.id,
          nextAttemptAt: at,
          createdAt: at,
        })),
    )
    if (wanted.length > 0) await tx.insert(webhookDeliveries).values(wanted)
    return events.length
  })

/** Why a call failed, as a known word: the error itself may name an address. */
const faultOf = (error: unknown): DeliveryErrorCode => {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof OutboundError) return 'address_not_allowed'
    if (at.name === 'TimeoutError') return 'timed_out'
  }
  return 'unreachable'
}

type Outcome = { readonly status: number | null; readonly fault: DeliveryErrorCode | null }

/** One attempt, signed over id, time and body (Standard Webhooks, "Signature scheme"). The answer's body is not read. */
const attempt = async (
  deps: WebhooksDeps,
  call: typeof fetch,
  endpoint: Endpoint,
  event: OutgoingEvent,
): Promise<Outcome> => {
  const body = JSON.stringify({ type: event.type, timestamp: event.createdAt.toISOString(), data: event.payload })
  const at = deps.clock.now()
  const signature = new Webhook(deps.cipher.decrypt(endpoint.secret, secretAad(endpoint.id))).sign(event.id, at, body)
  try {
    const answer = await call(endpoint.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Veridoor',
        'webhook-id': event.id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': signature,
      },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await answer.body?.cancel().catch(() => {})
    if (answer.ok) return { status: answer.status, fault: null }
    return { status: answer.status, fault: answer.status === 410 ? 'gone' : 'refused_status' }
  } catch (error) {
    return { status: null, fault: faultOf(error) }
  }
}

/** Writes down how an attempt went; an endpoint to which nothing gets through for days, or that is gone, is switched off. */
const recordOutcome = (deps: WebhooksDeps, delivery: Delivery, outcome: Outcome): Promise<void> =>
  deps.db.transaction(async (tx) => {
    const at = deps.clock.now()
    const attempts = delivery.attempts + 1
    const next = outcome.fault === null || outcome.fault === 'gone' ? null : nextAttempt(attempts, at, Math.random())
    const [endpoint] = await tx
      .select()
      .from(webhookEndpoints)
      .where(eq(webhookEndpoints.id, delivery.endpoint))
      .for('update')
    if (!endpoint) return
    await tx
      .update(webhookDeliveries)
      .set({
        state: outcome.fault === null ? 'delivered' : next && endpoint.isEnabled ? 'waiting' : 'failed',
        attempts,
        nextAttemptAt: endpoint.isEnabled ? next : null,
        lastAttemptAt: at,
        lastStatus: outcome.status,
        lastFault: outcome.fault,
      })
      .where(eq(webhookDeliveries.id, delivery.id))
    if (outcome.fault === null) {
      if (endpoint.failingSince)
        await tx.update(webhookEndpoints).set({ failingSince: null }).where(eq(webhookEndpoints.id, endpoint.id))
      return
    }
    const since = endpoint.failingSince ?? at
    await tx
      .update(webhookEndpoints)
      .set({ failingSince: since })
      .where(and(eq(webhookEndpoints.id, endpoint.id), isNull(webhookEndpoints.failingSince)))
    const reason =
      outcome.fault === 'gone' ? 'gone' : at.getTime() - since.getTime() >= DISABLE_AFTER_MS ? 'failing' : null
    if (!reason || !endpoint.isEnabled) return
    await tx
      .update(webhookEndpoints)
      .set({ isEnabled: false, disabledReason: reason })
      .where(eq(webhookEndpoints.id, endpoint.id))
    await failWaiting(tx, endpoint.id)
    await deps.audit.append(tx, {
      organization: endpoint.organization,
      actor: 'system',
      action: 'disable-webhook',
      target: `webhook/${endpoint.id}`,
      reasons: [reason],
    })
  })

/** Attempts under way in this process. */
export type Deliveries = {
  /** Begins every due attempt that its endpoint and organization have room for. @returns how many it began */
  begin(): Promise<number>
  /** Begins attempts until nothing is due that has room, and waits for all that are under way. */
  finish(): Promise<void>
  /** Waits for what is under way, and begins nothing. */
  settle(): Promise<void>
}

/**
 * A silent endpoint holds its own slots for as long as an attempt may take, and nobody else's: what is due for others begins in the same
 * round. Each attempt belongs to one node at a time, by the time until which it is taken.
 */
export const createDeliveries = (deps: WebhooksDeps, call: typeof fetch): Deliveries => {
  const running = new Set<Promise<void>>()
  const perEndpoint = new Map<string, number>()
  const endpointLimit = deps.budgets.limitOf('webhooks', 'endpoint') ?? Number.POSITIVE_INFINITY

  const start = (due: DueDelivery, release: () => void): void => {
    const id = due.endpoint.id
    perEndpoint.set(id, (perEndpoint.get(id) ?? 0) + 1)
    const work = attempt(deps, call, due.endpoint, due.event)
      .then((outcome) => recordOutcome(deps, due.delivery, outcome))
      .catch((error: unknown) => deps.log.warn('webhooks.failed', { error }))
      .finally(() => {
        release()
        const left = (perEndpoint.get(id) ?? 1) - 1
        if (left > 0) perEndpoint.set(id, left)
        else perEndpoint.delete(id)
        running.delete(work)
        // The next one of this endpoint need not wait for the scheduler.
        void pump()
      })
    running.add(work)
  }

  const busyEndpoints = (): string[] =>
    [...perEndpoint].filter(([, count]) => count >= endpointLimit).map(([endpoint]) => endpoint)

  let isPumping = false
  const pump = async (): Promise<void> => {
    if (isPumping || isSettled) return
    isPumping = true
    await begin()
      .catch((error: unknown) => deps.log.warn('webhooks.failed', { error }))
      .finally(() => {
        isPumping = false
      })
  }
  let isSettled = false

  const begin = async (): Promise<number> => {
    const candidates = await findCandidates(deps.db, deps.clock.now(), busyEndpoints())
    const acquired = new Map<string, () => void>()
    for (const { id, endpoint, organization } of candidates) {
      const release = deps.budgets.tryAcquire('webhooks', { endpoint, organization })
      if (release) acquired.set(id, release)
    }
    const taken = await takeDeliveries(deps.db, deps.clock.now(), [...acquired.keys()]).catch((error: unknown) => {
      for (const release of acquired.values()) release()
      throw error
    })
    for (const due of taken) {
      const release = acquired.get(due.delivery.id)
      acquired.delete(due.delivery.id)
      if (release) start(due, release)
    }
    // Another node was faster.
    for (const release of acquired.values()) release()
    return taken.length
  }

  return {
    begin,
    async settle() {
      isSettled = true
      await Promise.all(running)
    },
    async finish() {
      for (;;) {
        const begun = await begin()
        if (begun === 0 && running.size === 0) return
        if (begun === 0) await Promise.race(running)
      }
    },
  }
}
