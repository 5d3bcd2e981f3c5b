import { describe, expect, it } from 'vitest'
import type { FieldName } from '../findings.ts'
import { isShown, type Viz } from './confirm.ts'
import { specimenSign } from './specimen-words.ts'

const page = (...lines: string[]): Viz => ({ lines, placed: [], ms: 1 })
const shows = (line: string, field: FieldName, value: string, whole = false): boolean =>
  isShown(page('Something else', line), field, value, { whole })

describe('a printed date', () => {
  it.each(['10 DEC 1990', '10.12.1990', '1990-12-10', '12/10/1990', '10 DEZ/DEC 1990'])(
    '%s shows the tenth of December',
    (line) => {
      expect(shows(line, 'dateOfBirth', '1990-12-10')).toBe(true)
    },
  )

  it('of one digit is not found within one of two', () => {
    expect(shows('1 DEC 1990', 'dateOfBirth', '1990-12-01')).toBe(true)
    expect(shows('01 DEC 1990', 'dateOfBirth', '1990-12-01')).toBe(true)
    expect(shows('DOB: 1 DEC 1990', 'dateOfBirth', '1990-12-01')).toBe(true)
    for (const day of ['11', '21', '31']) expect(shows(`${day} DEC 1990`, 'dateOfBirth', '1990-12-01'), day).toBe(false)
  })
})

it('a date is not shown by one of another year that begins with its two digits', () => {
  expect(shows('12 MAY 20', 'expiry', '2020-05-12')).toBe(true)
  expect(shows('12 MAY 2031', 'expiry', '2020-05-12')).toBe(false)
  expect(shows('12 MAY 2020', 'expiry', '2020-05-12')).toBe(true)
})

describe('a printed name', () => {
  it('is shown whatever its accents and umlauts, and not as a piece of another', () => {
    expect(shows('Müller', 'lastName', 'MUELLER')).toBe(true)
    expect(shows('GÓMEZ', 'lastName', 'GOMEZ')).toBe(true)
    expect(shows('LI', 'lastName', 'LI')).toBe(true)
    expect(shows('LIAM', 'lastName', 'LI')).toBe(false)
    expect(shows('SOMELOVELACESOME', 'lastName', 'LOVELACE')).toBe(false)
  })

  it('is not shown by another one that begins or ends with it', () => {
    for (const other of ['ADAMS', 'ADAMSO', 'ADAMSON', 'MADAM', 'ROSENADAM'])
      expect(shows(other, 'lastName', 'ADAM'), other).toBe(false)
    expect(shows('DEUTSCHLAND', 'lastName', 'LAND')).toBe(false)
    for (const same of ['ADAM', 'SurnameADAM', 'Surname/NomADAM', 'Name: Adam', 'ADAM-SMITH', 'ANNA ADAM'])
      expect(shows(same, 'lastName', 'ADAM'), same).toBe(true)
  })

  it('may stand beside the person’s other names, whose spaces the recogniser drops', () => {
    const isShownBeside = (line: string, ...beside: string[]): boolean =>
      isShown(page(line), 'lastName', 'ADAM', { beside })
    expect(isShownBeside('MARYADAM')).toBe(false)
    expect(isShownBeside('MARYADAM', 'MARY')).toBe(true)
    expect(isShownBeside('ADAMSON', 'MARY')).toBe(false)
  })

  it('that may have been cut is shown by a line of its own only', () => {
    expect(shows('LOVELACE-BYRON', 'lastName', 'LOVELACE')).toBe(true)
    expect(shows('LOVELACE-BYRON', 'lastName', 'LOVELACE', true)).toBe(false)
  })
})

it('a number is shown by itself or behind its label, and not by a longer number', () => {
  for (const same of ['L898902C3', 'No. L898902C3', 'PASSPORTNOL898902C3'])
    expect(shows(same, 'number', 'L898902C3'), same).toBe(true)
  for (const other of ['ABCL898902C3', 'XL898902C3', '123L898902C3', 'L898902C34', 'L898902C3456'])
    expect(shows(other, 'number', 'L898902C3'), other).toBe(false)
})

describe('a page that says of itself what it is', () => {
  it.each([
    ...['UTOPIASPECIMEN', 'Spécimen', 'MUSTER', 'SAMPLE', 'Sample document', 'NOT VALID SAMPLE', 'SAMPLENOTVALID'],
    ...['MUSTER MUSTER', 'MUSTERMUSTER', 'Muster - ungültig', 'DRIVER LICENSE SAMPLE', '* SAMPLE *'],
  ])('%s is a specimen', (line) => {
    expect(specimenSign(page('UTOPIA', line))).toBe('specimen')
    expect(specimenSign(page('UTOPIA', line), ['LOVELACE', 'ADA'])).toBe('specimen')
  })

  it.each(['UTOPIA', 'Musterstrasse 7', 'SAMPLES', 'SAMPLESON', 'VALID', 'NOT VALID FOR TRAVEL'])(
    '%s says nothing',
    (line) => {
      expect(specimenSign(page(line), ['LOVELACE', 'ADA'])).toBeNull()
    },
  )

  it.each(['2300 W SAMPLE RD', 'SAMPLE, ANNE', 'MUSTER MAX', 'Anne Sample Lovelace'])(
    '%s may be a street or a name: a person looks',
    (line) => {
      expect(specimenSign(page(line), ['LOVELACE', 'ADA'])).toBe('says_sample')
    },
  )

  it.each([
    ['MUSTER', ['MUSTER', 'MAX']],
    ['MUSTER MAX', ['MUSTER', 'MAX']],
    ['SAMPLE DOCUMENT', ['SAMPLE', 'ANNE']],
    ['SAMPLE SAMPLE', ['SAMPLE-LOVELACE', 'ANNE']],
    ['MUSTERMANN', ['MUSTERMANN', 'ERIKA']],
    ['ANNE', ['LOVELACE', 'ANNE SAMPLE']],
  ])('nobody is refused for a name: %s of %o is for a person to look at', (line, names) => {
    expect(specimenSign(page(line), names)).toBe('says_sample')
  })
})
