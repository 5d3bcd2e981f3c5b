import type { ManagementLevel, SignUpFields } from '@veridoor/contract'
import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { veridoor } from '../database-schema.ts'

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** Tenants, by their names. Administrators of `built-in` are those of the whole installation. */
export const organizations = veridoor.table('organizations', {
  name: text('name').primaryKey(),
  displayName: text('display_name').notNull(),
  logo: text('logo').notNull().default(''),
  /** `#rrggbb` of the pages before signing in; empty: the product's own. */
  colour: text('colour').notNull().default(''),
  helpContact: text('help_contact').notNull().default(''),
  triesPerDay: integer('tries_per_day').notNull().default(5),
  /** Administrators act only in sessions that were opened with a second factor or a passkey. */
  requireStaffSecondFactor: boolean('require_staff_second_factor').notNull().default(false),
  /** Keys that other clients send and expect back; this server decides nothing by them. */
  extra: jsonb('extra').$type<Record<string, unknown>>().notNull().default({}),
  createdAt: time('created_at').notNull().defaultNow(),
  version: integer('version').notNull().default(1),
})

/** A configured provider. `owner` is an organization, or `admin` for one that every organization may use. */
export const providers = veridoor.table(
  'providers',
  {
    owner: text('owner').notNull(),
    name: text('name').notNull(),
    displayName: text('display_name').notNull(),
    category: text('category').notNull(),
    type: text('type').notNull(),
    /** Settings without the secret ones. */
    config: jsonb('config').$type<Record<string, unknown>>().notNull().default({}),
    /** Secret settings, each encrypted for this row. */
    secrets: jsonb('secrets').$type<Record<string, string>>().notNull().default({}),
    secretsSavedAt: time('secrets_saved_at'),
    /** For types with one webhook address an account: its unguessable part, encrypted for this row, and its digest to find it by. */
    webhookToken: text('webhook_token'),
    webhookDigest: text('webhook_digest'),
    /** Who approved it for this installation, when, and for which destinations; signed by a key that is not in the database. */
    approval: text('approval'),
    health: text('health').notNull().default('unknown'),
    healthDetail: text('health_detail').notNull().default(''),
    healthAt: time('health_at'),
    /** Circuit breaker and 429 back-off, shared by all nodes: not called before this time. */
    openUntil: time('open_until'),
    failuresInRow: integer('failures_in_row').notNull().default(0),
    lastTestAt: time('last_test_at'),
    lastTestOk: boolean('last_test_ok'),
    extra: jsonb('extra').$type<Record<string, unknown>>().notNull().default({}),
    createdAt: time('created_at').notNull().defaultNow(),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    primaryKey({ columns: [table.owner, table.name] }),
    uniqueIndex('providers_webhook').on(table.webhookDigest),
  ],
)

/** Calls that count against the provider's monthly limit. `month` is `2026-11`, UTC. */
export const providerUsage = veridoor.table(
  'provider_usage',
  {
    owner: text('owner').notNull(),
    name: text('name').notNull(),
    month: text('month').notNull(),
    used: integer('used').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.owner, table.name, table.month] })],
)

/** Clients of the protocol, each of one organization; names are unique over all of them. */
export const applications = veridoor.table(
  'applications',
  {
    name: text('name').primaryKey(),
    organization: text('organization')
      .notNull()
      .references(() => organizations.name),
    displayName: text('display_name').notNull(),
    logo: text('logo').notNull().default(''),
    /** Empty: the organization's. */
    colour: text('colour').notNull().default(''),
    homepageUrl: text('homepage_url').notNull().default(''),
    clientId: text('client_id').notNull(),
    /** Encrypted for this row: protocols need it in clear to compare or to sign. */
    clientSecret: text('client_secret').notNull().default(''),
    redirectUris: text('redirect_uris').array().notNull().default(sql`'{}'::text[]`),
    /** Where people may be sent after signing out (RP-Initiated Logout 1.0, section 3.1). Empty: the return addresses. */
    postLogoutRedirectUris: text('post_logout_redirect_uris').array().notNull().default(sql`'{}'::text[]`),
    /** Runs in a browser or on a phone: it cannot keep a secret, and must prove each code (PKCE). */
    isPublic: boolean('is_public').notNull().default(false),
    /** PKCE is required although the application has credentials of its own (RFC 7636). */
    requirePkce: boolean('require_pkce').notNull().default(false),
    /** How the application proves itself: `client_secret`, or `private_key_jwt` (RFC 7523). */
    clientAuthentication: text('client_authentication').notNull().default('client_secret'),
    /** The application's public keys (RFC 7517), or the address where it publishes them. One of both at most. */
    jwks: jsonb('jwks').$type<{ keys: Record<string, unknown>[] }>(),
    jwksUri: text('jwks_uri').notNull().default(''),
    /** `standard`, or `fapi2` for FAPI 2.0 Security Profile. */
    securityProfile: text('security_profile').notNull().default('standard'),
    /** People are asked before this application learns about them; identity claims are always asked for. */
    requireConsent: boolean('require_consent').notNull().default(false),
    /** What its client secret may do beside signing people in. */
    management: text('management').$type<ManagementLevel>().notNull().default('off'),
    /** It knows each person by an identifier of its own, which no other application has (OpenID Connect Core, section 8.1). */
    pairwiseSubjects: boolean('pairwise_subjects').notNull().default(false),
    /** Told by us when a person signs out (OpenID Connect Back-Channel Logout 1.0). */
    backchannelLogoutUri: text('backchannel_logout_uri').notNull().default(''),
    enableSignUp: boolean('enable_sign_up').notNull().default(true),
    enablePassword: boolean('enable_password').notNull().default(true),
    /** People may sign in with a code that is sent to their address. */
    enableEmailCode: boolean('enable_email_code').notNull().default(false),
    /** What people are asked for when they sign up; what is left out has its default. */
    signUpFields: jsonb('sign_up_fields').$type<Partial<SignUpFields>>().notNull().default({}),
    extra: jsonb('extra').$type<Record<string, unknown>>().notNull().default({}),
    createdAt: time('created_at').notNull().defaultNow(),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    uniqueIndex('applications_client_id').on(table.clientId),
    index('applications_organization').on(table.organization, table.name),
    check('applications_management', sql`${table.management} in ('off', 'read', 'people')`),
  ],
)

/** Which providers an application may use, in the order in which they are tried. */
export const applicationProviders = veridoor.table(
  'application_providers',
  {
    application: text('application')
      .notNull()
      .references(() => applications.name, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    providerOwner: text('provider_owner').notNull(),
    providerName: text('provider_name').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.application, table.providerOwner, table.providerName] }),
    // A provider in use cannot be deleted, whoever asks.
    foreignKey({
      name: 'application_providers_provider',
      columns: [table.providerOwner, table.providerName],
      foreignColumns: [providers.owner, providers.name],
    }).onUpdate('cascade'),
    check('application_providers_position', sql`${table.position} >= 0`),
  ],
)

/** Keys by which an application's server calls our API, as digests. A revoked key's row is gone; the audit remembers it. */
export const apiKeys = veridoor.table(
  'api_keys',
  {
    id: uuid('id').primaryKey(),
    application: text('application')
      .notNull()
      .references(() => applications.name, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    keyDigest: text('key_digest').notNull(),
    /** The last signs, to tell keys apart. */
    ending: text('ending').notNull(),
    scopes: text('scopes').array().notNull(),
    createdAt: time('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    lastUsedAt: time('last_used_at'),
  },
  (table) => [uniqueIndex('api_keys_digest').on(table.keyDigest), index('api_keys_application').on(table.application)],
)
