import type { Slant } from '../../pictures/geometry.ts'
import type { Grey } from '../../pictures/picture.ts'
import { ALPHABET, type Columns, decodeGreedy, type ReadCharacter, type Recogniser, readColumns } from './net.ts'
import { byPosition, type MrzText } from './read-mrz.ts'

const CLASSES = ALPHABET.length + 1
/** The cuts, by the plain one's height, and how much wider than they are they are drawn: O and 0 differ by their corners only. */
const CUTS = [
  { height: 0.82, wider: 1 },
  { height: 0.82, wider: 1.12 },
  { height: 0.9, wider: 1.05 },
  { height: 0.9, wider: 1.18 },
  { height: 1, wider: 1.1 },
] as const

/** What the net says of each character in one cut, or null where it does not read the whole line. */
const charactersOf = (columns: Columns, length: number): Float32Array | null => {
  const characters = decodeGreedy(columns)
  if (characters.length !== length) return null
  const out = new Float32Array(length * CLASSES)
  for (const [index, { column, otherColumn = column }] of characters.entries())
    for (let at = 0; at < CLASSES; at += 1)
      out[index * CLASSES + at] =
        ((columns.probabilities[column * CLASSES + at] ?? 0) +
          (columns.probabilities[otherColumn * CLASSES + at] ?? 0)) /
        2
  return out
}

/** One line from all cuts: a column a character, what the net says of it on average; null where fewer than two cuts are read whole. */
export const averageLine = async (
  grey: Grey,
  slant: Slant,
  length: number,
  recogniser?: Recogniser,
): Promise<{ columns: Columns; characters: ReadCharacter[] } | null> => {
  const mean = new Float32Array(length * CLASSES)
  let cuts = 0
  for (const { height, wider } of CUTS) {
    const cut = { ...slant, height: slant.height * height }
    const seen = charactersOf(await readColumns(grey, cut, wider, recogniser), length)
    if (!seen) continue
    cuts += 1
    for (let at = 0; at < mean.length; at += 1) mean[at] = (mean[at] ?? 0) + (seen[at] ?? 0)
  }
  if (cuts < 2) return null
  const columns: Columns = { probabilities: mean.map((value) => value / cuts), count: length, slant, columnPx: 1 }
  const characters = Array.from({ length }, (_value, column): ReadCharacter => {
    const own = columns.probabilities.subarray(column * CLASSES + 1, (column + 1) * CLASSES)
    const best = own.reduce((top, value, at) => (value > (own[top] ?? 0) ? at : top), 0)
    return { letter: ALPHABET[best] ?? '<', confidence: own[best] ?? 0, at: column, column }
  })
  return { columns, characters }
}

/**
 * Reads every line of a zone again from lower and higher cuts and averages what the net says of each character. One cut alone can be
 * sure of a wrong look-alike; cuts that differ in their opinion give a low confidence.
 *
 * @returns the same zone where a line is not read whole in at least two cuts
 */
export const averageCuts = async (grey: Grey, zone: MrzText): Promise<MrzText> => {
  const { layout } = zone
  const lines: ReadCharacter[][] = []
  for (const [index, slant] of zone.slants.entries()) {
    const read = await averageLine(grey, slant, layout.length)
    if (!read) return zone
    lines.push(byPosition(layout, index, read.columns, read.characters))
  }
  const confidences = lines.map((line) => line.map(({ confidence }) => confidence))
  return {
    ...zone,
    lines: lines.map((line) => line.map(({ letter }) => letter).join('')),
    confidences,
    minConfidence: Math.min(...confidences.flat()),
  }
}
