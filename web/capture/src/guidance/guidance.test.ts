import { describe, expect, it } from 'vitest'
import {
  autoFrames,
  createAutoShutter,
  createSteadyHint,
  documentHint,
  movingHint,
  photoFaults,
  selfieHint,
} from './hints.ts'
import { measureFrame } from './measure-frame.ts'

const page = { width: 0.9, height: 0.9, x: 0, y: 0 }
const good = { brightness: 140, lights: 200, glareShare: 0, sharpness: 400, movement: 0, page }
const oval = { x: 0, y: -0.02, width: 0.45, height: 0.6 }
const face = { x: 0, y: 0, size: 0.3, turned: 0 }

describe('guidance', () => {
  it('gives one hint about a document, the one that helps most', () => {
    expect(documentHint(good)).toBe('good')
    expect(documentHint({ ...good, brightness: 30, glareShare: 0.2 })).toBe('dark')
    expect(documentHint({ ...good, glareShare: 0.2 })).toBe('glare')
    expect(documentHint({ ...good, sharpness: 5 })).toBe('sharp')
    expect(documentHint({ ...good, page: { ...page, width: 1.3 } })).toBe('near')
    expect(documentHint({ ...good, page: { ...page, width: 0.5, height: 0.5 } })).toBe('far')
    expect(documentHint({ ...good, page: { ...page, x: 0.3 } })).toBe('frame')
    expect(documentHint({ ...good, page: 'none' })).toBe('frame')
    expect(documentHint({ ...good, page: 'unknown' })).toBe('good')
    expect(photoFaults({ ...good, brightness: 20 })).toEqual({ isDark: true, isGlare: false, isBlurred: false })
  })

  it('tells a face where it belongs, and says less as long as nothing looks for one', () => {
    const hint = (...faces: (typeof face)[]) => selfieHint(good, faces, oval)
    expect(hint(face)).toBe('good')
    expect(hint()).toBe('face')
    expect(hint({ ...face, x: 0.2 })).toBe('face')
    expect(hint({ ...face, y: -0.2 })).toBe('face')
    expect(hint({ ...face, size: 0.12 })).toBe('far')
    expect(hint({ ...face, size: 0.6 })).toBe('near')
    expect(hint({ ...face, turned: -0.6 })).toBe('straight')
    expect(hint(face, { ...face, x: 0.4, size: 0.2 })).toBe('alone')
    expect(hint(face, { ...face, x: 0.4, size: 0.1 })).toBe('good')
    expect(selfieHint(good, null, oval)).toBe('selfie')
    expect(selfieHint({ ...good, movement: 0.3 }, [face], oval)).toBe('still')
    expect(selfieHint({ ...good, lights: 40 }, null, oval)).toBe('dark')
  })

  it('leaves a face alone that moves as it is asked to', () => {
    expect(movingHint(good, [{ ...face, turned: 0.8, size: 0.6, x: 0.1 }])).toBe('good')
    expect(movingHint(good, [])).toBe('face')
    expect(movingHint(good, [face, { ...face, x: 0.4 }])).toBe('alone')
    expect(movingHint(good, null)).toBe('good')
  })

  it('does not flicker', () => {
    const steady = createSteadyHint('good')
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
    // White all over is bright, not glare.
    expect(measureFrame(other, 60, 60, first.grey).frame).toMatchObject({ movement: 0, glareShare: 0, lights: 255 })
  })

  it('tells a document that moves from a light that changes', () => {
    const before = measureFrame(rendered(0.9), 320, 180, null, guide).grey
    const brighter = rendered(0.9).map((value, at) => (at % 4 === 3 ? value : value * 1.2))
    expect(measureFrame(brighter, 320, 180, before, guide).frame.movement).toBe(0)
    const moved = rendered(0.9).copyWithin(0, 2 * 4)
    expect(documentHint(measureFrame(moved, 320, 180, before, guide).frame)).toBe('still')
  })

  it('tells how far a document fills the guide, and says nothing before a busy background', () => {
    const wide = looked(0.9).page
    expect(typeof wide === 'string' ? wide : wide.width).toBeCloseTo(0.9, 0)
    expect(documentHint(looked(0.9))).toBe('good')
    expect(documentHint(looked(0.5))).toBe('far')
    expect(documentHint(looked(0))).toBe('frame')
    expect(looked(0.9, true).page).toBe('unknown')
  })
})

const guide = { x: 64, y: 22, width: 192, height: 135 }
/** A page with rows of print before a grey table; `share` of the guide's width. */
const rendered = (share: number, isCrowded = false): Uint8ClampedArray => {
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
const looked = (share: number, isCrowded = false) =>
  measureFrame(rendered(share, isCrowded), 320, 180, null, guide).frame

describe('the automatic shutter', () => {
  it('announces, and takes the photo after a row of good frames only', () => {
    const shutter = createAutoShutter()
    const answers = Array.from({ length: autoFrames.take }, () => shutter(good))
    expect(answers).toEqual(['wait', 'wait', 'announce', 'announce', 'announce', 'announce', 'take'])
    expect(shutter(good)).toBe('wait')
  })

  it('goes on over a single frame that looks like glare, and not over two', () => {
    const shutter = createAutoShutter()
    const glare = { ...good, glareShare: 0.1 }
    for (const frame of [good, good, glare, good, glare, good, good, glare, good]) shutter(frame)
    expect(shutter(good)).toBe('take')
    for (const frame of [good, good, good, good, glare, glare]) shutter(frame)
    expect(shutter(good)).toBe('wait')
  })

  it('begins again at any fault, and never begins when the size of the document is not known', () => {
    const shutter = createAutoShutter()
    for (let frame = 0; frame < autoFrames.take - 1; frame += 1) shutter(good)
    expect(shutter({ ...good, movement: 0.5 })).toBe('wait')
    expect(shutter(good)).toBe('wait')
    for (const fault of [
      { page: 'unknown' as const },
      { page: { ...page, width: 0.4, height: 0.4 } },
      { glareShare: 0.1 },
      { sharpness: 1 },
      { brightness: 10 },
    ])
      for (let frame = 0; frame < 20; frame += 1) expect(shutter({ ...good, ...fault })).toBe('wait')
  })
})
