import { decodePicture } from './decode.ts'
import { EngineError, isFileFault } from './errors.ts'
import { cosine, detectFaces, embedFace, type Face, judgeCosine } from './faces/index.ts'
import type { Assessment, DocumentReading, FaceComparison, PictureQuality, RetakeCode, Signal } from './findings.ts'
import type { Picture } from './picture.ts'
import { assessQuality } from './quality.ts'
import { readDocument } from './read-document.ts'
import { faces as limits } from './thresholds.ts'

type SelfieLook = {
  readonly picture: Picture
  readonly face: Face | null
  readonly faces: number
  readonly quality: PictureQuality
  readonly retake: readonly RetakeCode[]
}

/** How far the nose is from the middle between the eyes, in eye distances: 0 looks straight ahead. */
const turnedBy = (face: Face): number => {
  const [right, left, nose] = face.keypoints
  if (!right || !left || !nose) return 0
  const eyes = Math.hypot(left.x - right.x, left.y - right.y)
  const along =
    ((nose.x - (left.x + right.x) / 2) * (left.x - right.x) + (nose.y - (left.y + right.y) / 2) * (left.y - right.y)) /
    eyes
  return Math.abs(along) / eyes
}

const lookAtSelfie = async (bytes: Uint8Array): Promise<SelfieLook> => {
  const picture = await decodePicture(bytes, 1280)
  const quality = await assessQuality(picture, picture.original)
  const found = await detectFaces(picture)
  const [face = null] = found
  const second = found[1]
  const retake: RetakeCode[] = []
  if (!face) retake.push('face_not_visible')
  else if (second && second.box.width > face.box.width * limits.secondFace) retake.push('several_faces')
  else if (face.box.width < picture.width * limits.selfieShare || turnedBy(face) > limits.turned)
    retake.push('face_not_visible')
  else if (quality.brightness < limits.selfieBrightness || quality.sharpness < limits.selfieSharpness)
    retake.push('selfie_quality')
  return { picture, face, faces: found.length, quality, retake }
}

/** The portrait: the largest face on the page, which may be small in the picture. */
const findPortrait = async (page: Picture): Promise<Face | null> =>
  (await detectFaces(page))[0] ?? (await detectFaces(page, { fine: true }))[0] ?? null

type Portrait = { readonly descriptor: Float32Array | null; readonly width: number }

const describePortrait = async (page: Picture, face: Face | null): Promise<Portrait> => ({
  descriptor: face && (await embedFace(page, face)),
  width: face?.box.width ?? 0,
})

const compare = async (portrait: Portrait, picture: Picture, face: Face | null): Promise<FaceComparison> => {
  const other = portrait.descriptor && face ? await embedFace(picture, face) : null
  return judgeCosine(portrait.descriptor && other ? cosine(portrait.descriptor, other) : null, portrait.width)
}

/** The portrait against a frame in which the person moved. */
const compareLive = async (portrait: Portrait, bytes: Uint8Array): Promise<FaceComparison> => {
  const picture = await decodePicture(bytes, 1280)
  const [face = null] = await detectFaces(picture)
  return compare(portrait, picture, face)
}

const ranks = { no_match: 0, not_comparable: 1, review: 2, match: 3 } as const

/** The comparison that claims less. */
const weaker = (a: FaceComparison, b: FaceComparison): FaceComparison => {
  if (ranks[a.verdict] !== ranks[b.verdict]) return ranks[a.verdict] < ranks[b.verdict] ? a : b
  return (a.cosine ?? 0) <= (b.cosine ?? 0) ? a : b
}

/** A selfie this alike is the portrait itself, photographed or cut out: no two photographs of a person are. */
const SAME_PICTURE = 0.995

const verdictOf = (
  document: DocumentReading,
  selfie: SelfieLook | null,
  face: FaceComparison | null,
): Assessment['verdict'] => {
  if (document.retake.length > 0 || (selfie && selfie.retake.length > 0)) return 'retake'
  if (face?.verdict === 'no_match') return 'refuse'
  if (document.signals.some((signal) => signal !== 'specimen' && signal !== 'expired')) return 'review'
  if (face && face.verdict !== 'match') return 'review'
  return 'pass'
}

/**
 * Assesses one person: the page of a document, and a selfie. Findings only: whether the person claims to be this one is compared
 * elsewhere. Liveness is not assessed here: no passive check that we could ship tells a face from a picture of one, and the movement check
 * (`liveness/`) is a job of its own. `live` is a frame of a passed one: the document must show that face too, so that no selfie mixed of
 * two people stands between.
 *
 * @throws {EngineError} for files that are no pictures
 */
export const assess = async (input: {
  front: Uint8Array
  selfie?: Uint8Array
  live?: Uint8Array
  today?: Date
}): Promise<Assessment> => {
  const from = performance.now()
  const page = await decodePicture(input.front)
  const { upright, ...reading } = await readDocument(page, input.today ?? new Date())
  const portrait = await findPortrait(upright)
  const signals = new Set<Signal>(reading.signals)
  if (!portrait) signals.add('portrait_missing')
  const selfie = input.selfie ? await lookAtSelfie(input.selfie) : null
  const described = await describePortrait(upright, selfie ? portrait : null)
  const own = selfie ? await compare(described, selfie.picture, selfie.face) : null
  const moved = own && input.live ? await compareLive(described, input.live) : null
  const face = moved && own ? weaker(own, moved) : own
  if (own?.cosine && own.cosine > SAME_PICTURE) signals.add('portrait_equals_selfie')
  const document: DocumentReading = {
    ...reading,
    portraitWidth: portrait ? Math.round(portrait.box.width) : null,
    signals: [...signals],
  }
  return {
    document,
    selfie: selfie ? { quality: selfie.quality, faces: selfie.faces, retake: selfie.retake } : null,
    face,
    liveness: 'not_assessed',
    verdict: verdictOf(document, selfie, face),
    ms: Math.round(performance.now() - from),
  }
}

/** Reads one page. @throws {EngineError} */
export const read = async (bytes: Uint8Array, today = new Date()): Promise<DocumentReading> => {
  const { upright, ...reading } = await readDocument(await decodePicture(bytes), today)
  const portrait = await findPortrait(upright)
  return { ...reading, portraitWidth: portrait ? Math.round(portrait.box.width) : null }
}

/** Compares the largest faces of two pictures. @throws {EngineError} */
export const comparePictures = async (a: Uint8Array, b: Uint8Array): Promise<FaceComparison> => {
  const first = await decodePicture(a, 1280)
  const portrait = await describePortrait(first, await findPortrait(first))
  const { picture, face } = await lookAtSelfie(b)
  return compare(portrait, picture, face)
}

/** What can be said about one picture in a moment, before everything is sent: is it a picture, sharp, light, with a face? */
export const glance = async (bytes: Uint8Array, part: 'document' | 'selfie'): Promise<RetakeCode[]> => {
  try {
    if (part === 'selfie') return [...(await lookAtSelfie(bytes)).retake]
    const picture = await decodePicture(bytes)
    const quality = await assessQuality(picture, picture.original)
    if (quality.sharpness < 12) return ['photo_blurry']
    if (quality.brightness < 30) return ['photo_quality']
    return []
  } catch (error) {
    if (error instanceof EngineError && isFileFault(error.code)) return ['file_not_usable']
    throw error
  }
}
