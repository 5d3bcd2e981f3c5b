import { describe, expect, it } from 'vitest'
import { createSteadyHint, hintOf, measureFrame } from './guidance.ts'

const good = { brightness: 140, glareShare: 0, sharpness: 400, movement: 0 }

describe('guidance', () => {
  it('gives one hint, the one that helps most', () => {
    expect(hintOf(good, 'document')).toBe('good')
    expect(hintOf({ ...good, brightness: 30, glareShare: 0.2 }, 'document')).toBe('dark')
    expect(hintOf({ ...good, glareShare: 0.2 }, 'document')).toBe('glare')
    expect(hintOf({ ...good, glareShare: 0.2 }, 'selfie')).toBe('good')
    expect(hintOf({ ...good, sharpness: 5 }, 'document')).toBe('sharp')
  })

  it('does not flicker', () => {
    const steady = createSteadyHint()
    expect(steady('dark', 0)).toBe('good')
    expect(steady('dark', 200)).toBe('dark')
    expect(steady('good', 400)).toBe('dark')
    expect(steady('good', 600)).toBe('dark')
    expect(steady('good', 1800)).toBe('good')
  })

  it('measures light, sharpness and movement of a frame', () => {
    const flat = new Uint8ClampedArray(64 * 64 * 4).fill(128)
    const first = measureFrame(flat, 64, 64, null)
    expect(first.frame.brightness).toBeCloseTo(128)
    expect(first.frame.sharpness).toBe(0)
    const other = new Uint8ClampedArray(64 * 64 * 4).fill(255)
    expect(measureFrame(other, 64, 64, first.grey).frame).toMatchObject({ movement: 1, glareShare: 1 })
  })
})
