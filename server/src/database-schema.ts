import { pgSchema, text, timestamp } from 'drizzle-orm/pg-core'

/** Every table of the server lives in this schema. */
export const veridoor = pgSchema('veridoor')

/** Keys that others are derived from, each encrypted under the master key, so that they outlive a change of the master key. */
export const rootKeys = veridoor.table('root_keys', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull().defaultNow(),
})
