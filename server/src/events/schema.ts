import { sql } from 'drizzle-orm'
import { index, jsonb, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { veridoor } from '../database-schema.ts'

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** Events for the outside, written with what they tell about and sent after commit. Ids and states only. */
export const outgoingEvents = veridoor.table(
  'outgoing_events',
  {
    id: uuid('id').primaryKey(),
    organization: text('organization').notNull(),
    type: text('type').notNull(),
    payload: jsonb('payload').$type<Record<string, string | boolean | null>>().notNull(),
    createdAt: time('created_at').notNull(),
    sentAt: time('sent_at'),
  },
  (table) => [index('outgoing_events_unsent').on(table.createdAt).where(sql`${table.sentAt} is null`)],
)
