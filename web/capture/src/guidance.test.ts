import { describe, expect, it } from 'vitest'
import { autoFrames, createAutoShutter, createSteadyHint, hintOf, measureFrame } from './guidance.ts'

const good = { brightness: 140, glareShare: 0, sharpness: 400, movement: 0, fill: 0.9 }

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
    const flat = new Uint8ClampedArray(60 * 60 * 4).fill(128)
    const first = measureFrame(flat, 60, 60, null)
    expect(first.frame.brightness).toBeCloseTo(128)
    expect(first.frame.sharpness).toBe(0)
    const other = new Uint8ClampedArray(60 * 60 * 4).fill(255)
    expect(measureFrame(other, 60, 60, first.grey).frame).toMatchObject({ movement: 0, glareShare: 1 })
  })

  it('tells a document that moves from a light that changes', () => {
    const before = measureFrame(drawn(0.9), 320, 180, null, guide).grey
    const brighter = drawn(0.9).map((value, at) => (at % 4 === 3 ? value : value * 1.2))
    expect(measureFrame(brighter, 320, 180, before, guide).frame.movement).toBe(0)
    const moved = drawn(0.9).copyWithin(0, 2 * 4)
    expect(hintOf(measureFrame(moved, 320, 180, before, guide).frame, 'document')).toBe('still')
  })

  it('tells how far a document fills the guide, and says nothing before a busy background', () => {
    expect(fillOf(0.9)).toBeCloseTo(0.9, 0)
    expect(hintOf(looked(0.9), 'document')).toBe('good')
    expect(hintOf(looked(0.5), 'document')).toBe('far')
    expect(hintOf(looked(0), 'document')).toBe('frame')
    expect(hintOf(looked(0), 'selfie')).toBe('good')
    expect(looked(0.9, true).fill).toBeNull()
  })

  it('calls a blot glare, and white lines or paper not', () => {
    const blot = drawn(0.9)
    for (let y = 70; y < 100; y += 1)
      for (let x = 140; x < 180; x += 1) blot.fill(255, (y * 320 + x) * 4, (y * 320 + x) * 4 + 4)
    expect(hintOf(measureFrame(blot, 320, 180, null, guide).frame, 'document')).toBe('glare')
    expect(looked(0.9).glareShare).toBe(0)
  })
})

const guide = { x: 64, y: 22, width: 192, height: 135 }
/** A page with rows of print before a grey table; `share` of the guide's width. */
const drawn = (share: number, isCrowded = false): Uint8ClampedArray => {
  const pixels = new Uint8ClampedArray(320 * 180 * 4).fill(100)
  const half = (guide.width * share) / 2
  for (let y = 0; y < 180; y += 1)
    for (let x = 0; x < 320; x += 1) {
      const isPage = Math.abs(x - 160) < half && Math.abs(y - 90) < half * 0.7
      const isPrint = x % 4 < 2 && y % 8 < 4
      const value = isPage ? (isPrint ? 40 : 200) : isCrowded && isPrint ? 220 : 100
      pixels.fill(value, (y * 320 + x) * 4, (y * 320 + x) * 4 + 4)
    }
  return pixels
}
const looked = (share: number, isCrowded = false) => measureFrame(drawn(share, isCrowded), 320, 180, null, guide).frame
const fillOf = (share: number): number => looked(share).fill ?? Number.NaN

describe('the automatic shutter', () => {
  it('announces, and takes the photo after a row of good frames only', () => {
    const shutter = createAutoShutter()
    const answers = Array.from({ length: autoFrames.take }, () => shutter(good))
    expect(answers).toEqual(['wait', 'wait', 'announce', 'announce', 'announce', 'announce', 'take'])
    expect(shutter(good)).toBe('wait')
  })

  it('begins again at any fault, and never begins when the size of the document is not known', () => {
    const shutter = createAutoShutter()
    for (let frame = 0; frame < autoFrames.take - 1; frame += 1) shutter(good)
    expect(shutter({ ...good, movement: 0.5 })).toBe('wait')
    expect(shutter(good)).toBe('wait')
    for (const fault of [{ fill: null }, { fill: 0.4 }, { glareShare: 0.1 }, { sharpness: 1 }, { brightness: 10 }])
      for (let frame = 0; frame < 20; frame += 1) expect(shutter({ ...good, ...fault })).toBe('wait')
  })
})
