import sharp from 'sharp'
import { describe, expect, it, vi } from 'vitest'
import { lit } from '../../bench/lit.ts'
import { assess } from '../assess.ts'
import { decodePicture } from '../pictures/decode.ts'
import { photographed, renderLicenceFront, renderPassport } from '../specimen/index.ts'
import { copies } from '../thresholds.ts'
import { colourless, colourSpread } from './colour.ts'

// Whole pages are read here, on machines that may be busy.
vi.setConfig({ testTimeout: 240_000 })

const person = {
  surname: 'Lovelace',
  givenNames: 'Ada',
  number: 'L898902C3',
  dateOfBirth: '1990-12-10',
  expiry: '2031-04-15',
  sex: 'F',
} as const
const copyOf = (page: Uint8Array) => sharp(page).greyscale().toColourspace('srgb').png().toBuffer()
const spreadOf = async (page: Uint8Array, warmth: number, shadow: number): Promise<number> =>
  colourSpread(
    await decodePicture(
      await lit(await photographed(page, { width: 1000, noise: 8, brightness: 0.8, seed: 3 }), warmth, shadow),
    ),
  )

describe('a page', () => {
  it.each([
    ['daylight', 1, 0],
    ['lamp light', 1.18, 0.1],
    ['shade', 0.92, 0.3],
  ])('in colour has colours and its black-and-white copy has none, in %s', async (_name, warmth, shadow) => {
    for (const page of [await renderPassport(person), await renderLicenceFront(person)]) {
      expect(await spreadOf(page, warmth, shadow)).toBeGreaterThan(copies.colourSpread * 1.5)
      expect(await spreadOf(await copyOf(page), warmth, shadow)).toBeLessThan(copies.colourSpread)
    }
  })

  it('that nobody can see the colour of is not assessed', async () => {
    const flat = (light: number, width = 600) => ({
      data: new Uint8Array(width * 400 * 3).fill(light),
      width,
      height: 400,
    })
    expect(await colourless(flat(12))).toBe('not_assessed')
    expect(await colourless(flat(252))).toBe('not_assessed')
    expect(await colourless(flat(128))).toBe('found')
    const striped = flat(128)
    for (let at = 0; at < striped.data.length; at += 3) if ((at / 3) % 600 < 300) striped.data[at] = 180
    expect(await colourless(striped)).toBe('not_found')
  })

  it('without colour is asked for again, and never passes', async () => {
    const copy = await photographed(await copyOf(await renderPassport(person)), { width: 1300, seed: 3 })
    const { document, verdict } = await assess({ front: copy, today: new Date('2026-11-25') })
    expect(document.signals).toContain('no_colour')
    expect(document.retake).toEqual(['photo_grey'])
    expect(verdict).toBe('retake')
  })
})
