import type { MovementAnswer } from '@veridoor/contract'
import { EngineError, isFileFault, type LivenessAnswer, type LivenessReason } from '@veridoor/engine'
import type { Transaction } from '@veridoor/foundation'
import { keyOf, type SessionDeps } from '../deps.ts'
import type { Session, StoredChallenge } from '../schema.ts'
import { findSession, lockSession, updateIfUnchanged } from '../store.ts'
import { isPauseByMachine } from './clock.ts'
import { failMovement, frameFileOf, LIVE_FILE, mayBeFree, type Refuse, usable } from './run-challenge.ts'
import { countTry, endChallenge, findChallenges, markNotJudged } from './store.ts'

/** Milliseconds that a judgement may take, on a machine that has other work, too. */
const JUDGE_MS = 120_000
/** Milliseconds that a judgement may wait for a worker; after that this machine is too busy, which costs no try. */
const WAIT_MS = 60_000
/** Milliseconds after which no judgement is running any more, even if its worker was lost once. */
export const JUDGEMENT_MS = 2 * (WAIT_MS + JUDGE_MS)

/** The judge's reasons in words that help a person; reasons that an attacker could learn from become `unsure`. */
const whyOf = (reasons: readonly LivenessReason[]): MovementAnswer['why'] => {
  const has = (...some: LivenessReason[]): boolean => some.some((reason) => reasons.includes(reason))
  if (has('looped', 'other_face', 'out_of_order', 'too_fast')) return 'unsure'
  if (has('no_single_face', 'no_baseline')) return 'face'
  if (has('too_slow', 'too_few_frames')) return 'slow'
  if (has('movement_not_seen', 'still')) return 'not_seen'
  return has('other_movement_seen') ? 'other_movement' : 'unsure'
}

const examine = async (
  deps: SessionDeps,
  session: Session,
  challenge: StoredChallenge,
  refuse: Refuse,
): Promise<{ finding: LivenessAnswer; straight: Buffer | undefined }> => {
  const key = keyOf(deps, session)
  if (!key) return refuse('SESSION_ENDED')
  const frames: { step: number; atMs: number; picture: Buffer }[] = []
  for (const [number, { step, atMs }] of challenge.frames.entries()) {
    const picture = await deps.pictures.read(session.id, frameFileOf(challenge, number), key)
    if (!picture) return refuse('CHALLENGE_OVER')
    frames.push({ step, atMs, picture })
  }
  const selfie = await deps.pictures.read(session.id, 'selfie', key)
  if (!selfie) return refuse('WRONG_STEP')
  const nothing: LivenessAnswer = { verdict: 'undetermined', reasons: ['no_single_face'], steps: [], straight: null }
  const judge = (): Promise<LivenessAnswer> =>
    deps.engine.run(
      'liveness',
      { challenge: challenge.movements, frames, selfie },
      { timeoutMs: JUDGE_MS, waitMs: WAIT_MS, urgent: true },
    )
  try {
    // A worker may be lost for other reasons than these pictures: once more, as for a document.
    const finding = await judge().catch((error: unknown) => {
      if (error instanceof EngineError && error.code === 'worker_lost') return judge()
      throw error
    })
    return { finding, straight: finding.straight === null ? undefined : frames[finding.straight]?.picture }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    if (error.code === 'busy' || error.code === 'timeout') {
      await markNotJudged(deps.db, challenge)
      deps.log.warn('movement.not_judged', { id: session.id, code: error.code, count: frames.length })
      return refuse('BUSY')
    }
    // Files that are no pictures, or that end their worker twice, show nobody.
    if (isFileFault(error.code) || error.code === 'worker_lost') return { finding: nothing, straight: undefined }
    throw error
  }
}

type Judged = Omit<MovementAnswer, 'session'> & { session: Session }

/** A late camera does not cause these: they count even where this machine was late. */
const conclusive: readonly LivenessReason[] = ['looped', 'other_face', 'out_of_order', 'too_fast']

const judgeOnce = async (deps: SessionDeps, session: Session, id: string, refuse: Refuse): Promise<Judged> => {
  const challenge = await usable(deps, session, id, refuse)
  if (challenge.state !== 'judging') return refuse('CHALLENGE_OVER')
  const { finding, straight } = await examine(deps, session, challenge, refuse)
  const key = keyOf(deps, session)
  const passed = finding.verdict === 'passed' && straight !== undefined && key !== null
  const isMachineLate =
    !passed &&
    isPauseByMachine(challenge.frames) &&
    !conclusive.some((reason) => finding.reasons.includes(reason)) &&
    mayBeFree(await findChallenges(deps.db, session.id))
  const reasons = [...finding.reasons, ...(isMachineLate ? ['machine_late'] : [])]
  deps.log.info('movement.judged', {
    id: session.id,
    code: [finding.verdict, ...reasons].join(','),
    attempt: session.livenessTries + 1,
    count: challenge.frames.length,
    // The longest that this machine took itself for one frame.
    ms: Math.max(...challenge.frames.map(({ tookMs = 0 }) => tookMs)),
  })
  const now = deps.clock.now()
  const live = passed ? await deps.pictures.prepare(session.id, LIVE_FILE, key, straight) : undefined
  const judge = async (tx: Transaction): Promise<boolean> => {
    await lockSession(tx, session.id)
    if (!(await endChallenge(tx, challenge, passed ? 'passed' : 'failed', reasons))) return false
    if (!passed) {
      if (!isMachineLate) await countTry(tx, session.id)
      return true
    }
    if (!(await updateIfUnchanged(tx, session, { livenessOutcome: 'passed', lastActionAt: now }, now))) return false
    // While the session is held: another selfie or the end come before or after, never between the outcome and its picture.
    await live?.keep()
    return true
  }
  const judged = await deps.db.transaction(judge).finally(() => live?.discard())
  await deps.pictures.drop(session.id, `frame-${challenge.id}`)
  if (!judged) return refuse('CHALLENGE_OVER')
  const current = passed ? await findSession(deps.db, session.id) : await failMovement(deps, session.id)
  if (!current) return refuse('SESSION_ENDED')
  const missed = finding.steps.find((step) => !step.seen)?.movement
  const why = passed ? null : isMachineLate ? 'slow' : whyOf(finding.reasons)
  return {
    passed,
    why,
    movement: why === 'not_seen' && missed && missed !== 'blink' ? missed : null,
    session: current,
  }
}

/** Judgements that are being made, by session and challenge. */
const running = new Map<string, Promise<Judged>>()

/**
 * Judges a challenge whose frames are all there; once. Its frames are deleted, but for the one that is compared with the document.
 * A second request meanwhile, after a connection that was too short for a busy machine, waits for the same judgement.
 */
export const judgeChallenge = (deps: SessionDeps, session: Session, id: string, refuse: Refuse): Promise<Judged> => {
  const key = `${session.id} ${id}`
  const judged = running.get(key) ?? judgeOnce(deps, session, id, refuse).finally(() => running.delete(key))
  running.set(key, judged)
  return judged
}
