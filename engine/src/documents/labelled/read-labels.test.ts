import { describe, expect, it } from 'vitest'
import type { Viz } from '../../viz/confirm.ts'
import { readLabelled, saysIdCard, saysLicence } from './read-labels.ts'

/** Lines of a page, each as its text, left edge and middle, all of one height. */
const page = (...lines: [text: string, left: number, y: number][]): Viz => {
  const placed = lines.map(([text, left, y]) => ({
    text,
    confidence: 0.95,
    box: { cx: left + text.length * 6, cy: y, length: text.length * 12, height: 24, angle: 0 },
  }))
  return { lines: placed.map(({ text }) => text), placed, ms: 1 }
}

it('a page calls itself a driving licence in the words of its state, and an identity card does not', () => {
  for (const title of ['FÜHRERSCHEIN', 'Permis de conduire', 'PERMISO DE CONDUCCIÓN', 'KØREKORT', 'Driver License'])
    expect(saysLicence(page([title, 100, 40])), title).toBe(true)
  expect(saysLicence(page(['PERSONALAUSWEIS', 100, 40], ['Name', 100, 80]))).toBe(false)
})

describe('the labels of a page', () => {
  it('give the value below them, whichever language comes first', () => {
    const zone = page(
      ['Surname / Nom', 100, 100],
      ['LOVELACE', 100, 128],
      ['Vornamen', 100, 180],
      ['ADA', 100, 208],
      ['Date of birth / Date de naissance', 400, 180],
      ['10 DEC1990', 400, 208],
      ['Document No.', 100, 260],
      ['L89 890 213', 100, 288],
      ['Gultig bis', 400, 260],
      ['15.04.2031', 400, 288],
    )
    expect(Object.fromEntries(Object.entries(readLabelled(zone)).map(([name, { value }]) => [name, value]))).toEqual({
      lastName: 'LOVELACE',
      firstName: 'ADA',
      dateOfBirth: '1990-12-10',
      number: 'L89890213',
      expiry: '2031-04-15',
    })
  })

  it('give nothing where nothing stands below, another label does, or the date is none', () => {
    expect(readLabelled(page(['Surname', 100, 100], ['LOVELACE', 500, 128]))).toEqual({})
    expect(readLabelled(page(['Surname', 100, 100], ['Given names', 100, 128]))).toEqual({})
    expect(readLabelled(page(['Date of birth', 100, 100], ['31 FEB 1990', 100, 128]))).toEqual({})
  })

  it('tell an identity card from a passport by what the page calls itself', () => {
    expect(saysIdCard(page(['IDENTITY CARD·CARTEDIDENTITE', 0, 0]))).toBe(true)
    expect(saysIdCard(page(['PASSPORT · PASSEPORT', 0, 0]))).toBe(false)
    expect(saysIdCard(page(['Passport card / identity card', 0, 0]))).toBe(false)
  })
})
