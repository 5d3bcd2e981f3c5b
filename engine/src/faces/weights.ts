import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A tensor of a net: its dimensions, and its values row by row. */
export type Weight = { readonly shape: readonly number[]; readonly data: Float32Array }

type Entry = {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: string
  readonly quantization?: { readonly dtype: string; readonly scale?: number; readonly min?: number }
}
type Group = { readonly weights: readonly Entry[]; readonly paths: readonly string[] }

const half = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024)
  return exponent === 31 ? Number.NaN : sign * 2 ** (exponent - 15) * (1 + fraction / 1024)
}

const sizes: Record<string, number> = { float32: 4, int32: 4, float16: 2, uint8: 1, uint16: 2 }

/** Weights in the layout of TensorFlow.js: names and shapes in a manifest, bytes one after the other; quantised ones are widened. */
export const readWeights = (manifestFile: string, groups: readonly Group[]): Map<string, Weight> => {
  const out = new Map<string, Weight>()
  for (const group of groups) {
    const bytes = Buffer.concat(group.paths.map((path) => readFileSync(join(dirname(manifestFile), path))))
    let offset = 0
    for (const entry of group.weights) {
      const count = entry.shape.reduce((product, dim) => product * dim, 1)
      const stored = entry.quantization?.dtype ?? entry.dtype
      const data = new Float32Array(count)
      const { scale = 1, min = 0 } = entry.quantization ?? {}
      for (let index = 0; index < count; index += 1) {
        const at = offset + index * (sizes[stored] ?? 4)
        if (stored === 'uint8') data[index] = bytes.readUInt8(at) * scale + min
        else if (stored === 'uint16') data[index] = bytes.readUInt16LE(at) * scale + min
        else if (stored === 'float16') data[index] = half(bytes.readUInt16LE(at))
        else data[index] = stored === 'int32' ? bytes.readInt32LE(at) : bytes.readFloatLE(at)
      }
      offset += count * (sizes[stored] ?? 4)
      out.set(entry.name, { shape: entry.shape, data })
    }
  }
  return out
}
