import { webhookTestType, webhookTypes } from '@veridoor/contract'
import { Webhook } from 'standardwebhooks'

export type WebhookEvent = {
  /** The `webhook-id`: the same when the event comes twice. */
  readonly id: string
  readonly type: (typeof webhookTypes)[number] | typeof webhookTestType
  readonly timestamp: string
  readonly data: Readonly<Record<string, string | boolean | null>>
}

/**
 * Takes a webhook of Veridoor's. Undefined for a type that this version does not know: answer 2xx, and ignore it.
 *
 * @param secret the endpoint's signing secret (`whsec_…`)
 * @param body as it arrived, before any parsing
 * @throws when the signature is not ours, or older than five minutes (replayed)
 */
export const readWebhook = (
  secret: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): WebhookEvent | undefined => {
  const one = (name: string): string => {
    const value = headers[name]
    return typeof value === 'string' ? value : ''
  }
  const id = one('webhook-id')
  const event = new Webhook(secret).verify(body, {
    'webhook-id': id,
    'webhook-timestamp': one('webhook-timestamp'),
    'webhook-signature': one('webhook-signature'),
  }) as Omit<WebhookEvent, 'id'>
  return ([...webhookTypes, webhookTestType] as readonly string[]).includes(event.type) ? { ...event, id } : undefined
}
