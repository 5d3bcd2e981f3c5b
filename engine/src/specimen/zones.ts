import { checkDigit } from '../documents/mrz/check-digits.ts'
import type { Specimen, SpecimenFaults } from './specimen.ts'

/** ICAO 9303-3, section 6: what Latin letters beyond A to Z become in the MRZ. */
const transliterations: Record<string, string> = {
  Ä: 'AE',
  Ö: 'OE',
  Ü: 'UE',
  ß: 'SS',
  Æ: 'AE',
  Ø: 'OE',
  Å: 'AA',
  Þ: 'TH',
  Đ: 'D',
  Ð: 'D',
  Ł: 'L',
  Œ: 'OE',
  Ñ: 'N',
}

/** A name as an MRZ spells it: A to Z, one filler between its words, apostrophes left out. */
export const toZoneName = (name: string): string =>
  [...name.normalize('NFC').replace(/ß/g, 'ß').toUpperCase()]
    .map((letter) => transliterations[letter] ?? letter)
    .join('')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/['’]/g, '')
    .replace(/[^A-Z]+/g, '<')
    .replace(/^<+|<+$/g, '')

const fill = (text: string, length: number): string => text.slice(0, length).padEnd(length, '<')
const yymmdd = (date: string): string => date.slice(2).replaceAll('-', '')
const sexOf = ({ sex }: Specimen): string => (sex === 'X' ? '<' : sex)

/** The pieces that every format has, each with its check digit: right ones, unless a fault is wanted. */
const pieces = (specimen: Specimen, faults: SpecimenFaults) => {
  const off = (digit: string, field: SpecimenFaults['wrongCheckDigit']): string =>
    faults.wrongCheckDigit === field ? String((Number(digit) + 1) % 10) : digit
  const checked = (text: string, field: SpecimenFaults['wrongCheckDigit']): string =>
    text + off(checkDigit(text), field)
  const { number } = specimen
  const isLong = number.length > 9
  return {
    off,
    names: `${toZoneName(faults.zoneSurname ?? specimen.surname)}<<${toZoneName(specimen.givenNames)}`,
    number: isLong ? `${number.slice(0, 9)}<` : checked(fill(number, 9), 'number'),
    // ICAO 9303-5, section 4.2.2.1: the rest of a long number, then the check digit over all of it, then a filler.
    rest: isLong ? `${number.slice(9)}${off(checkDigit(number), 'number')}<` : '',
    birth: checked(yymmdd(specimen.dateOfBirth), 'dateOfBirth'),
    expiry: checked(yymmdd(specimen.expiry), 'expiry'),
    sex: sexOf(specimen),
  }
}

/** The two lines of a TD3 MRZ (ICAO 9303-4, section 4.2). */
export const zoneLines = (specimen: Specimen, faults: SpecimenFaults = {}): [string, string] => {
  const { off, names, number, birth, expiry, sex } = pieces(specimen, faults)
  const optional = fill(specimen.personalNumber ?? '', 14)
  const composite = off(checkDigit(number + birth + expiry + optional + checkDigit(optional)), 'composite')
  return [
    fill(`P<UTO${names}`, 44),
    `${number}UTO${birth}${sex}${expiry}${optional}${checkDigit(optional)}${composite}`,
  ]
}

/** The three lines of a TD1 card (ICAO 9303-5, section 4.2); a document number of more than nine goes on in the optional field. */
export const td1Lines = (specimen: Specimen, faults: SpecimenFaults = {}): [string, string, string] => {
  const { off, names, number, rest, birth, expiry, sex } = pieces(specimen, faults)
  const first = number + fill(rest + (specimen.personalNumber ?? ''), 15)
  const second = fill(specimen.optionalData ?? '', 11)
  const composite = off(checkDigit(first + birth + expiry + second), 'composite')
  return [`I<UTO${first}`, `${birth}${sex}${expiry}UTO${second}${composite}`, fill(names, 30)]
}

/** The two lines of a TD2 card (ICAO 9303-6, section 4.2). */
export const td2Lines = (specimen: Specimen, faults: SpecimenFaults = {}): [string, string] => {
  const { off, names, number, rest, birth, expiry, sex } = pieces(specimen, faults)
  const optional = fill(rest + (specimen.personalNumber ?? ''), 7)
  const composite = off(checkDigit(number + birth + expiry + optional), 'composite')
  return [fill(`I<UTO${names}`, 36), `${number}UTO${birth}${sex}${expiry}${optional}${composite}`]
}

/** The two lines of a visa (ICAO 9303-7, sections 4.2 and 5.2): no check digit over all, 44 characters (A) or 36 (B). */
export const visaLines = (length: 44 | 36, specimen: Specimen, faults: SpecimenFaults = {}): [string, string] => {
  const { names, number, birth, expiry, sex } = pieces(specimen, faults)
  return [
    fill(`V<UTO${names}`, length),
    `${number}UTO${birth}${sex}${expiry}${fill(specimen.personalNumber ?? '', length - 28)}`,
  ]
}

/**
 * The two lines of the French identity card issued from 1988 to 2021, which is not ICAO's: surname and issuing office; then a
 * number of twelve (year, month, department, serial), first names, birth, sex, and a check digit over both lines.
 */
export const frenchLines = (specimen: Specimen, faults: SpecimenFaults = {}): [string, string] => {
  const { off, birth, sex } = pieces(specimen, faults)
  const number = fill(specimen.number, 12)
  const firstNames = specimen.givenNames
    .split(/[\s,]+/)
    .map(toZoneName)
    .join('<<')
  const first = `IDFRA${fill(toZoneName(faults.zoneSurname ?? specimen.surname), 25)}${number.slice(4, 7)}001`
  const second = `${number}${off(checkDigit(number), 'number')}${fill(firstNames, 14)}${birth}${sex}`
  return [first, second + off(checkDigit(first + second), 'composite')]
}
