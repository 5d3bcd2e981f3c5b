import sharp from 'sharp'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { assess } from '../assess.ts'
import { decodePicture } from '../pictures/decode.ts'
import { pdfOf, photographed, renderPassport, type Shot } from '../specimen/index.ts'
import { screenPattern } from './screen.ts'

// Whole pages are photographed here, on machines that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let page: Uint8Array
beforeAll(async () => {
  page = await renderPassport({
    surname: 'Lovelace',
    givenNames: 'Ada',
    number: 'L898902C3',
    dateOfBirth: '1990-12-10',
    expiry: '2031-04-15',
    sex: 'F',
  })
})
const look = async (bytes: Uint8Array) => screenPattern(bytes, await decodePicture(bytes))
const usual: Shot = { width: 1300, turn: 2, blur: 0.4, noise: 4, jpeg: 85, seed: 5 }

describe('a page', () => {
  it('on paper has no grid, flat, leaning or badly saved', async () => {
    for (const shot of [{}, { tilt: { horizontal: 14, vertical: -9 } }, { jpeg: 30 }, { table: 'cloth' } as const])
      expect(await look(await photographed(page, { ...usual, ...shot }))).toBe('not_found')
  })

  it('on a screen of stripes or dots whose pixels the camera tells apart is found, leaning too', async () => {
    for (const shot of [
      { screen: { pixels: 600, layout: 'stripes' } },
      { screen: { pixels: 700, layout: 'dots' } },
      { screen: { pixels: 560, layout: 'stripes' }, tilt: { horizontal: 8, vertical: -6 } },
    ] as const)
      expect(await look(await photographed(page, { ...usual, ...shot }))).toBe('found')
  })

  it('is looked at with every pixel that was sent', async () => {
    const large = await photographed(page, { ...usual, width: 2100, screen: { pixels: 900, layout: 'stripes' } })
    expect((await decodePicture(large)).width).toBe(1800)
    expect(await look(large)).toBe('found')
  })

  it('whose file a decoder only warns of is looked at all the same', async () => {
    const large = await photographed(page, { ...usual, width: 2100, screen: { pixels: 900, layout: 'stripes' } })
    // Between the marker of the start with the segment behind it, and the next marker.
    const next = 4 + Buffer.from(large).readUInt16BE(4)
    const odd = Buffer.concat([large.subarray(0, next), Buffer.from('stray bytes'), large.subarray(next)])
    const usually = await sharp(odd)
      .raw()
      .toBuffer()
      .then(
        () => 'read',
        ({ message }: Error) => message,
      )
    expect(usually).toMatch(/extraneous bytes/)
    expect(await look(odd)).toBe('found')
  })

  it('whose middle cannot be read is not assessed, which ends no check', async () => {
    const large = await photographed(page, { ...usual, width: 2100 })
    const decoded = await decodePicture(large)
    expect(await screenPattern(large.subarray(0, 300), decoded)).toBe('not_assessed')
  })

  it('too small, too soft or drawn from a file is not assessed', async () => {
    const photo = await photographed(page, usual)
    expect(await look(await sharp(photo).resize({ width: 600 }).jpeg().toBuffer())).toBe('not_assessed')
    expect(await look(await photographed(page, { ...usual, blur: 2.4 }))).toBe('not_assessed')
    const file = pdfOf({ jpeg: photo, width: 1456, height: 1071 }, { pages: 1 })
    expect(await look(file)).toBe('not_assessed')
  })

  it('on a screen goes to a person', async () => {
    const front = await photographed(page, { ...usual, screen: { pixels: 600, layout: 'stripes' } })
    const { document, copies, verdict } = await assess({ front, today: new Date('2026-11-25') })
    expect(document.signals).toContain('screen_pattern')
    expect(copies.screenPattern).toBe('found')
    expect(['review', 'retake']).toContain(verdict)
  })
})
