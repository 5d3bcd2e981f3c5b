import { index, integer, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { veridoor } from '../database-schema.ts'

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** Requests that a server may repeat safely, and what they were answered. Keys are digests, answers sealed: one may hold a secret. */
export const idempotentRequests = veridoor.table(
  'idempotent_requests',
  {
    /** Digest of the API key's id and the `Idempotency-Key`. */
    keyDigest: text('key_digest').primaryKey(),
    /** Digest of method, address and body: another request by the same key is refused. */
    requestDigest: text('request_digest').notNull(),
    attempt: uuid('attempt').notNull(),
    /** Null while the first one is still at work. */
    status: integer('status'),
    answer: text('answer'),
    createdAt: time('created_at').notNull(),
  },
  (table) => [index('idempotent_requests_created').on(table.createdAt)],
)
