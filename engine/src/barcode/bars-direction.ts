import type { Grey } from '../pictures/picture.ts'

/** Half degrees. */
const BINS = 360
/** Squared steps of grey below which an edge is paper or noise. */
const EDGE = 40 ** 2
/** Bins to each side that belong to one direction: lenses and pixels spread straight bars over some degrees. */
const SPREAD = 8

/**
 * The direction in which a code's bars follow each other, degrees clockwise, -90 to 90: bars are long straight edges that are all
 * alike, so it is where the gradients gather. Null when nothing stands out. Measured on photographed codes: within 1.3 degrees.
 *
 * Gradients are Roberts' (differences along the diagonals): those over two pixels weaken fine bars across more than along, and
 * the answer would lean by a tenth.
 */
export const barsDirection = ({ data, width, height }: Grey): number | null => {
  const histogram = new Float64Array(BINS)
  let all = 0
  for (let y = 0; y < height - 1; y += 2)
    for (let x = 0; x < width - 1; x += 1) {
      const at = y * width + x
      const falling = (data[at + width + 1] ?? 0) - (data[at] ?? 0)
      const rising = (data[at + width] ?? 0) - (data[at + 1] ?? 0)
      const across = falling - rising
      const down = falling + rising
      const strength = across * across + down * down
      if (strength < EDGE) continue
      const degrees = (Math.atan2(down, across) * 180) / Math.PI
      const bin = Math.floor(((degrees + 180) / 180) * BINS) % BINS
      histogram[bin] = (histogram[bin] ?? 0) + strength
      all += strength
    }
  const edgesIn = (bin: number): number => histogram[(bin + BINS) % BINS] ?? 0
  let best = 0
  let most = 0
  for (let bin = 0; bin < BINS; bin += 1) {
    let sum = 0
    for (let offset = -SPREAD; offset <= SPREAD; offset += 1) sum += edgesIn(bin + offset)
    if (sum > most) {
      most = sum
      best = bin
    }
  }
  // Spread evenly, 17 of 360 bins would hold a twentieth.
  if (all === 0 || most < all * 0.1) return null
  let offsets = 0
  for (let offset = -SPREAD; offset <= SPREAD; offset += 1) offsets += edgesIn(best + offset) * offset
  const degrees = ((best + 0.5 + offsets / most) / BINS) * 180
  return degrees > 90 ? degrees - 180 : degrees
}
