import type { CheckDigits, DocumentKind, FieldName, Signal } from '../../findings.ts'
import { kindOfMrzCode } from '../kinds.ts'
import { fitsCheckDigit } from './check-digits.ts'
import { isKnownCode, SPECIMEN_STATE, toAlpha3 } from './codes.ts'
import { type FieldRange, isDocumentCode, type Layout } from './formats.ts'

/** The contents of an MRZ. `kind` is null where the document code belongs to no kind. */
export type ParsedMrz = {
  readonly kind: DocumentKind | null
  readonly checkDigits: CheckDigits
  readonly checkDigitsValid: boolean
  /** Values by field, and the ranges they were read from. */
  readonly values: Partial<Record<FieldName, string>>
  readonly ranges: Partial<Record<FieldName, readonly FieldRange[]>>
  /** Names that fill their field to its end: they may go on where the zone has no room. */
  readonly truncated: readonly ('lastName' | 'firstName')[]
  /** Fields that the MRZ leaves to fillers, where the standard allows it: a name, a day or month of birth, an expiry. */
  readonly empty: readonly FieldName[]
  /** What is known of a birth date without a day or month, `YYYY-MM` or `YYYY`. */
  readonly partialBirth?: string
  readonly signals: readonly Signal[]
}

const strip = (text: string): string => text.replace(/<+$/, '')

/** Years back and ahead within which the century of an expiry is known. */
const EXPIRED_YEARS = 20
const VALID_YEARS = 50

/**
 * `YYMMDD` to `YYYY-MM-DD`, or null when no such day is. Of the two centuries, a birth lies in the one that makes it past, an
 * expiry in the one that puts it at most 20 years back or 50 ahead.
 */
export const toDate = (text: string, isBirth: boolean, today: Date): string | null => {
  if (!/^\d{6}$/.test(text)) return null
  const yy = Number(text.slice(0, 2))
  const now = today.getUTCFullYear()
  let year = Math.floor(now / 100) * 100 + yy
  if (isBirth) {
    if (`${year}-${text.slice(2, 4)}-${text.slice(4, 6)}` > today.toISOString().slice(0, 10)) year -= 100
  } else {
    if (year > now + VALID_YEARS) year -= 100
    if (year < now - EXPIRED_YEARS) year += 100
    if (year > now + VALID_YEARS) return null
  }
  const date = `${year}-${text.slice(2, 4)}-${text.slice(4, 6)}`
  const made = new Date(`${date}T00:00:00Z`)
  return Number.isNaN(made.getTime()) || made.toISOString().slice(0, 10) !== date ? null : date
}

/** Whether a day or month of birth is unknown: fillers (ICAO 9303-3, section 4.8), and the zeros that some states write. */
const isPartialBirth = (text: string): boolean => text.includes('<') || /^\d\d(?:00|\d\d00$)/.test(text)

/** What is known of a birth date without a day or month; undefined where its year is unknown. */
const partialBirthOf = (text: string, today: Date): string | undefined => {
  const [, year, month] = /^(\d\d)(\d\d|..)(?:..)$/.exec(text) ?? []
  if (!year || !month) return undefined
  const isMonthKnown = /^(?:0[1-9]|1[0-2])$/.test(month)
  return toDate(`${year}${isMonthKnown ? month : '01'}01`, true, today)?.slice(0, isMonthKnown ? 7 : 4)
}

const spaced = (name: string): string => name.replace(/</g, ' ').replace(/\s+/g, ' ').trim()

/** Primary and secondary identifier; fillers inside a name are spaces. */
const namesOf = (
  { names }: Layout,
  textAt: (range: FieldRange) => string,
): {
  last: string
  first: string
  ranges: { last: FieldRange; first: FieldRange }
  truncated: ('lastName' | 'firstName')[]
} => {
  if ('both' in names) {
    const text = textAt(names.both)
    const [last = ''] = strip(text).split('<<', 1)
    const first = spaced(strip(text).slice(last.length))
    const isFull = !text.endsWith('<')
    return {
      last: spaced(last),
      first,
      ranges: { last: names.both, first: names.both },
      truncated: isFull ? [first === '' ? 'lastName' : 'firstName'] : [],
    }
  }
  return {
    last: spaced(textAt(names.last)),
    first: spaced(textAt(names.first)),
    ranges: names,
    truncated: [
      ...(textAt(names.last).endsWith('<') ? [] : (['lastName'] as const)),
      ...(textAt(names.first).endsWith('<') ? [] : (['firstName'] as const)),
    ],
  }
}

type NumberFound = {
  readonly value: string
  readonly fits: boolean
  readonly ranges: readonly FieldRange[]
  used: number
}

/** The document number, and how many columns of the first optional field a long one takes with its check digit and filler. */
const numberOf = (
  layout: Layout,
  textAt: (range: FieldRange) => string,
  after: (range: FieldRange) => string,
): NumberFound => {
  const own = textAt(layout.number)
  const printed = after(layout.number)
  const [optional] = layout.optional
  if (layout.longNumber && optional && printed === '<' && !/^<*$/.test(own)) {
    const rest = textAt(optional).split('<')[0] ?? ''
    const value = own + rest.slice(0, -1)
    return {
      value,
      fits: rest.length > 1 && fitsCheckDigit(value, rest.slice(-1)),
      ranges: [layout.number, [optional[0], optional[1], rest.length]],
      used: Math.min(rest.length + 1, optional[2]),
    }
  }
  // An empty number is no number, whatever its check digit: a line of fillers computes.
  return { value: own, fits: !/^<*$/.test(own) && fitsCheckDigit(own, printed), ranges: [layout.number], used: 0 }
}

type Read = (range: FieldRange) => string

const checksOf = (
  layout: Layout,
  textAt: Read,
  after: Read,
  number: NumberFound,
  optional: FieldRange | undefined,
): CheckDigits => {
  const { composite } = layout
  return {
    number: number.fits,
    dateOfBirth: fitsCheckDigit(textAt(layout.birth), after(layout.birth)),
    ...(layout.expiry ? { expiry: fitsCheckDigit(textAt(layout.expiry), after(layout.expiry)) } : {}),
    ...(layout.optionalCheck && optional
      ? { personalNumber: fitsCheckDigit(textAt(optional), textAt(layout.optionalCheck)) }
      : {}),
    ...(composite ? { composite: fitsCheckDigit(composite.over.map(textAt).join(''), textAt(composite.at)) } : {}),
  }
}

const isEmpty = (text: string): boolean => /^<+$/.test(text)

type Codes = { readonly document: string; readonly issuer: string; readonly nationality: string }
type Dates = { readonly birth: string | null; readonly expiry: string | null }

/** Signals about codes and dates, alone and in combination. */
const signalsOf = (layout: Layout, textAt: Read, codes: Codes, { birth, expiry }: Dates, today: Date): Signal[] => {
  const signals = new Set<Signal>()
  if (!isDocumentCode(layout, codes.document)) signals.add('unknown_document_code')
  if (!isKnownCode(codes.issuer) || !isKnownCode(codes.nationality)) signals.add('unknown_country')
  if (codes.issuer === SPECIMEN_STATE || codes.nationality === SPECIMEN_STATE) signals.add('specimen')
  const isOpenEnded = layout.expiry !== null && isEmpty(textAt(layout.expiry))
  if (birth === null && !isPartialBirth(textAt(layout.birth))) signals.add('impossible_date')
  if (layout.expiry && expiry === null && !isOpenEnded) signals.add('impossible_date')
  if (birth && expiry && expiry <= birth) signals.add('impossible_date')
  if (!layout.expiry || isOpenEnded) signals.add('expiry_missing')
  if (expiry !== null && expiry < today.toISOString().slice(0, 10)) signals.add('expired')
  return [...signals]
}

/**
 * Reads the fields of an MRZ whose lines have the layout's length (ICAO 9303-3 to -7, and the old French card). Nothing is
 * corrected; each check digit is reported separately.
 */
export const parseMrz = (layout: Layout, lines: readonly string[], today: Date): ParsedMrz => {
  const textAt = ([line, from, length]: FieldRange): string => (lines[line] ?? '').slice(from, from + length)
  const after = ([line, from, length]: FieldRange): string => (lines[line] ?? '').charAt(from + length)

  const number = numberOf(layout, textAt, after)
  const [whole, second] = layout.optional
  const optional: FieldRange | undefined = whole && [whole[0], whole[1] + number.used, whole[2] - number.used]
  const checkDigits = checksOf(layout, textAt, after, number, optional)
  const checkDigitsValid = Object.values(checkDigits).every(Boolean)

  const nationalityRange = layout.nationality ?? layout.issuer
  const codes = {
    document: strip(textAt(layout.code)),
    issuer: strip(textAt(layout.issuer)),
    nationality: strip(textAt(nationalityRange)),
  }
  const birth = toDate(textAt(layout.birth), true, today)
  const expiry = layout.expiry ? toDate(textAt(layout.expiry), false, today) : null
  const names = namesOf(layout, textAt)
  const sex = textAt(layout.sex)
  const birthText = textAt(layout.birth)
  const isPartial = birth === null && isPartialBirth(birthText)
  const partialBirth = isPartial ? partialBirthOf(birthText, today) : undefined
  const empty: FieldName[] = [
    // A holder with one name has it in either part (ICAO 9303-3, section 4.6). Two empty parts are no name.
    ...(names.last === '' && names.first !== '' ? (['lastName'] as const) : []),
    ...(names.first === '' && names.last !== '' ? (['firstName'] as const) : []),
    ...(isPartial ? (['dateOfBirth'] as const) : []),
    ...(layout.expiry && isEmpty(textAt(layout.expiry)) ? (['expiry'] as const) : []),
  ]
  const text = (range: FieldRange | undefined): string => (range ? strip(textAt(range)).replace(/</g, ' ').trim() : '')

  return {
    kind: kindOfMrzCode(codes.document),
    checkDigits,
    checkDigitsValid,
    values: {
      documentCode: codes.document,
      issuingCountry: toAlpha3(codes.issuer),
      lastName: names.last,
      firstName: names.first,
      number: number.value.replace(/</g, ''),
      nationality: toAlpha3(codes.nationality),
      ...(birth ? { dateOfBirth: birth } : {}),
      ...(expiry ? { expiry } : {}),
      sex: sex === '<' ? 'X' : sex,
      ...(text(optional) ? { personalNumber: text(optional) } : {}),
      ...(text(second) ? { optionalData: text(second) } : {}),
    },
    ranges: {
      documentCode: [layout.code],
      issuingCountry: [layout.issuer],
      lastName: [names.ranges.last],
      firstName: [names.ranges.first],
      number: number.ranges,
      nationality: [nationalityRange],
      dateOfBirth: [layout.birth],
      sex: [layout.sex],
      ...(layout.expiry ? { expiry: [layout.expiry] } : {}),
      ...(optional ? { personalNumber: [optional] } : {}),
      ...(second ? { optionalData: [second] } : {}),
    },
    truncated: names.truncated,
    empty,
    ...(partialBirth ? { partialBirth } : {}),
    signals: [
      ...(checkDigitsValid ? [] : (['check_digit_wrong'] as const)),
      ...signalsOf(layout, textAt, codes, { birth, expiry }, today),
      ...(names.truncated.length > 0 ? (['name_truncated'] as const) : []),
    ],
  }
}
