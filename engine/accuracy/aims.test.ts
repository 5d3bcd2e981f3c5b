import { describe, expect, it } from 'vitest'
import { aimsOf } from './aims.ts'
import type { Result } from './run.ts'

const results = (count: number, exact: number, change: Partial<Result> = {}): Result[] =>
  Array.from({ length: count }, (_value, index) => ({
    index,
    format: 'TD3',
    condition: 'level',
    alphabet: 'latin',
    exact: index < exact,
    fields: 9,
    exactFields: 9,
    accepted: true,
    wrong: [],
    lines: [],
    ms: 1,
    ...change,
  }))
const missed = (run: readonly Result[]) => aimsOf(run).map(({ isMissed }) => isMissed)

describe('the aims of the set', () => {
  it('are met at 98 % outside of glare and 85 % in frames with it, and missed below', () => {
    const frames = { condition: 'glare, frames' }
    expect(missed([...results(100, 98), ...results(20, 17, frames)])).toEqual([false, false, false])
    expect(missed([...results(100, 97), ...results(20, 16, frames)])).toEqual([true, true, false])
    // One photograph with glare on the zone is measured, not aimed at.
    expect(missed(results(20, 0, { condition: 'glare, one frame' }))).toEqual([false, false, false])
  })

  it('miss the last one by a single field that was sure and wrong', () => {
    const wrong = [{ field: 'number', read: 'L0', is: 'LO' }]
    expect(missed([...results(1_999, 1_999), ...results(1, 1, { wrong })])).toEqual([false, false, true])
  })
})
