import { colourless } from './copies/colour.ts'
import { hashPicture } from './copies/picture-hash.ts'
import { screenPattern } from './copies/screen.ts'
import { readDocument } from './documents/index.ts'
import type { Reading } from './documents/reading.ts'
import { MAX_FRAMES } from './documents/sides/read-frames.ts'
import { EngineError, isFileFault } from './errors.ts'
import { cosine, detectFaces, embedFace, embedFaces, type Face, judgeCosine } from './faces/index.ts'
import type {
  Assessment,
  CopyCheck,
  DocumentKind,
  DocumentReading,
  DocumentSide,
  FaceComparison,
  PictureQuality,
  RetakeCode,
  Signal,
} from './findings.ts'
import { type DecodedPicture, decodePicture } from './pictures/decode.ts'
import { holdsFace, type PageArea } from './pictures/page-area.ts'
import type { Picture } from './pictures/picture.ts'
import { assessQuality } from './pictures/quality.ts'
import { type FaceLimits, faces as limits, faceLimits as usualLimits } from './thresholds.ts'

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

/** The portrait and other faces beside it. */
type Portrait = {
  readonly side: DocumentSide
  readonly picture: Picture
  readonly face: Face
  readonly others: readonly Face[]
}

/**
 * The portrait: the largest face on the page, which may be small in the picture. A face beside the page, or larger than portraits
 * are, belongs to somebody who holds it.
 */
const findPortrait = async (
  page: Picture,
  area: PageArea | null = null,
): Promise<Pick<Portrait, 'face' | 'others'> | null> => {
  for (const options of [{}, { fine: true }]) {
    const faces = await detectFaces(page, options)
    const [face] = faces
      .filter(({ box }) => !area || holdsFace(area, box))
      // A pattern that is no face has no mesh.
      .sort((a, b) => Number(b.mesh !== null) - Number(a.mesh !== null))
    if (face) return { face, others: faces.filter((other) => other !== face) }
  }
  return null
}

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

/** Pictures of a side, and each of them as it was sent. */
type SentFrames = {
  readonly pictures: readonly [DecodedPicture, ...DecodedPicture[]]
  readonly sent: ReadonlyMap<DecodedPicture, Uint8Array>
}

/** Decodes the pictures of a side; one that is broken costs nothing where another is whole. @throws {EngineError} */
const decodeFrames = async (frames: Frames): Promise<SentFrames> => {
  const sent = new Map<DecodedPicture, Uint8Array>()
  let fault: unknown = new EngineError('not_a_picture')
  for (const bytes of frames instanceof Uint8Array ? [frames] : frames.slice(0, MAX_FRAMES))
    try {
      sent.set(await decodePicture(bytes), bytes)
    } catch (error) {
      fault = error
    }
  const [first, ...more] = sent.keys()
  if (!first) throw fault
  return { pictures: [first, ...more], sent }
}

/** The portrait of a document, in front before on the back. */
const portraitOf = async ({ front, back }: Reading['sides']): Promise<Portrait | null> => {
  for (const [side, shown] of [
    ['front', front],
    ['back', back],
  ] as const) {
    const found = shown && (await findPortrait(shown.upright, shown.area))
    if (found) return { side, picture: shown.upright, ...found }
  }
  return null
}

/** Whether another face beside the portrait, large enough to compare, belongs to another person. */
const isBesideAnother = async ({ picture, face, others }: Portrait, faceLimits = usualLimits): Promise<boolean> => {
  const meshed = (one: Face): { picture: Picture; mesh: NonNullable<Face['mesh']> }[] =>
    one.mesh ? [{ picture, mesh: one.mesh }] : []
  const least = Math.max(limits.portraitWidth, face.box.width * limits.besidePortrait)
  const beside = others.filter(({ box }) => box.width >= least).flatMap(meshed)
  if (beside.length === 0 || !face.mesh) return false
  const [own, ...more] = await embedFaces([...meshed(face), ...beside])
  return own !== undefined && more.some((other) => cosine(own, other) < faceLimits.review)
}

/**
 * A screen's grid in the pictures that count: the front's first, the one whose portrait counts, and the one with the MRZ. No
 * decoy before them, or beside, hides what they are.
 */
const screenOf = async (
  { sides, mrzSide }: Pick<Reading, 'sides' | 'mrzSide'>,
  front: SentFrames,
  back: SentFrames | undefined,
): Promise<CopyCheck> => {
  const zoneBack = mrzSide === 'back' ? sides.back?.picture : undefined
  const looked: CopyCheck[] = []
  for (const picture of new Set([front.pictures[0], sides.front.picture, ...(zoneBack ? [zoneBack] : [])])) {
    const sent = front.sent.get(picture) ?? back?.sent.get(picture)
    if (sent) looked.push(await screenPattern(sent, picture))
  }
  return (['found', 'not_found'] as const).find((one) => looked.includes(one)) ?? 'not_assessed'
}

/**
 * Assesses one person: a document's front, its back where it has one, and a selfie. Findings only: whether the person claims to be
 * this one is compared elsewhere. Liveness is not assessed here: no passive check that could be shipped distinguishes a face from a picture of
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
  const front = await decodeFrames(input.front)
  const back = input.back && (await decodeFrames(input.back))
  const pictures = { front: front.pictures, ...(back ? { back: back.pictures } : {}) }
  const whole = await readDocument({ pictures, today, expected: input.kind })
  const { sides, mrzSide, isOtherSideCorroborated, baselineShift, ...reading } = whole
  const portrait = await portraitOf(sides)
  const signals = new Set<Signal>(reading.signals)
  if (!portrait) signals.add('portrait_missing')
  // Whichever way round the sides came: a portrait on the side without the zone is this person's only if that side says so.
  if (portrait && mrzSide && portrait.side !== mrzSide && !isOtherSideCorroborated) signals.add('sides_disagree')
  if (input.selfie && portrait && (await isBesideAnother(portrait, input.faceLimits))) signals.add('several_portraits')
  const hue = await colourless(sides.front.upright)
  const isGrey = hue === 'found'
  if (isGrey) signals.add('no_colour')
  const screen = await screenOf(whole, front, back)
  if (screen === 'found') signals.add('screen_pattern')
  const selfie = input.selfie ? await lookAtSelfie(input.selfie) : null
  const page = portrait?.picture ?? sides.front.upright
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
      front: await hashPicture(sides.front.picture),
      back: back ? await hashPicture(sides.back?.picture ?? back.pictures[0]) : null,
      selfie: selfie ? await hashPicture(selfie.picture) : null,
    },
    copies: { colourless: hue, screenPattern: screen, baselineShift },
    verdict: verdictOf(document, selfie, face),
    ms: Math.round(performance.now() - from),
  }
}

/** Reads one page. @throws {EngineError} */
export const read = async (bytes: Uint8Array, today = new Date()): Promise<DocumentReading> => {
  const whole = await readDocument({ pictures: { front: [await decodePicture(bytes)] }, today })
  const { sides, mrzSide, isOtherSideCorroborated, baselineShift, ...reading } = whole
  const portrait = await portraitOf(sides)
  return { ...reading, portraitWidth: portrait ? Math.round(portrait.face.box.width) : null }
}

/** Compares the largest faces of two pictures. @throws {EngineError} */
export const comparePictures = async (
  a: Uint8Array,
  b: Uint8Array,
  faceLimits?: FaceLimits,
): Promise<FaceComparison> => {
  const first = await decodePicture(a, 1280)
  const portrait = await describePortrait(first, (await findPortrait(first))?.face ?? null)
  const { picture, face } = await lookAtSelfie(b)
  return compare(portrait, picture, face, faceLimits)
}

/** What can be said about one picture in a moment, before everything is sent: is it a picture, sharp, light, with a face? */
export const precheck = async (bytes: Uint8Array, part: 'document' | 'selfie'): Promise<RetakeCode[]> => {
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
