import { readBarcode } from '../../barcode/read-barcode.ts'
import type {
  BarcodeReading,
  DocumentKind,
  DocumentReading,
  DocumentSide,
  Field,
  FieldName,
  Fields,
  RetakeCode,
  Signal,
} from '../../findings.ts'
import { turnPicture } from '../../pictures/decode.ts'
import type { Slant } from '../../pictures/geometry.ts'
import { areaOfPrint, type PageArea, turnArea } from '../../pictures/page-area.ts'
import type { Picture } from '../../pictures/picture.ts'
import { assessQuality, retakesOfQuality } from '../../pictures/quality.ts'
import { detectText } from '../../text/detect.ts'
import { readViz, specimenSign, type Viz } from '../../viz/confirm.ts'
import { SPECIMEN_STATE } from '../mrz/codes.ts'
import type { ShownSide } from '../read-document.ts'
import type { DecodedPicture } from '../sides/read-side.ts'
import { type Agreement, compareWithFront, valuesOf } from './compare-front.ts'
import { type AamvaRecord, parseAamva } from './parse.ts'

/** Pictures of one side of the card. */
type Frames = readonly [DecodedPicture, ...DecodedPicture[]]
type Front = {
  readonly picture: DecodedPicture
  readonly zone: Viz
  readonly agreement: Agreement
  readonly upright: Picture
  readonly area: PageArea | null
}

/** Lines of print from which a front counts as readable. */
const READABLE_LINES = 6
/** Fields shown from which the picture stands the right way up, and is of the same card. */
const ENOUGH = 3

/** The direction of most print: a card on its side may be read, line by line, but loses some, and its portrait has to stand up. */
const directionOf = (boxes: readonly Slant[]): number => {
  const angles = boxes
    .filter((box) => box.length > box.height * 3)
    .map((box) => box.angle)
    .sort((a, b) => a - b)
  return angles[Math.floor(angles.length / 2)] ?? 0
}
const isLevel = (angle: number): boolean => Math.abs(angle) < Math.PI / 4

const needed: readonly FieldName[] = ['issuingCountry', 'lastName', 'number', 'dateOfBirth', 'expiry']

/** The front at the quarter turn that shows most of what the bar code says. */
const readFront = async (picture: DecodedPicture, record: AamvaRecord): Promise<Front> => {
  let best: Front | undefined
  for (const quarters of [0, 2, 1, 3] as const) {
    const turned = turnPicture(picture, quarters)
    const boxes = await detectText(turned)
    const angle = directionOf(boxes)
    const zone = await readViz(turned, boxes)
    const agreement = compareWithFront(record, zone)
    const { shown } = agreement
    if (!best || shown.size > best.agreement.shown.size) {
      const more = isLevel(angle) ? 0 : angle > 0 ? 3 : 1
      const area = turnArea(areaOfPrint(zone.placed.map(({ box }) => box)), more, turned)
      best = { picture, zone, agreement, upright: turnPicture(turned, more), area }
    }
    if (shown.size >= ENOUGH && (isLevel(angle) || needed.every((name) => shown.has(name)))) break
  }
  if (!best) throw new Error('no turn was tried')
  return best
}

/** A picture whose own print names the card: without that nothing says that it shows the same one. */
const isCorroborated = ({ agreement }: Front): boolean =>
  agreement.shown.has('lastName') || agreement.shown.has('number')

/** Several pictures of a front as one: the print of all that show this card, the rest of the one that shows most. */
const merge = (record: AamvaRecord, read: readonly [Front, ...Front[]]): Front => {
  const [best = read[0]] = [...read].sort(
    (a, b) => Number(isCorroborated(b)) - Number(isCorroborated(a)) || b.agreement.shown.size - a.agreement.shown.size,
  )
  const tied = read.filter(isCorroborated)
  if (tied.length < 2) return best
  const zone = { ...best.zone, lines: tied.flatMap((front) => front.zone.lines) }
  return { ...best, zone, agreement: compareWithFront(record, zone) }
}

/** Reads pictures of the front, one after another, until they show together what the bar code says. */
const readFronts = async ([first, ...more]: Frames, record: AamvaRecord): Promise<Front> => {
  const wanted = Object.keys(valuesOf(record)).filter((name) => name !== 'sex') as FieldName[]
  const read: [Front, ...Front[]] = [await readFront(first, record)]
  let all = read[0]
  for (const picture of more) {
    if (wanted.every((name) => all.agreement.shown.has(name))) break
    read.push(await readFront(picture, record))
    all = merge(record, read)
  }
  return all
}

/** A bar code corrects its own errors, so what it says is read right; whether it is the card's is for the print to say. */
const fieldsOf = (record: AamvaRecord, { shown }: Agreement): Fields => {
  const isCut = (name: FieldName): boolean =>
    (name === 'lastName' && record.truncated.lastName) || (name === 'firstName' && record.truncated.givenNames)
  const out: Partial<Record<FieldName, Field>> = {}
  for (const [name, value] of Object.entries(valuesOf(record)) as [FieldName, string][]) {
    const isShown = shown.has(name)
    out[name] = {
      value,
      confidence: isShown ? 0.99 : 0.5,
      sources: isShown ? ['barcode', 'visual'] : ['barcode'],
      sure: isShown && !isCut(name),
    }
  }
  return out
}

const signalsOf = (record: AamvaRecord, front: Front, fields: Fields, today: Date): Signal[] => {
  const signals = new Set<Signal>()
  if (record.faults.includes('impossible_date')) signals.add('impossible_date')
  if (record.faults.includes('unknown_country')) signals.add('unknown_country')
  const said = specimenSign(front.zone, [record.lastName ?? '', ...record.givenNames])
  const sign = record.country === SPECIMEN_STATE ? 'specimen' : said
  if (sign) signals.add(sign)
  if (record.expiry && record.expiry < today.toISOString().slice(0, 10)) signals.add('expired')
  const isReadable = front.zone.lines.length >= READABLE_LINES
  const { missing } = front.agreement
  if (record.faults.includes('countries_disagree')) signals.add('sources_disagree')
  if (isReadable && (['lastName', 'number', 'dateOfBirth'] as const).some((name) => missing.has(name)))
    signals.add('sources_disagree')
  if (needed.some((name) => !fields[name]?.sure) || fields.firstName?.sure === false) signals.add('single_reading')
  return [...signals]
}

/** A reading of a card by its bar code. Portrait and copies are looked for in front only. */
export type LicenceReading = DocumentReading & { readonly sides: { readonly front: ShownSide; readonly back: null } }

/** No licence yet: what the person can do better, and with which side. */
const unread = async (
  side: DocumentSide,
  [picture]: Frames,
  [front]: Frames,
  code: RetakeCode,
): Promise<LicenceReading> => {
  const quality = await assessQuality(picture, picture.original)
  const faults = code === 'side_missing' ? [] : retakesOfQuality(quality)
  return {
    kind: null,
    mrz: null,
    fields: {},
    quality,
    retake: faults.length > 0 ? faults : [code],
    retakeSide: side,
    signals: [],
    portraitWidth: null,
    sides: { front: { picture: front, upright: front, area: null }, back: null },
    ms: 0,
  }
}

/** The first bar code that can be read: it corrects its own errors, so a second one would say the same. */
const recordOf = async (frames: readonly DecodedPicture[]): Promise<AamvaRecord | null> => {
  for (const picture of frames) {
    const text = await readBarcode(picture)
    const record = text === null ? null : parseAamva(text)
    if (record) return record
  }
  return null
}

/**
 * Reads a North American driving licence or identity card: the bar code of its back, confirmed by the print of its front. Each alone
 * is one reading, and one reading is never sure (docs/decisions/004). Pictures that were sent the wrong way round are told apart by
 * where the code is.
 *
 * @param pictures one picture of a side, or several of the same one
 * @param kind what the person said the document is; without a code a licence's back is asked for again
 * @returns null for other documents
 */
export const readLicence = async (
  { front: first, back: second }: { front: Frames; back?: Frames },
  today: Date,
  kind: DocumentKind | undefined,
): Promise<LicenceReading | null> => {
  const from = performance.now()
  const isExpected = kind === 'DRIVING_LICENSE'
  if (!isExpected && !second) return null
  let front = first
  // Other cards are not searched for a code that they do not have, picture after picture.
  let record = second ? await recordOf(isExpected ? second : second.slice(0, 1)) : null
  if (!record && isExpected) {
    record = await recordOf(first)
    // The back came as the front.
    if (record && !second) return unread('front', first, first, 'side_missing')
    if (record && second) front = second
    else if (!second) return unread('back', first, first, 'side_missing')
    else return unread('back', second, first, 'data_unreadable')
  }
  if (!record) return null
  const read = await readFronts(front, record)
  const quality = await assessQuality(read.picture, read.picture.original)
  const fields = fieldsOf(record, read.agreement)
  const isReadable = read.zone.lines.length >= READABLE_LINES || read.agreement.shown.size >= ENOUGH
  const faults = retakesOfQuality(quality)
  const barcode: BarcodeReading = {
    standard: 'AAMVA',
    version: record.version,
    issuer: record.issuer,
    state: record.state,
    agreed: needed.every((name) => read.agreement.shown.has(name)),
  }
  return {
    kind: record.kind,
    mrz: null,
    barcode,
    fields,
    quality,
    retake: isReadable ? [] : faults.length > 0 ? faults : ['data_unreadable'],
    retakeSide: 'front',
    signals: signalsOf(record, read, fields, today),
    portraitWidth: null,
    sides: { front: read, back: null },
    ms: Math.round(performance.now() - from),
  }
}
