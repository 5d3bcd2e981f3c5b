import type { Point } from '../pictures/geometry.ts'

/** What one frame shows, in numbers that do not depend on where the face is in the picture. */
export type FaceMetrics = {
  /** Nose beside the middle of the outer eye corners, in eye distances; positive: turned to the person's own left. */
  readonly yaw: number
  /** Nose below the line of the eyes, as a share of the way to the chin; larger: looking down. */
  readonly pitch: number
  /** Height of the eye openings by their width, mean of both eyes. */
  readonly eyes: number
  /** Height of the face, forehead to chin, as a share of the picture's height. */
  readonly size: number
}

const rightEye = [33, 160, 158, 133, 153, 144] as const
const leftEye = [362, 385, 387, 263, 373, 380] as const
const far = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)

const opening = (mesh: readonly Point[], eye: readonly number[]): number => {
  const [a, b, c, d, e, f] = eye.map((index) => mesh[index] as Point) as [Point, Point, Point, Point, Point, Point]
  return (far(b, f) + far(c, e)) / Math.max(1e-6, 2 * far(a, d))
}

/** Measures a face mesh (468 points in the picture's pixels). `height` is the picture's, in pixels. */
export const measureFace = (mesh: readonly Point[], height: number): FaceMetrics => {
  const [right, left, nose, top, chin] = [33, 263, 1, 10, 152].map((index) => mesh[index] as Point) as [
    Point,
    Point,
    Point,
    Point,
    Point,
  ]
  const eyeDistance = Math.max(1e-6, far(right, left))
  const along = { x: (left.x - right.x) / eyeDistance, y: (left.y - right.y) / eyeDistance }
  const middle = { x: (left.x + right.x) / 2, y: (left.y + right.y) / 2 }
  const below = (point: Point): number => (point.y - middle.y) * along.x - (point.x - middle.x) * along.y
  return {
    yaw: ((nose.x - middle.x) * along.x + (nose.y - middle.y) * along.y) / eyeDistance,
    pitch: below(nose) / Math.max(1e-6, below(chin)),
    eyes: (opening(mesh, rightEye) + opening(mesh, leftEye)) / 2,
    size: far(top, chin) / height,
  }
}
