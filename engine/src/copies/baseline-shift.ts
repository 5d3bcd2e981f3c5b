import { cutGrey, type Slant } from '../pictures/geometry.ts'
import type { Grey } from '../pictures/picture.ts'

/** Rows of a line cut out of the picture, and how much taller than the line that is. */
const ROWS = 64
const TALLER = 1.5
/** Characters of a line that are measured at least. */
const LEAST = 6
/** Their feet or heads are their own: OCR-B draws them lower or smaller than the others. */
const UNLIKE = '<JQ'

/** A line cut out of the picture: how much ink each column has, and between which rows. Columns without ink have no foot and no head. */
type Cut = {
  readonly columns: number
  readonly ink: Float32Array
  readonly foot: Float32Array
  readonly head: Float32Array
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

/** The level that a share of all values stays below. */
const level = (values: Float32Array, share: number): number => {
  const counts = new Uint32Array(256)
  for (const value of values) counts[value | 0] = (counts[value | 0] as number) + 1
  let left = values.length * share
  const at = counts.findIndex((count) => {
    left -= count
    return left < 0
  })
  return Math.max(0, at)
}

/** The line, straightened. Ink is what is nearer to print than to paper; its edges are told in parts of a row. */
const cutLine = (grey: Grey, slant: Slant): Cut => {
  const columns = Math.round((slant.length / slant.height) * (ROWS / TALLER))
  const tall = { ...slant, height: slant.height * TALLER }
  const light = cutGrey(grey.data, grey.width, grey.height, tall, ROWS, columns)
  const paper = level(light, 0.6)
  const scale = Math.max(1, paper - level(light, 0.04))
  const ink = new Float32Array(columns)
  const foot = new Float32Array(columns).fill(Number.NEGATIVE_INFINITY)
  const head = new Float32Array(columns).fill(Number.POSITIVE_INFINITY)
  for (let x = 0; x < columns; x += 1) {
    let before = 0
    for (let y = 0; y < ROWS; y += 1) {
      const here = Math.max(0, Math.min(1, (paper - (light[y * columns + x] as number)) / scale))
      ink[x] = (ink[x] as number) + here
      if (here >= 0.5 && head[x] === Number.POSITIVE_INFINITY)
        head[x] = y - (here - 0.5) / Math.max(0.01, here - before)
      if (here < 0.5 && before >= 0.5) foot[x] = y - 1 + (before - 0.5) / Math.max(0.01, before - here)
      before = here
    }
    if (before >= 0.5) foot[x] = ROWS - 1
  }
  return { columns, ink, foot, head }
}

/** Between characters there is no ink: the grid whose borders have the least of it. */
const gridOf = ({ columns, ink }: Cut, characters: number): { start: number; pitch: number } => {
  let best = { least: Number.POSITIVE_INFINITY, start: 0, pitch: 1 }
  const rough = columns / (characters + 1)
  for (let pitch = rough * 0.95; pitch < rough * 1.06; pitch += rough * 0.003)
    for (let start = -pitch; start < 3 * pitch && start + pitch * characters <= columns + pitch; start += pitch * 0.1) {
      let sum = 0
      for (let k = 0; k <= characters; k += 1) sum += ink[Math.round(start + k * pitch)] ?? 0
      if (sum < best.least) best = { least: sum, start, pitch }
    }
  return best
}

/** The lowest and the highest ink of the columns that a character takes; null where there is none. */
const measure = ({ columns, ...cut }: Cut, from: number, to: number): { foot: number; head: number } | null => {
  let foot = Number.NEGATIVE_INFINITY
  let head = Number.POSITIVE_INFINITY
  for (let x = Math.max(0, Math.round(from)); x < Math.min(columns, Math.round(to)); x += 1) {
    foot = Math.max(foot, cut.foot[x] as number)
    head = Math.min(head, cut.head[x] as number)
  }
  return foot > head ? { foot, head } : null
}

/** What is left when the straight line through most values is taken away: Theil and Sen's slope, the median's height. */
const offLine = (places: readonly number[], values: readonly number[]): number[] => {
  const slopes = places.flatMap((place, i) =>
    places.slice(0, i).map((other, j) => ((values[i] as number) - (values[j] as number)) / (place - other)),
  )
  const slope = median(slopes)
  const level = median(values.map((value, index) => value - slope * (places[index] as number)))
  return values.map((value, index) => value - slope * (places[index] as number) - level)
}

/** How far the most uneven character is from its line's others, by their height. */
export type BaselineShift = {
  /** Foot and head, both up or both down: the lesser of the two. */
  readonly moved: number
  /** Shift of foot and head, separately or together. It is measured and decides nothing (`engine/bench/baseline-shift.ts`, docs/guides/verifier.md). */
  readonly larger: number
}

const unevennessOf = (grey: Grey, slant: Slant, line: string): BaselineShift | null => {
  const cut = cutLine(grey, slant)
  const { start, pitch } = gridOf(cut, line.length)
  let best: { cost: number; places: number[]; feet: number[]; heads: number[] } | null = null
  // Borders are empty at more places than the right ones: fillers are smaller than characters, and tell.
  for (let shift = -2; shift <= 2; shift += 0.25) {
    const places: number[] = []
    const feet: number[] = []
    const heads: number[] = []
    for (const [k, letter] of [...line].entries()) {
      const from = start + (k + shift) * pitch
      const found = UNLIKE.includes(letter) ? null : measure(cut, from, from + pitch)
      if (!found) continue
      places.push(k)
      feet.push(found.foot)
      heads.push(found.head)
    }
    if (places.length < LEAST) continue
    const [foot, head] = [median(feet), median(heads)]
    const limit = (0.2 * (foot - head)) ** 2
    const cost =
      places.reduce(
        (sum, _value, index) =>
          sum +
          Math.min(limit, ((feet[index] as number) - foot) ** 2) +
          Math.min(limit, ((heads[index] as number) - head) ** 2),
        0,
      ) / places.length
    if (!best || cost < best.cost) best = { cost, places, feet, heads }
  }
  if (!best) return null
  const { places } = best
  const height = median(best.feet) - median(best.heads)
  const feet = offLine(places, best.feet)
  const heads = offLine(places, best.heads)
  const worst = (of: (foot: number, head: number) => number): number =>
    Math.max(...places.map((_value, index) => of(feet[index] as number, heads[index] as number))) / height
  return {
    moved: worst((foot, head) => (foot * head > 0 ? Math.min(Math.abs(foot), Math.abs(head)) : 0)),
    larger: worst((foot, head) => Math.abs(foot - head)),
  }
}

/** The most uneven character of an MRZ; null where its lines do not tell. */
export const measureBaselineShift = (
  grey: Grey,
  slants: readonly Slant[],
  lines: readonly string[],
): BaselineShift | null => {
  const found = slants.flatMap((slant, index) => unevennessOf(grey, slant, lines[index] ?? '') ?? [])
  if (found.length < slants.length || found.length === 0) return null
  return { moved: Math.max(...found.map(({ moved }) => moved)), larger: Math.max(...found.map(({ larger }) => larger)) }
}
