import { index, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import { veridoor } from '../database-schema.ts'

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/**
 * Codes, tokens, grants, sessions and interactions of the protocol. An id is a bearer secret: the table holds its digest, and the payload
 * is encrypted for that row, so that a copy of the table signs nobody in.
 */
export const oidcArtifacts = veridoor.table(
  'oidc_artifacts',
  {
    model: text('model').notNull(),
    idDigest: text('id_digest').notNull(),
    grantDigest: text('grant_digest'),
    uidDigest: text('uid_digest'),
    userCodeDigest: text('user_code_digest'),
    /** The account that it was given out for: all of them end together (`end-grants.ts`). */
    accountId: text('account_id'),
    payload: text('payload').notNull(),
    consumedAt: time('consumed_at'),
    expiresAt: time('expires_at'),
  },
  (table) => [
    primaryKey({ columns: [table.model, table.idDigest] }),
    index('oidc_artifacts_grant').on(table.grantDigest),
    index('oidc_artifacts_uid').on(table.uidDigest),
    index('oidc_artifacts_account').on(table.accountId),
    index('oidc_artifacts_expires').on(table.expiresAt),
  ],
)

/** Keys that sign ID tokens and access tokens. The newest of an algorithm signs; older ones stay published until their tokens have expired. */
export const signingKeys = veridoor.table('signing_keys', {
  kid: text('kid').primaryKey(),
  algorithm: text('algorithm').notNull(),
  /** Private key as JWK, encrypted for this row. */
  privateKey: text('private_key').notNull(),
  createdAt: time('created_at').notNull(),
  /** It signs nothing from here on. */
  retiredAt: time('retired_at'),
})
