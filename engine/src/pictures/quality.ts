import type { PictureQuality, RetakeCode } from '../findings.ts'
import { quality as limits } from '../thresholds.ts'
import { resizePicture } from './decode.ts'
import type { Picture } from './picture.ts'

/** Luma (ITU-R BT.601) of each pixel, row by row, 0 to 255. */
export const toGrey = (picture: Picture): Uint8Array => {
  const grey = new Uint8Array(picture.width * picture.height)
  for (let index = 0, at = 0; index < grey.length; index += 1, at += 3)
    grey[index] =
      ((picture.data[at] ?? 0) * 299 + (picture.data[at + 1] ?? 0) * 587 + (picture.data[at + 2] ?? 0) * 114) / 1000
  return grey
}

const TILES = 8

/** 90th percentile of the Laplacian's variance over 8 × 8 tiles: one sharp area is enough, a whole blurred page is not. */
const sharpnessOf = (grey: Uint8Array, width: number, height: number): number => {
  const values: number[] = []
  for (let ty = 0; ty < TILES; ty += 1)
    for (let tx = 0; tx < TILES; tx += 1) {
      let sum = 0
      let squares = 0
      let count = 0
      const yEnd = Math.min(height - 1, Math.floor(((ty + 1) * height) / TILES))
      const xEnd = Math.min(width - 1, Math.floor(((tx + 1) * width) / TILES))
      for (let y = Math.max(1, Math.floor((ty * height) / TILES)); y < yEnd; y += 1)
        for (let x = Math.max(1, Math.floor((tx * width) / TILES)); x < xEnd; x += 1) {
          const at = y * width + x
          const value =
            4 * (grey[at] ?? 0) -
            (grey[at - 1] ?? 0) -
            (grey[at + 1] ?? 0) -
            (grey[at - width] ?? 0) -
            (grey[at + width] ?? 0)
          sum += value
          squares += value * value
          count += 1
        }
      if (count > 0) values.push(squares / count - (sum / count) ** 2)
    }
  values.sort((a, b) => a - b)
  return values[Math.floor(values.length * 0.9)] ?? 0
}

/**
 * What the camera did, on an 800 px copy.
 * @param original size before scaling down, pixels
 */
export const assessQuality = async (
  picture: Picture,
  original: { width: number; height: number },
): Promise<PictureQuality> => {
  const scale = Math.min(1, 800 / Math.max(picture.width, picture.height))
  const small =
    scale < 1
      ? await resizePicture(picture, Math.round(picture.width * scale), Math.round(picture.height * scale))
      : picture
  const grey = toGrey(small)
  let light = 0
  let bright = 0
  for (let index = 0, at = 0; index < grey.length; index += 1, at += 3) {
    const red = small.data[at] ?? 0
    const green = small.data[at + 1] ?? 0
    const blue = small.data[at + 2] ?? 0
    light += grey[index] ?? 0
    if (Math.min(red, green, blue) >= 250) bright += 1
  }
  return {
    width: original.width,
    height: original.height,
    sharpness: Math.round(sharpnessOf(grey, small.width, small.height)),
    glareShare: Math.round((bright / grey.length) * 10_000) / 10_000,
    brightness: Math.round(light / grey.length),
  }
}

/** What the camera did wrong, when a picture could not be read. */
export const retakesOfQuality = (quality: PictureQuality): RetakeCode[] => {
  const out: RetakeCode[] = []
  if (quality.sharpness < limits.sharpnessRefuse) out.push('photo_blurry')
  if (quality.brightness < limits.darkRefuse || Math.max(quality.width, quality.height) < limits.documentWidth)
    out.push('photo_quality')
  if (quality.glareShare > limits.glareWarn) out.push('photo_glare')
  return out
}
