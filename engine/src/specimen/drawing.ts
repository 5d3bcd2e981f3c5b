import sharp from 'sharp'
import { detectFaces } from '../faces/index.ts'
import { decodePicture } from '../pictures/decode.ts'
import type { Picture } from '../pictures/picture.ts'
import { textPath, zonePath } from './glyphs.ts'

/** Colour of what a specimen says. */
export const ink = '#1d2b36'
/** Colour of the labels above it. */
export const label = '#4d6a77'
/** Colour of the word SPECIMEN. */
export const mark = '#b01030'

/** Where something stands on a sheet, pixels from its upper left corner. */
export type Frame = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
/** A date of `YYYY-MM-DD` as documents print it: `02 JAN 2030`. */
export const printed = (date: string): string =>
  `${date.slice(8)} ${months[Number(date.slice(5, 7)) - 1]} ${date.slice(0, 4)}`

/** Fine waves behind the data, as security paper has them; our own drawing. */
export const waves = (
  width: number,
  rows: number,
  colours: readonly [string, string] = ['#bcd9dd', '#d9d3e6'],
): string => {
  const out: string[] = []
  for (let row = 0; row < rows; row += 1) {
    const points: string[] = []
    for (let x = 0; x <= width; x += 15) {
      const y = 20 + row * 26 + 14 * Math.sin(x / 90 + row * 0.55) + 7 * Math.sin(x / 37 - row * 0.8)
      points.push(`${x},${y.toFixed(1)}`)
    }
    out.push(
      `<polyline points="${points.join(' ')}" fill="none" stroke="${colours[row % 2 ? 0 : 1]}" stroke-width="1.3"/>`,
    )
  }
  return out.join('')
}

/** Eighteen ellipses around a point, as security paper has them: SVG. */
export const rosette = (cx: number, cy: number, radius: number): string => {
  const petals = Array.from(
    { length: 18 },
    (_value, index) =>
      `<ellipse cx="${cx}" cy="${cy}" rx="${radius}" ry="${radius / 2.6}" transform="rotate(${index * 10} ${cx} ${cy})"/>`,
  )
  return `<g fill="none" stroke="#a9cfd4" stroke-width="1.1">${petals.join('')}</g>`
}

/** A label and the value below it. */
export const field = async (x: number, y: number, name: string, value: string): Promise<string> =>
  (await textPath('sans', name, { x, y, size: 17, fill: label })) +
  (await textPath('bold', value, { x, y: y + 34, size: 29, fill: ink }))

/** SPECIMEN across the sheet, faint enough to read through. */
export const across = async (x: number, y: number, size: number, turn: string): Promise<string> =>
  `<g transform="${turn}" opacity="0.2">${await textPath('bold', 'SPECIMEN', { x, y, size, fill: mark, anchor: 'middle' })}</g>`

/** An MRZ on its light band, the last line a line space above the edge (ICAO 9303-3, section 4.2). */
export const zone = async (
  lines: readonly string[],
  sheet: { width: number; height: number; pitch: number },
): Promise<string> => {
  const { width, height, pitch } = sheet
  const space = pitch * 2.5
  const left = (width - (lines[0]?.length ?? 0) * pitch) / 2
  const first = height - space * (lines.length - 1) - pitch * 1.9
  const rows = await Promise.all(
    lines.map((line, index) => zonePath(line, { x: left, y: first + index * space, pitch, fill: '#161616' })),
  )
  const top = first - pitch * 2.6
  return `<rect x="0" y="${top}" width="${width}" height="${height - top}" fill="#f7f7f2"/>${rows.join('')}`
}

/** The part of a picture that a document's photograph shows: the head, a third of the frame wide around it (ICAO 9303-3, 6.2). */
const aroundFace = async (
  picture: Picture,
  ratio: number,
): Promise<{ left: number; top: number; width: number; height: number }> => {
  const [face] = await detectFaces(picture)
  if (!face) {
    const width = Math.floor(Math.min(picture.width, picture.height / ratio))
    const height = Math.floor(width * ratio)
    return { left: (picture.width - width) >> 1, top: (picture.height - height) >> 1, width, height }
  }
  const width = Math.floor(Math.min(face.box.width * 1.9, picture.width, picture.height / ratio))
  const height = Math.floor(width * ratio)
  const within = (value: number, most: number): number => Math.round(Math.max(0, Math.min(value, most)))
  return {
    left: within(face.box.x + face.box.width / 2 - width / 2, picture.width - width),
    top: within(face.box.y + face.box.height / 2 - height * 0.52, picture.height - height),
    width,
    height,
  }
}

const photo = async (portrait: Uint8Array | undefined, frame: Frame): Promise<Buffer> => {
  const size = { width: frame.width, height: frame.height }
  if (portrait) {
    const picture = await decodePicture(portrait)
    const { data, width, height } = picture
    return sharp(data, { raw: { width, height, channels: 3 } })
      .extract(await aroundFace(picture, frame.height / frame.width))
      .resize(size)
      .modulate({ saturation: 0.75 })
      .toColourspace('srgb')
      .png()
      .toBuffer()
  }
  const shape = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 400 520" preserveAspectRatio="none"><rect width="400" height="520" fill="#dfe6e8"/><circle cx="200" cy="200" r="95" fill="#b3c0c4"/><path d="M30 520c0-130 80-190 170-190s170 60 170 190z" fill="#b3c0c4"/></svg>`
  return sharp(Buffer.from(shape)).png().toBuffer()
}

/** One side of a document as PNG: paper, what stands on it, and the photograph where it has one. */
export const renderSheet = async (sheet: {
  readonly width: number
  readonly height: number
  readonly paper?: readonly [string, string, string]
  /** Behind everything that is written. */
  readonly ground: string
  readonly parts: readonly string[]
  readonly photo?: Frame & { readonly portrait: Uint8Array | undefined }
}): Promise<Buffer> => {
  const { width, height, ground, parts } = sheet
  const [from, middle, to] = sheet.paper ?? ['#eef5f3', '#f3eff6', '#e6f1f4']
  const frame = sheet.photo
    ? `<rect x="${sheet.photo.x - 3}" y="${sheet.photo.y - 3}" width="${sheet.photo.width + 6}" height="${sheet.photo.height + 6}" fill="#ffffff" stroke="#8fb3bb" stroke-width="2"/>`
    : ''
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<defs><linearGradient id="paper" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${from}"/><stop offset="0.55" stop-color="${middle}"/><stop offset="1" stop-color="${to}"/></linearGradient></defs>
<rect width="${width}" height="${height}" fill="url(#paper)"/>${ground}${frame}${parts.join('')}</svg>`
  const page = sharp(Buffer.from(svg))
  return (
    sheet.photo
      ? page.composite([
          { input: await photo(sheet.photo.portrait, sheet.photo), left: sheet.photo.x, top: sheet.photo.y },
        ])
      : page
  )
    .png()
    .toBuffer()
}
