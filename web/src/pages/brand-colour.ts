type Rgb = readonly [number, number, number]

const rgbOf = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb
const hexOf = (rgb: Rgb): string => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
const mix = (from: Rgb, to: Rgb, share: number): Rgb =>
  from.map((part, at) => part + ((to[at] ?? 0) - part) * share) as unknown as Rgb

/** WCAG 2.2, "relative luminance". */
const luminance = (rgb: Rgb): number => {
  const [red = 0, green = 0, blue = 0] = rgb.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** WCAG 2.2, "contrast ratio": from 1 to 21. Both as `#rrggbb`. */
export const contrast = (one: string, other: string): number => {
  const [light = 0, dark = 0] = [luminance(rgbOf(one)), luminance(rgbOf(other))].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

/** Text of ordinary size (WCAG 2.2, 1.4.3). */
const ENOUGH = 4.5
const STEP = 0.02

/** The colour itself where it can be read on this ground, else its nearest shade on the way to black or white that can. */
const readable = (hex: string, grounds: readonly string[], towards: Rgb): string => {
  for (let share = 0; share < 1; share += STEP) {
    const shade = hexOf(mix(rgbOf(hex), towards, share))
    if (grounds.every((ground) => contrast(shade, ground) >= ENOUGH)) return shade
  }
  return hexOf(towards)
}

const BLACK: Rgb = [0, 0, 0]
const WHITE: Rgb = [255, 255, 255]
/** Page and card of each scheme (theme.ts), and the text that stands on the colour. */
const LIGHT = { grounds: ['#f7f8fa', '#ffffff'], text: '#ffffff' }
const DARK = { grounds: ['#0e1217', '#161b22'], text: '#0e1217' }

/**
 * An organization's colour for buttons, links and marks, in both schemes. Whatever colour was chosen, text on it and text of
 * it can be read.
 * @param hex `#rrggbb`; anything else keeps the product's own colours
 */
export const brandColours = (hex: string): Readonly<Record<string, string>> | undefined => {
  if (!/^#[\da-f]{6}$/i.test(hex)) return undefined
  const light = readable(hex, LIGHT.grounds, BLACK)
  const dark = readable(hex, DARK.grounds, WHITE)
  return {
    '--brand-light': light,
    '--brand-light-hover': hexOf(mix(rgbOf(light), BLACK, 0.15)),
    '--brand-light-text': LIGHT.text,
    '--brand-dark': dark,
    '--brand-dark-hover': hexOf(mix(rgbOf(dark), WHITE, 0.25)),
    '--brand-dark-text': DARK.text,
  }
}
