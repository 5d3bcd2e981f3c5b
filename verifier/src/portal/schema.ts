import { text } from 'drizzle-orm/pg-core'
import { time, verifier } from '../session/schema.ts'

/** Operators who are signed in to the portal; the token itself is in their browser only. */
export const portalSessions = verifier.table('portal_sessions', {
  tokenDigest: text('token_digest').primaryKey(),
  /** Of the portal's secret at that time: another secret ends the session. */
  secretDigest: text('secret_digest').notNull(),
  /** A message for the next page, encrypted and shown once. */
  message: text('message'),
  createdAt: time('created_at').notNull(),
  endsAt: time('ends_at').notNull(),
})
