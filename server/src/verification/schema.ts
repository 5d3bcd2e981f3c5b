import type { VerificationState } from '@veridoor/contract'
import type { CheckResult, Outcome } from '@veridoor/providers'
import { sql } from 'drizzle-orm'
import { bigserial, boolean, index, integer, jsonb, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { users } from '../accounts/schema.ts'
import { veridoor } from '../database-schema.ts'

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** One attempt to verify one person. States move by compare-and-set only; final ones are fixed by a trigger. */
export const verifications = veridoor.table(
  'verifications',
  {
    id: uuid('id').primaryKey(),
    reference: text('reference').notNull().unique(),
    organization: text('organization').notNull(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    userName: text('user_name').notNull(),
    application: text('application').notNull(),
    providerOwner: text('provider_owner').notNull(),
    providerName: text('provider_name').notNull(),
    /** Providers of the application that were passed over, and why: `["admin/x: down"]`. */
    passedOver: jsonb('passed_over').$type<string[]>().notNull().default([]),
    state: text('state').$type<VerificationState>().notNull(),
    isTest: boolean('is_test').notNull().default(false),
    isDemonstration: boolean('is_demonstration').notNull().default(false),
    startedBy: text('started_by').notNull(),
    /** What the person claimed when they started, encrypted for this row. */
    claim: text('claim').notNull(),
    /** Random: stands for the person at providers. */
    subjectReference: text('subject_reference').notNull(),
    providerReference: text('provider_reference'),
    /** How the person goes on while it is `waiting`: an address, or a script with its token. Encrypted for this row. */
    nextStep: text('next_step'),
    /** Of the unguessable part of the address that the provider was given; unused by types with one address an account. */
    webhookDigest: text('webhook_digest').notNull(),
    /** Whether this attempt used up a try. Our faults and "nothing sent" do not. */
    countsAsTry: boolean('counts_as_try').notNull().default(true),
    faceRequired: boolean('face_required').notNull().default(true),
    polls: integer('polls').notNull().default(0),
    nextPollAt: time('next_poll_at'),
    /** The person came back, or a webhook arrived: from then on the polling schedule runs. */
    finishedByPersonAt: time('finished_by_person_at'),
    reasons: jsonb('reasons')
      .$type<{ code: string; values: Record<string, string | number> }[]>()
      .notNull()
      .default([]),
    staffReasons: jsonb('staff_reasons').$type<string[]>().notNull().default([]),
    checks: jsonb('checks').$type<{ check: string; result: CheckResult }[]>().notNull().default([]),
    /** The fetched finding and its comparison with the claim, encrypted for this row. */
    finding: text('finding'),
    /** What was decided by which provider, frozen and signed by a key that is not in the database. */
    decision: text('decision'),
    decisionSignature: text('decision_signature'),
    /** Started by a person in a browser session: they have to come back signed in to the same account. */
    isBound: boolean('is_bound').notNull().default(false),
    /** Somebody came back who was not signed in to the account: then a reviewer decides. */
    cameBackElsewhere: boolean('came_back_elsewhere').notNull().default(false),
    /** Attempts to settle that began and did not end: work that ends processes is given up. */
    settleAttempts: integer('settle_attempts').notNull().default(0),
    documentFingerprint: text('document_fingerprint'),
    reviewedBy: text('reviewed_by'),
    reviewReason: text('review_reason'),
    reviewNote: text('review_note'),
    lateResult: text('late_result').$type<Outcome>(),
    eraseAfter: time('erase_after'),
    erasedAt: time('erased_at'),
    createdAt: time('created_at').notNull(),
    waitingAt: time('waiting_at'),
    checkingAt: time('checking_at'),
    expiresAt: time('expires_at'),
    endedAt: time('ended_at'),
    updatedAt: time('updated_at').notNull(),
  },
  (table) => [
    index('verifications_organization').on(table.organization, table.createdAt, table.id),
    index('verifications_created').on(table.createdAt, table.id),
    index('verifications_state').on(table.organization, table.state, table.createdAt, table.id),
    // References are searched by their beginning, without hyphens.
    index('verifications_reference_prefix').on(sql`replace(${table.reference}, '-', '') text_pattern_ops`),
    index('verifications_user').on(table.userId, table.createdAt),
    index('verifications_webhook').on(table.webhookDigest),
    index('verifications_poll').on(table.nextPollAt).where(sql`${table.nextPollAt} is not null`),
    uniqueIndex('verifications_provider_reference')
      .on(table.providerOwner, table.providerName, table.providerReference)
      .where(sql`${table.providerReference} is not null`),
    // One open verification a person; a test run of an administrator counts apart.
    uniqueIndex('verifications_open')
      .on(table.userId, table.isTest)
      .where(sql`${table.state} in ('created', 'waiting', 'checking', 'review')`),
  ],
)

/** Webhooks that arrived. The body is not stored: it may hold the whole person. */
export const incomingWebhooks = veridoor.table(
  'incoming_webhooks',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    verificationId: uuid('verification_id')
      .notNull()
      .references(() => verifications.id, { onDelete: 'cascade' }),
    digest: text('digest').notNull(),
    receivedAt: time('received_at').notNull(),
    copies: integer('copies').notNull().default(1),
  },
  (table) => [uniqueIndex('incoming_webhooks_once').on(table.verificationId, table.digest)],
)
