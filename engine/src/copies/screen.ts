import sharp from 'sharp'
import type { CopyCheck } from '../findings.ts'
import { type DecodedPicture, readingOptions, sniffType } from '../pictures/decode.ts'
import type { Picture } from '../pictures/picture.ts'
import { copies as limits } from '../thresholds.ts'
import { COLUMNS, PATCH, type PatchAt, powerSpectra } from './spectrum.ts'

/** A wave that stands out of a patch's spectrum: cycles a pixel to the right and down, and which patch. */
type Peak = { readonly u: number; readonly v: number; readonly patch: number }

/** Share of each side that is left out: what is around a document has patterns of its own, cloth above all. */
const RIM = 0.14
/** Patches in a row and in a column. */
const ACROSS = 6
const DOWN = 4
/** Pixels of the middle of a large picture that are looked at. */
const WINDOW = { width: 1400, height: 1000 }
/** The strongest waves of a patch; more of them are a texture. */
const PEAKS = 8
/** How far a wave's frequency may move from one patch to the next, cycles a pixel: a screen that leans does not have one frequency. */
const DRIFT = 0.03
/** Bins on each side over which the window spreads a wave, and those around it that it is compared with. */
const SPREAD = 2
const AROUND = 6
/** Levels between the dark and the light of a patch that has print. */
const CONTRAST = 40

/** The spectrum with a margin, so that what is around a frequency is read without asking where the plane ends. */
const MARGIN = AROUND + 1
const PADDED = COLUMNS + 2 * MARGIN
const padded = (power: Float32Array): Float32Array => {
  const out = new Float32Array((PATCH + 2 * MARGIN) * PADDED)
  for (let row = 0, to = 0; row < PATCH + 2 * MARGIN; row += 1)
    for (let column = 0; column < PADDED; column += 1, to += 1) {
      const u = column - MARGIN
      const v = row - MARGIN
      // A real signal's power at a frequency is that at its negative.
      const isOutside = u < 0 || u > PATCH / 2
      const at = (((isOutside ? -v : v) + 2 * PATCH) % PATCH) * COLUMNS + (isOutside ? (PATCH - u) % PATCH : u)
      out[to] = power[at] as number
    }
  return out
}

/** Whether a frequency stands out by `limits.screenPeak` of the median around it. Counted, so that most are left after a few looks. */
const standsOut = (power: Float32Array, at: number): boolean => {
  const bar = (power[at] as number) / limits.screenPeak
  const most = ((2 * AROUND + 1) ** 2 - (2 * SPREAD + 1) ** 2) / 2
  let above = 0
  for (let dv = -AROUND; dv <= AROUND; dv += 1)
    for (let du = -AROUND; du <= AROUND; du += 1) {
      if ((power[at + dv * PADDED + du] as number) < bar) continue
      if (du <= SPREAD && du >= -SPREAD && dv <= SPREAD && dv >= -SPREAD) continue
      above += 1
      if (above > most) return false
    }
  return true
}

const isTop = (power: Float32Array, at: number): boolean => {
  const value = power[at] as number
  for (let dv = -1; dv <= 1; dv += 1)
    for (let du = -1; du <= 1; du += 1) if ((power[at + dv * PADDED + du] as number) > value) return false
  return true
}

/** JPEG's own frequencies: its blocks of 8 pixels repeat with every multiple of an eighth. */
const isOfBlocks = (u: number, v: number): boolean => {
  const isNear = (frequency: number): boolean => Math.abs(frequency * 8 - Math.round(frequency * 8)) < 0.1
  return isNear(u) && isNear(v)
}

const peaksOf = (spectrum: Float32Array, patch: number): Peak[] => {
  const power = padded(spectrum)
  const found: (Peak & { value: number })[] = []
  for (let row = 0; row < PATCH; row += 1)
    for (let column = 0; column < COLUMNS; column += 1) {
      const u = column / PATCH
      const v = (row < PATCH / 2 ? row : row - PATCH) / PATCH
      const at = (row + MARGIN) * PADDED + column + MARGIN
      const value = power[at] as number
      if (value < 1 || u * u + v * v < limits.screenFrequency ** 2 || !isTop(power, at)) continue
      if (!isOfBlocks(u, v) && standsOut(power, at)) found.push({ u, v, patch, value })
    }
  return found.sort((a, b) => b.value - a.value).slice(0, PEAKS)
}

/** Whether two waves are one that goes on from patch to patch beside, above or across. A frequency and its negative are the same. */
const isSameWave = (a: Peak, b: Peak): boolean =>
  a.patch !== b.patch &&
  Math.abs((a.patch % ACROSS) - (b.patch % ACROSS)) <= 1 &&
  Math.abs(Math.floor(a.patch / ACROSS) - Math.floor(b.patch / ACROSS)) <= 1 &&
  Math.min(Math.hypot(a.u - b.u, a.v - b.v), Math.hypot(a.u + b.u, a.v + b.v)) < DRIFT

/** Largest share of the patches that one wave goes through. */
const reachOf = (peaks: readonly Peak[]): number => {
  const left = new Set(peaks)
  let best = 0
  for (const peak of peaks) {
    if (!left.delete(peak)) continue
    const wave = [peak]
    for (const member of wave)
      for (const other of left) if (isSameWave(member, other) && left.delete(other)) wave.push(other)
    best = Math.max(best, new Set(wave.map(({ patch }) => patch)).size)
  }
  return best / (ACROSS * DOWN)
}

/** The value that a share of all counted ones stays below. */
const quantile = (counts: Uint32Array, share: number): number => {
  let left = counts.reduce((sum, count) => sum + count, 0) * share
  return Math.max(
    0,
    counts.findIndex((count) => {
      left -= count
      return left < 0
    }),
  )
}

/** Pixels that the sharpest edges of a patch take from dark to light; null where it has no edges. */
const edgeOf = ({ data, width }: Picture, left: number, top: number): number | null => {
  const values = new Uint32Array(256)
  const steps = new Uint32Array(256)
  for (let y = top; y < top + PATCH; y += 1)
    for (let at = (y * width + left) * 3 + 1, end = at + (PATCH - 1) * 3; at < end; at += 3) {
      const value = data[at] as number
      const step = Math.abs(value - (data[at + 3] as number))
      values[value] = (values[value] as number) + 1
      steps[step] = (steps[step] as number) + 1
    }
  const range = quantile(values, 0.995) - quantile(values, 0.005)
  return range < CONTRAST ? null : range / Math.max(1, quantile(steps, 0.995))
}

/** What the middle of a picture shows: how far one wave reaches over it, 0 to 1, and how many pixels its edges take. */
type ScreenLook = { readonly reach: number; readonly edge: number }

/** @param rim share of each side that is left out */
const lookForGrid = (picture: Picture, rim: number): ScreenLook => {
  const margin = { x: Math.round(picture.width * rim), y: Math.round(picture.height * rim) }
  const room = { x: picture.width - 2 * margin.x - PATCH, y: picture.height - 2 * margin.y - PATCH }
  const places = Array.from({ length: ACROSS * DOWN }, (_value, patch) => ({
    left: margin.x + Math.round((room.x * (patch % ACROSS)) / (ACROSS - 1)),
    top: margin.y + Math.round((room.y * Math.floor(patch / ACROSS)) / (DOWN - 1)),
    // Green has half of a sensor's pixels, the other colours a quarter each.
    channel: 1 as const,
  }))
  const peaks: Peak[] = []
  for (let patch = 0; patch + 1 < places.length; patch += 2) {
    const [first, second] = powerSpectra(picture, places[patch] as PatchAt, places[patch + 1] as PatchAt)
    peaks.push(...peaksOf(first, patch), ...peaksOf(second, patch + 1))
  }
  const edges = places.flatMap(({ left, top }) => edgeOf(picture, left, top) ?? []).sort((a, b) => a - b)
  return { reach: reachOf(peaks), edge: edges[edges.length >> 1] ?? Number.POSITIVE_INFINITY }
}

/** The picture's middle with every pixel that was sent: a smaller copy has lost what is finest. */
const middleOf = async (
  bytes: Uint8Array,
  picture: DecodedPicture,
): Promise<{ picture: Picture; rim: number } | null> => {
  const { original } = picture
  if (original.width === picture.width) return { picture, rim: RIM }
  // A drawn page has no grid of a camera's.
  if (sniffType(bytes) === 'pdf') return null
  const width = Math.min(WINDOW.width, original.width)
  const height = Math.min(WINDOW.height, original.height)
  try {
    const { data, info } = await sharp(bytes, readingOptions)
      .autoOrient()
      .extract({ left: (original.width - width) >> 1, top: (original.height - height) >> 1, width, height })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    return info.channels === 3 ? { picture: { data, width, height }, rim: 0 } : null
  } catch {
    // What could be decoded smaller is a picture: without its middle this check says nothing, and the others go on.
    return null
  }
}

/**
 * Looks for the grid of a screen's pixels: a wave finer than print, of one frequency or one that drifts slowly, that goes through
 * most of the picture. Print repeats finely, too, but here and there: fillers of an MRZ, letters, lines of a background.
 *
 * A screen whose grid the camera does not resolve, because it is finer or the picture was made smaller before it was sent, leaves
 * nothing to find: `not_found` says nothing in a document's favour.
 *
 * @param bytes what `picture` was decoded from
 * @returns not_assessed where the picture is too small or too soft to show a grid
 */
export const screenPattern = async (bytes: Uint8Array, picture: DecodedPicture): Promise<CopyCheck> => {
  if (Math.max(picture.width, picture.height) < limits.screenWidth) return 'not_assessed'
  const middle = await middleOf(bytes, picture)
  if (!middle || Math.min(middle.picture.width, middle.picture.height) < limits.screenWidth / 2) return 'not_assessed'
  const { reach, edge } = lookForGrid(middle.picture, middle.rim)
  if (reach >= limits.screenReach) return 'found'
  return edge > limits.screenEdge ? 'not_assessed' : 'not_found'
}
