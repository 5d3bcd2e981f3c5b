import type { Clock, Database, EnvelopeCipher, Log, OutboundPolicy } from '@veridoor/foundation'
import type { Audit } from '../audit/index.ts'
import type { Budgets } from '../budgets/index.ts'
import type { webhookDeliveries, webhookEndpoints } from './schema.ts'

/** What every use case of this room is given. */
export type WebhooksDeps = {
  readonly db: Database
  readonly cipher: EnvelopeCipher
  readonly clock: Clock
  readonly log: Log
  readonly audit: Audit
  readonly budgets: Budgets
  readonly outbound: OutboundPolicy
}
/** Who changes something, for the audit line. */
export type Actor = { readonly name: string; readonly address: string }
/** An endpoint as it is stored: `secret` is encrypted for the row. */
export type Endpoint = typeof webhookEndpoints.$inferSelect
/** One event for one endpoint, as it is stored. */
export type Delivery = typeof webhookDeliveries.$inferSelect
/** Why an attempt did not get through. */
export type DeliveryErrorCode = NonNullable<Delivery['lastFault']>

/** Additional data that an endpoint's secret is encrypted with. */
export const secretAad = (id: string): string => `webhook:${id}`
