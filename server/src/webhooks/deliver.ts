import { randomUUID } from 'node:crypto'
import { OutboundError } from '@veridoor/foundation'
import { and, eq, inArray, isNull, lte } from 'drizzle-orm'
import { Webhook } from 'standardwebhooks'
import { findEvents, type OutgoingEvent, takeEvents } from '../events/index.ts'
import { giveUpWaiting } from './administer-endpoints.ts'
import { type Delivery, type Endpoint, type Fault, secretRow, type WebhooksParts } from './deps.ts'
import { DISABLE_AFTER_MS, nextAttempt } from './schedule.ts'
import { webhookDeliveries, webhookEndpoints } from './schema.ts'

const TIMEOUT_MS = 15_000
/** A delivery taken by a node that then dies is taken by another after this time. */
const LEASE_MS = 60_000
const BATCH = 100
const PARALLEL = 20

/**
 * Hands events on: each to the endpoints of its organization that want its type and were there when it happened. An event is
 * marked in the same transaction, so none is lost and none is handed on twice. @returns how many events were taken
 */
export const handOn = (deps: WebhooksParts): Promise<number> =>
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

/** Takes what is due for as long as an attempt can last: no other node makes the same attempt meanwhile. */
const takeDue = async (deps: WebhooksParts) => {
  const at = deps.clock.now()
  const due = deps.db
    .select({ id: webhookDeliveries.id })
    .from(webhookDeliveries)
    .where(and(eq(webhookDeliveries.state, 'waiting'), lte(webhookDeliveries.nextAttemptAt, at)))
    .orderBy(webhookDeliveries.nextAttemptAt)
    .limit(PARALLEL)
    .for('update', { skipLocked: true })
  const taken = await deps.db
    .update(webhookDeliveries)
    .set({ nextAttemptAt: new Date(at.getTime() + LEASE_MS) })
    .where(inArray(webhookDeliveries.id, due))
    .returning({ id: webhookDeliveries.id })
  if (taken.length === 0) return []
  const rows = await deps.db
    .select({ delivery: webhookDeliveries, endpoint: webhookEndpoints })
    .from(webhookDeliveries)
    .innerJoin(webhookEndpoints, eq(webhookEndpoints.id, webhookDeliveries.endpoint))
    .where(
      inArray(
        webhookDeliveries.id,
        taken.map((row) => row.id),
      ),
    )
  const events = await findEvents(
    deps.db,
    rows.map(({ delivery }) => delivery.event),
  )
  return rows.flatMap(({ delivery, endpoint }) => {
    const event = events.get(delivery.event)
    return event ? [{ delivery, endpoint, event }] : []
  })
}

/** Why a call failed, as a known word: the error itself may name an address. */
const faultOf = (error: unknown): Fault => {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof OutboundError) return 'address_not_allowed'
    if (at.name === 'TimeoutError') return 'timed_out'
  }
  return 'unreachable'
}

type Outcome = { readonly status: number | null; readonly fault: Fault | null }

/** One attempt, signed over id, time and body (Standard Webhooks, "Signature scheme"). The answer's body is not read. */
const attempt = async (
  deps: WebhooksParts,
  call: typeof fetch,
  endpoint: Endpoint,
  event: OutgoingEvent,
): Promise<Outcome> => {
  const body = JSON.stringify({ type: event.type, timestamp: event.createdAt.toISOString(), data: event.payload })
  const at = deps.clock.now()
  const signature = new Webhook(deps.cipher.decrypt(endpoint.secret, secretRow(endpoint.id))).sign(event.id, at, body)
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
const recordOutcome = (deps: WebhooksParts, delivery: Delivery, outcome: Outcome): Promise<void> =>
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
    await giveUpWaiting(tx, endpoint.id)
    await deps.audit.append(tx, {
      organization: endpoint.organization,
      actor: 'system',
      action: 'disable-webhook',
      target: `webhook/${endpoint.id}`,
      reasons: [reason],
    })
  })

/** Makes the attempts that are due now. @returns how many */
export const deliverDue = async (deps: WebhooksParts, call: typeof fetch): Promise<number> => {
  const due = await takeDue(deps)
  await Promise.all(
    due.map(async ({ delivery, endpoint, event }) =>
      recordOutcome(deps, delivery, await attempt(deps, call, endpoint, event)),
    ),
  )
  return due.length
}
