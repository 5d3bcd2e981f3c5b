import { Refusal } from '@veridoor/contract'
import { digest } from '@veridoor/foundation'
import { and, desc, eq, gt, ne } from 'drizzle-orm'
import type { Parts } from './parts.ts'
import { sessions } from './schema.ts'
import type { Caller } from './users.ts'

/** A session as its person sees it. */
export type OwnSession = {
  readonly id: string
  readonly isCurrent: boolean
  readonly application: string
  readonly userAgent: string
  readonly address: string
  readonly openedAt: Date
  readonly lastSeenAt: Date
}

/** What names a session outside: the digest of the stored digest, so that a name leads back to nothing. */
const nameOf = (tokenDigest: string): string => digest(`session name:${tokenDigest}`).slice(0, 24)

/** The person's open sessions, the latest used first. @param token the one of this request */
export const listSessions = async (parts: Parts, caller: Caller, token: string): Promise<OwnSession[]> => {
  const rows = await parts.db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, caller.userId), gt(sessions.expiresAt, parts.clock.now())))
    .orderBy(desc(sessions.lastSeenAt))
  return rows.map((row) => ({
    id: nameOf(row.tokenDigest),
    isCurrent: row.tokenDigest === digest(token),
    application: row.application,
    userAgent: row.userAgent,
    address: row.address,
    openedAt: row.createdAt,
    lastSeenAt: row.lastSeenAt,
  }))
}

/**
 * Ends one session of the person's own, or all but the one of this request. Recorded.
 * @throws {Refusal} NOT_FOUND for a session that is over, or another person's
 */
export const endOwnSessions = (parts: Parts, caller: Caller, token: string, id?: string): Promise<number> =>
  parts.db.transaction(async (tx) => {
    const own = await tx.select().from(sessions).where(eq(sessions.userId, caller.userId))
    const named = id === undefined ? undefined : own.find((row) => nameOf(row.tokenDigest) === id)
    if (id !== undefined && !named) throw new Refusal('NOT_FOUND')
    const ended = await tx
      .delete(sessions)
      .where(
        named
          ? eq(sessions.tokenDigest, named.tokenDigest)
          : and(eq(sessions.userId, caller.userId), ne(sessions.tokenDigest, digest(token))),
      )
      .returning({ application: sessions.application })
    await parts.audit.append(tx, {
      organization: caller.organization,
      actor: caller.actor,
      action: 'end-session',
      target: caller.actor,
      reasons: [named ? 'one' : 'all others'],
      address: caller.address,
    })
    return ended.length
  })
