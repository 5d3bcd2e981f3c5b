import type { CaptureChoice, CapturePart, CaptureSession, CaptureTrouble, Movement } from '@veridoor/contract'
import { sql } from 'drizzle-orm'
import {
  boolean,
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
import type { Category } from './platform/workflows.ts'

/** The schema that holds all tables of the verifier but its job queue. */
export const verifier = pgSchema('verifier')
const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** Whether a client wants the movement check: it has to be passed, may be skipped, or is not asked for. */
export const livenessModes = ['required', 'offered', 'off'] as const
export type LivenessMode = (typeof livenessModes)[number]

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
  /** No call of it is answered while set; what has begun goes on. */
  disabledAt: time('disabled_at'),
  /** Its token and secret stand in the environment, which has the last word at each start. */
  fromEnvironment: boolean('from_environment').notNull().default(false),
})

/** Faces of checks that passed, for clients that look for one person on two accounts. Sealed, and gone with their session's data. */
export const faces = verifier.table(
  'faces',
  {
    session: uuid('session')
      .primaryKey()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    client: text('client').notNull(),
    /** Whom the client says it is about: its own reference. */
    person: text('person').notNull(),
    sealed: text('sealed').notNull(),
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
    part: text('part').$type<CapturePart>().notNull(),
    client: text('client').notNull(),
    /** Whom the client says it is about: its own reference. */
    person: text('person').notNull(),
    digests: text('digests').array().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.session, table.part] }),
    index('seen_pictures_digests').using('gin', table.digests),
  ],
)

/** Operators who are signed in to the portal; the token itself is in their browser only. */
export const portalSessions = verifier.table('portal_sessions', {
  tokenDigest: text('token_digest').primaryKey(),
  /** Of the portal's secret at that time: another secret ends the session. */
  secretDigest: text('secret_digest').notNull(),
  /** For the next page, sealed, shown once. */
  told: text('told'),
  createdAt: time('created_at').notNull(),
  endsAt: time('ends_at').notNull(),
})

/** How a session ended, for the page; the outcome itself is told to the API client only. */
export type EndedHow = NonNullable<CaptureSession['ended']>['how']

/** What stood in the way of somebody who stopped, in the page's words; or that the engine failed at every try. */
export type EndedBecause = CaptureTrouble | 'engine_fault'

/** How a side or the selfie stands. `code` tells why it has to be taken anew; null unless it is `retake`. */
export type PartState = {
  state: 'missing' | 'accepted' | 'retake'
  code: string | null
  /** Names the accepted picture among all that were taken of this part: its frames belong to it, and to no other. */
  picture?: string
  /** How the accepted picture came. */
  from?: 'camera' | 'file' | 'api'
}
/** All parts of a session, those too that it does not ask for. */
export type Deps = Record<CapturePart, PartState>

/** A part of a transaction as the client asked for it; `label`, `country` and `type` are its own words and go back as they came. */
export type PlatformCredential = {
  readonly id: string
  readonly category: Category
  readonly label?: string
  readonly country?: unknown
  readonly type?: unknown
}

/** What a session of the Platform generation has besides: its person's account, its workflow and its credentials' ids. */
export type PlatformSession = {
  readonly account: string
  readonly key: string
  readonly credentials: readonly PlatformCredential[]
  /** The preset is the only document that may be shown (`DEFINED`), not just the first one offered (`RECOMMENDED`). */
  readonly isFixed?: boolean
  /** The client sent what it knows about the person (`PREPARED_DATA`). */
  readonly hasData?: boolean
  /** The caller said that the person agreed, which pictures by API need. */
  readonly consented: boolean
  /** What stays after the data were wiped: the decision's words, without a reason or a fact about the person. */
  readonly wiped?: { readonly decision: Record<string, unknown> | null }
}

/** One check. `state` is what the API tells; `phase` is where the capture page stands. */
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
    workflowId: integer('workflow_id').notNull(),
    preset: jsonb('preset').$type<CaptureChoice | null>(),
    locale: text('locale').notNull(),
    state: text('state').$type<'PENDING' | 'DONE' | 'FAILED'>().notNull(),
    phase: text('phase').$type<'open' | 'checking' | 'ended'>().notNull(),
    tokenDigest: text('token_digest').notNull().unique(),
    tokenExpiresAt: time('token_expires_at').notNull(),
    startedAt: time('started_at'),
    lastActionAt: time('last_action_at').notNull(),
    /** When its last assessment began; null while it waits for its first. */
    triedAt: time('tried_at'),
    consentAt: time('consent_at'),
    choice: jsonb('choice').$type<CaptureChoice | null>(),
    attempt: integer('attempt').notNull().default(1),
    parts: jsonb('parts').$type<Deps>().notNull(),
    retake: jsonb('retake').$type<{ part: CapturePart; code: string } | null>(),
    alternative: boolean('alternative').notNull().default(false),
    /** How the movement check stands here; null where there is none, as for pictures that come by API. */
    liveness: text('liveness').$type<LivenessMode | null>(),
    /** Null: not judged. It belongs to the selfie that it was judged with: another selfie takes a pass away. */
    livenessOutcome: text('liveness_outcome').$type<'passed' | 'failed' | 'skipped' | null>(),
    livenessTries: integer('liveness_tries').notNull().default(0),
    endedHow: text('ended_how').$type<EndedHow | null>(),
    endedBecause: text('ended_because').$type<EndedBecause | null>(),
    /** Key of this session's pictures, sealed; gone means the pictures cannot be opened any more. */
    pictureKey: text('picture_key'),
    /** Document, transaction and verification as the API answers them, sealed. */
    result: text('result'),
    /** How its document came, in the wire's words (section 3.7); `WEB` until a picture of it was kept. */
    source: text('source').$type<'WEB' | 'WEB_CAM' | 'WEB_UPLOAD' | 'API'>().notNull().default('WEB'),
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
    /** From when on what came too late to be removed with the rest is; null when nothing can have. */
    leftoversAt: time('leftovers_at'),
    /** Null for Netverify v4. */
    platform: jsonb('platform').$type<PlatformSession | null>(),
    /** Digest of the key of the device that the check is open on; null until its link is opened. */
    device: text('device'),
    /** Digest of the key of the device that handed the check over and waits for its end. */
    follower: text('follower'),
  },
  (table) => [
    index('sessions_open').on(table.lastActionAt).where(sql`${table.state} = 'PENDING'`),
    index('sessions_erase').on(table.eraseAfter).where(sql`${table.erasedAt} is null`),
    index('sessions_leftovers').on(table.leftoversAt).where(sql`${table.leftoversAt} is not null`),
    index('sessions_tried').on(table.triedAt).where(sql`${table.triedAt} is not null`),
    index('sessions_client').on(table.client, table.createdAt),
    index('sessions_account').on(table.client, sql`(platform ->> 'account')`).where(sql`${table.platform} is not null`),
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
