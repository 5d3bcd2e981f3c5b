import type { Transaction } from '@veridoor/foundation'
import { keyOf, type VerifierDeps } from './deps.ts'
import type { Session } from './schema.ts'
import { change, findSession, lockSession, type SessionFields } from './store.ts'
import { dropUnclaimed } from './unclaimed.ts'

/**
 * Changes an open session and its files as one. What takes time, encrypting and writing a picture, comes first and holds nothing; then
 * the session is held, looked at as it is by then, changed, and the picture put in its place: a submission, an end or a deletion that
 * comes meanwhile waits, and after one that was faster no file is touched. What the change leaves behind goes when it is committed.
 *
 * @param order.device asked for where a device acts, as by `change`
 * @param order.fields what the change sets, of the session as it is by then; undefined for no change
 * @param order.within what else changes in the database; returns how names begin that nothing speaks of from then on
 * @returns the session as it is then; undefined, and nothing touched, where there was no change
 */
export const changeWithFiles = async (
  deps: VerifierDeps,
  session: Session,
  order: {
    device?: string | null
    picture?: { part: string; bytes: Uint8Array }
    fields(held: Session): SessionFields | undefined
    within?(tx: Transaction): Promise<string[]>
  },
): Promise<Session | undefined> => {
  const { db, pictures, clock, log } = deps
  const key = keyOf(deps, session)
  if (!key || session.phase !== 'open') return undefined
  const { picture } = order
  const fresh = picture && (await pictures.prepare(session.id, picture.part, key, picture.bytes))
  const changed = await db
    .transaction(async (tx) => {
      const held = await lockSession(tx, session.id)
      const fields = held && order.fields(held)
      if (!fields || !(await change(tx, session, fields, clock.now(), order.device))) return undefined
      const left = (await order.within?.(tx)) ?? []
      const row = await findSession(tx, session.id)
      await fresh?.keep()
      return row && { row, left }
    })
    .finally(() => fresh?.discard())
  if (!changed) return undefined
  const tidy = async (): Promise<void> => {
    for (const beginning of changed.left) await pictures.drop(session.id, beginning)
    await dropUnclaimed(deps, changed.row)
  }
  // The change is done whatever the disk does: what stays goes with the next change, or with the end.
  await tidy().catch((error: unknown) => log.warn('pictures.not_removed', { id: session.id, error }))
  return changed.row
}
