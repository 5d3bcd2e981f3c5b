import { block, firstLayer, head, type Layer, type Take } from './net.ts'

/** A face in shares of the picture's longer side, from the middle of the picture: right and down are positive. */
export type SeenFace = {
  readonly x: number
  readonly y: number
  readonly size: number
  /** How far the nose is from the middle of the eyes, in eye distances; 0: looks straight ahead. */
  readonly turned: number
}

/** Pixels a side that the net looks at. It was made for 256; a face before a phone is large, and 128 is four times as fast. */
export const SIZE = 128
const SCORE = 0.55
const OVERLAP = 0.3

/** Faces of a square picture of SIZE pixels a side, largest first. */
export type FindFaces = (rgba: Uint8ClampedArray) => SeenFace[]

type Found = { score: number; x: number; y: number; size: number; turned: number }

const overlap = (a: Found, b: Found): number => {
  const width = Math.min(a.x + a.size / 2, b.x + b.size / 2) - Math.max(a.x - a.size / 2, b.x - b.size / 2)
  const height = Math.min(a.y + a.size / 2, b.y + b.size / 2) - Math.max(a.y - a.size / 2, b.y - b.size / 2)
  if (width <= 0 || height <= 0) return 0
  return (width * height) / (a.size ** 2 + b.size ** 2 - width * height)
}

/**
 * BlazeFace, computed here: a small net that the verifier's engine finds faces with, too. No runtime, no graphics card: it runs in
 * every browser, and the picture stays on the device.
 *
 * @param file the net's weights as the verifier hands them out, in the order of its layers
 * @throws {RangeError} when the file is not of this net
 */
export const createFinder = (file: ArrayBuffer): FindFaces => {
  const all = new Float32Array(file)
  let taken = 0
  const take: Take = (count) => {
    taken += count
    if (taken > all.length) throw new RangeError('the weights end too early')
    return all.subarray(taken - count, taken)
  }
  const row = (channels: number, before: number) => [
    block(take, before, channels, 2),
    ...Array.from({ length: 7 }, () => block(take, channels, channels, 1)),
  ]
  const first = firstLayer(take, 24)
  const layers = [
    ...Array.from({ length: 7 }, () => block(take, 24, 24, 1)),
    ...row(24, 24),
    ...row(48, 24),
    ...row(96, 48),
  ]
  const fineScore = head(take, 96, 2)
  const fineBox = head(take, 96, 32)
  const coarser = block(take, 96, 96, 2, false)
  const coarseBox = head(take, 96, 96)
  const coarseScore = head(take, 96, 6)
  if (taken !== all.length) throw new RangeError('the weights are of another net')

  /** Reads faces off a grid with `each` guesses a cell. */
  const read = (scores: Float32Array, boxes: Float32Array, cells: number, each: number): Found[] => {
    const found: Found[] = []
    for (const [guess, raw] of scores.entries()) {
      const score = 1 / (1 + Math.exp(-raw))
      if (score < SCORE) continue
      const cell = Math.floor(guess / each)
      const valueAt = (offset: number): number => boxes[guess * 16 + offset] ?? 0
      const anchorX = ((cell % cells) + 0.5) / cells
      const anchorY = (Math.floor(cell / cells) + 0.5) / cells
      const eyes = Math.hypot(valueAt(6) - valueAt(4), valueAt(7) - valueAt(5))
      // Along the line of the eyes, so that a tilted head is not a turned one.
      const [dx, dy] = [(valueAt(6) - valueAt(4)) / eyes, (valueAt(7) - valueAt(5)) / eyes]
      const nose = (valueAt(8) - (valueAt(4) + valueAt(6)) / 2) * dx + (valueAt(9) - (valueAt(5) + valueAt(7)) / 2) * dy
      found.push({
        score,
        x: anchorX + valueAt(0) / SIZE - 0.5,
        y: anchorY + valueAt(1) / SIZE - 0.5,
        size: Math.max(valueAt(2), valueAt(3)) / SIZE,
        turned: nose / eyes,
      })
    }
    return found
  }

  return (rgba) => {
    const data = new Float32Array(SIZE * SIZE * 3)
    for (let pixel = 0; pixel < SIZE * SIZE; pixel += 1)
      for (let colour = 0; colour < 3; colour += 1)
        data[pixel * 3 + colour] = (rgba[pixel * 4 + colour] ?? 0) / 127.5 - 1
    let layer: Layer = first({ data, size: SIZE, channels: 3 })
    for (const next of layers) layer = next(layer)
    const coarse = coarser(layer)
    const found = [
      ...read(fineScore(layer), fineBox(layer), layer.size, 2),
      ...read(coarseScore(coarse), coarseBox(coarse), coarse.size, 6),
    ].sort((a, b) => b.score - a.score)
    const kept: Found[] = []
    for (const face of found) if (kept.every((other) => overlap(face, other) < OVERLAP)) kept.push(face)
    return kept.sort((a, b) => b.size - a.size).map(({ x, y, size, turned }) => ({ x, y, size, turned }))
  }
}
