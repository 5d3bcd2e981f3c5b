/** A point of a plane; of a picture in pixels from its upper left corner, `y` downwards. */
export type Point = { readonly x: number; readonly y: number }

/** A rectangle in any direction: `angle` in radians, of its long side, -π/2 to π/2; `length` along it, `height` across. */
export type Slant = {
  readonly cx: number
  readonly cy: number
  readonly length: number
  readonly height: number
  readonly angle: number
}

const cross = (o: Point, a: Point, b: Point): number => (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x)

/** Convex hull by Andrew's monotone chain. */
export const convexHull = (points: readonly Point[]): Point[] => {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y)
  const half = (list: readonly Point[]): Point[] => {
    const out: Point[] = []
    for (const point of list) {
      while (out.length >= 2 && cross(out.at(-2) as Point, out.at(-1) as Point, point) <= 0) out.pop()
      out.push(point)
    }
    out.pop()
    return out
  }
  return [...half(sorted), ...half(sorted.reverse())]
}

/** Smallest rectangle around the points, by rotating calipers over the hull's edges. */
export const minAreaRect = (points: readonly Point[]): Slant => {
  const hull = convexHull(points)
  let best: Slant = { cx: points[0]?.x ?? 0, cy: points[0]?.y ?? 0, length: 0, height: 0, angle: 0 }
  let bestArea = Number.POSITIVE_INFINITY
  for (const [index, a] of hull.entries()) {
    const b = hull[(index + 1) % hull.length] as Point
    const angle = Math.atan2(b.y - a.y, b.x - a.x)
    const cos = Math.cos(angle)
    const sin = Math.sin(angle)
    let minU = Number.POSITIVE_INFINITY
    let maxU = Number.NEGATIVE_INFINITY
    let minV = Number.POSITIVE_INFINITY
    let maxV = Number.NEGATIVE_INFINITY
    for (const point of hull) {
      const u = point.x * cos + point.y * sin
      const v = -point.x * sin + point.y * cos
      minU = Math.min(minU, u)
      maxU = Math.max(maxU, u)
      minV = Math.min(minV, v)
      maxV = Math.max(maxV, v)
    }
    const area = (maxU - minU) * (maxV - minV)
    if (area >= bestArea) continue
    bestArea = area
    const u = (minU + maxU) / 2
    const v = (minV + maxV) / 2
    const along = maxU - minU >= maxV - minV
    best = {
      cx: u * cos - v * sin,
      cy: u * sin + v * cos,
      length: along ? maxU - minU : maxV - minV,
      height: along ? maxV - minV : maxU - minU,
      angle: normaliseAngle(along ? angle : angle + Math.PI / 2),
    }
  }
  return best
}

/** The same direction of a line, without its sense: radians above -π/2, up to π/2. */
export const normaliseAngle = (angle: number): number => {
  let out = angle
  while (out > Math.PI / 2) out -= Math.PI
  while (out <= -Math.PI / 2) out += Math.PI
  return out
}

/** The point at `along` and `across` pixels from a slant's centre. */
export const pointOf = (slant: Slant, along: number, across: number): Point => ({
  x: slant.cx + along * Math.cos(slant.angle) - across * Math.sin(slant.angle),
  y: slant.cy + along * Math.sin(slant.angle) + across * Math.cos(slant.angle),
})

/**
 * Cuts a slant out of a grey picture, straightened, `rows` pixels high; bilinear, averaged over as many samples as pixels
 * shrink together. Outside of the picture the edge repeats.
 *
 * @param toPicture projection (3 × 3, row by row) from the plane that the slant lies in to the picture; none when that is the picture
 */
export const cutGrey = (
  grey: Uint8Array,
  width: number,
  height: number,
  slant: Slant,
  rows: number,
  columns: number,
  toPicture?: readonly number[],
): Float32Array => {
  const out = new Float32Array(rows * columns)
  const [ha = 1, hb = 0, hc = 0, hd = 0, he = 1, hf = 0, hg = 0, hh = 0, hi = 1] = toPicture ?? []
  const cos = Math.cos(slant.angle)
  const sin = Math.sin(slant.angle)
  const stepU = slant.length / columns
  const stepV = slant.height / rows
  const nu = Math.max(1, Math.min(3, Math.round(stepU)))
  const nv = Math.max(1, Math.min(3, Math.round(stepV)))
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      let sum = 0
      for (let j = 0; j < nv; j += 1)
        for (let i = 0; i < nu; i += 1) {
          const u = (column + (i + 0.5) / nu) * stepU - slant.length / 2
          const v = (row + (j + 0.5) / nv) * stepV - slant.height / 2
          const planeX = slant.cx + u * cos - v * sin
          const planeY = slant.cy + u * sin + v * cos
          const depth = hg * planeX + hh * planeY + hi
          const x = Math.min(width - 1.001, Math.max(0, (ha * planeX + hb * planeY + hc) / depth - 0.5))
          const y = Math.min(height - 1.001, Math.max(0, (hd * planeX + he * planeY + hf) / depth - 0.5))
          const x0 = Math.floor(x)
          const y0 = Math.floor(y)
          const at = y0 * width + x0
          const fx = x - x0
          const fy = y - y0
          sum +=
            ((grey[at] ?? 0) * (1 - fx) + (grey[at + 1] ?? 0) * fx) * (1 - fy) +
            ((grey[at + width] ?? 0) * (1 - fx) + (grey[at + width + 1] ?? 0) * fx) * fy
        }
      out[row * columns + column] = sum / (nu * nv)
    }
  return out
}

/** Least-squares similarity (scale, turn, shift) that takes `from` to `to`: x' = a·x − b·y + tx, y' = b·x + a·y + ty. */
export const similarity = (
  from: readonly Point[],
  to: readonly Point[],
): { a: number; b: number; x: number; y: number } => {
  const n = from.length
  const mean = (points: readonly Point[]): Point => ({
    x: points.reduce((sum, point) => sum + point.x, 0) / n,
    y: points.reduce((sum, point) => sum + point.y, 0) / n,
  })
  const f = mean(from)
  const t = mean(to)
  let dot = 0
  let turn = 0
  let norm = 0
  for (const [index, point] of from.entries()) {
    const target = to[index] as Point
    const fx = point.x - f.x
    const fy = point.y - f.y
    const tx = target.x - t.x
    const ty = target.y - t.y
    dot += fx * tx + fy * ty
    turn += fx * ty - fy * tx
    norm += fx * fx + fy * fy
  }
  const a = dot / norm
  const b = turn / norm
  return { a, b, x: t.x - a * f.x + b * f.y, y: t.y - b * f.x - a * f.y }
}
