import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { assess } from '../assess.ts'
import type { Assessment } from '../findings.ts'
import {
  photographed,
  renderNumberedLicence,
  renderSpecimen,
  type Shot,
  type Specimen,
  type SpecimenFaults,
  type SpecimenType,
  toZoneName,
} from '../specimen/index.ts'

const today = new Date('2026-11-24T00:00:00Z')
// Pictures of people come from a package in node_modules, and are cut at test time.
const samples = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo')
const cut = (sample: number, left: number, top: number, side: number): Promise<Buffer> =>
  sharp(readFileSync(join(samples, `sample${sample}.jpg`)))
    .extract({ left, top, width: side, height: Math.round(side * 1.2) })
    .resize({ width: 480 })
    .jpeg({ quality: 92 })
    .toBuffer()
const portrait = await cut(1, 1296, 120, 360)
const selfie = await cut(3, 830, 70, 520)

const ada: Specimen = {
  surname: 'Lovelace',
  givenNames: 'Ada',
  number: 'L89890213',
  dateOfBirth: '1990-12-10',
  expiry: '2031-04-15',
  sex: 'F',
  portrait,
}
const zofia: Specimen = {
  ...ada,
  surname: 'Łukasiewicz',
  givenNames: 'Zofia Anna',
  number: 'K40281736',
  dateOfBirth: '1962-05-03',
  sex: 'F',
}
const shot: Shot = { width: 1300, turn: 1.5, blur: 0.6 }
const sidesOf = async (type: SpecimenType, person: Specimen, how: Shot = shot, faults: SpecimenFaults = {}) => {
  const { front, back } = await renderSpecimen(type, person, faults)
  return {
    front: await photographed(front, how),
    ...(back ? { back: await photographed(back, { ...how, seed: 2 }) } : {}),
  }
}

/** A field may be unsure; it may not be sure and wrong. */
const expectNoWrongAccept = ({ document }: Assessment, person: Specimen): void => {
  const truth = {
    lastName: toZoneName(person.surname).replaceAll('<', ' '),
    firstName: toZoneName(person.givenNames).replaceAll('<', ' '),
    number: person.number,
    dateOfBirth: person.dateOfBirth,
    expiry: person.expiry,
    personalNumber: person.personalNumber ?? '',
    optionalData: person.optionalData ?? '',
  }
  for (const [name, value] of Object.entries(truth)) {
    const field = document.fields[name as keyof typeof truth]
    if (field?.sure) expect(field.value, name).toBe(value)
  }
}

describe('an ID card of two sides', () => {
  it('passes with its MRZ on the back, its portrait in front, and says where each field was read', async () => {
    const assessed = await assess({ ...(await sidesOf('id-card', ada)), selfie, today })
    const { document } = assessed
    expect(document.signals).toEqual(['specimen'])
    expect(assessed.verdict).toBe('pass')
    expect(document).toMatchObject({ kind: 'ID_CARD', mrz: { format: 'TD1', checkDigitsValid: true } })
    expect(document.fields.lastName).toMatchObject({ value: 'LOVELACE', side: 'back', shownOn: 'front', sure: true })
    expect(document.fields.number).toMatchObject({ value: 'L89890213', shownOn: 'front', sure: true })
    expect(document.fields.issuingCountry).toMatchObject({ value: 'UTO', sure: true })
    expect(document.portraitWidth).toBeGreaterThan(80)
  }, 180_000)

  it('carries a number longer than nine and both optional fields', async () => {
    const person = { ...ada, number: 'L89890213734', personalNumber: 'AB127745', optionalData: 'XY4471' }
    const assessed = await assess({ ...(await sidesOf('id-card', person)), today })
    expect(assessed.document.fields.number).toMatchObject({ value: 'L89890213734', sure: true })
    expect(assessed.document.fields.personalNumber?.value).toBe('AB127745')
    expect(assessed.document.fields.optionalData?.value).toBe('XY4471')
    expectNoWrongAccept(assessed, person)
  }, 180_000)

  it('whose sides are of two cards goes to a person, though each of them is good', async () => {
    const { front } = await sidesOf('id-card', ada)
    const { back } = await sidesOf('id-card', zofia)
    const assessed = await assess({ front, ...(back ? { back } : {}), selfie, today })
    expect(assessed.document.signals).toContain('sides_disagree')
    expect(assessed.verdict).toBe('review')
  }, 180_000)

  it('whose back names another person beside the same number is a disagreement', async () => {
    const assessed = await assess({
      ...(await sidesOf('id-card', ada, shot, { zoneSurname: 'Hopper' })),
      selfie,
      today,
    })
    expect(assessed.document.signals).toContain('sources_disagree')
    expect(assessed.verdict).toBe('review')
  }, 180_000)

  it('asks for the side that is missing when the same side came twice', async () => {
    const { front, back = front } = await sidesOf('id-card', ada)
    const noBack = await assess({ front, back: front, today })
    expect(noBack.document).toMatchObject({ retake: ['wrong_page'], retakeSide: 'back' })
    const noFront = await assess({ front: back, back, today })
    expect(noFront.document).toMatchObject({ retake: ['wrong_page'], retakeSide: 'front' })
    expect(noFront.verdict).toBe('retake')
  }, 240_000)

  it('is found lying on its side and upside down', async () => {
    const { front } = await sidesOf('id-card', ada, { ...shot, turn: 90 })
    const { back } = await sidesOf('id-card', ada, { ...shot, turn: 180 })
    const assessed = await assess({ front, ...(back ? { back } : {}), today })
    expect(assessed.document.fields.number).toMatchObject({ value: 'L89890213', shownOn: 'front' })
    expect(assessed.document.signals).not.toContain('portrait_missing')
  }, 240_000)
})

describe('documents of one side', () => {
  it('TD2 and both visas are read whole', async () => {
    for (const [type, format, kind] of [
      ['id-card-td2', 'TD2', 'ID_CARD'],
      ['visa-a', 'MRV-A', 'VISA'],
      ['visa-b', 'MRV-B', 'VISA'],
    ] as const) {
      const { document } = await assess({ ...(await sidesOf(type, ada)), today })
      expect(document).toMatchObject({ kind, mrz: { format, checkDigitsValid: true }, retake: [] })
      expect(document.fields.number, type).toMatchObject({ value: 'L89890213', side: 'front', sure: true })
      expect(document.fields.lastName, type).toMatchObject({ value: 'LOVELACE', sure: true })
    }
  }, 240_000)

  it('the old French card is read by its own layout; nothing says when it expires, so a person looks', async () => {
    const person = { ...ada, number: '190675120934' }
    const assessed = await assess({ ...(await sidesOf('id-card-france', person)), selfie, today })
    expect(assessed.document.mrz?.format).toBe('FRA-ID')
    expect(assessed.document.fields.number).toMatchObject({ value: '190675120934', sure: true })
    expect(assessed.document.fields.firstName).toMatchObject({ value: 'ADA', sure: true })
    expect(assessed.document.fields.issuingCountry).toMatchObject({ value: 'FRA', sure: true })
    expect(assessed.document.signals).toContain('expiry_missing')
    expect(assessed.verdict).toBe('review')
  }, 180_000)
})

describe('a card without an MRZ', () => {
  it('is never more than a case for a person: what its labels say is told, and none of it is sure', async () => {
    const assessed = await assess({ ...(await sidesOf('id-card-without-zone', ada)), selfie, today })
    expect(assessed.document).toMatchObject({ kind: 'ID_CARD', mrz: null, retake: [] })
    expect(assessed.document.signals).toContain('no_mrz')
    expect(assessed.document.fields).toMatchObject({
      lastName: { value: 'LOVELACE', sources: ['visual'], side: 'front' },
      number: { value: 'L89890213' },
      dateOfBirth: { value: '1990-12-10' },
      expiry: { value: '2031-04-15' },
    })
    expect(Object.values(assessed.document.fields).filter(({ sure }) => sure)).toEqual([])
    expect(assessed.face?.verdict).toBe('match')
    expect(assessed.verdict).toBe('review')
  }, 180_000)
})

describe('a driving licence of the European model', () => {
  it('is known as one that nothing on it can confirm, in good and in poor pictures, and no field of it is handed out', async () => {
    for (const shot of [
      { width: 1300, seed: 2 },
      { width: 1000, seed: 3, turn: 5 },
    ] satisfies Shot[]) {
      const front = await photographed(await renderNumberedLicence(ada), shot)
      const assessed = await assess({ front, selfie, today })
      expect(assessed.document).toMatchObject({
        kind: 'DRIVING_LICENSE',
        mrz: null,
        fields: {},
        retake: ['document_unsupported'],
      })
      expect(assessed.verdict).toBe('retake')
    }
  }, 180_000)
})

describe('several frames of one side', () => {
  it('read a name that glare hides, each time another part of it', async () => {
    const td2 = (x: number, seed: number) =>
      sidesOf('id-card-td2', zofia, { width: 1100, seed, glare: { x, y: 0.84, radius: 0.035 } })
    const [first, second, third] = [await td2(0.25, 1), await td2(0.42, 2), await td2(0.58, 3)]
    const together = await assess({ front: [first.front, second.front, third.front], today })
    expect(together.document.fields.lastName?.value).toBe('LUKASIEWICZ')
    expect(together.document.fields.firstName?.value).toBe('ZOFIA ANNA')
    expect(together.document.mrz?.checkDigitsValid).toBe(true)
    expectNoWrongAccept(together, zofia)
  }, 240_000)

  it('make up for one that cannot be opened, and for a blurred one', async () => {
    const { front: blurred } = await sidesOf('id-card-td2', ada, { width: 900, blur: 9 })
    const { front } = await sidesOf('id-card-td2', ada)
    const assessed = await assess({ front: [new Uint8Array([1, 2, 3]), blurred, front], today })
    expect(assessed.document.retake).toEqual([])
    expect(assessed.document.fields.number).toMatchObject({ value: 'L89890213', sure: true })
    await expect(assess({ front: [new Uint8Array([1, 2, 3])], today })).rejects.toMatchObject({ code: 'not_a_picture' })
  }, 240_000)
})

describe('bad pictures of any format', () => {
  it('never give a field that is sure and wrong', async () => {
    const shots: Shot[] = [
      { width: 1100, glare: { x: 0.3, y: 0.83, radius: 0.06 }, seed: 2 },
      { width: 700, turn: 6, jpeg: 30, noise: 20, seed: 7 },
    ]
    for (const type of ['id-card', 'id-card-td2', 'visa-b'] as const)
      for (const how of shots) expectNoWrongAccept(await assess({ ...(await sidesOf(type, zofia, how)), today }), zofia)
  }, 300_000)
})
