import { describe, expect, it } from 'vitest'
import type { MrzReading } from '../sides/read-side.ts'
import { checkDigit } from './check-digits.ts'
import { type FieldRange, findLayout } from './formats.ts'
import { parseMrz } from './parse.ts'
import { agreesInPlace } from './second-reader.ts'

const first = 'I<UTOSHCHERBAKOV<<ELVIRA<<<<<<<<<<<<'
const second = (number: string): string => {
  const padded = number.padEnd(9, '<')
  return `${padded}${checkDigit(padded)}UTO7501012M3512078<<<<<<<0`
}
const number: FieldRange = [1, 0, 9]
const state: FieldRange = [1, 10, 3]
const reading = (own: string, seen: string): MrzReading => {
  const lines = [first, own]
  const layout = findLayout(lines)
  if (!layout) throw new Error('no layout')
  return {
    zone: { layout, lines, confidences: [], slants: [], whole: [true, true], minConfidence: 1 },
    parsed: parseMrz(layout, lines, new Date('2026-11-24')),
    secondReadings: [[first], [seen]],
    stable: [true, true],
  }
}
const agrees = (own: string, seen: string, range = number, hasCheckDigit = true) =>
  agreesInPlace(reading(own, seen), range, hasCheckDigit)

describe('the second reading of a field, in its place', () => {
  const own = second('2QG5IOI')
  it('agrees where only look-alikes differ and the check digit leaves one spelling', () => {
    expect(agrees(own, own.replace('2QG5IOI', '2QG5I0I').replace('UTO', 'UT0'))).toBe(true)
    expect(agrees(own, own.replace('2QG5IOI', '2QG5I0I'), number, false)).toBe(false)
  })

  it('reads letters where only letters are', () => {
    expect(agrees(own, own.replace('UTO', 'UT0'), state, false)).toBe(true)
    expect(agrees(own, own.replace('UTO', 'UTA'), state, false)).toBe(false)
  })

  it('agrees whatever the runs of fillers behind it are', () => {
    expect(agrees(own, own.replace('<<<<<<<0', '<4'))).toBe(true)
    expect(agrees(own, own.replace('<<7', '<7'))).toBe(true)
  })

  it.each([
    ['another digit', own.replace('2QG5IOI', '3QG5IOI')],
    ['G and 6, which no check digit tells apart', own.replace('2QG5IOI', '2Q65IOI')],
    ['a character less', own.replace('2QG5IOI', '2QG5OI')],
    ['a character more', own.replace('2QG5IOI', '2QG55IOI')],
    ['another check digit', own.replace(/<<\d/, '<<X')],
    ['nothing', ''],
  ])('does not agree with %s', (_name, seen) => expect(agrees(own, seen)).toBe(false))

  it('does not agree where the check digit is wrong, or fits two spellings', () => {
    const wrong = own.replace(/<<\d/, (end) => `<<${(Number(end.at(-1)) + 1) % 10}`)
    expect(agrees(wrong, wrong.replace('2QG5IOI', '2QG5I0I'))).toBe(false)
    // O at weight 7 and O at weight 3 cancel out: 24 × (7 + 3) is a multiple of ten.
    const two = second('OO1234567')
    expect(checkDigit('OO1234567')).toBe(checkDigit('001234567'))
    expect(agrees(two, two.replace('OO1', '001'))).toBe(false)
  })

  it('says nothing of an empty field', () => {
    expect(agrees(own, own, [1, 28, 7], false)).toBe(false)
  })
})
