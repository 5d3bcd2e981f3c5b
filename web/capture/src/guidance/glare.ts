import type { Area } from './picture.ts'

/** Light beyond what the camera can tell, in the darkest colour of a pixel. */
const CLIPPED = 250
/** Share of the area from which on a blob of light hides print. */
const LEAST_SHARE = 0.002
/** Pixels of the small copy over which light fades around glare; ink and the edge of a paper end at once. */
const HALO = 7
const NEAR = 2
/** What is this much darker than the light is page, or table. */
const DARKER = 12
/** Share of the way down that a halo has gone after `NEAR` pixels at most. */
const SOFT = 0.5
/** Share of a blob's whole edge that has to be soft, besides being more than what ends at once. */
const SOFT_EDGE = 0.35
/** Length of a blob's edge by the root of its size: 4 to 5 is round, 7 a streak ten times as long as wide. White paper has print in it, and a long edge. */
const LONGEST_EDGE = 8.5

const neighbours = [
  { dx: 1, dy: 0 },
  { dx: -1, dy: 0 },
  { dx: 0, dy: 1 },
  { dx: 0, dy: -1 },
] as const

/**
 * Share of the area that glare covers. White paper is none, however bright: glare is a blob of clipped light that fades into a darker
 * page. Where the page itself is clipped, ink ends the light at once, and nothing is told.
 *
 * @param darkest the darkest colour of each pixel
 */
export const glareShareOf = (darkest: Uint8Array, width: number, area: Area): number => {
  const [left, top] = [area.x, area.y]
  const [right, bottom] = [left + area.width, top + area.height]
  const seen = new Uint8Array(darkest.length)
  const least = area.width * area.height * LEAST_SHARE
  const isClipped = (x: number, y: number): boolean =>
    x >= left && x < right && y >= top && y < bottom && (darkest[y * width + x] ?? 0) >= CLIPPED
  const height = darkest.length / width
  /** Whether the light fades from here outwards: 1 softly, -1 at once, 0 when it goes on, or out of the picture. */
  const edge = (x: number, y: number, dx: number, dy: number): number => {
    const [farX, farY] = [x + dx * HALO, y + dy * HALO]
    if (farX < 0 || farY < 0 || farX >= width || farY >= height) return 0
    let low = 255
    for (let step = 1; step <= HALO; step += 1)
      low = Math.min(low, darkest[(y + dy * step) * width + x + dx * step] ?? 0)
    const drop = 255 - low
    if (drop < DARKER) return 0
    return 255 - (darkest[(y + dy * NEAR) * width + x + dx * NEAR] ?? 0) <= drop * SOFT ? 1 : -1
  }
  let glare = 0
  for (let y = top; y < bottom; y += 1)
    for (let x = left; x < right; x += 1) {
      if (seen[y * width + x] === 1 || !isClipped(x, y)) continue
      const next = [y * width + x]
      seen[y * width + x] = 1
      let size = 0
      let soft = 0
      let hard = 0
      let length = 0
      for (let at = next.pop(); at !== undefined; at = next.pop()) {
        size += 1
        const px = at % width
        const py = (at - px) / width
        for (const { dx, dy } of neighbours) {
          const to = (py + dy) * width + px + dx
          if (isClipped(px + dx, py + dy)) {
            if (seen[to] === 1) continue
            seen[to] = 1
            next.push(to)
            continue
          }
          length += 1
          const kind = edge(px, py, dx, dy)
          if (kind > 0) soft += 1
          else if (kind < 0) hard += 1
        }
      }
      const isBlob = size >= least && length < LONGEST_EDGE * Math.sqrt(size)
      if (isBlob && soft > length * SOFT_EDGE && soft > hard) glare += size
    }
  return glare / (area.width * area.height)
}
