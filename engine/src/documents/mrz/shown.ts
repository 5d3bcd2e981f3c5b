import type { DocumentSide, FieldName } from '../../findings.ts'
import { isShown } from '../../viz/confirm.ts'
import type { MrzReading, SideReading } from '../sides/read-side.ts'
import { READABLE_LINES, type Sides, sidesOf } from '../sides/sides.ts'

/** What pages print of an MRZ's values, as far as print is compared. */
export const printedFields: readonly FieldName[] = ['lastName', 'firstName', 'number', 'dateOfBirth', 'expiry']

/** Values of an MRZ, as text by field. */
export type Values = MrzReading['parsed']['values']

/** Other names of the holder, which may be printed on the same line. */
const besideOf = ({ lastName = '', firstName = '' }: Values, name: FieldName): string[] =>
  name === 'lastName' && firstName !== ''
    ? [firstName, ...firstName.split(' ')]
    : name === 'firstName' && lastName !== ''
      ? [lastName]
      : []

/** Whether a side's print shows a value of the MRZ. @param whole only as a line of its own */
export const isOnPage = (viz: SideReading['viz'], values: Values, name: FieldName, whole = false): boolean =>
  isShown(viz, name, values[name] ?? '', { whole, beside: besideOf(values, name) })

/** The side whose print shows a value, the side of the MRZ first. */
export const shownOn = (
  sides: Sides,
  mrzSide: DocumentSide,
  values: Values,
  name: FieldName,
  whole: boolean,
): DocumentSide | undefined =>
  sidesOf(sides)
    .sort(([a], [b]) => Number(b === mrzSide) - Number(a === mrzSide))
    .find(([, side]) => isOnPage(side.viz, values, name, whole))?.[0]

/**
 * An MRZ has two digits of a year, so that a birth more than a hundred years ago reads as one of this century: whether the page prints
 * the older one.
 */
export const isCenturyOlder = (sides: Sides, { dateOfBirth }: Values): boolean => {
  if (!dateOfBirth) return false
  const older = `${Number(dateOfBirth.slice(0, 4)) - 100}${dateOfBirth.slice(4)}`
  const shows = (date: string): boolean => sidesOf(sides).some(([, { viz }]) => isShown(viz, 'dateOfBirth', date))
  return !shows(dateOfBirth) && shows(older)
}

/** The page is readable, and shows another surname beside the number of its own MRZ. */
export const showsAnotherSurname = (viz: SideReading['viz'], values: Values): boolean =>
  viz.lines.length >= READABLE_LINES &&
  Boolean(values.lastName && values.number) &&
  !isOnPage(viz, values, 'lastName') &&
  isOnPage(viz, values, 'number')

/** Whether a side without the MRZ belongs to it: its print shows at least two of the values, a name or the number among them. */
export const isCorroborated = ({ viz }: SideReading, { parsed }: MrzReading): boolean => {
  const shown = printedFields.filter((name) => parsed.values[name] && isOnPage(viz, parsed.values, name))
  // A holder with one name may have it as a given name.
  const named = parsed.values.lastName ? 'lastName' : 'firstName'
  return shown.length >= 2 && (shown.includes(named) || shown.includes('number'))
}
