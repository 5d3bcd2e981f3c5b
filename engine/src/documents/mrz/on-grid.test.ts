import { describe, expect, it } from 'vitest'
import { ALPHABET, type Columns, decodeGreedy } from './net.ts'
import { readOnGrid } from './on-grid.ts'

const CLASSES = ALPHABET.length + 1
const STEP = 6
const START = 7

/** What the net would say of a line, one character every six columns; `hidden` places show nothing, `stray` columns a character more. */
const columnsOf = (text: string, options: { hidden?: readonly number[]; stray?: readonly number[] } = {}): Columns => {
  const count = START * 2 + STEP * text.length
  const probabilities = new Float32Array(count * CLASSES)
  const put = (column: number, letter: string): void => {
    probabilities[column * CLASSES] = 0.05
    probabilities[column * CLASSES + ALPHABET.indexOf(letter) + 1] = 0.95
  }
  for (let column = 0; column < count; column += 1) probabilities[column * CLASSES] = 1
  for (const [index, letter] of [...text].entries())
    if (!options.hidden?.includes(index)) put(START + index * STEP, letter)
  for (const column of options.stray ?? []) put(column, 'I')
  return { probabilities, count, slant: { cx: 0, cy: 0, length: count, height: 32, angle: 0 }, columnPx: 1 }
}
const line = 'P<UTOLOVELACE<<ADA<<<<<<<<<<<<<<<<<<<<<<<<<<'
const read = (columns: Columns, pitch = STEP) =>
  readOnGrid(columns, decodeGreedy(columns), line.length, { start: START + 0.5, pitch })

describe('characters on the grid of their line', () => {
  it('keep their places when glare hides some before them, and the hidden ones are known to be unsure', () => {
    const hidden = [5, 6, 7, 8, 9, 10]
    const characters = read(columnsOf(line, { hidden }))
    expect(characters).toHaveLength(line.length)
    for (const [index, character] of (characters ?? []).entries())
      if (hidden.includes(index)) expect(character.confidence).toBeLessThan(0.1)
      else expect(character.letter, String(index)).toBe(line[index])
  })

  it('do without what a frame or an edge beside the line looks like', () => {
    const characters = read(columnsOf(line, { hidden: [20], stray: [0, START + line.length * STEP + 2] }))
    expect(
      characters
        ?.map(({ letter }) => letter)
        .join('')
        .slice(0, 20),
    ).toBe(line.slice(0, 20))
    expect(characters).toHaveLength(line.length)
  })

  it('are found though their distance was measured a little wrong', () => {
    const characters = read(columnsOf(line, { hidden: [30, 31] }), STEP * 1.006)
    expect(characters?.at(-1)?.letter).toBe('<')
    expect(
      characters
        ?.slice(0, 18)
        .map(({ letter }) => letter)
        .join(''),
    ).toBe(line.slice(0, 18))
  })

  it('are none where they stand anyhow', () => {
    expect(read(columnsOf(line), STEP * 1.4)).toBeNull()
  })
})
