import type { CheckDigits, DocumentKind, FieldName, Signal } from '../findings.ts'
import { fitsCheckDigit } from './check-digits.ts'
import { isKnownCode, SPECIMEN_STATE, toAlpha3 } from './codes.ts'
import type { Layout, Place } from './formats.ts'

export type ParsedZone = {
  readonly kind: DocumentKind | null
  readonly checkDigits: CheckDigits
  readonly checkDigitsValid: boolean
  /** Values by field, and the places they were read from. */
  readonly values: Partial<Record<FieldName, string>>
  readonly places: Partial<Record<FieldName, readonly Place[]>>
  readonly signals: readonly Signal[]
}

const kinds: Record<string, DocumentKind> = { P: 'PASSPORT', V: 'VISA', I: 'ID_CARD', A: 'ID_CARD', C: 'ID_CARD' }

const strip = (text: string): string => text.replace(/<+$/, '')

/** `YYMMDD` to `YYYY-MM-DD`, or null when no such day is. A birth lies in the past, an expiry at most 50 years ahead. */
export const toDate = (text: string, isBirth: boolean, today: Date): string | null => {
  if (!/^\d{6}$/.test(text)) return null
  const yy = Number(text.slice(0, 2))
  const century = Math.floor(today.getUTCFullYear() / 100) * 100
  let year = century + yy
  if (isBirth) {
    if (`${year}-${text.slice(2, 4)}-${text.slice(4, 6)}` > today.toISOString().slice(0, 10)) year -= 100
  } else if (year > today.getUTCFullYear() + 50) year -= 100
  const date = `${year}-${text.slice(2, 4)}-${text.slice(4, 6)}`
  const made = new Date(`${date}T00:00:00Z`)
  return Number.isNaN(made.getTime()) || made.toISOString().slice(0, 10) !== date ? null : date
}

/** Primary and secondary identifier; fillers inside a name are spaces. */
const namesOf = (text: string): { last: string; first: string } => {
  const [last = ''] = strip(text).split('<<', 1)
  const spaced = (name: string): string => name.replace(/</g, ' ').replace(/\s+/g, ' ').trim()
  return { last: spaced(last), first: spaced(strip(text).slice(last.length)) }
}

/**
 * Reads the fields of a machine zone whose lines have the layout's length (ICAO 9303-3 to -7). Nothing is corrected; each check
 * digit is told on its own. Long document numbers of TD1 and TD2 continue in the optional field.
 */
export const parseZone = (layout: Layout, lines: readonly string[], today: Date): ParsedZone => {
  const at = ([line, from, length]: Place): string => (lines[line] ?? '').slice(from, from + length)
  const after = ([line, from, length]: Place): string => (lines[line] ?? '').charAt(from + length)
  const signals = new Set<Signal>()

  let number = at(layout.number)
  let numberFits = fitsCheckDigit(number, after(layout.number))
  let numberPlaces: Place[] = [layout.number]
  const [optional] = layout.optional
  if (after(layout.number) === '<' && optional && !/^<*$/.test(number)) {
    const rest = strip(at(optional)).split('<')[0] ?? ''
    number = number + rest.slice(0, -1)
    numberFits = rest.length > 1 && fitsCheckDigit(number, rest.slice(-1))
    numberPlaces = [layout.number, [optional[0], optional[1], rest.length]]
  }

  const optionalText = optional ? at(optional) : ''
  const personalFits = layout.optionalCheck ? fitsCheckDigit(optionalText, at(layout.optionalCheck)) : undefined
  const composite = layout.composite
    ? fitsCheckDigit(layout.composite.over.map(at).join(''), at(layout.composite.at))
    : undefined
  const checkDigits: CheckDigits = {
    number: numberFits,
    dateOfBirth: fitsCheckDigit(at(layout.birth), after(layout.birth)),
    expiry: fitsCheckDigit(at(layout.expiry), after(layout.expiry)),
    ...(personalFits === undefined ? {} : { personalNumber: personalFits }),
    ...(composite === undefined ? {} : { composite }),
  }
  const checkDigitsValid = Object.values(checkDigits).every(Boolean)
  if (!checkDigitsValid) signals.add('check_digit_wrong')

  const code = strip(at(layout.code))
  const issuer = strip(at(layout.issuer))
  const nationality = strip(at(layout.nationality))
  if (!isKnownCode(issuer) || !isKnownCode(nationality)) signals.add('unknown_country')
  if (issuer === SPECIMEN_STATE || nationality === SPECIMEN_STATE) signals.add('specimen')
  const birth = toDate(at(layout.birth), true, today)
  const expiry = toDate(at(layout.expiry), false, today)
  // A birth day or month may be unknown and filled; an expiry may not.
  if ((birth === null && !at(layout.birth).includes('<')) || expiry === null) signals.add('impossible_date')
  if (expiry !== null && expiry < today.toISOString().slice(0, 10)) signals.add('expired')
  const { last, first } = namesOf(at(layout.names))
  const sex = at(layout.sex)

  const values: Partial<Record<FieldName, string>> = {
    documentCode: code,
    issuingCountry: toAlpha3(issuer),
    lastName: last,
    firstName: first,
    number: strip(number).replace(/</g, ''),
    nationality: toAlpha3(nationality),
    ...(birth ? { dateOfBirth: birth } : {}),
    ...(expiry ? { expiry } : {}),
    sex: sex === '<' ? 'X' : sex,
    ...(strip(optionalText) && numberPlaces.length === 1
      ? { personalNumber: strip(optionalText).replace(/</g, ' ') }
      : {}),
  }
  return {
    kind: kinds[code.charAt(0)] ?? null,
    checkDigits,
    checkDigitsValid,
    values,
    places: {
      documentCode: [layout.code],
      issuingCountry: [layout.issuer],
      lastName: [layout.names],
      firstName: [layout.names],
      number: numberPlaces,
      nationality: [layout.nationality],
      dateOfBirth: [layout.birth],
      sex: [layout.sex],
      expiry: [layout.expiry],
      ...(optional ? { personalNumber: [optional] } : {}),
    },
    signals: [...signals],
  }
}
