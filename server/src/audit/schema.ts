import { bigint, index, jsonb, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import { veridoor } from '../database-schema.ts'

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/**
 * One line for each attempt and each administrative action. Append only: triggers (migration 0001) refuse update, delete
 * and truncate; each line carries the digest of the one before it in its organization.
 */
export const auditLines = veridoor.table(
  'audit_lines',
  {
    organization: text('organization').notNull(),
    number: bigint('number', { mode: 'number' }).notNull(),
    at: time('at').notNull(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    target: text('target').notNull(),
    provider: text('provider'),
    reference: text('reference'),
    before: text('before'),
    after: text('after'),
    reasons: jsonb('reasons').$type<string[]>().notNull().default([]),
    result: text('result').notNull(),
    address: text('address').notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
    /** HMAC of `hash` under a key that is not in the database. */
    signature: text('signature'),
  },
  (table) => [
    primaryKey({ columns: [table.organization, table.number] }),
    index('audit_lines_target').on(table.organization, table.target),
    index('audit_lines_at').on(table.organization, table.at),
    index('audit_lines_all').on(table.at, table.organization, table.number),
    index('audit_lines_reference').on(table.organization, table.reference),
  ],
)
