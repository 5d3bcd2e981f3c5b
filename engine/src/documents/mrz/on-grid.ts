import { ALPHABET, type Columns, type ReadCharacter } from './net.ts'

const CLASSES = ALPHABET.length + 1
/** How far from its place a character may stand, in pitches: half of it is the neighbour's. */
const NEAR = 0.4

/** Places of equally spaced characters: `at = start + k pitch`, by least squares over the characters near their places. */
const fit = (
  characters: readonly ReadCharacter[],
  length: number,
  start: number,
  pitch: number,
): { start: number; pitch: number; near: number } | null => {
  const placed = characters
    .map(({ at }) => ({ at, k: Math.round((at - start) / pitch) }))
    .filter(({ at, k }) => k >= 0 && k < length && Math.abs(at - start - k * pitch) < pitch * NEAR)
  if (placed.length < 8) return null
  const meanK = placed.reduce((sum, { k }) => sum + k, 0) / placed.length
  const meanAt = placed.reduce((sum, { at }) => sum + at, 0) / placed.length
  const spread = placed.reduce((sum, { k }) => sum + (k - meanK) ** 2, 0)
  const slope = placed.reduce((sum, { k, at }) => sum + (k - meanK) * (at - meanAt), 0) / spread
  return { start: meanAt - slope * meanK, pitch: slope, near: placed.length }
}

/**
 * The characters of a line by their places. They are equally far apart, so one that glare hides leaves its place empty (with what
 * little confidence the net has there), and all others keep theirs, whatever was lost before them.
 *
 * @param expected where the first character stands, pixels along the line's slant, and the distance of two
 * @returns null where most characters do not stand on such a grid
 */
export const readOnGrid = (
  columns: Columns,
  characters: readonly ReadCharacter[],
  length: number,
  expected: { readonly start: number; readonly pitch: number },
): ReadCharacter[] | null => {
  const rough = fit(characters, length, expected.start, expected.pitch)
  const fine = rough && fit(characters, length, rough.start, rough.pitch)
  if (!fine || fine.near < characters.length * 0.85 || fine.near < length * 0.6) return null
  const out: ReadCharacter[] = []
  for (let k = 0; k < length; k += 1) {
    const middle = (fine.start + k * fine.pitch) / columns.columnPx - 0.5
    const reach = (NEAR * fine.pitch) / columns.columnPx
    let best: ReadCharacter = {
      letter: '<',
      confidence: 0,
      at: fine.start + k * fine.pitch,
      column: Math.round(middle),
    }
    for (
      let column = Math.max(0, Math.ceil(middle - reach));
      column <= middle + reach && column < columns.count;
      column += 1
    )
      for (let index = 1; index < CLASSES; index += 1) {
        const confidence = columns.probabilities[column * CLASSES + index] ?? 0
        if (confidence > best.confidence) best = { ...best, letter: ALPHABET[index - 1] ?? '<', confidence, column }
      }
    out.push({ ...best, column: Math.max(0, Math.min(columns.count - 1, best.column)) })
  }
  return out
}
