import { DecryptionError, type Transaction } from '@veridoor/foundation'
import { removeHandOvers } from './capture/store.ts'
import { callbackJob, resultRow, type VerifierDeps } from './deps.ts'
import { forgetFace } from './face-search.ts'
import { LIVE_PART } from './movement/run-challenge.ts'
import { removeChallenges } from './movement/store.ts'
import { forgetSeenPictures } from './picture-search.ts'
import { executionStatus } from './platform/answers.ts'
import { judged } from './platform/capabilities.ts'
import type { EndedBecause, EndedHow, Session } from './schema.ts'
import { change, clearLeftovers, clientOf, lockSession, setErased } from './store.ts'
import { dropUnclaimed } from './unclaimed.ts'
import { forClient } from './v4/for-client.ts'
import type { V4Result } from './v4/result.ts'

const DAY_MS = 86_400_000
/** Milliseconds after which no call of the time before an end is running any more: the longest one sends a picture. */
const CALL_MS = 60_000

/** Removes all pictures of a session that was ended without a result or erased. What stays, for a fault of the disk, goes with its leftovers. */
const removePictures = async ({ pictures, log }: VerifierDeps, id: string): Promise<void> => {
  await pictures.remove(id).catch((error: unknown) => log.warn('pictures.not_removed', { id, error }))
}

/**
 * Ends a session once: result, state and the callback's job in one transaction. Whoever comes second finds nothing to do.
 * Pictures of a check without a result are removed at once, and what came while they were by a sweep; the others after the client's
 * retention time.
 */
export const endSession = async (
  deps: VerifierDeps,
  session: Session,
  end: { state: 'DONE' | 'FAILED'; how: EndedHow; result: V4Result; because?: EndedBecause | null },
): Promise<Session | undefined> => {
  const { db, cipher, clock, jobs, pictures } = deps
  const at = clock.now()
  const client = await clientOf(db, session)
  const ended = await db.transaction(async (tx: Transaction) => {
    const row = await change(
      tx,
      session,
      {
        state: end.state,
        phase: 'ended',
        endedHow: end.how,
        endedAt: at,
        result: cipher.encrypt(JSON.stringify(forClient(end.result, client, session)), resultRow(session.id)),
        callbackState: session.callbackUrl ? 'queued' : 'none',
        eraseAfter: new Date(at.getTime() + client.retentionDays * DAY_MS),
        ...(end.because ? { endedBecause: end.because } : {}),
        ...(end.state === 'FAILED' ? { pictureKey: null, leftoversAt: new Date(at.getTime() + CALL_MS) } : {}),
      },
      at,
    )
    if (row?.callbackUrl) await jobs.send(callbackJob, { id: row.id }, { tx, key: `callback ${row.id}` })
    return row
  })
  if (ended && end.state === 'FAILED') await removePictures(deps, session.id)
  else if (ended) {
    for (const part of [LIVE_PART, 'frame-']) await pictures.drop(session.id, part)
    await dropUnclaimed(deps, ended)
  }
  return ended
}

/** The result of a session; null where there is none yet, or no longer. @throws {DecryptionError} */
export const openResult = (deps: VerifierDeps, session: Session): V4Result | null =>
  session.result ? (JSON.parse(deps.cipher.decrypt(session.result, resultRow(session.id))) as V4Result) : null

/**
 * Forgets everything about the person: pictures, their key, the result. The reference answers "not found" from then on; with
 * `keepDecision` the Platform's goes on to tell its ids and its decision (section 4.14), until it is forgotten without.
 *
 * All or nothing in the database, the pictures' key among it, from the session as it is by then: an end that comes at the same moment
 * waits and finds nothing to do, or came before and is erased too. Its files, which nobody can open any more, are removed right after.
 */
export const eraseSession = async (
  deps: VerifierDeps,
  { id }: Pick<Session, 'id'>,
  options: { keepDecision?: boolean } = {},
): Promise<void> => {
  const at = deps.clock.now()
  const isErased = await deps.db.transaction(async (tx: Transaction) => {
    const session = await lockSession(tx, id)
    if (!session || (session.erasedAt && (options.keepDecision || !session.platform?.wiped))) return false
    await forgetFace(tx, id)
    await forgetSeenPictures(tx, id)
    await removeChallenges(tx, id)
    await removeHandOvers(tx, id)
    // The Platform's metadata stay with its decision; of everything else not even the client's own words do.
    const platform = session.platform && {
      account: session.platform.account,
      key: session.platform.key,
      consented: session.platform.consented,
      credentials: session.platform.credentials.map(({ id, category }) => ({ id, category })),
      ...(options.keepDecision ? { wiped: { decision: decisionOfEnded(deps, session) } } : {}),
    }
    const references =
      platform && options.keepDecision ? {} : { customerReference: '', userReference: '', reportingCriteria: null }
    await setErased(
      tx,
      id,
      {
        result: null,
        pictureKey: null,
        choice: null,
        preset: null,
        clientIp: null,
        device: null,
        follower: null,
        retake: null,
        endedBecause: null,
        // They may carry a word that belongs to this check alone.
        successUrl: null,
        errorUrl: null,
        callbackUrl: null,
        erasedAt: session.erasedAt ?? at,
        leftoversAt: new Date(at.getTime() + CALL_MS),
        phase: 'ended',
        // Nothing more comes of it: who still asks is told so.
        ...(session.state === 'PENDING' ? { state: 'FAILED', endedAt: at } : {}),
        platform,
        ...references,
      },
      at,
    )
    return true
  })
  if (isErased) await removePictures(deps, id)
}

/** A frame that was on its way while its session ended without a result or was erased came after it: once more, when no call can be running. */
export const eraseLeftovers = async (deps: VerifierDeps, session: Session): Promise<void> => {
  await deps.pictures.remove(session.id)
  await forgetFace(deps.db, session.id)
  await forgetSeenPictures(deps.db, session.id)
  await clearLeftovers(deps.db, session)
}

/** Null where there is none, or where nobody can open it any more: what cannot be read must not stay for that. */
const decisionOfEnded = (deps: VerifierDeps, session: Session): Record<string, unknown> | null => {
  if (!session.platform || session.state === 'PENDING') return null
  try {
    const result = openResult(deps, session)
    return result && (judged(session, session.platform, result, executionStatus(session)).decision ?? null)
  } catch (error) {
    if (!(error instanceof DecryptionError)) throw error
    deps.log.warn('session.decision_lost', { id: session.id })
    return null
  }
}
