import type { Point } from './geometry.ts'

/** A projective map of the plane: 3 × 3, row by row. Maps (x, y, 1) and divides by the third coordinate. */
export type Homography = readonly [number, number, number, number, number, number, number, number, number]

/** Where the map takes a point. Not finite on its horizon, where the third coordinate is 0. */
export const project = (h: Homography, { x, y }: Point): Point => {
  const w = h[6] * x + h[7] * y + h[8]
  return { x: (h[0] * x + h[1] * y + h[2]) / w, y: (h[3] * x + h[4] * y + h[5]) / w }
}

/** The map that undoes this one: the adjugate, since a factor does not matter. */
export const invert = ([a, b, c, d, e, f, g, h, i]: Homography): Homography => [
  e * i - f * h,
  c * h - b * i,
  b * f - c * e,
  f * g - d * i,
  a * i - c * g,
  c * d - a * f,
  d * h - e * g,
  b * g - a * h,
  a * e - b * d,
]

/** First `second`, then `first`. */
export const compose = (first: Homography, second: Homography): Homography => {
  const cell = (row: number, column: number): number =>
    (first[row * 3] ?? 0) * (second[column] ?? 0) +
    (first[row * 3 + 1] ?? 0) * (second[column + 3] ?? 0) +
    (first[row * 3 + 2] ?? 0) * (second[column + 6] ?? 0)
  return [cell(0, 0), cell(0, 1), cell(0, 2), cell(1, 0), cell(1, 1), cell(1, 2), cell(2, 0), cell(2, 1), cell(2, 2)]
}

/** Four corners, one after the other around. */
export type Quad = readonly [Point, Point, Point, Point]

/** The map that takes the unit square's corners (0,0), (1,0), (1,1), (0,1) to these four points (Heckbert 1989, section 2.2.3). */
export const fromUnitSquare = ([a, b, c, d]: Quad): Homography => {
  const dx1 = b.x - c.x
  const dx2 = d.x - c.x
  const dy1 = b.y - c.y
  const dy2 = d.y - c.y
  const sx = a.x - b.x + c.x - d.x
  const sy = a.y - b.y + c.y - d.y
  const determinant = dx1 * dy2 - dx2 * dy1
  const g = (sx * dy2 - dx2 * sy) / determinant
  const h = (dx1 * sy - sx * dy1) / determinant
  return [b.x - a.x + g * b.x, d.x - a.x + h * d.x, a.x, b.y - a.y + g * b.y, d.y - a.y + h * d.y, a.y, g, h, 1]
}
