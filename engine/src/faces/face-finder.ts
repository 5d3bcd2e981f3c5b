import { readFileSync } from 'node:fs'
import { packageFile } from '../package-file.ts'
import { readWeights } from './weights.ts'

type Node = { readonly op: string; readonly input?: readonly string[] }

/**
 * Weights of the net that finds faces (BlazeFace), as little-endian 32-bit floats in the order of its layers: filters, then biases. For
 * a capture page, which computes the same net on the device to guide people; what it finds decides nothing.
 *
 * @throws {EngineError} `model_missing`
 */
export const faceFinderWeights = (): Uint8Array => {
  const file = packageFile('@vladmandic/human', 'models/blazeface.json')
  const source = JSON.parse(readFileSync(file, 'utf8')) as {
    modelTopology: { node: Node[] }
    weightsManifest: Parameters<typeof readWeights>[1]
  }
  const weights = readWeights(file, source.weightsManifest)
  const values = source.modelTopology.node
    .filter(({ op }) => op === '_FusedConv2D' || op === 'DepthwiseConv2dNative')
    .flatMap(({ input = [] }) => input.slice(1).flatMap((name) => [...(weights.get(name)?.data ?? [])]))
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeFloatLE(value, index * 4)
  return bytes
}
