import { readModel } from './read.ts'
import { type OnnxNode, type OnnxTensor, writeModel } from './write.ts'

/** A graph that is being changed: who makes a value, who takes it, which values are constants. */
class Graph {
  readonly nodes: Set<OnnxNode>
  readonly tensors: Map<string, OnnxTensor>
  private serial = 0

  constructor(nodes: readonly OnnxNode[], tensors: readonly OnnxTensor[]) {
    this.nodes = new Set(nodes)
    this.tensors = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  }

  makerOf(name: string): OnnxNode | undefined {
    return [...this.nodes].find(({ outputs }) => outputs.includes(name))
  }

  takersOf(name: string): OnnxNode[] {
    return [...this.nodes].filter(({ inputs }) => inputs.includes(name))
  }

  /** The one node that takes a value, when it is of this kind. */
  next(name: string, op: string): OnnxNode | undefined {
    const [taker, other] = this.takersOf(name)
    return taker?.op === op && !other ? taker : undefined
  }

  /** A constant of a single fraction. */
  fraction(name: string | undefined): number | undefined {
    const data = name === undefined ? undefined : this.tensors.get(name)?.data
    return data instanceof Float32Array && data.length === 1 ? data[0] : undefined
  }

  fractions(name: string | undefined): Float32Array | undefined {
    const data = name === undefined ? undefined : this.tensors.get(name)?.data
    return data instanceof Float32Array ? data : undefined
  }

  constant(dims: readonly number[], data: Float32Array): string {
    this.serial += 1
    const name = `folded.${this.serial}`
    this.tensors.set(name, { name, dims, data })
    return name
  }

  /** Puts nodes where others stood: order counts, since a value is made before it is taken. */
  replace(old: readonly OnnxNode[], added: readonly OnnxNode[]): void {
    const last = old.at(-1)
    const nodes = [...this.nodes].flatMap((node) => (node === last ? added : old.includes(node) ? [] : [node]))
    this.nodes.clear()
    for (const node of nodes) this.nodes.add(node)
  }
}

/** What a node does to its other input: `x · scale + shift`, of one number for all values. */
const stepOf = (graph: Graph, node: OnnxNode | undefined): { from: string; by: number } | undefined => {
  const [a = '', b = ''] = node?.inputs ?? []
  const by = graph.fraction(b) ?? graph.fraction(a)
  return by === undefined ? undefined : { from: graph.fraction(b) === undefined ? b : a, by }
}

type Convolution = {
  dims: readonly number[]
  weights: Float32Array
  bias: Float32Array
  groups: number
  padded: boolean
}

const convolutionOf = (graph: Graph, node: OnnxNode): Convolution | undefined => {
  const { group = 1, pads = [], auto_pad } = node.attributes ?? {}
  const weights = graph.fractions(node.inputs[1])
  const dims = graph.tensors.get(node.inputs[1] ?? '')?.dims
  const bias = node.inputs[2] ? graph.fractions(node.inputs[2]) : new Float32Array(dims?.[0] ?? 0)
  if (node.op !== 'Conv' || !weights || !dims || !bias || typeof group !== 'number' || auto_pad) return undefined
  return { dims, weights, bias, groups: group, padded: !Array.isArray(pads) || pads.some((pad) => pad !== 0) }
}

const withWeights = (graph: Graph, node: OnnxNode, { dims, weights, bias }: Convolution, output: string): OnnxNode => ({
  ...node,
  inputs: [node.inputs[0] ?? '', graph.constant(dims, weights), graph.constant([bias.length], bias)],
  outputs: [output],
})

/** A convolution's `· scale + shift` behind it becomes a part of its weights and biases. */
const foldBehind = (graph: Graph): void => {
  for (const node of [...graph.nodes]) {
    const convolution = convolutionOf(graph, node)
    const multiply = convolution && graph.next(node.outputs[0] ?? '', 'Mul')
    const scale = stepOf(graph, multiply)?.by
    const add = multiply && graph.next(multiply.outputs[0] ?? '', 'Add')
    const shift = stepOf(graph, add)?.by
    if (!convolution || !multiply || !add || scale === undefined || shift === undefined) continue
    const weights = convolution.weights.map((weight) => weight * scale)
    const bias = convolution.bias.map((value) => value * scale + shift)
    graph.replace(
      [node, multiply, add],
      [withWeights(graph, node, { ...convolution, weights, bias }, add.outputs[0] ?? '')],
    )
  }
}

/** `x · clip(x + 3, 0, 6) / 6`, written out in four steps, as the one function that it is. */
const foldHardSwish = (graph: Graph): void => {
  for (const add of [...graph.nodes]) {
    const step = add.op === 'Add' ? stepOf(graph, add) : undefined
    const clip = step?.by === 3 ? graph.next(add.outputs[0] ?? '', 'Clip') : undefined
    const multiply = clip && graph.next(clip.outputs[0] ?? '', 'Mul')
    const divide = multiply && graph.next(multiply.outputs[0] ?? '', 'Div')
    if (!step || !clip || !multiply || !divide || !multiply.inputs.includes(step.from)) continue
    const { min, max } = clip.attributes ?? {}
    const bound = (given: unknown, input: string | undefined): number | undefined =>
      typeof given === 'object' && given && 'float' in given ? (given.float as number) : graph.fraction(input)
    if (bound(min, clip.inputs[1]) !== 0 || bound(max, clip.inputs[2]) !== 6) continue
    if (graph.fraction(divide.inputs[1]) !== 6) continue
    const gate = `${divide.outputs[0]}.gate`
    graph.replace(
      [add, clip, multiply, divide],
      [
        {
          op: 'HardSigmoid',
          inputs: [step.from],
          outputs: [gate],
          attributes: { alpha: { float: 1 / 6 }, beta: { float: 0.5 } },
        },
        { op: 'Mul', inputs: [step.from, gate], outputs: divide.outputs },
      ],
    )
  }
}

const channelsOf = (graph: Graph, name: string): number | undefined => {
  const maker = graph.makerOf(name)
  if (!maker) return undefined
  if (maker.op === 'Conv') return graph.tensors.get(maker.inputs[1] ?? '')?.dims[0]
  return maker.op === 'Mul' || maker.op === 'Add' ? channelsOf(graph, maker.inputs[0] ?? '') : undefined
}

/** `· scale + shift` before convolutions: into their weights, where no padding stands between them; else as one step. */
const foldBefore = (graph: Graph): void => {
  for (const multiply of [...graph.nodes]) {
    const scaled = multiply.op === 'Mul' ? stepOf(graph, multiply) : undefined
    const add = scaled && graph.next(multiply.outputs[0] ?? '', 'Add')
    const shifted = stepOf(graph, add)
    if (!scaled || !add || !shifted) continue
    const output = add.outputs[0] ?? ''
    const takers = graph.takersOf(output)
    const convolutions = takers.map((node) => convolutionOf(graph, node))
    const channels = channelsOf(graph, scaled.from)
    if (convolutions.length > 0 && convolutions.every((one) => one && !one.padded)) {
      graph.replace([multiply, add], [])
      for (const [index, node] of takers.entries()) {
        const convolution = convolutions[index] as Convolution
        const size = convolution.weights.length / convolution.bias.length
        const bias = convolution.bias.map(
          (value, out) =>
            value +
            shifted.by * convolution.weights.subarray(out * size, (out + 1) * size).reduce((sum, one) => sum + one, 0),
        )
        const weights = convolution.weights.map((weight) => weight * scaled.by)
        const folded = withWeights(graph, node, { ...convolution, weights, bias }, node.outputs[0] ?? '')
        graph.replace([node], [{ ...folded, inputs: [scaled.from, ...folded.inputs.slice(1)] }])
      }
    } else if (channels !== undefined) {
      const dims = [channels, 1, 1, 1]
      graph.replace(
        [multiply, add],
        [
          {
            op: 'Conv',
            inputs: [
              scaled.from,
              graph.constant(dims, new Float32Array(channels).fill(scaled.by)),
              graph.constant([channels], new Float32Array(channels).fill(shifted.by)),
            ],
            outputs: [output],
            attributes: { group: channels, kernel_shape: [1, 1] },
          },
        ],
      )
    }
  }
}

/**
 * A model with its constants folded: PP-OCR's were written out for training, eight steps between two convolutions that can be
 * three. What it computes stays the same but for the last bits.
 *
 * @throws Error where the bytes are no model
 */
export const foldModel = (bytes: Uint8Array): Uint8Array => {
  const { nodes, tensors, inputs, outputs, opset } = readModel(bytes)
  const graph = new Graph(nodes, tensors)
  foldBehind(graph)
  foldHardSwish(graph)
  foldBefore(graph)
  const used = new Set([...graph.nodes].flatMap((node) => node.inputs))
  return writeModel({
    nodes: [...graph.nodes],
    tensors: [...graph.tensors.values()].filter(({ name }) => used.has(name)),
    inputs,
    outputs,
    ...(opset === undefined ? {} : { opset }),
  })
}
