import type { Transaction } from '@veridoor/foundation'
import { keyOf, type SessionDeps } from './deps.ts'
import { removeOrphans } from './orphans.ts'
import type { Session } from './schema.ts'
import { findSession, lockSession, type SessionFields, updateIfUnchanged } from './store.ts'

/**
 * Changes an open session and its files as one. Encrypting and writing a picture takes time, so it comes first and locks nothing. Then
 * the session is locked, read again, changed, and the picture put in its place: a submission, an end or a deletion that comes meanwhile
 * waits, and after one that was faster no file is touched. Files that nothing refers to any more are removed after the commit.
 *
 * @param order.device given where a device acts, as for `updateIfUnchanged`
 * @param order.fields what the change sets, given the session as it is by then; undefined for no change
 * @param order.within what else changes in the database; returns prefixes of file names that nothing refers to from then on
 * @returns the changed session; undefined, and nothing touched, where there was no change
 */
export const changeWithFiles = async (
  deps: SessionDeps,
  session: Session,
  order: {
    device?: string | null
    picture?: { name: string; bytes: Uint8Array }
    fields(held: Session): SessionFields | undefined
    within?(tx: Transaction): Promise<string[]>
  },
): Promise<Session | undefined> => {
  const { db, pictures, clock, log } = deps
  const key = keyOf(deps, session)
  if (!key || session.phase !== 'open') return undefined
  const { picture } = order
  const staged = picture && (await pictures.prepare(session.id, picture.name, key, picture.bytes))
  const changed = await db
    .transaction(async (tx) => {
      const held = await lockSession(tx, session.id)
      const fields = held && order.fields(held)
      if (!fields || !(await updateIfUnchanged(tx, session, fields, clock.now(), order.device))) return undefined
      const orphanPrefixes = (await order.within?.(tx)) ?? []
      const row = await findSession(tx, session.id)
      await staged?.keep()
      return row && { row, orphanPrefixes }
    })
    .finally(() => staged?.discard())
  if (!changed) return undefined
  const tidy = async (): Promise<void> => {
    for (const prefix of changed.orphanPrefixes) await pictures.drop(session.id, prefix)
    await removeOrphans(deps, changed.row)
  }
  // The change is done whatever the disk does. Files that stay are removed with the next change, or with the end.
  await tidy().catch((error: unknown) => log.warn('pictures.not_removed', { id: session.id, error }))
  return changed.row
}
