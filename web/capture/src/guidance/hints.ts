import type { SeenFace } from '../face-finder/find-faces.ts'
import type { Frame } from './measure-frame.ts'

/**
 * What to say to somebody before the camera. `frame`: nothing in the guide, or beside it; `alone`: a second person; `selfie`:
 * nobody looks for faces yet, the rest is fine; `good`: nothing to mend.
 */
export type Hint =
  | 'dark'
  | 'frame'
  | 'far'
  | 'near'
  | 'glare'
  | 'still'
  | 'sharp'
  | 'face'
  | 'alone'
  | 'straight'
  | 'selfie'
  | 'good'

/** First values; the engine judges again after the photo, and its answer rules. */
const limits = {
  brightness: 60,
  /** The lighter parts of a face, whatever its skin, are darker only where light is missing. */
  faceLights: 60,
  glareShare: 0.0025,
  movement: 0.08,
  sharpness: 60,
  /** Width of the document by that of the guide. Print ends a little before the page does. */
  narrowest: 0.6,
  widest: 1.08,
  /** Distance of the document's middle from the guide's, by the guide's width and height. */
  offCentre: 0.2,
  /** Width of the face from temple to temple by that of the oval, and how far its middle may be from the oval's. */
  smallFace: 0.42,
  largeFace: 1.1,
  faceOffCentre: 0.22,
  /** A second face this large, by the first one's size, is a second person, not a picture on the wall. */
  secondFace: 0.5,
  /** Nose from the middle of the eyes, in eye distances: about 25 degrees, as the engine's own limit. */
  turned: 0.45,
} as const

/** The first rule that holds for a document, in order of what helps most. */
export const documentHint = ({ brightness, glareShare, movement, sharpness, page }: Frame): Hint => {
  if (brightness < limits.brightness) return 'dark'
  if (page === 'none') return 'frame'
  if (page !== 'unknown') {
    if (page.width > limits.widest || page.height > limits.widest) return 'near'
    if (page.width < limits.narrowest && page.height < limits.narrowest) return 'far'
    if (Math.abs(page.x) > limits.offCentre || Math.abs(page.y) > limits.offCentre) return 'frame'
  }
  if (glareShare > limits.glareShare) return 'glare'
  if (movement > limits.movement) return 'still'
  return sharpness < limits.sharpness ? 'sharp' : 'good'
}

/** Where the oval lies, as faces are measured: in shares of the picture's longer side, from its middle. */
export type Oval = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/**
 * The first rule that holds for a selfie.
 *
 * @param faces what was found in the picture; null as long as nothing looks for faces: then light and stillness are all that is told
 */
export const selfieHint = (frame: Frame, faces: readonly SeenFace[] | null, oval: Oval): Hint => {
  if (frame.lights < limits.faceLights) return 'dark'
  const [face, second] = faces ?? []
  if (faces && !face) return 'face'
  if (face) {
    if (second && second.size > face.size * limits.secondFace) return 'alone'
    if (face.size > oval.width * limits.largeFace) return 'near'
    const isOff =
      Math.abs(face.x - oval.x) > oval.width * limits.faceOffCentre ||
      Math.abs(face.y - oval.y) > oval.height * limits.faceOffCentre
    if (isOff) return 'face'
    if (face.size < oval.width * limits.smallFace) return 'far'
  }
  if (frame.movement > limits.movement) return 'still'
  if (!face) return 'selfie'
  return Math.abs(face.turned) > limits.turned ? 'straight' : 'good'
}

/**
 * While somebody moves as asked, a face may be anywhere in the oval, turned, near or far: only what hides it is told. `good`: nothing.
 */
export const movingHint = (frame: Frame, faces: readonly SeenFace[] | null): Hint => {
  if (frame.lights < limits.faceLights) return 'dark'
  const [face, second] = faces ?? []
  if (faces && !face) return 'face'
  return face && second && second.size > face.size * limits.secondFace ? 'alone' : 'good'
}

/** What a finished photo may have, as a word beside it. */
export const photoFaults = ({ brightness, glareShare, sharpness }: Frame) => ({
  isDark: brightness < limits.brightness,
  isGlare: glareShare > limits.glareShare,
  isBlurred: sharpness < limits.sharpness,
})

/** Shows a hint only after some equal frames, and keeps it for at least 1.5 s: flickering advice helps nobody. */
export const createSteadyHint = (first: Hint, { frames = 2, holdMs = 1500 } = {}) => {
  let shown = first
  let since = Number.NEGATIVE_INFINITY
  let last: Hint | null = null
  let equal = 0
  return (hint: Hint, now: number): Hint => {
    equal = hint === last ? equal + 1 : 1
    last = hint
    if (hint !== shown && equal >= frames && now - since >= holdMs) {
      shown = hint
      since = now
    }
    return shown
  }
}

/** Frames in a row without a fault, of a document that is seen to be large enough: three announce the photo, seven take it. */
export const autoFrames = { announce: 3, take: 7 } as const

/**
 * Counts frames that would do; whatever is in doubt is left to the person's own shutter. On paper that is white beyond measure one
 * frame in three looks like glare: a light stays for two, so a single one neither counts nor breaks the row.
 */
export const createAutoShutter = () => {
  let row = 0
  let glares = 0
  return (frame: Frame): 'wait' | 'announce' | 'take' => {
    const hint = documentHint(frame)
    glares = hint === 'glare' ? glares + 1 : 0
    const isDoubt = glares === 1
    if (!isDoubt) row = frame.page !== 'unknown' && hint === 'good' ? row + 1 : 0
    if (row < autoFrames.announce) return 'wait'
    if (row < autoFrames.take) return 'announce'
    row = 0
    return 'take'
  }
}
