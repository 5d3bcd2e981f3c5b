import type { Executor } from '@veridoor/foundation'
import { and, desc, eq, gt, inArray, isNull, lt, or } from 'drizzle-orm'
import { handOvers, type Session, sessions } from './schema.ts'

/** The key that a device has for one check, as its digest. Each check has its own, so that keys do not tell which checks belong together. */
export type DeviceKey = { readonly session: string; readonly digest: string }

/** The first device that opens a link gets the check; undefined when another one was faster. */
export const bindDevice = async (
  ex: Executor,
  session: Session,
  device: string,
  now: Date,
): Promise<Session | undefined> => {
  const isOpen = session.phase === 'open'
  const [row] = await ex
    .update(sessions)
    .set({ device, updatedAt: now, ...(isOpen ? { startedAt: session.startedAt ?? now, lastActionAt: now } : {}) })
    .where(and(eq(sessions.id, session.id), isNull(sessions.device)))
    .returning()
  return row
}

/** The check that a device worked on last, of those that it holds a key for. */
export const findLastOf = async (ex: Executor, keys: readonly DeviceKey[]): Promise<Session | undefined> => {
  if (keys.length === 0) return undefined
  const digests = keys.map((key) => key.digest)
  const [row] = await ex
    .select()
    .from(sessions)
    .where(and(isNull(sessions.erasedAt), or(inArray(sessions.device, digests), inArray(sessions.follower, digests))))
    .orderBy(desc(sessions.lastActionAt))
    .limit(1)
  return row
}

/** Moves a check to another device, while it is open and on the device that it was read on. */
export const moveDevice = async (
  ex: Executor,
  session: Session,
  to: { device: string | null; follower: string | null },
  now: Date,
): Promise<Session | undefined> => {
  const [row] = await ex
    .update(sessions)
    .set({ ...to, lastActionAt: now, updatedAt: now })
    .where(
      and(
        eq(sessions.id, session.id),
        eq(sessions.phase, 'open'),
        session.device ? eq(sessions.device, session.device) : isNull(sessions.device),
      ),
    )
    .returning()
  return row
}

/** A new code for a check; codes shown before are good for nothing from then on. */
export const addHandOver = async (
  ex: Executor,
  row: { codeDigest: string; session: string; match: string; expiresAt: Date },
  now: Date,
): Promise<void> => {
  await endHandOvers(ex, row.session, now)
  await ex.insert(handOvers).values(row)
}

/** Ends the codes of a check that nobody has used: they are good for nothing from then on. */
export const endHandOvers = async (ex: Executor, session: string, now: Date): Promise<void> => {
  await ex
    .update(handOvers)
    .set({ endedAt: now })
    .where(and(eq(handOvers.session, session), isNull(handOvers.usedAt), isNull(handOvers.endedAt)))
}

/** A code by its digest, used, ended or too old as it may be; undefined when there is none. */
export const findHandOver = async (ex: Executor, codeDigest: string) => {
  const [row] = await ex.select().from(handOvers).where(eq(handOvers.codeDigest, codeDigest))
  return row
}

/** Uses a code up. False when it was used, ended or too old: of two that use it at once, one wins. */
export const consumeHandOver = async (ex: Executor, codeDigest: string, now: Date): Promise<boolean> => {
  const rows = await ex
    .update(handOvers)
    .set({ usedAt: now })
    .where(
      and(
        eq(handOvers.codeDigest, codeDigest),
        isNull(handOvers.usedAt),
        isNull(handOvers.endedAt),
        gt(handOvers.expiresAt, now),
      ),
    )
    .returning({ session: handOvers.session })
  return rows.length === 1
}

/** Forgets the codes of a check. */
export const removeHandOvers = async (ex: Executor, session: string): Promise<void> => {
  await ex.delete(handOvers).where(eq(handOvers.session, session))
}

const DAY_MS = 86_400_000

/** Codes are remembered for a day, so that a late one is told what happened to it. */
export const forgetHandOvers = async (ex: Executor, now: Date): Promise<void> => {
  await ex.delete(handOvers).where(lt(handOvers.expiresAt, new Date(now.getTime() - DAY_MS)))
}
