import { randomUUID } from 'node:crypto'
import type { CaptureFault, MovementAnswer } from '@veridoor/contract'
import { EngineError, isFileFault, type LivenessAnswer, type LivenessReason } from '@veridoor/engine'
import type { Transaction } from '@veridoor/foundation'
import { assessJob, keyRow, type VerifierParts } from '../parts.ts'
import { isApiPicture } from '../pictures.ts'
import type { Session, StoredChallenge } from '../schema.ts'
import { change, findSession } from '../store.ts'
import { LIFE_MS, nextStep } from './clock.ts'
import { makeSequence } from './make-challenge.ts'
import { hasMovement, triesLeft } from './outcome.ts'
import { addFrame, countTry, endChallenge, findChallenge, findChallenges, insertChallenge } from './store.ts'

export const FRAME_BYTES = 200_000
const CHALLENGE_BYTES = 12_000_000
const FRAMES = 240
const CHALLENGES = 12
/** Milliseconds between two frames at least: no camera of a page is asked for more. */
const GAP_MS = 60
/** Milliseconds that the judge may take. */
const JUDGE_MS = 45_000

/** The frame in which the person looks straight ahead: it is compared with the document, besides the selfie. */
export const LIVE_PART = 'live'
const partOf = (challenge: StoredChallenge, number: number): string => `frame-${challenge.id}-${number}`
const keyOf = (parts: VerifierParts, session: Session): Buffer | null =>
  session.pictureKey ? Buffer.from(parts.box.open(session.pictureKey, keyRow(session.id)), 'base64') : null

/** Refuses with a fault of the capture API. */
type Refuse = (fault: CaptureFault) => never

const isRevealed = (challenge: StoredChallenge): boolean => nextStep(challenge, challenge.frames) > 0

/** Ends a challenge that nobody finished; one whose first movement had been told used up a try, so that nobody picks the one that suits. */
export const leaveChallenge = async (parts: VerifierParts, challenge: StoredChallenge): Promise<void> => {
  const left = await parts.db.transaction(async (tx: Transaction) => {
    const ended = await endChallenge(tx, challenge, 'over', ['left'])
    if (ended && isRevealed(challenge)) await countTry(tx, challenge.session)
    return ended
  })
  if (left) await parts.pictures.drop(challenge.session, `frame-${challenge.id}`)
}

const leaveOpen = async (parts: VerifierParts, session: Session): Promise<void> => {
  for (const challenge of await findChallenges(parts.db, session.id))
    if (challenge.state === 'open' || challenge.state === 'judging') await leaveChallenge(parts, challenge)
}

/** Another selfie: what was shown before belongs to the one before. */
export const forgetMovement = async (parts: VerifierParts, session: Session): Promise<void> => {
  await leaveOpen(parts, session)
  await parts.pictures.drop(session.id, LIVE_PART)
}

/** Three tries without success decide: the session is assessed, and says that liveness failed. */
const giveUp = async (parts: VerifierParts, id: string): Promise<Session | undefined> => {
  const session = await findSession(parts.db, id)
  if (session?.phase !== 'open' || triesLeft(session) > 0) return session
  const at = parts.clock.now()
  return parts.db.transaction(async (tx: Transaction) => {
    const row = await change(tx, session, { livenessOutcome: 'failed', phase: 'checking', lastActionAt: at }, at)
    if (row) await parts.jobs.send(assessJob, { id }, { tx, key: `assess ${id} ${row.attempt} movement` })
    return row
  })
}

/** A new challenge for this session and attempt; the one before is over. Null when no try is left, which ends the capture. */
export const startChallenge = async (
  parts: VerifierParts,
  session: Session,
  slow: boolean,
  refuse: Refuse,
): Promise<StoredChallenge | null> => {
  await leaveOpen(parts, session)
  const fresh = await giveUp(parts, session.id)
  if (fresh?.phase !== 'open') return null
  const before = await findChallenges(parts.db, session.id)
  if (before.length >= CHALLENGES) return refuse('SLOW_DOWN')
  const at = parts.clock.now()
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
  await insertChallenge(parts.db, row)
  return row
}

const usable = async (parts: VerifierParts, session: Session, id: string, refuse: Refuse): Promise<StoredChallenge> => {
  const challenge = await findChallenge(parts.db, session.id, id)
  if (!challenge || !hasMovement(session) || challenge.attempt !== session.attempt || session.phase !== 'open')
    return refuse('CHALLENGE_OVER')
  return challenge
}

/** Takes one frame. Order, step and time are ours: the caller's number only has to be the next one. */
export const takeFrame = async (
  parts: VerifierParts,
  session: Session,
  asked: { challenge: string; number: number; bytes: Buffer },
  refuse: Refuse,
): Promise<{ challenge: StoredChallenge; done: boolean }> => {
  const challenge = await usable(parts, session, asked.challenge, refuse)
  const at = parts.clock.now()
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
  const key = keyOf(parts, session)
  if (!key) return refuse('SESSION_ENDED')
  await parts.pictures.write(session.id, partOf(challenge, asked.number), key, asked.bytes)
  const frame = { step: nextStep(challenge, frames), atMs, bytes: asked.bytes.length }
  const done = nextStep(challenge, [...frames, frame]) >= challenge.movements.length
  const kept = await addFrame(parts.db, challenge, frame, done ? 'judging' : 'open')
  if (!kept) return refuse('WRONG_STEP')
  // Moving is acting: the session's fifteen minutes begin anew.
  await change(parts.db, session, { lastActionAt: at }, at)
  return { challenge: kept, done }
}

/** The judge's words in those that help a person; what a faker could learn from is `unsure`. */
const whyOf = (reasons: readonly LivenessReason[]): MovementAnswer['why'] => {
  const has = (...some: LivenessReason[]): boolean => some.some((reason) => reasons.includes(reason))
  if (has('looped', 'other_face', 'out_of_order', 'too_fast')) return 'unsure'
  if (has('no_single_face', 'no_baseline')) return 'face'
  if (has('too_slow', 'too_few_frames')) return 'slow'
  if (has('movement_not_seen', 'still')) return 'not_seen'
  return has('other_movement_seen') ? 'other_movement' : 'unsure'
}

const look = async (
  parts: VerifierParts,
  session: Session,
  challenge: StoredChallenge,
  refuse: Refuse,
): Promise<{ finding: LivenessAnswer; straight: Buffer | undefined }> => {
  const key = keyOf(parts, session)
  if (!key) return refuse('SESSION_ENDED')
  const frames: { step: number; atMs: number; picture: Buffer }[] = []
  for (const [number, { step, atMs }] of challenge.frames.entries()) {
    const picture = await parts.pictures.read(session.id, partOf(challenge, number), key)
    if (!picture) return refuse('CHALLENGE_OVER')
    frames.push({ step, atMs, picture })
  }
  const selfie = await parts.pictures.read(session.id, 'selfie', key)
  if (!selfie) return refuse('WRONG_STEP')
  const nothing: LivenessAnswer = { verdict: 'undetermined', reasons: ['no_single_face'], steps: [], straight: null }
  try {
    const finding = await parts.engine.run(
      'liveness',
      { challenge: challenge.movements, frames, selfie },
      { timeoutMs: JUDGE_MS, urgent: true },
    )
    return { finding, straight: finding.straight === null ? undefined : frames[finding.straight]?.picture }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    if (error.code === 'busy' || error.code === 'timeout') return refuse('BUSY')
    // Pictures that are none, or that end their worker, show nobody.
    if (isFileFault(error.code) || error.code === 'worker_lost') return { finding: nothing, straight: undefined }
    throw error
  }
}

/** Judges a challenge whose frames are all there; once. Its frames are deleted, but for the one that is compared with the document. */
export const judgeChallenge = async (
  parts: VerifierParts,
  session: Session,
  id: string,
  refuse: Refuse,
): Promise<Omit<MovementAnswer, 'session'> & { session: Session }> => {
  const challenge = await usable(parts, session, id, refuse)
  if (challenge.state !== 'judging') return refuse('CHALLENGE_OVER')
  const { finding, straight } = await look(parts, session, challenge, refuse)
  const key = keyOf(parts, session)
  const passed = finding.verdict === 'passed' && straight !== undefined && key !== null
  parts.log.info('movement.judged', {
    id: session.id,
    code: [finding.verdict, ...finding.reasons].join(','),
    attempt: session.livenessTries + 1,
  })
  if (passed) await parts.pictures.write(session.id, LIVE_PART, key, straight)
  const at = parts.clock.now()
  const judged = await parts.db.transaction(async (tx: Transaction) => {
    if (!(await endChallenge(tx, challenge, passed ? 'passed' : 'failed', finding.reasons))) return false
    await countTry(tx, session.id)
    if (!passed) return true
    return (await change(tx, session, { livenessOutcome: 'passed', lastActionAt: at }, at)) !== undefined
  })
  await parts.pictures.drop(session.id, `frame-${challenge.id}`)
  if (!judged) return refuse('CHALLENGE_OVER')
  const now = passed ? await findSession(parts.db, session.id) : await giveUp(parts, session.id)
  if (!now) return refuse('SESSION_ENDED')
  const missed = finding.steps.find((step) => !step.seen)?.movement
  const why = passed ? null : whyOf(finding.reasons)
  return {
    passed,
    why,
    movement: why === 'not_seen' && missed && missed !== 'blink' ? missed : null,
    session: now,
  }
}
