import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { prepareZXingModule, type ReaderOptions, readBarcodes } from 'zxing-wasm/reader'
import { lazily, packageFile } from '../models.ts'
import type { Grey, Picture } from '../pictures/picture.ts'
import { toGrey } from '../pictures/quality.ts'
import { barsDirection } from './bars-direction.ts'
import { findCodes } from './find-code.ts'
import { flatten } from './flatten.ts'

/** The reader's bytes come from the package: left alone, it would fetch them from the network. */
const reader = lazily(async () => {
  const bytes = readFileSync(packageFile('zxing-wasm', 'dist/reader/zxing_reader.wasm'))
  await prepareZXingModule({
    overrides: {
      wasmBinary: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
    },
    fireImmediately: true,
  })
})

const options: ReaderOptions = {
  formats: ['PDF417'],
  tryHarder: false,
  tryRotate: false,
  tryInvert: false,
  tryDownscale: false,
  maxNumberOfSymbols: 1,
  textMode: 'Plain',
}

/** Spread to four channels, as the reader wants pictures of a browser. Latin-1, control characters as they are. */
const tryReading = async (grey: Grey, more: ReaderOptions = {}): Promise<string | null> => {
  const data = new Uint8ClampedArray(grey.width * grey.height * 4)
  const pixels = new Uint32Array(data.buffer)
  for (let index = 0; index < pixels.length; index += 1)
    pixels[index] = (grey.data[index] ?? 0) * 0x01_01_01 + 0xff_00_00_00
  const [found] = await readBarcodes(
    { data, width: grey.width, height: grey.height, colorSpace: 'srgb' } as ImageData,
    { ...options, ...more },
  )
  return found?.isValid ? Buffer.from(found.bytes).toString('latin1') : null
}

const turned = async ({ data, width, height }: Grey, degrees: number): Promise<Grey> => {
  const { data: out, info } = await sharp(data, { raw: { width, height, channels: 1 } })
    .rotate(degrees, { background: '#808080' })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data: out, width: info.width, height: info.height }
}

/** The reader gives up at two degrees, so these are four apart. */
const sweep = [4, -4, 8, -8, 12, -12, 16, -16, 20, -20] as const

/** Whether something on the picture has the bars of a code, whether it can be read or not. */
export const hasCode = (picture: Picture): boolean => {
  const grey = { data: toGrey(picture), width: picture.width, height: picture.height }
  const direction = barsDirection(grey)
  return direction !== null && [...findCodes(grey, direction)].length > 0
}

/**
 * Reads a PDF417 code (ISO/IEC 15438) at any turn and with the perspective of a hand-held camera. The reader itself wants level
 * rows, so the code is cut out along its four sides and laid flat; where none is found so, the whole picture is turned in steps.
 *
 * @returns its text, Latin-1 with control characters as they are, or null when there is none that can be read
 */
export const readBarcode = async (picture: Picture): Promise<string | null> => {
  await reader()
  const grey = { data: toGrey(picture), width: picture.width, height: picture.height }
  const direction = barsDirection(grey)
  if (direction === null) return null
  for (const corners of findCodes(grey, direction))
    for (const scale of [1, 0.75, 1.4]) {
      const flat = flatten(grey, corners, scale)
      const text = flat && (await tryReading(flat))
      if (text) return text
    }
  const level = await tryReading(grey, { tryHarder: true, tryRotate: true, tryDownscale: true })
  if (level) return level
  for (const degrees of [-direction, ...sweep]) {
    const text = await tryReading(await turned(grey, degrees))
    if (text) return text
  }
  return null
}
