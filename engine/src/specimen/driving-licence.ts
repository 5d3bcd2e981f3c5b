import bwipjs from 'bwip-js'
import sharp from 'sharp'
import { detectFaces } from '../faces/index.ts'
import { decodePicture } from '../pictures/decode.ts'
import type { Picture } from '../pictures/picture.ts'
import { textPath } from './glyphs.ts'

/** A made-up driver. Dates are `YYYY-MM-DD`. */
export type LicenceSpecimen = {
  readonly surname: string
  readonly givenNames: string
  readonly number: string
  readonly dateOfBirth: string
  readonly expiry: string
  readonly sex: 'F' | 'M' | 'X'
  /** Utopia, ICAO's state for specimens, when absent. */
  readonly jurisdiction?: Jurisdiction
  /** JPEG, PNG or WebP of the person; a grey shape when absent. */
  readonly portrait?: Uint8Array
}
/** Who issues a licence. `country` has three letters, `state` two. */
export type Jurisdiction = {
  /** Issuer identification number, six digits. */
  readonly issuer: string
  readonly country: string
  readonly state: string
  readonly name: string
}

/** Faults on purpose, for tests: what the bar code says instead of the front. */
export type LicenceFaults = {
  readonly codedSurname?: string
  readonly codedNumber?: string
  readonly codedDateOfBirth?: string
}

const UTOPIA: Jurisdiction = { issuer: '600000', country: 'UTO', state: 'UT', name: 'Utopia' }
const WIDTH = 1500
const HEIGHT = 946

const us = (date: string): string => `${date.slice(5, 7)}${date.slice(8)}${date.slice(0, 4)}`
const canadian = (date: string): string => date.replaceAll('-', '')
const printed = (date: string): string => `${date.slice(5, 7)}/${date.slice(8)}/${date.slice(0, 4)}`
const ISSUED = '2024-03-01'

/** The text of the bar code: AAMVA DL/ID Card Design Standard 2020, annex D, version 10, one subfile. */
export const licenceText = (specimen: LicenceSpecimen, faults: LicenceFaults = {}): string => {
  const { issuer, country, state } = specimen.jurisdiction ?? UTOPIA
  const date = country === 'CAN' ? canadian : us
  const [first = '', ...middle] = specimen.givenNames.toUpperCase().split(' ')
  const elements = {
    DAQ: faults.codedNumber ?? specimen.number,
    DCS: (faults.codedSurname ?? specimen.surname).toUpperCase(),
    DDE: 'N',
    DAC: first,
    DDF: 'N',
    DAD: middle.join(' ') || 'NONE',
    DDG: 'N',
    DCA: 'D',
    DCB: 'NONE',
    DCD: 'NONE',
    DBD: date(ISSUED),
    DBB: date(faults.codedDateOfBirth ?? specimen.dateOfBirth),
    DBA: date(specimen.expiry),
    DBC: { M: '1', F: '2', X: '9' }[specimen.sex],
    DAU: '068 in',
    DAY: 'BRO',
    DAG: '1 SPECIMEN ROAD',
    DAI: 'SAMPLEVILLE',
    DAJ: state,
    DAK: '000010000  ',
    DCF: 'SPECIMEN0000000001',
    DCG: country,
  }
  const subfile = `DL${Object.entries(elements)
    .map(([id, value]) => id + value)
    .join('\n')}\r`
  const header = `@\n\x1e\rANSI ${issuer}100001`
  const number = (value: number): string => String(value).padStart(4, '0')
  return `${header}DL${number(header.length + 10)}${number(subfile.length)}${subfile}`
}

const paper = (tint: string): string => {
  const lines = Array.from({ length: 30 }, (_value, row) => {
    const points = Array.from({ length: 76 }, (_value, step) => {
      const x = step * 20
      return `${x},${(20 + row * 32 + 12 * Math.sin(x / 110 + row * 0.7) + 5 * Math.sin(x / 41 - row)).toFixed(1)}`
    })
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${row % 2 ? '#d5e4c9' : '#cfdcec'}" stroke-width="1.2"/>`
  })
  return `<rect width="${WIDTH}" height="${HEIGHT}" rx="44" fill="${tint}"/>${lines.join('')}`
}
const across = async (): Promise<string> =>
  `<g transform="rotate(-16 ${WIDTH / 2} 480)" opacity="0.16">${await textPath('bold', 'SPECIMEN', { x: WIDTH / 2 + 120, y: 560, size: 190, fill: '#b01030', anchor: 'middle' })}</g>`
const svgOf = (inner: string): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">${inner}</svg>`,
  )

const PHOTO = { left: 70, top: 210, width: 380, height: 490 } as const

/** Head and shoulders around the largest face, in the photograph's shape. */
const cutOf = async (picture: Picture): Promise<{ left: number; top: number; width: number; height: number }> => {
  const [face] = await detectFaces(picture)
  const ratio = PHOTO.height / PHOTO.width
  const most = Math.min(picture.width, picture.height / ratio)
  const width = Math.floor(face ? Math.min(face.box.width * 1.9, most) : most)
  const height = Math.floor(width * ratio)
  const x = face ? face.box.x + face.box.width / 2 : picture.width / 2
  const y = face ? face.box.y + face.box.height * 0.48 : picture.height / 2
  const within = (value: number, limit: number): number => Math.round(Math.max(0, Math.min(value, limit)))
  return {
    left: within(x - width / 2, picture.width - width),
    top: within(y - height / 2, picture.height - height),
    width,
    height,
  }
}

const photo = async (portrait: Uint8Array | undefined): Promise<Buffer> => {
  const size = { width: PHOTO.width, height: PHOTO.height }
  if (!portrait) {
    const shape = `<svg xmlns="http://www.w3.org/2000/svg" width="380" height="490"><rect width="380" height="490" fill="#dfe6e8"/><circle cx="190" cy="190" r="90" fill="#b3c0c4"/><path d="M30 490c0-120 75-180 160-180s160 60 160 180z" fill="#b3c0c4"/></svg>`
    return sharp(Buffer.from(shape)).resize(size).png().toBuffer()
  }
  const picture = await decodePicture(portrait)
  return sharp(picture.data, { raw: { width: picture.width, height: picture.height, channels: 3 } })
    .extract(await cutOf(picture))
    .resize(size)
    .modulate({ saturation: 0.8 })
    .png()
    .toBuffer()
}

/** The front: labelled fields with the standard's numbers, and a portrait. PNG, 1,500 × 946 px (ID-1). */
export const renderLicenceFront = async (specimen: LicenceSpecimen): Promise<Buffer> => {
  const { country, name } = specimen.jurisdiction ?? UTOPIA
  const ink = '#15202b'
  const label = '#3f5f79'
  const field = async (x: number, y: number, number: string, title: string, value: string): Promise<string> =>
    (await textPath('sans', `${number} ${title}`, { x, y, size: 20, fill: label })) +
    (await textPath('bold', value.toUpperCase(), { x, y: y + 38, size: 34, fill: ink }))
  const parts = [
    paper('#eef4ea'),
    await textPath('bold', name.toUpperCase(), { x: 70, y: 100, size: 62, fill: '#23507a' }),
    await textPath('bold', 'DRIVER LICENSE', { x: 70, y: 160, size: 34, fill: label }),
    await textPath('bold', country, { x: 1330, y: 90, size: 40, fill: '#23507a' }),
    await textPath('bold', 'SPECIMEN', { x: 1150, y: 150, size: 40, fill: '#b01030' }),
    await field(500, 220, '4d', 'DLN', specimen.number),
    await field(1050, 220, '4b', 'EXP', printed(specimen.expiry)),
    await field(500, 320, '1', 'LN', specimen.surname),
    await field(500, 420, '2', 'FN', specimen.givenNames),
    await field(500, 520, '3', 'DOB', printed(specimen.dateOfBirth)),
    await field(1050, 520, '15', 'SEX', specimen.sex),
    await field(500, 620, '8', 'ADDRESS', '1 Specimen Road, Sampleville'),
    await field(500, 720, '4a', 'ISS', printed(ISSUED)),
    await field(1050, 720, '9', 'CLASS', 'D'),
    await across(),
  ]
  return sharp(svgOf(parts.join('')))
    .composite([{ input: await photo(specimen.portrait), left: PHOTO.left, top: PHOTO.top }])
    .flatten({ background: '#ffffff' })
    .png()
    .toBuffer()
}

/** The package's types know neither the options of this code nor that without a callback there is always a promise. */
const drawCode = bwipjs.toBuffer as unknown as (options: Record<string, unknown>) => Promise<Buffer>

/** The back: the bar code (PDF417, ISO/IEC 15438) and the mark. PNG, 1,500 × 946 px. */
export const renderLicenceBack = async (specimen: LicenceSpecimen, faults: LicenceFaults = {}): Promise<Buffer> => {
  const code = await drawCode({
    bcid: 'pdf417',
    text: licenceText(specimen, faults),
    binarytext: true,
    columns: 13,
    eclevel: 5,
    scale: 2,
    backgroundcolor: 'FFFFFF',
    paddingwidth: 6,
    paddingheight: 6,
  })
  const { width = 0, height = 0 } = await sharp(code).metadata()
  // Whole pixels a module: the print is sharp, and what the camera does to it is the camera's.
  const scale = Math.max(1, Math.floor(1300 / width))
  const bars = await sharp(code)
    .resize({ width: width * scale, height: height * scale, kernel: 'nearest' })
    .toBuffer()
  const parts = [
    paper('#f4f3ee'),
    await textPath('bold', 'SPECIMEN', { x: 80, y: 100, size: 48, fill: '#b01030' }),
    await textPath('sans', 'CLASS D  NO ENDORSEMENTS  NO RESTRICTIONS', { x: 80, y: 860, size: 26, fill: '#3f5f79' }),
    await across(),
  ]
  return sharp(svgOf(parts.join('')))
    .composite([
      { input: bars, left: Math.round((WIDTH - width * scale) / 2), top: Math.round((HEIGHT - height * scale) / 2) },
    ])
    .flatten({ background: '#ffffff' })
    .png()
    .toBuffer()
}
