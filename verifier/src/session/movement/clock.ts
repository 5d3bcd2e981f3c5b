import type { Challenge } from '@veridoor/contract'
import { longestPauseMs } from '@veridoor/engine'
import type { ChallengeFrame, StoredChallenge } from '../schema.ts'

/** Milliseconds that a challenge lives. */
export const LIFE_MS = 90_000
const CENTRE_MS = 2_200
const MOVEMENT_MS = 3_600
/** Milliseconds between two frames that the page is asked for. */
const EVERY_MS = 180
/** Frames that a step has at least: what the engine's judge needs. */
const STEP_FRAMES = 4

/** Milliseconds of a step; with "more time" twice as many. */
export const stepMs = (challenge: Pick<StoredChallenge, 'slow'>, step: number): number =>
  (step === 0 ? CENTRE_MS : MOVEMENT_MS) * (challenge.slow ? 2 : 1)

/** The step that the next frame belongs to: the next one as soon as this one's time is over by our clock. Pure. */
export const nextStep = (challenge: Pick<StoredChallenge, 'slow'>, frames: readonly ChallengeFrame[]): number => {
  const last = frames.at(-1)
  if (!last) return 0
  const own = frames.filter(({ step }) => step === last.step)
  const tookMs = last.atMs - (own[0]?.atMs ?? last.atMs)
  return tookMs >= stepMs(challenge, last.step) && own.length >= STEP_FRAMES ? last.step + 1 : last.step
}

/** Whether a pause is too long for the judge only because of the time that this machine took to store a frame. Pure. */
export const isPauseByMachine = (frames: readonly ChallengeFrame[]): boolean =>
  frames.some((frame, n) => {
    const before = frames[n - 1]
    const pauseMs = frame.atMs - (before?.atMs ?? frame.atMs)
    return pauseMs > longestPauseMs && pauseMs - (before?.tookMs ?? 0) <= longestPauseMs
  })

/** What the person is told: only the movement that is due, never the ones that follow. */
export const toChallenge = (challenge: StoredChallenge): Challenge => {
  const step = Math.min(nextStep(challenge, challenge.frames), challenge.movements.length - 1)
  return {
    id: challenge.id,
    step,
    steps: challenge.movements.length,
    movement: challenge.movements[step] ?? 'centre',
    stepMs: stepMs(challenge, step),
    everyMs: EVERY_MS,
    expiresAt: challenge.expiresAt.toISOString(),
  }
}
