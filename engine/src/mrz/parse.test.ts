import { describe, expect, it } from 'vitest'
import { checkDigit } from './check-digits.ts'
import { findLayout } from './formats.ts'
import { parseZone, toDate } from './parse.ts'

const today = new Date('2026-11-24T00:00:00Z')
const parse = (lines: string[]) => {
  const layout = findLayout(lines.length, lines[0]?.length ?? 0, lines[0]?.[0] ?? '')
  if (!layout) throw new Error('no layout')
  return parseZone(layout, lines, today)
}

describe('machine zones of ICAO 9303', () => {
  it('TD3: every field and every check digit', () => {
    const zone = parse(['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'])
    expect(zone.values).toMatchObject({
      lastName: 'ERIKSSON',
      firstName: 'ANNA MARIA',
      number: 'L898902C3',
      issuingCountry: 'UTO',
      dateOfBirth: '1974-08-12',
      expiry: '2012-04-15',
      sex: 'F',
      personalNumber: 'ZE184226B',
    })
    expect(zone.checkDigits).toEqual({
      number: true,
      dateOfBirth: true,
      expiry: true,
      personalNumber: true,
      composite: true,
    })
    expect(zone.signals).toContain('specimen')
  })

  it('TD1: three lines, and a document number longer than nine', () => {
    const first = 'I<UTOD23145890<7349<<<<<<<<<<<'
    const zone = parse([first, '7408122F3204159UTO<<<<<<<<<<<0', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<'])
    expect(zone.values.lastName).toBe('ERIKSSON')
    expect(zone.values.number).toBe('D23145890734')
    expect(zone.checkDigits.number).toBe(true)
  })

  it('TD2 and both visas', () => {
    expect(parse(['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F3204159<<<<<<<0']).kind).toBe('ID_CARD')
    expect(
      parse(['V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L8988901C4XXX4009078F96121096ZE184226B<<<<<<']).kind,
    ).toBe('VISA')
    expect(parse(['V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'L8988901C4XXX4009078F9612109<<<<<<<<']).kind).toBe('VISA')
  })

  it('names a wrong check digit, an unknown state, an impossible date and an expired document', () => {
    const bad = parse(['P<QQQERIKSSON<<ANNA<<<<<<<<<<<<<<<<<<<<<<<<<', 'L898902C37QQQ7413122F1204159<<<<<<<<<<<<<<00'])
    expect(bad.signals).toEqual(
      expect.arrayContaining(['check_digit_wrong', 'unknown_country', 'impossible_date', 'expired']),
    )
  })

  it('reads Germany’s single letter as DEU', () => {
    expect(
      parse(['P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<', 'C01X00T478D<<6408125F2702283<<<<<<<<<<<<<<<4']).values,
    ).toMatchObject({ issuingCountry: 'DEU', nationality: 'DEU' })
  })
})

describe('dates', () => {
  it('put a birth into the past and refuse days that are not', () => {
    expect(toDate('301231', true, today)).toBe('1930-12-31')
    expect(toDate('261124', true, today)).toBe('2026-11-24')
    expect(toDate('261125', true, today)).toBe('1926-11-25')
    expect(toDate('310229', false, today)).toBeNull()
    expect(toDate('320229', false, today)).toBe('2032-02-29')
  })
})

it('computes the check digits of the standard’s own example', () => {
  expect(checkDigit('D23145890734')).toBe('9')
  expect(checkDigit('520727')).toBe('3')
})
