import { readFileSync } from 'node:fs'
import { type Attribute, type OnnxNode, type OnnxTensor, writeModel } from '../onnx/write.ts'
import { readWeights, type Weight } from './weights.ts'

type TfNode = {
  readonly name: string
  readonly op: string
  readonly input?: readonly string[]
  readonly attr?: Readonly<Record<string, { s?: string; i?: string; list?: { i?: string[]; s?: string[] } }>>
}

const ints = (node: TfNode, name: string): number[] => (node.attr?.[name]?.list?.i ?? []).map(Number)
const word = (node: TfNode, name: string): string => Buffer.from(node.attr?.[name]?.s ?? '', 'base64').toString()
const bare = (name: string): string => name.replace(/:\d+$/, '').replace(/^\^/, '')

/** TensorFlow keeps channels last, ONNX first: filters H W I O become O I H W. */
const filters = ({ shape, data }: Weight, depthwise: boolean): Weight => {
  const [h = 1, w = 1, i = 1, o = 1] = shape
  const out = new Float32Array(data.length)
  let at = 0
  // A depthwise filter H W C 1 becomes C 1 H W.
  for (let a = 0; a < (depthwise ? i : o); a += 1)
    for (let b = 0; b < (depthwise ? o : i); b += 1)
      for (let y = 0; y < h; y += 1)
        for (let x = 0; x < w; x += 1) {
          const [channel, kernel] = depthwise ? [a, b] : [b, a]
          out[at] = data[((y * w + x) * i + channel) * o + kernel] ?? 0
          at += 1
        }
  return { shape: depthwise ? [i, o, h, w] : [o, i, h, w], data: out }
}

/**
 * Converts a TensorFlow.js graph model of the few operations that face nets use into ONNX bytes, in memory. The input stays
 * `1 × H × W × 3`; outputs are reshaped as in the original. Nothing third-party is stored: the files are read where npm put them.
 */
export const convertGraph = (modelFile: string, inputSize: number): { model: Uint8Array; outputs: string[] } => {
  const source = JSON.parse(readFileSync(modelFile, 'utf8')) as {
    modelTopology: { node: TfNode[] }
    weightsManifest: Parameters<typeof readWeights>[1]
  }
  const weights = readWeights(modelFile, source.weightsManifest)
  const nodes: OnnxNode[] = []
  const tensors: OnnxTensor[] = []
  const outputs: string[] = []
  let serial = 0
  const fresh = (): string => `t${serial++}`
  const add = (op: string, inputs: string[], output: string, attributes: Record<string, Attribute> = {}): string => {
    nodes.push({ op, inputs, outputs: [output], attributes })
    return output
  }
  const constant = (weight: Weight): string => {
    const name = fresh()
    tensors.push({ name, dims: weight.shape, data: weight.data })
    return name
  }
  const whole = (values: readonly number[]): string => {
    const name = fresh()
    tensors.push({ name, dims: [values.length], data: BigInt64Array.from(values.map(BigInt)) })
    return name
  }
  const weightOf = (name: string): Weight => {
    const weight = weights.get(bare(name))
    if (!weight) throw new Error('a constant is missing')
    return weight
  }
  /** Per-channel values: biases and slopes, as C × 1 × 1. */
  const perChannel = (weight: Weight): string => constant({ shape: [weight.data.length, 1, 1], data: weight.data })
  const same = (node: TfNode): Record<string, Attribute> =>
    word(node, 'padding') === 'SAME' ? { auto_pad: 'SAME_UPPER' } : { auto_pad: 'VALID' }

  const convolution = (node: TfNode, input: string, output: string, depthwise: boolean, bias?: Weight): string => {
    const weight = filters(weightOf(node.input?.[1] ?? ''), depthwise)
    const [, sy = 1, sx = 1] = ints(node, 'strides')
    const [, dy = 1, dx = 1] = ints(node, 'dilations').length ? ints(node, 'dilations') : [1, 1, 1, 1]
    return add(
      'Conv',
      [input, constant(weight), ...(bias ? [constant({ shape: [bias.data.length], data: bias.data })] : [])],
      output,
      {
        ...same(node),
        strides: [sy, sx],
        dilations: [dy, dx],
        group: depthwise ? (weight.shape[0] ?? 1) : 1,
      },
    )
  }

  /**
   * `PRelu(x) = slope · x + (1 - slope) · Relu(x)`, as convolutions of one value each: the runtime keeps the values of a
   * convolution in an order of its own, and would turn them back and forth for `PRelu`.
   */
  const prelu = (input: string, { data }: Weight, output: string): string => {
    const [channels, attributes] = [data.length, { group: data.length, kernel_shape: [1, 1] }]
    const per = (values: Float32Array): string => constant({ shape: [channels, 1, 1, 1], data: values })
    const below = add('Conv', [input, per(data)], fresh(), attributes)
    const relu = add('Relu', [input], fresh())
    const above = add('Conv', [relu, per(data.map((slope) => 1 - slope))], fresh(), attributes)
    return add('Add', [above, below], output)
  }

  for (const node of source.modelTopology.node) {
    const [first = '', second = ''] = (node.input ?? []).map(bare)
    const out = bare(node.name)
    switch (node.op) {
      case 'Const':
        break
      case 'Placeholder':
        add('Transpose', ['picture'], out, { perm: [0, 3, 1, 2] })
        break
      case 'Identity':
        outputs.push(out)
        add('Identity', [first], out)
        break
      case '_FusedConv2D': {
        const fused = (node.attr?.fused_ops?.list?.s ?? []).map((entry) => Buffer.from(entry, 'base64').toString())
        const bias = fused.includes('BiasAdd') ? weightOf(node.input?.[2] ?? '') : undefined
        const activation = fused.find((entry) => entry !== 'BiasAdd')
        const plain = activation ? fresh() : out
        convolution(node, first, plain, false, bias)
        if (activation === 'Relu') add('Relu', [plain], out)
        else if (activation === 'Prelu') prelu(plain, weightOf(node.input?.[3] ?? ''), out)
        else if (activation) throw new Error('an activation is not known')
        break
      }
      case 'DepthwiseConv2dNative':
        convolution(node, first, out, true)
        break
      case 'AddV2':
        add(
          'Add',
          [
            weights.has(first) ? perChannel(weightOf(first)) : first,
            weights.has(second) ? perChannel(weightOf(second)) : second,
          ],
          out,
        )
        break
      case 'Relu':
        add('Relu', [first], out)
        break
      case 'Prelu':
        prelu(first, weightOf(second), out)
        break
      case 'Sigmoid':
        add('Sigmoid', [first], out)
        break
      case 'MaxPool': {
        const [, ky = 1, kx = 1] = ints(node, 'ksize')
        const [, sy = 1, sx = 1] = ints(node, 'strides')
        add('MaxPool', [first], out, { ...same(node), kernel_shape: [ky, kx], strides: [sy, sx] })
        break
      }
      case 'Pad': {
        const [n0 = 0, n1 = 0, h0 = 0, h1 = 0, w0 = 0, w1 = 0, c0 = 0, c1 = 0] = weightOf(second).data
        add('Pad', [first, whole([n0, c0, h0, w0, n1, c1, h1, w1])], out)
        break
      }
      case 'Reshape': {
        const channelsLast = add('Transpose', [first], fresh(), { perm: [0, 2, 3, 1] })
        add('Reshape', [channelsLast, whole([...weightOf(second).data])], out)
        break
      }
      default:
        throw new Error('an operation is not known')
    }
  }
  return {
    model: writeModel({
      nodes,
      tensors,
      inputs: [{ name: 'picture', dims: [1, inputSize, inputSize, 3] }],
      outputs: outputs.map((name) => ({ name, dims: [] })),
    }),
    outputs,
  }
}
