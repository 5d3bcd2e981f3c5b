import { Tensor } from 'onnxruntime-node'
import type { FaceComparison } from '../findings.ts'
import { type Point, similarity, warpRgb } from '../geometry.ts'
import { lazily, openSession, packageFile } from '../models.ts'
import type { Picture } from '../picture.ts'
import { faces as limits } from '../thresholds.ts'
import { buildDescriptorNet } from './descriptor-net.ts'
import type { Face } from './detect.ts'

const SIDE = 150
const net = lazily(() =>
  openSession(
    buildDescriptorNet(packageFile('@vladmandic/face-api', 'model/face_recognition_model-weights_manifest.json')),
  ),
)

/** Where the descriptor net expects eye corners and nose base, in its 150 px input with a quarter of padding around the face. */
const reference: readonly Point[] = [
  [0.8595674595992, 0.2134981538014],
  [0.6460604764104, 0.2289674387677],
  [0.1205750620789, 0.2137274526848],
  [0.3340850613712, 0.2290642403242],
  [0.4901123135679, 0.6277975316475],
].map(([x = 0, y = 0]) => ({ x: ((0.25 + x) / 1.5) * SIDE, y: ((0.25 + y) / 1.5) * SIDE }))
/** The same points of the mesh: corners of the person's left and right eye, base of the nose. */
const corners = [263, 362, 33, 133, 2] as const

const centre = [122.782, 117.001, 104.298] as const

const describe = async (picture: Picture, points: readonly Point[], mirrored: boolean): Promise<Float32Array> => {
  // From the net's input back into the picture.
  const transform = similarity(reference, points)
  const rgb = warpRgb(picture, transform, SIDE, SIDE)
  const plane = SIDE * SIDE
  const input = new Float32Array(3 * plane)
  for (let y = 0; y < SIDE; y += 1)
    for (let x = 0; x < SIDE; x += 1)
      for (let channel = 0; channel < 3; channel += 1) {
        const from = (y * SIDE + (mirrored ? SIDE - 1 - x : x)) * 3 + channel
        input[channel * plane + y * SIDE + x] = ((rgb[from] ?? 0) - (centre[channel] ?? 0)) / 255
      }
  const session = await net()
  const result = await session.run({ face: new Tensor('float32', input, [1, 3, SIDE, SIDE]) })
  return result.descriptor?.data as Float32Array
}

/** The descriptor of a face: 128 values, unit length, averaged with its mirror image. Null where the mesh is missing. */
export const embedFace = async (picture: Picture, face: Pick<Face, 'mesh'>): Promise<Float32Array | null> => {
  if (!face.mesh) return null
  const points = corners.map((index) => face.mesh?.[index] as Point)
  const plain = await describe(picture, points, false)
  const mirror = await describe(picture, points, true)
  const sum = plain.map((value, index) => value + (mirror[index] ?? 0))
  const length = Math.hypot(...sum)
  return sum.map((value) => value / length)
}

/** For people: 0 at the impostors' median, 1 at the same picture. */
const toSimilarity = (value: number): number =>
  Math.round(Math.max(0, Math.min(1, (value - 0.83) / 0.17)) * 1000) / 1000

/** Judges a cosine. A portrait too small to tell is "not comparable", never "no match". */
export const judgeCosine = (value: number | null, portraitWidth: number): FaceComparison => {
  if (value === null || portraitWidth < limits.portraitWidth)
    return { verdict: 'not_comparable', cosine: null, similarity: null }
  const verdict = value >= limits.match ? 'match' : value >= limits.review ? 'review' : 'no_match'
  return { verdict, cosine: Math.round(value * 10_000) / 10_000, similarity: toSimilarity(value) }
}
