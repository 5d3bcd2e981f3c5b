import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { assess } from '../assess.ts'
import { packageFile } from '../models.ts'
import { photographed, renderPassport, renderSpecimen, type Shot, type Specimen } from '../specimen/index.ts'

// Whole pages are photographed here, on machines that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

// Photographs of a package in node_modules, cut at test time and never stored.
const cut = (photo: number, left: number, top: number, side: number): Promise<Buffer> =>
  sharp(readFileSync(packageFile('@vladmandic/face-api', `demo/sample${photo}.jpg`)))
    .extract({ left, top, width: side, height: Math.round(side * 1.2) })
    .resize({ width: 480 })
    .jpeg({ quality: 92 })
    .toBuffer()
const today = new Date('2026-11-24T00:00:00Z')
const shot: Shot = { width: 1300, turn: 1.5, blur: 0.6 }

/** Who holds the documents, and whose selfie it is. */
let attacker: Specimen
/** Whose data somebody else would like to have. */
let victim: Specimen
let selfie: Buffer
beforeAll(async () => {
  attacker = {
    surname: 'Lovelace',
    givenNames: 'Ada',
    number: 'L89890213',
    dateOfBirth: '1990-12-10',
    expiry: '2031-04-15',
    sex: 'F',
    portrait: await cut(1, 1296, 120, 360),
  }
  selfie = await cut(3, 830, 70, 520)
  victim = {
    ...attacker,
    surname: 'Łukasiewicz',
    givenNames: 'Zofia Anna',
    number: 'K40281736',
    dateOfBirth: '1962-05-03',
    portrait: await cut(6, 600, 80, 420),
  }
})
const card = async (person: Specimen, how: Shot = shot) => {
  const { front, back } = await renderSpecimen('id-card', person)
  if (!back) throw new Error('a card has two sides')
  return { front: await photographed(front, how), back: await photographed(back, { ...how, seed: 2 }) }
}

/** Somebody's face, large, and a photograph of a page held beside it. */
const heldBeside = async (page: Uint8Array): Promise<Buffer> => {
  const face = await sharp(selfie).resize({ width: 700 }).toBuffer()
  const document = await sharp(page).resize({ width: 1050 }).toBuffer()
  return sharp({ create: { width: 1800, height: 1200, channels: 3, background: '#9a9488' } })
    .composite([
      { input: face, left: 10, top: 150 },
      { input: document, left: 735, top: 200 },
    ])
    .jpeg({ quality: 92 })
    .toBuffer()
}

describe('the sides of two cards', () => {
  it('go to a person, whichever way round they come', async () => {
    const { front } = await card(attacker)
    const { back } = await card(victim)
    for (const sides of [
      { front, back },
      { front: back, back: front },
    ]) {
      const { document, verdict } = await assess({ ...sides, selfie, today })
      expect(document.signals).toContain('sides_disagree')
      expect(verdict).not.toBe('pass')
    }
  })

  it('of one card that come the wrong way round pass: its own front says so', async () => {
    const { front, back } = await card(attacker)
    const { document, verdict } = await assess({ front: back, back: front, selfie, today })
    expect(document.fields.number).toMatchObject({ value: attacker.number, sure: true })
    expect(document.signals).toEqual(['specimen'])
    expect(verdict).toBe('pass')
  })
})

describe('a face beside a document', () => {
  it('is not its portrait, be it covered or not', async () => {
    const { portrait: _portrait, ...covered } = victim
    for (const person of [victim, covered]) {
      const page = await photographed(await renderPassport(person), { width: 1100, blur: 0.4 })
      const { document, face, verdict } = await assess({ front: await heldBeside(page), selfie, today })
      expect(document.fields.number?.value).toBe(victim.number)
      expect(face?.verdict).not.toBe('match')
      expect(verdict).not.toBe('pass')
      if (person === covered) expect(document.signals).toContain('portrait_missing')
      else expect(document.signals).toContain('several_portraits')
    }
  })

  it('is nothing to look at where it is the holder’s', async () => {
    const page = await photographed(await renderPassport(attacker), { width: 1100, blur: 0.4 })
    const { document, face } = await assess({ front: await heldBeside(page), selfie, today })
    expect(face?.verdict).toBe('match')
    expect(document.signals).not.toContain('several_portraits')
  })

  it('of an ID card is not its portrait either', async () => {
    const { portrait: _portrait, ...covered } = victim
    const { front, back } = await card(covered, { width: 1100, blur: 0.4 })
    const { document, verdict } = await assess({ front: await heldBeside(front), back, selfie, today })
    expect(document.signals).toContain('portrait_missing')
    expect(verdict).not.toBe('pass')
  })
})

describe('pictures of one side', () => {
  it('that show two cards do not make a third of one’s print and the other’s portrait', async () => {
    const own = await card(attacker)
    const other = await card(victim)
    const patch = await sharp({ create: { width: 520, height: 420, channels: 3, background: '#ffffff' } })
      .png()
      .toBuffer()
    const whitened = await sharp(other.front)
      .composite([{ input: patch, left: 60, top: 260 }])
      .jpeg({ quality: 92 })
      .toBuffer()
    const { document, verdict } = await assess({ front: [whitened, own.front], back: other.back, selfie, today })
    expect(document.signals).toContain('sides_disagree')
    expect(verdict).not.toBe('pass')
  })

  it('are looked at for a screen’s grid, whichever of them counts', async () => {
    const blurred = await photographed(await renderPassport(attacker), { width: 900, blur: 9 })
    const screen = await photographed(await renderPassport(attacker), {
      ...shot,
      blur: 0.4,
      screen: { pixels: 600, layout: 'stripes' },
    })
    const { document } = await assess({ front: [blurred, screen], today })
    expect(document.fields.number?.value).toBe(attacker.number)
    expect(document.signals).toContain('screen_pattern')
  })
})

describe('a person of more than a hundred years', () => {
  it('is not taken for a child: the page prints the year in full', async () => {
    const old = { ...attacker, dateOfBirth: '1924-03-15' }
    const { document } = await assess({ front: await photographed(await renderPassport(old), shot), today })
    expect(document.fields.dateOfBirth).toMatchObject({ sure: false })
    expect(document.signals).toContain('sources_disagree')
  })
})
