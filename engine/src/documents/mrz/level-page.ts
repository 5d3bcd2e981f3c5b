import { type Point, pointOf } from '../../pictures/geometry.ts'
import { compose, fromUnitSquare, type Homography } from '../../pictures/homography.ts'
import type { Picture } from '../../pictures/picture.ts'
import type { Row } from './read-mrz.ts'

/** Places of a row's characters along it: `position(k) = (a + b k) / (1 + c k)`, which is how equal distances on paper look from an angle. */
type Spacing = {
  /** Pixels from the row's middle. */
  readonly position: (k: number) => number
  /** The first character's k, and the last one's. */
  readonly from: number
  readonly to: number
  readonly converges: number
}

type Placed = { readonly k: number; readonly y: number }
type Curve = readonly [a: number, b: number, c: number]
/** Least squares of `y = a + b k - c k y`, by the normal equations. */
const solve = (points: readonly Placed[]): Curve | null => {
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

/** Places are counted in units of this many, lengths in halves of the row: numbers near 1 make a well-conditioned fit. */
const SCALE = 20

/** The same with a known `c`. */
const solveKnowing = (points: readonly Placed[], c: number): Curve | null => {
  const n = points.length
  const meanK = points.reduce((sum, { k }) => sum + k, 0) / n
  const meanY = points.reduce((sum, { k, y }) => sum + y * (1 + c * k), 0) / n
  const spread = points.reduce((sum, { k }) => sum + (k - meanK) ** 2, 0)
  if (n < 4 || spread < 1e-9) return null
  const b = points.reduce((sum, { k, y }) => sum + (k - meanK) * (y * (1 + c * k) - meanY), 0) / spread
  return [meanY - b * meanK, b, c]
}

/** Places by the distances, so that a character lost in between leaves a gap. The net tells a place to a fifth of a pitch only. */
const countPlaces = (row: Row): Placed[] => {
  let { pitch } = row
  let k = 0
  return row.characters.map(({ at }, index) => {
    const before = row.characters[index - 1]
    if (before) {
      const places = Math.max(1, Math.floor((at - before.at) / pitch + 0.4))
      // The distance changes slowly along the row.
      pitch += 0.1 * (Math.max(0.8 * pitch, Math.min(1.25 * pitch, (at - before.at) / places)) - pitch)
      k += places
    }
    return { k: k / SCALE - 1, y: (2 * at) / row.slant.length - 1 }
  })
}

/** Characters near a position of the curve, with that position. */
const placeBy = ([a, b, c]: Curve, points: readonly Placed[]): Placed[] =>
  points.flatMap(({ y }) => {
    const place = ((y - a) / (b - c * y)) * SCALE
    return Math.abs(place - Math.round(place)) < 0.3 ? [{ k: Math.round(place) / SCALE, y }] : []
  })

/**
 * Fits a row. A character read twice or not at all shifts the count of all after it, so that the count is right on one side of it
 * only: the left half, the right half and the whole row are tried, and the curve that most characters stand on is taken.
 */
const spacingOf = (row: Row, converges?: number): Spacing | null => {
  const counted = countPlaces(row)
  const half = counted.length >> 1
  const solveAny = (points: readonly Placed[]): Curve | null =>
    converges === undefined ? solve(points) : solveKnowing(points, converges)
  let best: { curve: Curve; placed: Placed[] } | null = null
  for (const part of [counted, counted.slice(0, half), counted.slice(half)]) {
    let curve = solveAny(part)
    for (let round = 0; round < 3 && curve; round += 1) curve = solveAny(placeBy(curve, counted))
    const placed = curve ? placeBy(curve, counted) : []
    if (curve && placed.length > (best?.placed.length ?? 0)) best = { curve, placed }
  }
  if (!best || best.placed.length < row.characters.length * 0.7) return null
  const [a, b, c] = best.curve
  const places = best.placed.map(({ k }) => k)
  return {
    position: (k) => (((a + b * k) / (1 + c * k)) * row.slant.length) / 2,
    from: Math.min(...places),
    to: Math.max(...places),
    converges: c,
  }
}

/** Distance of the lines of an MRZ, in characters (ICAO 9303-4 to -7: 6.35 and 2.54 mm). */
const LINE_SPACING = 2.5
/** What is kept around the zone, in characters: the page above it, and a margin. A passport's page is 49 wide and 35 high. */
const ABOVE = 36
const MARGIN = 8
const LONGEST = 1900

/**
 * Where a row begins whose first or last character was lost: so that its beginning, or its end, stands below that of the whole row,
 * whichever slants the page less.
 */
const nearer = (row: Row, spacing: Spacing, whole: Row, by: Spacing, span: number): number => {
  const start = pointOf(whole.slant, by.position(by.from), 0)
  const aside = (from: number): number => {
    const { x, y } = pointOf(row.slant, spacing.position(from), 0)
    return Math.abs((x - start.x) * Math.cos(whole.slant.angle) + (y - start.y) * Math.sin(whole.slant.angle))
  }
  const byEnd = spacing.to - span
  return aside(byEnd) < aside(spacing.from) ? byEnd : spacing.from
}

/** The rendered page, and where its pixels are in the source picture. */
export type LevelPage = { readonly picture: Picture; readonly toPicture: Homography }

/**
 * The page as if seen from straight above, from the places of its MRZ’s characters, which are equally far apart on paper:
 * their distances along two lines give the four points that a projection needs.
 *
 * @returns null where the page faces the camera, turned or not, and where the zone does not tell
 */
export const levelPage = (picture: Picture, block: readonly Row[]): LevelPage | null => {
  const top = block[0]
  const low = block.at(-1)
  if (!top || !low || top === low) return null
  // Every zone has fillers; upside down they are read as something else.
  if (!block.some(({ characters }) => characters.some(({ letter }) => letter === '<'))) return null
  // Lines on one paper converge alike: the clearer one tells how much.
  const [clear, other] = top.meanConfidence >= low.meanConfidence ? [top, low] : [low, top]
  const first = spacingOf(clear)
  const second = first && spacingOf(other, first.converges)
  if (!first || !second) return null
  const [upper, lower] = clear === top ? [first, second] : [second, first]
  const span = Math.max(upper.to - upper.from, lower.to - lower.from)
  const last = Math.round(span * SCALE)
  const ends = (row: Row, spacing: Spacing, from: number): [Point, Point] => [
    pointOf(row.slant, spacing.position(from), 0),
    pointOf(row.slant, spacing.position(from + span), 0),
  ]
  const [a, b] = ends(top, upper, upper.to - upper.from < span ? nearer(top, upper, low, lower, span) : upper.from)
  const [d, c] = ends(low, lower, lower.to - lower.from < span ? nearer(low, lower, top, upper, span) : lower.from)
  const far = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y)
  // Lines are read along their own direction, so rotation alone does not justify resampling, which costs sharpness.
  const isLevel =
    Math.max(Math.abs(upper.converges), Math.abs(lower.converges)) < 0.02 && Math.abs(far(a, b) / far(d, c) - 1) < 0.012
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
  if (Math.min(...horizon) < 0.3 || Math.max(...horizon) > 3) return null
  return { picture: warp(picture, toPicture, width, height), toPicture }
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
