import { DecryptionError, type Transaction } from '@veridoor/foundation'
import type { SessionDeps } from './deps.ts'
import { removeHandOvers } from './devices.ts'
import { CALL_MS, removePictures, verdictOf } from './end.ts'
import { forgetFace } from './face-search.ts'
import { removeChallenges } from './movement/store.ts'
import { forgetSeenPictures } from './picture-search.ts'
import type { Session } from './schema.ts'
import { clearOrphans, lockSession, setErased } from './store.ts'
import type { Verdict } from './verdict.ts'

/** What an API goes on to tell about a session after its data were erased, in the form of its own state (`wires/`). */
export type Remains = {
  readonly wireState: unknown
  /** Ids and the decision are still told; otherwise the session answers "not found". */
  readonly isDecisionKept: boolean
}

/** Null where there is no verdict, or where it cannot be decrypted any more: that must not keep it from being erased. */
const verdictOrLost = (deps: SessionDeps, session: Session): Verdict | null => {
  if (session.state === 'PENDING') return null
  try {
    return verdictOf(deps, session)
  } catch (error) {
    if (!(error instanceof DecryptionError)) throw error
    deps.log.warn('session.verdict_lost', { id: session.id })
    return null
  }
}

/**
 * Erases everything about the person: pictures, their key, the verdict.
 *
 * All or nothing in the database, the pictures' key included, and from the session as it is by then: an end that comes at the same
 * moment waits and finds nothing to do, or came before and is erased too. Its files, which nobody can decrypt any more, are removed
 * right after.
 *
 * @param remainsOf says what the session's API keeps; a session whose decision was kept can be erased once more, without it
 */
export const eraseSession = async (
  deps: SessionDeps,
  { id }: Pick<Session, 'id'>,
  remainsOf: (session: Session, verdict: Verdict | null) => Remains,
): Promise<void> => {
  const now = deps.clock.now()
  const isErased = await deps.db.transaction(async (tx: Transaction) => {
    const session = await lockSession(tx, id)
    if (!session || (session.erasedAt && !session.isDecisionKept)) return false
    const { wireState, isDecisionKept } = remainsOf(session, verdictOrLost(deps, session))
    if (session.erasedAt && isDecisionKept) return false
    await forgetFace(tx, id)
    await forgetSeenPictures(tx, id)
    await removeChallenges(tx, id)
    await removeHandOvers(tx, id)
    const references = isDecisionKept ? {} : { customerReference: '', userReference: '', reportingCriteria: null }
    await setErased(
      tx,
      session,
      { ...personalFields(now), ...references, wireState, isDecisionKept, erasedAt: session.erasedAt ?? now },
      now,
    )
    return true
  })
  if (isErased) await removePictures(deps, id)
}

/** Everything that may say something about the person, emptied. */
const personalFields = (now: Date) => ({
  verdict: null,
  pictureKey: null,
  person: '',
  choice: null,
  preset: null,
  clientIp: null,
  device: null,
  follower: null,
  retake: null,
  endedBecause: null,
  // Addresses may carry a word that belongs to this check alone.
  successUrl: null,
  errorUrl: null,
  callbackUrl: null,
  orphansAt: new Date(now.getTime() + CALL_MS),
})

/** Removes files that came after their session had been erased, or ended without a verdict: called when no call can be running any more. */
export const removeLateFiles = async (deps: SessionDeps, session: Session): Promise<void> => {
  await deps.pictures.remove(session.id)
  await forgetFace(deps.db, session.id)
  await forgetSeenPictures(deps.db, session.id)
  await clearOrphans(deps.db, session)
}
