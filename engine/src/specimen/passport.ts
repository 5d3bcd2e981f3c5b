import sharp from 'sharp'
import { decodePicture } from '../decode.ts'
import { detectFaces } from '../faces/index.ts'
import { checkDigit } from '../mrz/check-digits.ts'
import type { Picture } from '../picture.ts'
import { textPath, zonePath } from './glyphs.ts'

/** A made-up person of Utopia, ICAO's state for specimens. */
export type Specimen = {
  readonly surname: string
  readonly givenNames: string
  /** Up to nine capital letters and digits. */
  readonly number: string
  /** `YYYY-MM-DD` */
  readonly dateOfBirth: string
  readonly expiry: string
  readonly sex: 'F' | 'M' | 'X'
  /** JPEG, PNG or WebP of the person; a grey shape when absent. */
  readonly portrait?: Uint8Array
}

/** Faults on purpose, for tests: a specimen that must not pass. */
export type SpecimenFaults = {
  readonly wrongCheckDigit?: 'number' | 'dateOfBirth' | 'expiry' | 'composite'
  /** Another name in the machine zone than on the page; its check digits all compute. */
  readonly zoneSurname?: string
}

const WIDTH = 1500
const HEIGHT = 1056
const PITCH = (25.4 * WIDTH) / 1250

/** ICAO 9303-3, section 6: what Latin letters beyond A to Z become in the machine zone. */
const transliterations: Record<string, string> = {
  Ä: 'AE',
  Ö: 'OE',
  Ü: 'UE',
  ß: 'SS',
  Æ: 'AE',
  Ø: 'OE',
  Å: 'AA',
  Þ: 'TH',
  Đ: 'D',
  Ł: 'L',
  Œ: 'OE',
  Ñ: 'N',
}

export const toZoneName = (name: string): string =>
  [...name.normalize('NFC').replace(/ß/g, 'ß').toUpperCase()]
    .map((letter) => transliterations[letter] ?? letter)
    .join('')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/['’]/g, '')
    .replace(/[^A-Z]+/g, '<')
    .replace(/^<+|<+$/g, '')

const fill = (text: string, length: number): string => text.slice(0, length).padEnd(length, '<')
const yymmdd = (date: string): string => date.slice(2).replaceAll('-', '')

/** The two lines of a TD3 machine zone (ICAO 9303-4, section 4.2). */
export const zoneLines = (specimen: Specimen, faults: SpecimenFaults = {}): [string, string] => {
  const off = (digit: string, field: SpecimenFaults['wrongCheckDigit']): string =>
    faults.wrongCheckDigit === field ? String((Number(digit) + 1) % 10) : digit
  const names = `${toZoneName(faults.zoneSurname ?? specimen.surname)}<<${toZoneName(specimen.givenNames)}`
  const number = fill(specimen.number, 9)
  const birth = yymmdd(specimen.dateOfBirth)
  const expiry = yymmdd(specimen.expiry)
  const optional = fill('', 14)
  const a = number + off(checkDigit(number), 'number')
  const b = birth + off(checkDigit(birth), 'dateOfBirth')
  const c = expiry + off(checkDigit(expiry), 'expiry')
  const composite = off(checkDigit(a + b + c + optional + checkDigit(optional)), 'composite')
  const sex = specimen.sex === 'X' ? '<' : specimen.sex
  return [fill(`P<UTO${names}`, 44), `${a}UTO${b}${sex}${c}${optional}${checkDigit(optional)}${composite}`]
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const printed = (date: string): string => `${date.slice(8)} ${months[Number(date.slice(5, 7)) - 1]} ${date.slice(0, 4)}`

/** Fine waves behind the data, as security paper has them; our own drawing. */
const waves = (): string => {
  const out: string[] = []
  for (let row = 0; row < 34; row += 1) {
    const points: string[] = []
    for (let x = 0; x <= WIDTH; x += 15) {
      const y = 20 + row * 26 + 14 * Math.sin(x / 90 + row * 0.55) + 7 * Math.sin(x / 37 - row * 0.8)
      points.push(`${x},${y.toFixed(1)}`)
    }
    out.push(
      `<polyline points="${points.join(' ')}" fill="none" stroke="${row % 2 ? '#bcd9dd' : '#d9d3e6'}" stroke-width="1.3"/>`,
    )
  }
  return out.join('')
}

const rosette = (cx: number, cy: number, radius: number): string => {
  const petals = Array.from(
    { length: 18 },
    (_, index) =>
      `<ellipse cx="${cx}" cy="${cy}" rx="${radius}" ry="${radius / 2.6}" transform="rotate(${index * 10} ${cx} ${cy})"/>`,
  )
  return `<g fill="none" stroke="#a9cfd4" stroke-width="1.1">${petals.join('')}</g>`
}

const PHOTO = { x: 66, y: 190, width: 400, height: 520 } as const

/** The part of a picture that a passport's photograph shows: the head, a third of the frame wide around it (ICAO 9303-3, 6.2). */
const aroundFace = async (picture: Picture): Promise<{ left: number; top: number; width: number; height: number }> => {
  const [face] = await detectFaces(picture)
  const ratio = PHOTO.height / PHOTO.width
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

const photo = async (portrait: Uint8Array | undefined): Promise<Buffer> => {
  if (portrait) {
    const picture = await decodePicture(portrait)
    const { data, width, height } = picture
    return sharp(data, { raw: { width, height, channels: 3 } })
      .extract(await aroundFace(picture))
      .resize({ width: PHOTO.width, height: PHOTO.height })
      .modulate({ saturation: 0.75 })
      .toColourspace('srgb')
      .png()
      .toBuffer()
  }
  const shape = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="520"><rect width="400" height="520" fill="#dfe6e8"/><circle cx="200" cy="200" r="95" fill="#b3c0c4"/><path d="M30 520c0-130 80-190 170-190s170 60 170 190z" fill="#b3c0c4"/></svg>`
  return sharp(Buffer.from(shape)).png().toBuffer()
}

/**
 * Renders the data page of a specimen passport: state UTO, marked SPECIMEN in print and in the zone's state, with a valid machine
 * zone unless `faults` say otherwise. PNG, 1,500 × 1,056 px.
 */
export const renderPassport = async (specimen: Specimen, faults: SpecimenFaults = {}): Promise<Buffer> => {
  const ink = '#1d2b36'
  const label = '#4d6a77'
  const left = 520
  const field = async (x: number, y: number, name: string, value: string): Promise<string> =>
    (await textPath('sans', name, { x, y, size: 17, fill: label })) +
    (await textPath('bold', value, { x, y: y + 34, size: 29, fill: ink }))
  const upper = (text: string): string => text.toUpperCase()
  const zone = zoneLines(specimen, faults)
  const parts = [
    await textPath('bold', 'UTOPIA', { x: 66, y: 92, size: 46, fill: '#0b5a6b' }),
    await textPath('sans', 'PASSPORT · PASSEPORT', { x: 66, y: 138, size: 24, fill: label }),
    await textPath('bold', 'SPECIMEN', { x: 1180, y: 92, size: 40, fill: '#b01030' }),
    await field(left, 150, 'Type / Type', 'P'),
    await field(left + 190, 150, 'Code / Code', 'UTO'),
    await field(left + 400, 150, 'Passport No. / Passeport No', specimen.number),
    await field(left, 240, 'Surname / Nom', upper(specimen.surname)),
    await field(left, 330, 'Given names / Prenoms', upper(specimen.givenNames)),
    await field(left, 420, 'Nationality / Nationalite', 'UTOPIAN'),
    await field(left, 510, 'Date of birth / Date de naissance', printed(specimen.dateOfBirth)),
    await field(left + 480, 510, 'Sex / Sexe', specimen.sex),
    await field(left, 600, 'Date of expiry / Date d expiration', printed(specimen.expiry)),
    await field(left + 480, 600, 'Authority / Autorite', 'UTOPIA OFFICE'),
    `<g transform="rotate(-14 ${WIDTH / 2} 520)" opacity="0.2">${await textPath('bold', 'SPECIMEN', { x: WIDTH / 2 + 190, y: 590, size: 150, fill: '#b01030', anchor: 'middle' })}</g>`,
    `<rect x="0" y="800" width="${WIDTH}" height="${HEIGHT - 800}" fill="#f7f7f2"/>`,
    await zonePath(zone[0], { x: 76, y: 892, pitch: PITCH, fill: '#161616' }),
    await zonePath(zone[1], { x: 76, y: 968, pitch: PITCH, fill: '#161616' }),
  ]
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
<defs><linearGradient id="paper" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#eef5f3"/><stop offset="0.55" stop-color="#f3eff6"/><stop offset="1" stop-color="#e6f1f4"/></linearGradient></defs>
<rect width="${WIDTH}" height="${HEIGHT}" fill="url(#paper)"/>${waves()}${rosette(1130, 420, 210)}
<rect x="${PHOTO.x - 3}" y="${PHOTO.y - 3}" width="${PHOTO.width + 6}" height="${PHOTO.height + 6}" fill="#ffffff" stroke="#8fb3bb" stroke-width="2"/>${parts.join('')}</svg>`
  return sharp(Buffer.from(svg))
    .composite([{ input: await photo(specimen.portrait), left: PHOTO.x, top: PHOTO.y }])
    .png()
    .toBuffer()
}
