import { resizePicture } from '../pictures/decode.ts'
import type { Picture } from '../pictures/picture.ts'
import { toGrey } from '../pictures/quality.ts'
import { copies as limits } from '../thresholds.ts'

/** Side of the small grey copy. */
const SIDE = 128
/** Waves in each direction that make bits: finer than a document's layout, which many people share, coarser than what saving again changes. */
const FROM = 16
const WAVES = 16

const cosines = new Float64Array(WAVES * SIDE)
for (let k = 0; k < WAVES; k += 1)
  for (let x = 0; x < SIDE; x += 1) cosines[k * SIDE + x] = Math.cos((Math.PI * (x + 0.5) * (k + FROM)) / SIDE)

/**
 * A perceptual hash: the signs of a small grey copy's cosine transform (DCT-II), 16 by 16 of its waves. It stays nearly the same when a
 * picture is saved again, made smaller, lighter or darker. Another photograph, of the same document too, has another one, and so has
 * a picture that was cut or turned.
 *
 * @returns 32 bytes in hexadecimal; null of a picture that shows nothing, whose signs would be chance
 */
export const hashPicture = async (picture: Picture): Promise<string | null> => {
  const grey = toGrey(await resizePicture(picture, SIDE, SIDE))
  const rows = new Float64Array(SIDE * WAVES)
  for (let y = 0; y < SIDE; y += 1)
    for (let u = 0; u < WAVES; u += 1) {
      let sum = 0
      for (let x = 0; x < SIDE; x += 1) sum += (cosines[u * SIDE + x] as number) * (grey[y * SIDE + x] as number)
      rows[u * SIDE + y] = sum
    }
  const heights = new Float64Array(WAVES * WAVES)
  for (let v = 0, at = 0; v < WAVES; v += 1)
    for (let u = 0; u < WAVES; u += 1, at += 1)
      for (let y = 0; y < SIDE; y += 1)
        heights[at] = (heights[at] as number) + (cosines[v * SIDE + y] as number) * (rows[u * SIDE + y] as number)
  const mean = heights.reduce((sum, height) => sum + Math.abs(height), 0) / heights.length
  // A wave of one level's height sums up to a quarter of the copy's pixels.
  if (mean < (limits.hashDetail * SIDE ** 2) / 4) return null
  const bytes = new Uint8Array(heights.length / 8)
  for (const [bit, height] of heights.entries())
    if (height > 0) bytes[bit >> 3] = (bytes[bit >> 3] as number) | (1 << (bit & 7))
  return Buffer.from(bytes).toString('hex')
}
