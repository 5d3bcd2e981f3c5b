import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { checkDigit } from '../documents/mrz/check-digits.ts'
import { madeUpPerson, renderSpecimen, type Specimen, specimenTypes } from './index.ts'
import { frenchLines, td1Lines, td2Lines, visaLines } from './zones.ts'

/** The person of ICAO 9303's own examples. */
const anna: Specimen = {
  surname: 'Eriksson',
  givenNames: 'Anna Maria',
  number: 'D23145890',
  dateOfBirth: '1974-08-12',
  expiry: '2012-04-15',
  sex: 'F',
}

describe('MRZs of the maker', () => {
  it('are the standard’s own examples for its own person', () => {
    expect(td1Lines(anna)).toEqual([
      'I<UTOD231458907<<<<<<<<<<<<<<<',
      '7408122F1204159UTO<<<<<<<<<<<6',
      'ERIKSSON<<ANNA<MARIA<<<<<<<<<<',
    ])
    expect(td2Lines(anna)).toEqual(['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6'])
    const visa: Specimen = { ...anna, number: 'L8988901C', dateOfBirth: '1940-09-07', expiry: '1996-12-10' }
    expect(visaLines(44, { ...visa, personalNumber: '6ZE184226B' })).toEqual([
      'V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
      'L8988901C4UTO4009078F96121096ZE184226B<<<<<<',
    ])
  })

  it('put a number of more than nine into the optional field, with its check digit and a filler', () => {
    const [first] = td1Lines({ ...anna, number: 'D23145890734', personalNumber: 'AB12' })
    expect(first).toBe('I<UTOD23145890<7349<AB12<<<<<<')
    expect(td2Lines({ ...anna, number: 'D23145890734' })[1]).toContain('7349<')
  })

  it('of the French card compute as those of real cards do', () => {
    const lines = frenchLines({
      surname: 'Berthier',
      givenNames: 'Corinne',
      number: '880692310285',
      dateOfBirth: '1965-12-06',
      expiry: '2030-01-01',
      sex: 'F',
    })
    expect(lines[0]).toBe('IDFRABERTHIER<<<<<<<<<<<<<<<<<923001')
    expect(lines[1].slice(0, 35)).toBe('8806923102858CORINNE<<<<<<<6512068F')
    expect(checkDigit(`IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<${lines[1].slice(0, 35)}`)).toBe('6')
  })
})

describe('the maker', () => {
  it('renders every type as pictures, a back where the card has one', async () => {
    for (const type of specimenTypes) {
      const { front, back } = await renderSpecimen(type, madeUpPerson(1, type))
      expect((await sharp(front).metadata()).width, type).toBeGreaterThanOrEqual(1370)
      expect(back !== undefined, type).toBe(type === 'id-card' || type === 'id-card-without-zone')
    }
  })

  it('refuses a number that the French card cannot carry', async () => {
    await expect(renderSpecimen('id-card-france', anna)).rejects.toThrow('twelve digits')
  })

  it('makes up the same person for the same seed, and others for others', () => {
    expect(madeUpPerson(7)).toEqual(madeUpPerson(7))
    expect(new Set(Array.from({ length: 40 }, (_value, seed) => madeUpPerson(seed).number)).size).toBe(40)
  })
})
