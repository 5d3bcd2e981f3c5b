import { describe, expect, it } from 'vitest'
import { licenceText } from '../../specimen/driving-licence.ts'
import { parseAamva } from './parse.ts'

const ada = {
  surname: 'Lovelace',
  givenNames: 'Ada Byron',
  number: 'T64235789',
  dateOfBirth: '1990-12-10',
  expiry: '2031-04-15',
  sex: 'F',
} as const
const virginia = { issuer: '636000', country: 'USA', state: 'VA', name: 'Virginia' }
const ontario = { issuer: '636012', country: 'CAN', state: 'ON', name: 'Ontario' }

/** A record as versions before 2 have it: without the issuer's own version in the header. */
const record = (
  version: string,
  elements: readonly string[],
  options: { issuer?: string; name?: string } = {},
): string => {
  const subfile = `${options.name ?? 'DL'}${elements.join('\n')}\r`
  const own = version === '01' ? '' : '00'
  return `@\n\x1e\rANSI ${options.issuer ?? '636000'}${version}${own}01DL0039${String(subfile.length).padStart(4, '0')}${subfile}`
}

describe('a record of the standard', () => {
  it('gives every field, with American and Canadian dates', () => {
    const american = parseAamva(licenceText({ ...ada, jurisdiction: virginia }))
    expect(american).toEqual({
      kind: 'DRIVING_LICENSE',
      version: 10,
      issuer: '636000',
      country: 'USA',
      state: 'VA',
      lastName: 'LOVELACE',
      givenNames: ['ADA', 'BYRON'],
      suffix: null,
      number: 'T64235789',
      dateOfBirth: '1990-12-10',
      expiry: '2031-04-15',
      issued: '2024-03-01',
      sex: 'F',
      address: { street: '1 SPECIMEN ROAD', city: 'SAMPLEVILLE', postalCode: '00001' },
      truncated: { lastName: false, givenNames: false },
      faults: [],
    })
    const canadian = licenceText({ ...ada, jurisdiction: ontario })
    expect(canadian).toContain('DBB19901210')
    expect(parseAamva(canadian)).toMatchObject({
      country: 'CAN',
      state: 'ON',
      dateOfBirth: '1990-12-10',
      expiry: '2031-04-15',
    })
  })

  it('reads 01/02 as the month the standard says, in each country', () => {
    const dates = ['DAQ1', 'DCSDOE', 'DACJO']
    expect(parseAamva(record('08', [...dates, 'DBB01021990', 'DBA01022031']))?.dateOfBirth).toBe('1990-01-02')
    expect(parseAamva(record('08', [...dates, 'DBB19900102', 'DBA20310102'], { issuer: '636012' }))?.dateOfBirth).toBe(
      '1990-01-02',
    )
  })

  it.each([
    ['01', ['DAQA1', 'DAADOE,JANE,ANN', 'DBB19900704', 'DBA20310704', 'DBCF'], ['JANE', 'ANN']],
    ['01', ['DAQA1', 'DABDOE', 'DACJANE', 'DADANN', 'DBB19900704', 'DBA20310704', 'DBC2'], ['JANE', 'ANN']],
    ['02', ['DAQA1', 'DCSDOE', 'DCTJANE,ANN', 'DBB07041990', 'DBA07042031', 'DBC2'], ['JANE', 'ANN']],
    ['03', ['DCSDOE', 'DCTJANE ANN', 'DAQA1', 'DBB07041990', 'DBA07042031', 'DBC2'], ['JANE', 'ANN']],
    ['04', ['DCSDOE', 'DACJANE', 'DADANN', 'DAQA1', 'DBB07041990', 'DBA07042031', 'DBC2'], ['JANE', 'ANN']],
    [
      '09',
      ['DCSDOE', 'DDEN', 'DACJANE', 'DDFN', 'DADANN', 'DDGN', 'DAQA1', 'DBB07041990', 'DBA07042031', 'DBC2'],
      ['JANE', 'ANN'],
    ],
  ])('of version %s: %j', (version, elements, given) => {
    expect(parseAamva(record(version, elements))).toMatchObject({
      lastName: 'DOE',
      givenNames: given,
      number: 'A1',
      dateOfBirth: '1990-07-04',
      expiry: '2031-07-04',
      sex: 'F',
      faults: [],
    })
  })

  it('of an identity card is one', () => {
    expect(parseAamva(record('08', ['DAQ1', 'DCSDOE', 'DACJO'], { name: 'ID' }))?.kind).toBe('ID_CARD')
  })
})

describe('cards of the field', () => {
  const plain = ['DAQ1', 'DCSDOE', 'DACJO', 'DBB07041990', 'DBA07042031']

  it.each([
    ['other separators', record('08', plain).replace('@\n\x1e\r', '@\r\n\x1e\r\n')],
    ['no separators at all in the header', record('08', plain).replace('@\n\x1e\r', '')],
    ['AAMVA instead of ANSI', record('08', plain).replace('ANSI ', 'AAMVA')],
    ['wrong offsets', record('08', plain).replace('DL0039', 'DL9999')],
    ['carriage returns between elements', record('08', plain).replace(/(?<=D..[A-Z0-9]+)\n/g, '\r\n')],
    ['an issuer subfile behind', `${record('08', plain)}ZVZVA01\rDCSNOT HIM`],
    ['padding', record('08', ['DAQ1   ', 'DCSDOE      ', 'DACJO  ', 'DBB07041990', 'DBA07042031'])],
  ])('with %s are read', (_name, text) => {
    expect(parseAamva(text)).toMatchObject({
      lastName: 'DOE',
      givenNames: ['JO'],
      number: '1',
      dateOfBirth: '1990-07-04',
    })
  })

  it('with dates in the other order are read where only that order is a day', () => {
    expect(parseAamva(record('01', ['DAQ1', 'DABDOE', 'DBB07041990', 'DBA07042031']))?.dateOfBirth).toBe('1990-07-04')
    expect(parseAamva(record('08', ['DAQ1', 'DCSDOE', 'DBB19900704', 'DBA20310704']))?.dateOfBirth).toBe('1990-07-04')
  })

  it('repeat a middle name, which counts once', () => {
    expect(parseAamva(record('02', ['DAQ1', 'DCSDOE', 'DCTJANE ANN', 'DADANN']))?.givenNames).toEqual(['JANE', 'ANN'])
  })

  it('say nothing in many ways', () => {
    const text = record('08', ['DAQ1', 'DCSDOE', 'DACJO', 'DADNONE', 'DAGunavl', 'DAIUNAVAIL'])
    expect(parseAamva(text)).toMatchObject({ givenNames: ['JO'], address: null, dateOfBirth: null, faults: [] })
  })

  it('that cut a name say so', () => {
    const text = record('08', ['DAQ1', 'DCSWOLFESCHLEGELSTEINHAUSENBERGERDORFFWELC', 'DDET', 'DACJO', 'DDFN', 'DDGT'])
    expect(parseAamva(text)?.truncated).toEqual({ lastName: true, givenNames: true })
  })
})

describe('what contradicts itself is told', () => {
  it.each([
    [['DBB13321990', 'DBA07042031'], '636000', 'impossible_date'],
    [['DBB02301990', 'DBA07042031'], '636000', 'impossible_date'],
    [['DBB07042031', 'DBA07041990'], '636000', 'impossible_date'],
    [['DBB07041990', 'DBA07042031', 'DCGCAN'], '636000', 'countries_disagree'],
    [['DBB07041990', 'DBA07042031'], '699999', 'unknown_country'],
    [['DBB07041990', 'DBA07042031', 'DCGUSA'], '699999', 'unknown_country'],
    [['DBB07041990', 'DBA07042031', 'DCGFRA'], '600000', 'unknown_country'],
  ])('%j of %s', (elements, issuer, fault) => {
    expect(parseAamva(record('08', ['DAQ1', 'DCSDOE', ...elements], { issuer }))?.faults).toContain(fault)
  })

  it('an issuer on no list has no country, whatever the record says; Utopia, whose cards are specimens, has', () => {
    const said = (country: string, issuer: string) => parseAamva(record('08', ['DAQ1', 'DCSDOE', country], { issuer }))
    expect(said('DCGUSA', '699999')).toMatchObject({ country: null, faults: ['unknown_country'] })
    expect(said('DCGUTO', '600000')).toMatchObject({ country: 'UTO', faults: [] })
    expect(said('DCGUSA', '636000')).toMatchObject({ country: 'USA', faults: [] })
    // Who looks at it sees the dates that it means.
    const canadian = record('08', ['DAQ1', 'DCSDOE', 'DCGCAN', 'DBB19120110', 'DBA20310102'], { issuer: '699999' })
    expect(parseAamva(canadian)).toMatchObject({ country: null, dateOfBirth: '1912-01-10' })
  })

  it('and other codes are no licences', () => {
    for (const text of [
      '',
      'M1DOE/JOHN            EABC123 VIEFRA',
      '@\n\x1e\rANSI 636000',
      'ANSI 636000080001DL00390004DLxx',
    ])
      expect(parseAamva(text)).toBeNull()
  })
})
