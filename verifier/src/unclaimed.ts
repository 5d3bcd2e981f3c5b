import { CapturePart } from '@veridoor/contract'
import type { VerifierDeps } from './deps.ts'
import { LIVE_PART } from './movement/run-challenge.ts'
import type { Session } from './schema.ts'
import { lockSession } from './store.ts'

/** Whether a file belongs to a picture that its session does not speak of any more. Pure. */
export const isUnclaimed = (session: Pick<Session, 'parts' | 'livenessOutcome'>, name: string): boolean => {
  if (name === LIVE_PART) return session.livenessOutcome !== 'passed'
  const [beginning, picture] = name.split('.')
  const part = CapturePart.safeParse(beginning)
  if (!part.success) return false
  const held = session.parts[part.data]
  if (picture === undefined) return held.state === 'missing'
  // Of a version before: frames without their picture's name, beside one that has none.
  if (held.state === 'accepted' && held.picture === undefined) return false
  return picture !== held.picture
}

/**
 * Removes pictures that a session no longer speaks of. Called after the change that took their place was committed: before it they
 * would be lost by a change that comes to nothing. The session is held for it, so that none goes that is just being put there.
 */
export const dropUnclaimed = async (deps: VerifierDeps, session: Session): Promise<void> => {
  const names = (await deps.pictures.kept(session.id)).filter((name) => isUnclaimed(session, name))
  if (names.length === 0) return
  await deps.db.transaction(async (tx) => {
    const held = await lockSession(tx, session.id)
    for (const name of names) if (held && isUnclaimed(held, name)) await deps.pictures.drop(session.id, name)
  })
}
