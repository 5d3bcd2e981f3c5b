import { z } from 'zod'
import { base, doneResponse, Id, LongPage, listOf, Name, Page, Time } from './api-base.ts'
import { LineOfText } from './text/fields.ts'

/** What an endpoint may be told of. New types may be added: a receiver ignores those it does not know. */
export const webhookTypes = [
  'verification.created',
  'verification.waiting',
  'verification.checking',
  'verification.verified',
  'verification.rejected',
  'verification.review',
  'verification.expired',
  'verification.cancelled',
  'verification.failed',
  'verification.alarm',
  'user.sealed',
  'provider.degraded',
  'provider.quota_warning',
] as const

/** Sent by hand to one endpoint, whatever it asked to be told. */
export const webhookTestType = 'webhook.test'

export const WebhookView = z.object({
  id: Id,
  organization: z.string(),
  url: z.string(),
  description: z.string(),
  /** Empty: everything. */
  types: z.array(z.enum(webhookTypes)),
  isEnabled: z.boolean(),
  /** Why it was switched off by us: `failing` for days, or the receiver said that it is `gone`. */
  disabledReason: z.enum(['failing', 'gone']).nullable(),
  failingSince: Time.nullable(),
  createdAt: Time,
})
const WebhookInput = z.object({
  url: z.url().max(500),
  description: LineOfText(200).default(''),
  types: z.array(z.enum(webhookTypes)).max(50).default([]),
})
export const DeliveryView = z.object({
  id: Id,
  /** The `webhook-id` header: the same for every attempt. */
  event: Id,
  type: z.string(),
  state: z.enum(['waiting', 'delivered', 'failed']),
  attempts: z.int(),
  /** What the receiver answered last. */
  lastStatus: z.int().nullable(),
  /** Why there was no answer; a known word. */
  lastFault: z.enum(['refused_status', 'timed_out', 'unreachable', 'address_not_allowed', 'gone']).nullable(),
  lastAttemptAt: Time.nullable(),
  nextAttemptAt: Time.nullable(),
  createdAt: Time,
})
const secret = z.string().meta({ secret: true })

/** Endpoints of outgoing webhooks (Standard Webhooks). A signing secret is in the answer that makes it, and never again. */
export const webhooks = {
  list: base
    .route({ method: 'GET', path: '/webhooks', summary: 'Lists webhook endpoints.', tags: ['webhooks'] })
    .input(z.object({ ...LongPage, organization: Name.optional() }))
    .output(listOf(WebhookView)),
  create: base
    .route({
      method: 'POST',
      path: '/webhooks',
      summary: 'Creates a webhook endpoint. The answer has its signing secret.',
      successStatus: 201,
      tags: ['webhooks'],
    })
    .input(WebhookInput.extend({ organization: Name }))
    .output(z.object({ webhook: WebhookView, secret })),
  /** Switching an endpoint on again forgets that it was failing. */
  update: base
    .route({
      method: 'PUT',
      path: '/webhooks/{id}',
      summary: 'Changes or disables a webhook endpoint.',
      tags: ['webhooks'],
    })
    .input(WebhookInput.extend({ id: z.uuid(), isEnabled: z.boolean() }))
    .output(WebhookView),
  replaceSecret: base
    .route({
      method: 'POST',
      path: '/webhooks/{id}/secret',
      summary: 'Makes a new signing secret.',
      tags: ['webhooks'],
    })
    .input(z.object({ id: z.uuid() }))
    .output(z.object({ secret })),
  remove: base
    .route({ method: 'DELETE', path: '/webhooks/{id}', summary: 'Deletes a webhook endpoint.', tags: ['webhooks'] })
    .input(z.object({ id: z.uuid() }))
    .output(doneResponse),
  deliveries: base
    .route({
      method: 'GET',
      path: '/webhooks/{id}/deliveries',
      summary: 'Lists what was delivered to an endpoint, newest first.',
      tags: ['webhooks'],
    })
    .input(z.object({ ...Page, id: z.uuid() }))
    .output(listOf(DeliveryView)),
  /** Sends the same event once more, now, with the same id. */
  resend: base
    .route({
      method: 'POST',
      path: '/webhooks/{id}/deliveries/{delivery}/resend',
      summary: 'Sends an event again.',
      tags: ['webhooks'],
    })
    .input(z.object({ id: z.uuid(), delivery: z.uuid() }))
    .output(doneResponse),
  /** Sends a `webhook.test` to this endpoint alone. How it went is in its deliveries. */
  test: base
    .route({
      method: 'POST',
      path: '/webhooks/{id}/test',
      summary: 'Sends a test event to one endpoint.',
      successStatus: 202,
      tags: ['webhooks'],
    })
    .input(z.object({ id: z.uuid() }))
    .output(z.object({ delivery: Id })),
}
