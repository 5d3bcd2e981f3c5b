import { describe, expect, it } from 'vitest'
import { ALPHABET, type Columns, decodeGreedy } from './net.ts'

const CLASSES = ALPHABET.length + 1

/** Columns in which the net says this of each: letters with what it gives them, blank with the rest. */
const columnsOf = (said: readonly Record<string, number>[]): Columns => {
  const probabilities = new Float32Array(said.length * CLASSES)
  for (const [column, letters] of said.entries()) {
    probabilities[column * CLASSES] = 1 - Object.values(letters).reduce((sum, one) => sum + one, 0)
    for (const [letter, value] of Object.entries(letters))
      probabilities[column * CLASSES + ALPHABET.indexOf(letter) + 1] = value
  }
  return {
    probabilities,
    count: said.length,
    slant: { cx: 0, cy: 0, length: said.length * 4, height: 32, angle: 0 },
    columnPx: 4,
  }
}

const blank = {}
const letter = (is: string): Record<string, number>[] => [blank, blank, { [is]: 0.99 }, { [is]: 0.9 }, blank]
const textOf = (columns: Columns): string =>
  decodeGreedy(columns)
    .map((character) => character.letter)
    .join('')

describe('greedy decoding', () => {
  it('takes a run of one class as one character, and the same character twice where a blank lies between', () => {
    const columns = columnsOf([...letter('A'), ...letter('A'), ...letter('B')])
    expect(textOf(columns)).toBe('AAB')
    expect(decodeGreedy(columns)[0]).toMatchObject({ confidence: expect.closeTo(0.99, 5), column: 2 })
  })

  it('takes two characters in the place of one as the likelier, which is then far from sure', () => {
    const either = [blank, blank, { O: 0.9, 0: 0.05 }, { 0: 0.8, O: 0.1 }, blank]
    const columns = columnsOf([...letter('P'), ...letter('R'), ...either, ...letter('K'), ...letter('8')])
    const read = decodeGreedy(columns)
    expect(read.map((character) => character.letter).join('')).toBe('PROK8')
    expect(read[2]).toMatchObject({ confidence: expect.closeTo(0.5, 5), column: 12, otherColumn: 13 })
  })

  it('keeps neighbours that touch, a whole step apart', () => {
    const close = [blank, { A: 0.9 }, { A: 0.8 }, { B: 0.9 }, { B: 0.8 }, { C: 0.9 }, { C: 0.8 }, blank]
    expect(textOf(columnsOf(close))).toBe('ABC')
  })
})
