import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { compose, invert, project } from '../pictures/homography.ts'
import { cameraMap, photographed, type Shot } from './camera.ts'
import { tables } from './table.ts'

const page = { width: 1000, height: 700 }
const middle = { x: 500, y: 350 }
const corners = [
  { x: 0, y: 0 },
  { x: 1000, y: 0 },
  { x: 1000, y: 700 },
  { x: 0, y: 700 },
]
const between = (a: { x: number; y: number }, b: { x: number; y: number }): number => Math.hypot(a.x - b.x, a.y - b.y)

/** A page of four colours, one a quarter, so that it shows which way up it lies. */
const quarters = async (): Promise<Buffer> => {
  const block = (input: string, left: number, top: number) => ({
    input: { create: { width: 200, height: 150, channels: 3 as const, background: input } },
    left,
    top,
  })
  return sharp({ create: { width: 400, height: 300, channels: 3, background: '#ffffff' } })
    .composite([block('#ff0000', 0, 0), block('#00ff00', 200, 0), block('#0000ff', 0, 150), block('#ffff00', 200, 150)])
    .png()
    .toBuffer()
}
const take = async (shot: Shot) => {
  const bytes = await photographed(await quarters(), { width: 400, noise: 0, ...shot })
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
  const pixel = (x: number, y: number): number[] => {
    const from = (Math.round(y * info.height) * info.width + Math.round(x * info.width)) * 3
    return [...data.subarray(from, from + 3)]
  }
  return { bytes, width: info.width, height: info.height, pixel }
}
const nearly = (colour: number[], wanted: number[]): void => {
  for (const [channel, value] of colour.entries()) expect(Math.abs(value - (wanted[channel] ?? 0))).toBeLessThan(24)
}

describe('the camera', () => {
  it('sees a page that faces it as it is, with the width asked for, and turns it clockwise', () => {
    const map = cameraMap(page, { width: 800 })
    expect(project(map, middle)).toEqual({ x: 0, y: 0 })
    expect(project(map, { x: 1000, y: 0 })).toEqual({ x: 400, y: -280 })
    const turned = cameraMap(page, { width: 1000, turn: 90 })
    // The top right corner comes to lie at the bottom right.
    expect(project(turned, { x: 1000, y: 0 }).x).toBeCloseTo(350)
    expect(project(turned, { x: 1000, y: 0 }).y).toBeCloseTo(500)
  })

  it('shows the side that leans away smaller, and the more so the nearer it stands', () => {
    const heights = (distance: number): [left: number, right: number] => {
      const seen = corners.map((corner) => project(cameraMap(page, { tilt: { vertical: 25 }, distance }), corner))
      const [a, b, c, d] = seen as [typeof middle, typeof middle, typeof middle, typeof middle]
      return [between(a, d), between(b, c)]
    }
    const near = heights(1.2)
    const far = heights(4)
    expect(near[1] / near[0]).toBeLessThan(far[1] / far[0])
    expect(far[1] / far[0]).toBeLessThan(1)
  })

  it('keeps straight lines straight and the cross-ratio of four points on one, as every projection does', () => {
    const map = cameraMap(page, { turn: 33, tilt: { horizontal: 28, vertical: -19 } })
    const line = [0, 250, 600, 1000].map((x) => project(map, { x, y: 40 + x * 0.3 }))
    const [a, b, c, d] = line as [typeof middle, typeof middle, typeof middle, typeof middle]
    expect((b.x - a.x) * (d.y - a.y) - (b.y - a.y) * (d.x - a.x)).toBeCloseTo(0, 4)
    const ratio = (between(a, c) * between(b, d)) / (between(b, c) * between(a, d))
    expect(ratio).toBeCloseTo((600 * 750) / (350 * 1000), 8)
  })

  it('can be undone', () => {
    const map = cameraMap(page, { turn: -140, tilt: { horizontal: 20, vertical: 30 }, distance: 1.3 })
    const both = compose(invert(map), map)
    for (const corner of corners) {
      expect(project(both, corner).x).toBeCloseTo(corner.x, 6)
      expect(project(both, corner).y).toBeCloseTo(corner.y, 6)
    }
  })

  it('lays the page on the table as it was turned', async () => {
    const straight = await take({})
    nearly(straight.pixel(0.3, 0.3), [255, 0, 0])
    nearly(straight.pixel(0.7, 0.7), [255, 255, 0])
    const turned = await take({ turn: 90 })
    expect(turned.height).toBeGreaterThan(turned.width)
    nearly(turned.pixel(0.7, 0.3), [255, 0, 0])
    nearly(turned.pixel(0.3, 0.3), [0, 0, 255])
  })

  it('puts glare where it is asked for, a shadow on one side, and the colour of the lamp over all', async () => {
    const glare = await take({ glare: { x: 0.25, y: 0.25, radius: 0.1 } })
    nearly(glare.pixel(0.28, 0.29), [255, 255, 255])
    nearly(glare.pixel(0.7, 0.7), [255, 255, 0])
    const shadow = await take({ shadow: { strength: 0.6, angle: 0 } })
    expect(shadow.pixel(0.7, 0.7)[0]).toBeLessThan(200)
    nearly(shadow.pixel(0.12, 0.3), [250, 0, 0])
    const warm = await take({ warmth: 0.8 })
    expect(warm.pixel(0.3, 0.3)[0]).toBeLessThan(225)
  })

  it('is the same picture for the same seed, on every table, and another one for another seed', async () => {
    for (const table of tables) {
      const shot: Shot = { table, clutter: true, motion: { length: 5, angle: 30 }, blur: 0.8, noise: 6, seed: 7 }
      const first = await take(shot)
      expect((await take(shot)).bytes.equals(first.bytes), table).toBe(true)
      expect((await take({ ...shot, seed: 8 })).bytes.equals(first.bytes), table).toBe(false)
    }
  })
})
