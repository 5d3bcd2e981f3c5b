import type { Area, Grey } from './picture.ts'

/**
 * Where print and edges lie before a calm background, measured by the guide: 1 wide is as wide as the guide, and `x` and `y` tell how
 * far the middles are apart, in guides. `none`: nothing is there. `unknown`: the background is too busy to tell.
 */
export type Page = { readonly width: number; readonly height: number; readonly x: number; readonly y: number }
/** The page, or why there is none. */
export type FoundPage = Page | 'none' | 'unknown'

const CELL = 6
/** Difference of light and dark inside a cell that print and edges have, by the light of the picture, and a table or a wall has not. */
const BUSY = 0.2
const LEAST_BUSY = 16
/** Cells without print that still belong to the page: the gaps between a portrait, fields and the MRZ. */
const GAP = 4
/** Share of busy cells beside the page above which the background hides its edges. */
const CROWDED = 0.1
/** Share of the picture that has to be background, so that there is an edge to be seen. */
const LEAST_BACKGROUND = 0.2
const LEAST_CELLS = 12
/** Where more than this reaches over the guide and nearly all of it on one side, it is no page: something lies beside it. */
const OVER = 0.08
const ONE_SIDED = 0.2

type Box = { left: number; right: number; top: number; bottom: number }

/** Which cells hold print or edges. */
const busyCells = ({ pixels, width, height }: Grey, columns: number, rows: number, light: number): Uint8Array => {
  const least = Math.max(LEAST_BUSY, BUSY * light)
  const busy = new Uint8Array(columns * rows)
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      let darkest = 255
      let lightest = 0
      const bottom = Math.min(height, (row + 1) * CELL)
      const right = Math.min(width, (column + 1) * CELL)
      for (let y = row * CELL; y < bottom; y += 1)
        for (let x = column * CELL; x < right; x += 1) {
          const value = pixels[y * width + x] ?? 0
          if (value < darkest) darkest = value
          if (value > lightest) lightest = value
        }
      if (lightest - darkest > least) busy[row * columns + column] = 1
    }
  return busy
}

/** Everything that hangs together with what is busy inside of the guide. */
const connected = (busy: Uint8Array, columns: number, rows: number, guide: Box): Uint8Array => {
  const page = new Uint8Array(busy.length)
  const next: number[] = []
  const add = (column: number, row: number): void => {
    if (column < 0 || row < 0 || column >= columns || row >= rows) return
    const at = row * columns + column
    if (busy[at] !== 1 || page[at] === 1) return
    page[at] = 1
    next.push(at)
  }
  for (let row = guide.top; row <= guide.bottom; row += 1)
    for (let column = guide.left; column <= guide.right; column += 1) add(column, row)
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    const column = at % columns
    const row = (at - column) / columns
    for (let dy = -GAP; dy <= GAP; dy += 1) for (let dx = -GAP; dx <= GAP; dx += 1) add(column + dx, row + dy)
  }
  return page
}

/** The page's outline; a row or column with one busy cell is a speck. */
const outline = (page: Uint8Array, columns: number, rows: number): Box | null => {
  const inColumn = new Array<number>(columns).fill(0)
  const inRow = new Array<number>(rows).fill(0)
  for (const [at, isPage] of page.entries()) {
    if (isPage === 0) continue
    const column = at % columns
    const row = (at - column) / columns
    inColumn[column] = (inColumn[column] ?? 0) + 1
    inRow[row] = (inRow[row] ?? 0) + 1
  }
  const isMore = (count: number): boolean => count >= 2
  const [left, top] = [inColumn.findIndex(isMore), inRow.findIndex(isMore)]
  if (left < 0 || top < 0) return null
  return { left, top, right: inColumn.findLastIndex(isMore), bottom: inRow.findLastIndex(isMore) }
}

/** How large the page is along one side of the guide, and how far off. */
const along = (from: number, to: number, guide: number, length: number) => {
  const over = [Math.max(0, (guide - from) / length), Math.max(0, (to - guide) / length - 1)]
  const size = (to - from) / length
  return {
    size,
    off: ((from + to) / 2 - guide) / length - 0.5,
    isOneSided: size > 1 + OVER && Math.min(...over) < Math.max(...over) * ONE_SIDED,
  }
}

/** Finds the page by where print and edges are: people are asked for a plain table. */
export const findPage = (grey: Grey, light: number, guide: Area): FoundPage => {
  const columns = Math.ceil(grey.width / CELL)
  const rows = Math.ceil(grey.height / CELL)
  const busy = busyCells(grey, columns, rows, light)
  const cellOf = (length: number, most: number): number => Math.max(0, Math.min(most - 1, Math.floor(length / CELL)))
  const page = connected(busy, columns, rows, {
    left: cellOf(guide.x, columns),
    right: cellOf(guide.x + guide.width, columns),
    top: cellOf(guide.y, rows),
    bottom: cellOf(guide.y + guide.height, rows),
  })
  if (page.reduce((sum, each) => sum + each, 0) < LEAST_CELLS) return 'none'
  const box = outline(page, columns, rows)
  if (!box) return 'none'
  let background = 0
  let crowd = 0
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      if (column >= box.left && column <= box.right && row >= box.top && row <= box.bottom) continue
      background += 1
      crowd += busy[row * columns + column] ?? 0
    }
  if (background < columns * rows * LEAST_BACKGROUND || crowd > background * CROWDED) return 'unknown'
  const across = along(box.left * CELL, Math.min(grey.width, (box.right + 1) * CELL), guide.x, guide.width)
  const down = along(box.top * CELL, Math.min(grey.height, (box.bottom + 1) * CELL), guide.y, guide.height)
  if (across.isOneSided || down.isOneSided) return 'unknown'
  return { width: across.size, height: down.size, x: across.off, y: down.off }
}
