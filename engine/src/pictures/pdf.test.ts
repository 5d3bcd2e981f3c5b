import sharp from 'sharp'
import { describe, expect, it, vi } from 'vitest'
import { read } from '../assess.ts'
import { EngineError } from '../errors.ts'
import { pdfOf, renderPassport } from '../specimen/index.ts'
import { decodePicture } from './decode.ts'

// Whole pages are read here, on machines that may be busy.
vi.setConfig({ testTimeout: 240_000 })

const refused = async (bytes: Uint8Array): Promise<string> => {
  try {
    await decodePicture(bytes)
    return 'decoded'
  } catch (error) {
    return error instanceof EngineError ? error.code : `another error: ${String(error)}`
  }
}
const small = async () => ({
  jpeg: await sharp({ create: { width: 600, height: 400, channels: 3, background: '#c86432' } })
    .jpeg()
    .toBuffer(),
  width: 600,
  height: 400,
})

describe('the first page of a PDF', () => {
  it('is read like a photo of it: a passport on an A4 sheet, white paper cut away', async () => {
    const page = await renderPassport({
      surname: 'Lovelace',
      givenNames: 'Ada',
      number: 'L898902C3',
      dateOfBirth: '1990-12-10',
      expiry: '2031-04-15',
      sex: 'F',
    })
    const jpeg = await sharp(page).jpeg({ quality: 90 }).toBuffer()
    const reading = await read(pdfOf({ jpeg, width: 1500, height: 1056 }), new Date('2026-11-25'))
    expect(reading).toMatchObject({ kind: 'PASSPORT', mrz: { checkDigitsValid: true } })
    expect(reading.fields.lastName?.value).toBe('LOVELACE')
    expect(reading.quality.width / reading.quality.height).toBeGreaterThan(1.2)
  })

  it('is the only one looked at, in its colours', async () => {
    const picture = await decodePicture(pdfOf(await small(), { pages: 40 }))
    const at = (Math.floor(picture.height / 2) * picture.width + Math.floor(picture.width / 2)) * 3
    const [red = 0, green = 0, blue = 0] = picture.data.subarray(at, at + 3)
    expect([Math.abs(red - 200) < 8, Math.abs(green - 100) < 8, Math.abs(blue - 50) < 8]).toEqual([true, true, true])
  })

  it('has one size at most, however large the page says it is', async () => {
    const huge = Buffer.from(
      pdfOf(await small())
        .toString('latin1')
        .replace('[0 0 595 842]', '[0 0 9e8 9e8]'),
      'latin1',
    )
    const picture = await decodePicture(huge, 10_000).catch((error: EngineError) => error.code)
    if (typeof picture === 'string') expect(['pdf_damaged', 'too_small']).toContain(picture)
    else expect(Math.max(picture.original.width, picture.original.height)).toBeLessThanOrEqual(2800)
  })
})

describe('a PDF that cannot be opened', () => {
  it('says so when it has a password, and when it is broken', async () => {
    expect(await refused(pdfOf(await small(), { locked: true }))).toBe('pdf_locked')
    expect(await refused(Buffer.from('%PDF-1.7\nnothing of the kind'))).toBe('pdf_damaged')
    const whole = pdfOf(await small())
    expect(await refused(whole.subarray(0, 200))).toBe('pdf_damaged')
    // After each of them, the next one is read.
    expect(await refused(whole)).toBe('decoded')
  })
})
