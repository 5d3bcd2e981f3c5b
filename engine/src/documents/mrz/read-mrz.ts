import { type Point, pointOf, type Slant } from '../../pictures/geometry.ts'
import type { Grey } from '../../pictures/picture.ts'
import { reading as limits } from '../../thresholds.ts'
import { characterClassAt, findLayout, type Layout } from './formats.ts'
import { bestOf, type Columns, decodeExactly, decodeGreedy, type ReadCharacter, readColumns } from './net.ts'
import { readOnGrid } from './on-grid.ts'

/** A row of text that looks like MRZ: enough characters, evenly spaced, read with confidence. */
export type Row = {
  readonly slant: Slant
  readonly characters: readonly ReadCharacter[]
  readonly pitch: number
  readonly meanConfidence: number
}

/** A zone as read: lines of exact length, with the confidence of every character and the slant each line was cut from. */
export type MrzText = {
  readonly layout: Layout
  readonly lines: readonly string[]
  readonly confidences: readonly (readonly number[])[]
  readonly slants: readonly Slant[]
  /** By line: the greedy reading had the full length without fitting. */
  readonly whole: readonly boolean[]
  readonly minConfidence: number
}

/** Whether every line had its full length without fitting. */
export const isWhole = ({ whole }: MrzText): boolean => whole.every(Boolean)

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/**
 * Mean distance of neighbouring characters. Columns are coarse, so a median of steps would be off by a tenth; and where the reader
 * lost a character a step counts for two.
 */
const pitchOf = (steps: readonly number[]): number => {
  const middle = median(steps)
  const usual = steps.filter((step) => step > middle * 0.65 && step < middle * 1.4)
  const first = usual.reduce((sum, step) => sum + step, 0) / Math.max(1, usual.length)
  const characters = steps.reduce((sum, step) => sum + Math.max(1, Math.round(step / first)), 0)
  return steps.reduce((sum, step) => sum + step, 0) / characters
}

/**
 * What is left of the distances when they may grow or shrink steadily, as they do on a page that leans away: median, in pitches.
 * How steadily, the usual ones tell: one edge of the page read as a character at the end would slant all of them.
 */
const unevenness = (steps: readonly number[], pitch: number): number => {
  const usual = steps.flatMap((step, index) => (step > pitch * 0.65 && step < pitch * 1.4 ? [{ step, index }] : []))
  const middle = usual.reduce((sum, { index }) => sum + index, 0) / Math.max(1, usual.length)
  const spread = usual.reduce((sum, { index }) => sum + (index - middle) ** 2, 0)
  const slope = usual.reduce((sum, { step, index }) => sum + (index - middle) * (step - pitch), 0) / Math.max(1, spread)
  return median(steps.map((step, index) => Math.abs(step - pitch - slope * (index - middle)))) / pitch
}

const toRow = (slant: Slant, characters: readonly ReadCharacter[]): Row | null => {
  if (characters.length < limits.rowCharacters) return null
  const meanConfidence = characters.reduce((sum, character) => sum + character.confidence, 0) / characters.length
  if (meanConfidence < limits.rowConfidence) return null
  const steps = characters.slice(1).map((character, index) => character.at - (characters[index]?.at ?? 0))
  const pitch = pitchOf(steps)
  return unevenness(steps, pitch) < 0.16 && pitch > 2 ? { slant, characters, pitch, meanConfidence } : null
}

/** Boxes that lie on one line and close to each other are pieces of one row: the detector loses long runs of fillers. */
export const joinBoxes = (boxes: readonly Slant[]): Slant[] => {
  const left = [...boxes].sort((a, b) => b.length - a.length)
  const rows: Slant[] = []
  while (left.length > 0) {
    let row = left.shift() as Slant
    for (let again = true; again; ) {
      again = false
      for (const [index, other] of left.entries()) {
        const dx = other.cx - row.cx
        const dy = other.cy - row.cy
        const along = dx * Math.cos(row.angle) + dy * Math.sin(row.angle)
        const across = -dx * Math.sin(row.angle) + dy * Math.cos(row.angle)
        const gap = Math.abs(along) - (row.length + other.length) / 2
        if (
          Math.abs(across) > row.height * 0.45 ||
          gap > row.height * 3 ||
          other.height > row.height * 1.6 ||
          other.height < row.height * 0.45
        )
          continue
        const from = Math.min(-row.length / 2, along - other.length / 2)
        const to = Math.max(row.length / 2, along + other.length / 2)
        const middle = pointOf(row, (from + to) / 2, 0)
        row = { ...row, cx: middle.x, cy: middle.y, length: to - from }
        left.splice(index, 1)
        again = true
        break
      }
    }
    rows.push(row)
  }
  return rows
}

/** Rows of the picture that look like MRZ, from the detector's boxes. */
export const findRows = async (grey: Grey, boxes: readonly Slant[]): Promise<Row[]> => {
  const wide = joinBoxes(boxes).filter((slant) => slant.length > grey.width * 0.2 && slant.length > slant.height * 6)
  const rows: Row[] = []
  for (const slant of wide.sort((a, b) => b.cy - a.cy).slice(0, 14)) {
    const widened = { ...slant, length: slant.length + slant.height }
    const row = toRow(widened, decodeGreedy(await readColumns(grey, widened)))
    if (row) rows.push(row)
  }
  return rows
}

/** Where the first and last characters stand, in the row's own direction, from its centre. */
const extent = (row: Row): { from: number; to: number } => ({
  from: (row.characters[0]?.at ?? 0) - row.slant.length / 2,
  to: (row.characters.at(-1)?.at ?? 0) - row.slant.length / 2,
})

const across = (row: Row, other: Row): number =>
  -(other.slant.cx - row.slant.cx) * Math.sin(row.slant.angle) +
  (other.slant.cy - row.slant.cy) * Math.cos(row.slant.angle)

/** Neighbouring rows of one pitch, top to bottom. */
export const findBlock = (rows: readonly Row[]): Row[] => {
  let best: Row[] = []
  for (const row of rows) {
    const alike = rows.filter(
      (other) =>
        Math.abs(other.pitch - row.pitch) < row.pitch * 0.12 &&
        Math.abs(across(row, other)) < row.pitch * 7.5 &&
        Math.abs(other.slant.angle - row.slant.angle) < 0.12,
    )
    const score = (block: readonly Row[]): number =>
      block.slice(0, 3).reduce((sum, entry) => sum + entry.characters.length * entry.meanConfidence, 0)
    if (score(alike) > score(best)) best = alike
  }
  const [first] = best
  return first ? [...best].sort((a, b) => across(first, a) - across(first, b)).slice(-3) : []
}

/** How far a point lies along a row's direction, from its centre. */
const along = (row: Row, point: Point): number =>
  (point.x - row.slant.cx) * Math.cos(row.slant.angle) + (point.y - row.slant.cy) * Math.sin(row.slant.angle)

/** Where the first and last characters of all rows stand, in the direction of this one. */
const extentOf = (row: Row, block: readonly Row[]): { from: number; to: number } => ({
  from: Math.min(...block.map((other) => along(row, pointOf(other.slant, extent(other).from, 0)))),
  to: Math.max(...block.map((other) => along(row, pointOf(other.slant, extent(other).to, 0)))),
})

/** Whether the rows hold more than a line does: something beside it was read with them, or the page leans. */
const isLonger = (row: Row, block: readonly Row[], length: number): boolean => {
  const { from, to } = extentOf(row, block)
  return to - from - (length - 1) * row.pitch > row.pitch * 0.6
}

/** Differences from the plain cut, in pitches: margin taken away, height added, start moved. */
type Cut = {
  readonly tighter: number
  readonly taller: number
  readonly shifted: number
  /** Where all lines begin, in place of what their rows' ends say. */
  readonly start?: Point
}

/** From the end of a line's cut to the middle of its first character, in pitches. */
const marginOf = ({ tighter }: Cut): number => 0.95 + 0.5 - tighter

/**
 * The slant of one line of exactly `length` characters, with a margin of 0.95 pitch at both ends. The left edge is that of the row
 * that begins first, in the direction of this row, so that a line whose first or last characters were missed is cut whole.
 */
const lineSlant = (row: Row, block: readonly Row[], length: number, cut: Cut): Slant => {
  const { pitch } = row
  const total = (length - 1) * pitch
  const { from } = extentOf(row, block)
  // The start that leaves every row's characters inside the line's length.
  const begins = cut.start ? along(row, cut.start) : isLonger(row, block, length) ? extent(row).from : from
  const start = begins + cut.shifted * pitch
  const margin = pitch * marginOf(cut)
  const middle = pointOf(row.slant, start + total / 2, 0)
  return {
    ...row.slant,
    cx: middle.x,
    cy: middle.y,
    length: total + 2 * margin,
    height: pitch * 1.75 * (1 + cut.taller),
  }
}

/** In dates and check digits the net's own most likely digit, in names its most likely letter; a doubtful character among fillers is one. */
export const byPosition = (
  layout: Layout,
  line: number,
  columns: Columns,
  characters: readonly ReadCharacter[],
): ReadCharacter[] =>
  characters.map((character, column) => {
    const kind = characterClassAt(layout, line, column)
    const amongFillers = characters[column - 1]?.letter === '<' && characters[column + 1]?.letter === '<'
    if (character.confidence < 0.4 && amongFillers) return { ...character, letter: '<' }
    if (kind === 'digits' && /[A-Z]/.test(character.letter)) return bestOf(columns, character, '0123456789<')
    if (kind === 'letters' && /[0-9]/.test(character.letter))
      return bestOf(columns, character, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ<')
    if (kind === 'sex' && !/[MFX<]/.test(character.letter)) return bestOf(columns, character, 'MFX<')
    return character
  })

const shapes = [
  { lines: 2, length: 44 },
  { lines: 3, length: 30 },
  { lines: 2, length: 36 },
] as const
type Shape = (typeof shapes)[number]

/** Characters more than a line holds, from frames and edges, and fewer, hidden by glare, with which it may still be one of that length. */
const MORE = 4
const HIDDEN = 12

/** Margin taken away, in pitches, where something beside the line was read with it: a third of a character's width stays. */
const CLOSE = 0.6

type ReadLine = { slant: Slant; columns: Columns; characters: ReadCharacter[]; margin: number }

/** Reads one line; where the result is too long, once more with a narrower crop. */
const readLine = async (grey: Grey, row: Row, rows: readonly Row[], length: number, cut: Cut): Promise<ReadLine> => {
  const read = async (chosen: Cut): Promise<ReadLine> => {
    const slant = lineSlant(row, rows, length, chosen)
    const columns = await readColumns(grey, slant)
    return { slant, columns, characters: decodeGreedy(columns), margin: marginOf(chosen) }
  }
  const first = await read(cut)
  // A longer line cut to this length is no line of this length with something beside it.
  const mayBe =
    rows.every(({ characters }) => characters.length <= length + MORE) && first.characters.length <= length + MORE
  if (first.characters.length <= length || !mayBe) return first
  const close = await read({ ...cut, tighter: cut.tighter + CLOSE })
  return close.characters.length === length ? close : first
}

/** Reads a block as a zone of one shape, or null when it does not fit that shape. */
const readAs = async (grey: Grey, block: readonly Row[], shape: Shape, cut: Cut): Promise<MrzText | null> => {
  const rows = block.slice(-shape.lines)
  if (rows.length < shape.lines) return null
  const read: { columns: Columns; characters: ReadCharacter[]; whole: boolean; slant: Slant }[] = []
  for (const row of rows) {
    const { slant, columns, characters: greedy, margin } = await readLine(grey, row, rows, shape.length, cut)
    const whole = greedy.length === shape.length
    if (greedy.length > shape.length + MORE || greedy.length < shape.length - HIDDEN) return null
    const grid = { start: row.pitch * margin, pitch: row.pitch }
    const isNear = greedy.length >= shape.length - MORE
    const characters = whole
      ? greedy
      : (readOnGrid(columns, greedy, shape.length, grid) ?? (isNear ? decodeExactly(columns, shape.length) : null))
    if (!characters) return null
    read.push({ columns, characters, whole, slant })
  }
  const layout = findLayout(read.map((line) => line.characters.map((character) => character.letter).join('')))
  if (!layout) return null
  const placed = read.map((line, index) => byPosition(layout, index, line.columns, line.characters))
  const confidences = placed.map((line) => line.map((character) => character.confidence))
  return {
    layout,
    lines: placed.map((line) => line.map((character) => character.letter).join('')),
    confidences,
    slants: read.map((line) => line.slant),
    whole: read.map((line) => line.whole),
    minConfidence: Math.min(...confidences.flat()),
  }
}

const PLAIN: Cut = { tighter: 0, taller: 0, shifted: 0 }
/** A frame or page edge read as a character moves a line's start by one place; a lost first character by one the other way. */
const SHIFTS = [0, 1, -1] as const

/** How many characters before a line may be something else: the page's edge, print of the paper beside it. */
const STRAYS = 5

/** Where else the lines may begin, when their rows hold more than a line does: at any of each row's first characters. */
const otherStarts = (block: readonly Row[], length: number): Point[] => {
  const [first] = block
  if (!first || !block.some((row) => isLonger(row, block, length))) return []
  const starts: Point[] = []
  for (const row of block)
    for (const { at } of row.characters.slice(0, STRAYS + 1)) {
      const start = pointOf(row.slant, at - row.slant.length / 2, 0)
      const isKnown = starts.some((known) => Math.abs(along(first, known) - along(first, start)) < first.pitch * 0.35)
      if (!isKnown) starts.push(start)
    }
  return starts
}

/** The best reading of a block over the shapes it may have; the one read whole and with the highest confidence first. */
export const readBlock = async (grey: Grey, block: readonly Row[], cut = PLAIN): Promise<MrzText | null> => {
  let best: { read: MrzText; rank: number } | null = null
  const isClear = (read: MrzText): boolean => isWhole(read) && read.minConfidence > limits.clearConfidence
  /** @returns true for a reading that no other can be better than */
  const take = (read: MrzText, { lines, length }: Shape): boolean => {
    const rows = block.slice(-lines)
    const rank = plausibility(read) - (rows.some((row) => isLonger(row, rows, length)) ? LONGER : 0)
    if (!best || rank > best.rank || isClear(read)) best = { read, rank }
    return isClear(read)
  }
  const found = (): MrzText | null => best?.read ?? null
  for (const shape of shapes)
    for (const shift of SHIFTS) {
      const read = await readAs(grey, block, shape, { ...cut, shifted: cut.shifted + shift })
      if (!read) break
      if (take(read, shape)) return found()
    }
  for (const shape of shapes)
    for (const start of otherStarts(block.slice(-shape.lines), shape.length)) {
      const read = await readAs(grey, block, shape, { ...cut, start })
      if (read && take(read, shape)) return found()
    }
  return found()
}

/** What a reading loses whose rows hold more than its lines: it may be a longer zone cut short. */
const LONGER = 0.3
/** Below this confidence the net sees no allowed character at the position: it is hidden, or the position is wrong. */
const UNSEEN = 0.1

/**
 * How much speaks for a reading: whole by itself first, then the least sure character, then all of them (under glare the least sure one
 * says nothing), less those that nothing was seen of.
 */
const plausibility = (read: MrzText): number => {
  const all = read.confidences.flat()
  const mean = all.reduce((sum, one) => sum + one, 0) / all.length
  const unseen = all.filter((one) => one < UNSEEN).length / all.length
  return Number(isWhole(read)) + read.minConfidence + mean - 4 * unseen
}

/** Crops for the second lock: the same net must give the same text for a tighter and a taller cut. */
export const secondCuts = [
  { tighter: 0.14, taller: 0, shifted: 0 },
  { tighter: 0, taller: 0.16, shifted: 0 },
] as const
