import { digest, newToken, timingSafeEqualText } from '@veridoor/foundation'
import { and, eq, lte } from 'drizzle-orm'
import type { VerifierDeps } from '../deps.ts'
import { portalSessions } from '../schema.ts'

const LIFETIME_MS = 8 * 3_600_000

/** Shown once on the next page: what was done, and a secret that nobody can look up later. */
export type Told =
  | { readonly what: 'saved' | 'disabled' | 'enabled' | 'queued' | 'not_queued' }
  | { readonly what: 'created' | 'rotated'; readonly token: string; readonly secret: string }

/** An operator who is signed in. `told` is the sealed word for the next page; null when there is none. */
export type PortalSession = { readonly tokenDigest: string; readonly told: string | null }

const row = (tokenDigest: string): string => `portal:${tokenDigest}`

/** Signs an operator in. Null when the secret is not the portal's. @returns the token for their browser */
export const signIn = async ({ db, clock, portalSecret }: VerifierDeps, secret: string): Promise<string | null> => {
  if (!portalSecret || !timingSafeEqualText(secret, portalSecret)) return null
  const token = newToken()
  const now = clock.now()
  await db.insert(portalSessions).values({
    tokenDigest: digest(token),
    // A new portal secret ends the sessions of the old one.
    secretDigest: digest(portalSecret),
    createdAt: now,
    endsAt: new Date(now.getTime() + LIFETIME_MS),
  })
  return token
}

/** Sessions that are over, with the word that was left in them and nobody read. */
export const forgetPortalSessions = async ({ db, clock }: VerifierDeps): Promise<void> => {
  await db.delete(portalSessions).where(lte(portalSessions.endsAt, clock.now()))
}

/** The session of a browser's token; null when it is unknown, over after eight hours, or the portal's secret is another one. */
export const findPortalSession = async (
  { db, clock, portalSecret }: VerifierDeps,
  token: string,
): Promise<PortalSession | null> => {
  const [found] = await db
    .select()
    .from(portalSessions)
    .where(eq(portalSessions.tokenDigest, digest(token)))
  const isOpen = found && portalSecret && found.endsAt > clock.now() && found.secretDigest === digest(portalSecret)
  return isOpen ? found : null
}

/** Ends a session, with the word that was left in it. Safe to repeat. */
export const signOut = async ({ db }: VerifierDeps, session: PortalSession): Promise<void> => {
  await db.delete(portalSessions).where(eq(portalSessions.tokenDigest, session.tokenDigest))
}

/** Leaves a word for the next page, sealed: it may hold a new secret. */
export const tell = async ({ db, cipher: box }: VerifierDeps, session: PortalSession, told: Told): Promise<void> => {
  await db
    .update(portalSessions)
    .set({ told: box.encrypt(JSON.stringify(told), row(session.tokenDigest)) })
    .where(eq(portalSessions.tokenDigest, session.tokenDigest))
}

/** Takes the word that was left; a second reading finds nothing. */
export const takeTold = async ({ db, cipher: box }: VerifierDeps, session: PortalSession): Promise<Told | null> => {
  if (!session.told) return null
  const taken = await db
    .update(portalSessions)
    .set({ told: null })
    // Only the word that was read: another reading took it, or a newer one stands there.
    .where(and(eq(portalSessions.tokenDigest, session.tokenDigest), eq(portalSessions.told, session.told)))
    .returning({ tokenDigest: portalSessions.tokenDigest })
  return taken.length > 0 ? (JSON.parse(box.decrypt(session.told, row(session.tokenDigest))) as Told) : null
}
