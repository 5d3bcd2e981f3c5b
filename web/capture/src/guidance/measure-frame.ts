import { type FoundPage, findPage } from './find-page.ts'
import { glareShareOf } from './glare.ts'
import type { Area, Grey } from './picture.ts'

/** What the camera sees, measured on a small copy of a frame, inside the guide where there is one. */
export type Frame = {
  /** Mean, 0 to 255. */
  readonly brightness: number
  /** What the lighter tenth of the pixels reach, 0 to 255. */
  readonly lights: number
  readonly glareShare: number
  readonly sharpness: number
  /** Share of pixels that changed since the frame before. */
  readonly movement: number
  readonly page: FoundPage
}

/** The guide, cut to whole pixels of the picture. */
const within = (guide: Area | undefined, width: number, height: number): Area => {
  if (!guide) return { x: 0, y: 0, width, height }
  const x = Math.max(0, Math.min(width - 1, Math.round(guide.x)))
  const y = Math.max(0, Math.min(height - 1, Math.round(guide.y)))
  return {
    x,
    y,
    width: Math.max(1, Math.min(width, Math.round(guide.x + guide.width)) - x),
    height: Math.max(1, Math.min(height, Math.round(guide.y + guide.height)) - y),
  }
}

/** Variance of the Laplacian. */
const sharpnessOf = ({ pixels, width, height }: Grey, area: Area): number => {
  let sum = 0
  let squares = 0
  let count = 0
  for (let y = Math.max(1, area.y); y < Math.min(height - 1, area.y + area.height); y += 1)
    for (let x = Math.max(1, area.x); x < Math.min(width - 1, area.x + area.width); x += 1) {
      const at = y * width + x
      const value =
        4 * (pixels[at] ?? 0) -
        (pixels[at - 1] ?? 0) -
        (pixels[at + 1] ?? 0) -
        (pixels[at - width] ?? 0) -
        (pixels[at + width] ?? 0)
      sum += value
      squares += value * value
      count += 1
    }
  return count === 0 ? 0 : squares / count - (sum / count) ** 2
}

/** Mean of an area, and what its lighter tenth reaches. */
const lightOf = (pixels: Uint8Array, width: number, area: Area): { mean: number; lights: number } => {
  const counts = new Uint32Array(256)
  let sum = 0
  for (let y = area.y; y < area.y + area.height; y += 1)
    for (let x = area.x; x < area.x + area.width; x += 1) {
      const value = pixels[y * width + x] ?? 0
      sum += value
      counts[value] = (counts[value] ?? 0) + 1
    }
  const size = area.width * area.height
  let above = 0
  let lights = 255
  for (; lights > 0; lights -= 1) {
    above += counts[lights] ?? 0
    if (above >= size / 10) break
  }
  return { mean: sum / size, lights }
}

/** A camera that sets its exposure anew, or a flickering lamp, changes all at once and moves nothing. */
const movementOf = (before: Uint8Array, now: Uint8Array, width: number, area: Area): number => {
  const lightBefore = lightOf(before, width, area).mean
  const exposure = lightBefore > 0 ? lightOf(now, width, area).mean / lightBefore : 1
  let moved = 0
  for (let y = area.y; y < area.y + area.height; y += 1)
    for (let x = area.x; x < area.x + area.width; x += 1) {
      const at = y * width + x
      if (Math.abs((before[at] ?? 0) * exposure - (now[at] ?? 0)) > 24) moved += 1
    }
  return moved / (area.width * area.height)
}

/**
 * @param rgba pixels of the small copy
 * @param before the frame's predecessor in grey, to tell movement
 * @param guide where the document or the face belongs; the whole picture when left out
 * @param isDocument whether a page is looked for in the guide
 */
export const measureFrame = (
  rgba: Uint8ClampedArray,
  width: number,
  height: number,
  before: Uint8Array | null,
  guide?: Area,
  isDocument = guide !== undefined,
): { frame: Frame; grey: Uint8Array } => {
  const pixels = new Uint8Array(width * height)
  const darkest = new Uint8Array(width * height)
  for (let index = 0, at = 0; index < pixels.length; index += 1, at += 4) {
    const red = rgba[at] ?? 0
    const green = rgba[at + 1] ?? 0
    const blue = rgba[at + 2] ?? 0
    pixels[index] = (red * 299 + green * 587 + blue * 114) / 1000
    darkest[index] = Math.min(red, green, blue)
  }
  const grey: Grey = { pixels, width, height }
  const area = within(guide, width, height)
  const { mean, lights } = lightOf(pixels, width, area)
  return {
    grey: pixels,
    frame: {
      brightness: mean,
      lights,
      glareShare: glareShareOf(darkest, width, area),
      sharpness: sharpnessOf(grey, area),
      movement: before ? movementOf(before, pixels, width, area) : 0,
      page: guide && isDocument ? findPage(grey, mean, guide) : 'unknown',
    },
  }
}
