import type { CapturePart } from '@veridoor/contract'
import type { Assessment } from '@veridoor/engine'
import { type Executor, keyedDigest } from '@veridoor/foundation'
import { and, arrayOverlaps, eq, gte, ne, sql } from 'drizzle-orm'
import type { VerifierDeps } from './deps.ts'
import { personOf } from './face-search.ts'
import { type Session, seenPictures } from './schema.ts'
import { clientOf, holdUnerased } from './store.ts'
import { isOpenToSigns, type V4Result, withSign } from './v4/result.ts'

/** Bytes of a piece of a hash; a hash of 32 has 16 of them. */
const PIECE = 2
/**
 * Pieces that two pictures share when they are one. Measured (docs/accuracy.md, *The same picture*): one that was saved again shares 7
 * of 16 and more, two pages of one layout without photographs 3 at most, two photographs 2.
 */
const SHARED = 6

/** Each piece under its place, the part and the client, keyed: equal pieces are equal here, and nothing else can be told. */
const digestsOf = (deps: VerifierDeps, client: string, part: CapturePart, hash: string): string[] => {
  const key = deps.cipher.derive('seen pictures')
  const bytes = Buffer.from(hash, 'hex')
  return Array.from({ length: bytes.length / PIECE }, (_, piece) =>
    keyedDigest(
      key,
      `${client}\n${part}\n${piece}\n${bytes.toString('hex', piece * PIECE, (piece + 1) * PIECE)}`,
    ).slice(0, 22),
  )
}

/** Whether another person of the same client sent a picture that looks like this one. */
const wasSeen = async (deps: VerifierDeps, row: typeof seenPictures.$inferSelect): Promise<boolean> => {
  const shared = sql`(select count(*) from unnest(${seenPictures.digests}) as own where own = any(${sql.param(row.digests, seenPictures.digests)}))`
  const alike = await deps.db
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
  return alike.length > 0
}

/**
 * Looks whether one of the pictures was sent for another person of the same client before, where the client has that switched on.
 * One's own pictures may come as often as they like. What is found leads to a person, never to an approval or a refusal. Digests of
 * the pictures are kept until their session's data go. Specimens are shared by everybody who tries things out: nothing is kept of them.
 */
export const withPictureSearch = async (
  deps: VerifierDeps,
  session: Session,
  { hashes, document }: Assessment,
  result: V4Result,
): Promise<V4Result> => {
  const client = await clientOf(deps.db, session)
  if (!client.findRepeatedPictures || document.signals.includes('specimen')) return result
  const rows = (Object.entries(hashes) as [CapturePart, string | null][]).flatMap(([part, hash]) =>
    hash === null
      ? []
      : [
          {
            session: session.id,
            part,
            client: session.client,
            person: personOf(session),
            digests: digestsOf(deps, session.client, part, hash),
          },
        ],
  )
  // Kept before they are compared: of two sessions at the same moment, one at least sees the other.
  const isKept = await deps.db.transaction(async (tx) => {
    if (!(await holdUnerased(tx, session.id))) return false
    for (const row of rows)
      await tx
        .insert(seenPictures)
        .values(row)
        .onConflictDoUpdate({ target: [seenPictures.session, seenPictures.part], set: { digests: row.digests } })
    return true
  })
  if (!isKept) return result
  for (const row of rows)
    if (await wasSeen(deps, row))
      return isOpenToSigns(result) ? withSign(session, result, 'picture_seen_before') : result
  return result
}

/** Removes the digests of a session's pictures. Safe to repeat. */
export const forgetSeenPictures = async (ex: Executor, session: string): Promise<void> => {
  await ex.delete(seenPictures).where(eq(seenPictures.session, session))
}
