import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { EngineError } from './errors.ts'
import { decodePicture } from './pictures/decode.ts'
import { createEnginePool } from './pool.ts'

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 100, b: 50 } }, limitInputPixels: false })
const refused = async (bytes: Uint8Array): Promise<string> => {
  try {
    await decodePicture(bytes)
    return 'decoded'
  } catch (error) {
    return error instanceof EngineError ? error.code : `another error: ${String(error)}`
  }
}
const pixel = (picture: { data: Uint8Array; width: number }, x: number, y: number): number[] => {
  const at = (y * picture.width + x) * 3
  return [...picture.data.subarray(at, at + 3)]
}
const near = (found: number[], wanted: number[], by = 6): boolean =>
  found.every((value, channel) => Math.abs(value - (wanted[channel] ?? 0)) <= by)

const chunk = (name: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const header = (width: number, height: number): Buffer => {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width, 0)
  data.writeUInt32BE(height, 4)
  data.set([8, 2, 0, 0, 0], 8)
  return chunk('IHDR', data)
}
/** A PNG of a few hundred bytes that says it is this large. */
const claiming = (width: number, height: number): Buffer =>
  Buffer.concat([
    SIGNATURE,
    header(width, height),
    chunk('IDAT', deflateSync(Buffer.alloc(50_000))),
    chunk('IEND', Buffer.alloc(0)),
  ])

/** Red, green, blue and white corners: turned or mirrored, no two of the eight orientations look alike. */
const corners = () =>
  sharp(
    Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><rect width="300" height="200" fill="#f00"/><rect x="300" width="300" height="200" fill="#0f0"/><rect y="200" width="300" height="200" fill="#00f"/><rect x="300" y="200" width="300" height="200" fill="#fff"/></svg>',
    ),
  ).removeAlpha()
const red = [255, 0, 0]
const green = [0, 255, 0]
const blue = [0, 0, 255]
const white = [255, 255, 255]
/** Corners of the upright picture, clockwise from the top left, by EXIF orientation of the stored one (EXIF 3.0, 4.6.6). */
const upright: Record<number, number[][]> = {
  1: [red, green, white, blue],
  2: [green, red, blue, white],
  3: [white, blue, red, green],
  4: [blue, white, green, red],
  5: [red, blue, white, green],
  6: [blue, red, green, white],
  7: [white, green, red, blue],
  8: [green, white, blue, red],
}

describe('what a file says of itself', () => {
  it.each([
    ['a web page named as a JPEG', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['an SVG', Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"/>')],
    ['a GIF that is also a script', Buffer.from('GIF89a/*\x00\x00*/=1;alert(1)//')],
    ['a ZIP', Buffer.from('PK\x03\x04\x14\x00')],
    ['a TIFF', Buffer.from('II*\x00\x08\x00\x00\x00')],
    ['nothing at all', Buffer.alloc(0)],
    ['one byte', Buffer.from([0xff])],
    [
      'an SVG behind the head of a WebP',
      Buffer.from(
        'RIFF\x00\x00\x00\x00WEBP<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"/>',
        'latin1',
      ),
    ],
  ])('does not count: %s is no picture', async (_name, bytes) => {
    expect(await refused(bytes)).toBe('not_a_picture')
  })

  it('is not asked twice: an SVG behind whole WebP and JPEG heads reaches no decoder of SVG', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"/>'
    for (const head of ['RIFF\x40\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00', '\xff\xd8\xff\xe0', '\x89PNG\r\n\x1a\n'])
      expect(['damaged', 'not_a_picture']).toContain(await refused(Buffer.from(head + svg, 'latin1')))
  })

  it('may go on behind the picture: of a JPEG with a ZIP or a script after it the pixels count, nothing else', async () => {
    const picture = await plain(600, 400).jpeg().toBuffer()
    for (const tail of ['PK\x03\x04 and the rest of an archive', '<script>alert(1)</script>', '%PDF-1.7']) {
      const decoded = await decodePicture(Buffer.concat([picture, Buffer.from(tail)]))
      expect(near(pixel(decoded, 300, 200), [200, 100, 50])).toBe(true)
    }
  })

  it('about its size is believed only as far as it is refused', async () => {
    const from = performance.now()
    expect(await refused(claiming(50_000, 50_000))).toBe('too_many_pixels')
    expect(await refused(claiming(100_000, 1))).toBe('too_many_pixels')
    expect(await refused(claiming(1, 100_000))).toBe('too_many_pixels')
    expect(await refused(claiming(7_000, 7_000))).toBe('damaged')
    expect(await refused(claiming(0, 0))).toBe('damaged')
    expect(await refused(claiming(9_000, 20))).toBe('too_small')
    expect(performance.now() - from).toBeLessThan(10_000)
  })
})

describe('pictures that are more than one', () => {
  const other = () => plain(600, 400).negate()

  it('count with their first frame: animated WebP', async () => {
    const frames = [await plain(600, 400).png().toBuffer(), await other().png().toBuffer()]
    const animated = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer()
    const picture = await decodePicture(animated)
    expect([picture.width, picture.height, ...pixel(picture, 10, 10)]).toEqual([600, 400, 200, 100, 50])
  })

  it('count with their first frame: animated PNG', async () => {
    const still = await plain(600, 400).png().toBuffer()
    const data = deflateSync(await other().raw().toBuffer())
    const control = Buffer.alloc(8)
    control.writeUInt32BE(2)
    const frame = Buffer.alloc(26)
    frame.writeUInt32BE(600, 4)
    frame.writeUInt32BE(400, 8)
    const animated = Buffer.concat([
      still.subarray(0, 33),
      chunk('acTL', control),
      still.subarray(33, -12),
      chunk('fcTL', frame),
      chunk('fdAT', Buffer.concat([Buffer.from([0, 0, 0, 1]), data])),
      still.subarray(-12),
    ])
    const picture = await decodePicture(animated)
    expect([picture.width, picture.height, ...pixel(picture, 10, 10)]).toEqual([600, 400, 200, 100, 50])
  })

  it('are refused where we take none: animated GIF', async () => {
    const frames = [await plain(600, 400).png().toBuffer(), await other().png().toBuffer()]
    expect(
      await refused(
        await sharp(frames, { join: { animated: true } })
          .gif()
          .toBuffer(),
      ),
    ).toBe('not_a_picture')
  })
})

describe('pixels', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('stand upright by EXIF orientation %i', async (orientation) => {
    const file = await corners()
      .withMetadata({ orientation })
      .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      .toBuffer()
    const picture = await decodePicture(file)
    const [width, height] = orientation >= 5 ? [400, 600] : [600, 400]
    expect([picture.width, picture.height, picture.original]).toEqual([width, height, { width, height }])
    const found = [
      pixel(picture, 20, 20),
      pixel(picture, picture.width - 20, 20),
      pixel(picture, picture.width - 20, picture.height - 20),
      pixel(picture, 20, picture.height - 20),
    ]
    for (const [index, wanted] of (upright[orientation] ?? []).entries())
      expect(near(found[index] ?? [], wanted), `corner ${index}: ${found[index]}`).toBe(true)
  })

  it('keep their colours out of CMYK, 16 bits, grey, palettes and transparency', async () => {
    const colour = [200, 100, 50]
    const print = await decodePicture(
      await plain(600, 400).toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 95 }).toBuffer(),
    )
    expect(near(pixel(print, 9, 9), colour, 30)).toBe(true)
    const deep = await decodePicture(await plain(600, 400).toColourspace('rgb16').png().toBuffer())
    expect(near(pixel(deep, 9, 9), colour, 1)).toBe(true)
    const grey = await decodePicture(await plain(600, 400).greyscale().png().toBuffer())
    const [level = 0] = pixel(grey, 9, 9)
    expect(pixel(grey, 9, 9)).toEqual([level, level, level])
    expect(level).toBeGreaterThan(100)
    const deepGrey = await decodePicture(await plain(600, 400).greyscale().toColourspace('grey16').png().toBuffer())
    expect(near(pixel(deepGrey, 9, 9), [level, level, level], 1)).toBe(true)
    const palette = await decodePicture(await plain(600, 400).png({ palette: true }).toBuffer())
    expect(near(pixel(palette, 9, 9), colour, 4)).toBe(true)
    const clear = await decodePicture(await plain(600, 400).ensureAlpha(0).png().toBuffer())
    expect(pixel(clear, 9, 9)).toEqual(white)
  })
})

describe('a worker', () => {
  const pool = createEnginePool({ workers: 1 })
  afterAll(() => pool.close())

  it('looks at one hostile file after the other and is still there for an honest one', async () => {
    const precheck = (picture: Uint8Array) => pool.run('precheck', { picture, part: 'document' })
    const jpeg = await corners().jpeg().toBuffer()
    for (const file of [
      claiming(50_000, 50_000),
      claiming(100_000, 1),
      claiming(7_000, 7_000),
      Buffer.from('<html>'),
      Buffer.alloc(0),
      jpeg.subarray(0, 700),
    ])
      expect(await precheck(file)).toEqual(['file_not_usable'])
    expect(await precheck(jpeg)).not.toContain('file_not_usable')
    expect(pool.peakRss()).toBeLessThan(600_000_000)
  })
})
