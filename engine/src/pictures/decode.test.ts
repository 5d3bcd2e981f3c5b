import { randomBytes } from 'node:crypto'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { EngineError } from '../errors.ts'
import { decodePicture, sniffType, turnPicture } from './decode.ts'

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 100, b: 50 } }, limitInputPixels: false })
const refused = async (bytes: Uint8Array): Promise<string> => {
  try {
    await decodePicture(bytes)
    return 'decoded'
  } catch (error) {
    return error instanceof EngineError ? error.code : 'another error'
  }
}

describe('hostile files', () => {
  it('are refused by what they are, whatever they are called', async () => {
    expect(await refused(Buffer.from('this is text named .jpg'))).toBe('not_a_picture')
    expect(await refused(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBe('not_a_picture')
    expect(await refused(Buffer.from('PK\x03\x04zip'))).toBe('not_a_picture')
    expect(await refused(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(4000)]))).toBe('damaged')
    expect(await refused(Buffer.alloc(0))).toBe('not_a_picture')
  })

  it('of too many bytes or pixels are refused before anything is decoded', async () => {
    expect(await refused(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(10 * 1_048_576)]))).toBe(
      'too_many_bytes',
    )
    const bomb = await plain(20_000, 10_000).png({ compressionLevel: 9 }).toBuffer()
    const from = performance.now()
    expect(await refused(bomb)).toBe('too_many_pixels')
    expect(performance.now() - from).toBeLessThan(3_000)
    expect(await refused(await plain(13_000, 60).png().toBuffer())).toBe('too_many_pixels')
    expect(await refused(await plain(200, 200).png().toBuffer())).toBe('too_small')
  })

  it('that end early are refused', async () => {
    const whole = await plain(900, 600).jpeg().toBuffer()
    expect(await refused(whole.subarray(0, Math.floor(whole.length * 0.6)))).toBe('damaged')
  })
})

describe('pictures of every honest kind', () => {
  it('come out upright, RGB, without alpha', async () => {
    for (const orientation of [1, 3, 6, 8] as const) {
      const picture = await decodePicture(await plain(800, 500).withMetadata({ orientation }).jpeg().toBuffer())
      expect([picture.width, picture.height]).toEqual(orientation >= 5 ? [500, 800] : [800, 500])
      expect(picture.data.length).toBe(picture.width * picture.height * 3)
    }
    const alpha = await decodePicture(await plain(800, 500).ensureAlpha(0.5).png().toBuffer())
    expect(alpha.data.length).toBe(800 * 500 * 3)
    const grey = await decodePicture(await plain(800, 500).greyscale().jpeg().toBuffer())
    expect(grey.data.length).toBe(800 * 500 * 3)
    const cmyk = await decodePicture(await plain(800, 500).toColourspace('cmyk').jpeg().toBuffer())
    expect(cmyk.data.length).toBe(800 * 500 * 3)
    const deep = await decodePicture(await plain(800, 500).toColourspace('rgb16').png().toBuffer())
    expect(deep.data.length).toBe(800 * 500 * 3)
  })

  it('are known by their first bytes', async () => {
    expect(sniffType(await plain(400, 400).webp().toBuffer())).toBe('webp')
    expect(sniffType(await plain(400, 400).png().toBuffer())).toBe('png')
  })

  it('turn by quarters, and four turns are none', () => {
    const picture = { data: Uint8Array.from({ length: 18 }, (_value, index) => index), width: 3, height: 2 }
    let turned = picture as Parameters<typeof turnPicture>[0]
    for (let quarter = 0; quarter < 4; quarter += 1) turned = turnPicture(turned, 1)
    expect([...turned.data]).toEqual([...picture.data])
    expect(turnPicture(picture, 1)).toMatchObject({ width: 2, height: 3 })
  })
})
