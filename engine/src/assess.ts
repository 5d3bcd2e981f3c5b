import { colourSpread } from './copies/colour.ts'
import { hashPicture } from './copies/picture-hash.ts'
import { screenPattern } from './copies/screen.ts'
import { decodePicture } from './decode.ts'
import { EngineError, isFileFault } from './errors.ts'
import { cosine, detectFaces, embedFace, type Face, judgeCosine } from './faces/index.ts'
import type {
  Assessment,
  DocumentKind,
  DocumentReading,
  FaceComparison,
  PictureQuality,
  RetakeCode,
  Signal,
} from './findings.ts'
import { readLicence } from './licence/read-licence.ts'
import type { Picture } from './picture.ts'
import { assessQuality } from './quality.ts'
import { FRAMES, readDocument } from './read-document.ts'
import type { DecodedPicture } from './read-side.ts'
import { copies as copyLimits, type FaceLimits, faces as limits } from './thresholds.ts'

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

type Described = { readonly descriptor: Float32Array | null; readonly width: number }

const describePortrait = async (page: Picture, face: Face | null): Promise<Described> => ({
  descriptor: face && (await embedFace(page, face)),
  width: face?.box.width ?? 0,
})

const compare = async (
  portrait: Described,
  picture: Picture,
  face: Face | null,
  faceLimits?: FaceLimits,
): Promise<FaceComparison> => {
  const other = portrait.descriptor && face ? await embedFace(picture, face) : null
  return judgeCosine(
    portrait.descriptor && other ? cosine(portrait.descriptor, other) : null,
    portrait.width,
    faceLimits,
  )
}

/** The portrait against a frame in which the person moved. */
const compareLive = async (
  portrait: Described,
  bytes: Uint8Array,
  faceLimits?: FaceLimits,
): Promise<FaceComparison> => {
  const picture = await decodePicture(bytes, 1280)
  const [face = null] = await detectFaces(picture)
  return compare(portrait, picture, face, faceLimits)
}

const ranks = { no_match: 0, not_comparable: 1, review: 2, match: 3 } as const

/** The comparison that claims less. */
const weaker = (a: FaceComparison, b: FaceComparison): FaceComparison => {
  if (ranks[a.verdict] !== ranks[b.verdict]) return ranks[a.verdict] < ranks[b.verdict] ? a : b
  return (a.cosine ?? 0) <= (b.cosine ?? 0) ? a : b
}

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

/** A side of a document: one picture of it, or up to five frames of the same side, which are read until they are sure together. */
export type Frames = Uint8Array | readonly Uint8Array[]

/** Pictures of a side, and the first of them as it was sent. */
type SentFrames = { readonly pictures: readonly [DecodedPicture, ...DecodedPicture[]]; readonly sent: Uint8Array }

/** Decodes the pictures of a side; one that is broken costs nothing where another is whole. @throws {EngineError} */
const decodeFrames = async (frames: Frames): Promise<SentFrames> => {
  const decoded: DecodedPicture[] = []
  let sent: Uint8Array | undefined
  let fault: unknown = new EngineError('not_a_picture')
  for (const bytes of frames instanceof Uint8Array ? [frames] : frames.slice(0, FRAMES))
    try {
      decoded.push(await decodePicture(bytes))
      sent ??= bytes
    } catch (error) {
      fault = error
    }
  const [first, ...more] = decoded
  if (!first || !sent) throw fault
  return { pictures: [first, ...more], sent }
}

type Portrait = { readonly picture: Picture; readonly face: Face }
/** The portrait of a document, in front before on the back. */
const portraitOf = async (upright: { front: Picture; back: Picture | null }): Promise<Portrait | null> => {
  for (const picture of [upright.front, upright.back]) {
    const face = picture && (await findPortrait(picture))
    if (face) return { picture, face }
  }
  return null
}

/**
 * Assesses one person: a document's front, its back where it has one, and a selfie. Findings only: whether the person claims to be
 * this one is compared elsewhere. Liveness is not assessed here: no passive check that we could ship tells a face from a picture of
 * one, and the movement check (`liveness/`) is a job of its own. `live` is a frame of a passed one: the document must show that face
 * too, so that no selfie mixed of two people stands between.
 *
 * @throws {EngineError} for files that are no pictures
 */
export const assess = async (input: {
  front: Frames
  back?: Frames
  selfie?: Uint8Array
  live?: Uint8Array
  /** What the person said the document is. */
  kind?: DocumentKind
  today?: Date
  /** The operator's, where they are not the usual ones. */
  faceLimits?: FaceLimits
}): Promise<Assessment> => {
  const from = performance.now()
  const today = input.today ?? new Date()
  const { pictures: front, sent } = await decodeFrames(input.front)
  const pictures = { front, ...(input.back ? { back: (await decodeFrames(input.back)).pictures } : {}) }
  const licence = await readLicence(pictures, today, input.kind)
  const { upright, ...reading } = licence ?? (await readDocument(pictures, today))
  const portrait = await portraitOf(upright)
  const signals = new Set<Signal>(reading.signals)
  if (!portrait) signals.add('portrait_missing')
  const isGrey = (await colourSpread(upright.front)) < copyLimits.colourSpread
  if (isGrey) signals.add('no_colour')
  const screen = await screenPattern(sent, front[0])
  if (screen === 'found') signals.add('screen_pattern')
  const selfie = input.selfie ? await lookAtSelfie(input.selfie) : null
  const page = portrait?.picture ?? upright.front
  const described = await describePortrait(page, selfie ? (portrait?.face ?? null) : null)
  const own = selfie ? await compare(described, selfie.picture, selfie.face, input.faceLimits) : null
  const moved = own && input.live ? await compareLive(described, input.live, input.faceLimits) : null
  const face = moved && own ? weaker(own, moved) : own
  if (own?.cosine && own.cosine > limits.samePicture) signals.add('portrait_equals_selfie')
  const document: DocumentReading = {
    ...reading,
    // A camera in grey mode is turned back; a copy stays one, and goes to a person.
    retake: isGrey && reading.retake.length === 0 ? ['photo_grey'] : reading.retake,
    portraitWidth: portrait ? Math.round(portrait.face.box.width) : null,
    signals: [...signals],
  }
  return {
    document,
    selfie: selfie ? { quality: selfie.quality, faces: selfie.faces, retake: selfie.retake } : null,
    face,
    liveness: 'not_assessed',
    hashes: {
      front: await hashPicture(front[0]),
      back: pictures.back ? await hashPicture(pictures.back[0]) : null,
      selfie: selfie ? await hashPicture(selfie.picture) : null,
    },
    copies: { colourless: isGrey ? 'found' : 'not_found', screenPattern: screen },
    verdict: verdictOf(document, selfie, face),
    ms: Math.round(performance.now() - from),
  }
}

/** Reads one page. @throws {EngineError} */
export const read = async (bytes: Uint8Array, today = new Date()): Promise<DocumentReading> => {
  const { upright, ...reading } = await readDocument({ front: [await decodePicture(bytes)] }, today)
  const portrait = await findPortrait(upright.front)
  return { ...reading, portraitWidth: portrait ? Math.round(portrait.box.width) : null }
}

/** Compares the largest faces of two pictures. @throws {EngineError} */
export const comparePictures = async (
  a: Uint8Array,
  b: Uint8Array,
  faceLimits?: FaceLimits,
): Promise<FaceComparison> => {
  const first = await decodePicture(a, 1280)
  const portrait = await describePortrait(first, await findPortrait(first))
  const { picture, face } = await lookAtSelfie(b)
  return compare(portrait, picture, face, faceLimits)
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
    if (!(error instanceof EngineError && isFileFault(error.code))) throw error
    return [error.code === 'pdf_locked' || error.code === 'pdf_damaged' ? error.code : 'file_not_usable']
  }
}
