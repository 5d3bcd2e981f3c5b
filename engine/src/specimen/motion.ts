import sharp from 'sharp'
import { detectFaces, type MeshPoint } from '../faces/index.ts'
import type { Movement } from '../liveness/judge.ts'
import { measureFace } from '../liveness/measure-face.ts'
import { decodePicture } from '../pictures/decode.ts'
import type { Picture } from '../pictures/picture.ts'

/** A pose of the person in motion. Every part at its default is the photograph itself. */
export type Pose = {
  /** Degrees about the neck; positive turns to the person's own left. */
  readonly turn?: number
  /** Degrees about the ears; positive lifts the chin. */
  readonly lift?: number
  /** Size of the head by that of the photograph. */
  readonly near?: number
}
/** A person whose poses can be asked for. Width and height of all frames, pixels. */
export type PersonInMotion = {
  readonly width: number
  readonly height: number
  /** One frame of the camera as JPEG; the pose is told from the one in which the face looks straight ahead. `quality` is 1 to 100. */
  frame(pose: Pose, quality?: number): Promise<Buffer>
}

/** How far people go when they are asked to move. */
const goals: Record<Exclude<Movement, 'blink'>, Pose> = {
  centre: {},
  turn_left: { turn: 38 },
  turn_right: { turn: -40 },
  look_up: { lift: 24 },
  look_down: { lift: -28 },
  closer: { near: 1.4 },
}

/** The pose on the way to what is asked for: `share` 0 is at rest, 1 is there. */
export const poseOf = (movement: keyof typeof goals, share: number): Pose => {
  const { turn = 0, lift = 0, near = 1 } = goals[movement]
  return { turn: turn * share, lift: lift * share, near: 1 + (near - 1) * share }
}

type Move = { readonly x: number; readonly y: number; readonly dx: number; readonly dy: number }

const CELL = 4

/** Where each point of the mesh goes: turned about the middle of the head, which lies behind the face. Points that others hide are left out. */
const movesOf = (mesh: readonly MeshPoint[], pose: Pose): Move[] => {
  const [turn, lift] = [pose.turn ?? 0, pose.lift ?? 0].map((degrees) => (degrees * Math.PI) / 180) as [number, number]
  const mean = (of: (point: MeshPoint) => number): number =>
    mesh.reduce((sum, point) => sum + of(point), 0) / mesh.length
  const [cx, cy, cz] = [mean(({ x }) => x), mean(({ y }) => y), Math.max(...mesh.map(({ z }) => z))]
  const goal = mesh.map((point) => {
    const [x, y, z] = [point.x - cx, point.y - cy, point.z - cz]
    const turned = { x: x * Math.cos(turn) - z * Math.sin(turn), z: z * Math.cos(turn) + x * Math.sin(turn) }
    return {
      x: cx + turned.x,
      y: cy + y * Math.cos(lift) + turned.z * Math.sin(lift),
      z: turned.z * Math.cos(lift) - y * Math.sin(lift),
    }
  })
  const size = Math.max(...mesh.map(({ x }) => x)) - Math.min(...mesh.map(({ x }) => x))
  const isHidden = (at: number): boolean => {
    const to = goal[at] as MeshPoint
    return goal.some((other) => Math.hypot(other.x - to.x, other.y - to.y) < size * 0.02 && other.z < to.z - size * 0.1)
  }
  return mesh.flatMap((from, at) => {
    const to = goal[at] as MeshPoint
    return isHidden(at) ? [] : [{ x: to.x, y: to.y, dx: from.x - to.x, dy: from.y - to.y }]
  })
}

/** The picture with its points moved: Shepard's interpolation between them, the border held. */
const warp = (picture: Picture, moves: readonly Move[]): Uint8Array => {
  const { width, height, data } = picture
  const border: Move[] = Array.from({ length: 48 }, (_value, at) => {
    const share = (at % 12) / 12
    const side = Math.floor(at / 12)
    const x = side === 0 ? share * width : side === 1 ? width : side === 2 ? (1 - share) * width : 0
    const y = side === 0 ? 0 : side === 1 ? share * height : side === 2 ? height : (1 - share) * height
    return { x, y, dx: 0, dy: 0 }
  })
  const all = [...moves, ...border]
  const columns = Math.ceil(width / CELL) + 1
  const rows = Math.ceil(height / CELL) + 1
  const field = new Float32Array(columns * rows * 2)
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      let sum = 0
      let dx = 0
      let dy = 0
      for (const move of all) {
        const square = (column * CELL - move.x) ** 2 + (row * CELL - move.y) ** 2 + 1
        const weight = 1 / (square * square)
        sum += weight
        dx += weight * move.dx
        dy += weight * move.dy
      }
      field[(row * columns + column) * 2] = dx / sum
      field[(row * columns + column) * 2 + 1] = dy / sum
    }
  const out = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const column = Math.floor(x / CELL)
      const row = Math.floor(y / CELL)
      const fx = x / CELL - column
      const fy = y / CELL - row
      const at = (row * columns + column) * 2
      const mix = (part: number): number =>
        ((field[at + part] ?? 0) * (1 - fx) + (field[at + 2 + part] ?? 0) * fx) * (1 - fy) +
        ((field[at + columns * 2 + part] ?? 0) * (1 - fx) + (field[at + columns * 2 + 2 + part] ?? 0) * fx) * fy
      const u = Math.min(width - 1.001, Math.max(0, x + mix(0)))
      const v = Math.min(height - 1.001, Math.max(0, y + mix(1)))
      const p = (Math.floor(v) * width + Math.floor(u)) * 3
      const q = p + width * 3
      const [gx, gy] = [u - Math.floor(u), v - Math.floor(v)]
      for (let channel = 0; channel < 3; channel += 1)
        out[(y * width + x) * 3 + channel] =
          ((data[p + channel] ?? 0) * (1 - gx) + (data[p + 3 + channel] ?? 0) * gx) * (1 - gy) +
          ((data[q + channel] ?? 0) * (1 - gx) + (data[q + 3 + channel] ?? 0) * gx) * gy
    }
  return out
}

/**
 * A person who can be told to move, made from one photograph by its own face mesh: what a camera would see when they turn or lift
 * the head or come closer. For tests of the movement check. It is also a plain proof of what that check cannot tell: pictures
 * computed on demand and fed in place of a camera.
 *
 * @throws {Error} when there is not exactly one face
 */
export const personInMotion = async (photograph: Uint8Array): Promise<PersonInMotion> => {
  const picture = await decodePicture(photograph, 480)
  const found = await detectFaces(picture)
  const mesh = found.length === 1 ? found[0]?.mesh : undefined
  if (!mesh) throw new Error('A person in motion needs a photograph with one face')
  const { width, height } = picture
  const raw = { width, height, channels: 3 as const }
  const middle = { x: mesh[1]?.x ?? width / 2, y: mesh[1]?.y ?? height / 2 }
  // People in photographs seldom look straight ahead: the turn that makes this one do so is where its poses begin.
  let rest = 0
  let least = Number.POSITIVE_INFINITY
  for (let turn = -25; turn <= 25; turn += 5) {
    const [face] = await detectFaces({ data: warp(picture, movesOf(mesh, { turn })), width, height })
    const off = face?.mesh ? Math.abs(measureFace(face.mesh, height).yaw) : Number.POSITIVE_INFINITY
    if (off < least) [rest, least] = [turn, off]
  }
  return {
    width,
    height,
    async frame(pose, quality = 80) {
      const near = Math.max(1, pose.near ?? 1)
      const pixels = warp(picture, movesOf(mesh, { ...pose, turn: rest + (pose.turn ?? 0) }))
      const [w, h] = [Math.round(width / near), Math.round(height / near)]
      const left = Math.round(Math.min(width - w, Math.max(0, middle.x - w / 2)))
      const top = Math.round(Math.min(height - h, Math.max(0, middle.y - h / 2)))
      return sharp(pixels, { raw })
        .extract({ left, top, width: w, height: h })
        .resize(width, height, { fit: 'fill' })
        .jpeg({ quality })
        .toBuffer()
    },
  }
}

/** Frames of a step, and milliseconds between two, as the capture page sends them. */
const FRAMES = 18
const EVERY_MS = 200

/** A frame of a film: JPEG, the index of its movement, and milliseconds since the first one. */
export type FilmFrame = { readonly step: number; readonly atMs: number; readonly picture: Buffer }

/** A movement check as the capture page sends it, of somebody who does all of it: to the goal and back in each step, never quite still. */
export const filmOf = async (
  person: PersonInMotion,
  challenge: readonly Exclude<Movement, 'blink'>[],
): Promise<FilmFrame[]> => {
  const frames: FilmFrame[] = []
  for (const [step, movement] of challenge.entries())
    for (let n = 0; n < FRAMES; n += 1) {
      const { turn = 0, lift = 0, near = 1 } = poseOf(movement, Math.max(0, Math.min(1, n * 0.2 - 0.4, 3 - n * 0.2)))
      const pose = { turn: turn + Math.sin(frames.length), lift: lift + Math.cos(frames.length), near }
      frames.push({ step, atMs: frames.length * EVERY_MS, picture: await person.frame(pose) })
    }
  return frames
}
