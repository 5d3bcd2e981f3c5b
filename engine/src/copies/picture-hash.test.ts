import sharp from 'sharp'
import { describe, expect, it, vi } from 'vitest'
import { decodePicture } from '../pictures/decode.ts'
import { photographed, renderPassport, type Specimen } from '../specimen/index.ts'
import { hashPicture } from './picture-hash.ts'

vi.setConfig({ testTimeout: 120_000 })

const ada: Specimen = {
  surname: 'Lovelace',
  givenNames: 'Ada',
  number: 'L898902C3',
  dateOfBirth: '1990-12-10',
  expiry: '2031-04-15',
  sex: 'F',
}
const hashOf = async (bytes: Uint8Array) => hashPicture(await decodePicture(bytes))
/** Pieces of 16 bits, of 16, that two hashes share. */
const shared = (a: string | null, b: string | null): number =>
  (a?.match(/.{4}/g) ?? []).filter((piece, index) => piece === b?.slice(index * 4, index * 4 + 4)).length

describe('what a picture looks like', () => {
  it('stays when it is saved again, and changes with the photograph and with the document', async () => {
    const page = await renderPassport(ada)
    const photo = await photographed(page, { width: 1300, seed: 3 })
    const hash = await hashOf(photo)
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    for (const again of [
      await sharp(photo).jpeg({ quality: 40 }).toBuffer(),
      await sharp(photo).resize({ width: 800 }).webp({ quality: 70 }).toBuffer(),
      await sharp(photo).linear(1.05, 5).png().toBuffer(),
    ])
      expect(shared(hash, await hashOf(again))).toBeGreaterThanOrEqual(8)
    expect(shared(hash, await hashOf(await photographed(page, { width: 1300, turn: 4, seed: 4 })))).toBeLessThan(4)
    const other = await renderPassport({ ...ada, surname: 'Hopper', givenNames: 'Grace', number: 'X41K77P20' })
    expect(shared(await hashOf(page), await hashOf(other))).toBeLessThan(6)
  })

  it('is nothing where nothing is shown', async () => {
    const wall = await sharp({ create: { width: 900, height: 700, channels: 3, background: '#c8c4bd' } })
      .jpeg()
      .toBuffer()
    expect(await hashOf(wall)).toBeNull()
  })
})
