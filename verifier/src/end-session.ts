import type { Transaction } from '@veridoor/foundation'
import { removeHandOvers } from './capture/store.ts'
import { forgetFace } from './face-search.ts'
import { LIVE_PART } from './movement/run-challenge.ts'
import { removeChallenges } from './movement/store.ts'
import { callbackJob, resultRow, type VerifierParts } from './parts.ts'
import { forgetSeenPictures } from './picture-search.ts'
import { executionStatus } from './platform/answers.ts'
import { judged } from './platform/capabilities.ts'
import type { EndedBecause, Session } from './schema.ts'
import { change, clientOf } from './store.ts'
import { forClient } from './v4/for-client.ts'
import type { V4Result } from './v4/result.ts'

const DAY_MS = 86_400_000

/** How a session ended, for the page; the outcome itself is told to the API client only. */
export type EndedHow = 'submitted' | 'cancelled' | 'timed_out' | 'three_tries_used' | 'interrupted'

/**
 * Ends a session once: result, state and the callback's job in one transaction. Whoever comes second finds nothing to do.
 * Pictures of a check without a result are removed at once; the others after the client's retention time.
 */
export const endSession = async (
  parts: VerifierParts,
  session: Session,
  end: { state: 'DONE' | 'FAILED'; how: EndedHow; result: V4Result; because?: EndedBecause | null },
): Promise<Session | undefined> => {
  const { db, box, clock, jobs, pictures } = parts
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
        result: box.seal(JSON.stringify(forClient(end.result, client, session)), resultRow(session.id)),
        callbackState: session.callbackUrl ? 'queued' : 'none',
        eraseAfter: new Date(at.getTime() + client.retentionDays * DAY_MS),
        ...(end.because ? { endedBecause: end.because } : {}),
        ...(end.state === 'FAILED' ? { pictureKey: null } : {}),
      },
      at,
    )
    if (row?.callbackUrl) await jobs.send(callbackJob, { id: row.id }, { tx, key: `callback ${row.id}` })
    return row
  })
  if (ended && end.state === 'FAILED') await pictures.remove(session.id)
  else if (ended) for (const part of [LIVE_PART, 'frame-']) await pictures.drop(session.id, part)
  return ended
}

export const openResult = (parts: VerifierParts, session: Session): V4Result | null =>
  session.result ? (JSON.parse(parts.box.open(session.result, resultRow(session.id))) as V4Result) : null

/**
 * Forgets everything about the person: pictures, their key, the result. The reference answers "not found" from then on; with
 * `keepDecision` the Platform's goes on to tell its ids and its decision (section 4.14).
 */
export const eraseSession = async (
  parts: VerifierParts,
  session: Session,
  options: { keepDecision?: boolean } = {},
): Promise<void> => {
  const at = parts.clock.now()
  await parts.pictures.remove(session.id)
  await forgetFace(parts.db, session.id)
  await forgetSeenPictures(parts.db, session.id)
  await removeChallenges(parts.db, session.id)
  await removeHandOvers(parts.db, session.id)
  // The Platform's metadata stay with its decision; of everything else not even the client's own words do.
  const decision = decisionOfEnded(parts, session)
  const platform = session.platform && {
    account: session.platform.account,
    key: session.platform.key,
    consented: session.platform.consented,
    credentials: session.platform.credentials.map(({ id, category }) => ({ id, category })),
    ...(options.keepDecision ? { wiped: { decision } } : {}),
  }
  const references =
    platform && options.keepDecision ? {} : { customerReference: '', userReference: '', reportingCriteria: null }
  await change(
    parts.db,
    session,
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
      erasedAt: at,
      phase: 'ended',
      platform,
      ...references,
    },
    at,
  )
}

/** What was on its way while a session was erased, a picture, a face or what it looks like, came after it: once more, when no call can be running. */
export const eraseLeftovers = async (parts: VerifierParts, session: Session): Promise<void> => {
  await parts.pictures.remove(session.id)
  await forgetFace(parts.db, session.id)
  await forgetSeenPictures(parts.db, session.id)
}

const decisionOfEnded = (parts: VerifierParts, session: Session): Record<string, unknown> | null => {
  const result = openResult(parts, session)
  return session.platform && session.state !== 'PENDING' && result
    ? (judged(session, session.platform, result, executionStatus(session)).decision ?? null)
    : null
}
