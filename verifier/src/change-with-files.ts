import type { Transaction } from '@veridoor/foundation'
import { keyOf, type VerifierParts } from './parts.ts'
import type { Session } from './schema.ts'
import { change, findSession, type SessionFields } from './store.ts'

/**
 * Changes an open session and its files as one. The change comes first and holds the row: a submission, an end or a deletion that comes
 * meanwhile waits, and after one that was faster no file is touched. Undefined then.
 *
 * @param options.device asked for where a device acts, as by `change`
 * @param options.write writes and drops files; what it reads or changes in the database goes through its transaction
 */
export const changeWithFiles = async (
  parts: VerifierParts,
  session: Session,
  fields: SessionFields,
  options: { device?: string | null; write(tx: Transaction, key: Buffer): Promise<void> },
): Promise<Session | undefined> => {
  const key = keyOf(parts, session)
  if (!key || session.phase !== 'open') return undefined
  return parts.db.transaction(async (tx) => {
    if (!(await change(tx, session, fields, parts.clock.now(), options.device))) return undefined
    await options.write(tx, key)
    return findSession(tx, session.id)
  })
}
