import type { CaptureSide } from '@veridoor/contract'
import { digest, type Executor, isUuid, type Transaction } from '@veridoor/foundation'
import { and, desc, eq, gt, isNull, lt, lte, notExists, or, type SQL, sql } from 'drizzle-orm'
import { alias, type PgUpdateSetSource } from 'drizzle-orm/pg-core'
import { IDLE_MS } from './rules.ts'
import { type Client, clients, type Session, type SideState, sessions } from './schema.ts'
import { columnsAfter, statuses, type TransitionName } from './states.ts'

/** Stores a new session as it is given. */
export const insertSession = async (ex: Executor, row: typeof sessions.$inferInsert): Promise<void> => {
  await ex.insert(sessions).values(row)
}

/** A session by its id in any case, whoever owns it, erased or not; undefined when there is none, or it is no UUID. */
export const findSession = async (ex: Executor, id: string): Promise<Session | undefined> => {
  if (!isUuid(id)) return undefined
  const [row] = await ex.select().from(sessions).where(eq(sessions.id, id.toLowerCase()))
  return row
}

/** A session of this client; another client's does not exist for it. */
export const findOwn = async (ex: Executor, client: Client, id: string): Promise<Session | undefined> => {
  const row = await findSession(ex, id)
  return row?.client === client.token && !row.erasedAt ? row : undefined
}

/** As `findOwn`, and sessions whose ids and decision were kept when their data were erased. */
export const findOwnOrKept = async (ex: Executor, client: Client, id: string): Promise<Session | undefined> => {
  const row = await findSession(ex, id)
  return row?.client === client.token && (!row.erasedAt || row.isDecisionKept) ? row : undefined
}

/** The session whose link has this token, whatever became of it since; undefined when none has. */
export const findByToken = async (ex: Executor, token: string): Promise<Session | undefined> => {
  const [row] = await ex
    .select()
    .from(sessions)
    .where(eq(sessions.tokenDigest, digest(token)))
  return row
}

const ofAccount = (client: Client, account: string): SQL | undefined =>
  and(eq(sessions.client, client.token), eq(sessions.account, account))

/** The sessions of one person's account, of this client only. */
export const findOfAccount = async (ex: Executor, client: Client, account: string): Promise<Session[]> =>
  isUuid(account)
    ? ex
        .select()
        .from(sessions)
        .where(and(ofAccount(client, account), isNull(sessions.erasedAt)))
    : []

/** As `findOfAccount`, and sessions whose ids and decision were kept when their data were erased. */
export const findOfAccountOrKept = async (ex: Executor, client: Client, account: string): Promise<Session[]> =>
  isUuid(account)
    ? ex
        .select()
        .from(sessions)
        .where(and(ofAccount(client, account), or(isNull(sessions.erasedAt), sessions.isDecisionKept)))
    : []

/** The last sessions of a client, newest first. */
export const findRecent = (ex: Executor, client: Client, limit: number): Promise<Session[]> =>
  ex.select().from(sessions).where(eq(sessions.client, client.token)).orderBy(desc(sessions.createdAt)).limit(limit)

/** The client that opened a session, disabled or not. @throws {Error} when it is gone, which the database rules out */
export const clientOf = async (ex: Executor, session: Session): Promise<Client> => {
  const [row] = await ex.select().from(clients).where(eq(clients.token, session.client))
  if (!row) throw new Error('the client of a session is gone')
  return row
}

/** Every field of a session but those that a transition sets. */
export type SessionFields = Omit<PgUpdateSetSource<typeof sessions>, 'state' | 'phase' | 'attempt'>

/** The new states of some sides. The other sides stay as they are by then. */
export const withSides = (states: Partial<Record<CaptureSide, SideState>>): Pick<SessionFields, 'sides'> => ({
  sides: sql`${sessions.sides} || ${JSON.stringify(states)}::jsonb`,
})
/** As `withSides`, for one side. */
export const withSide = (side: CaptureSide, state: SideState): Pick<SessionFields, 'sides'> =>
  withSides({ [side]: state })

type Unchanged = Pick<Session, 'id' | 'state' | 'phase' | 'attempt'>
const isUnchanged = (session: Unchanged, device: string | null | undefined): SQL | undefined =>
  and(
    eq(sessions.id, session.id),
    eq(sessions.state, session.state),
    eq(sessions.phase, session.phase),
    eq(sessions.attempt, session.attempt),
    device ? eq(sessions.device, device) : undefined,
  )

/**
 * Compare-and-set: the update happens only while the session's status is as it was read.
 * @param device given where a device acts: the check must still be open on the device that it was read for
 * @returns undefined when somebody else was faster
 */
export const updateIfUnchanged = async (
  ex: Executor,
  session: Unchanged,
  fields: SessionFields,
  now: Date,
  device?: string | null,
): Promise<Session | undefined> => {
  const [row] = await ex
    .update(sessions)
    .set({ ...fields, updatedAt: now })
    .where(isUnchanged(session, device))
    .returning()
  return row
}

/**
 * Moves a session to another status by compare-and-set, together with other fields.
 * @param device as for `updateIfUnchanged`
 * @returns undefined when somebody else was faster, or the table has no such transition from where the session is
 */
export const transition = async (
  ex: Executor,
  session: Unchanged,
  name: TransitionName,
  fields: SessionFields,
  now: Date,
  device?: string | null,
): Promise<Session | undefined> => {
  const columns = columnsAfter(session, name)
  if (!columns) return undefined
  const [row] = await ex
    .update(sessions)
    .set({ ...fields, ...columns, updatedAt: now })
    .where(isUnchanged(session, device))
    .returning()
  return row
}

/**
 * Reads a session and locks it until the transaction ends: other changes wait. Always taken before a row that belongs to the session,
 * so that no two transactions wait for each other.
 */
export const lockSession = async (tx: Transaction, id: string): Promise<Session | undefined> => {
  const [row] = await tx.select().from(sessions).where(eq(sessions.id, id)).for('update')
  return row
}

/** Locks a session against its erasure until the transaction ends. False when it is erased: nothing may be kept for it any more. */
export const lockUnerased = async (tx: Transaction, id: string): Promise<boolean> => {
  const rows = await tx
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.id, id), isNull(sessions.erasedAt)))
    .for('share')
  return rows.length === 1
}

/** Sessions whose time is over: never opened within the link's life, or 15 minutes without an action (wire contract, 3.1). */
export const findOverdue = (ex: Executor, now: Date) =>
  ex
    .select()
    .from(sessions)
    .where(
      and(
        eq(sessions.state, 'PENDING'),
        eq(sessions.phase, 'open'),
        or(
          and(isNull(sessions.startedAt), lte(sessions.tokenExpiresAt, now)),
          and(sql`${sessions.startedAt} is not null`, lt(sessions.lastActionAt, new Date(now.getTime() - IDLE_MS))),
        ),
      ),
    )
    .limit(100)

const isChecking = and(eq(sessions.state, 'PENDING'), eq(sessions.phase, 'checking'))

/** The queue: sessions that are assessed or wait for it, first come, first served. */
export const findChecking = (ex: Executor) =>
  ex.select().from(sessions).where(isChecking).orderBy(sessions.lastActionAt, sessions.id)

/** How many sessions are assessed or wait for it: all, or those that came before one. */
export const countChecking = async (ex: Executor, before?: Pick<Session, 'id' | 'lastActionAt'>): Promise<number> => {
  const cameBefore =
    before &&
    sql`(${sessions.lastActionAt}, ${sessions.id}) < (${before.lastActionAt.toISOString()}::timestamptz, ${before.id}::uuid)`
  return ex.$count(sessions, and(isChecking, cameBefore))
}

const STUCK_MS = 30 * 60_000

/**
 * Sessions whose assessment began half an hour ago and is not done, after every retry; and sessions that have waited so long while none
 * that came before them was begun: the queue stands still, or the session was forgotten. Nobody should wait on for these. A session that
 * waits in a long queue that moves is not among them.
 */
export const findStuck = (ex: Executor, now: Date) => {
  const since = new Date(now.getTime() - STUCK_MS)
  const before = alias(sessions, 'before')
  const moves = ex
    .select({ id: before.id })
    .from(before)
    .where(and(gt(before.triedAt, since), lte(before.lastActionAt, sessions.lastActionAt)))
  return ex
    .select()
    .from(sessions)
    .where(
      and(
        isChecking,
        or(
          lte(sessions.triedAt, since),
          and(isNull(sessions.triedAt), lt(sessions.lastActionAt, since), notExists(moves)),
        ),
      ),
    )
    .limit(100)
}

/** Notes that an assessment of the session begins. */
export const markTried = async (ex: Executor, { id }: Pick<Session, 'id'>, at: Date): Promise<void> => {
  await ex
    .update(sessions)
    .set({ triedAt: at })
    .where(and(eq(sessions.id, id), isChecking))
}

/** Writes what an erasure leaves, whatever the session's status is; for a session that is locked (`lockSession`). A session that had not ended has failed. */
export const setErased = async (
  tx: Transaction,
  session: Pick<Session, 'id' | 'state'>,
  fields: SessionFields,
  now: Date,
): Promise<void> => {
  const ended = session.state === 'PENDING' ? { ...statuses.failed, endedAt: now } : {}
  await tx
    .update(sessions)
    .set({ ...fields, ...ended, updatedAt: now })
    .where(eq(sessions.id, session.id))
}

/** Sessions that were erased, or ended without a verdict, so long ago that no call can still be adding a file, and that may have orphaned files. */
export const findWithOrphans = (ex: Executor, now: Date) =>
  ex.select().from(sessions).where(lte(sessions.orphansAt, now)).limit(100)

/** Notes that the orphaned files of a session were removed and no more can come. */
export const clearOrphans = async (ex: Executor, { id }: Pick<Session, 'id'>): Promise<void> => {
  await ex.update(sessions).set({ orphansAt: null }).where(eq(sessions.id, id))
}

/** Sessions whose retention time is over and that are not erased yet: 100 at most. */
export const findToErase = (ex: Executor, now: Date) =>
  ex
    .select()
    .from(sessions)
    .where(and(lte(sessions.eraseAfter, now), isNull(sessions.erasedAt)))
    .limit(100)
