import type { Point } from '../pictures/geometry.ts'
import type { Grey } from '../pictures/picture.ts'

/** Corners of a code, clockwise from where its first row begins or ends. */
export type Corners = readonly [Point, Point, Point, Point]

/** Pixels of a tile's side. */
const TILE = 10
/** Step of grey that counts as an edge. */
const EDGE = 30
/** Share of a tile's pixels on edges from which it may be part of a code: print of text has less over a whole tile. */
const DENSE = 0.22

type Line = { readonly slope: number; readonly offset: number }

/** `y = slope × x + offset` by least squares, fitted again without what lies further off than the median. */
const fitLine = (points: readonly Point[]): Line | null => {
  let kept = points
  let line: Line | null = null
  for (let round = 0; round < 3 && kept.length >= 3; round += 1) {
    const count = kept.length
    const meanX = kept.reduce((sum, { x }) => sum + x, 0) / count
    const meanY = kept.reduce((sum, { y }) => sum + y, 0) / count
    const spread = kept.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0)
    if (spread === 0) return null
    const slope = kept.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread
    const found = { slope, offset: meanY - slope * meanX }
    const away = ({ x, y }: Point): number => Math.abs(y - found.slope * x - found.offset)
    const median = kept.map(away).sort((a, b) => a - b)[Math.floor(count / 2)] ?? 0
    line = found
    kept = kept.filter((point) => away(point) <= Math.max(2, median * 2))
  }
  return line
}

/** Where `y = along(x)` and `x = across(y)` meet. */
const meet = (along: Line, across: Line): Point => {
  const y = (along.slope * across.offset + along.offset) / (1 - along.slope * across.slope)
  return { x: across.slope * y + across.offset, y }
}

/** The outermost points of a patch in slices of one coordinate: its two long or two short sides. */
const sidesOf = (points: readonly Point[], by: 'x' | 'y'): { low: Point[]; high: Point[] } => {
  const of = by === 'x' ? 'y' : 'x'
  const low = new Map<number, Point>()
  const high = new Map<number, Point>()
  for (const point of points) {
    const slice = Math.round(point[by] / TILE)
    if (point[of] < (low.get(slice)?.[of] ?? Number.POSITIVE_INFINITY)) low.set(slice, point)
    if (point[of] > (high.get(slice)?.[of] ?? Number.NEGATIVE_INFINITY)) high.set(slice, point)
  }
  return { low: [...low.values()], high: [...high.values()] }
}

const swap = ({ x, y }: Point): Point => ({ x: y, y: x })

/** The four-cornered shape of a patch whose bars follow each other in this direction (radians). */
const cornersOf = (tiles: readonly Point[], direction: number): Corners | null => {
  const cos = Math.cos(direction)
  const sin = Math.sin(direction)
  const level = tiles.map(({ x, y }) => ({ x: x * cos + y * sin, y: -x * sin + y * cos }))
  const rows = sidesOf(level, 'x')
  const ends = sidesOf(level, 'y')
  const [top, bottom] = [fitLine(rows.low), fitLine(rows.high)]
  const [left, right] = [fitLine(ends.low.map(swap)), fitLine(ends.high.map(swap))]
  if (!top || !bottom || !left || !right) return null
  const back = ({ x, y }: Point): Point => ({ x: x * cos - y * sin, y: x * sin + y * cos })
  return [back(meet(top, left)), back(meet(top, right)), back(meet(bottom, right)), back(meet(bottom, left))]
}

/** Tiles full of edges that touch each other, the richest patch first. */
const patchesOf = ({ data, width, height }: Grey): Point[][] => {
  const columns = Math.floor(width / TILE)
  const rows = Math.floor(height / TILE)
  const isDense = new Uint8Array(columns * rows)
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      let edges = 0
      for (let y = row * TILE; y < Math.min(height - 1, (row + 1) * TILE); y += 1)
        for (let x = column * TILE; x < Math.min(width - 1, (column + 1) * TILE); x += 1) {
          const at = y * width + x
          const level = data[at] ?? 0
          if (Math.abs((data[at + 1] ?? 0) - level) >= EDGE || Math.abs((data[at + width] ?? 0) - level) >= EDGE)
            edges += 1
        }
      if (edges >= DENSE * TILE * TILE) isDense[row * columns + column] = 1
    }
  const patches: Point[][] = []
  for (let start = 0; start < isDense.length; start += 1) {
    if (!isDense[start]) continue
    isDense[start] = 0
    const stack = [start]
    const tiles: Point[] = []
    while (stack.length > 0) {
      const at = stack.pop() as number
      const column = at % columns
      const row = (at - column) / columns
      tiles.push({ x: (column + 0.5) * TILE, y: (row + 0.5) * TILE })
      for (const [dx, dy] of [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ] as const) {
        const [x, y] = [column + dx, row + dy]
        if (x < 0 || y < 0 || x >= columns || y >= rows || !isDense[y * columns + x]) continue
        isDense[y * columns + x] = 0
        stack.push(y * columns + x)
      }
    }
    if (tiles.length >= 40) patches.push(tiles)
  }
  return patches.sort((a, b) => b.length - a.length)
}

/**
 * Places where a code may be: patches that are full of edges, with the four corners a camera gives to a rectangle.
 * @param direction in which the bars follow each other, degrees clockwise
 */
export const findCodes = (grey: Grey, direction: number): Corners[] =>
  patchesOf(grey)
    .slice(0, 2)
    .map((tiles) => cornersOf(tiles, (direction * Math.PI) / 180))
    .filter((corners) => corners !== null)
