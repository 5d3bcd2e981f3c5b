import { sql } from 'drizzle-orm'
import { boolean, index, integer, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { veridoor } from '../database-schema.ts'
import { outgoingEvents } from '../events/schema.ts'

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** Who wants to be told, and where. */
export const webhookEndpoints = veridoor.table(
  'webhook_endpoints',
  {
    id: uuid('id').primaryKey(),
    organization: text('organization').notNull(),
    url: text('url').notNull(),
    description: text('description').notNull().default(''),
    /** Empty: everything. */
    types: text('types').array().notNull().default(sql`'{}'::text[]`),
    /** Encrypted for this row: signing needs it in clear. */
    secret: text('secret').notNull(),
    isEnabled: boolean('is_enabled').notNull().default(true),
    disabledReason: text('disabled_reason').$type<'failing' | 'gone'>(),
    /** Since when no attempt has got through; null while it answers. */
    failingSince: time('failing_since'),
    createdAt: time('created_at').notNull(),
  },
  (table) => [index('webhook_endpoints_organization').on(table.organization)],
)

/** One event for one endpoint, and how far it has come. The body is made from the event each time it is sent. */
export const webhookDeliveries = veridoor.table(
  'webhook_deliveries',
  {
    id: uuid('id').primaryKey(),
    endpoint: uuid('endpoint')
      .notNull()
      .references(() => webhookEndpoints.id, { onDelete: 'cascade' }),
    event: uuid('event')
      .notNull()
      .references(() => outgoingEvents.id, { onDelete: 'cascade' }),
    state: text('state').$type<'waiting' | 'delivered' | 'failed'>().notNull().default('waiting'),
    attempts: integer('attempts').notNull().default(0),
    /** When to try; while an attempt runs, when another node may take it over. Null: never again by itself. */
    nextAttemptAt: time('next_attempt_at'),
    lastAttemptAt: time('last_attempt_at'),
    lastStatus: integer('last_status'),
    lastFault: text('last_fault').$type<
      'refused_status' | 'timed_out' | 'unreachable' | 'address_not_allowed' | 'gone'
    >(),
    createdAt: time('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('webhook_deliveries_once').on(table.endpoint, table.event),
    index('webhook_deliveries_due').on(table.nextAttemptAt).where(sql`${table.state} = 'waiting'`),
    index('webhook_deliveries_list').on(table.endpoint, table.createdAt, table.id),
  ],
)
