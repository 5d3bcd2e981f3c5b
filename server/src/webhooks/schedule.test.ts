import { expect, it } from 'vitest'
import { nextAttempt } from './schedule.ts'

const start = new Date('2026-11-24T10:00:00Z')

it('tries ten times over more than three days, with growing gaps, then gives up', () => {
  const gaps: number[] = []
  let now = start
  for (let attempts = 1; ; attempts += 1) {
    const next = nextAttempt(attempts, now, 0)
    if (!next) break
    gaps.push(next.getTime() - now.getTime())
    now = next
  }
  expect(gaps).toHaveLength(9)
  expect(gaps).toEqual([...gaps].sort((a, b) => a - b))
  expect(now.getTime() - start.getTime()).toBeGreaterThan(3 * 86_400_000)
})

it('spreads attempts by at most a tenth of the gap', () => {
  const delayWith = (chance: number): number => (nextAttempt(2, start, chance)?.getTime() ?? 0) - start.getTime()
  expect(delayWith(0)).toBe(300_000)
  expect(delayWith(0.999)).toBeGreaterThan(320_000)
  expect(delayWith(0.999)).toBeLessThan(330_000)
})
