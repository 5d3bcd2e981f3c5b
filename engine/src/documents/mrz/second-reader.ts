import { coerce } from '../../viz/coerce.ts'
import { collapseFillers, type MrzReading } from '../sides/read-side.ts'
import { fitsCheckDigit } from './check-digits.ts'
import { characterClassAt, type FieldRange } from './formats.ts'

/**
 * Pairs that the second reader, which knows no OCR-B, confuses, and that a check digit tells apart: their values (ICAO 9303-3, section
 * 4.9) differ by no multiple of ten. G and 6, L and 1 do, and are left out.
 */
const lookAlikes: Readonly<Record<string, string>> = { O: '0', Q: '0', D: '0', I: '1', Z: '2', S: '5', B: '8' }
const outline = (character: string): string => lookAlikes[character] ?? character

/** Differences that are still tried; each doubles the spellings among which the check digit has to single out one. */
const MAX_DIFFERENCES = 3

/** The characters of a line with runs of fillers as one, each with its column. */
const collapsed = (line: string): { character: string; column: number }[] => {
  const characters = [...line].map((character, column) => ({ character, column }))
  const kept = characters.filter(({ character, column }) => character !== '<' || line.charAt(column - 1) !== '<')
  const first = kept[0]?.character === '<' ? 1 : 0
  return kept.slice(first, kept.at(-1)?.character === '<' ? -1 : undefined)
}

type Pair = { readonly column: number; readonly own: string; readonly other: string }

/** Both readings of a line character by character, from its start or from its end: the runs of fillers between may differ. */
const alignments = ({ zone }: MrzReading, line: number, text: string): Pair[][] => {
  const own = collapsed(zone.lines[line] ?? '')
  const other = [...collapseFillers(text)]
  const pair = (shift: number): Pair[] =>
    own.map(({ character, column }, index) => {
      const kind = characterClassAt(zone.layout, line, column)
      const seen = other[index + shift] ?? ''
      const asClass = kind === 'digits' ? coerce(seen, 'digits') : kind === 'letters' ? coerce(seen, 'letters') : seen
      return { column, own: character, other: asClass }
    })
  return own.length === other.length ? [pair(0)] : [pair(0), pair(other.length - own.length)]
}

/** Whether the check digit leaves the own value only, among all that the two readings allow. */
const isSingledOut = (
  value: string,
  check: string,
  differences: readonly { index: number; other: string }[],
): boolean => {
  if (differences.length > MAX_DIFFERENCES || !fitsCheckDigit(value, check)) return false
  for (let choice = 1; choice < 2 ** differences.length; choice += 1) {
    const spelling = [...value]
    for (const [bit, { index, other }] of differences.entries()) if (choice & (1 << bit)) spelling[index] = other
    if (fitsCheckDigit(spelling.join(''), check)) return false
  }
  return true
}

/**
 * Whether the second reader saw a field as it was read, at its place in the line and with what borders on it, each character as its
 * position allows: a state ends in `O`, never in `0`. In a number with a check digit look-alikes may differ, where that digit fits the
 * own reading and none of the others.
 */
export const agreesInPlace = (read: MrzReading, [line, from, length]: FieldRange, hasCheckDigit: boolean): boolean => {
  const own = read.zone.lines[line] ?? ''
  const value = own.slice(from, from + length)
  if (/^<*$/.test(value)) return false
  return (read.secondReadings[line] ?? []).some((text) =>
    alignments(read, line, text).some((pairs) => {
      const start = pairs.findIndex(({ column }) => column >= from)
      const end = pairs.findLastIndex(({ column, own: character }) => column < from + length && character !== '<')
      if (start < 0 || end < start) return false
      const check = hasCheckDigit ? pairs.find(({ column }) => column === from + length) : undefined
      const beside = [pairs[start - 1], pairs[end + 1], check].filter((one) => one !== undefined)
      if (beside.some((one) => one.own !== one.other)) return false
      const differing = pairs.slice(start, end + 1).filter((one) => one.own !== one.other)
      if (differing.length === 0) return true
      if (!hasCheckDigit || differing.some((one) => outline(one.own) !== outline(one.other))) return false
      const differences = differing.map(({ column, other }) => ({ index: column - from, other }))
      return isSingledOut(value, own.charAt(from + length), differences)
    }),
  )
}
