import type { Point } from '../pictures/geometry.ts'
import { fromUnitSquare, project } from '../pictures/homography.ts'
import type { Grey } from '../pictures/picture.ts'
import type { Corners } from './find-code.ts'

/** Quiet zone and guard bars around the patch, as shares of its sides. */
const BESIDE = 0.07
const ABOVE = 0.12
const MOST = 2600

/** A code as if the camera had looked straight at it, level, with some room around. Null for corners that span nothing or too much. */
export const flatten = (grey: Grey, corners: Corners, scale: number): Grey | null => {
  const [a, b, c, d] = corners
  const far = (from: Point, to: Point): number => Math.hypot(to.x - from.x, to.y - from.y)
  const across = Math.max(far(a, b), far(d, c))
  const down = Math.max(far(a, d), far(b, c))
  const width = Math.round(across * (1 + 2 * BESIDE) * scale)
  const height = Math.round(down * (1 + 2 * ABOVE) * scale)
  if (!(width >= 60 && height >= 20 && width <= MOST && height <= MOST)) return null
  const toPicture = fromUnitSquare(corners)
  const data = new Uint8Array(width * height)
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1) {
      const at = project(toPicture, {
        x: ((column + 0.5) / width) * (1 + 2 * BESIDE) - BESIDE,
        y: ((row + 0.5) / height) * (1 + 2 * ABOVE) - ABOVE,
      })
      const x = Math.max(0, Math.min(grey.width - 1.001, at.x - 0.5))
      const y = Math.max(0, Math.min(grey.height - 1.001, at.y - 0.5))
      const [x0, y0] = [Math.floor(x), Math.floor(y)]
      const [fx, fy] = [x - x0, y - y0]
      const p = y0 * grey.width + x0
      const q = p + grey.width
      const level =
        ((grey.data[p] ?? 0) * (1 - fx) + (grey.data[p + 1] ?? 0) * fx) * (1 - fy) +
        ((grey.data[q] ?? 0) * (1 - fx) + (grey.data[q + 1] ?? 0) * fx) * fy
      data[row * width + column] = level
    }
  return { data, width, height }
}
