import { measureFrame } from './guidance/measure-frame.ts'

/** A photo and what the camera saw right around it; the verifier takes four frames beside a picture. */
export type Shot = { readonly photo: Blob; readonly frames: readonly Blob[] }

const FRAMES = 5
/** Of these the sharper one can be chosen, however slow the device is. */
const FEWEST = 2
/** Milliseconds after which a slow device has enough: nobody holds a card still for longer. */
const LONGEST_MS = 1_200
const LONG_SIDE = 2400
const SMALL_PX = 320

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const sharpnessOf = (picture: HTMLCanvasElement): number => {
  const small = document.createElement('canvas')
  small.width = SMALL_PX
  small.height = Math.max(1, Math.round((SMALL_PX * picture.height) / picture.width))
  const context = small.getContext('2d', { willReadFrequently: true })
  if (!context) return 0
  context.drawImage(picture, 0, 0, small.width, small.height)
  const { data } = context.getImageData(0, 0, small.width, small.height)
  return measureFrame(data, small.width, small.height, null).frame.sharpness
}

/**
 * Up to five pictures in about a second; the sharpest is the photo, the others go with it. One after another, so that a small
 * phone holds one large picture at a time.
 */
export const shootBurst = async (video: HTMLVideoElement): Promise<Shot | null> => {
  if (video.videoWidth === 0) return null
  const scale = Math.min(1, LONG_SIDE / Math.max(video.videoWidth, video.videoHeight))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(video.videoWidth * scale)
  canvas.height = Math.round(video.videoHeight * scale)
  const begun = performance.now()
  const taken: { picture: Blob; sharpness: number }[] = []
  for (let frame = 0; frame < FRAMES; frame += 1) {
    if (frame > 0) await wait(60)
    // The camera may have gone meanwhile: what there is counts.
    if (video.videoWidth === 0 || (taken.length >= FEWEST && performance.now() - begun > LONGEST_MS)) break
    canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height)
    const sharpness = sharpnessOf(canvas)
    const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.92))
    if (picture) taken.push({ picture, sharpness })
  }
  navigator.vibrate?.(30)
  const [best, ...others] = taken.sort((a, b) => b.sharpness - a.sharpness)
  return best ? { photo: best.picture, frames: others.map(({ picture }) => picture) } : null
}
