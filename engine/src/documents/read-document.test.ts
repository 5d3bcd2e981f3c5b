import { describe, expect, it } from 'vitest'
import { read } from '../assess.ts'
import {
  photographed,
  renderPassport,
  type Shot,
  type Specimen,
  type SpecimenFaults,
  toZoneName,
} from '../specimen/index.ts'

const today = new Date('2026-11-24T00:00:00Z')
const people: Specimen[] = [
  {
    surname: 'Lovelace',
    givenNames: 'Ada',
    number: 'L898902C3',
    dateOfBirth: '1990-12-10',
    expiry: '2031-04-15',
    sex: 'F',
  },
  {
    surname: 'Müller-Åström',
    givenNames: 'Jörg Øyvind',
    number: 'X01I5S8BZ',
    dateOfBirth: '1951-02-28',
    expiry: '2029-12-31',
    sex: 'M',
  },
  {
    surname: 'Nguyễn',
    givenNames: 'Thị Minh Khai',
    number: 'C01Z2G6Q0',
    dateOfBirth: '2004-07-07',
    expiry: '2033-01-01',
    sex: 'X',
  },
]
const look = async (person: Specimen, shot: Shot = {}, faults: SpecimenFaults = {}) =>
  read(await photographed(await renderPassport(person, faults), shot), today)

/** A field may be unsure; it may not be sure and wrong. */
const expectNoWrongAccept = (reading: Awaited<ReturnType<typeof read>>, person: Specimen): void => {
  const truth: Record<string, string> = {
    lastName: toZoneName(person.surname).replaceAll('<', ' '),
    firstName: toZoneName(person.givenNames).replaceAll('<', ' '),
    number: person.number,
    dateOfBirth: person.dateOfBirth,
    expiry: person.expiry,
    issuingCountry: 'UTO',
  }
  for (const [name, value] of Object.entries(truth)) {
    const field = reading.fields[name as 'number']
    if (field?.sure) expect(field.value, name).toBe(value)
  }
}

describe('a passport', () => {
  it('is read whole and sure for names and numbers full of look-alikes and accents', async () => {
    for (const person of people) {
      const reading = await look(person, { width: 1300, turn: 1, blur: 0.6 })
      expect(reading.kind).toBe('PASSPORT')
      expect(reading.mrz?.checkDigitsValid).toBe(true)
      expect(reading.retake).toEqual([])
      expect(reading.signals).toContain('specimen')
      expect(reading.fields.number).toMatchObject({ value: person.number, sure: true })
      expect(reading.fields.lastName?.sure).toBe(true)
      expectNoWrongAccept(reading, person)
    }
  })

  it('is found at any quarter turn', async () => {
    for (const turn of [90, 180, 270]) {
      const reading = await look(people[0] as Specimen, { turn })
      expect(reading.fields.number?.value, `${turn} degrees`).toBe('L898902C3')
      expectNoWrongAccept(reading, people[0] as Specimen)
    }
  })

  it('is never sure and wrong under glare, blur, noise and low resolution', async () => {
    const shots: Shot[] = [
      // Over the name, where no check digit would notice a letter more or less.
      { glare: { x: 0.3, y: 0.83, radius: 0.06 }, seed: 2 },
      { glare: { x: 0.12, y: 0.92, radius: 0.05 }, seed: 3 },
      { glare: { x: 0.6, y: 0.92, radius: 0.05 }, seed: 4 },
      { width: 560, jpeg: 45, noise: 14, seed: 5 },
      { width: 900, blur: 3.2, seed: 6 },
      { width: 700, turn: 6, jpeg: 30, noise: 20, seed: 7 },
    ]
    for (const [index, shot] of shots.entries()) {
      const person = people[index % people.length] as Specimen
      expectNoWrongAccept(await look(person, shot), person)
    }
  })
})

describe('a passport that leaves a field empty', () => {
  it.each([
    ['only a given name', { surname: '', givenNames: 'Ahmadi' }, 'lastName', undefined],
    ['only a surname', { surname: 'Suharto', givenNames: '' }, 'firstName', undefined],
    ['no day of birth', { dateOfBirth: '1990-01-<<' }, 'dateOfBirth', '1990-01'],
  ] as const)(
    '%s: everything else is sure, and no other picture is asked for',
    async (_name, change, absent, partial) => {
      const reading = await look({ ...(people[0] as Specimen), ...change }, { width: 1300, turn: 1.5, blur: 0.6 })
      expect(reading.absent).toEqual([absent])
      expect(reading.partialDateOfBirth).toBe(partial)
      expect(reading.retake).toEqual([])
      expect(Object.entries(reading.fields).filter(([, field]) => !field.sure)).toEqual([])
      expect(reading.signals).toEqual(['specimen'])
    },
  )
})

describe('what only a second look can tell', () => {
  it('an MRZ that names another person than the page is a disagreement, though every check digit computes', async () => {
    const reading = await look(people[0] as Specimen, {}, { zoneSurname: 'Hopper' })
    expect(reading.mrz?.checkDigitsValid).toBe(true)
    expect(reading.signals).toContain('sources_disagree')
    // Sure of it is nobody, and another photo would not help.
    expect(reading.fields.lastName?.sure).toBe(false)
    expect(reading.retake).toEqual([])
  })

  it('a wrong check digit makes its field unsure, however clear the print is', async () => {
    const reading = await look(people[0] as Specimen, {}, { wrongCheckDigit: 'number' })
    expect(reading.signals).toContain('check_digit_wrong')
    expect(reading.fields.number?.sure).toBe(false)
    expect(reading.retake).not.toEqual([])
  })

  it('an expired document says so', async () => {
    const reading = await look({ ...(people[0] as Specimen), expiry: '2020-01-01' })
    expect(reading.signals).toContain('expired')
    expect(reading.fields.expiry).toMatchObject({ value: '2020-01-01', sure: true })
  })

  it('a page that is too blurred, or no document at all, asks for another photo with a reason', async () => {
    expect((await look(people[0] as Specimen, { width: 900, blur: 9 })).retake.length).toBeGreaterThan(0)
    const { default: sharp } = await import('sharp')
    const empty = await sharp({ create: { width: 1200, height: 800, channels: 3, background: '#776655' } })
      .jpeg()
      .toBuffer()
    const reading = await read(empty, today)
    expect(reading.retake.length).toBeGreaterThan(0)
    expect(reading.fields).toEqual({})
  })
})
