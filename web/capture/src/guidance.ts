/** A rectangle in pixels of the small copy. */
export type Area = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** What the camera sees, measured on a small copy of a frame, inside the guide where there is one. */
export type Frame = {
  readonly brightness: number
  readonly glareShare: number
  readonly sharpness: number
  readonly movement: number
  /** Width of what lies before a calm background, as a share of the guide; 0: nothing; null: the background is too busy to tell. */
  readonly fill: number | null
}

export type Hint = 'dark' | 'frame' | 'far' | 'near' | 'glare' | 'still' | 'sharp' | 'good'

/** First values; the engine judges again after the photo, and its answer rules. */
const limits = {
  brightness: 60,
  glareShare: 0.01,
  movement: 0.08,
  sharpness: 60,
  narrowest: 0.7,
  widest: 1.12,
} as const

/** The first rule that holds, in order of what helps most. Selfies get advice about light and stillness only. */
export const hintOf = (frame: Frame, part: 'document' | 'selfie'): Hint => {
  if (frame.brightness < limits.brightness) return 'dark'
  if (part === 'document') {
    if (frame.fill === 0) return 'frame'
    if (frame.fill !== null && frame.fill < limits.narrowest) return 'far'
    if (frame.fill !== null && frame.fill > limits.widest) return 'near'
    if (frame.glareShare > limits.glareShare) return 'glare'
  }
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

/** Frames in a row without a fault, of a document that is seen to be large enough: three announce the photo, seven take it. */
export const autoFrames = { announce: 3, take: 7 } as const

/** Counts frames that would do; whatever is in doubt is left to the person's own shutter. */
export const createAutoShutter = () => {
  let row = 0
  return (frame: Frame): 'wait' | 'announce' | 'take' => {
    row = frame.fill !== null && hintOf(frame, 'document') === 'good' ? row + 1 : 0
    if (row < autoFrames.announce) return 'wait'
    if (row < autoFrames.take) return 'announce'
    row = 0
    return 'take'
  }
}

const CELL = 10
/** Share of a cell that is white beyond measure where light covers the print. */
const BLOT = 0.8
/** Mean change of brightness between neighbours that print and edges have and a table or a wall has not. */
const BUSY = 14
/** Share of busy cells around the guide above which the background hides the document's edges. */
const CROWDED = 0.25

/** How wide the document is, told from where print and edges are: people are asked for a plain table. */
const fillOf = (grey: Uint8Array, width: number, height: number, guide: Area): number | null => {
  const columns = Math.floor(width / CELL)
  const rows = Math.floor(height / CELL)
  const inColumn = new Array<number>(columns).fill(0)
  let outside = 0
  let busyOutside = 0
  let busyInside = 0
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      let sum = 0
      for (let y = row * CELL; y < (row + 1) * CELL; y += 1)
        for (let x = column * CELL; x < (column + 1) * CELL; x += 1) {
          const at = y * width + x
          const right = x + 1 < width ? (grey[at + 1] ?? 0) : (grey[at] ?? 0)
          const below = y + 1 < height ? (grey[at + width] ?? 0) : (grey[at] ?? 0)
          sum += Math.abs(right - (grey[at] ?? 0)) + Math.abs(below - (grey[at] ?? 0))
        }
      const isBusy = sum / (CELL * CELL) > BUSY
      const x = (column + 0.5) * CELL
      const y = (row + 0.5) * CELL
      const isInside =
        x > guide.x - CELL &&
        x < guide.x + guide.width + CELL &&
        y > guide.y - CELL &&
        y < guide.y + guide.height + CELL
      if (isInside) busyInside += isBusy ? 1 : 0
      else {
        outside += 1
        busyOutside += isBusy ? 1 : 0
      }
      if (isBusy) inColumn[column] = (inColumn[column] ?? 0) + 1
    }
  if (outside > 0 && busyOutside / outside > CROWDED) return null
  if (busyInside < 6) return 0
  // One busy cell is a speck; two in a column are print or an edge.
  const first = inColumn.findIndex((count) => count >= 2)
  const last = inColumn.findLastIndex((count) => count >= 2)
  return first < 0 ? 0 : ((last - first + 1) * CELL) / guide.width
}

/**
 * @param rgba pixels of the small copy
 * @param before the frame's predecessor in grey, to tell movement
 * @param guide where the document belongs; the whole picture when left out
 */
export const measureFrame = (
  rgba: Uint8ClampedArray,
  width: number,
  height: number,
  before: Uint8Array | null,
  guide?: Area,
): { frame: Frame; grey: Uint8Array } => {
  const grey = new Uint8Array(width * height)
  const left = Math.max(0, Math.round(guide?.x ?? 0))
  const top = Math.max(0, Math.round(guide?.y ?? 0))
  const right = Math.min(width, Math.round(guide ? guide.x + guide.width : width))
  const bottom = Math.min(height, Math.round(guide ? guide.y + guide.height : height))
  const brightInCell = new Map<number, number>()
  const columns = Math.ceil(width / CELL)
  let light = 0
  let lightBefore = 0
  let seen = 0
  for (let index = 0, at = 0; index < grey.length; index += 1, at += 4) {
    const red = rgba[at] ?? 0
    const green = rgba[at + 1] ?? 0
    const blue = rgba[at + 2] ?? 0
    const value = (red * 299 + green * 587 + blue * 114) / 1000
    grey[index] = value
    const x = index % width
    const y = (index - x) / width
    if (x < left || x >= right || y < top || y >= bottom) continue
    seen += 1
    light += value
    if (Math.min(red, green, blue) >= 250) {
      const cell = Math.floor(y / CELL) * columns + Math.floor(x / CELL)
      brightInCell.set(cell, (brightInCell.get(cell) ?? 0) + 1)
    }
    lightBefore += before?.[index] ?? 0
  }
  // A camera that sets its exposure anew, or a flickering lamp, changes all at once and moves nothing.
  const exposure = lightBefore > 0 ? light / lightBefore : 1
  let moved = 0
  if (before)
    for (let y = top; y < bottom; y += 1)
      for (let x = left; x < right; x += 1) {
        const at = y * width + x
        if (Math.abs((before[at] ?? 0) * exposure - (grey[at] ?? 0)) > 24) moved += 1
      }
  let sum = 0
  let squares = 0
  let count = 0
  for (let y = Math.max(1, top); y < Math.min(height - 1, bottom); y += 1)
    for (let x = Math.max(1, left); x < Math.min(width - 1, right); x += 1) {
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
  const area = Math.max(1, seen)
  // Glare is a blot: white paper and thin bright lines are none.
  const blots = [...brightInCell.values()].filter((bright) => bright >= CELL * CELL * BLOT)
  return {
    grey,
    frame: {
      brightness: light / area,
      glareShare: (blots.length * CELL * CELL) / area,
      sharpness: count === 0 ? 0 : squares / count - (sum / count) ** 2,
      movement: before ? moved / area : 0,
      fill: guide ? fillOf(grey, width, height, guide) : null,
    },
  }
}
