import type { CaptureChoice, CaptureSession, CaptureSide, CaptureTrouble, Movement } from '@veridoor/contract'
import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { StateColumns } from './states.ts'

/** The schema that holds all tables of the verifier but its job queue. */
export const verifier = pgSchema('verifier')
/** A point in time. */
export const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** Whether a client wants the movement check: it has to be passed, may be skipped, or is not asked for. */
export const livenessModes = ['required', 'offered', 'off'] as const
export type LivenessMode = (typeof livenessModes)[number]

/** Keys that others are derived from, each encrypted under the process's key, so that they outlive a change of it. */
export const rootKeys = verifier.table('root_keys', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull().defaultNow(),
})

/** API clients: who may open sessions, and how pages greet for them. Secrets are kept as keyed digests. */
export const clients = verifier.table('clients', {
  token: text('token').primaryKey(),
  secretDigest: text('secret_digest').notNull(),
  name: text('name').notNull(),
  color: text('color'),
  logoUrl: text('logo_url'),
  callbackUrl: text('callback_url'),
  successUrl: text('success_url'),
  errorUrl: text('error_url'),
  retentionDays: integer('retention_days').notNull().default(30),
  /** The movement check of sessions on the capture page: `required`, `offered` (may be skipped) or `off`. */
  liveness: text('liveness').$type<LivenessMode>().notNull().default('required'),
  createdAt: time('created_at').notNull(),
  /** Defaults that a call's own parameters override, as on Jumio's portal (`client-settings.ts`). */
  workflowId: integer('workflow_id').notNull().default(200),
  /** Null: what the person's browser asks for. */
  locale: text('locale'),
  tokenLifetimeMinutes: integer('token_lifetime_minutes').notNull().default(30),
  /** Null: all that the engine reads. */
  acceptedCountries: jsonb('accepted_countries').$type<string[] | null>(),
  acceptedTypes: jsonb('accepted_types').$type<string[] | null>(),
  /** Fields that results may hold, in the wire's names; null: all. */
  enabledFields: jsonb('enabled_fields').$type<string[] | null>(),
  /** Leaves out what the law of some countries keeps (wire contract, 3.10). */
  masking: boolean('masking').notNull().default(false),
  /** Keeps the faces of passed checks, sealed, and says when one comes again with another person. */
  findRepeatedFaces: boolean('find_repeated_faces').notNull().default(false),
  /** Keeps keyed digests of pictures and says when one comes again with another person. */
  findRepeatedPictures: boolean('find_repeated_pictures').notNull().default(true),
  /** New sessions that it may open in a second; more are asked to wait. */
  startsPerSecond: integer('starts_per_second').notNull().default(50),
  /** The last `User-Agent` that named no company, and when it came: Jumio's documentation asks for one. */
  unnamedAgent: text('unnamed_agent'),
  unnamedAgentAt: time('unnamed_agent_at'),
  /** When a reference last held an e-mail address: Jumio's documentation asks for no personal data in references. */
  personalReferenceAt: time('personal_reference_at'),
  /** No call of it is answered while set; sessions that have begun go on. */
  disabledAt: time('disabled_at'),
  /** Its token and secret stand in the environment, which has the last word at each start. */
  fromEnvironment: boolean('from_environment').notNull().default(false),
})

/** Faces of checks that passed, for clients that look for one person on two accounts. Encrypted, and deleted with their session's data. */
export const faces = verifier.table(
  'faces',
  {
    session: uuid('session')
      .primaryKey()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    client: text('client').notNull(),
    /** Whom the client says it is about: its own reference. */
    person: text('person').notNull(),
    descriptor: text('descriptor').notNull(),
  },
  (table) => [index('faces_client').on(table.client, table.session)],
)

/** What pictures look like, as keyed digests of pieces of their hashes (decision 006): no picture is found without the key. */
export const seenPictures = verifier.table(
  'seen_pictures',
  {
    session: uuid('session')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    side: text('side').$type<CaptureSide>().notNull(),
    client: text('client').notNull(),
    /** Whom the client says it is about: its own reference. */
    person: text('person').notNull(),
    digests: text('digests').array().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.session, table.side] }),
    index('seen_pictures_digests').using('gin', table.digests),
  ],
)

/** How a session ended, for the page; the outcome itself is told to the API client only. */
export type EndedHow = NonNullable<CaptureSession['ended']>['how']

/** What stood in the way of somebody who stopped, in the page's words; or that the engine failed at every try. */
export type EndedBecause = CaptureTrouble | 'engine_fault'

/** How the picture of a side stands; the selfie counts as a side. `code` tells why it has to be taken again; null unless it is `retake`. */
export type SideState = {
  state: 'missing' | 'accepted' | 'retake'
  code: string | null
  /** Names the accepted picture among all that were taken of this side: its frames belong to it and to no other. */
  picture?: string
  /** How the accepted picture came. */
  from?: 'camera' | 'file' | 'api'
}
/** All sides of a session, including those that it does not ask for. */
export type Sides = Record<CaptureSide, SideState>

/** The API that a session was opened by (`wires/`). */
export const generations = ['v4', 'platform'] as const
export type Generation = (typeof generations)[number]

/** How the document of a session came; `page` until a picture of it was kept. */
export type PictureSource = 'page' | 'camera' | 'upload' | 'api'

/** One check. `states.ts` has the table of `state`, `phase` and `attempt`. */
export const sessions = verifier.table(
  'sessions',
  {
    id: uuid('id').primaryKey(),
    client: text('client')
      .notNull()
      .references(() => clients.token),
    customerReference: text('customer_reference').notNull(),
    userReference: text('user_reference').notNull(),
    reportingCriteria: text('reporting_criteria'),
    successUrl: text('success_url'),
    errorUrl: text('error_url'),
    callbackUrl: text('callback_url'),
    /** The API that opened it, which translates its verdict. */
    generation: text('generation').$type<Generation>().notNull(),
    /** What that API has to remember about it, in a form that only its own code reads (`wires/`). */
    wireState: jsonb('wire_state').$type<unknown>(),
    /** The person's account with the client, where the API has accounts. */
    account: uuid('account'),
    /** Whom the client says it is about: repeated faces and pictures are searched among other people. */
    person: text('person').notNull(),
    /** A selfie is asked for, unless the person takes the way without one. */
    asksForFace: boolean('asks_for_face').notNull(),
    /** A document may come as a file on the capture page. */
    uploadAllowed: boolean('upload_allowed').notNull().default(true),
    /** Whether a file may stand for the selfie on the capture page. */
    selfieUpload: text('selfie_upload').$type<CaptureSession['selfieUpload']>().notNull().default('never'),
    /** The document that the caller named. */
    preset: jsonb('preset').$type<CaptureChoice | null>(),
    /** The preset is the only document that may be shown, not just the first one offered. */
    isPresetFixed: boolean('is_preset_fixed').notNull().default(false),
    /** The caller said that the pictures show a kind of document that is not read here. */
    declaresUnsupported: boolean('declares_unsupported').notNull().default(false),
    /** The client sent what it knows about the person, to be compared. */
    hasPreparedData: boolean('has_prepared_data').notNull().default(false),
    locale: text('locale').notNull(),
    state: text('state').$type<StateColumns['state']>().notNull(),
    phase: text('phase').$type<StateColumns['phase']>().notNull(),
    tokenDigest: text('token_digest').notNull().unique(),
    tokenExpiresAt: time('token_expires_at').notNull(),
    startedAt: time('started_at'),
    lastActionAt: time('last_action_at').notNull(),
    /** When its last assessment began; null while it waits for its first. */
    triedAt: time('tried_at'),
    consentAt: time('consent_at'),
    choice: jsonb('choice').$type<CaptureChoice | null>(),
    attempt: integer('attempt').notNull().default(1),
    sides: jsonb('sides').$type<Sides>().notNull(),
    retake: jsonb('retake').$type<{ side: CaptureSide; code: string } | null>(),
    alternative: boolean('alternative').notNull().default(false),
    /** How the movement check stands here; null where there is none, as for pictures that come by API. */
    liveness: text('liveness').$type<LivenessMode | null>(),
    /** Null: not judged. It belongs to the selfie that it was judged with: another selfie takes a pass away. */
    livenessOutcome: text('liveness_outcome').$type<'passed' | 'failed' | 'skipped' | null>(),
    livenessTries: integer('liveness_tries').notNull().default(0),
    endedHow: text('ended_how').$type<EndedHow | null>(),
    endedBecause: text('ended_because').$type<EndedBecause | null>(),
    /** Key of this session's pictures, encrypted. Without it nobody can decrypt the pictures any more. */
    pictureKey: text('picture_key'),
    /** The `Verdict`, encrypted. */
    verdict: text('verdict'),
    source: text('source').$type<PictureSource>().notNull().default('page'),
    clientIp: text('client_ip'),
    callbackState: text('callback_state').$type<'none' | 'queued' | 'sent' | 'failing'>().notNull().default('none'),
    callbackStatus: integer('callback_status'),
    callbackTries: integer('callback_tries').notNull().default(0),
    callbackAt: time('callback_at'),
    /** Fields that this call asked for; null: those of its client. */
    enabledFields: jsonb('enabled_fields').$type<string[] | null>(),
    endedAt: time('ended_at'),
    createdAt: time('created_at').notNull(),
    updatedAt: time('updated_at').notNull(),
    eraseAfter: time('erase_after'),
    erasedAt: time('erased_at'),
    /** The data were erased, and its ids and the decision are still told. */
    isDecisionKept: boolean('is_decision_kept').notNull().default(false),
    /** From when on files that came too late to be removed with the rest are removed; null when there can be none. */
    orphansAt: time('orphans_at'),
    /** Digest of the key of the device that the check is open on; null until its link is opened. */
    device: text('device'),
    /** Digest of the key of the device that handed the check over and waits for its end. */
    follower: text('follower'),
  },
  (table) => [
    index('sessions_open').on(table.lastActionAt).where(sql`${table.state} = 'PENDING'`),
    index('sessions_erase').on(table.eraseAfter).where(sql`${table.erasedAt} is null`),
    index('sessions_orphans').on(table.orphansAt).where(sql`${table.orphansAt} is not null`),
    index('sessions_tried').on(table.triedAt).where(sql`${table.triedAt} is not null`),
    index('sessions_client').on(table.client, table.createdAt),
    index('sessions_account').on(table.client, table.account).where(sql`${table.account} is not null`),
    check(
      'sessions_status',
      sql`(${table.state}, ${table.phase}) in (('PENDING', 'open'), ('PENDING', 'checking'), ('DONE', 'ended'), ('FAILED', 'ended'))`,
    ),
    check('sessions_attempt', sql`${table.attempt} between 1 and 3`),
    index('sessions_device').on(table.device).where(sql`${table.device} is not null`),
    index('sessions_follower').on(table.follower).where(sql`${table.follower} is not null`),
  ],
)

/** Codes that hand a check from one device to another. Kept as keyed digests, each good for one use. */
export const handOvers = verifier.table(
  'hand_overs',
  {
    codeDigest: text('code_digest').primaryKey(),
    session: uuid('session')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    match: text('match').notNull(),
    expiresAt: time('expires_at').notNull(),
    usedAt: time('used_at'),
    endedAt: time('ended_at'),
  },
  (table) => [index('hand_overs_session').on(table.session)],
)

/** One frame of a challenge as it came; `atMs` by our own clock, from the challenge's beginning. */
export type ChallengeFrame = {
  readonly step: number
  /** When it was here, whole, since the challenge was made. */
  readonly atMs: number
  readonly bytes: number
  /** How long we took to store it: the page waits so long before it sends the next one. */
  readonly tookMs?: number
}

/** What a person was asked to do, once: made by us, bound to its session and attempt, gone after a minute and a half. */
export const challenges = verifier.table(
  'challenges',
  {
    id: uuid('id').primaryKey(),
    session: uuid('session')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    attempt: integer('attempt').notNull(),
    movements: jsonb('movements').$type<readonly Movement[]>().notNull(),
    slow: boolean('slow').notNull(),
    /** `judging` when all frames are there. */
    state: text('state').$type<'open' | 'judging' | 'passed' | 'failed' | 'over'>().notNull(),
    frames: jsonb('frames').$type<readonly ChallengeFrame[]>().notNull(),
    /** Known words of the judge, and ours: `left`, `not_judged`, `machine_late`. */
    reasons: jsonb('reasons').$type<readonly string[]>().notNull(),
    createdAt: time('created_at').notNull(),
    expiresAt: time('expires_at').notNull(),
  },
  (table) => [
    index('challenges_session').on(table.session),
    // Nobody has two to choose from.
    uniqueIndex('challenges_one_live').on(table.session).where(sql`${table.state} in ('open', 'judging')`),
    index('challenges_open').on(table.expiresAt).where(sql`${table.state} in ('open', 'judging')`),
  ],
)

export type StoredChallenge = typeof challenges.$inferSelect
export type Session = typeof sessions.$inferSelect
export type Client = typeof clients.$inferSelect
