import { digest, type Executor, newToken } from '@veridoor/foundation'
import { and, eq, gt } from 'drizzle-orm'
import type { AccountsDeps } from './deps.ts'
import { mailedLinks } from './schema.ts'
import type { UserRow } from './users.ts'

type Purpose = typeof mailedLinks.$inferSelect.purpose

/** How long a link opens something. */
export const LINK_MS: Readonly<Record<Purpose, number>> = { password: 30 * 60_000, email: 24 * 3_600_000 }

const pages: Readonly<Record<Purpose, string>> = { password: 'reset-password', email: 'confirm-email' }

const emailDigest = (email: string): string => digest(`email:${email.toLowerCase()}`)

/**
 * A new link for a person; former ones for the same purpose open nothing any more. The token stands behind a #: browsers keep
 * that part to themselves, so it is in no server's log and in no `Referer`.
 */
export const newLink = async (
  deps: AccountsDeps,
  ex: Executor,
  row: Pick<UserRow, 'id' | 'email'>,
  purpose: Purpose,
  application: string,
): Promise<string> => {
  const token = newToken()
  await forgetLinks(ex, row.id, purpose)
  await ex.insert(mailedLinks).values({
    tokenDigest: digest(token),
    userId: row.id,
    purpose,
    emailDigest: emailDigest(row.email),
    expiresAt: new Date(deps.clock.now().getTime() + LINK_MS[purpose]),
  })
  return `${deps.url}/${pages[purpose]}?application=${encodeURIComponent(application)}#${token}`
}

const usable = (deps: AccountsDeps, token: string, purpose: Purpose) =>
  and(
    eq(mailedLinks.tokenDigest, digest(token)),
    eq(mailedLinks.purpose, purpose),
    gt(mailedLinks.expiresAt, deps.clock.now()),
  )

/** Whether a link would open something now; takes nothing. */
export const isLinkUsable = async (deps: AccountsDeps, token: string, purpose: Purpose): Promise<boolean> => {
  const rows = await deps.db
    .select({ id: mailedLinks.userId })
    .from(mailedLinks)
    .where(usable(deps, token, purpose))
  return rows.length > 0
}

/** Takes a link, once. @returns whose it is, and whether an address is the one that it was sent to */
export const takeLink = async (
  deps: AccountsDeps,
  ex: Executor,
  token: string,
  purpose: Purpose,
): Promise<{ userId: string; wasSentTo: (email: string) => boolean } | undefined> => {
  const [taken] = await ex
    .delete(mailedLinks)
    .where(usable(deps, token, purpose))
    .returning()
  return taken && { userId: taken.userId, wasSentTo: (email) => emailDigest(email) === taken.emailDigest }
}

/** Without a purpose: all links of the person. */
export const forgetLinks = async (ex: Executor, userId: string, purpose?: Purpose): Promise<void> => {
  await ex
    .delete(mailedLinks)
    .where(and(eq(mailedLinks.userId, userId), purpose === undefined ? undefined : eq(mailedLinks.purpose, purpose)))
}
