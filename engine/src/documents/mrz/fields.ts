import type { DocumentSide, Field, FieldName, FieldSource, Fields, UnsureReason } from '../../findings.ts'
import { reading as limits } from '../../thresholds.ts'
import { coerce } from '../../viz/coerce.ts'
import { collapseFillers, type MrzReading } from '../sides/read-side.ts'
import type { Sides } from '../sides/sides.ts'
import { isKnownCode } from './codes.ts'
import type { FieldRange } from './formats.ts'
import { agreesInPlace } from './second-reader.ts'
import { isCenturyOlder, printedFields, shownOn } from './shown.ts'

/** Characters allowed in a field (ICAO 9303-3, section 4.3), which decide between characters that look similar. */
const charactersOf: Partial<Record<FieldName, 'letters' | 'digits'>> = {
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
 * Whether the second reader saw the same text at a field's range: the text from the character before it to the one after it, so
 * that a letter more or less at its edge is a disagreement. Short fields are looked for with what follows them.
 */
const agreesWithSecondReader = (
  { zone, secondReadings }: MrzReading,
  [line, from, length]: FieldRange,
  characters: 'letters' | 'digits' | 'any',
): boolean => {
  const own = coerce(zone.lines[line] ?? '', characters)
  const others = (secondReadings[line] ?? []).map((text) => collapseFillers(coerce(text, characters)))
  if (others.includes(collapseFillers(own))) return true
  let end = Math.min(own.length, from + length + 1)
  const context = (): string => own.slice(Math.max(0, from - 2), end)
  while (context().replace(/</g, '').length < 4 && end < own.length) end += 1
  return !/<</.test(context()) && others.some((other) => other.includes(collapseFillers(context())))
}

/** Check digits vouch for number and dates; a field with a wrong one is not sure whatever the readers say. */
const checkOf: Partial<Record<FieldName, 'number' | 'dateOfBirth' | 'expiry' | 'personalNumber'>> = {
  number: 'number',
  dateOfBirth: 'dateOfBirth',
  expiry: 'expiry',
  personalNumber: 'personalNumber',
}

/** What was read of an MRZ. */
export type ReadFields = {
  readonly fields: Fields
  /** Fields that the MRZ leaves empty, as two readings agree. */
  readonly absent: ReadonlySet<FieldName>
  /** Fields whose characters were read without doubt and fit their check digit: no other picture reads them better, whatever they say. */
  readonly readable: ReadonlySet<FieldName>
}

/** The doubts about how the characters were read, and those about what they say. */
type Evidence = Pick<Field, 'confidence' | 'sources' | 'shownOn'> & { readonly reading: readonly UnsureReason[] }

const evidenceOf = (read: MrzReading, mrzSide: DocumentSide, sides: Sides, name: FieldName): Evidence => {
  const { zone, parsed } = read
  const ranges = parsed.ranges[name] ?? []
  const confidence = Math.min(
    ...ranges.flatMap(([line, from, length]) => (zone.confidences[line] ?? []).slice(from, from + length)),
  )
  const isClear = confidence >= limits.characterConfidence
  const isCut = parsed.truncated.some((cut) => cut === name)
  // Where a character is doubtful only a line of its own confirms: the second reader does not look behind the last clear one.
  const shown =
    printedFields.includes(name) && parsed.values[name]
      ? shownOn(sides, mrzSide, parsed.values, name, isCut || !isClear)
      : undefined
  // A number in two ranges has its check digit behind the second one.
  const hasCheckDigit = name === 'number' && ranges.length === 1
  const agrees = ranges.every(
    (range) =>
      agreesWithSecondReader(read, range, charactersOf[name] ?? 'any') || agreesInPlace(read, range, hasCheckDigit),
  )
  const sources: FieldSource[] = [
    'mrz',
    ...(agrees ? (['mrz_second_reader'] as const) : []),
    ...(shown ? (['visual'] as const) : []),
  ]
  const reading: UnsureReason[] = []
  if (sources.length < 2) reading.push('one_source')
  if (!isClear && !(shown && agrees)) reading.push('characters_unclear')
  if (!read.stable.every(Boolean)) reading.push('crops_disagree')
  return { confidence: Math.round(confidence * 1000) / 1000, sources, ...(shown ? { shownOn: shown } : {}), reading }
}

/** What speaks against a value that was read without doubt. */
const doubtsOf = (read: MrzReading, sides: Sides, name: FieldName, isPrinted: boolean): UnsureReason[] => {
  const { parsed } = read
  const check = checkOf[name]
  const doubts: UnsureReason[] = []
  if (check !== undefined && parsed.checkDigits[check] === false) doubts.push('check_digit_wrong')
  if ((name === 'issuingCountry' || name === 'nationality') && !isKnownCode(parsed.values[name] ?? ''))
    doubts.push('unknown_code')
  if (name === 'dateOfBirth' && isCenturyOlder(sides, parsed.values)) doubts.push('century_unknown')
  // Of a name that may go on behind the end of its field only the print knows the whole.
  if (parsed.truncated.some((cut) => cut === name) && !isPrinted) doubts.push('name_truncated')
  return doubts
}

/** The values of an MRZ as fields, each with what speaks for it; `sure` as decision 004 has it. */
export const toFields = (read: MrzReading, mrzSide: DocumentSide, sides: Sides): ReadFields => {
  const fields: Partial<Record<FieldName, Field>> = {}
  const absent = new Set<FieldName>()
  const readable = new Set<FieldName>()
  for (const name of Object.keys(read.parsed.ranges) as FieldName[]) {
    const { reading, ...evidence } = evidenceOf(read, mrzSide, sides, name)
    const check = checkOf[name]
    // A wrong check digit may be a character that both readers took for another one.
    const isChecked = check === undefined || read.parsed.checkDigits[check] !== false
    if (reading.length === 0 && isChecked) readable.add(name)
    const value = read.parsed.values[name]
    if (!value) {
      if (reading.length === 0 && read.parsed.empty.includes(name)) absent.add(name)
      continue
    }
    const unsure = [...reading, ...doubtsOf(read, sides, name, evidence.shownOn !== undefined)]
    fields[name] = {
      value,
      ...evidence,
      side: mrzSide,
      sure: unsure.length === 0,
      ...(unsure.length > 0 ? { unsure } : {}),
    }
  }
  return { fields, absent, readable }
}

/** Fields that every format has, without which nothing is sure of a document; a name or a birth day that is empty was read. */
const neededOf = (read: MrzReading, fields: Fields): FieldName[] => [
  'documentCode',
  'issuingCountry',
  'lastName',
  'number',
  'dateOfBirth',
  ...(read.zone.layout.expiry ? (['expiry'] as const) : []),
  ...(fields.firstName ? (['firstName'] as const) : []),
]

/** Needed fields that are neither sure nor known to be empty. */
export const unsureFields = (read: MrzReading, { fields, absent }: ReadFields): FieldName[] =>
  neededOf(read, fields).filter((name) => !fields[name]?.sure && !absent.has(name))

/**
 * Of the unsure fields those that another picture may improve. A field whose characters were read without doubt is not among them: an
 * unknown country, an impossible date or a name without room is the same on every picture.
 */
export const retakeableFields = (read: MrzReading, found: ReadFields): FieldName[] =>
  unsureFields(read, found).filter((name) => !found.readable.has(name))
