import type { Picture } from './picture.ts'

// A good part of an assessment's computing is spent in these loops: no closures, nothing made anew within, and no look for places
// that are outside of the picture, since all of them are held inside.

/** Samples along each axis whose mean is a pixel, when a picture shrinks. */
const samplesOf = (scale: number): number => Math.max(1, Math.min(4, Math.round(scale)))
const byte = (data: Uint8Array, at: number): number => data[at] as number
const value = (data: Float64Array, at: number): number => data[at] as number

/**
 * Cuts a part out of a picture, turned and scaled: RGB interleaved floats 0 to 255; bilinear, averaged over as many samples as pixels
 * shrink together. Outside of the picture the edge repeats.
 *
 * @param transform takes pixels of the output to those of the picture: x' = a·x − b·y + x, y' = b·x + a·y + y
 */
export const warpRgb = (
  picture: Picture,
  transform: { a: number; b: number; x: number; y: number },
  width: number,
  height: number,
): Float32Array => {
  const out = new Float32Array(width * height * 3)
  const { data } = picture
  const { a, b } = transform
  const samples = samplesOf(Math.hypot(a, b))
  const n = samples * samples
  const stepX = a / samples
  const stepY = b / samples
  const line = picture.width * 3
  const right = picture.width - 1.001
  const bottom = picture.height - 1.001
  for (let row = 0, at = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1, at += 3) {
      let red = 0
      let green = 0
      let blue = 0
      for (let j = 0; j < samples; j += 1) {
        const u = column + 0.5 / samples
        const v = row + (j + 0.5) / samples
        let px = a * u - b * v + transform.x - 0.5
        let py = b * u + a * v + transform.y - 0.5
        for (let i = 0; i < samples; i += 1, px += stepX, py += stepY) {
          const x = px < 0 ? 0 : px > right ? right : px
          const y = py < 0 ? 0 : py > bottom ? bottom : py
          const x0 = x | 0
          const y0 = y | 0
          const fx = x - x0
          const fy = y - y0
          // Shares of the four pixels around.
          const lowRight = fx * fy
          const upRight = fx - lowRight
          const lowLeft = fy - lowRight
          const upLeft = 1 - fx - lowLeft
          const p = y0 * line + x0 * 3
          const q = p + line
          red +=
            byte(data, p) * upLeft +
            byte(data, p + 3) * upRight +
            byte(data, q) * lowLeft +
            byte(data, q + 3) * lowRight
          green +=
            byte(data, p + 1) * upLeft +
            byte(data, p + 4) * upRight +
            byte(data, q + 1) * lowLeft +
            byte(data, q + 4) * lowRight
          blue +=
            byte(data, p + 2) * upLeft +
            byte(data, p + 5) * upRight +
            byte(data, q + 2) * lowLeft +
            byte(data, q + 5) * lowRight
        }
      }
      out[at] = red / n
      out[at + 1] = green / n
      out[at + 2] = blue / n
    }
  return out
}

/** `warpRgb` without a turn, but for the last bits, at less than half its cost: lines of the picture are drawn together once, not for every sample. */
export const scaleRgb = (
  picture: Picture,
  { scale, x: shiftX, y: shiftY }: { scale: number; x: number; y: number },
  width: number,
  height: number,
): Float32Array => {
  const out = new Float32Array(width * height * 3)
  const { data } = picture
  const samples = samplesOf(scale)
  const n = samples * samples
  const line = picture.width * 3
  const count = width * samples
  const lefts = new Int32Array(count)
  const shares = new Float64Array(count)
  for (let k = 0; k < count; k += 1) {
    const u = Math.floor(k / samples) + ((k % samples) + 0.5) / samples
    const x = Math.min(picture.width - 1.001, Math.max(0, scale * u + shiftX - 0.5))
    lefts[k] = Math.floor(x) * 3
    shares[k] = x - Math.floor(x)
  }
  /** One line of the picture at the places of all samples. */
  const draw = (y: number, into: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
    for (let k = 0, to = 0; k < count; k += 1, to += 3) {
      const p = y * line + (lefts[k] as number)
      const fx = value(shares, k)
      const gx = 1 - fx
      into[to] = byte(data, p) * gx + byte(data, p + 3) * fx
      into[to + 1] = byte(data, p + 1) * gx + byte(data, p + 4) * fx
      into[to + 2] = byte(data, p + 2) * gx + byte(data, p + 5) * fx
    }
    return into
  }
  let upper = new Float64Array(count * 3)
  let lower = new Float64Array(count * 3)
  let drawn = -2
  const sums = new Float64Array(width * 3)
  for (let row = 0; row < height; row += 1) {
    sums.fill(0)
    for (let j = 0; j < samples; j += 1) {
      const v = row + (j + 0.5) / samples
      const y = Math.min(picture.height - 1.001, Math.max(0, scale * v + shiftY - 0.5))
      const y0 = Math.floor(y)
      const fy = y - y0
      const gy = 1 - fy
      if (y0 === drawn + 1) [upper, lower] = [lower, draw(y0 + 1, upper)]
      else if (y0 !== drawn) {
        draw(y0, upper)
        draw(y0 + 1, lower)
      }
      drawn = y0
      for (let to = 0, from = 0; to < width * 3; to += 3)
        for (let i = 0; i < samples; i += 1, from += 3) {
          sums[to] = value(sums, to) + (value(upper, from) * gy + value(lower, from) * fy)
          sums[to + 1] = value(sums, to + 1) + (value(upper, from + 1) * gy + value(lower, from + 1) * fy)
          sums[to + 2] = value(sums, to + 2) + (value(upper, from + 2) * gy + value(lower, from + 2) * fy)
        }
    }
    for (let k = 0; k < sums.length; k += 1) out[row * sums.length + k] = value(sums, k) / n
  }
  return out
}
