import type { CopyCheck } from '../findings.ts'
import { resizePicture } from '../pictures/decode.ts'
import type { Picture } from '../pictures/picture.ts'
import { copies as limits } from '../thresholds.ts'

const SIDE = 480
/** Pixels of a tile's side on the small copy. */
const TILE = 8
/** Share of each side that is left out: the table around a document has colours of its own. */
const RIM = 0.16
/** Tiles of paper at least that tell a hue. */
const LEAST = 20
/** Share of the brightest tiles' light from which a tile counts as paper: most tables are darker than documents. */
const PAPER = 0.6

/**
 * How much the colours of a picture's middle differ from each other, whatever the light: differences of log(R/G) and log(B/G) from
 * tile to tile. A print without colour has one hue throughout, that of the lamp; its tiles differ by the light's baselineShift only.
 *
 * @returns the 97th percentile of the tiles' distance from the commonest hue, in natural logarithms; NaN where too few tiles are
 *   neither nearly black nor burnt out
 */
export const colourSpread = async (picture: Picture): Promise<number> => {
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height))
  const width = Math.round(picture.width * scale)
  const height = Math.round(picture.height * scale)
  const small = await resizePicture(picture, width, height)
  const tiles: { light: number; red: number; blue: number }[] = []
  for (let top = Math.round(height * RIM); top + TILE <= height * (1 - RIM); top += TILE)
    for (let left = Math.round(width * RIM); left + TILE <= width * (1 - RIM); left += TILE) {
      const sums = [0, 0, 0]
      for (let y = top; y < top + TILE; y += 1)
        for (let x = left; x < left + TILE; x += 1)
          for (let channel = 0; channel < 3; channel += 1)
            sums[channel] = (sums[channel] ?? 0) + (small.data[(y * width + x) * 3 + channel] ?? 0)
      const [red = 0, green = 0, blue = 0] = sums.map((sum) => sum / (TILE * TILE))
      // Ratios of nearly black and of burnt-out tiles say nothing.
      if (Math.min(red, green, blue) < 30 || Math.max(red, green, blue) > 240) continue
      tiles.push({ light: green, red: Math.log(red / green), blue: Math.log(blue / green) })
    }
  const percentile = (values: number[], share: number): number =>
    [...values].sort((x, y) => x - y)[Math.floor(values.length * share)] ?? 0
  const bright = percentile(
    tiles.map(({ light }) => light),
    0.9,
  )
  const paper = tiles.filter(({ light }) => light >= bright * PAPER)
  if (paper.length < LEAST) return Number.NaN
  const red = percentile(
    paper.map((tile) => tile.red),
    0.5,
  )
  const blue = percentile(
    paper.map((tile) => tile.blue),
    0.5,
  )
  return percentile(
    paper.map((tile) => Math.hypot(tile.red - red, tile.blue - blue)),
    0.97,
  )
}

/**
 * Looks for a print without colour, or a camera without.
 *
 * @returns not_assessed where the picture is too dark or too bright to tell a hue
 */
export const colourless = async (picture: Picture): Promise<CopyCheck> => {
  const spread = await colourSpread(picture)
  if (Number.isNaN(spread)) return 'not_assessed'
  return spread < limits.colourSpread ? 'found' : 'not_found'
}
