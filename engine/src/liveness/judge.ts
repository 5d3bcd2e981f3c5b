import { type FaceLimits, faceLimits, liveness as limits } from '../thresholds.ts'
import type { FaceMetrics } from './measure-face.ts'

/** What a challenge may ask for. Left and right are the person's own; `look_up` lifts the chin, `look_down` lowers it. */
export const movements = ['centre', 'turn_left', 'turn_right', 'look_up', 'look_down', 'closer', 'blink'] as const
export type Movement = (typeof movements)[number]

/**
 * One frame as the judge sees it; `look` is null where there is not exactly one face, left out where nobody looked for one. `atMs` must
 * come from the server's clock.
 */
export type Frame = {
  readonly step: number
  readonly atMs: number
  readonly look?: FaceMetrics | null
  /** Digest of the picture's bytes: the same picture twice is no camera. */
  readonly digest: string
}
/**
 * Why a check is not passed. `other_face`: not one person in all frames, or not the selfie's; `looped`: a frame or a run of them
 * came twice; `no_baseline`: no look straight ahead at the beginning.
 */
export type LivenessReason =
  | 'too_few_frames'
  | 'out_of_order'
  | 'too_fast'
  | 'too_slow'
  | 'no_single_face'
  | 'no_baseline'
  | 'movement_not_seen'
  | 'other_movement_seen'
  | 'still'
  | 'looped'
  | 'other_face'
/** What the judge says. `seen`: the step's own movement was there, whatever else was wrong. */
export type LivenessFinding = {
  /** `undetermined`: these frames allow no judgement, which is never a pass. */
  readonly verdict: 'passed' | 'failed' | 'undetermined'
  readonly reasons: readonly LivenessReason[]
  readonly steps: readonly { readonly movement: Movement; readonly seen: boolean }[]
}

/** Milliseconds between two frames above which nothing passes. */
export const longestPauseMs = limits.gapMs

type Look = FaceMetrics
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Order and timing, from steps and times alone. */
const judgeTiming = (frames: readonly Frame[], count: number): LivenessReason[] => {
  const out = new Set<LivenessReason>()
  for (const [index, frame] of frames.entries()) {
    const before = frames[index - 1]
    if (!before) continue
    if (frame.atMs <= before.atMs || frame.step < before.step) out.add('out_of_order')
    else if (frame.atMs - before.atMs > longestPauseMs) out.add('too_slow')
  }
  for (let step = 0; step < count; step += 1) {
    const own = frames.filter((frame) => frame.step === step)
    if (own.length < limits.framesPerStep) out.add('too_few_frames')
    else {
      const tookMs = (own.at(-1)?.atMs ?? 0) - (own[0]?.atMs ?? 0)
      if (tookMs < limits.stepMinMs) out.add('too_fast')
      if (tookMs > limits.stepMaxMs) out.add('too_slow')
    }
  }
  if (frames.some(({ step }) => !Number.isInteger(step) || step < 0 || step >= count)) out.add('out_of_order')
  return [...out]
}

const isAtRest = (look: Look, base: Look): boolean =>
  Math.abs(look.yaw - base.yaw) < limits.rest &&
  Math.abs(look.pitch - base.pitch) < limits.restPitch &&
  look.size / base.size < limits.closerFrom

/** A person may still be on the way back from the movement before: a step is judged from its first look at rest, if that comes in its first half. */
const settled = (looks: readonly Look[], base: Look): readonly Look[] => {
  const rest = looks.findIndex((look) => isAtRest(look, base))
  return rest > 0 && rest <= looks.length / 2 ? looks.slice(rest) : looks
}

/** Whether a face comes closer within these looks. One that is still close from the step before does not. */
const comesCloser = (looks: readonly Look[], base: Look): boolean => {
  const sizes = looks.map((look) => look.size / base.size)
  return (sizes[0] ?? Number.NaN) < limits.closerFrom && Math.max(...sizes) >= limits.closer
}

/** Whether a face that began level nods, to one side or from one to the other, while it is not close. Who leans in may bow or lift the head. */
const nodsAfar = (looks: readonly Look[], base: Look): boolean => {
  const pitches = looks
    .filter((look) => look.size / base.size < limits.closerFrom)
    .map((look) => look.pitch - base.pitch)
  const isLevel = Math.abs((looks[0]?.pitch ?? Number.NaN) - base.pitch) < limits.restPitch
  return isLevel && Math.max(0, ...pitches) - Math.min(0, ...pitches) >= limits.nodStray
}

/** A step must begin where the last one ended (in the rest pose) and show its movement, so a turned still cannot stand for a turn. */
const seen = (movement: Movement, looks: readonly Look[], base: Look): boolean => {
  const first = looks[0]
  if (!first) return false
  const yaws = looks.map((look) => look.yaw - base.yaw)
  const pitches = looks.map((look) => look.pitch - base.pitch)
  const atRest = Math.abs(first.yaw - base.yaw) < limits.rest
  const isLevel = Math.abs(first.pitch - base.pitch) < limits.restPitch
  switch (movement) {
    case 'centre':
      return Math.abs((looks.at(-1)?.yaw ?? Number.NaN) - base.yaw) < limits.rest
    case 'turn_left':
      return atRest && Math.max(...yaws) >= limits.turn
    case 'turn_right':
      return atRest && Math.min(...yaws) <= -limits.turn
    case 'look_up':
      return isLevel && Math.min(...pitches) <= -limits.nod
    case 'look_down':
      return isLevel && Math.max(...pitches) >= limits.nod
    case 'closer':
      return comesCloser(looks, base)
    case 'blink': {
      const open = looks.map((look) => look.eyes / base.eyes)
      const shut = open.indexOf(Math.min(...open))
      const wide = (values: readonly number[]): boolean => values.some((value) => value >= limits.eyesOpen)
      return (open[shut] ?? 1) <= limits.eyesShut && wide(open.slice(0, shut)) && wide(open.slice(shut + 1))
    }
  }
}

/**
 * The right face doing other moves, beside the asked one or instead of it: a turn that was not asked for, a nod the other way first or
 * far, coming closer in a nod, nods before or after coming closer. So no clip of a step passes for two movements. People overshoot on
 * their way back: a small nod the other way after the asked one does not count.
 */
const strays = (movement: Movement, looks: readonly Look[], base: Look): boolean => {
  const yaws = looks.map((look) => look.yaw - base.yaw)
  const pitches = looks.map((look) => look.pitch - base.pitch)
  const left = Math.max(...yaws) >= limits.turn
  const right = Math.min(...yaws) <= -limits.turn
  const up = Math.min(...pitches) <= -limits.nodStray
  const down = Math.max(...pitches) >= limits.nodStray
  const firstNod = pitches.find((pitch) => Math.abs(pitch) >= limits.nod) ?? 0
  if ((left && movement !== 'turn_left') || (right && movement !== 'turn_right')) return true
  switch (movement) {
    case 'centre':
      return up || down
    case 'look_up':
      return down || firstNod > 0 || comesCloser(looks, base)
    case 'look_down':
      return up || firstNod < 0 || comesCloser(looks, base)
    case 'closer':
      return nodsAfar(looks, base)
    // A turn moves the nose up or down in the mesh, too, and blinks are not drawn.
    case 'turn_left':
    case 'turn_right':
    case 'blink':
      return false
  }
}

const distance = (a: Look, b: Look): number =>
  Math.max(
    Math.abs(a.yaw - b.yaw),
    Math.abs(a.pitch - b.pitch),
    Math.abs(a.eyes - b.eyes),
    Math.abs(a.size - b.size) / Math.max(a.size, b.size),
  )

/** Frames whose numbers came before in the same succession: three in a row that equal three earlier ones, while something moved. */
const loops = (looks: readonly Look[]): boolean => {
  const run = limits.loopFrames
  for (let a = 0; a + run <= looks.length; a += 1)
    for (let b = a + run; b + run <= looks.length; b += 1) {
      const pairs = Array.from({ length: run }, (_value, k) => [looks[a + k] as Look, looks[b + k] as Look] as const)
      const moved = distance(looks[a] as Look, looks[a + run - 1] as Look) > limits.moving
      if (moved && pairs.every(([one, two]) => distance(one, two) < limits.equal)) return true
    }
  return false
}

const judgeWhole = (frames: readonly Frame[], looks: readonly Look[]): LivenessReason[] => {
  const out: LivenessReason[] = []
  const first = looks[0]
  if (first && looks.every((look) => distance(look, first) < limits.moving)) out.push('still')
  if (new Set(frames.map(({ digest }) => digest)).size < frames.length || loops(looks)) out.push('looped')
  return out
}

/**
 * Did these frames, in the order given, perform the challenge? Pure. The challenge begins with `centre`, whose frames give the rest
 * pose. It tells a person at the camera from a picture held before it; it does **not** tell a person from a video made for this very
 * challenge and fed in place of the camera. `sameFace` is the least cosine between the frames' faces, null where none could be made;
 * `selfieFace` the best between them and the selfie, null where that has no face to compare, left out where there is no selfie. The first
 * has to reach `review`, the other `match`.
 */
export const judgeLiveness = (
  challenge: readonly Movement[],
  frames: readonly Frame[],
  sameFace: number | null,
  selfieFace?: number | null,
  { match, review }: FaceLimits = faceLimits,
): LivenessFinding => {
  const blind = frames.filter(({ look }) => look === null).length
  const base0 = frames.flatMap((frame) => (frame.step === 0 && frame.look ? [frame.look] : []))
  const nothing = (reason: LivenessReason): LivenessFinding => ({
    verdict: 'undetermined',
    reasons: [reason],
    steps: challenge.map((movement) => ({ movement, seen: false })),
  })
  if (challenge[0] !== 'centre' || challenge.length < 2) return nothing('no_baseline')
  if (frames.length === 0) return nothing('too_few_frames')
  if (blind > frames.filter(({ look }) => look !== undefined).length * limits.blindShare)
    return nothing('no_single_face')
  if (base0.length < 2) return nothing('no_baseline')
  const base: Look = {
    yaw: median(base0.map(({ yaw }) => yaw)),
    pitch: median(base0.map(({ pitch }) => pitch)),
    eyes: median(base0.map(({ eyes }) => eyes)),
    size: median(base0.map(({ size }) => size)),
  }
  if (Math.abs(base.yaw) > limits.baseYaw) return nothing('no_baseline')

  const looksOf = (step: number): Look[] =>
    frames.flatMap((frame) => (frame.step === step && frame.look ? [frame.look] : []))
  const judged = challenge.map((movement, step) => ({ movement, looks: settled(looksOf(step), base) }))
  const steps = judged.map(({ movement, looks }) => ({ movement, seen: seen(movement, looks, base) }))
  const reasons = new Set<LivenessReason>([
    ...judgeTiming(frames, challenge.length),
    ...judgeWhole(
      frames,
      frames.flatMap(({ look }) => look ?? []),
    ),
  ])
  if (steps.some((step) => !step.seen)) reasons.add('movement_not_seen')
  if (judged.some(({ movement, looks }) => strays(movement, looks, base))) reasons.add('other_movement_seen')
  if (sameFace !== null && sameFace < review) reasons.add('other_face')
  if (typeof selfieFace === 'number' && selfieFace < match) reasons.add('other_face')
  if (reasons.size > 0) return { verdict: 'failed', reasons: [...reasons], steps }
  // No face could be compared twice, so the frames may show anybody.
  return sameFace === null || selfieFace === null
    ? { ...nothing('no_single_face'), steps }
    : { verdict: 'passed', reasons: [], steps }
}
