import { createHash } from 'node:crypto'
import { decodePicture } from '../decode.ts'
import { cosine, detectFaces, embedFace, type Face, followFace, type MeshPoint } from '../faces/index.ts'
import type { Picture } from '../picture.ts'
import { faces, liveness as limits } from '../thresholds.ts'
import { type Frame, judgeLiveness, type LivenessFinding, type Movement } from './judge.ts'
import { type FrameLook, lookOf } from './look.ts'

type SentFrame = { readonly step: number; readonly atMs: number; readonly picture: Uint8Array }
export type LivenessInput = {
  readonly challenge: readonly Movement[]
  readonly frames: readonly SentFrame[]
  /** The selfie that is compared with the document: it must show the person of the frames. */
  readonly selfie?: Uint8Array
}
export type LivenessAnswer = LivenessFinding & {
  /** The frame, by its index in the input, that looks most straight ahead before the first movement; null where there is none. */
  readonly straight: number | null
}

/** Of each step at most so many frames, evenly taken, its first and last among them. */
const toLookAt = (frames: readonly SentFrame[]): Set<SentFrame> => {
  const out = new Set<SentFrame>()
  for (const step of new Set(frames.map((frame) => frame.step))) {
    const own = frames.filter((frame) => frame.step === step)
    const count = Math.min(own.length, limits.looksPerStep)
    for (let k = 0; k < count; k += 1) {
      const frame = own[count === 1 ? 0 : Math.round((k * (own.length - 1)) / (count - 1))]
      if (frame) out.add(frame)
    }
  }
  return out
}

/** Meshes of single faces, frame after frame: the detector counts the faces now and then, in between the mesh is followed. */
const createEye = () => {
  let before: { readonly mesh: readonly MeshPoint[]; readonly width: number } | null = null
  let followed = 0
  return async (picture: Picture): Promise<readonly MeshPoint[] | null> => {
    let mesh: readonly MeshPoint[] | null = null
    if (before?.width === picture.width && followed < limits.followed) {
      mesh = await followFace(picture, before.mesh)
      followed += 1
    }
    if (!mesh) {
      const [face, second] = await detectFaces(picture)
      // Somebody small in the background is no second person at the camera, as for a selfie.
      const isAlone = !second || !face || second.box.width <= face.box.width * faces.secondFace
      mesh = isAlone ? (face?.mesh ?? null) : null
      followed = 0
    }
    before = mesh && { mesh, width: picture.width }
    return mesh
  }
}

type Straight = {
  readonly index: number
  readonly picture: Picture
  readonly face: Pick<Face, 'mesh'>
  readonly off: number
}

const offOf = (look: FrameLook): number => Math.abs(look.yaw)

/** Reads the frames and judges them. Times are the caller's: use the clock of the server, never the browser's. @throws {EngineError} */
export const assessLiveness = async ({ challenge, frames, selfie }: LivenessInput): Promise<LivenessAnswer> => {
  const seen: Frame[] = []
  // One face a step, the one that looks most straight ahead: a turned face has no comparable descriptor.
  const straight = new Map<number, Straight>()
  const chosen = toLookAt(frames)
  const eye = createEye()
  for (const [index, frame] of frames.entries()) {
    const { step, atMs } = frame
    const digest = createHash('sha256').update(frame.picture).digest('hex')
    if (!chosen.has(frame)) {
      seen.push({ step, atMs, digest })
      continue
    }
    const picture = await decodePicture(frame.picture, 640)
    const mesh = await eye(picture)
    const look = mesh ? lookOf(mesh, picture.height) : null
    if (mesh && look && offOf(look) < Math.min(limits.baseYaw, straight.get(step)?.off ?? 1))
      straight.set(step, { index, picture, face: { mesh }, off: offOf(look) })
    seen.push({ step, atMs, digest, look })
  }
  const descriptors: Float32Array[] = []
  for (const { picture, face } of straight.values()) {
    const descriptor = await embedFace(picture, face)
    if (descriptor) descriptors.push(descriptor)
  }
  const pairs = descriptors.flatMap((a, index) => descriptors.slice(index + 1).map((b) => cosine(a, b)))
  // A step without a comparable face leaves room for another person in it.
  const sameFace = descriptors.length === challenge.length && pairs.length > 0 ? Math.min(...pairs) : null
  const own = selfie && (await describeSelfie(selfie))
  const selfieFace =
    selfie && (own && descriptors.length > 0 ? Math.max(...descriptors.map((one) => cosine(one, own))) : null)
  return { ...judgeLiveness(challenge, seen, sameFace, selfieFace), straight: straight.get(0)?.index ?? null }
}

const describeSelfie = async (bytes: Uint8Array): Promise<Float32Array | null> => {
  const picture = await decodePicture(bytes, 1280)
  const [face] = await detectFaces(picture)
  return face ? embedFace(picture, face) : null
}
