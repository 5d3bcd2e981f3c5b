import { describe, expect, it } from 'vitest'
import { type Frame, judgeLiveness, type Movement } from './judge.ts'
import type { FaceMetrics } from './measure-face.ts'

const rest: FaceMetrics = { yaw: 0.02, pitch: 0.4, eyes: 0.3, size: 0.4 }
const wave = [0, 0.4, 1, 0.6, 0.1]
const moved: Record<Movement, (share: number) => Partial<FaceMetrics>> = {
  centre: () => ({}),
  turn_left: (share) => ({ yaw: rest.yaw + 0.4 * share }),
  turn_right: (share) => ({ yaw: rest.yaw - 0.4 * share }),
  look_up: (share) => ({ pitch: rest.pitch - 0.12 * share }),
  look_down: (share) => ({ pitch: rest.pitch + 0.12 * share }),
  closer: (share) => ({ size: rest.size * (1 + 0.4 * share) }),
  blink: (share) => ({ eyes: rest.eyes * (1 - 0.7 * share) }),
}
/** A person who does what is asked, with the tremble of a hand and a mesh: never twice the same numbers. */
const perform = (done: readonly Movement[]): Frame[] =>
  done.flatMap((movement, step) =>
    wave.map((share, k) => {
      const n = step * wave.length + k
      const look = { ...rest, ...moved[movement](share) }
      return { step, atMs: n * 250, digest: `${n}`, look: { ...look, eyes: look.eyes + 0.012 * Math.sin(n * 2.3) } }
    }),
  )
const challenge: Movement[] = ['centre', 'turn_left', 'blink', 'closer']
const judge = (frames: readonly Frame[], same: number | null = 0.97, selfie?: number | null) =>
  judgeLiveness(challenge, frames, same, selfie)

describe('a movement check', () => {
  it('passes for a person who does what was asked, in its order', () => {
    expect(judge(perform(challenge))).toEqual({
      verdict: 'passed',
      reasons: [],
      steps: challenge.map((movement) => ({ movement, seen: true })),
    })
  })

  it.each<Movement>(['turn_left', 'turn_right', 'look_up', 'look_down', 'closer', 'blink'])(
    'a still face never shows %s',
    (movement) => {
      const found = judgeLiveness(['centre', movement], perform(['centre', 'centre']), 0.99)
      expect(found.verdict).toBe('failed')
      expect(found.reasons).toEqual(['still', 'movement_not_seen'])
    },
  )

  it('every other order of the same movements fails', () => {
    for (const other of [
      ['centre', 'blink', 'turn_left', 'closer'],
      ['centre', 'turn_right', 'blink', 'closer'],
      ['centre', 'closer', 'blink', 'turn_left'],
      ['turn_left', 'centre', 'blink', 'closer'],
    ] as Movement[][])
      expect(judge(perform(other)).verdict, other.join()).toBe('failed')
  })

  it.each<Movement>(['turn_left', 'turn_right', 'look_up', 'look_down', 'closer'])(
    '%s passes where it was asked for, and nothing else does',
    (movement) => {
      const asked: Movement[] = ['centre', movement, 'centre']
      expect(judgeLiveness(asked, perform(asked), 0.97).verdict).toBe('passed')
      for (const other of ['turn_left', 'turn_right', 'look_up', 'look_down', 'closer'] as const)
        if (other !== movement)
          expect(judgeLiveness(asked, perform(['centre', other, 'centre']), 0.97).verdict, other).toBe('failed')
    },
  )

  it('a person who comes back a little late still passes; one who stays turned does not', () => {
    const asked: Movement[] = ['centre', 'turn_left', 'look_up']
    const late = (count: number): Frame[] =>
      perform(asked).map((frame, n) =>
        n >= 10 && n < 10 + count && frame.look ? { ...frame, look: { ...frame.look, yaw: 0.4 - 0.01 * n } } : frame,
      )
    expect(judgeLiveness(asked, late(1), 0.97).verdict).toBe('passed')
    expect(judgeLiveness(asked, late(5), 0.97).reasons).toContain('other_movement_seen')
  })

  it('a turn that was not asked for fails although the asked one is there too', () => {
    const frames = perform(challenge)
    const wrong = frames.map((frame, index) =>
      index === 12 && frame.look ? { ...frame, look: { ...frame.look, yaw: -0.4 } } : frame,
    )
    expect(judge(wrong).reasons).toContain('other_movement_seen')
  })

  describe('of which one step', () => {
    const asked = ['turn_left', 'turn_right', 'look_up', 'look_down', 'closer'] as const
    type Shown = { yaw?: number; pitch?: number; near?: number }
    /** A rest pose, then one step that shows these looks, off that pose. */
    const inStep = (shown: readonly Shown[]): Frame[] => [
      ...perform(['centre']),
      ...shown.map(({ yaw = 0, pitch = 0, near = 1 }, k) => {
        const look = { ...rest, yaw: rest.yaw + yaw, pitch: rest.pitch + pitch, size: rest.size * near }
        return { step: 1, atMs: (wave.length + k) * 250, digest: `shown ${k}`, look }
      }),
    ]
    const passes = (movement: Movement, shown: readonly Shown[]): boolean => {
      const { reasons } = judgeLiveness(['centre', movement], inStep(shown), 0.97)
      return !reasons.includes('movement_not_seen') && !reasons.includes('other_movement_seen')
    }

    it('shows a nod up, a nod down and coming closer stands for none of them', () => {
      const clip = [{}, { pitch: -0.08 }, {}, { pitch: 0.08 }, {}, { near: 1.12 }, { near: 1.26 }, {}]
      for (const movement of asked) expect(passes(movement, clip), movement).toBe(false)
      const downFirst = [{}, { pitch: 0.08 }, {}, { pitch: -0.08 }, {}, { near: 1.26 }, {}]
      for (const movement of asked) expect(passes(movement, downFirst), movement).toBe(false)
    })

    it('shows a turn to each side stands for neither', () => {
      for (const movement of asked)
        expect(passes(movement, [{}, { yaw: 0.26 }, {}, { yaw: -0.26 }, {}]), movement).toBe(false)
    })

    it('never stands for two movements, whatever it shows in whatever order', () => {
      const poses: Shown[] = [-0.3, 0, 0.3].flatMap((yaw) =>
        [-0.13, -0.08, 0, 0.08, 0.13].flatMap((pitch) => [1, 1.3].map((near) => ({ yaw, pitch, near }))),
      )
      let passed = 0
      for (const first of poses)
        for (const second of poses)
          for (const third of [{}, ...poses.filter(({ yaw }) => yaw === 0)]) {
            const shown = [{}, first, second, third, {}]
            const fits = asked.filter((movement) => passes(movement, shown))
            if (fits.length > 1) throw new Error(`${fits.join()} by ${JSON.stringify(shown)}`)
            passed += fits.length
          }
      expect(passed).toBeGreaterThan(500)
    })

    it('is done as people do it passes: too far, back past the middle, still close from before, leaning', () => {
      // Further than asked, then past the middle on the way back.
      expect(passes('look_up', [{}, { pitch: -0.09 }, { pitch: -0.2 }, { pitch: -0.05 }, { pitch: 0.09 }, {}])).toBe(
        true,
      )
      expect(passes('look_down', [{}, { pitch: 0.09 }, { pitch: 0.2 }, { pitch: 0.02 }, { pitch: -0.09 }, {}])).toBe(
        true,
      )
      // A short draw of breath the other way before it.
      expect(passes('look_up', [{}, { pitch: 0.04 }, { pitch: -0.1 }, { pitch: -0.12 }, {}])).toBe(true)
      // Just back from the opposite nod, or from coming closer, or as close as before all through the step.
      expect(passes('look_up', [{ pitch: 0.13 }, { pitch: 0.03 }, { pitch: -0.1 }, { pitch: -0.12 }, {}])).toBe(true)
      expect(passes('look_down', [{ near: 1.35 }, { near: 1.1 }, { pitch: 0.1 }, { pitch: 0.12 }, {}])).toBe(true)
      const close = [0, 0.05, 0.12, 0.06, 0.01].map((pitch) => ({ pitch, near: 1.3 }))
      expect(passes('look_down', close)).toBe(true)
      // A head that bows or lifts while it comes closer, and comes closer a little while it nods.
      expect(passes('closer', [{}, { pitch: 0.03, near: 1.15 }, { pitch: 0.09, near: 1.4 }, { near: 1.1 }, {}])).toBe(
        true,
      )
      expect(passes('look_up', [{}, { pitch: -0.06, near: 1.1 }, { pitch: -0.12, near: 1.2 }, {}, {}])).toBe(true)
      expect(passes('closer', [{}, { pitch: -0.04, near: 1.2 }, { pitch: -0.16, near: 1.6 }, { near: 1.1 }, {}])).toBe(
        true,
      )
      // On the way from the nod before to coming closer, with no look at rest between them.
      expect(passes('closer', [{ pitch: -0.13 }, { pitch: -0.06 }, { near: 1.3 }, { near: 1.4 }, {}])).toBe(true)
      expect(
        passes('closer', [{ pitch: 0.18 }, { pitch: 0.17 }, { pitch: 0.1 }, { pitch: -0.06 }, { near: 1.4 }]),
      ).toBe(true)
      // A turn lowers or lifts the nose in the mesh.
      expect(passes('turn_right', [{}, { yaw: -0.2, pitch: 0.05 }, { yaw: -0.4, pitch: 0.09 }, {}, {}])).toBe(true)
    })
  })

  it('frames sent in another order fail', () => {
    const frames = perform(challenge)
    const swapped = frames.map((frame, index) => (index === 6 ? frames[7] : index === 7 ? frames[6] : frame) as Frame)
    expect(judge(swapped).reasons).toContain('out_of_order')
  })

  it('the same picture twice, or a succession that comes again, is a loop', () => {
    const frames = perform(challenge)
    expect(judge(frames.map((frame, n) => (n === 9 ? { ...frame, digest: '3' } : frame))).reasons).toContain('looped')
    const again = frames.map((frame, n) => (n >= 15 ? { ...frame, look: frames[n - 10]?.look ?? null } : frame))
    expect(judge(again).reasons).toContain('looped')
  })

  it('frames too fast for a person, or with a pause to change the scene, fail', () => {
    const frames = perform(challenge)
    expect(judge(frames.map((frame) => ({ ...frame, atMs: frame.atMs / 10 }))).reasons).toContain('too_fast')
    expect(judge(frames.map((frame, n) => ({ ...frame, atMs: frame.atMs + (n > 8 ? 5000 : 0) }))).reasons).toContain(
      'too_slow',
    )
  })

  it('another face in the middle fails; a face that nobody could compare is never a pass', () => {
    expect(judge(perform(challenge), 0.85).reasons).toEqual(['other_face'])
    expect(judge(perform(challenge), null).verdict).toBe('undetermined')
    // The selfie that is compared with the document must show the person who moved.
    expect(judge(perform(challenge), 0.97, 0.94).reasons).toEqual(['other_face'])
    expect(judge(perform(challenge), 0.97, null).verdict).toBe('undetermined')
    expect(judge(perform(challenge), 0.97, 0.97).verdict).toBe('passed')
  })

  it('no frames, no faces, no rest pose: undetermined, never passed', () => {
    expect(judge([]).verdict).toBe('undetermined')
    expect(judge(perform(challenge).map((frame) => ({ ...frame, look: null }))).verdict).toBe('undetermined')
    expect(judgeLiveness(['blink'], perform(['blink']), 0.99).verdict).toBe('undetermined')
  })
})
