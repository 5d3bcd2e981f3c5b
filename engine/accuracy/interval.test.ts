import { describe, expect, it } from 'vitest'
import { atMost, exactInterval } from './interval.ts'

describe('the exact interval', () => {
  // Published values of Clopper and Pearson's interval, as every table of it has them.
  it.each([
    [0, 10, 0, 0.3085],
    [10, 10, 0.6915, 1],
    [5, 10, 0.1871, 0.8129],
    [1, 20, 0.0013, 0.2487],
    [98, 100, 0.9296, 0.9976],
    [0, 2000, 0, 0.0018],
  ])('of %i in %i is %f to %f', (events, trials, low, high) => {
    const found = exactInterval(events, trials)
    expect(found.low).toBeCloseTo(low, 4)
    expect(found.high).toBeCloseTo(high, 4)
  })

  it('of nothing is everything', () => {
    expect(exactInterval(0, 0)).toEqual({ low: 0, high: 1 })
  })

  it('rests on the binomial distribution', () => {
    expect(atMost(2, 4, 0.5)).toBeCloseTo(11 / 16, 10)
    expect(atMost(4, 4, 0.5)).toBe(1)
    expect(atMost(0, 3, 0.1)).toBeCloseTo(0.729, 10)
  })
})
