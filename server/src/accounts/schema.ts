import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, jsonb, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { veridoor } from '../database-schema.ts'
import { organizations } from '../organizations/schema.ts'

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/**
 * A person's account. The identity columns are locked once `verified_at` is set: a trigger (migration 0001) refuses any
 * change of them, whoever asks, and refuses `verified_at` without a verification of this account in state `verified`.
 */
export const users = veridoor.table(
  'users',
  {
    id: uuid('id').primaryKey(),
    organization: text('organization')
      .notNull()
      .references(() => organizations.name),
    name: text('name').notNull(),
    displayName: text('display_name').notNull().default(''),
    email: text('email').notNull().default(''),
    /**
     * Since when the address is only claimed: the person gave it and has not confirmed it. Null once it is confirmed, or where an
     * administrator entered it. A claimed address blocks nobody and lapses after a day.
     */
    emailClaimedAt: time('email_claimed_at'),
    /** When the person showed that this address is theirs; null after each change of it. */
    emailVerifiedAt: time('email_verified_at'),
    passwordHash: text('password_hash').notNull().default(''),
    mustChangePassword: boolean('must_change_password').notNull().default(false),
    isAdmin: boolean('is_admin').notNull().default(false),
    isForbidden: boolean('is_forbidden').notNull().default(false),
    /** The application the person signed up through: it decides the providers. */
    application: text('application').notNull().default(''),
    documentType: text('document_type').notNull().default(''),
    /** Encrypted for this row; empty when not given. */
    documentNumber: text('document_number').notNull().default(''),
    /** What may be shown of the number: `••••••4521`. */
    documentNumberMasked: text('document_number_masked').notNull().default(''),
    realName: text('real_name').notNull().default(''),
    documentCountry: text('document_country').notNull().default(''),
    verifiedAt: time('verified_at'),
    /** The verification that locked the identity. */
    lockedBy: uuid('locked_by'),
    isDemonstration: boolean('is_demonstration').notNull().default(false),
    /** Whether the installation had approved that provider; null while nobody verified the account. */
    trust: text('trust').$type<'installation' | 'organization'>(),
    /** Over every field that the verified account stands on, by a key that is not in the database. */
    identitySignature: text('identity_signature'),
    /** The provider that verified, as `owner/name`. */
    verifiedBy: text('verified_by'),
    /** Keyed digest of country|type|number, only of verified people: one document, one account in an organization. */
    documentFingerprint: text('document_fingerprint'),
    extra: jsonb('extra').$type<Record<string, unknown>>().notNull().default({}),
    createdAt: time('created_at').notNull().defaultNow(),
    updatedAt: time('updated_at').notNull().defaultNow(),
    lastSignInAt: time('last_sign_in_at'),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    uniqueIndex('users_organization_name').on(table.organization, table.name),
    uniqueIndex('users_organization_email')
      .on(table.organization, sql`lower(${table.email})`)
      .where(sql`${table.email} <> '' and ${table.emailClaimedAt} is null`),
    index('users_claimed_email')
      .on(table.organization, sql`lower(${table.email})`)
      .where(sql`${table.emailClaimedAt} is not null`),
    index('users_email_claimed').on(table.emailClaimedAt).where(sql`${table.emailClaimedAt} is not null`),
    uniqueIndex('users_document')
      .on(table.organization, table.documentFingerprint)
      .where(sql`${table.documentFingerprint} is not null`),
    index('users_organization_created').on(table.organization, table.createdAt, table.id),
    index('users_created').on(table.createdAt, table.id),
    // People are found by the number that they wrote, which is not unique.
    index('users_phone').on(table.organization, sql`(${table.extra} ->> 'phone')`),
  ],
)

/** Accounts that were erased. Their ids are never used again, so that nobody takes over what others know of them. */
export const erasedUsers = veridoor.table('erased_users', {
  id: uuid('id').primaryKey(),
  organization: text('organization').notNull(),
  erasedAt: time('erased_at').notNull().defaultNow(),
})

/** Sessions: the cookie holds an opaque token, the table its digest. */
export const sessions = veridoor.table(
  'sessions',
  {
    tokenDigest: text('token_digest').primaryKey(),
    /** What a list may show of it: a session is ended by this id, which opens nothing. */
    id: uuid('id').notNull().defaultRandom(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    application: text('application').notNull(),
    createdAt: time('created_at').notNull(),
    lastSeenAt: time('last_seen_at').notNull(),
    expiresAt: time('expires_at').notNull(),
    address: text('address').notNull().default(''),
    userAgent: text('user_agent').notNull().default(''),
    /** How the person signed in, by the names of RFC 8176, separated by spaces. */
    methods: text('methods').notNull().default('pwd'),
  },
  (table) => [index('sessions_user').on(table.userId), index('sessions_expires').on(table.expiresAt)],
)

/** A secret shared with an authenticator app (RFC 6238). Counts only once a first code has proven that the app has it. */
export const authenticators = veridoor.table('authenticators', {
  userId: uuid('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** Encrypted for this row. */
  secret: text('secret').notNull(),
  confirmedAt: time('confirmed_at'),
  /** The latest time step of which a code was taken: neither it nor an earlier one is taken again. */
  lastStep: integer('last_step').notNull().default(0),
  createdAt: time('created_at').notNull(),
})

/** Keyed digests of codes for the day the authenticator app is lost. A used code is deleted. */
export const recoveryCodes = veridoor.table(
  'recovery_codes',
  {
    codeDigest: text('code_digest').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
  },
  (table) => [index('recovery_codes_user').on(table.userId)],
)

/** Passkeys (WebAuthn): the public half only. */
export const passkeys = veridoor.table(
  'passkeys',
  {
    /** The credential's own id, base64url. */
    id: text('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** COSE key, base64url. */
    publicKey: text('public_key').notNull(),
    counter: bigint('counter', { mode: 'number' }).notNull(),
    transports: jsonb('transports').$type<string[]>().notNull().default([]),
    name: text('name').notNull(),
    createdAt: time('created_at').notNull(),
    lastUsedAt: time('last_used_at'),
  },
  (table) => [index('passkeys_user').on(table.userId)],
)

/** Challenges given out and not yet answered; taking one deletes it. Those of a registration belong to one person. */
export const passkeyChallenges = veridoor.table(
  'passkey_challenges',
  {
    challengeDigest: text('challenge_digest').primaryKey(),
    userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
    expiresAt: time('expires_at').notNull(),
  },
  (table) => [index('passkey_challenges_expires').on(table.expiresAt)],
)

/** Links that were sent by mail, as digests. Each opens one thing, once; what it opens it opens only while the address is the same. */
export const mailedLinks = veridoor.table(
  'mailed_links',
  {
    tokenDigest: text('token_digest').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    purpose: text('purpose').$type<'password' | 'email'>().notNull(),
    /** Of the address it was sent to. */
    emailDigest: text('email_digest').notNull(),
    expiresAt: time('expires_at').notNull(),
  },
  (table) => [index('mailed_links_user').on(table.userId), index('mailed_links_expires').on(table.expiresAt)],
)

/** Codes that were sent by mail to sign in with, each for the one browser that asked. */
export const mailedCodes = veridoor.table(
  'mailed_codes',
  {
    browserDigest: text('browser_digest').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Keyed: six digits could be tried out from a dump of the table. */
    codeDigest: text('code_digest').notNull(),
    wrongTries: integer('wrong_tries').notNull().default(0),
    expiresAt: time('expires_at').notNull(),
  },
  (table) => [index('mailed_codes_user').on(table.userId), index('mailed_codes_expires').on(table.expiresAt)],
)

/** Browsers that somebody signed in with: wrong passwords from elsewhere do not count against them. */
export const knownDevices = veridoor.table(
  'known_devices',
  {
    /** Of the cookie and the account: one browser is known to each of its people by another value. */
    deviceDigest: text('device_digest').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    lastSeenAt: time('last_seen_at').notNull(),
  },
  (table) => [index('known_devices_user').on(table.userId), index('known_devices_seen').on(table.lastSeenAt)],
)
