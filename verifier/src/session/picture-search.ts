import type { CaptureSide } from '@veridoor/contract'
import type { Assessment } from '@veridoor/engine'
import { type Executor, keyedDigest } from '@veridoor/foundation'
import { and, arrayOverlaps, eq, gte, ne, sql } from 'drizzle-orm'
import { documentNameOf } from './decide.ts'
import type { SessionDeps } from './deps.ts'
import { type Session, seenPictures } from './schema.ts'
import { clientOf, lockUnerased } from './store.ts'
import { isOpenToSigns, type Verdict, withSign } from './verdict.ts'

/** Bytes of a piece of a hash; a hash of 32 bytes has 16 of them. */
const PIECE = 2
/**
 * Pieces that two pictures share when they are one. Measured (docs/accuracy.md, *The same picture*): one that was saved again shares 7
 * of 16 and more, two pages of one layout without photographs 3 at most, two photographs 2.
 */
const SHARED = 6

/** Each piece under its place, the part and the client, keyed: equal pieces are equal here, and nothing else can be told. */
const digestsOf = (deps: SessionDeps, client: string, side: CaptureSide, hash: string): string[] => {
  const key = deps.cipher.derive('seen pictures')
  const bytes = Buffer.from(hash, 'hex')
  return Array.from({ length: bytes.length / PIECE }, (_value, piece) =>
    keyedDigest(
      key,
      `${client}\n${side}\n${piece}\n${bytes.toString('hex', piece * PIECE, (piece + 1) * PIECE)}`,
    ).slice(0, 22),
  )
}

/** Whether another person of the same client sent a picture that looks like this one. */
const wasSeen = async (deps: SessionDeps, row: typeof seenPictures.$inferSelect): Promise<boolean> => {
  const shared = sql`(select count(*) from unnest(${seenPictures.digests}) as own where own = any(${sql.param(row.digests, seenPictures.digests)}))`
  const similar = await deps.db
    .select({ session: seenPictures.session })
    .from(seenPictures)
    .where(
      and(
        arrayOverlaps(seenPictures.digests, row.digests),
        eq(seenPictures.client, row.client),
        ne(seenPictures.person, row.person),
        gte(shared, SHARED),
      ),
    )
    .limit(1)
  return similar.length > 0
}

/**
 * Looks whether one of the pictures was sent for another person of the same client before, where the client has that switched on.
 * One's own pictures may come as often as they like. What is found leads to a person, never to an approval or a refusal. Digests of
 * the pictures are kept until their session's data go. Specimens are shared by everybody who tries things out: nothing is kept of them.
 */
export const withPictureSearch = async (
  deps: SessionDeps,
  session: Session,
  { hashes, document }: Assessment,
  verdict: Verdict,
): Promise<Verdict> => {
  const client = await clientOf(deps.db, session)
  if (!client.findRepeatedPictures || document.signals.includes('specimen')) return verdict
  const rows = (Object.entries(hashes) as [CaptureSide, string | null][]).flatMap(([side, hash]) =>
    hash === null
      ? []
      : [
          {
            session: session.id,
            side,
            client: session.client,
            person: session.person,
            digests: digestsOf(deps, session.client, side, hash),
          },
        ],
  )
  // Kept before they are compared: of two sessions at the same moment, one at least sees the other.
  const isKept = await deps.db.transaction(async (tx) => {
    if (!(await lockUnerased(tx, session.id))) return false
    for (const row of rows)
      await tx
        .insert(seenPictures)
        .values(row)
        .onConflictDoUpdate({ target: [seenPictures.session, seenPictures.side], set: { digests: row.digests } })
    return true
  })
  if (!isKept) return verdict
  for (const row of rows)
    if (await wasSeen(deps, row))
      return isOpenToSigns(verdict) && verdict.outcome !== 'nothing_sent'
        ? withSign(verdict, documentNameOf(session), 'picture_seen_before')
        : verdict
  return verdict
}

/** Removes the digests of a session's pictures. Safe to repeat. */
export const forgetSeenPictures = async (ex: Executor, session: string): Promise<void> => {
  await ex.delete(seenPictures).where(eq(seenPictures.session, session))
}
