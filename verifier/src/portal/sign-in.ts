import { digest, newToken, timingSafeEqualText } from '@veridoor/foundation'
import { and, eq, lte } from 'drizzle-orm'
import type { VerifierDeps } from '../deps.ts'
import { portalSessions } from './schema.ts'

const LIFETIME_MS = 8 * 3_600_000

/** Shown once on the next page: what was done, and a secret that cannot be looked up later. */
export type Message =
  | { readonly action: 'saved' | 'disabled' | 'enabled' | 'queued' | 'not_queued' }
  | { readonly action: 'created' | 'rotated'; readonly token: string; readonly secret: string }

/** An operator who is signed in. `message` is for the next page, encrypted; null when there is none. */
export type PortalSession = { readonly tokenDigest: string; readonly message: string | null }

const messageAad = (tokenDigest: string): string => `portal:${tokenDigest}`

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

/** Removes sessions that are over, and messages that nobody read with them. */
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

/** Ends a session, with the message that was left in it. Safe to repeat. */
export const signOut = async ({ db }: VerifierDeps, session: PortalSession): Promise<void> => {
  await db.delete(portalSessions).where(eq(portalSessions.tokenDigest, session.tokenDigest))
}

/** Leaves a message for the next page, encrypted: it may hold a new secret. */
export const leaveMessage = async (
  { db, cipher: box }: VerifierDeps,
  session: PortalSession,
  message: Message,
): Promise<void> => {
  await db
    .update(portalSessions)
    .set({ message: box.encrypt(JSON.stringify(message), messageAad(session.tokenDigest)) })
    .where(eq(portalSessions.tokenDigest, session.tokenDigest))
}

/** Takes the message that was left; a second call finds nothing. */
export const takeMessage = async (
  { db, cipher: box }: VerifierDeps,
  session: PortalSession,
): Promise<Message | null> => {
  if (!session.message) return null
  const taken = await db
    .update(portalSessions)
    .set({ message: null })
    // Only the message that was read: another call may have taken it, or left a newer one.
    .where(and(eq(portalSessions.tokenDigest, session.tokenDigest), eq(portalSessions.message, session.message)))
    .returning({ tokenDigest: portalSessions.tokenDigest })
  return taken.length > 0
    ? (JSON.parse(box.decrypt(session.message, messageAad(session.tokenDigest))) as Message)
    : null
}
