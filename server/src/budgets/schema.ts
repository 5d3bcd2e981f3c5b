import { integer, text, timestamp } from 'drizzle-orm/pg-core'
import { veridoor } from '../database-schema.ts'

/** Counters of rate limits: how many units of `key` fell into the window that began at `startedAt`. Keys are digests. */
export const rateLimits = veridoor.table('rate_limits', {
  key: text('key').primaryKey(),
  startedAt: timestamp('started_at', { withTimezone: true, mode: 'date' }).notNull(),
  count: integer('count').notNull(),
})
