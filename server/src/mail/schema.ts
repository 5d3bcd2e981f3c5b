import { index, integer, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { veridoor } from '../database-schema.ts'

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/**
 * Messages to people: on their way, or, where no mail server is set, kept for administrators to look at. Both columns of text
 * are encrypted for the row: they hold addresses, links and codes.
 */
export const mails = veridoor.table(
  'mails',
  {
    id: uuid('id').primaryKey(),
    organization: text('organization').notNull(),
    /** Whom it is about: erased with the account. */
    userId: uuid('user_id').notNull(),
    /** Recipient and subject. */
    head: text('head').notNull(),
    /** Gone as soon as the message is sent, or has failed for good. */
    body: text('body'),
    state: text('state').$type<'waiting' | 'sent' | 'kept' | 'failed'>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    lastFault: text('last_fault').$type<
      'unreachable' | 'timed_out' | 'not_encrypted' | 'sign_in_refused' | 'refused' | 'too_late'
    >(),
    /** A code or link in it has ended by then: sending it later would only puzzle people. */
    usefulUntil: time('useful_until').notNull(),
    createdAt: time('created_at').notNull(),
    sentAt: time('sent_at'),
  },
  (table) => [
    index('mails_list').on(table.organization, table.createdAt, table.id),
    index('mails_user').on(table.userId),
    index('mails_created').on(table.createdAt),
  ],
)
