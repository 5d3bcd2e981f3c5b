import { fakeClock } from '@veridoor/foundation'
import { expect, it } from 'vitest'
import { createRateLimit } from './rate-limit.ts'

it('lets so many calls of one caller through in a window, and tells how long to wait', () => {
  const clock = fakeClock(new Date('2026-11-24T10:00:00Z'))
  const limit = createRateLimit(clock, 2, 1_000)
  expect([limit('a'), limit('a'), limit('a'), limit('b')]).toEqual([0, 0, 1_000, 0])
  clock.advance(1_001)
  expect(limit('a')).toBe(0)
})

it('keeps counting a caller while ten thousand others come and go', () => {
  const clock = fakeClock(new Date('2026-11-24T10:00:00Z'))
  const limit = createRateLimit(clock, 1, 60_000)
  for (let at = 0; at < 10_000; at += 1) limit(`quiet ${at}`)
  clock.advance(59_000)
  expect(limit('busy')).toBe(0)
  clock.advance(2_000)
  expect(limit('new')).toBe(0)
  expect(limit('busy')).toBeGreaterThan(0)
  // Whoever was quiet for a whole window is not remembered, and begins anew.
  expect(limit('quiet 1')).toBe(0)
})
