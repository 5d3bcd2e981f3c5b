import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { lazily, packageFile } from '../models.ts'

/** What we use of opentype.js, which ships no types. */
type Glyph = {
  readonly advanceWidth?: number
  getPath(x: number, y: number, size: number): { toPathData(decimals?: number): string }
}
type Font = { readonly unitsPerEm: number; charToGlyph(letter: string): Glyph }
const opentype = createRequire(import.meta.url)('opentype.js') as { parse(buffer: ArrayBuffer): Font }

const load = (name: string, path: string) =>
  lazily(async () => {
    const bytes = readFileSync(packageFile(name, path))
    return opentype.parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer)
  })

/** Fonts of the packages, each opened on first use: `ocrB` for MRZs (ICAO 9303-3), the others for print. */
export const fonts = {
  ocrB: load('bwip-js', 'fonts/OCRB7.ttf'),
  sans: load('dejavu-fonts-ttf', 'ttf/DejaVuSans.ttf'),
  bold: load('dejavu-fonts-ttf', 'ttf/DejaVuSans-Bold.ttf'),
} as const

const plain = (value: string): string => value.replace(/[^\w#.,()%-]/g, '')

/** Letter by letter, without shaping: Latin capitals need none. */
const draw = (face: Font, text: string, x: number, y: number, size: number): { path: string; width: number } => {
  let at = x
  let path = ''
  for (const letter of text) {
    const glyph = face.charToGlyph(letter)
    path += glyph.getPath(at, y, size).toPathData(1)
    at += ((glyph.advanceWidth ?? face.unitsPerEm / 2) * size) / face.unitsPerEm
  }
  return { path, width: at - x }
}

/** A text as one SVG path: the result does not depend on what fonts the machine has. */
export const textPath = async (
  font: keyof typeof fonts,
  text: string,
  at: { x: number; y: number; size: number; fill: string; anchor?: 'start' | 'middle' },
): Promise<string> => {
  const face = await fonts[font]()
  const x = at.anchor === 'middle' ? at.x - draw(face, text, 0, 0, at.size).width / 2 : at.x
  return `<path d="${draw(face, text, x, at.y, at.size).path}" fill="${plain(at.fill)}"/>`
}

/** Symbols of an MRZ at an exact pitch, as ICAO 9303-3 lays them out. */
export const zonePath = async (
  line: string,
  at: { x: number; y: number; pitch: number; fill: string },
): Promise<string> => {
  const face = await fonts.ocrB()
  const size = at.pitch / draw(face, 'A', 0, 0, 1).width
  const paths = [...line].map((letter, index) => draw(face, letter, at.x + index * at.pitch, at.y, size).path)
  return `<path d="${paths.join('')}" fill="${plain(at.fill)}"/>`
}
