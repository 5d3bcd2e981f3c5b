import { describe, expect, it } from 'vitest'
import { checkDigit } from './check-digits.ts'
import { findLayout } from './formats.ts'
import { parseMrz, toDate } from './parse.ts'

const today = new Date('2026-11-24T00:00:00Z')
const parse = (lines: string[]) => {
  const layout = findLayout(lines)
  if (!layout) throw new Error('no layout')
  return parseMrz(layout, lines, today)
}

describe('MRZs of ICAO 9303', () => {
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

  it('TD1: three lines, a document number longer than nine, and both optional fields', () => {
    const zone = parse([
      'I<UTOD23145890<7349<AB12<<<<<<',
      '7408122F3204159UTOXY77<<<<<<<4',
      'ERIKSSON<<ANNA<MARIA<<<<<<<<<<',
    ])
    expect(zone.values).toMatchObject({
      lastName: 'ERIKSSON',
      firstName: 'ANNA MARIA',
      number: 'D23145890734',
      personalNumber: 'AB12',
      optionalData: 'XY77',
      nationality: 'UTO',
      expiry: '2032-04-15',
    })
    expect(zone.checkDigits.number).toBe(true)
    const short = parse([
      'I<UTOD231458907<<<<<<<<<<<<<<<',
      '7408122F1204159UTO<<<<<<<<<<<6',
      'ERIKSSON<<ANNA<MARIA<<<<<<<<<<',
    ])
    expect(short.values.number).toBe('D23145890')
    expect(short.values).not.toHaveProperty('optionalData')
    expect(short.checkDigitsValid).toBe(true)
  })

  it('a long number whose own check digit is wrong is told, and what follows it is no part of it', () => {
    const zone = parse([
      'I<UTOD23145890<7348<AB12<<<<<<',
      '7408122F3204159UTO<<<<<<<<<<<4',
      'ERIKSSON<<ANNA<MARIA<<<<<<<<<<',
    ])
    expect(zone.checkDigits.number).toBe(false)
    const td2 = parse(['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D23145890<UTO7408122F32041597349<<<6'])
    expect(td2.values.number).toBe('D23145890734')
    expect(td2.checkDigits.number).toBe(true)
  })

  it('TD2 and both visas', () => {
    expect(parse(['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F3204159<<<<<<<0']).kind).toBe('ID_CARD')
    expect(
      parse(['V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L8988901C4XXX4009078F96121096ZE184226B<<<<<<']).kind,
    ).toBe('VISA')
    expect(parse(['V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'L8988901C4XXX4009078F9612109<<<<<<<<']).kind).toBe('VISA')
  })

  it('of TD3 with a filler for the number’s check digit is wrong: only cards carry long numbers', () => {
    const zone = parse(['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C3<UTO7408122F12041597349<<<<<<<<<<10'])
    expect(zone.values.number).toBe('L898902C3')
    expect(zone.checkDigits.number).toBe(false)
  })

  it('of the old French card: its own fields, no expiry, nationality of its issuer', () => {
    const zone = parse(['IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<', '8806923102858CORINNE<<<<<<<6512068F6'])
    expect(zone.values).toEqual({
      documentCode: 'ID',
      issuingCountry: 'FRA',
      lastName: 'BERTHIER',
      firstName: 'CORINNE',
      number: '880692310285',
      nationality: 'FRA',
      dateOfBirth: '1965-12-06',
      sex: 'F',
    })
    expect(zone.kind).toBe('ID_CARD')
    expect(zone.checkDigits).toEqual({ number: true, dateOfBirth: true, composite: true })
    expect(zone.signals).toEqual(['expiry_missing'])
  })

  it('of the old French card with office and several first names, cut where the field ends', () => {
    const lines = ['IDFRADOUEL<<<<<<<<<<<<<<<<<<<<932013', '0506932020438CHRISTIANE<<NI2906209F3']
    expect(findLayout(lines)?.format).toBe('FRA-ID')
    const zone = parse(lines)
    expect(zone.checkDigitsValid).toBe(true)
    expect(zone.values.firstName).toBe('CHRISTIANE NI')
    expect(zone.truncated).toEqual(['firstName'])
    expect(zone.signals).toContain('name_truncated')
  })

  it('a TD2 card of France is not taken for the old French card, nor the other way round', () => {
    expect(findLayout(['IDFRABERTHIER<<CORINNE<<<<<<<<<<<<<<', 'D231458907FRA6512068F3204159<<<<<<<6'])?.format).toBe(
      'TD2',
    )
    expect(findLayout(['IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<', '8806923102858CORINNE<<<<<<<6512068F6'])?.format).toBe(
      'FRA-ID',
    )
  })

  it('a zone cut to another shape has no layout: P is never 36 long, I never 44', () => {
    expect(findLayout(['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F3204159<<<<<<<6'])).toBeUndefined()
    expect(
      findLayout(['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10']),
    ).toBe(undefined)
  })

  it('names document codes that no format has', () => {
    const card = (code: string) =>
      parse([`${code}UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<`, 'D231458907UTO7408122F3204159<<<<<<<0']).signals
    expect(card('IV')).toContain('unknown_document_code')
    expect(card('AC')).toContain('unknown_document_code')
    expect(card('I0')).toContain('unknown_document_code')
    expect(card('C1')).not.toContain('unknown_document_code')
    expect(card('ID')).not.toContain('unknown_document_code')
  })

  it('an expiry before the birth is impossible', () => {
    const zone = parse(['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO2008122F1204159<<<<<<<0'])
    expect(zone.values).toMatchObject({ dateOfBirth: '2020-08-12', expiry: '2012-04-15' })
    expect(zone.signals).toContain('impossible_date')
  })

  it('a name that fills its field may go on', () => {
    const zone = parse([
      'I<UTOD231458907<<<<<<<<<<<<<<<',
      '7408122F1204159UTO<<<<<<<<<<<6',
      'PAPANDROPOULOUS<<JONATHON<ALEX',
    ])
    expect(zone.truncated).toEqual(['firstName'])
    expect(zone.signals).toContain('name_truncated')
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
    expect(toDate('310400', false, today)).toBeNull()
  })

  it('give an expiry no century where neither is likely, as on cards that never expire', () => {
    expect(toDate('070101', false, today)).toBe('2007-01-01')
    expect(toDate('751231', false, today)).toBe('2075-12-31')
    expect(toDate('991231', false, today)).toBeNull()
  })
})

it('computes the check digits of the standard’s own example', () => {
  expect(checkDigit('D23145890734')).toBe('9')
  expect(checkDigit('520727')).toBe('3')
})
