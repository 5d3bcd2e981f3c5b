import type { DocumentFormat } from '../findings.ts'
import { type Point, pointOf, type Slant } from './geometry.ts'

/** Where a document's page lies in a picture, and how wide a portrait's face may be on it, in pixels. */
export type PageArea = { readonly corners: readonly [Point, Point, Point, Point]; readonly faceWidth: number }
type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** Distance of two characters of an MRZ, millimetres (ICAO 9303-4 to -7: 10 characters an inch). */
const PITCH_MM = 2.54
/** Width and height of a page in millimetres (ICAO 9303-4 to -7; ID-3, ID-2, ID-1). */
const sizes: Readonly<Record<DocumentFormat, readonly [number, number]>> = {
  TD3: [125, 88],
  TD2: [105, 74],
  TD1: [85.6, 54],
  'MRV-A': [120, 80],
  'MRV-B': [105, 74],
  'FRA-ID': [105, 74],
}
/** From the middle of the zone's last line to the page's lower edge, characters; and how far a portrait may be outside, at most. */
const BELOW = 3.5
const MARGIN = 3
/** A line's cut is so many characters longer than the line. */
const CUT = 1.9
/**
 * How wide a portrait's face is at most, as a share of the page and of the print's width: photographs show head and shoulders. On
 * our specimens 0.15 of the page and 0.16 of the print; real cards have less print beside larger photographs.
 */
const OF_PAGE = 0.26
const OF_PRINT = 0.36
/** How far a portrait may stand beside or above all print, as a share of the print's width and height. */
const BESIDE = 0.5
/** Lines from which print tells where a page is. */
const LINES = 4

const rectangle = (around: Slant, from: Point, to: Point): PageArea['corners'] => [
  pointOf(around, from.x, from.y),
  pointOf(around, to.x, from.y),
  pointOf(around, to.x, to.y),
  pointOf(around, from.x, to.y),
]

/** The page from its MRZ, which has the same place and size on all documents of a format. */
export const areaOfMrz = ({
  layout,
  slants,
}: {
  readonly layout: { readonly format: DocumentFormat; readonly length: number }
  readonly slants: readonly Slant[]
}): PageArea | null => {
  const last = slants.at(-1)
  if (!last) return null
  const pitch = last.length / (layout.length + CUT)
  const [width, height] = sizes[layout.format].map((mm) => (mm / PITCH_MM) * pitch) as [number, number]
  const margin = MARGIN * pitch
  const bottom = BELOW * pitch
  return {
    corners: rectangle(
      last,
      { x: -width / 2 - margin, y: bottom - height - margin },
      { x: width / 2 + margin, y: bottom + margin },
    ),
    faceWidth: width * OF_PAGE,
  }
}

/** The page from its print: roughly, since a portrait stands beside it. Null where there is too little of it. */
export const areaOfPrint = (boxes: readonly Slant[]): PageArea | null => {
  if (boxes.length < LINES) return null
  const byLength = [...boxes].sort((a, b) => b.length - a.length)
  const angles = byLength
    .slice(0, 5)
    .map(({ angle }) => angle)
    .sort((a, b) => a - b)
  const around = { ...(byLength[0] as Slant), cx: 0, cy: 0, angle: angles[angles.length >> 1] ?? 0 }
  const cos = Math.cos(around.angle)
  const sin = Math.sin(around.angle)
  const ends = boxes.flatMap((box) =>
    [-0.5, 0.5].map((half) => {
      const { x, y } = pointOf(box, box.length * half, 0)
      return { x: x * cos + y * sin, y: y * cos - x * sin }
    }),
  )
  const [left, right] = [Math.min(...ends.map(({ x }) => x)), Math.max(...ends.map(({ x }) => x))]
  const [top, bottom] = [Math.min(...ends.map(({ y }) => y)), Math.max(...ends.map(({ y }) => y))]
  const beside = (right - left) * BESIDE
  const above = Math.max((bottom - top) * BESIDE, beside)
  return {
    corners: rectangle(around, { x: left - beside, y: top - above }, { x: right + beside, y: bottom + above }),
    faceWidth: (right - left) * OF_PRINT,
  }
}

/** The same area in a copy of the picture that was turned clockwise by quarter turns. @param size of the picture before */
export const turnArea = (
  area: PageArea | null,
  quarters: 0 | 1 | 2 | 3,
  size: { readonly width: number; readonly height: number },
): PageArea | null => {
  if (!area || quarters === 0) return area
  const turn = ({ x, y }: Point): Point =>
    quarters === 1
      ? { x: size.height - y, y: x }
      : quarters === 2
        ? { x: size.width - x, y: size.height - y }
        : { x: y, y: size.width - x }
  const [a, b, c, d] = area.corners
  return { ...area, corners: [turn(a), turn(b), turn(c), turn(d)] }
}

/** Whether a face may be the portrait of a document: its middle lies on the page, and it is no larger than portraits are. */
export const holdsFace = ({ corners, faceWidth }: PageArea, { x, y, width, height }: Box): boolean => {
  if (width > faceWidth) return false
  const middle = { x: x + width / 2, y: y + height / 2 }
  const sides = corners.map((corner, index) => {
    const next = corners[(index + 1) % corners.length] as Point
    return (next.x - corner.x) * (middle.y - corner.y) - (next.y - corner.y) * (middle.x - corner.x)
  })
  return sides.every((side) => side >= 0) || sides.every((side) => side <= 0)
}
