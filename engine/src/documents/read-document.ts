import type {
  CopyCheck,
  DocumentReading,
  DocumentSide,
  FieldName,
  Fields,
  MrzFinding,
  RetakeCode,
  Signal,
} from '../findings.ts'
import { retakesOfQuality } from '../pictures/quality.ts'
import { copies as copyLimits } from '../thresholds.ts'
import { specimenSign } from '../viz/confirm.ts'
import { saysIdCard, saysLicence } from './labelled/read-labels.ts'
import {
  isCenturyOlder,
  isOnPage,
  printedFields,
  printedOnly,
  type Sides,
  sidesOf,
  toFields,
  type Values,
} from './mrz/fields.ts'
import { isWhole } from './mrz/read-mrz.ts'
import { collapseFillers, type DecodedPicture, type MrzReading, readSide, type SideReading } from './sides/read-side.ts'
import { voteSide } from './sides/vote.ts'

/** A page with fewer lines shows no document; one with fewer readable ones cannot be told to be any. */
const LINES = 4
const READABLE_LINES = 6

const unread = (side: SideReading): RetakeCode[] => {
  const faults = retakesOfQuality(side.quality)
  if (faults.length > 0) return faults
  return [side.boxes < LINES && !side.zone ? 'no_document' : 'data_unreadable']
}

/** What is wrong with the pictures, and of which side. */
type Retake = { readonly codes: readonly RetakeCode[]; readonly side: DocumentSide }
const nothing: Retake = { codes: [], side: 'front' }

/** Fields that every format has, without which nothing is sure of a document. */
const neededOf = (read: MrzReading, fields: Fields): FieldName[] => [
  'documentCode',
  'issuingCountry',
  'lastName',
  'number',
  'dateOfBirth',
  ...(read.zone.layout.expiry ? (['expiry'] as const) : []),
  ...(fields.firstName ? (['firstName'] as const) : []),
]

const unsureOf = (read: MrzReading, fields: Fields): FieldName[] =>
  neededOf(read, fields).filter((name) => !fields[name]?.sure)

/** No other picture makes room for a name that the zone had none for. */
const isForPictures = (read: MrzReading, fields: Fields, name: FieldName): boolean =>
  !(read.parsed.truncated.some((cut) => cut === name) && fields[name]?.sources.includes('mrz_second_reader'))

/**
 * Whether a side without the zone belongs to it: its print shows at least two of the zone's values, surname or number among them.
 */
const isCorroborated = ({ viz }: SideReading, { parsed }: MrzReading): boolean => {
  const shown = printedFields.filter((name) => parsed.values[name] && isOnPage(viz, parsed.values, name))
  return shown.length >= 2 && (shown.includes('lastName') || shown.includes('number'))
}

const isSameDocument = (a: MrzReading, b: MrzReading): boolean =>
  a.parsed.values.number === b.parsed.values.number && a.parsed.values.lastName === b.parsed.values.lastName

/** Whether both pictures show the same side: most of what the one says the other says too. */
const isSamePage = ({ front, back }: Sides): boolean => {
  if (!back || back.viz.lines.length < READABLE_LINES) return false
  const seen = new Set(front.viz.lines)
  return back.viz.lines.filter((line) => seen.has(line)).length > back.viz.lines.length * 0.6
}

/** The page is readable, and shows another surname beside the number of its own MRZ. */
const showsAnotherSurname = (viz: SideReading['viz'], values: Values): boolean =>
  viz.lines.length >= READABLE_LINES &&
  Boolean(values.lastName && values.number) &&
  !isOnPage(viz, values, 'lastName') &&
  isOnPage(viz, values, 'number')

/** What the sides say of themselves. Of a specimen nothing else needs to be told. */
const addSpecimenSigns = (
  signals: Set<Signal>,
  sides: Sides,
  { lastName = '', firstName = '' }: { lastName?: string | undefined; firstName?: string | undefined },
): void => {
  const said = sidesOf(sides).map(([, { viz }]) => specimenSign(viz, [lastName, firstName]))
  const isSpecimen = signals.has('specimen') || said.includes('specimen')
  if (isSpecimen) signals.add('specimen')
  else if (said.includes('says_sample')) signals.add('says_sample')
}

type Judged = Omit<DocumentReading, 'ms'>

const judgeMrz = (sides: Sides, mrzSide: DocumentSide, read: MrzReading): Judged => {
  const side = (mrzSide === 'back' && sides.back) || sides.front
  const other = mrzSide === 'back' ? sides.front : sides.back
  const { zone, parsed } = read
  const whole = toFields(read, mrzSide, sides)
  const signals = new Set<Signal>(parsed.signals)
  addSpecimenSigns(signals, sides, parsed.values)
  const unsure = unsureOf(read, whole)
  if (unsure.length > 0) signals.add('single_reading')
  const isContradicted = sidesOf(sides).some(([, { viz }]) => showsAnotherSurname(viz, parsed.values))
  if (isContradicted || isCenturyOlder(sides, parsed.values)) signals.add('sources_disagree')
  if (sidesOf(sides).some(([, { isMixed }]) => isMixed)) signals.add('sides_disagree')
  // Both readers look at the same pixels: what hides a stroke from one hides it from the other (glare makes an F of an E). No second
  // photo is asked for because of it: a page may print the name in other letters than the zone's.
  const fields = isContradicted && whole.lastName ? { ...whole, lastName: { ...whole.lastName, sure: false } } : whole

  let retake = unsure.some((name) => isForPictures(read, whole, name))
    ? { codes: unread(side), side: mrzSide }
    : nothing
  if (other?.zone && isSameDocument(read, other.zone)) {
    // The same side twice: cards of three lines have their zone on the back, everything else in front.
    retake = { codes: ['wrong_page'], side: zone.layout.format === 'TD1' ? 'front' : 'back' }
  } else if (other?.zone || (mrzSide === 'back' && !isCorroborated(sides.front, read))) {
    signals.add('sides_disagree')
    const isFrontClear =
      sides.front.viz.lines.length >= READABLE_LINES && retakesOfQuality(sides.front.quality).length === 0
    // Where both sides are clear no other picture of them makes one document of two.
    if (isFrontClear && parsed.checkDigitsValid && read.stable.every(Boolean)) retake = nothing
    else if (!isFrontClear && retake.codes.length === 0) retake = { codes: unread(sides.front), side: 'front' }
  }
  const agreed = zone.lines.every((line, index) =>
    (read.secondReadings[index] ?? []).map(collapseFillers).includes(collapseFillers(line)),
  )
  const mrz: MrzFinding = {
    format: zone.layout.format,
    lines: zone.lines,
    checkDigits: parsed.checkDigits,
    checkDigitsValid: parsed.checkDigitsValid,
    agreed: agreed && read.stable.every(Boolean),
    minConfidence: Math.round(zone.minConfidence * 1000) / 1000,
  }
  return {
    kind: parsed.kind,
    mrz,
    fields: { ...printedOnly(sides, fields), ...fields },
    quality: side.quality,
    retake: retake.codes,
    ...(retake.codes.length > 0 ? { retakeSide: retake.side } : {}),
    signals: [...signals],
    portraitWidth: null,
  }
}

/** Whether a character of the zone stands off its line, as one that was put there by itself. A zone that glare cuts does not tell. */
const baselineShiftOf = ({ baselineShift, zone }: SideReading): CopyCheck =>
  baselineShift && zone && isWhole(zone.zone)
    ? baselineShift.moved >= copyLimits.baselineShift
      ? 'found'
      : 'not_found'
    : 'not_assessed'

/** Which picture to take again when no zone was read: one that looks like having one, one that is bad, else the card's back. */
const retakeWithoutMrz = (sides: Sides): Retake => {
  const all = sidesOf(sides)
  const chosen =
    all.find(([, { boxes }]) => boxes < LINES) ??
    all.find(([, { mrzRows }]) => mrzRows > 0) ??
    all.find(([, { quality }]) => retakesOfQuality(quality).length > 0) ??
    all.at(-1)
  return chosen ? { codes: unread(chosen[1]), side: chosen[0] } : nothing
}

const judgeWithoutMrz = (sides: Sides): Judged => {
  const { front, back } = sides
  const fields = printedOnly(sides, {})
  const signals = new Set<Signal>()
  addSpecimenSigns(signals, sides, { lastName: fields.lastName?.value, firstName: fields.firstName?.value })
  const all = sidesOf(sides).map(([, side]) => side)
  // A card without a zone is one on whose good pictures no line looks like one, and whose print names a person.
  const isCard = all.some(({ viz }) => saysIdCard(viz))
  const isClear = all.every(
    (side) => side.mrzRows === 0 && side.boxes >= LINES && retakesOfQuality(side.quality).length === 0,
  )
  const namesPerson = fields.lastName !== undefined && (fields.number ?? fields.dateOfBirth) !== undefined
  // A licence whose bar code was not read, or that has none: nothing on it can be confirmed, and no other picture of it helps.
  if (!isCard && saysLicence(front.viz))
    return {
      kind: 'DRIVING_LICENSE',
      mrz: null,
      fields: {},
      quality: front.quality,
      retake: ['document_unsupported'],
      retakeSide: 'front',
      signals: [...signals],
      portraitWidth: null,
    }
  const isPlainCard = isCard && isClear && namesPerson && !isSamePage(sides)
  const retake: Retake =
    isCard && back && isSamePage(sides)
      ? { codes: ['wrong_page'], side: 'back' }
      : isPlainCard
        ? nothing
        : retakeWithoutMrz(sides)
  if (isPlainCard) signals.add('no_mrz')
  return {
    kind: isPlainCard ? 'ID_CARD' : null,
    mrz: null,
    fields: isPlainCard ? fields : {},
    quality: front.quality,
    retake: retake.codes,
    ...(retake.codes.length > 0 ? { retakeSide: retake.side } : {}),
    signals: [...signals],
    portraitWidth: null,
  }
}

/** The zone that counts: one whose check digits compute before another, the front's before the back's. */
const mrzOf = (sides: Sides): { side: DocumentSide; read: MrzReading } | null => {
  const [best] = sidesOf(sides)
    .flatMap(([side, { zone }]) => (zone ? [{ side, read: zone }] : []))
    .sort((a, b) => Number(b.read.parsed.checkDigitsValid) - Number(a.read.parsed.checkDigitsValid))
  return best ?? null
}

/** Pictures of one side that are looked at, at most: more bring nothing. */
export const FRAMES = 5

/** Reads pictures of one side, one after another, until what they say together is sure. */
const readFrames = async (
  frames: readonly [DecodedPicture, ...DecodedPicture[]],
  today: Date,
  options: { mrzElsewhere?: boolean },
): Promise<SideReading> => {
  const [first, ...more] = frames.slice(0, FRAMES) as [DecodedPicture, ...DecodedPicture[]]
  const readings: [SideReading, ...SideReading[]] = [await readSide(first, today, options)]
  let voted = readings[0]
  // What nobody is asked another photograph for is worth one more of those that are here: a nationality, and a surname that the page
  // writes otherwise, be it glare on the zone or print in other letters.
  const isClear = ({ zone, viz }: SideReading, { nationality }: Fields): boolean =>
    !zone || (nationality?.sure !== false && !showsAnotherSurname(viz, zone.parsed.values))
  const isEnough = (side: SideReading): boolean => {
    const { zone, viz, quality } = side
    if (!zone)
      return (
        options.mrzElsewhere === true && viz.lines.length >= READABLE_LINES && retakesOfQuality(quality).length === 0
      )
    const fields = toFields(zone, 'front', { front: side, back: null })
    return unsureOf(zone, fields).length === 0 && (readings.length > 1 || isClear(side, fields))
  }
  for (const frame of more) {
    if (isEnough(voted)) break
    readings.push(await readSide(frame, today, options))
    voted = voteSide(readings, today)
  }
  return voted
}

/** A side as it was read: what copies are looked for in, where the portrait is, and where the page lies. */
export type ShownSide = Pick<SideReading, 'picture' | 'upright' | 'area'>
/** A reading, with the pictures it rests on. `mrzSide` is null where no MRZ was read. */
export type WholeReading = DocumentReading & {
  readonly sides: { readonly front: ShownSide; readonly back: ShownSide | null }
  /** The side with the MRZ. */
  readonly mrzSide: DocumentSide | null
  /** The side without the zone shows its values; a portrait there is of the same document. */
  readonly isOtherSideCorroborated: boolean
  readonly baselineShift: CopyCheck
}

/**
 * Reads a document from its front and, where it has one, its back: the MRZ by our recogniser, on whichever side it is,
 * confirmed by a second model and by the print of both sides. "All check digits valid" is never the rule: they do not cover names,
 * states or the document code, and wrong readings can compute.
 *
 * @param pictures one picture of a side, or several of the same one
 */
export const readDocument = async (
  pictures: {
    front: readonly [DecodedPicture, ...DecodedPicture[]]
    back?: readonly [DecodedPicture, ...DecodedPicture[]]
  },
  today: Date,
): Promise<WholeReading> => {
  const from = performance.now()
  // The back first: where it has the zone, none is looked for so long in front.
  const back = pictures.back ? await readFrames(pictures.back, today, {}) : null
  const mrzElsewhere = back?.zone?.parsed.checkDigitsValid === true
  const front = await readFrames(pictures.front, today, { mrzElsewhere })
  const sides: Sides = { front, back }
  const zone = mrzOf(sides)
  const judged = zone ? judgeMrz(sides, zone.side, zone.read) : judgeWithoutMrz(sides)
  const baselineShift = zone ? baselineShiftOf((zone.side === 'back' && back) || front) : 'not_assessed'
  const other = zone?.side === 'back' ? front : back
  return {
    ...judged,
    signals: baselineShift === 'found' ? [...judged.signals, 'mrz_baseline_shift'] : judged.signals,
    baselineShift,
    sides: { front, back },
    mrzSide: zone?.side ?? null,
    isOtherSideCorroborated: Boolean(zone && other && isCorroborated(other, zone.read)),
    ms: Math.round(performance.now() - from),
  }
}
