import { createHash, randomInt } from 'node:crypto'
import { cosine, detectFaces, embedFace, embedFaces, followFace, type MeshPoint, outlineOf } from '../faces/index.ts'
import { decodePicture } from '../pictures/decode.ts'
import type { Picture } from '../pictures/picture.ts'
import { type FaceLimits, faces, liveness as limits } from '../thresholds.ts'
import { type Frame, judgeLiveness, type LivenessFinding, type Movement } from './judge.ts'
import { measureFace } from './measure-face.ts'

type SentFrame = { readonly step: number; readonly atMs: number; readonly picture: Uint8Array }
/**
 * A movement check as it was recorded. `step` is the index of the movement in the challenge, `atMs` milliseconds by the server's
 * clock.
 */
export type LivenessInput = {
  readonly challenge: readonly Movement[]
  readonly frames: readonly SentFrame[]
  /** The selfie that is compared with the document: it must show the person of the frames. */
  readonly selfie?: Uint8Array
}
/** A finding, and which frame may be compared with the document. */
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

type Seen = { readonly mesh: readonly MeshPoint[]; readonly outline: Float32Array; readonly width: number }

const seeAt = (picture: Picture, mesh: readonly MeshPoint[]): Seen => ({
  mesh,
  outline: outlineOf(picture, mesh),
  width: picture.width,
})

/**
 * Single faces, frame after frame: the detector counts the faces now and then, in between the mesh is followed. A face that does not
 * look like the one before it is found anew: a mesh that was followed from one person to another lies badly, and blurs who it is.
 */
const createEye = () => {
  let before: Seen | null = null
  let followed = 0
  const follow = async (picture: Picture): Promise<Seen | null> => {
    if (before?.width !== picture.width || followed >= limits.followed) return null
    const mesh = await followFace(picture, before.mesh)
    const seen = mesh && seeAt(picture, mesh)
    return seen && cosine(seen.outline, before.outline) >= limits.similarity ? seen : null
  }
  const find = async (picture: Picture): Promise<Seen | null> => {
    const [face, second] = await detectFaces(picture)
    // A small face in the background does not count as a second person, as with selfies.
    const isAlone = !second || !face || second.box.width <= face.box.width * faces.secondFace
    return isAlone && face?.mesh ? seeAt(picture, face.mesh) : null
  }
  return async (picture: Picture): Promise<Seen | null> => {
    let seen = await follow(picture)
    followed = seen ? followed + 1 : 0
    seen ??= await find(picture)
    before = seen
    return seen
  }
}

/** A face that looks straight enough ahead to be compared: a turned one has no comparable descriptor. */
type Comparable = Seen & {
  readonly index: number
  readonly step: number
  readonly picture: Picture
  readonly off: number
}

const leastOf = <T>(list: readonly T[], value: (one: T) => number): T | undefined =>
  list.reduce<T | undefined>((least, one) => (!least || value(one) < value(least) ? one : least), undefined)

/** The face of each step that looks most straight ahead. */
const straightOf = (all: readonly Comparable[]): Comparable[] =>
  [...new Set(all.map(({ step }) => step))].flatMap(
    (step) =>
      leastOf(
        all.filter((one) => one.step === step),
        ({ off }) => off,
      ) ?? [],
  )

/**
 * Further faces to compare, so that another person in between is not missed: of each step the one least like the first face, where
 * somebody else would stand out, and some sampled at random, so that a picture chosen to look least like the others cannot hide the rest.
 */
const doubtful = (all: readonly Comparable[], straight: readonly Comparable[]): Comparable[] => {
  const [first] = straight
  const left = new Set(all.filter((one) => !straight.includes(one)))
  const out: Comparable[] = []
  const take = (one: Comparable | undefined): void => {
    if (one && left.delete(one)) out.push(one)
  }
  for (const { step } of straight)
    take(
      leastOf(
        [...left].filter((one) => one.step === step),
        ({ outline }) => (first ? cosine(outline, first.outline) : 0),
      ),
    )
  for (let count = 0; count < limits.sampled && left.size > 0; count += 1) take([...left][randomInt(left.size)])
  return out
}

/**
 * The least likeness between faces of one check: of the straight ones with each other, of the others with the straight one that is
 * most like them. Null where a step has no comparable face, which leaves room for another person in it.
 */
const sameFaceOf = (
  straight: readonly Float32Array[],
  others: readonly Float32Array[],
  steps: number,
): number | null => {
  if (straight.length < steps || straight.length < 2) return null
  const pairs = straight.flatMap((a, index) => straight.slice(index + 1).map((b) => cosine(a, b)))
  return Math.min(...pairs, ...others.map((other) => bestOf(straight, other)))
}
const bestOf = (straight: readonly Float32Array[], other: Float32Array): number =>
  Math.max(...straight.map((one) => cosine(one, other)))

/** Reads the frames and judges them. Times are the caller's: use the clock of the server, never the browser's. @throws {EngineError} */
export const assessLiveness = async (
  { challenge, frames, selfie }: LivenessInput,
  limitsOfFaces?: FaceLimits,
): Promise<LivenessAnswer> => {
  const seen: Frame[] = []
  const comparable: Comparable[] = []
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
    const face = await eye(picture)
    const look = face && measureFace(face.mesh, picture.height)
    if (face && look && Math.abs(look.yaw) < limits.baseYaw)
      comparable.push({ ...face, index, step, picture, off: Math.abs(look.yaw) })
    seen.push({ step, atMs, digest, look })
  }
  const straight = straightOf(comparable)
  const descriptors = await embedFaces([...straight, ...doubtful(comparable, straight)])
  const others = descriptors.splice(straight.length)
  const own = selfie && (await describeSelfie(selfie))
  const selfieFace = selfie && (own && descriptors.length > 0 ? bestOf(descriptors, own) : null)
  return {
    ...judgeLiveness(challenge, seen, sameFaceOf(descriptors, others, challenge.length), selfieFace, limitsOfFaces),
    straight: straight.find(({ step }) => step === 0)?.index ?? null,
  }
}

const describeSelfie = async (bytes: Uint8Array): Promise<Float32Array | null> => {
  const picture = await decodePicture(bytes, 1280)
  const [face] = await detectFaces(picture)
  return face ? embedFace(picture, face) : null
}
