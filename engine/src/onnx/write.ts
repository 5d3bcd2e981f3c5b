/** A minimal writer of ONNX models (onnx.proto3): just the messages that our graphs need. */
type Bytes = Uint8Array[]

const varint = (value: number | bigint): Uint8Array => {
  let rest = BigInt.asUintN(64, BigInt(value))
  const out: number[] = []
  do {
    const part = Number(rest & 0x7fn)
    rest >>= 7n
    out.push(rest === 0n ? part : part | 0x80)
  } while (rest !== 0n)
  return Uint8Array.from(out)
}
const join = (parts: Bytes): Uint8Array => Buffer.concat(parts)
const integer = (field: number, value: number): Uint8Array => join([varint(field << 3), varint(value)])
const message = (field: number, body: Uint8Array): Uint8Array =>
  join([varint((field << 3) | 2), varint(body.length), body])
const text = (field: number, value: string): Uint8Array => message(field, Buffer.from(value))

/** Whole numbers, text, a fraction, or an attribute's message as it was read. */
export type Attribute = number | readonly number[] | string | { readonly float: number } | Uint8Array
/** An operation of a graph, by ONNX's name (`Conv`, `Add`); inputs and outputs by the names of tensors or values. */
export type OnnxNode = {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes?: Readonly<Record<string, Attribute>>
}
/** A constant of a graph. `dims` count only where `data` are values. */
export type OnnxTensor = {
  readonly name: string
  readonly dims: readonly number[]
  /** Values, or a tensor's message as it was read. */
  readonly data: Float32Array | BigInt64Array | Uint8Array
}
/** What goes in or comes out: its name and size, or its message as it was read. */
export type OnnxValue = { readonly name: string; readonly dims: readonly (number | string)[] } | Uint8Array

const FLOAT = 1
const INT64 = 7

const float = (field: number, value: number): Uint8Array =>
  join([varint((field << 3) | 5), new Uint8Array(Float32Array.of(value).buffer)])

const attribute = (name: string, value: Attribute): Uint8Array => {
  if (value instanceof Uint8Array) return message(5, value)
  const parts: Bytes = [text(1, name)]
  if (typeof value === 'string') parts.push(text(4, value), integer(20, 3))
  else if (typeof value === 'number') parts.push(integer(3, value), integer(20, 2))
  else if ('float' in value) parts.push(float(2, value.float), integer(20, 1))
  else parts.push(...value.map((item) => integer(8, item)), integer(20, 7))
  return message(5, join(parts))
}

const node = ({ op, inputs, outputs, attributes = {} }: OnnxNode): Uint8Array =>
  message(
    1,
    join([
      ...inputs.map((name) => text(1, name)),
      ...outputs.map((name) => text(2, name)),
      text(4, op),
      ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    ]),
  )

const tensor = ({ name, dims, data }: OnnxTensor): Uint8Array =>
  message(
    5,
    // Of a field that comes twice the later one counts: the tensor gets this name.
    data instanceof Uint8Array
      ? join([data, text(8, name)])
      : join([
          ...dims.map((dim) => integer(1, dim)),
          integer(2, data instanceof Float32Array ? FLOAT : INT64),
          text(8, name),
          message(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
        ]),
  )

const value = (field: number, described: OnnxValue): Uint8Array => {
  if (described instanceof Uint8Array) return message(field, described)
  const { name, dims } = described
  const shape = join(dims.map((dim) => message(1, typeof dim === 'number' ? integer(1, dim) : text(2, dim))))
  return message(field, join([text(1, name), message(2, message(1, join([integer(1, FLOAT), message(2, shape)])))]))
}

/** A whole graph. Tensors are its constants; an operation that uses what another one makes comes after it. */
export type OnnxGraph = {
  readonly nodes: readonly OnnxNode[]
  readonly tensors: readonly OnnxTensor[]
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
  /** Version of the operations; 13 unless the graph was made for another. */
  readonly opset?: number
}

/** The bytes of a model. */
export const writeModel = (graph: OnnxGraph): Uint8Array =>
  join([
    integer(1, 8),
    message(
      7,
      join([
        ...graph.nodes.map(node),
        text(2, 'graph'),
        ...graph.tensors.map(tensor),
        ...graph.inputs.map((entry) => value(11, entry)),
        ...graph.outputs.map((entry) => value(12, entry)),
      ]),
    ),
    message(8, integer(2, graph.opset ?? 13)),
  ])
