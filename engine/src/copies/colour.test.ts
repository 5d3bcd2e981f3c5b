import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { lit } from '../../bench/lit.ts'
import { assess } from '../assess.ts'
import { decodePicture } from '../decode.ts'
import { photographed, renderLicenceFront, renderPassport } from '../specimen/index.ts'
import { copies } from '../thresholds.ts'
import { colourSpread } from './colour.ts'

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

  it('without colour is asked for again, and never passes', async () => {
    const copy = await photographed(await copyOf(await renderPassport(person)), { width: 1300, seed: 3 })
    const { document, verdict } = await assess({ front: copy, today: new Date('2026-11-25') })
    expect(document.signals).toContain('no_colour')
    expect(document.retake).toEqual(['photo_grey'])
    expect(verdict).toBe('retake')
  })
})
