import { hasCode, readBarcode } from '../../barcode/read-barcode.ts'
import type {
  BarcodeReading,
  DocumentSide,
  Field,
  FieldName,
  Fields,
  RetakeCode,
  Signal,
  UnsureReason,
} from '../../findings.ts'
import { type DecodedPicture, turnPicture } from '../../pictures/decode.ts'
import type { Slant } from '../../pictures/geometry.ts'
import { areaOfPrint, type PageArea, turnArea } from '../../pictures/page-area.ts'
import { isSamePicture, type Picture } from '../../pictures/picture.ts'
import { assessQuality, retakesOfQuality } from '../../pictures/quality.ts'
import { detectText } from '../../text/detect.ts'
import { readViz, type Viz } from '../../viz/confirm.ts'
import { specimenSign } from '../../viz/specimen-words.ts'
import { SPECIMEN_STATE } from '../mrz/codes.ts'
import type { DocumentReader, Frames, ReadContext, Reading } from '../reading.ts'
import { type Agreement, compareWithFront, valuesOf } from './compare-front.ts'
import { type AamvaRecord, parseAamva } from './parse.ts'

type Front = {
  readonly picture: DecodedPicture
  readonly viz: Viz
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
    const viz = await readViz(turned, boxes)
    const agreement = compareWithFront(record, viz)
    const { shown } = agreement
    if (!best || shown.size > best.agreement.shown.size) {
      const more = isLevel(angle) ? 0 : angle > 0 ? 3 : 1
      const area = turnArea(areaOfPrint(viz.placed.map(({ box }) => box)), more, turned)
      best = { picture, viz, agreement, upright: turnPicture(turned, more), area }
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
  const viz = { ...best.viz, lines: tied.flatMap((front) => front.viz.lines) }
  return { ...best, viz, agreement: compareWithFront(record, viz) }
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
const fieldsOf = (record: AamvaRecord, { shown, missing }: Agreement): Fields => {
  const isCut = (name: FieldName): boolean =>
    (name === 'lastName' && record.truncated.lastName) || (name === 'firstName' && record.truncated.givenNames)
  const out: Partial<Record<FieldName, Field>> = {}
  for (const [name, value] of Object.entries(valuesOf(record)) as [FieldName, string][]) {
    const isShown = shown.has(name)
    const unsure: UnsureReason[] = [
      ...(isShown ? [] : [missing.has(name) ? ('sources_disagree' as const) : ('one_source' as const)]),
      ...(isCut(name) ? (['name_truncated'] as const) : []),
    ]
    out[name] = {
      value,
      confidence: isShown ? 0.99 : 0.5,
      sources: isShown ? ['barcode', 'visual'] : ['barcode'],
      sure: unsure.length === 0,
      ...(unsure.length > 0 ? { unsure } : {}),
    }
  }
  return out
}

/** Fields that the record itself leaves empty. */
const absentOf = (record: AamvaRecord): FieldName[] => {
  const hasName = record.lastName !== null || record.givenNames.length > 0
  return [
    ...(hasName && record.lastName === null ? (['lastName'] as const) : []),
    ...(hasName && record.givenNames.length === 0 ? (['firstName'] as const) : []),
    ...(record.expiry === null && !record.faults.includes('impossible_date') ? (['expiry'] as const) : []),
  ]
}

const signalsOf = (record: AamvaRecord, front: Front, fields: Fields, today: Date): Signal[] => {
  const signals = new Set<Signal>()
  const absent = absentOf(record)
  if (record.faults.includes('impossible_date')) signals.add('impossible_date')
  if (record.faults.includes('unknown_country')) signals.add('unknown_country')
  if (absent.includes('expiry')) signals.add('expiry_missing')
  const said = specimenSign(front.viz, [record.lastName ?? '', ...record.givenNames])
  const sign = record.country === SPECIMEN_STATE ? 'specimen' : said
  if (sign) signals.add(sign)
  if (record.expiry && record.expiry < today.toISOString().slice(0, 10)) signals.add('expired')
  const isReadable = front.viz.lines.length >= READABLE_LINES
  const { missing } = front.agreement
  if (record.faults.includes('countries_disagree')) signals.add('sources_disagree')
  if (isReadable && (['lastName', 'number', 'dateOfBirth'] as const).some((name) => missing.has(name)))
    signals.add('sources_disagree')
  const isUnsure = (name: FieldName): boolean => !fields[name]?.sure && !absent.includes(name)
  if (needed.some(isUnsure) || fields.firstName?.sure === false) signals.add('single_reading')
  return [...signals]
}

const withoutMrz = { mrz: null, mrzSide: null, isOtherSideCorroborated: true, baselineShift: 'not_assessed' } as const

/** No licence yet: what the person can do better, and with which side. */
const unread = async (side: DocumentSide, [picture]: Frames, [front]: Frames, code: RetakeCode): Promise<Reading> => {
  const quality = await assessQuality(picture, picture.original)
  const faults = code === 'side_missing' ? [] : retakesOfQuality(quality)
  return {
    ...withoutMrz,
    kind: null,
    fields: {},
    quality,
    retake: faults.length > 0 ? faults : [code],
    retakeSide: side,
    signals: [],
    sides: { front: { picture: front, upright: front, area: null }, back: null },
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

/** Where the code was found, and the pictures of the other side; or what the person can do better. */
type Search = { readonly record: AamvaRecord; readonly front: Frames } | { readonly retake: Reading } | null

/** Looks for the code on the back and, of what should be a licence, on the front: sides may come the wrong way round. */
const findRecord = async ({ pictures, expected }: ReadContext): Promise<Search> => {
  const { front, back } = pictures
  const isExpected = expected === 'DRIVING_LICENSE'
  if (!isExpected && !back) return null
  // Other cards are not searched for a code that they do not have, picture after picture.
  const onBack = back ? await recordOf(isExpected ? back : back.slice(0, 1)) : null
  // The back was sent as the front, too.
  if (onBack && back && front.every((picture) => isSamePicture(picture, back[0])))
    return { retake: await unread('front', front, front, 'side_missing') }
  if (onBack) return { record: onBack, front }
  if (!isExpected) return null
  const onFront = await recordOf(front)
  if (!back) return { retake: await unread(onFront ? 'front' : 'back', front, front, 'side_missing') }
  if (onFront) return { record: onFront, front: back }
  const isClear = retakesOfQuality(await assessQuality(back[0], back[0].original)).length === 0
  // A licence without a code, sharp and light: the print says what it is.
  if (isClear && !hasCode(back[0])) return null
  return { retake: await unread('back', back, front, 'data_unreadable') }
}

/**
 * Reads a North American driving licence or identity card: the bar code of its back, confirmed by the print of its front. Each alone
 * is one reading, and one reading is never sure (docs/decisions/004).
 */
const read = async (context: ReadContext): Promise<Reading | null> => {
  const found = await findRecord(context)
  if (found === null) return null
  if ('retake' in found) return found.retake
  const { record } = found
  const front = await readFronts(found.front, record)
  const quality = await assessQuality(front.picture, front.picture.original)
  const fields = fieldsOf(record, front.agreement)
  const isReadable = front.viz.lines.length >= READABLE_LINES || front.agreement.shown.size >= ENOUGH
  const faults = retakesOfQuality(quality)
  const absent = absentOf(record)
  const barcode: BarcodeReading = {
    standard: 'AAMVA',
    version: record.version,
    issuer: record.issuer,
    state: record.state,
    agreed: needed.every((name) => front.agreement.shown.has(name) || absent.includes(name)),
  }
  return {
    ...withoutMrz,
    kind: record.kind,
    barcode,
    fields,
    ...(absent.length > 0 ? { absent } : {}),
    quality,
    retake: isReadable ? [] : faults.length > 0 ? faults : ['data_unreadable'],
    retakeSide: 'front',
    signals: signalsOf(record, front, fields, context.today),
    sides: { front, back: null },
  }
}

/** Reads cards with a bar code of the AAMVA standard. */
export const aamvaReader: DocumentReader = { id: 'aamva', read }
