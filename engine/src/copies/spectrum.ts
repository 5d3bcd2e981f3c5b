/** Side of the square patches whose spectra are taken; a power of two. */
export const PATCH = 128

const cosines = Float64Array.from({ length: PATCH / 2 }, (_value, k) => Math.cos((2 * Math.PI * k) / PATCH))
const sines = Float64Array.from({ length: PATCH / 2 }, (_value, k) => Math.sin((2 * Math.PI * k) / PATCH))
const reversed = Uint16Array.from({ length: PATCH }, (_value, index) => {
  let out = 0
  for (let bit = 1, value = index; bit < PATCH; bit <<= 1, value >>= 1) out = (out << 1) | (value & 1)
  return out
})
const hann = Float64Array.from(
  { length: PATCH },
  (_value, k) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (k + 0.5)) / PATCH),
)

/** Fourier transform in place of `PATCH` complex numbers from `offset` on, `stride` apart: radix 2, decimation in time. */
const transform = (re: Float64Array, im: Float64Array, offset: number, stride: number): void => {
  for (let index = 0; index < PATCH; index += 1) {
    const other = reversed[index] as number
    if (other <= index) continue
    const a = offset + index * stride
    const b = offset + other * stride
    const re0 = re[a] as number
    const im0 = im[a] as number
    re[a] = re[b] as number
    im[a] = im[b] as number
    re[b] = re0
    im[b] = im0
  }
  for (let half = 1; half < PATCH; half <<= 1) {
    const step = PATCH / (2 * half)
    for (let from = 0; from < PATCH; from += 2 * half)
      for (let k = 0; k < half; k += 1) {
        const cos = cosines[k * step] as number
        const sin = sines[k * step] as number
        const a = offset + (from + k) * stride
        const b = a + half * stride
        const reB = re[b] as number
        const imB = im[b] as number
        const turnedRe = reB * cos + imB * sin
        const turnedIm = imB * cos - reB * sin
        re[b] = (re[a] as number) - turnedRe
        im[b] = (im[a] as number) - turnedIm
        re[a] = (re[a] as number) + turnedRe
        im[a] = (im[a] as number) + turnedIm
      }
  }
}

/** A patch of one channel: its place in the picture, and where in RGB its values are. */
export type PatchAt = { readonly left: number; readonly top: number; readonly channel: 0 | 1 | 2 }
type Pixels = { readonly data: Uint8Array; readonly width: number }

const mean = ({ data, width }: Pixels, { left, top, channel }: PatchAt): number => {
  let sum = 0
  for (let y = 0; y < PATCH; y += 1)
    for (let x = 0; x < PATCH; x += 1) sum += data[((top + y) * width + left + x) * 3 + channel] as number
  return sum / (PATCH * PATCH)
}

/** The frequencies of half the plane: columns 0 to PATCH / 2 (to the right), rows 0 to PATCH - 1 (down, those above half are negative). */
export const COLUMNS = PATCH / 2 + 1

/**
 * Power spectra of two patches at once, under a Hann window and without their means: one goes into the real part, the other into
 * the imaginary one, and the symmetry of real signals' transforms takes them apart.
 */
export const powerSpectra = (picture: Pixels, a: PatchAt, b: PatchAt): [Float32Array, Float32Array] => {
  const re = new Float64Array(PATCH * PATCH)
  const im = new Float64Array(PATCH * PATCH)
  const meanA = mean(picture, a)
  const meanB = mean(picture, b)
  for (let y = 0, at = 0; y < PATCH; y += 1) {
    let fromA = ((a.top + y) * picture.width + a.left) * 3 + a.channel
    let fromB = ((b.top + y) * picture.width + b.left) * 3 + b.channel
    for (let x = 0; x < PATCH; x += 1, at += 1, fromA += 3, fromB += 3) {
      const weight = (hann[x] as number) * (hann[y] as number)
      re[at] = ((picture.data[fromA] as number) - meanA) * weight
      im[at] = ((picture.data[fromB] as number) - meanB) * weight
    }
  }
  for (let row = 0; row < PATCH; row += 1) transform(re, im, row * PATCH, 1)
  for (let column = 0; column < PATCH; column += 1) transform(re, im, column, PATCH)
  const first = new Float32Array(PATCH * COLUMNS)
  const second = new Float32Array(PATCH * COLUMNS)
  for (let v = 0; v < PATCH; v += 1)
    for (let u = 0; u < COLUMNS; u += 1) {
      const at = v * PATCH + u
      const opposite = ((PATCH - v) % PATCH) * PATCH + ((PATCH - u) % PATCH)
      const [p, q, r, s] = [re[at] as number, im[at] as number, re[opposite] as number, im[opposite] as number]
      first[v * COLUMNS + u] = ((p + r) ** 2 + (q - s) ** 2) / 4
      second[v * COLUMNS + u] = ((q + s) ** 2 + (r - p) ** 2) / 4
    }
  return [first, second]
}
