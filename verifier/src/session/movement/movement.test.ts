import { describe, expect, it } from 'vitest'
import type { ChallengeFrame } from '../schema.ts'
import { isPauseByMachine, nextStep, stepMs, toChallenge } from './clock.ts'
import { makeSequence, sequences } from './make-challenge.ts'

describe('a sequence', () => {
  it('is one of 296, never the same movement twice in a row, never without a turn', () => {
    expect(sequences).toHaveLength(296)
    expect(new Set(sequences.map((one) => one.join())).size).toBe(296)
    for (const one of sequences) {
      expect(one.some((movement, at) => movement === one[at + 1])).toBe(false)
      expect(one.some((movement) => movement.startsWith('turn_'))).toBe(true)
    }
  })

  it('begins straight ahead, differs from draw to draw, and comes once in a session', () => {
    const drawn = Array.from({ length: 200 }, () => makeSequence([]).join())
    expect(drawn.every((one) => one.startsWith('centre,'))).toBe(true)
    expect(new Set(drawn).size).toBeGreaterThan(80)
    const allButOne = sequences.slice(1).map((one) => ['centre', ...one] as const)
    expect(makeSequence(allButOne)).toEqual(['centre', ...(sequences[0] ?? [])])
  })
})

describe('the step of a frame', () => {
  const framesAt = (step: number, ...times: number[]): ChallengeFrame[] =>
    times.map((atMs) => ({ step, atMs, bytes: 1 }))
  const fast = { slow: false }

  it('moves on by our clock only, and not before enough frames are there', () => {
    const long = stepMs(fast, 0)
    expect(nextStep(fast, [])).toBe(0)
    expect(nextStep(fast, framesAt(0, 500, 700, 900, 500 + long - 1))).toBe(0)
    expect(nextStep(fast, framesAt(0, 500, 700, 900, 500 + long))).toBe(1)
    expect(nextStep(fast, framesAt(0, 500, 500 + 2 * long, 500 + 3 * long))).toBe(0)
    expect(nextStep({ slow: true }, framesAt(0, 500, 700, 900, 500 + long))).toBe(0)
  })

  it('a pause is ours when it would not have been too long without the time we took', () => {
    const frames = (...all: [atMs: number, tookMs: number][]): ChallengeFrame[] =>
      all.map(([atMs, tookMs]) => ({ step: 0, atMs, tookMs, bytes: 1 }))
    expect(isPauseByMachine(frames([0, 20], [200, 20], [400, 20]))).toBe(false)
    expect(isPauseByMachine(frames([0, 20], [3_000, 20], [3_200, 20]))).toBe(false)
    expect(isPauseByMachine(frames([0, 2_800], [3_000, 20], [3_200, 20]))).toBe(true)
    // Both were slow, and theirs alone was too long.
    expect(isPauseByMachine(frames([0, 2_800], [6_000, 20]))).toBe(false)
    expect(isPauseByMachine([])).toBe(false)
  })

  it('tells the movement that is due, and none of those to come', () => {
    const challenge = {
      id: '00000000-0000-4000-8000-000000000001',
      session: '00000000-0000-4000-8000-000000000002',
      attempt: 1,
      movements: ['centre', 'look_up', 'turn_left', 'closer', 'turn_right'] as const,
      slow: false,
      state: 'open' as const,
      reasons: [],
      createdAt: new Date(0),
      expiresAt: new Date(90_000),
      frames: framesAt(0, 0, 900, 1800),
    }
    expect(toChallenge(challenge)).toMatchObject({ step: 0, steps: 5, movement: 'centre' })
    const later = toChallenge({ ...challenge, frames: framesAt(0, 0, 900, 1800, 2700) })
    expect(later).toMatchObject({ step: 1, movement: 'look_up' })
    expect(JSON.stringify(later)).not.toContain('turn_left')
  })
})
