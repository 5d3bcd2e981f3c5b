/** What the camera sees, measured on a small copy of a frame. */
export type Frame = {
  readonly brightness: number
  readonly glareShare: number
  readonly sharpness: number
  readonly movement: number
}

export type Hint = 'dark' | 'glare' | 'still' | 'sharp' | 'good'

/** First values; the engine judges again after the photo, and its answer rules. */
const limits = { brightness: 60, glareShare: 0.01, movement: 0.08, sharpness: 60 } as const

/** The first rule that holds, in order of what helps most. Selfies have no glare rule. */
export const hintOf = (frame: Frame, part: 'document' | 'selfie'): Hint => {
  if (frame.brightness < limits.brightness) return 'dark'
  if (part === 'document' && frame.glareShare > limits.glareShare) return 'glare'
  if (frame.movement > limits.movement) return 'still'
  if (part === 'document' && frame.sharpness < limits.sharpness) return 'sharp'
  return 'good'
}

/** Shows a hint only after two equal frames, and keeps it for at least 1.5 s: flickering advice helps nobody. */
export const createSteadyHint = (holdMs = 1500) => {
  let shown: Hint = 'good'
  let since = Number.NEGATIVE_INFINITY
  let last: Hint | null = null
  return (hint: Hint, now: number): Hint => {
    if (hint !== shown && hint === last && now - since >= holdMs) {
      shown = hint
      since = now
    }
    last = hint
    return shown
  }
}

/** @param rgba pixels of the small copy; @param before the frame's predecessor in grey, to tell movement */
export const measureFrame = (
  rgba: Uint8ClampedArray,
  width: number,
  height: number,
  before: Uint8Array | null,
): { frame: Frame; grey: Uint8Array } => {
  const grey = new Uint8Array(width * height)
  let light = 0
  let bright = 0
  let moved = 0
  for (let index = 0, at = 0; index < grey.length; index += 1, at += 4) {
    const red = rgba[at] ?? 0
    const green = rgba[at + 1] ?? 0
    const blue = rgba[at + 2] ?? 0
    const value = (red * 299 + green * 587 + blue * 114) / 1000
    grey[index] = value
    light += value
    if (Math.min(red, green, blue) >= 250) bright += 1
    if (before && Math.abs((before[index] ?? 0) - value) > 24) moved += 1
  }
  let sum = 0
  let squares = 0
  let count = 0
  for (let y = 1; y < height - 1; y += 1)
    for (let x = 1; x < width - 1; x += 1) {
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
  return {
    grey,
    frame: {
      brightness: light / grey.length,
      glareShare: bright / grey.length,
      sharpness: squares / count - (sum / count) ** 2,
      movement: before ? moved / grey.length : 0,
    },
  }
}
