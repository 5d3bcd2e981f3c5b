import type { Attribute, OnnxGraph, OnnxNode, OnnxTensor } from './write.ts'

/** A field of a protocol buffer: its number, and a whole number or bytes. */
type Field = { readonly number: number; readonly value: number | Uint8Array }

/** The fields of a message, in order (protobuf.dev, "Encoding"). */
function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0
  const varint = (): number => {
    let out = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at]
      if (byte === undefined) throw new Error('a model ends in the middle of a number')
      at += 1
      out += (byte & 127) * factor
      if (byte < 128) return out
    }
  }
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new Error('a model ends in the middle of a field')
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const key = varint()
    const kind = key & 7
    if (kind === 0) yield { number: key >>> 3, value: varint() }
    else if (kind === 2) yield { number: key >>> 3, value: take(varint()) }
    else if (kind === 5) yield { number: key >>> 3, value: take(4) }
    else if (kind === 1) yield { number: key >>> 3, value: take(8) }
    else throw new Error('a model has a field of an unknown kind')
  }
}

const decoder = new TextDecoder()
const textOf = (value: Field['value']): string => (typeof value === 'number' ? '' : decoder.decode(value))
const bytesOf = (value: Field['value']): Uint8Array => (typeof value === 'number' ? new Uint8Array() : value)

const FLOAT = 1

/** The numbers of a field that may be written one by one or packed. */
const wholeNumbers = (value: Field['value']): number[] => {
  if (typeof value === 'number') return [value]
  // Each of them as if it were a field of its own.
  const out: number[] = []
  for (let at = 0; at < value.length; ) {
    let number = 0
    for (let factor = 1; ; factor *= 128, at += 1) {
      number += ((value[at] ?? 0) & 127) * factor
      if ((value[at] ?? 0) < 128) break
    }
    at += 1
    out.push(number)
  }
  return out
}

/** A tensor: of fractions its values, of anything else the message as it is. */
const tensorOf = (bytes: Uint8Array, name?: string): OnnxTensor => {
  const dims: number[] = []
  let type = 0
  let own = ''
  let raw: Uint8Array | null = null
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 1) dims.push(...wholeNumbers(value))
    else if (number === 2) type = Number(value)
    else if (number === 8) own = textOf(value)
    else if (number === 9) raw = bytesOf(value)
  }
  // Copied: what was read may begin at any byte, fractions only at every fourth.
  const data = type === FLOAT && raw ? new Float32Array(new Uint8Array(raw).buffer) : bytes
  return { name: name ?? own, dims, data }
}

/** An attribute: numbers where it is made of them, else the message as it is. */
const attributeOf = (bytes: Uint8Array): { name: string; value: Attribute; tensor?: Uint8Array } => {
  let name = ''
  let one: number | null = null
  let fraction: number | null = null
  const several: number[] = []
  let tensor: Uint8Array | undefined
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 1) name = textOf(value)
    else if (number === 2) fraction = new DataView(new Uint8Array(bytesOf(value)).buffer).getFloat32(0, true)
    else if (number === 3 && typeof value === 'number') one = value
    else if (number === 8) several.push(...wholeNumbers(value))
    else if (number === 5) tensor = bytesOf(value)
  }
  // Negative numbers take ten bytes, more than a number holds: they stay as they are.
  const isPlain = [...several, one ?? 0].every((number) => number < 2 ** 31)
  const plain = several.length > 0 ? several : (one ?? (fraction === null ? null : { float: fraction }))
  const value = isPlain && plain !== null ? plain : bytes
  return { name, value, ...(tensor ? { tensor } : {}) }
}

/**
 * The graph of a model (onnx.proto3). Constants become tensors of the graph; what is not looked into stays as it was, byte by byte.
 *
 * @throws Error where the bytes are no model
 */
export const readModel = (bytes: Uint8Array): OnnxGraph => {
  let graph: Uint8Array | null = null
  let opset = 13
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 7) graph = bytesOf(value)
    // The default domain has no name, or an empty one.
    if (number === 8) {
      const fields = [...fieldsOf(bytesOf(value))]
      if (fields.every((field) => field.number !== 1 || textOf(field.value) === ''))
        opset = Number(fields.find((field) => field.number === 2)?.value ?? opset)
    }
  }
  if (!graph) throw new Error('a model without a graph')
  const nodes: OnnxNode[] = []
  const tensors: OnnxTensor[] = []
  const inputs: Uint8Array[] = []
  const outputs: Uint8Array[] = []
  for (const { number, value } of fieldsOf(graph)) {
    if (number === 5) tensors.push(tensorOf(bytesOf(value)))
    if (number === 11) inputs.push(bytesOf(value))
    if (number === 12) outputs.push(bytesOf(value))
    if (number !== 1) continue
    const ins: string[] = []
    const outs: string[] = []
    let op = ''
    const attributes: Record<string, Attribute> = {}
    let constant: Uint8Array | undefined
    for (const field of fieldsOf(bytesOf(value))) {
      if (field.number === 1) ins.push(textOf(field.value))
      if (field.number === 2) outs.push(textOf(field.value))
      if (field.number === 4) op = textOf(field.value)
      if (field.number !== 5) continue
      const attribute = attributeOf(bytesOf(field.value))
      attributes[attribute.name] = attribute.value
      constant = attribute.tensor ?? constant
    }
    if (op === 'Constant' && constant) tensors.push(tensorOf(constant, outs[0]))
    else nodes.push({ op, inputs: ins, outputs: outs, attributes })
  }
  return { nodes, tensors, inputs, outputs, opset }
}
