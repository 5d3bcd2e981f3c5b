import type { Homography } from '../pictures/homography.ts'

/** A screen that shows the page, as a camera sees it: its grid of pixels, each of three coloured parts. */
export type Screen = {
  /** Pixels of the screen across the page's width. */
  readonly pixels: number
  /** Three stripes side by side in each pixel, as computers have them; or dots, red and blue in every second pixel, as telephones do. */
  readonly layout: 'stripes' | 'dots'
}

/** One wave of a lattice: cycles a pixel of the screen to the right and down, its height by the mean light's, and its phase. */
type Wave = { readonly u: number; readonly v: number; readonly height: number; readonly phase: number }

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))

/** Share of a pixel's width that one stripe lights, and of its height. */
const STRIPE = 0.3
const STRIPE_HEIGHT = 0.85
const DOT = 0.55

/** The first waves of the Fourier series of a lattice of rectangles, `wide` by `high`, their middle at (x, y). */
const waves = (
  frequencies: readonly (readonly [u: number, v: number])[],
  wide: number,
  high: number,
  x: number,
  y: number,
): Wave[] =>
  frequencies.map(([u, v]) => ({
    u,
    v,
    height: 2 * sinc(u * wide) * sinc(v * high),
    phase: -2 * Math.PI * (u * x + v * y),
  }))

const whole = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
  [2, 0],
] as const
/** Every second pixel, like the black fields of a chessboard. */
const half = [
  [0.5, 0.5],
  [0.5, -0.5],
  [1, 0],
  [0, 1],
] as const

const lattices: Record<Screen['layout'], readonly (readonly Wave[])[]> = {
  stripes: [0, 1, 2].map((channel) => waves(whole, STRIPE, STRIPE_HEIGHT, (channel + 0.5) / 3, 0.5)),
  dots: [
    waves(half, DOT, DOT, 0.25, 0.75),
    waves(whole.slice(0, 4), DOT * 0.8, DOT * 0.8, 0.75, 0.25),
    waves(half, DOT, DOT, 1.25, 0.75),
  ],
}

/** Cameras record light by about this power. */
const GAMMA = 1 / 2.2
/** Deviation of what a sharp lens spreads a point to, pixels. */
const LENS = 0.4
/** Cameras expose a lit pixel without burning it out: the mean of a white page stays below white. */
const EXPOSURE = 0.8

/**
 * By how much the grid makes a pixel of the picture lighter or darker, by channel. The lens and the area of the sensor's pixel take
 * their share of each wave by its frequency in the picture; what is left is sampled once a pixel, so that it shows the moiré that a
 * camera shows.
 *
 * @param toScreen from the picture's pixels to those of the screen
 * @param blur deviation of the defocus, pixels of the picture
 */
export const gridLight = (
  screen: Screen,
  toScreen: Homography,
  blur: number,
): ((x: number, y: number, channel: number) => number) => {
  const [a, b, , d, e, , g, h] = toScreen
  const spread = 2 * Math.PI ** 2 * (blur ** 2 + LENS ** 2)
  const lattice = lattices[screen.layout]
  // What passes the lens changes slowly over the picture: it is told anew every few pixels only.
  let passing: number[][] = []
  let block = -1
  return (x, y, channel) => {
    const depth = g * x + h * y + toScreen[8]
    const sx = (a * x + b * y + toScreen[2]) / depth
    const sy = (d * x + e * y + toScreen[5]) / depth
    const here = Math.floor(y) * 65_536 + (Math.floor(x) >> 4)
    if (here !== block) {
      block = here
      passing = lattice.map((waves) =>
        waves.map(({ u, v, height }) => {
          // The wave's frequency in the picture: its own by the projection's derivative.
          const across = (u * (a - sx * g) + v * (d - sy * g)) / depth
          const down = (u * (b - sx * h) + v * (e - sy * h)) / depth
          return height * Math.exp(-spread * (across ** 2 + down ** 2)) * sinc(across) * sinc(down)
        }),
      )
    }
    let light = 1
    const own = passing[channel] ?? []
    for (const [index, { u, v, phase }] of (lattice[channel] ?? []).entries()) {
      const height = own[index] ?? 0
      if (height > 0.001 || height < -0.001) light += height * Math.cos(2 * Math.PI * (u * sx + v * sy) + phase)
    }
    return EXPOSURE * Math.max(0, light) ** GAMMA
  }
}
