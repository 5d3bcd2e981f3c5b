import { describe, expect, it, vi } from 'vitest'
import { assess } from '../../assess.ts'
import { photographed, renderLicenceBack, renderLicenceFront, renderPassport } from '../../specimen/index.ts'

// Whole pages are read here, on machines that may be busy.
vi.setConfig({ testTimeout: 240_000 })

const ada = {
  surname: 'Lovelace',
  givenNames: 'Ada Byron',
  number: 'T64235789',
  dateOfBirth: '1990-12-10',
  expiry: '2031-04-15',
  sex: 'F',
  jurisdiction: { issuer: '636000', country: 'USA', state: 'VA', name: 'Virginia' },
} as const
const today = new Date('2026-11-25T00:00:00Z')
const photo = (page: Uint8Array, turn = 0) => photographed(page, { width: 1200, turn, blur: 0.6, seed: 4 })
const front = async (turn = 0) => photo(await renderLicenceFront(ada), turn)
const back = async (faults = {}, turn = 0) => photo(await renderLicenceBack(ada, faults), turn)
const judge = async (sides: { front: Uint8Array; back?: Uint8Array }) =>
  assess({ ...sides, kind: 'DRIVING_LICENSE', today })

describe('a licence whose bar code and print agree', () => {
  it('is read, every field sure by two readings', async () => {
    const { document } = await judge({ front: await front(2), back: await back({}, -4) })
    expect(document).toMatchObject({
      kind: 'DRIVING_LICENSE',
      mrz: null,
      barcode: { standard: 'AAMVA', version: 10, issuer: '636000', state: 'VA', agreed: true },
      retake: [],
    })
    const values = Object.entries(document.fields).map(([name, field]) => [name, field.value, field.sure])
    expect(Object.fromEntries(values.map(([name, value]) => [name, value]))).toEqual({
      issuingCountry: 'USA',
      lastName: 'LOVELACE',
      firstName: 'ADA BYRON',
      number: 'T64235789',
      dateOfBirth: '1990-12-10',
      expiry: '2031-04-15',
      sex: 'F',
    })
    expect(values.filter(([name, , sure]) => !sure && name !== 'sex')).toEqual([])
    expect(document.fields.number?.sources).toEqual(['barcode', 'visual'])
    // It is a specimen, has a drawn portrait, and nothing else to say.
    expect(document.signals.filter((signal) => signal !== 'portrait_missing')).toEqual(['specimen'])
  })

  it.each([
    ['upside down', async () => ({ front: await front(180), back: await back({}, 90) })],
    ['on its side', async () => ({ front: await front(90), back: await back() })],
    ['with its sides the wrong way round', async () => ({ front: await back(), back: await front() })],
  ])('is read %s', async (_name, sides) => {
    expect((await judge(await sides())).document.barcode?.agreed).toBe(true)
  })

  it('is known by its code when nobody said what it is', async () => {
    const { document } = await assess({ front: await front(), back: await back(), today })
    expect(document.kind).toBe('DRIVING_LICENSE')
  })
})

describe('several pictures of a side', () => {
  it('are read until one shows the code and the others together what it says', async () => {
    const blurred = async (page: Uint8Array) => photographed(page, { width: 500, blur: 6, seed: 2 })
    const { document } = await assess({
      front: [await blurred(await renderLicenceFront(ada)), await front()],
      back: [await blurred(await renderLicenceBack(ada)), await back()],
      kind: 'DRIVING_LICENSE',
      today,
    })
    expect(document.barcode?.agreed).toBe(true)
    expect(document.retake).toEqual([])
    // What is told of the picture is of the one that was read.
    expect(document.quality.width).toBeGreaterThan(1000)
  })

  it('of different cards agree no more than one of them does', async () => {
    const other = { ...ada, surname: 'Hopper', givenNames: 'Grace', number: 'Q11122233', dateOfBirth: '1971-05-06' }
    const { document, verdict } = await assess({
      front: [await photo(await renderLicenceFront(other)), await photo(await renderLicenceFront(other), 3)],
      back: await back(),
      kind: 'DRIVING_LICENSE',
      today,
    })
    expect(document.fields.lastName?.sure).toBe(false)
    expect(document.signals).toContain('sources_disagree')
    expect(verdict).toBe('review')
  })

  it('of different cards are no third one: portrait and print come from those that name the card', async () => {
    const other = { ...ada, surname: 'Hopper', givenNames: 'Grace', number: 'Q11122233', dateOfBirth: '1971-05-06' }
    const foreign = await photo(await renderLicenceFront(other))
    const { document, hashes } = await assess({
      front: [foreign, await front()],
      back: await back(),
      kind: 'DRIVING_LICENSE',
      today,
    })
    const alone = await assess({ front: await front(), back: await back(), kind: 'DRIVING_LICENSE', today })
    expect(document.fields.lastName).toMatchObject({ value: 'LOVELACE', sure: true })
    expect(hashes.front).toBe(alone.hashes.front)
  })
})

describe('a bar code alone is never sure', () => {
  it.each([
    ['surname', { codedSurname: 'Babbage' }, 'lastName'],
    ['number', { codedNumber: 'K99887766' }, 'number'],
    ['date of birth', { codedDateOfBirth: '1984-01-31' }, 'dateOfBirth'],
  ] as const)('of another %s than the print: that field is not, and a person looks', async (_name, faults, field) => {
    const { document, verdict } = await judge({ front: await front(), back: await back(faults) })
    expect(document.fields[field]).toMatchObject({ sure: false, sources: ['barcode'] })
    expect(document.signals).toContain('sources_disagree')
    expect(document.barcode?.agreed).toBe(false)
    expect(verdict).toBe('review')
  })

  it('of a number that is the end of the printed one: the digits before it are no item’s', async () => {
    const numbered = { ...ada, number: '12345678' }
    const { document, verdict } = await judge({
      front: await photo(await renderLicenceFront(numbered)),
      back: await photo(await renderLicenceBack(numbered, { codedNumber: '345678' })),
    })
    expect(document.fields.number).toMatchObject({ value: '345678', sure: false })
    expect(verdict).toBe('review')
    const honest = await judge({
      front: await photo(await renderLicenceFront(numbered)),
      back: await photo(await renderLicenceBack(numbered)),
    })
    expect(honest.document.fields.number).toMatchObject({ value: '12345678', sure: true })
  })

  it('beside the front of another person: no field of it is', async () => {
    const other = {
      ...ada,
      surname: 'Hopper',
      givenNames: 'Grace',
      number: 'Q11122233',
      dateOfBirth: '1971-05-06',
      expiry: '2029-09-09',
    }
    const { document, verdict } = await judge({
      front: await photo(await renderLicenceFront(other)),
      back: await back(),
    })
    for (const name of ['lastName', 'firstName', 'number', 'dateOfBirth', 'expiry'] as const)
      expect(document.fields[name]?.sure).toBe(false)
    expect(document.signals).toContain('sources_disagree')
    expect(verdict).toBe('review')
  })
})

describe('what can be done better', () => {
  it('is the back, when it is not there or has no code to be read', async () => {
    const alone = await judge({ front: await front() })
    expect([alone.verdict, alone.document.retakeSide, alone.document.retake]).toEqual([
      'retake',
      'back',
      ['side_missing'],
    ])
    const blurred = await photographed(await renderLicenceBack(ada), { width: 500, blur: 6, seed: 2 })
    const unclear = await judge({ front: await front(), back: blurred })
    expect([unclear.document.retakeSide, unclear.document.retake[0]]).toEqual(['back', 'photo_blurry'])
  })

  it('is the front, when the back was sent as it', async () => {
    const { document } = await judge({ front: await back() })
    expect([document.retakeSide, document.retake]).toEqual(['front', ['side_missing']])
  })

  it('is the front, when nothing on it can be read', async () => {
    const blurred = await photographed(await renderLicenceFront(ada), { width: 600, blur: 7, seed: 2 })
    const { document, verdict } = await judge({ front: blurred, back: await back() })
    expect([verdict, document.retakeSide, document.retake[0]]).toEqual(['retake', 'front', 'photo_blurry'])
  })
})

it('a passport with any back is read as the passport it is', async () => {
  const page = await renderPassport({
    surname: 'Lovelace',
    givenNames: 'Ada',
    number: 'L898902C3',
    dateOfBirth: '1990-12-10',
    expiry: '2031-04-15',
    sex: 'F',
  })
  const { document } = await assess({ front: await photo(page), back: await front(), today })
  expect(document).toMatchObject({ kind: 'PASSPORT', mrz: { format: 'TD3' } })
})
