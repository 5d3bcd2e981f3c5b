import { useEffect } from 'react'

type Rgb = readonly [number, number, number]

const read = (color: string): Rgb | null => {
  const [, red, green, blue] = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color) ?? []
  return red && green && blue ? [Number.parseInt(red, 16), Number.parseInt(green, 16), Number.parseInt(blue, 16)] : null
}
const write = (color: Rgb): string => `#${color.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`

/** Relative luminance and contrast of WCAG 2.2. */
const luminance = (color: Rgb): number => {
  const [red, green, blue] = color.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
/** Contrast of two colours (`#rrggbb`), 1 to 21; what is no such colour counts as black. */
export const contrast = (one: string, other: string): number => {
  const [left, right] = [read(one), read(other)].map((color) => luminance(color ?? [0, 0, 0])) as [number, number]
  return (Math.max(left, right) + 0.05) / (Math.min(left, right) + 0.05)
}
const mix = (color: Rgb, towards: Rgb, share: number): Rgb =>
  color.map((part, at) => part + ((towards[at] ?? 0) - part) * share) as unknown as Rgb

const grounds = { light: '#eef0f4', dark: '#161b22' } as const
const ENOUGH = 4.5

/**
 * A company's colour as this page can use it: as text on every ground of the scheme and as the ground of a button, always with a
 * contrast of 4.5 or more. A colour that is too near to the ground is moved away from it. Null for what is no colour.
 */
export const brandColours = (
  color: string,
  scheme: 'light' | 'dark',
): { brand: string; onBrand: string; hover: string } | null => {
  const given = read(color)
  if (!given) return null
  const away: Rgb = scheme === 'light' ? [0, 0, 0] : [255, 255, 255]
  let share = 0
  while (share < 1 && contrast(write(mix(given, away, share)), grounds[scheme]) < ENOUGH) share += 0.05
  const brand = mix(given, away, Math.min(1, share))
  const text = write(brand)
  return {
    brand: text,
    onBrand: contrast(text, '#ffffff') >= contrast(text, '#14181f') ? '#ffffff' : '#14181f',
    hover: write(mix(brand, away, 0.2)),
  }
}

/** Gives the page the colour of the company that asks, in the scheme that the person has. */
export const useBrandColour = (color: string | null): void => {
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const { style } = document.documentElement
    const paint = (): void => {
      const colours = color ? brandColours(color, dark.matches ? 'dark' : 'light') : null
      for (const [name, value] of [
        ['--brand', colours?.brand],
        ['--on-brand', colours?.onBrand],
        ['--brand-hover', colours?.hover],
      ] as const)
        if (value) style.setProperty(name, value)
        else style.removeProperty(name)
    }
    paint()
    dark.addEventListener('change', paint)
    return () => dark.removeEventListener('change', paint)
  }, [color])
}
