import sharp from 'sharp'
import { EngineError } from '../errors.ts'
import { limits } from '../thresholds.ts'
import type { Picture } from './picture.ts'

sharp.concurrency(1)
sharp.cache(false)

/** How every picture is read: what a decoder only warns of is no fault. Whoever reads the same bytes again does it like this. */
export const readingOptions = { limitInputPixels: limits.pixels, failOn: 'error', pages: 1 } as const

/** What can be decoded. */
export type PictureType = 'jpeg' | 'png' | 'webp' | 'pdf'

/** By its first bytes, whatever the name or header says. */
export const sniffType = (bytes: Uint8Array): PictureType | null => {
  const hasText = (offset: number, text: string): boolean =>
    Buffer.from(bytes.subarray(offset, offset + text.length)).toString('latin1') === text
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg'
  if (hasText(0, '\x89PNG\r\n\x1a\n')) return 'png'
  if (hasText(0, '%PDF-')) return 'pdf'
  // With the kind of its first chunk: what follows a bare head is searched for other formats by the decoder.
  if (hasText(0, 'RIFF') && (hasText(8, 'WEBPVP8 ') || hasText(8, 'WEBPVP8L') || hasText(8, 'WEBPVP8X'))) return 'webp'
  return null
}

/** A picture at working size. `original`: pixels that it was sent with, upright. */
export type DecodedPicture = Picture & { readonly original: { readonly width: number; readonly height: number } }

/**
 * Decodes a JPEG, PNG or WebP, or the first page of a PDF: upright by its EXIF orientation, first frame, RGB, without alpha. Bytes,
 * pixels and sides are checked from the header before any pixel is decoded, so that a decompression bomb costs nothing.
 *
 * @param workingSide longest side of the result, in pixels; smaller pictures stay as they are
 * @throws {EngineError} not_a_picture, too_many_bytes, too_many_pixels, too_small, damaged, pdf_locked, pdf_damaged
 */
export const decodePicture = async (
  bytes: Uint8Array,
  workingSide: number = limits.workingSide,
): Promise<DecodedPicture> => {
  if (bytes.length > limits.bytes) throw new EngineError('too_many_bytes')
  const type = sniffType(bytes)
  if (!type) throw new EngineError('not_a_picture')
  if (type === 'pdf') {
    const { renderFirstPage } = await import('./pdf.ts')
    return decodePicture(await renderFirstPage(bytes), workingSide)
  }
  let width = 0
  let height = 0
  try {
    const header = await sharp(bytes, { ...readingOptions, limitInputPixels: false }).metadata()
    // Two opinions of what a file is are one too many: a polyglot must not reach a decoder that we did not choose.
    if (header.format !== type) throw new EngineError('not_a_picture')
    const turned = (header.orientation ?? 1) >= 5
    width = (turned ? header.height : header.width) ?? 0
    height = (turned ? header.width : header.height) ?? 0
  } catch (error) {
    throw error instanceof EngineError ? error : new EngineError('damaged', error)
  }
  if (width * height > limits.pixels || Math.max(width, height) > limits.side) throw new EngineError('too_many_pixels')
  if (Math.max(width, height) < limits.longestSide || Math.min(width, height) < 50) throw new EngineError('too_small')
  try {
    const { data, info } = await sharp(bytes, readingOptions)
      .autoOrient()
      .resize({ width: workingSide, height: workingSide, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    if (info.channels === 3) return { data, width: info.width, height: info.height, original: { width, height } }
    // One channel: a grey picture, spread to three.
    const rgb = new Uint8Array(info.width * info.height * 3)
    for (let index = 0; index < info.width * info.height; index += 1)
      rgb.fill(data[index * info.channels] ?? 0, index * 3, index * 3 + 3)
    return { data: rgb, width: info.width, height: info.height, original: { width, height } }
  } catch (error) {
    throw new EngineError('damaged', error)
  }
}

/** A resized copy. */
export const resizePicture = async (picture: Picture, width: number, height: number): Promise<Picture> => {
  const data = await sharp(picture.data, { raw: { width: picture.width, height: picture.height, channels: 3 } })
    .resize({ width, height, fit: 'fill' })
    .raw()
    .toBuffer()
  return { data, width, height }
}

/** A copy turned clockwise by quarter turns. */
export const turnPicture = (picture: Picture, quarters: 0 | 1 | 2 | 3): Picture => {
  if (quarters === 0) return picture
  const { data, width, height } = picture
  const swap = quarters !== 2
  const out = new Uint8Array(data.length)
  const outWidth = swap ? height : width
  const outHeight = swap ? width : height
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const toX = quarters === 1 ? height - 1 - y : quarters === 2 ? width - 1 - x : y
      const toY = quarters === 1 ? x : quarters === 2 ? height - 1 - y : width - 1 - x
      const from = (y * width + x) * 3
      const to = (toY * outWidth + toX) * 3
      out[to] = data[from] ?? 0
      out[to + 1] = data[from + 1] ?? 0
      out[to + 2] = data[from + 2] ?? 0
    }
  return { data: out, width: outWidth, height: outHeight }
}
