import { describe, expect, it } from 'vitest'
import { type Baseline, readBaseline, readBaselineSet } from './baseline.ts'

/**
 * The pictures are the same ones every time, so chance plays no part: what may differ is the last bit of a sum on another
 * processor. Two documents more lost than won is beyond that.
 */
const NOISE = 2
const lost = (before: readonly number[], now: readonly number[]): number =>
  before.filter((index) => !now.includes(index)).length - now.filter((index) => !before.includes(index)).length

describe('a release', () => {
  it('reads the seeded documents no worse than the one before, and is never sure and wrong', async () => {
    const before: Baseline = readBaseline()
    const now = await readBaselineSet()
    expect(now.count, 'the baseline is of another set: npm run accuracy -- --baseline').toBe(before.count)
    expect(now.wrong).toEqual([])
    expect(lost(before.exact, now.exact), `exact now: ${now.exact.join()}`).toBeLessThanOrEqual(NOISE)
    expect(lost(before.accepted, now.accepted), `accepted now: ${now.accepted.join()}`).toBeLessThanOrEqual(NOISE)
  }, 600_000)

  it('that loses three documents and wins none is worse; one that wins as many as it loses is not', () => {
    expect(lost([1, 2, 3, 4], [4])).toBeGreaterThan(NOISE)
    expect(lost([1, 2, 3], [4, 5, 6])).toBe(0)
  })
})
