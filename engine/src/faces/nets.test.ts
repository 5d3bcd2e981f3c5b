import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { openSession, packageFile } from '../models.ts'
import { convertGraph } from './convert-graph.ts'
import { buildDescriptorNet } from './descriptor-net.ts'

/**
 * What the nets answer to one rendered picture in their original runtime (TensorFlow.js 4.22, wasm): every output at 0, 20, 40, 60 and
 * 80 % of its length. Over six inputs the largest difference was 4e-6 of an output's range for the graphs, 4e-7 for the descriptor.
 */
const original: Record<string, Record<string, readonly number[]>> = {
  blazeface: {
    Identity: [-4.180538, -3.538746, -4.427989, -3.501172, -3.596969],
    Identity_1: [-5.216008, -10.37491, -10.99916, -6.51438, -7.096814],
    Identity_2: [1.730524, 0.6446661, -11.79745, 33.11525, 5.326659],
    Identity_3: [13.91915, -39.07694, 13.65627, 11.66386, 104.3706],
  },
  facemesh: {
    Identity: [89.69904, 105.0351, 122.0705, 64.31665, 68.64288],
    Identity_1: [0.00001876019, 0.00001876019, 0.00001876019, 0.00001876019, 0.00001876019],
    Identity_2: [91.36222, 92.04551, 49.18883, 1.306664, 69.57418],
  },
  descriptor: { descriptor: [-0.04879291, -0.2548596, 0.1713118, 0.3543685, 0.0394996] },
}

/** The same drawing as the original was shown: stripes, slopes and fine texture, 0 to 255, channels last. */
const rendered = (side: number): Float32Array =>
  Float32Array.from({ length: side * side * 3 }, (_value, index) => {
    const channel = index % 3
    const x = ((index - channel) / 3) % side
    const y = Math.floor(index / 3 / side)
    return (x * 7 + y * 13 + channel * 29 + ((x * y) % 31)) % 256
  })

const largestDifference = (name: string, result: InferenceSession.ReturnType): number => {
  const expected = original[name] ?? {}
  expect(Object.keys(result).sort()).toEqual(Object.keys(expected).sort())
  return Math.max(
    ...Object.entries(expected).flatMap(([output, values]) => {
      const data = result[output]?.data as Float32Array
      return values.map(
        (value, index) =>
          Math.abs((data[Math.floor(index * 0.2 * data.length)] ?? Number.NaN) - value) / Math.max(1, Math.abs(value)),
      )
    }),
  )
}

describe('nets converted in memory', () => {
  it.each([
    ['blazeface', 256, (value: number) => value / 127.5 - 1],
    ['facemesh', 192, (value: number) => value / 255],
  ] as const)('%s answers as it does in its own runtime', async (name, side, scale) => {
    const { model } = convertGraph(packageFile('@vladmandic/human', `models/${name}.json`), side)
    const session = await openSession(model)
    const picture = new Tensor('float32', rendered(side).map(scale), [1, side, side, 3])
    expect(largestDifference(name, await session.run({ picture }))).toBeLessThan(1e-4)
  })

  it('the descriptor net answers as it does in its own runtime', async () => {
    const file = packageFile('@vladmandic/face-api', 'model/face_recognition_model-weights_manifest.json')
    const session = await openSession(buildDescriptorNet(file))
    const rgb = rendered(150)
    const plane = 150 * 150
    const input = new Float32Array(rgb.length)
    for (let index = 0; index < rgb.length; index += 1)
      input[(index % 3) * plane + Math.floor(index / 3)] =
        ((rgb[index] ?? 0) - ([122.782, 117.001, 104.298][index % 3] ?? 0)) / 255
    const face = new Tensor('float32', input, [1, 3, 150, 150])
    expect(largestDifference('descriptor', await session.run({ face }))).toBeLessThan(1e-5)
  })
})
