import { type Point, pointOf } from '../geometry.ts'
import { compose, fromUnitSquare, type Homography } from '../homography.ts'
import type { Picture } from '../picture.ts'
import type { Row } from './read-zone.ts'

/**
 * Places of a row's symbols along it: `at(k) = (a + b k) / (1 + c k)`, which is how equal distances on paper look from an angle.
 * With k centred and scaled, for a well-conditioned fit.
 */
type Spacing = { readonly at: (k: number) => number; readonly count: number; readonly converges: number }

/** Least squares of `y = a + b k - c k y`, by the normal equations. */
const solve = (points: readonly { readonly k: number; readonly y: number }[]): [number, number, number] | null => {
  const m = [0, 1, 2].map(() => [0, 0, 0, 0])
  for (const { k, y } of points) {
    const row = [1, k, -k * y, y]
    for (let i = 0; i < 3; i += 1)
      for (let j = 0; j < 4; j += 1) (m[i] as number[])[j] = (m[i]?.[j] ?? 0) + (row[i] ?? 0) * (row[j] ?? 0)
  }
  for (let i = 0; i < 3; i += 1) {
    const pivot = m[i] as number[]
    if (Math.abs(pivot[i] ?? 0) < 1e-9) return null
    for (let other = 0; other < 3; other += 1) {
      if (other === i) continue
      const factor = (m[other]?.[i] ?? 0) / (pivot[i] ?? 1)
      for (let j = i; j < 4; j += 1) (m[other] as number[])[j] = (m[other]?.[j] ?? 0) - factor * (pivot[j] ?? 0)
    }
  }
  const [a, b, c] = [0, 1, 2].map((i) => (m[i]?.[3] ?? 0) / (m[i]?.[i] ?? 1)) as [number, number, number]
  return [a, b, c]
}

/** Counts the symbols' places by their distances, so that one lost in between leaves a gap, and fits them without outliers. */
const spacingOf = (row: Row): Spacing | null => {
  let pitch = row.pitch
  let k = 0
  const places = row.symbols.map(({ at }, index) => {
    const before = row.symbols[index - 1]
    if (before) {
      const step = at - before.at
      const places = Math.max(1, Math.round(step / pitch))
      // The distance changes slowly along the row.
      pitch += 0.15 * (Math.max(0.8 * pitch, Math.min(1.25 * pitch, step / places)) - pitch)
      k += places
    }
    return { k, y: at }
  })
  const count = k + 1
  const scale = Math.max(1, count / 2)
  const unit = row.slant.length / 2
  const scaled = places.map(({ k: place, y }) => ({ k: (place - scale) / scale, y: (y - unit) / unit }))
  let kept = scaled
  let found = solve(kept)
  for (let round = 0; round < 3 && found; round += 1) {
    const [a, b, c] = found
    const off = (point: { k: number; y: number }): number =>
      Math.abs((a + b * point.k) / (1 + c * point.k) - point.y) * unit
    kept = scaled.filter((point) => off(point) < row.pitch * 0.35)
    if (kept.length < scaled.length * 0.6) return null
    found = solve(kept)
  }
  if (!found) return null
  const [a, b, c] = found
  return {
    at: (place) => ((a + b * ((place - scale) / scale)) / (1 + c * ((place - scale) / scale))) * unit,
    count,
    converges: c,
  }
}

/** Distance of the lines of a machine zone, in symbols (ICAO 9303-4 to -7: 6.35 and 2.54 mm). */
const LINE_SPACING = 2.5
/** What is kept around the zone, in symbols: the page above it, and a margin. A passport's page is 49 wide and 35 high. */
const ABOVE = 36
const MARGIN = 8
const LONGEST = 1900

/**
 * The page as if seen from straight above, from the places of its machine zone's symbols, which are equally far apart on paper:
 * their distances along two lines give the four points that a projection needs.
 *
 * @returns null where the zone lies level already, or does not tell
 */
export const levelPage = (picture: Picture, block: readonly Row[]): Picture | null => {
  const top = block[0]
  const low = block.at(-1)
  if (!top || !low || top === low) return null
  // Every zone has fillers; upside down they are read as something else.
  if (!block.some(({ symbols }) => symbols.some(({ letter }) => letter === '<'))) return null
  const upper = spacingOf(top)
  const lower = spacingOf(low)
  if (!upper || !lower) return null
  const last = Math.max(upper.count, lower.count) - 1
  const ends = (row: Row, spacing: Spacing): [Point, Point] => [
    pointOf(row.slant, spacing.at(0), 0),
    pointOf(row.slant, spacing.at(last), 0),
  ]
  const [a, b] = ends(top, upper)
  const [d, c] = ends(low, lower)
  const far = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y)
  const angle = Math.abs(Math.atan2(b.y - a.y, b.x - a.x))
  const isLevel =
    angle < 0.06 &&
    Math.max(Math.abs(upper.converges), Math.abs(lower.converges)) < 0.02 &&
    Math.abs(far(a, b) / far(d, c) - 1) < 0.012
  if (isLevel) return null
  const pitch = Math.max(far(a, b), far(d, c)) / last
  const scale = Math.min(1, LONGEST / ((last + 2 * MARGIN) * pitch))
  const unit = pitch * scale
  const rows = block.length - 1
  const width = Math.round((last + 2 * MARGIN) * unit)
  const height = Math.round((ABOVE + rows * LINE_SPACING + MARGIN) * unit)
  // From the new picture's pixels to the zone's square, and from there into the old picture.
  const toSquare: Homography = [
    1 / (last * unit),
    0,
    -MARGIN / last,
    0,
    1 / (rows * LINE_SPACING * unit),
    -ABOVE / (rows * LINE_SPACING),
    0,
    0,
    1,
  ]
  const toPicture = compose(fromUnitSquare([a, b, c, d]), toSquare)
  const inside = [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ]
  // A page seen from the edge reaches the horizon: then the four points were wrong.
  const horizon = inside.map(({ x, y }) => toPicture[6] * x + toPicture[7] * y + toPicture[8])
  if (Math.min(...horizon) < 0.4 || Math.max(...horizon) > 2.5) return null
  return warp(picture, toPicture, width, height)
}

/** Cuts a projected part out of the picture, bilinear; outside of it the edge repeats. */
const warp = (picture: Picture, map: Homography, width: number, height: number): Picture => {
  const out = new Uint8Array(width * height * 3)
  const { data } = picture
  for (let y = 0, to = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1, to += 3) {
      const w = map[6] * (x + 0.5) + map[7] * (y + 0.5) + map[8]
      const px = (map[0] * (x + 0.5) + map[1] * (y + 0.5) + map[2]) / w - 0.5
      const py = (map[3] * (x + 0.5) + map[4] * (y + 0.5) + map[5]) / w - 0.5
      const cx = Math.max(0, Math.min(picture.width - 1.001, px))
      const cy = Math.max(0, Math.min(picture.height - 1.001, py))
      const x0 = Math.floor(cx)
      const y0 = Math.floor(cy)
      const fx = cx - x0
      const fy = cy - y0
      const p = (y0 * picture.width + x0) * 3
      const q = p + picture.width * 3
      for (let channel = 0; channel < 3; channel += 1)
        out[to + channel] =
          ((data[p + channel] ?? 0) * (1 - fx) + (data[p + 3 + channel] ?? 0) * fx) * (1 - fy) +
          ((data[q + channel] ?? 0) * (1 - fx) + (data[q + 3 + channel] ?? 0) * fx) * fy
    }
  return { data: out, width, height }
}
