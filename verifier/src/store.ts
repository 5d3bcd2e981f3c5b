import type { CapturePart } from '@veridoor/contract'
import { digest, type Executor, isUuid, type Transaction } from '@veridoor/foundation'
import { and, desc, eq, gt, isNotNull, isNull, lt, lte, notExists, or, type SQL, sql } from 'drizzle-orm'
import { alias, type PgUpdateSetSource } from 'drizzle-orm/pg-core'
import { type Client, clients, type PartState, type Session, sessions } from './schema.ts'
import { IDLE_MS } from './session-rules.ts'

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

/** As `findOwn`, and those of the Platform whose ids and decision stayed when their data were wiped. */
export const findOwnOrWiped = async (ex: Executor, client: Client, id: string): Promise<Session | undefined> => {
  const row = await findSession(ex, id)
  return row?.client === client.token && (!row.erasedAt || row.platform?.wiped) ? row : undefined
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
  and(
    eq(sessions.client, client.token),
    isNotNull(sessions.platform),
    sql`${sessions.platform} ->> 'account' = ${account}`,
  )
const isWiped = sql`${sessions.platform} -> 'wiped' is not null`

/** The sessions of one person's account, of this client only. */
export const findOfAccount = async (ex: Executor, client: Client, account: string): Promise<Session[]> =>
  isUuid(account)
    ? ex
        .select()
        .from(sessions)
        .where(and(ofAccount(client, account), isNull(sessions.erasedAt)))
    : []

/** As `findOfAccount`, and those whose ids and decision stayed when their data were wiped. */
export const findOfAccountOrWiped = async (ex: Executor, client: Client, account: string): Promise<Session[]> =>
  isUuid(account)
    ? ex
        .select()
        .from(sessions)
        .where(and(ofAccount(client, account), or(isNull(sessions.erasedAt), isWiped)))
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

/** What a change sets. */
export type SessionFields = PgUpdateSetSource<typeof sessions>

/** The new states of some parts beside the others as they are by then: those that came meanwhile stay. */
export const withParts = (states: Partial<Record<CapturePart, PartState>>): Pick<SessionFields, 'parts'> => ({
  parts: sql`${sessions.parts} || ${JSON.stringify(states)}::jsonb`,
})
/** As `withParts`, for one. */
export const withPart = (part: CapturePart, state: PartState): Pick<SessionFields, 'parts'> =>
  withParts({ [part]: state })

/** Compare-and-set: the change happens only while the session is as it was read. Undefined when someone was faster. */
export const change = async (
  ex: Executor,
  session: Pick<Session, 'id' | 'state' | 'phase' | 'attempt'>,
  fields: SessionFields,
  at: Date,
  /** Asked for where a device acts: the check must still be open on the device that it was read for. */
  device?: string | null,
): Promise<Session | undefined> => {
  const [row] = await ex
    .update(sessions)
    .set({ ...fields, updatedAt: at })
    .where(
      and(
        eq(sessions.id, session.id),
        eq(sessions.state, session.state),
        eq(sessions.phase, session.phase),
        eq(sessions.attempt, session.attempt),
        device ? eq(sessions.device, device) : undefined,
      ),
    )
    .returning()
  return row
}

/**
 * Reads a session and holds it until the transaction ends: whoever changes it waits. Always taken before a row that belongs to the
 * session, so that no two transactions wait for each other.
 */
export const lockSession = async (tx: Transaction, id: string): Promise<Session | undefined> => {
  const [row] = await tx.select().from(sessions).where(eq(sessions.id, id)).for('update')
  return row
}

/** Holds a session against its erasure until the transaction ends. False when it is erased: nothing is kept for it any more. */
export const holdUnerased = async (tx: Transaction, id: string): Promise<boolean> => {
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

/** The line: those that are assessed or wait for it, first come, first served. */
export const findChecking = (ex: Executor) =>
  ex.select().from(sessions).where(isChecking).orderBy(sessions.lastActionAt, sessions.id)

/** How many are being assessed or wait for it: all, or those that came before one. */
export const countChecking = async (ex: Executor, than?: Pick<Session, 'id' | 'lastActionAt'>): Promise<number> => {
  const came =
    than &&
    sql`(${sessions.lastActionAt}, ${sessions.id}) < (${than.lastActionAt.toISOString()}::timestamptz, ${than.id}::uuid)`
  return ex.$count(sessions, and(isChecking, came))
}

const STUCK_MS = 30 * 60_000

/**
 * Begun half an hour ago and not done, after every retry; or waiting so long while none that came before was begun: the line stands
 * still, or this one was forgotten. The fault is ours, and nobody should wait on. Who waits in a long line that moves is none of these.
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

/** An assessment of it begins. */
export const markTried = async (ex: Executor, { id }: Pick<Session, 'id'>, at: Date): Promise<void> => {
  await ex
    .update(sessions)
    .set({ triedAt: at })
    .where(and(eq(sessions.id, id), isChecking))
}

/** What an erasure leaves, written whatever the session is by then; for one that is held (`lockSession`). */
export const setErased = async (tx: Transaction, id: string, fields: SessionFields, at: Date): Promise<void> => {
  await tx
    .update(sessions)
    .set({ ...fields, updatedAt: at })
    .where(eq(sessions.id, id))
}

/** Erased, or ended without a result, so long ago that no call of the time before is running, and not yet looked through again. */
export const findLeftovers = (ex: Executor, now: Date) =>
  ex.select().from(sessions).where(lte(sessions.leftoversAt, now)).limit(100)

/** Nothing can have come since the session was looked through for the last time. */
export const clearLeftovers = async (ex: Executor, session: Session): Promise<void> => {
  await ex.update(sessions).set({ leftoversAt: null }).where(eq(sessions.id, session.id))
}

/** Sessions whose time to be kept is over, not erased yet: 100 at most. */
export const findToErase = (ex: Executor, now: Date) =>
  ex
    .select()
    .from(sessions)
    .where(and(lte(sessions.eraseAfter, now), isNull(sessions.erasedAt)))
    .limit(100)
