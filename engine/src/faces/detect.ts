import { Tensor } from 'onnxruntime-node'
import { lazily, openSession, packageFile } from '../models.ts'
import type { Point } from '../pictures/geometry.ts'
import type { Picture } from '../pictures/picture.ts'
import { scaleRgb, warpRgb } from '../pictures/warp.ts'
import { faces as limits } from '../thresholds.ts'
import { convertGraph } from './convert-graph.ts'

/** An upright rectangle in the picture's pixels; `x` and `y` are its upper left corner. */
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
/** A point of the mesh; `z` is its depth in pixels of the picture, smaller is nearer to the camera. */
export type MeshPoint = Point & { readonly z: number }
/** A face in the picture's pixels. `score`, 0 to 1, is how sure the detector is. */
export type Face = {
  readonly box: Box
  readonly score: number
  /** Right eye, left eye (the person's own), nose tip, mouth, right ear, left ear. */
  readonly keypoints: readonly Point[]
  /** 468 points of the face mesh in the picture's pixels; null where the mesh found no face. */
  readonly mesh: readonly MeshPoint[] | null
}

const SIZE = 256
const MESH = 192

const detector = lazily(async () => {
  const { model, outputs } = convertGraph(packageFile('@vladmandic/human', 'models/blazeface.json'), SIZE)
  return { session: await openSession(model, { keepsMemory: true }), outputs }
})
const mesher = lazily(async () => {
  const { model, outputs } = convertGraph(packageFile('@vladmandic/human', 'models/facemesh.json'), MESH)
  return { session: await openSession(model, { keepsMemory: true }), outputs }
})

/** Centres of the detector's anchors, as the net was trained: 16 × 16 cells with two each, then 8 × 8 with six. */
const anchors: readonly Point[] = [
  { stride: 16, each: 2 },
  { stride: 32, each: 6 },
].flatMap(({ stride, each }) => {
  const cells = SIZE / stride
  return Array.from({ length: cells * cells }, (_value, index) => ({
    x: ((index % cells) + 0.5) * stride,
    y: (Math.floor(index / cells) + 0.5) * stride,
  })).flatMap((point) => Array.from({ length: each }, () => point))
})

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value))

const overlap = (a: Box, b: Box): number => {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  return (width * height) / (a.width * a.height + b.width * b.height - width * height)
}

/** Runs the detector on a square of the picture. */
const detectIn = async (picture: Picture, square: Box): Promise<Omit<Face, 'mesh'>[]> => {
  const scale = square.width / SIZE
  const rgb = scaleRgb(picture, { scale, x: square.x, y: square.y }, SIZE, SIZE)
  // Beyond the picture the edge would repeat and look like stretched skin: fill with grey.
  for (let y = 0; y < SIZE; y += 1)
    for (let x = 0; x < SIZE; x += 1) {
      const px = square.x + x * scale
      const py = square.y + y * scale
      if (px < 0 || py < 0 || px >= picture.width || py >= picture.height)
        rgb.fill(127.5, (y * SIZE + x) * 3, (y * SIZE + x) * 3 + 3)
    }
  const { session, outputs } = await detector()
  for (let index = 0; index < rgb.length; index += 1) rgb[index] = (rgb[index] as number) / 127.5 - 1
  const result = await session.run({ picture: new Tensor('float32', rgb, [1, SIZE, SIZE, 3]) })
  // Two grids: scores have one value an anchor, boxes sixteen.
  const pick = (count: number, width: number): Float32Array => {
    const name = outputs.find(
      (entry) => result[entry]?.dims.at(-1) === width && (result[entry]?.data.length ?? 0) === count * width,
    )
    return (name ? result[name]?.data : undefined) as Float32Array
  }
  const scores = [pick(512, 1), pick(384, 1)]
  const boxes = [pick(512, 16), pick(384, 16)]
  const found: Omit<Face, 'mesh'>[] = []
  for (const [grid, values] of scores.entries())
    for (const [index, raw] of values.entries()) {
      const score = sigmoid(raw)
      if (score < limits.score) continue
      const anchor = anchors[grid * 512 + index] as Point
      const read = (offset: number): number => boxes[grid]?.[index * 16 + offset] ?? 0
      const toPicture = (x: number, y: number): Point => ({ x: square.x + x * scale, y: square.y + y * scale })
      const centre = toPicture(anchor.x + read(0), anchor.y + read(1))
      const width = read(2) * scale
      const height = read(3) * scale
      found.push({
        score,
        box: { x: centre.x - width / 2, y: centre.y - height / 2, width, height },
        keypoints: Array.from({ length: 6 }, (_value, point) =>
          toPicture(anchor.x + read(4 + point * 2), anchor.y + read(5 + point * 2)),
        ),
      })
    }
  return found
}

type Cut = { readonly cx: number; readonly cy: number; readonly side: number; readonly turn: number }

/** Runs the mesh on one upright square; null where it sees no face. */
const meshIn = async (picture: Picture, cut: Cut): Promise<MeshPoint[] | null> => {
  const scale = cut.side / MESH
  const a = Math.cos(cut.turn) * scale
  const b = Math.sin(cut.turn) * scale
  const transform = { a, b, x: cut.cx - (a - b) * (MESH / 2), y: cut.cy - (b + a) * (MESH / 2) }
  const rgb = warpRgb(picture, transform, MESH, MESH)
  const { session, outputs } = await mesher()
  for (let index = 0; index < rgb.length; index += 1) rgb[index] = (rgb[index] as number) / 255
  const result = await session.run({ picture: new Tensor('float32', rgb, [1, MESH, MESH, 3]) })
  const found = outputs.map((name) => result[name])
  const points = found.find((entry) => entry?.data.length === 1404)?.data as Float32Array
  const flag = found.find((entry) => entry?.data.length === 1)?.data[0] as number
  if (flag < 0.3) return null
  return Array.from({ length: 468 }, (_value, index) => {
    const x = points[index * 3] ?? 0
    const y = points[index * 3 + 1] ?? 0
    return { x: a * x - b * y + transform.x, y: b * x + a * y + transform.y, z: (points[index * 3 + 2] ?? 0) * scale }
  })
}

/** The square around a mesh, turned so that its eyes are level: a better cut than the detector's box. */
const cutAround = (mesh: readonly Point[]): Cut => {
  const xs = mesh.map((point) => point.x)
  const ys = mesh.map((point) => point.y)
  const [right, left] = [mesh[33] as Point, mesh[263] as Point]
  const [minX, maxX, minY, maxY] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  return {
    cx: (minX + maxX) / 2,
    cy: (minY + maxY) / 2,
    side: Math.max(maxX - minX, maxY - minY) * 1.5,
    turn: Math.atan2(left.y - right.y, left.x - right.x),
  }
}

/** The mesh of one face, in two passes: the first one's eyes and outline give the cut of the second. */
const meshOf = async (picture: Picture, face: Omit<Face, 'mesh'>): Promise<readonly MeshPoint[] | null> => {
  const [right, left] = face.keypoints as [Point, Point]
  const first = await meshIn(picture, {
    cx: face.box.x + face.box.width / 2,
    cy: face.box.y + face.box.height / 2,
    side: Math.max(face.box.width, face.box.height) * 1.5,
    turn: Math.atan2(left.y - right.y, left.x - right.x),
  })
  return first && ((await meshIn(picture, cutAround(first))) ?? first)
}

/** The mesh of a face whose mesh in the frame just before is known: one pass, no detector. Null where the face is gone. */
export const followFace = (picture: Picture, before: readonly MeshPoint[]): Promise<readonly MeshPoint[] | null> =>
  meshIn(picture, cutAround(before))

/** Squares to look at: the whole picture, and for small faces (a portrait on a page) overlapping halves and quarters of it. */
const squares = (picture: Picture, fine: boolean): Box[] => {
  const side = Math.max(picture.width, picture.height)
  const whole = { x: (picture.width - side) / 2, y: (picture.height - side) / 2, width: side, height: side }
  if (!fine) return [whole]
  const out = [whole]
  const part = Math.min(picture.width, picture.height, side * 0.62)
  const steps = (length: number): number[] =>
    length <= part
      ? [(length - part) / 2]
      : Array.from(
          { length: Math.ceil((length - part) / (part * 0.5)) + 1 },
          (_value, index, count = Math.ceil((length - part) / (part * 0.5))) => (index * (length - part)) / count,
        )
  for (const y of steps(picture.height))
    for (const x of steps(picture.width)) out.push({ x, y, width: part, height: part })
  return out
}

/**
 * Faces of an upright picture, largest first, with keypoints and mesh.
 * @param options.fine look at parts too, for faces that are small in the picture
 */
export const detectFaces = async (picture: Picture, options: { fine?: boolean } = {}): Promise<Face[]> => {
  const all: Omit<Face, 'mesh'>[] = []
  for (const square of squares(picture, options.fine ?? false)) all.push(...(await detectIn(picture, square)))
  all.sort((a, b) => b.score - a.score)
  const kept: Omit<Face, 'mesh'>[] = []
  for (const face of all)
    if (face.box.width > 12 && kept.every((other) => overlap(face.box, other.box) < 0.3)) kept.push(face)
  kept.sort((a, b) => b.box.width - a.box.width)
  const out: Face[] = []
  for (const face of kept.slice(0, 6)) out.push({ ...face, mesh: await meshOf(picture, face) })
  return out
}
