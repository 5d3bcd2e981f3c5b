import { type Executor, isUuid } from '@veridoor/foundation'
import { and, eq, inArray, lt, sql } from 'drizzle-orm'
import { type ChallengeFrame, challenges, type StoredChallenge, sessions } from '../schema.ts'

/** Stores a new challenge. The database refuses it while another one of its session is open or judged. */
export const insertChallenge = async (ex: Executor, row: typeof challenges.$inferInsert): Promise<void> => {
  await ex.insert(challenges).values(row)
}

/** A challenge of this session; another session's does not exist for it. */
export const findChallenge = async (
  ex: Executor,
  session: string,
  id: string,
): Promise<StoredChallenge | undefined> => {
  if (!isUuid(id)) return undefined
  const [row] = await ex
    .select()
    .from(challenges)
    .where(and(eq(challenges.id, id.toLowerCase()), eq(challenges.session, session)))
  return row
}

/** All challenges of a session, of every attempt, ended or not, in no order. */
export const findChallenges = (ex: Executor, session: string): Promise<StoredChallenge[]> =>
  ex.select().from(challenges).where(eq(challenges.session, session))

/** Adds the next frame while there are as many as were read: of two with one number, one is taken. */
export const addFrame = async (
  ex: Executor,
  challenge: StoredChallenge,
  frame: ChallengeFrame,
  state: 'open' | 'judging',
): Promise<StoredChallenge | undefined> => {
  const [row] = await ex
    .update(challenges)
    .set({ frames: [...challenge.frames, frame], state })
    .where(
      and(
        eq(challenges.id, challenge.id),
        eq(challenges.state, 'open'),
        sql`jsonb_array_length(${challenges.frames}) = ${challenge.frames.length}`,
      ),
    )
    .returning()
  return row
}

/** Ends a challenge once. False when it had ended. */
export const endChallenge = async (
  ex: Executor,
  challenge: StoredChallenge,
  state: 'passed' | 'failed' | 'over',
  reasons: readonly string[] = [],
): Promise<boolean> => {
  const ended = await ex
    .update(challenges)
    .set({ state, reasons })
    .where(and(eq(challenges.id, challenge.id), inArray(challenges.state, ['open', 'judging'])))
    .returning({ id: challenges.id })
  return ended.length === 1
}

/** Keeps in mind that it was no fault of the person that there is no judgement yet. */
export const markNotJudged = async (ex: Executor, challenge: StoredChallenge): Promise<void> => {
  await ex
    .update(challenges)
    .set({ reasons: ['not_judged'] })
    .where(and(eq(challenges.id, challenge.id), eq(challenges.state, 'judging')))
}

/** Forgets what a session was asked to do. */
export const removeChallenges = async (ex: Executor, session: string): Promise<void> => {
  await ex.delete(challenges).where(eq(challenges.session, session))
}

/** One more try is used, whatever else changes meanwhile. */
export const countTry = async (ex: Executor, session: string): Promise<void> => {
  await ex
    .update(sessions)
    .set({ livenessTries: sql`${sessions.livenessTries} + 1` })
    .where(eq(sessions.id, session))
}

/** Nobody sends frames to these any more, and nobody asked for their judgement. */
export const findOver = (ex: Executor, before: Date): Promise<StoredChallenge[]> =>
  ex
    .select()
    .from(challenges)
    .where(and(lt(challenges.expiresAt, before), inArray(challenges.state, ['open', 'judging'])))
    .limit(100)
