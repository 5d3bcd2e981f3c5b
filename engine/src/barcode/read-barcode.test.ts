import sharp from 'sharp'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { seededNumbers } from '../fuzz/mutate.ts'
import { decodePicture } from '../pictures/decode.ts'
import { licenceText, photographed, renderLicenceBack } from '../specimen/index.ts'
import { readBarcode } from './read-barcode.ts'

// Whole pages are read here, on machines that may be busy.
vi.setConfig({ testTimeout: 240_000 })

const specimen = {
  surname: 'Lovelace',
  givenNames: 'Ada Byron',
  number: 'T64235789',
  dateOfBirth: '1990-12-10',
  expiry: '2031-04-15',
  sex: 'F',
} as const
const read = async (file: Uint8Array) => readBarcode(await decodePicture(file))
let back: Buffer
beforeAll(async () => {
  back = await renderLicenceBack(specimen)
})

describe('the bar code of a photographed licence', () => {
  it.each([0, 3, 5, 9, 14, 20, -7, -13, -20, 90, 180, 260])('is read, turned by %i degrees', async (turn) => {
    expect(await read(await photographed(back, { width: 1200, turn, blur: 0.7, seed: 7 }))).toBe(licenceText(specimen))
  })

  it.each([
    [12, 0],
    [0, -12],
    [10, 10],
    [-12, 8],
  ])('is read, leaned by %i and %i degrees', async (horizontal, vertical) => {
    const photo = await photographed(back, { turn: 6, tilt: { horizontal, vertical }, width: 1200, blur: 0.7, seed: 9 })
    expect(await read(photo)).toBe(licenceText(specimen))
  })

  it('is not there on a blank card, on noise, or when half of it is covered', async () => {
    const blank = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#eeeeee' } })
      .png()
      .toBuffer()
    expect(await read(blank)).toBeNull()
    const number = seededNumbers(3)
    const noise = Buffer.from(Array.from({ length: 900 * 600 }, () => number(256)))
    expect(
      await read(
        await sharp(noise, { raw: { width: 900, height: 600, channels: 1 } })
          .png()
          .toBuffer(),
      ),
    ).toBeNull()
    const cover = await sharp({ create: { width: 800, height: 900, channels: 3, background: '#ffffff' } })
      .png()
      .toBuffer()
    expect(
      await read(
        await sharp(back)
          .composite([{ input: cover, left: 0, top: 0 }])
          .png()
          .toBuffer(),
      ),
    ).toBeNull()
  })
})
