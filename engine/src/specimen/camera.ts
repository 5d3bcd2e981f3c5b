import sharp from 'sharp'
import { compose, type Homography, invert, project } from '../pictures/homography.ts'
import { seeded } from './random.ts'
import { gridLight, type Screen } from './screen.ts'
import { renderTable, type Table } from './table.ts'

/** How a page was photographed. All of it is seeded and repeatable. */
export type Shot = {
  /** Width of the page in the photograph, pixels, measured at its middle. */
  readonly width?: number
  /** Degrees, clockwise, about the line of sight. */
  readonly turn?: number
  /** Degrees by which the page leans away from the camera: about its horizontal axis, and about its vertical one. */
  readonly tilt?: { readonly horizontal?: number; readonly vertical?: number }
  /** Distance of the camera in widths of the page: the nearer, the stronger the perspective of a tilt. */
  readonly distance?: number
  /** Standard deviation of the defocus, pixels. */
  readonly blur?: number
  /** The hand moved while the shutter was open: along how many pixels, and into which direction, degrees. */
  readonly motion?: { readonly length: number; readonly angle: number }
  /** 0 to 1 across the page, where a blob of glare lies, and its radius as a share of the width. */
  readonly glare?: { readonly x: number; readonly y: number; readonly radius: number }
  /** Light taken away on the dark side, 0 to 1, and the direction from which the shadow comes, degrees. */
  readonly shadow?: { readonly strength: number; readonly angle: number }
  readonly noise?: number
  readonly brightness?: number
  /** Gain of the red channel; blue gets the inverse. Above 1 is lamp light, below is shade. */
  readonly warmth?: number
  /** JPEG quality, 1 to 100. */
  readonly jpeg?: number
  readonly table?: Table
  /** Papers, coins and a pen around the document. */
  readonly clutter?: boolean
  /** The page is no paper: a screen shows it. */
  readonly screen?: Screen
  readonly seed?: number
}

/**
 * The map from a page's pixels to the picture's plane, for a pinhole camera that looks at the page's middle: the page is turned,
 * leaned by both tilts, and seen from `distance` page widths. Its middle goes to (0, 0), and there it has `width` pixels.
 */
export const cameraMap = (
  page: { readonly width: number; readonly height: number },
  shot: Pick<Shot, 'width' | 'turn' | 'tilt' | 'distance'>,
): Homography => {
  const radians = (degrees: number | undefined): number => ((degrees ?? 0) * Math.PI) / 180
  const [turn, pitch, yaw] = [radians(shot.turn), radians(shot.tilt?.horizontal), radians(shot.tilt?.vertical)]
  const distance = (shot.distance ?? 1.8) * page.width
  const focal = (distance * (shot.width ?? 1300)) / page.width
  // Columns of the rotation that carry the page's x and y axes into space: first the lean, then the turn about the line of sight.
  const right = { x: Math.cos(yaw), y: 0, z: Math.sin(yaw) }
  const down = { x: -Math.sin(pitch) * Math.sin(yaw), y: Math.cos(pitch), z: Math.sin(pitch) * Math.cos(yaw) }
  const cos = Math.cos(turn)
  const sin = Math.sin(turn)
  const lens: Homography = [
    focal * (cos * right.x - sin * right.y),
    focal * (cos * down.x - sin * down.y),
    0,
    focal * (sin * right.x + cos * right.y),
    focal * (sin * down.x + cos * down.y),
    0,
    right.z,
    down.z,
    distance,
  ]
  return compose(lens, [1, 0, -page.width / 2, 0, 1, -page.height / 2, 0, 0, 1])
}

type Pixels = { readonly data: Buffer; readonly width: number; readonly height: number }

/** A blob of light: white in its middle, fading from half its radius on. 0 to 1. */
const glareAt = (x: number, y: number, glare: NonNullable<Shot['glare']>, page: Pixels): number => {
  const radius = glare.radius * page.width
  const far = Math.hypot((x - glare.x * page.width) / radius, (y - glare.y * page.height) / (radius * 0.7))
  if (far >= 1) return 0
  return far < 0.55 ? 1 - (0.05 * far) / 0.55 : (0.95 * (1 - far)) / 0.45
}

/** Lays the page onto the table: every pixel of the picture looks up its place on the page, bilinear, glare included. */
const layDown = (page: Pixels, table: Pixels, toPage: Homography, { glare, screen, blur }: Shot): void => {
  const out = table.data
  const perPixel = (screen?.pixels ?? 0) / page.width
  const lightAt = screen && gridLight(screen, compose([perPixel, 0, 0, 0, perPixel, 0, 0, 0, 1], toPage), blur ?? 0)
  for (let y = 0; y < table.height; y += 1)
    for (let x = 0; x < table.width; x += 1) {
      const at = project(toPage, { x: x + 0.5, y: y + 0.5 })
      if (at.x < 0 || at.y < 0 || at.x > page.width || at.y > page.height) continue
      const light = glare ? glareAt(at.x, at.y, glare, page) : 0
      const px = Math.max(0, Math.min(page.width - 1.001, at.x - 0.5))
      const py = Math.max(0, Math.min(page.height - 1.001, at.y - 0.5))
      const x0 = Math.floor(px)
      const y0 = Math.floor(py)
      const fx = px - x0
      const fy = py - y0
      const p = (y0 * page.width + x0) * 3
      const q = p + page.width * 3
      const to = (y * table.width + x) * 3
      for (let channel = 0; channel < 3; channel += 1) {
        const value =
          ((page.data[p + channel] ?? 0) * (1 - fx) + (page.data[p + 3 + channel] ?? 0) * fx) * (1 - fy) +
          ((page.data[q + channel] ?? 0) * (1 - fx) + (page.data[q + 3 + channel] ?? 0) * fx) * fy
        const shown = lightAt ? Math.min(255, value * lightAt(x + 0.5, y + 0.5, channel)) : value
        out[to + channel] = shown + (255 - shown) * light
      }
    }
}

/** Averages every pixel along the hand's way. */
const smear = ({ data, width, height }: Pixels, { length, angle }: NonNullable<Shot['motion']>): Buffer => {
  const taps = Math.max(2, Math.round(length))
  const offsets = Array.from({ length: taps }, (_value, tap) => {
    const way = (tap / (taps - 1) - 0.5) * length
    return {
      dx: Math.round(way * Math.cos((angle * Math.PI) / 180)),
      dy: Math.round(way * Math.sin((angle * Math.PI) / 180)),
    }
  })
  const out = Buffer.alloc(data.length)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      let red = 0
      let green = 0
      let blue = 0
      for (const { dx, dy } of offsets) {
        const from = (Math.max(0, Math.min(height - 1, y + dy)) * width + Math.max(0, Math.min(width - 1, x + dx))) * 3
        red += data[from] ?? 0
        green += data[from + 1] ?? 0
        blue += data[from + 2] ?? 0
      }
      const to = (y * width + x) * 3
      out[to] = red / taps
      out[to + 1] = green / taps
      out[to + 2] = blue / taps
    }
  return out
}

/** Shadow, colour of the light, and the sensor's noise. */
const expose = ({ data, width, height }: Pixels, shot: Shot, random: () => number): void => {
  const strength = shot.noise ?? 4
  const warmth = shot.warmth ?? 1
  const gain = shot.brightness ?? 1
  const gains = [gain * warmth, gain, gain / warmth] as const
  const { strength: dark = 0, angle = 0 } = shot.shadow ?? {}
  const towardsX = Math.cos((angle * Math.PI) / 180) / width
  const towardsY = Math.sin((angle * Math.PI) / 180) / height
  for (let y = 0, at = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const along = Math.max(0, Math.min(1, ((x - width / 2) * towardsX + (y - height / 2) * towardsY) * 1.6 + 0.5))
      const light = 1 - dark * along * along * (3 - 2 * along)
      for (let channel = 0; channel < 3; channel += 1, at += 1) {
        const value = (data[at] ?? 0) * light * (gains[channel] ?? 1) + (random() + random() - 1) * strength
        data[at] = Math.max(0, Math.min(255, value))
      }
    }
}

/** A photograph of a page lying on a table, as JPEG. The frame holds the whole page and a margin. */
export const photographed = async (pageBytes: Uint8Array, shot: Shot = {}): Promise<Buffer> => {
  const random = seeded(shot.seed ?? 1)
  const scale = 1.1
  // What lies behind the lens is blurred before a screen's grid is sampled, and paper after.
  const shown = shot.screen && (await sharp(pageBytes).resize({ width: shot.screen.pixels }).png().toBuffer())
  const sheet = sharp(shown ?? pageBytes).resize({ width: Math.round((shot.width ?? 1300) * scale) })
  const isSoft = shot.blur !== undefined && shot.blur >= 0.3
  const { data: pageData, info } = await (shown && isSoft ? sheet.blur((shot.blur ?? 0) * scale) : sheet)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const page: Pixels = { data: pageData, width: info.width, height: info.height }
  const map = cameraMap(page, shot)
  const corners = [
    [0, 0],
    [page.width, 0],
    [page.width, page.height],
    [0, page.height],
  ].map(([x = 0, y = 0]) => project(map, { x, y }))
  const margin = Math.round((shot.width ?? 1300) * 0.06)
  const left = Math.min(...corners.map(({ x }) => x)) - margin
  const top = Math.min(...corners.map(({ y }) => y)) - margin
  const width = Math.ceil(Math.max(...corners.map(({ x }) => x)) + margin - left)
  const height = Math.ceil(Math.max(...corners.map(({ y }) => y)) + margin - top)
  const table = await renderTable(random, width, height, {
    table: shot.table ?? 'plain',
    clutter: shot.clutter ?? false,
  })
  let picture: Pixels = { data: table, width, height }
  layDown(page, picture, compose(invert(map), [1, 0, left, 0, 1, top, 0, 0, 1]), shot)
  if (shot.motion) picture = { ...picture, data: smear(picture, shot.motion) }
  // Less than a third of a pixel is no blur.
  if (shot.blur && isSoft && !shown) {
    const raw = { width, height, channels: 3 } as const
    picture = { ...picture, data: await sharp(picture.data, { raw }).blur(shot.blur).raw().toBuffer() }
  }
  expose(picture, shot, random)
  return sharp(picture.data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: shot.jpeg ?? 85 })
    .toBuffer()
}
