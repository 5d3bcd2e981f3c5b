import { turnPicture } from './decode.ts'
import type {
  DocumentReading,
  Field,
  FieldName,
  FieldSource,
  Fields,
  MachineZone,
  PictureQuality,
  RetakeCode,
  Signal,
} from './findings.ts'
import type { Slant } from './geometry.ts'
import { isKnownCode } from './mrz/codes.ts'
import type { Place } from './mrz/formats.ts'
import { ALPHABET, type Grey } from './mrz/net.ts'
import { type ParsedZone, parseZone } from './mrz/parse.ts'
import { findBlock, findRows, type Row, readBlock, secondCuts, type ZoneReading } from './mrz/read-zone.ts'
import type { Picture } from './picture.ts'
import { assessQuality, toGrey } from './quality.ts'
import { detectText } from './text/detect.ts'
import { recogniseLine } from './text/recognise.ts'
import { reading as limits, quality as qualityLimits } from './thresholds.ts'
import { coerce } from './visual/coerce.ts'
import { isShown, readVisualZone, saysSpecimen, type VisualZone } from './visual/confirm.ts'

type Quarters = 0 | 1 | 2 | 3
type Found = { picture: Picture; grey: Grey; boxes: Slant[]; zone: ZoneReading; block: Row[]; parsed: ParsedZone }

const tryTurn = async (
  picture: Picture,
  quarters: Quarters,
  boxes0: Slant[] | null,
  today: Date,
): Promise<{ found: Found | null; boxes: Slant[]; upright: Picture }> => {
  const upright = turnPicture(picture, quarters)
  const boxes = boxes0 ?? (await detectText(upright))
  const grey = { data: toGrey(upright), width: upright.width, height: upright.height }
  const block = findBlock(await findRows(grey, boxes))
  const zone = block.length >= 2 ? await readBlock(grey, block) : null
  return {
    found: zone
      ? { picture: upright, grey, boxes, zone, block, parsed: parseZone(zone.layout, zone.lines, today) }
      : null,
    boxes,
    upright,
  }
}

/** Upright first; when most lines stand, the quarter turns first. The best zone found wins; a valid one ends the search. */
const findZone = async (
  picture: Picture,
  today: Date,
): Promise<{ found: Found | null; boxes: number; upright: Picture }> => {
  const first = await tryTurn(picture, 0, null, today)
  if (first.found?.parsed.checkDigitsValid) return { found: first.found, boxes: first.boxes.length, upright: picture }
  const standing = first.boxes.filter((box) => Math.abs(box.angle) > Math.PI / 4).length > first.boxes.length / 2
  let best = first.found
  for (const quarters of (standing ? [1, 3, 2] : [2, 1, 3]) as Quarters[]) {
    if (first.boxes.length < 2) break
    const { found } = await tryTurn(picture, quarters, null, today)
    if (
      found &&
      (!best ||
        Number(found.parsed.checkDigitsValid) > Number(best.parsed.checkDigitsValid) ||
        found.zone.minConfidence > best.zone.minConfidence)
    )
      best = found
    if (found?.parsed.checkDigitsValid) break
  }
  return { found: best, boxes: first.boxes.length, upright: best?.picture ?? picture }
}

/** Lines are read along their own direction, so a zone may be found on a page that lies on its side: faces need it upright. */
const toUpright = ({ picture, zone }: Found): Picture => {
  const angle = zone.slants[0]?.angle ?? 0
  if (Math.abs(angle) < Math.PI / 4) return picture
  return turnPicture(picture, angle > 0 ? 3 : 1)
}

/** Runs of fillers come out shorter or longer of the second reader: they are compared as separators. */
const squeeze = (line: string): string => line.replace(/<+/g, '<').replace(/^<|<$/g, '')

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

/**
 * The same zone by another model (PP-OCR, restricted to the zone's symbols): the independent second reading. A line on which it
 * disagrees is cut once more, a little wider.
 *
 * @returns the readings of each line, one or two
 */
const readAgain = async ({ picture, zone }: Found): Promise<string[][]> => {
  const readings: string[][] = []
  for (const [index, whole] of zone.slants.entries()) {
    const own = zone.lines[index] ?? ''
    const slant = withoutTail(whole, own)
    const { text } = await recogniseLine(picture, slant, { alphabet: ALPHABET })
    const line = [text]
    if (squeeze(text) !== squeeze(own)) {
      const wider = { ...slant, length: slant.length + slant.height * 0.7, height: slant.height * 1.12 }
      line.push((await recogniseLine(picture, wider, { alphabet: ALPHABET })).text)
    }
    readings.push(line)
  }
  return readings
}

/** What may stand in a field (ICAO 9303-3, section 4.3): print that only position tells apart is read by position. */
const symbolsOf: Partial<Record<FieldName, 'letters' | 'digits'>> = {
  documentCode: 'letters',
  issuingCountry: 'letters',
  nationality: 'letters',
  lastName: 'letters',
  firstName: 'letters',
  sex: 'letters',
  dateOfBirth: 'digits',
  expiry: 'digits',
}

/**
 * Whether the second reader saw the same text at a field's place: the text from the place before it to the place after it, so
 * that a letter more or less at its edge is a disagreement. Short fields are looked for with what follows them.
 */
const seenAgain = (
  lines: readonly string[],
  again: readonly string[][],
  [line, from, length]: Place,
  symbols: 'letters' | 'digits' | 'any',
): boolean => {
  const own = coerce(lines[line] ?? '', symbols)
  const others = (again[line] ?? []).map((text) => squeeze(coerce(text, symbols)))
  if (others.includes(squeeze(own))) return true
  let end = Math.min(own.length, from + length + 1)
  const context = (): string => own.slice(Math.max(0, from - 2), end)
  while (context().replace(/</g, '').length < 4 && end < own.length) end += 1
  return !/<</.test(context()) && others.some((other) => other.includes(squeeze(context())))
}

const fieldOf = (
  name: FieldName,
  value: string,
  found: Found,
  again: readonly string[][],
  visual: VisualZone,
  locked: boolean,
): Field => {
  const places = found.parsed.places[name] ?? []
  const confidence = Math.min(
    ...places.flatMap(([line, from, length]) => (found.zone.confidences[line] ?? []).slice(from, from + length)),
  )
  const sources: FieldSource[] = ['mrz']
  const symbols = symbolsOf[name] ?? 'any'
  if (places.every((place) => seenAgain(found.zone.lines, again, place, symbols))) sources.push('mrz_second_reader')
  const shown =
    name === 'lastName' || name === 'firstName' || name === 'number' || name === 'dateOfBirth' || name === 'expiry'
      ? isShown(visual, name, value)
      : false
  if (shown) sources.push('visual')
  const enough = sources.length >= 2 && (confidence >= limits.symbolConfidence || (shown && sources.length >= 3))
  return { value, confidence: Math.round(confidence * 1000) / 1000, sources, sure: enough && locked }
}

/** Check digits vouch for number and dates; a field with a wrong one is not sure whatever the readers say. */
const checkOf: Partial<Record<FieldName, 'number' | 'dateOfBirth' | 'expiry' | 'personalNumber'>> = {
  number: 'number',
  dateOfBirth: 'dateOfBirth',
  expiry: 'expiry',
  personalNumber: 'personalNumber',
}

const toFields = (found: Found, again: readonly string[][], visual: VisualZone, locked: boolean): Fields => {
  const out: Partial<Record<FieldName, Field>> = {}
  for (const [name, value] of Object.entries(found.parsed.values) as [FieldName, string][]) {
    if (value === '') continue
    const field = fieldOf(name, value, found, again, visual, locked)
    const check = checkOf[name]
    const checked = check === undefined || found.parsed.checkDigits[check] !== false
    const coded = (name !== 'issuingCountry' && name !== 'nationality') || isKnownCode(value)
    out[name] = { ...field, sure: field.sure && checked && coded }
  }
  return out
}

/** The second lock: the same net on two other cuts must give the same text, and the first cut the whole length by itself. */
const isLocked = async ({ grey, block, zone }: Found): Promise<boolean> => {
  if (!zone.wholeByItself) return false
  for (const cut of secondCuts) {
    const other = await readBlock(grey, block, cut)
    if (!other || other.lines.join('\n') !== zone.lines.join('\n')) return false
  }
  return true
}

const retakesOf = (quality: PictureQuality, found: Found | null, boxes: number, unsure: boolean): RetakeCode[] => {
  const out: RetakeCode[] = []
  if (found && !unsure) return out
  if (quality.sharpness < qualityLimits.sharpnessRefuse) out.push('photo_blurry')
  if (
    quality.brightness < qualityLimits.darkRefuse ||
    Math.max(quality.width, quality.height) < qualityLimits.documentWidth
  )
    out.push('photo_quality')
  if (quality.glareShare > qualityLimits.glareWarn) out.push('photo_glare')
  if (out.length > 0) return out
  if (found) return ['data_unreadable']
  return boxes < 4 ? ['no_document'] : ['data_unreadable']
}

/**
 * Reads a document's page: machine zone by our recogniser, confirmed by a second model and by the visual zone. "All check digits
 * valid" is never the rule: they do not cover names, states or the document code, and wrong readings can compute.
 *
 * @param picture upright by its EXIF data; any quarter turn is found
 */
export const readDocument = async (
  picture: Picture & { original: { width: number; height: number } },
  today: Date,
): Promise<DocumentReading & { upright: Picture }> => {
  const from = performance.now()
  const quality = await assessQuality(picture, picture.original)
  const { found, boxes, upright } = await findZone(picture, today)
  if (!found) {
    const visual = { lines: [] as string[], ms: 0 }
    return {
      kind: null,
      machineZone: null,
      fields: {},
      quality,
      retake: retakesOf(quality, null, boxes, true),
      signals: saysSpecimen(visual) ? ['specimen'] : [],
      portraitWidth: null,
      upright,
      ms: Math.round(performance.now() - from),
    }
  }
  const again = await readAgain(found)
  const outside = found.boxes.filter((box) =>
    found.zone.slants.every(
      (slant) =>
        Math.abs(-(box.cx - slant.cx) * Math.sin(slant.angle) + (box.cy - slant.cy) * Math.cos(slant.angle)) >
        slant.height * 0.6,
    ),
  )
  const visual = await readVisualZone(found.picture, outside)
  const locked = await isLocked(found)
  const fields = toFields(found, again, visual, locked)
  const needed: FieldName[] = ['documentCode', 'issuingCountry', 'lastName', 'number', 'dateOfBirth']
  if (found.zone.layout.expiry) needed.push('expiry')
  const unsure = needed.filter((name) => !fields[name]?.sure)
  const firstName = fields.firstName
  if (firstName && !firstName.sure) unsure.push('firstName')
  const agreed = found.zone.lines.every((line, index) => (again[index] ?? []).map(squeeze).includes(squeeze(line)))
  const machineZone: MachineZone = {
    format: found.zone.layout.format,
    lines: found.zone.lines,
    checkDigits: found.parsed.checkDigits,
    checkDigitsValid: found.parsed.checkDigitsValid,
    agreed: agreed && locked,
    minConfidence: Math.round(found.zone.minConfidence * 1000) / 1000,
  }
  const signals = new Set<Signal>(found.parsed.signals)
  if (saysSpecimen(visual)) signals.add('specimen')
  if (unsure.length > 0) signals.add('single_reading')
  // The page is readable, and shows neither the surname nor the number of its own machine zone.
  const readable = visual.lines.length >= 6
  const { lastName, number } = found.parsed.values
  if (readable && lastName && number && !isShown(visual, 'lastName', lastName) && isShown(visual, 'number', number))
    signals.add('zones_disagree')
  return {
    kind: found.parsed.kind,
    machineZone,
    fields,
    quality,
    retake: retakesOf(quality, found, boxes, unsure.length > 0),
    signals: [...signals],
    portraitWidth: null,
    upright: toUpright(found),
    ms: Math.round(performance.now() - from),
  }
}
