import { describe, expect, it } from 'vitest'
import type { ReadContext } from '../reading.ts'
import type { SideReading } from '../sides/read-side.ts'
import { checkDigit } from './check-digits.ts'
import { isKnownCode, toAlpha3 } from './codes.ts'
import { findLayout, isDocumentCode } from './formats.ts'
import { parseMrz } from './parse.ts'
import { mrzReader } from './reader.ts'

const today = new Date('2026-11-24T00:00:00Z')

/** A passport's MRZ with right check digits. */
const td3 = (
  name: string,
  birth = '900112',
  options: { expiry?: string; state?: string; code?: string } = {},
): string[] => {
  const { expiry = '310415', state = 'IND', code = 'P<' } = options
  const number = 'J12345678'
  const data = `${number}${checkDigit(number)}${state.padEnd(3, '<')}${birth}${checkDigit(birth)}M${expiry}${checkDigit(expiry)}`
  const optional = `${'<'.repeat(14)}0`
  const over = `${data.slice(0, 10)}${data.slice(13, 20)}${data.slice(21)}${optional}`
  return [`${code}${state.padEnd(3, '<')}${name}`.padEnd(44, '<'), `${data}${optional}${checkDigit(over)}`]
}

/** An identity card's MRZ of three lines with right check digits. */
const td1 = (name: string, birth: string, code = 'I<', state = 'UTO'): string[] => {
  const number = 'D23145890'
  const first = `${code}${state.padEnd(3, '<')}${number}${checkDigit(number)}`.padEnd(30, '<')
  const dates = `${birth}${checkDigit(birth)}F310415${checkDigit('310415')}`
  const second = `${dates}${state.padEnd(3, '<')}${'<'.repeat(11)}`
  const over = `${first.slice(5)}${dates.slice(0, 7)}${dates.slice(8)}${'<'.repeat(11)}`
  return [first, `${second}${checkDigit(over)}`, name.padEnd(30, '<')]
}

/** A side whose MRZ was read with confidence, and what the second reader made of each line. */
const sideOf = (
  lines: readonly string[],
  second: readonly string[] = lines,
  print: readonly string[] = [],
): SideReading => {
  const layout = findLayout(lines)
  if (!layout) throw new Error('no layout')
  return {
    quality: { width: 1300, height: 900, sharpness: 900, glareShare: 0, brightness: 150 },
    boxes: 20,
    mrzRows: lines.length,
    zone: {
      zone: {
        layout,
        lines,
        confidences: lines.map((line) => [...line].map(() => 0.99)),
        slants: [],
        whole: lines.map(() => true),
        minConfidence: 0.99,
      },
      parsed: parseMrz(layout, lines, today),
      secondReadings: second.map((line) => [line]),
      stable: lines.map(() => true),
    },
    viz: { lines: print, placed: [], ms: 0 },
    picture: { data: new Uint8Array(3), width: 1, height: 1, original: { width: 1, height: 1 } },
    upright: { data: new Uint8Array(3), width: 1, height: 1 },
    area: null,
  }
}

const readSide = async (side: SideReading) => {
  const context = { sides: async () => ({ front: side, back: null }), today } as unknown as ReadContext
  const reading = await mrzReader.read(context)
  if (!reading) throw new Error('no MRZ')
  return reading
}
const read = (lines: readonly string[], second?: readonly string[]) => readSide(sideOf(lines, second))

describe('a name with one part (ICAO 9303-3, section 4.6)', () => {
  it.each([
    ['only a given name on a passport', td3('<<AHMADI'), 'firstName', 'AHMADI', 'lastName'],
    ['only a surname on a passport', td3('AHMADI'), 'lastName', 'AHMADI', 'firstName'],
    ['only given names on a passport', td3('<<MARIA<JOSE'), 'firstName', 'MARIA JOSE', 'lastName'],
    ['only a given name on a card', td1('<<SUHARTO', '900112'), 'firstName', 'SUHARTO', 'lastName'],
    ['only a surname on a card', td1('SUHARTO', '900112'), 'lastName', 'SUHARTO', 'firstName'],
  ] as const)('%s is read, and nobody is asked for another picture', async (_name, lines, there, value, absent) => {
    const reading = await read(lines)
    expect(reading.fields[there]).toMatchObject({ value, sure: true })
    expect(reading.fields[absent]).toBeUndefined()
    expect(reading.absent).toEqual([absent])
    expect(reading.retake).toEqual([])
    expect(reading.signals).not.toContain('single_reading')
  })

  it('is not known to be empty where the second reader saw a surname', async () => {
    const reading = await read(td3('<<AHMADI'), [td3('KHAN<<AHMADI')[0] ?? '', td3('<<AHMADI')[1] ?? ''])
    expect(reading.absent).toBeUndefined()
    expect(reading.retake).toEqual(['data_unreadable'])
  })

  it('is no name at all where both parts are empty', async () => {
    const reading = await read(td3(''))
    expect(reading.absent ?? []).not.toContain('lastName')
  })
})

describe('a birth date without a day or month (ICAO 9303-3, section 4.8)', () => {
  it.each([
    ['the day', '9001<<', '1990-01'],
    ['day and month', '90<<<<', '1990'],
    ['everything', '<<<<<<', undefined],
    ['the day, with zeros', '900100', '1990-01'],
    ['day and month, with zeros', '900000', '1990'],
  ] as const)('unknown: %s', async (_name, birth, partial) => {
    for (const lines of [td3('RAHIMI<<ALI', birth), td1('RAHIMI<<ALI', birth)]) {
      const reading = await read(lines)
      expect(reading.fields.dateOfBirth).toBeUndefined()
      expect(reading.absent).toEqual(['dateOfBirth'])
      expect(reading.partialDateOfBirth).toBe(partial)
      expect([reading.retake, reading.signals.includes('impossible_date')]).toEqual([[], false])
      expect(reading.mrz?.checkDigitsValid).toBe(true)
    }
  })

  it('is still asked for again where the second reader saw a day', async () => {
    const reading = await read(td3('RAHIMI<<ALI', '9001<<'), td3('RAHIMI<<ALI', '900114'))
    expect(reading.absent).toBeUndefined()
    expect(reading.retake).toEqual(['data_unreadable'])
  })
})

describe('what is odd and was read is a finding, never another picture', () => {
  it.each([
    [
      'an unknown state',
      td3('RAHIMI<<ALI', '900112', { state: 'QQQ' }),
      'unknown_country',
      'issuingCountry',
      'unknown_code',
    ],
    ['a day that is none', td3('RAHIMI<<ALI', '901332'), 'impossible_date', undefined, undefined],
    [
      'an expiry of no century',
      td3('RAHIMI<<ALI', '900112', { expiry: '991231' }),
      'impossible_date',
      undefined,
      undefined,
    ],
    ['no expiry', td3('RAHIMI<<ALI', '900112', { expiry: '<<<<<<' }), 'expiry_missing', undefined, undefined],
    ['an expiry in the past', td3('RAHIMI<<ALI', '900112', { expiry: '200415' }), 'expired', undefined, undefined],
  ] as const)('%s', async (_name, lines, signal, field, reason) => {
    const reading = await read(lines)
    expect(reading.signals).toContain(signal)
    expect(reading.retake).toEqual([])
    if (field) expect(reading.fields[field]).toMatchObject({ sure: false, unsure: [reason] })
  })

  it('a number whose check digit is wrong says so, field by field', async () => {
    const [first = '', second = ''] = td3('RAHIMI<<ALI')
    const reading = await read([first, `J12345679${second.slice(9)}`])
    expect(reading.fields.number).toMatchObject({ sure: false, unsure: ['check_digit_wrong'] })
    expect(reading.fields.lastName).toMatchObject({ sure: true })
    expect(reading.fields.lastName).not.toHaveProperty('unsure')
    // The readers may have taken one character for another: here another picture can help.
    expect(reading.retake).toEqual(['data_unreadable'])
  })

  it('a field that one reader saw alone says that', async () => {
    const lines = td3('RAHIMI<<ALI')
    const reading = await read(lines, [lines[0] ?? '', 'J87654321'])
    expect(reading.fields.number).toMatchObject({ sure: false, unsure: ['one_source'] })
    expect(reading.retake).toEqual(['data_unreadable'])
  })
})

describe('codes of states and documents', () => {
  it.each([
    'XXK',
    'RKS',
    'EUE',
    'UNO',
    'UNA',
    'UNK',
    'XOM',
    'XXA',
    'XXB',
    'XXC',
    'XXX',
    'GBD',
    'GBN',
    'GBO',
    'GBP',
    'GBS',
    'XPO',
    'XBA',
  ])('%s is known (ICAO 9303-3, section 5)', (code) => expect(isKnownCode(code)).toBe(true))

  it('Kosovo has one code, whichever is printed, and Germany too', () => {
    expect(['XXK', 'RKS', 'XKX', 'D'].map(toAlpha3)).toEqual(['XKX', 'XKX', 'XKX', 'DEU'])
  })

  it('a residence permit that begins with RP is an identity card', async () => {
    const reading = await read(td1('KRASNIQI<<ARBEN', '900112', 'RP', 'XXK'))
    expect(reading).toMatchObject({ kind: 'ID_CARD', retake: [] })
    expect(reading.fields.issuingCountry).toMatchObject({ value: 'XKX', sure: true })
    expect(reading.signals).not.toContain('unknown_document_code')
  })

  it.each([
    ['P', 'TD3', true],
    ['PN', 'TD3', true],
    ['PE', 'TD3', true],
    ['P1', 'TD3', false],
    ['C1', 'TD1', true],
    ['AR', 'TD1', true],
    ['AC', 'TD1', true],
    ['AC', 'TD2', false],
    ['IV', 'TD1', false],
    ['I0', 'TD1', false],
    ['RP', 'TD2', true],
    ['VA', 'MRV-A', true],
    ['V2', 'MRV-B', true],
  ] as const)('%s on %s: %s', (code, format, isOne) => {
    expect(isDocumentCode({ format } as Parameters<typeof isDocumentCode>[0], code)).toBe(isOne)
  })
})

describe('a drawn line of fillers', () => {
  it.each([
    ['two lines', ['P'.padEnd(44, '<'), '<'.repeat(44)]],
    ['three lines', ['I'.padEnd(30, '<'), '<'.repeat(30), '<'.repeat(30)]],
    ['lines with a few letters', ['I<U'.padEnd(36, '<'), '12'.padStart(36, '<')]],
  ])('is no MRZ: %s', (_name, lines) => {
    expect(findLayout(lines)).toBeUndefined()
  })

  it('an empty number has no right check digit', () => {
    const lines = [
      'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
      `${'<'.repeat(9)}0UTO7408122F1204159${'<'.repeat(14)}00`,
    ]
    const layout = findLayout(lines)
    expect(layout && parseMrz(layout, lines, today).checkDigits.number).toBe(false)
  })
})
