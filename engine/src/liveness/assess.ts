import { createHash } from 'node:crypto'
import { decodePicture } from '../decode.ts'
import { cosine, detectFaces, embedFace } from '../faces/index.ts'
import { liveness as limits } from '../thresholds.ts'
import { type Frame, judgeLiveness, type LivenessFinding, type Movement } from './judge.ts'
import { lookOf } from './look.ts'

export type LivenessInput = {
  readonly challenge: readonly Movement[]
  readonly frames: readonly { readonly step: number; readonly atMs: number; readonly picture: Uint8Array }[]
}

/** Reads the frames and judges them. Times are the caller's: use the clock of the server, never the browser's. @throws {EngineError} */
export const assessLiveness = async ({ challenge, frames }: LivenessInput): Promise<LivenessFinding> => {
  const seen: Frame[] = []
  const descriptors = new Map<number, Float32Array>()
  for (const { step, atMs, picture: bytes } of frames) {
    const picture = await decodePicture(bytes, 640)
    const found = await detectFaces(picture)
    const mesh = found.length === 1 ? found[0]?.mesh : null
    const look = mesh ? lookOf(mesh, picture.height) : null
    // One face a step, while it looks ahead: a turned face has no comparable descriptor.
    if (look && found[0] && Math.abs(look.yaw) < limits.baseYaw && !descriptors.has(step)) {
      const descriptor = await embedFace(picture, found[0])
      if (descriptor) descriptors.set(step, descriptor)
    }
    seen.push({ step, atMs, look, digest: createHash('sha256').update(bytes).digest('hex') })
  }
  const all = [...descriptors.values()]
  const pairs = all.flatMap((a, index) => all.slice(index + 1).map((b) => cosine(a, b)))
  // A step without a comparable face leaves room for another person in it.
  const sameFace = descriptors.size === challenge.length && pairs.length > 0 ? Math.min(...pairs) : null
  return judgeLiveness(challenge, seen, sameFace)
}
