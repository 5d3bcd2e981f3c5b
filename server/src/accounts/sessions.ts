import { digest, type Executor, newToken } from '@veridoor/foundation'
import { and, eq, gt, lt, ne } from 'drizzle-orm'
import { removeExpiredRateLimits } from '../budgets/index.ts'
import { findOrganization } from '../organizations/index.ts'
import { type AccountsDeps, callerFrom, type Origin } from './deps.ts'
import { sweepDevices } from './known-devices.ts'
import { mailedCodes, mailedLinks, passkeyChallenges, sessions, users } from './schema.ts'
import { dropClaimedEmails } from './store.ts'
import { type Caller, toUser, type User, type UserRow } from './users.ts'

/** A session ends after 30 days without use, and after 90 days in any case. */
const IDLE_DAYS = 30
/** Days after which a session has ended, however much it was used. */
export const SESSION_DAYS = 90
const DAY_MS = 86_400_000
/** How long an address may stay unconfirmed that a person gave themself. */
const CLAIM_MS = DAY_MS
const SLIDE_MS = 3_600_000

/** Opens a session and gives out its token: the only moment at which it is known in clear. */
export const openSession = async (
  deps: AccountsDeps,
  row: UserRow,
  application: string,
  from: Origin,
  methods: readonly string[],
): Promise<string> => {
  const token = newToken()
  const at = deps.clock.now()
  await deps.db.insert(sessions).values({
    tokenDigest: digest(token),
    userId: row.id,
    application,
    createdAt: at,
    lastSeenAt: at,
    expiresAt: new Date(at.getTime() + IDLE_DAYS * DAY_MS),
    address: from.address,
    userAgent: from.userAgent.slice(0, 300),
    methods: methods.join(' '),
  })
  return token
}

/** The person of a session's token: as a caller, and as an account for those who ask, in one read. Slides the session's end at most once an hour. */
export const sessionOwnerOf = async (
  deps: AccountsDeps,
  token: string,
  address: string,
): Promise<{ readonly caller: Caller; readonly user: () => User } | undefined> => {
  const at = deps.clock.now()
  const [found] = await deps.db
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.tokenDigest, digest(token)), gt(sessions.expiresAt, at)))
  if (!found || found.user.isForbidden) return undefined
  const { session, user } = found
  if (at.getTime() - session.lastSeenAt.getTime() > SLIDE_MS) {
    const idleEnd = at.getTime() + IDLE_DAYS * DAY_MS
    const lastEnd = session.createdAt.getTime() + SESSION_DAYS * DAY_MS
    await deps.db
      .update(sessions)
      .set({ lastSeenAt: at, expiresAt: new Date(Math.min(idleEnd, lastEnd)) })
      .where(eq(sessions.tokenDigest, digest(token)))
  }
  // Only administrators are asked for more than a member.
  const organization = user.isAdmin ? await findOrganization(deps.organizations.db, user.organization) : undefined
  const caller = callerFrom(user, organization, {
    application: session.application,
    address,
    signedInAt: session.createdAt,
    methods: session.methods.split(' '),
  })
  return { caller, user: () => toUser(deps.cipher, user) }
}

/** The caller of a session's token, or undefined. Slides the session's end at most once an hour. */
export const callerOf = async (deps: AccountsDeps, token: string, address: string): Promise<Caller | undefined> =>
  (await sessionOwnerOf(deps, token, address))?.caller

/** Ends the session of this token; does nothing where there is none. */
export const signOut = async (deps: AccountsDeps, token: string): Promise<void> => {
  await deps.db.delete(sessions).where(eq(sessions.tokenDigest, digest(token)))
}

/** Ends the sessions of a person, perhaps all but the one with this token. */
export const endSessions = async (ex: Executor, userId: string, exceptToken?: string): Promise<void> => {
  await ex
    .delete(sessions)
    .where(
      and(
        eq(sessions.userId, userId),
        exceptToken === undefined ? undefined : ne(sessions.tokenDigest, digest(exceptToken)),
      ),
    )
}

/** Removes sessions, challenges, links and codes that are over, devices not seen for long, and counters of rate limits long past. */
export const sweepAccounts = async (deps: AccountsDeps): Promise<void> => {
  await deps.db.delete(sessions).where(lt(sessions.expiresAt, deps.clock.now()))
  await deps.db.delete(passkeyChallenges).where(lt(passkeyChallenges.expiresAt, deps.clock.now()))
  await deps.db.delete(mailedLinks).where(lt(mailedLinks.expiresAt, deps.clock.now()))
  await deps.db.delete(mailedCodes).where(lt(mailedCodes.expiresAt, deps.clock.now()))
  await dropClaimedEmails(deps.db, new Date(deps.clock.now().getTime() - CLAIM_MS))
  await sweepDevices(deps)
  await removeExpiredRateLimits(deps.db, deps.clock.now())
}
