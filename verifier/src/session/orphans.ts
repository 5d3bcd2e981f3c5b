import { CaptureSide } from '@veridoor/contract'
import type { SessionDeps } from './deps.ts'
import { LIVE_FILE } from './movement/run-challenge.ts'
import type { Session } from './schema.ts'
import { lockSession } from './store.ts'

/** Whether a file belongs to a picture that its session does not refer to any more. Pure. */
export const isOrphan = (session: Pick<Session, 'sides' | 'livenessOutcome'>, name: string): boolean => {
  if (name === LIVE_FILE) return session.livenessOutcome !== 'passed'
  const [beginning, picture] = name.split('.')
  const side = CaptureSide.safeParse(beginning)
  if (!side.success) return false
  const held = session.sides[side.data]
  return picture === undefined ? held.state === 'missing' : picture !== held.picture
}

/**
 * Removes files that a session no longer refers to. Called after the change that replaced them was committed: before it they would be
 * lost by a change that is rolled back. The session is locked meanwhile, so that no file is removed that is just being put there.
 */
export const removeOrphans = async (deps: SessionDeps, session: Session): Promise<void> => {
  const names = (await deps.pictures.kept(session.id)).filter((name) => isOrphan(session, name))
  if (names.length === 0) return
  await deps.db.transaction(async (tx) => {
    const held = await lockSession(tx, session.id)
    for (const name of names) if (held && isOrphan(held, name)) await deps.pictures.drop(session.id, name)
  })
}
