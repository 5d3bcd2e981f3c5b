import { randomUUID } from 'node:crypto'
import type { CaptureErrorCode } from '@veridoor/contract'
import type { Executor, Transaction } from '@veridoor/foundation'
import { assessJob, keyOf, type SessionDeps } from '../deps.ts'
import { isApiPicture } from '../pictures.ts'
import type { Session, StoredChallenge } from '../schema.ts'
import { findSession, lockSession, transition, updateIfUnchanged } from '../store.ts'
import { LIFE_MS, nextStep } from './clock.ts'
import { makeSequence } from './make-challenge.ts'
import { hasMovement, triesLeft } from './outcome.ts'
import { addFrame, countTry, endChallenge, findChallenge, findChallenges, insertChallenge } from './store.ts'

/** Bytes of a frame at most. */
export const FRAME_BYTES = 200_000
const CHALLENGE_BYTES = 12_000_000
const FRAMES = 240
const CHALLENGES = 12
/** Milliseconds between two frames at least: no camera of a page is asked for more. */
const GAP_MS = 60
/** File of the frame in which the person looks straight ahead: it is compared with the document, besides the selfie. */
export const LIVE_FILE = 'live'
/** File of a frame. @param number counts from 0 within the challenge */
export const frameFileOf = (challenge: StoredChallenge, number: number): string => `frame-${challenge.id}-${number}`

/** Refuses with a fault of the capture API. */
export type Refuse = (fault: CaptureErrorCode) => never

const isRevealed = (challenge: StoredChallenge): boolean => nextStep(challenge, challenge.frames) > 0

/** Reasons of challenges that cost no try, since this machine was late. */
const machineReasons = ['not_judged', 'machine_late'] as const
/** Challenges of a session that may cost no try: nobody gets a dozen by slowing this machine down. */
const FREE_CHALLENGES = 3
/** Whether one more challenge of this session may cost no try. */
export const mayBeFree = (challenges: readonly StoredChallenge[]): boolean =>
  challenges.filter(
    ({ state, reasons }) => state !== 'judging' && machineReasons.some((reason) => reasons.includes(reason)),
  ).length < FREE_CHALLENGES

const framePrefixOf = (challenge: StoredChallenge): string => `frame-${challenge.id}`

/**
 * Ends a challenge that was not finished. One whose first movement had been shown uses up a try, so that nobody can look for a challenge
 * that suits. One whose frames are all there and could not be judged, because this machine had too much to do, costs nothing.
 * @param tx has locked the session
 * @returns prefixes of its frames' files, to be removed after the commit; empty when it had ended
 */
const abandon = async (tx: Transaction, challenge: StoredChallenge): Promise<string[]> => {
  const isFree = challenge.reasons.includes('not_judged') && mayBeFree(await findChallenges(tx, challenge.session))
  const hasEnded = await endChallenge(tx, challenge, 'over', ['left', ...(isFree ? ['not_judged'] : [])])
  if (hasEnded && isRevealed(challenge) && !isFree) await countTry(tx, challenge.session)
  return hasEnded ? [framePrefixOf(challenge)] : []
}

/** Ends a challenge that was not finished, as `abandon`, and removes its frames. */
export const abandonChallenge = async (deps: SessionDeps, challenge: StoredChallenge): Promise<void> => {
  const prefixes = await deps.db.transaction(async (tx) => {
    await lockSession(tx, challenge.session)
    return abandon(tx, challenge)
  })
  for (const prefix of prefixes) await deps.pictures.drop(challenge.session, prefix)
}

/**
 * Ends what a session was asked to do: movements that were shown before another selfie, or another challenge, do not count any more.
 * @param tx has locked the session
 * @returns prefixes of files that are to be removed after the commit
 */
export const forgetMovement = async (tx: Transaction, session: Session): Promise<string[]> => {
  const prefixes: string[] = []
  for (const challenge of await findChallenges(tx, session.id))
    if (challenge.state === 'open' || challenge.state === 'judging') prefixes.push(...(await abandon(tx, challenge)))
  return prefixes
}

/** After three tries without success the session is assessed, and its verdict says that the movement check failed. */
export const failMovement = async (
  deps: SessionDeps,
  id: string,
  ex: Executor = deps.db,
): Promise<Session | undefined> => {
  const session = await findSession(ex, id)
  if (session?.phase !== 'open' || triesLeft(session) > 0) return session
  const now = deps.clock.now()
  return ex.transaction(async (tx: Transaction) => {
    const row = await transition(tx, session, 'submit', { livenessOutcome: 'failed', lastActionAt: now }, now)
    if (row) await deps.jobs.send(assessJob, { id }, { tx, key: `assess ${id} ${row.attempt} movement` })
    return row
  })
}

/** A new challenge for this session and attempt; the one before ends. Null when no try is left, which ends the capture. */
export const startChallenge = async (
  deps: SessionDeps,
  session: Session,
  slow: boolean,
  refuse: Refuse,
): Promise<StoredChallenge | null> => {
  // One after another for a session: of many that are asked for at once, never more than one is open.
  let prefixes: string[] = []
  const started = await deps.db.transaction(async (tx: Transaction) => {
    await lockSession(tx, session.id)
    const before = await findChallenges(tx, session.id)
    const isMore = before.length >= CHALLENGES
    if (!isMore) prefixes = await forgetMovement(tx, session)
    const current = await failMovement(deps, session.id, tx)
    if (current?.phase !== 'open') return null
    if (isMore) return 'too many'
    const now = deps.clock.now()
    const row: StoredChallenge = {
      id: randomUUID(),
      session: session.id,
      attempt: session.attempt,
      movements: makeSequence(before.map(({ movements }) => movements)),
      slow,
      state: 'open',
      frames: [],
      reasons: [],
      createdAt: now,
      expiresAt: new Date(now.getTime() + LIFE_MS),
    }
    await insertChallenge(tx, row)
    return row
  })
  for (const prefix of prefixes) await deps.pictures.drop(session.id, prefix)
  return started === 'too many' ? refuse('SLOW_DOWN') : started
}

/** The challenge, when it is this session's, of this attempt. */
export const usable = async (
  deps: SessionDeps,
  session: Session,
  id: string,
  refuse: Refuse,
): Promise<StoredChallenge> => {
  const challenge = await findChallenge(deps.db, session.id, id)
  const isOver = !challenge || challenge.attempt !== session.attempt || triesLeft(session) === 0
  if (isOver || !hasMovement(session) || session.phase !== 'open') return refuse('CHALLENGE_OVER')
  return challenge
}

/**
 * Takes one frame. Order, step and time are decided here: the caller's number only has to be the next one.
 * @param frame.arrivedAt when the frame was here, by our clock, before anything was looked up for it
 */
export const takeFrame = async (
  deps: SessionDeps,
  session: Session,
  frame: { challenge: string; number: number; bytes: Buffer; arrivedAt: Date },
  refuse: Refuse,
): Promise<{ challenge: StoredChallenge; done: boolean }> => {
  const challenge = await usable(deps, session, frame.challenge, refuse)
  const { arrivedAt, bytes } = frame
  const atMs = arrivedAt.getTime() - challenge.createdAt.getTime()
  const { frames } = challenge
  // The answer to the last frame was lost on its way: the frame is there, and stays as it is.
  if (frame.number === frames.length - 1) return { challenge, done: challenge.state === 'judging' }
  if (challenge.state !== 'open' || arrivedAt >= challenge.expiresAt) return refuse('CHALLENGE_OVER')
  if (frame.number !== frames.length || frames.length >= FRAMES) return refuse('WRONG_STEP')
  const totalBytes = frames.reduce((sum, taken) => sum + taken.bytes, bytes.length)
  if (bytes.length > FRAME_BYTES || totalBytes > CHALLENGE_BYTES) return refuse('TOO_LARGE')
  if (!isApiPicture(bytes)) return refuse('FILE_NOT_USABLE')
  const last = frames.at(-1)
  if (last && atMs - last.atMs < GAP_MS) return refuse('SLOW_DOWN')
  const key = keyOf(deps, session)
  if (!key) return refuse('SESSION_ENDED')
  await deps.pictures.write(session.id, frameFileOf(challenge, frame.number), key, bytes)
  // Moving is an action of the person: the session's fifteen minutes begin again.
  await updateIfUnchanged(deps.db, session, { lastActionAt: arrivedAt }, arrivedAt)
  const tookMs = deps.clock.now().getTime() - arrivedAt.getTime()
  const stored = { step: nextStep(challenge, frames), atMs, bytes: bytes.length, tookMs }
  const done = nextStep(challenge, [...frames, stored]) >= challenge.movements.length
  const kept = await addFrame(deps.db, challenge, stored, done ? 'judging' : 'open')
  return kept ? { challenge: kept, done } : refuse('WRONG_STEP')
}
