import { describe, expect, it } from 'vitest'
import { differences, type Piece } from './differences.ts'

const marked = (pieces: Piece[]): string => pieces.map(({ text, isSame }) => (isSame ? text : `[${text}]`)).join('')
const compare = (one: string, other: string): string[] => differences(one, other).map(marked)

describe('the letters that differ', () => {
  it('are marked on both sides', () => {
    expect(compare('Ada Lovelace', 'ADA LOVELASE')).toEqual(['Ada Lovela[c]e', 'ADA LOVELA[S]E'])
  })

  it('are marked where one side has more', () => {
    expect(compare('Ada Lovelace', 'ADA MARIA LOVELACE')[1]).toBe('ADA [MARIA ]LOVELACE')
    expect(compare('Ada', 'ADAM')).toEqual(['Ada', 'ADA[M]'])
  })

  it('are not those that documents print in another way', () => {
    expect(compare('Zoë Müller-Lüdenscheidt', 'ZOE MULLER LUDENSCHEIDT')).toEqual([
      'Zoë Müller-Lüdenscheidt',
      'ZOE MULLER LUDENSCHEIDT',
    ])
  })

  it('are not looked for in an empty or very long value', () => {
    expect(compare('Ada', '')).toEqual(['Ada', ''])
    expect(compare('x'.repeat(500), 'y'.repeat(500))[0]).toBe('x'.repeat(500))
  })
})
