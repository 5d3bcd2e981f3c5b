import { randomUUID } from 'node:crypto'
import type { CaptureFault } from '@veridoor/contract'
import type { Executor, Transaction } from '@veridoor/foundation'
import { assessJob, keyOf, type VerifierDeps } from '../deps.ts'
import { isApiPicture } from '../pictures.ts'
import type { Session, StoredChallenge } from '../schema.ts'
import { change, findSession, lockSession } from '../store.ts'
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
/** The frame in which the person looks straight ahead: it is compared with the document, besides the selfie. */
export const LIVE_PART = 'live'
/** Name of a frame among its session's pictures. @param number counts from 0 within the challenge */
export const partOf = (challenge: StoredChallenge, number: number): string => `frame-${challenge.id}-${number}`

/** Refuses with a fault of the capture API. */
export type Refuse = (fault: CaptureFault) => never

const isRevealed = (challenge: StoredChallenge): boolean => nextStep(challenge, challenge.frames) > 0

/** Words beside the judge's for challenges that cost no try, since it was this machine that was late. */
const OURS = ['not_judged', 'machine_late'] as const
/** Challenges of a session that may cost no try: nobody gets a dozen by slowing this machine down. */
const FREE = 3
/** Whether one more challenge of this session may cost no try. */
export const mayBeFree = (all: readonly StoredChallenge[]): boolean =>
  all.filter(({ state, reasons }) => state !== 'judging' && OURS.some((word) => reasons.includes(word))).length < FREE

const framesOf = (challenge: StoredChallenge): string => `frame-${challenge.id}`

/**
 * Ends a challenge that nobody finished; one whose first movement had been told used up a try, so that nobody picks the one that
 * suits. Whose frames are all there and could not be judged, because this machine had too much to do, lost nothing.
 * @param tx holds the session
 * @returns how the names of its frames begin, to be dropped after the commit; nothing when it had ended
 */
const leave = async (tx: Transaction, challenge: StoredChallenge): Promise<string[]> => {
  const isOurs = challenge.reasons.includes('not_judged') && mayBeFree(await findChallenges(tx, challenge.session))
  const ended = await endChallenge(tx, challenge, 'over', ['left', ...(isOurs ? ['not_judged'] : [])])
  if (ended && isRevealed(challenge) && !isOurs) await countTry(tx, challenge.session)
  return ended ? [framesOf(challenge)] : []
}

/** Ends a challenge that nobody finished, as `leave`, and removes its frames. */
export const leaveChallenge = async (deps: VerifierDeps, challenge: StoredChallenge): Promise<void> => {
  const left = await deps.db.transaction(async (tx) => {
    await lockSession(tx, challenge.session)
    return leave(tx, challenge)
  })
  for (const beginning of left) await deps.pictures.drop(challenge.session, beginning)
}

/**
 * Ends what a session was asked to do: what was shown before another selfie, or another challenge, belongs to the one before.
 * @param tx holds the session
 * @returns how names of frames begin that are to be dropped after the commit
 */
export const forgetMovement = async (tx: Transaction, session: Session): Promise<string[]> => {
  const left: string[] = []
  for (const challenge of await findChallenges(tx, session.id))
    if (challenge.state === 'open' || challenge.state === 'judging') left.push(...(await leave(tx, challenge)))
  return left
}

/** Three tries without success decide: the session is assessed, and says that liveness failed. */
export const giveUp = async (deps: VerifierDeps, id: string, ex: Executor = deps.db): Promise<Session | undefined> => {
  const session = await findSession(ex, id)
  if (session?.phase !== 'open' || triesLeft(session) > 0) return session
  const at = deps.clock.now()
  return ex.transaction(async (tx: Transaction) => {
    const row = await change(tx, session, { livenessOutcome: 'failed', phase: 'checking', lastActionAt: at }, at)
    if (row) await deps.jobs.send(assessJob, { id }, { tx, key: `assess ${id} ${row.attempt} movement` })
    return row
  })
}

/** A new challenge for this session and attempt; the one before is over. Null when no try is left, which ends the capture. */
export const startChallenge = async (
  deps: VerifierDeps,
  session: Session,
  slow: boolean,
  refuse: Refuse,
): Promise<StoredChallenge | null> => {
  // One after another for a session: of many that are asked for at once there is never more than one to choose from.
  let left: string[] = []
  const started = await deps.db.transaction(async (tx: Transaction) => {
    await lockSession(tx, session.id)
    const before = await findChallenges(tx, session.id)
    const isMore = before.length >= CHALLENGES
    if (!isMore) left = await forgetMovement(tx, session)
    const fresh = await giveUp(deps, session.id, tx)
    if (fresh?.phase !== 'open') return null
    if (isMore) return 'too many'
    const at = deps.clock.now()
    const row: StoredChallenge = {
      id: randomUUID(),
      session: session.id,
      attempt: session.attempt,
      movements: makeSequence(before.map(({ movements }) => movements)),
      slow,
      state: 'open',
      frames: [],
      reasons: [],
      createdAt: at,
      expiresAt: new Date(at.getTime() + LIFE_MS),
    }
    await insertChallenge(tx, row)
    return row
  })
  for (const beginning of left) await deps.pictures.drop(session.id, beginning)
  return started === 'too many' ? refuse('SLOW_DOWN') : started
}

/** The challenge, when it is this session's, of this attempt. */
export const usable = async (
  deps: VerifierDeps,
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
 * Takes one frame. Order, step and time are ours: the caller's number only has to be the next one.
 * @param asked.at when the frame was here, by our clock, before anything was looked up for it
 */
export const takeFrame = async (
  deps: VerifierDeps,
  session: Session,
  asked: { challenge: string; number: number; bytes: Buffer; at: Date },
  refuse: Refuse,
): Promise<{ challenge: StoredChallenge; done: boolean }> => {
  const challenge = await usable(deps, session, asked.challenge, refuse)
  const { at } = asked
  const atMs = at.getTime() - challenge.createdAt.getTime()
  const { frames } = challenge
  // The answer to the last one was lost on its way: it is there, and stays as it is.
  if (asked.number === frames.length - 1) return { challenge, done: challenge.state === 'judging' }
  if (challenge.state !== 'open' || at >= challenge.expiresAt) return refuse('CHALLENGE_OVER')
  if (asked.number !== frames.length || frames.length >= FRAMES) return refuse('WRONG_STEP')
  const total = frames.reduce((sum, { bytes }) => sum + bytes, asked.bytes.length)
  if (asked.bytes.length > FRAME_BYTES || total > CHALLENGE_BYTES) return refuse('TOO_LARGE')
  if (!isApiPicture(asked.bytes)) return refuse('FILE_NOT_USABLE')
  const last = frames.at(-1)
  if (last && atMs - last.atMs < GAP_MS) return refuse('SLOW_DOWN')
  const key = keyOf(deps, session)
  if (!key) return refuse('SESSION_ENDED')
  await deps.pictures.write(session.id, partOf(challenge, asked.number), key, asked.bytes)
  // Moving is acting: the session's fifteen minutes begin anew.
  await change(deps.db, session, { lastActionAt: at }, at)
  const tookMs = deps.clock.now().getTime() - at.getTime()
  const frame = { step: nextStep(challenge, frames), atMs, bytes: asked.bytes.length, tookMs }
  const done = nextStep(challenge, [...frames, frame]) >= challenge.movements.length
  const kept = await addFrame(deps.db, challenge, frame, done ? 'judging' : 'open')
  if (!kept) return refuse('WRONG_STEP')
  return { challenge: kept, done }
}
