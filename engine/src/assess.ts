import { colourSpread } from './copies/colour.ts'
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
import { readDocument } from './read-document.ts'
import { copies as copyLimits, faces as limits } from './thresholds.ts'

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

const compare = async (page: Picture, portrait: Face | null, selfie: SelfieLook): Promise<FaceComparison> => {
  if (!portrait || !selfie.face) return judgeCosine(null, 0)
  const a = await embedFace(page, portrait)
  const b = await embedFace(selfie.picture, selfie.face)
  return judgeCosine(a && b ? cosine(a, b) : null, portrait.box.width)
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
 * elsewhere. Liveness is not assessed: no passive check that we could ship tells a face from a picture of one.
 *
 * @throws {EngineError} for files that are no pictures
 */
export const assess = async (input: {
  front: Uint8Array
  back?: Uint8Array
  selfie?: Uint8Array
  /** What the person said the document is. */
  kind?: DocumentKind
  today?: Date
}): Promise<Assessment> => {
  const from = performance.now()
  const today = input.today ?? new Date()
  const page = await decodePicture(input.front)
  const back = input.back ? await decodePicture(input.back) : null
  const licence = await readLicence(page, back, today, input.kind)
  const { upright, ...reading } = licence ?? (await readDocument(page, today))
  const portrait = await findPortrait(upright)
  const signals = new Set<Signal>(reading.signals)
  if (!portrait) signals.add('portrait_missing')
  const isGrey = (await colourSpread(upright)) < copyLimits.colourSpread
  if (isGrey) signals.add('no_colour')
  const selfie = input.selfie ? await lookAtSelfie(input.selfie) : null
  const face = selfie ? await compare(upright, portrait, selfie) : null
  if (face?.cosine && face.cosine > SAME_PICTURE) signals.add('portrait_equals_selfie')
  const document: DocumentReading = {
    ...reading,
    // A camera in grey mode is turned back; a copy stays one, and goes to a person.
    retake: isGrey && reading.retake.length === 0 ? ['photo_grey'] : reading.retake,
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
  return compare(first, await findPortrait(first), await lookAtSelfie(b))
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
