import { type BaselineShift, measureBaselineShift } from '../../copies/baseline-shift.ts'
import type { PictureQuality } from '../../findings.ts'
import { type DecodedPicture, turnPicture } from '../../pictures/decode.ts'
import type { Slant } from '../../pictures/geometry.ts'
import { areaOfMrz, areaOfPrint, type PageArea, turnArea } from '../../pictures/page-area.ts'
import type { Grey, Picture } from '../../pictures/picture.ts'
import { assessQuality, toGrey } from '../../pictures/quality.ts'
import { detectText } from '../../text/detect.ts'
import { recogniseLine } from '../../text/recognise.ts'
import { reading as limits } from '../../thresholds.ts'
import { readViz, type Viz } from '../../viz/confirm.ts'
import { averageCuts } from '../mrz/average-cuts.ts'
import { calibrated } from '../mrz/confidence.ts'
import { levelPage } from '../mrz/level-page.ts'
import { ALPHABET } from '../mrz/net.ts'
import { type ParsedMrz, parseMrz } from '../mrz/parse.ts'
import { findBlock, findRows, isWhole, type MrzText, type Row, readBlock, secondCuts } from '../mrz/read-mrz.ts'

type Quarters = 0 | 1 | 2 | 3
type Found = { picture: Picture; grey: Grey; boxes: Slant[]; zone: MrzText; block: Row[]; parsed: ParsedMrz }
type Turn = { found: Found | null; boxes: Slant[]; rows: number }
/** An MRZ, and what others said about it. */
export type MrzReading = {
  readonly zone: MrzText
  readonly parsed: ParsedMrz
  /** Readings of each line by another model (PP-OCR, restricted to the zone's characters): the independent second reading. */
  readonly secondReadings: readonly (readonly string[])[]
  /** By line: read whole by itself, and the same from two other cuts. */
  readonly stable: readonly boolean[]
}

/** What one side of a document shows. */
export type SideReading = {
  readonly quality: PictureQuality
  /** Lines of text, of whatever kind. */
  readonly boxes: number
  /** Lines that look like MRZ, whether one was read or not. */
  readonly mrzRows: number
  readonly zone: MrzReading | null
  readonly viz: Viz
  /** The picture that it was read from, as it was sent; of several the one whose portrait counts. */
  readonly picture: DecodedPicture
  /** The same the right way up, as faces need it. */
  readonly upright: Picture
  /** Where the page lies in `upright`; null where nothing tells. */
  readonly area: PageArea | null
  /** Pictures of this side show different documents. */
  readonly isMixed?: boolean
  /** Of the MRZ’s print; absent where that does not tell. */
  readonly baselineShift?: BaselineShift
}

/** Print of even pitch is found on pages, too; what only a zone has is fillers in a row, on a line of its length. */
const looksLikeMrz = ({ characters }: Row): boolean =>
  characters.length >= limits.mrzCharacters &&
  characters
    .map(({ letter }) => letter)
    .join('')
    .includes('<<<')

const lookAt = async (
  picture: Picture,
  today: Date,
  from?: Grey['from'],
): Promise<Turn & { block: Row[]; grey: Grey }> => {
  const boxes = await detectText(picture)
  const grey = { data: toGrey(picture), width: picture.width, height: picture.height, ...(from ? { from } : {}) }
  const rows = await findRows(grey, boxes)
  const block = findBlock(rows)
  const first = block.length >= 2 ? await readBlock(grey, block) : null
  const zone = first && (await averageCuts(grey, first))
  return {
    found: zone ? { picture, grey, boxes, zone, block, parsed: parseMrz(zone.layout, zone.lines, today) } : null,
    boxes,
    rows: rows.filter(looksLikeMrz).length,
    block,
    grey,
  }
}

/** Whole by itself first, then by the least sure character. */
const clarity = (found: Found | null): number => (found ? Number(isWhole(found.zone)) + found.zone.minConfidence : -1)

/** Reads the zone as it lies, and where it leans or is turned once more on the page as seen from straight above. */
const tryTurn = async (picture: Picture, quarters: Quarters, today: Date): Promise<Turn> => {
  const upright = turnPicture(picture, quarters)
  const { block, grey, ...asItLies } = await lookAt(upright, today)
  const level = levelPage(upright, block)
  if (!level) return asItLies
  const { found } = await lookAt(level.picture, today, { grey, toPicture: level.toPicture })
  // A clear reading of the level page is taken even where the other one is clearer: print and portrait lie level there, too.
  const isClear = clarity(found) >= 1 + limits.clearConfidence
  return { ...asItLies, found: isClear || clarity(found) > clarity(asItLies.found) ? found : asItLies.found }
}

/** Upright first; when most lines stand, the quarter turns first. The best zone found wins; a valid one ends the search. */
const findMrz = async (picture: Picture, today: Date, once: boolean): Promise<Turn> => {
  const first = await tryTurn(picture, 0, today)
  if (once || first.found?.parsed.checkDigitsValid) return first
  const standing = first.boxes.filter((box) => Math.abs(box.angle) > Math.PI / 4).length > first.boxes.length / 2
  let best = first.found
  let { rows } = first
  for (const quarters of (standing ? [1, 3, 2] : [2, 1, 3]) as Quarters[]) {
    if (first.boxes.length < 2) break
    const turn = await tryTurn(picture, quarters, today)
    const { found } = turn
    rows = Math.max(rows, turn.rows)
    if (
      found &&
      (!best ||
        Number(found.parsed.checkDigitsValid) > Number(best.parsed.checkDigitsValid) ||
        found.zone.minConfidence > best.zone.minConfidence)
    )
      best = found
    if (found?.parsed.checkDigitsValid) break
  }
  return { found: best, boxes: first.boxes, rows }
}

/** Lines are read along their own direction, so a zone may be found on a page that lies on its side: faces need it upright. */
const toUpright = ({ picture, zone }: Found): Pick<SideReading, 'upright' | 'area'> => {
  const angle = zone.slants[0]?.angle ?? 0
  const quarters = Math.abs(angle) < Math.PI / 4 ? 0 : angle > 0 ? 3 : 1
  return { upright: turnPicture(picture, quarters), area: turnArea(areaOfMrz(zone), quarters, picture) }
}

/** Lines that tell which way up a page without a zone is: read both ways, the better wins. */
const SAMPLE = 4

const turnsOf = async (picture: Picture, boxes: readonly Slant[]): Promise<Quarters> => {
  const sample = [...boxes].sort((a, b) => b.length - a.length).slice(0, SAMPLE)
  const angle = [...sample].sort((a, b) => a.angle - b.angle)[sample.length >> 1]?.angle ?? 0
  let forward = 0
  let backward = 0
  for (const box of sample) {
    forward += (await recogniseLine(picture, box)).confidence
    backward += (await recogniseLine(picture, { ...box, angle: box.angle + Math.PI })).confidence
  }
  const direction = backward > forward ? angle + Math.PI : angle
  return ((Math.round(-direction / (Math.PI / 2)) + 8) % 4) as Quarters
}

/** Runs of fillers come out shorter or longer of the second reader: they are compared as separators. */
export const collapseFillers = (line: string): string => line.replace(/<+/g, '<').replace(/^<|<$/g, '')

/**
 * The part of a line before its closing run of fillers, with one filler of it: beside a long run the second reader loses letters.
 * The zone is print of one pitch, so a place in the text is a place on the line.
 */
const withoutTail = (slant: Slant, line: string): Slant => {
  const kept = line.replace(/<+$/, '').length + 1
  if (kept >= line.length) return slant
  const length = (slant.length * kept) / line.length
  const back = (slant.length - length) / 2
  return {
    ...slant,
    length,
    cx: slant.cx - Math.cos(slant.angle) * back,
    cy: slant.cy - Math.sin(slant.angle) * back,
  }
}

/** The second reading of each line; one on which it disagrees is cut once more, a little wider. */
const secondReadingsOf = async ({ picture, zone }: Found): Promise<string[][]> => {
  const readings: string[][] = []
  for (const [index, whole] of zone.slants.entries()) {
    const own = zone.lines[index] ?? ''
    const slant = withoutTail(whole, own)
    const { text } = await recogniseLine(picture, slant, { alphabet: ALPHABET })
    const line = [text]
    if (collapseFillers(text) !== collapseFillers(own)) {
      const wider = { ...slant, length: slant.length + slant.height * 0.7, height: slant.height * 1.12 }
      line.push((await recogniseLine(picture, wider, { alphabet: ALPHABET })).text)
    }
    readings.push(line)
  }
  return readings
}

/** The second lock: the same net on two other cuts must give the same text, and the first cut the whole length by itself. */
const stableLines = async ({ grey, block, zone }: Found): Promise<boolean[]> => {
  let stable = [...zone.whole]
  for (const cut of secondCuts) {
    if (!stable.some(Boolean)) return stable
    const other = await readBlock(grey, block, cut)
    stable = stable.map((isStable, index) => isStable && other?.lines[index] === zone.lines[index])
  }
  return stable
}

/**
 * Reads one side from one picture: its MRZ, where it has one, and its print.
 *
 * @param picture upright by its EXIF data; any quarter turn is found
 * @param options.mrzElsewhere the zone was read from the other side: here it is looked for only once
 */
export const readSide = async (
  picture: DecodedPicture,
  today: Date,
  options: { mrzElsewhere?: boolean } = {},
): Promise<SideReading> => {
  const quality = await assessQuality(picture, picture.original)
  const { found, boxes, rows } = await findMrz(picture, today, options.mrzElsewhere === true)
  if (!found) {
    const quarters = boxes.length < 2 ? 0 : await turnsOf(picture, boxes)
    const upright = turnPicture(picture, quarters)
    const viz = await readViz(upright, quarters === 0 ? boxes : await detectText(upright))
    const area = areaOfPrint(viz.placed.map(({ box }) => box))
    return { quality, boxes: boxes.length, mrzRows: rows, zone: null, viz, picture, upright, area }
  }
  const outside = found.boxes.filter((box) =>
    found.zone.slants.every(
      (slant) =>
        Math.abs(-(box.cx - slant.cx) * Math.sin(slant.angle) + (box.cy - slant.cy) * Math.cos(slant.angle)) >
        slant.height * 0.6,
    ),
  )
  const secondReadings = await secondReadingsOf(found)
  const viz = await readViz(found.picture, outside)
  const baselineShift = measureBaselineShift(found.grey, found.zone.slants, found.zone.lines)
  return {
    quality,
    boxes: boxes.length,
    mrzRows: rows,
    ...(baselineShift ? { baselineShift } : {}),
    zone: { zone: calibrated(found.zone), parsed: found.parsed, secondReadings, stable: await stableLines(found) },
    viz,
    picture,
    ...toUpright(found),
  }
}
