import type { DocumentSide, Field, FieldName, FieldSource, Fields } from '../../findings.ts'
import { reading as limits } from '../../thresholds.ts'
import { coerce } from '../../viz/coerce.ts'
import { isShown } from '../../viz/confirm.ts'
import { readLabelled } from '../labelled/read-labels.ts'
import { collapseFillers, type MrzReading, type SideReading } from '../sides/read-side.ts'
import { isKnownCode } from './codes.ts'
import type { FieldRange } from './formats.ts'

/** Both sides of a document as they were read; `back` is null where none was sent. */
export type Sides = { readonly front: SideReading; readonly back: SideReading | null }

/** The sides that there are, each with its name, the front first. */
export const sidesOf = ({ front, back }: Sides): [DocumentSide, SideReading][] =>
  back
    ? [
        ['front', front],
        ['back', back],
      ]
    : [['front', front]]

/** What may stand in a field (ICAO 9303-3, section 4.3): print that only position tells apart is read by position. */
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
 * Whether the second reader saw the same text at a field's range: the text from the range before it to the range after it, so
 * that a letter more or less at its edge is a disagreement. Short fields are looked for with what follows them.
 */
const agreesWithSecondReader = (
  { zone, secondReadings }: MrzReading,
  [line, from, length]: FieldRange,
  characters: 'letters' | 'digits' | 'any',
) => {
  const own = coerce(zone.lines[line] ?? '', characters)
  const others = (secondReadings[line] ?? []).map((text) => collapseFillers(coerce(text, characters)))
  if (others.includes(collapseFillers(own))) return true
  let end = Math.min(own.length, from + length + 1)
  const context = (): string => own.slice(Math.max(0, from - 2), end)
  while (context().replace(/</g, '').length < 4 && end < own.length) end += 1
  return !/<</.test(context()) && others.some((other) => other.includes(collapseFillers(context())))
}

/** What pages print of a zone's values, as far as print is compared. */
export const printedFields: readonly FieldName[] = ['lastName', 'firstName', 'number', 'dateOfBirth', 'expiry']

/** Values of a MRZ, as text by field. */
export type Values = MrzReading['parsed']['values']

/** The person's other names, which may stand on the line of this one. */
const besideOf = ({ lastName = '', firstName = '' }: Values, name: FieldName): string[] =>
  name === 'lastName' && firstName !== ''
    ? [firstName, ...firstName.split(' ')]
    : name === 'firstName' && lastName !== ''
      ? [lastName]
      : []

/** Whether a side's print shows a value of the zone. @param whole only as a line of its own */
export const isOnPage = (viz: SideReading['viz'], values: Values, name: FieldName, whole = false): boolean =>
  isShown(viz, name, values[name] ?? '', { whole, beside: besideOf(values, name) })

/** The side whose print shows a value, the zone's own side first. */
const shownOn = (sides: Sides, mrzSide: DocumentSide, values: Values, name: FieldName, whole: boolean) =>
  sidesOf(sides)
    .sort(([a], [b]) => Number(b === mrzSide) - Number(a === mrzSide))
    .find(([, side]) => isOnPage(side.viz, values, name, whole))?.[0]

/**
 * The zone has two digits of a year, so that a birth more than a hundred years ago reads as one of this century: whether the page
 * prints the older one.
 */
export const isCenturyOlder = (sides: Sides, { dateOfBirth }: Values): boolean => {
  if (!dateOfBirth) return false
  const older = `${Number(dateOfBirth.slice(0, 4)) - 100}${dateOfBirth.slice(4)}`
  const shows = (date: string): boolean => sidesOf(sides).some(([, { viz }]) => isShown(viz, 'dateOfBirth', date))
  return !shows(dateOfBirth) && shows(older)
}

/** Check digits vouch for number and dates; a field with a wrong one is not sure whatever the readers say. */
const checkOf: Partial<Record<FieldName, 'number' | 'dateOfBirth' | 'expiry' | 'personalNumber'>> = {
  number: 'number',
  dateOfBirth: 'dateOfBirth',
  expiry: 'expiry',
  personalNumber: 'personalNumber',
}

/** The zone's values as fields, each with what speaks for it; `sure` as decision 004 has it. */
export const toFields = (read: MrzReading, mrzSide: DocumentSide, sides: Sides): Fields => {
  const { zone, parsed } = read
  const stable = read.stable.every(Boolean)
  const out: Partial<Record<FieldName, Field>> = {}
  for (const [name, value] of Object.entries(parsed.values) as [FieldName, string][]) {
    if (value === '') continue
    const ranges = parsed.ranges[name] ?? []
    const confidence = Math.min(
      ...ranges.flatMap(([line, from, length]) => (zone.confidences[line] ?? []).slice(from, from + length)),
    )
    const characters = charactersOf[name] ?? 'any'
    const isCut = parsed.truncated.some((cut) => cut === name)
    const isClear = confidence >= limits.characterConfidence
    // Where a character is doubtful only a line of its own confirms: the second reader does not look behind the last clear one.
    const shown = printedFields.includes(name)
      ? shownOn(sides, mrzSide, parsed.values, name, isCut || !isClear)
      : undefined
    const again = ranges.every((range) => agreesWithSecondReader(read, range, characters))
    const sources: FieldSource[] = [
      'mrz',
      ...(again ? (['mrz_second_reader'] as const) : []),
      ...(shown ? (['visual'] as const) : []),
    ]
    const enough = sources.length >= 2 && (isClear || (shown && again))
    const check = checkOf[name]
    const isChecked = check === undefined || parsed.checkDigits[check] !== false
    const isCoded = (name !== 'issuingCountry' && name !== 'nationality') || isKnownCode(value)
    const isOtherCentury = name === 'dateOfBirth' && isCenturyOlder(sides, parsed.values)
    out[name] = {
      value,
      confidence: Math.round(confidence * 1000) / 1000,
      sources,
      side: mrzSide,
      ...(shown ? { shownOn: shown } : {}),
      // Of a name that may go on behind the end of its field only the print knows the whole.
      sure: Boolean(enough) && stable && isChecked && isCoded && !isOtherCentury && (!isCut || shown !== undefined),
    }
  }
  return out
}

/** What the labels of the print say where the zone says nothing: one reading, never sure. */
export const printedOnly = (sides: Sides, known: Fields): Fields => {
  const out: Partial<Record<FieldName, Field>> = {}
  for (const [side, { viz }] of sidesOf(sides))
    for (const [name, { value, confidence }] of Object.entries(readLabelled(viz)) as [
      FieldName,
      { value: string; confidence: number },
    ][])
      if (!known[name] && !out[name])
        out[name] = {
          value,
          confidence: Math.round(confidence * 1000) / 1000,
          sources: ['visual'],
          side,
          shownOn: side,
          sure: false,
        }
  return out
}
