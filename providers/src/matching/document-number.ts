import { agrees, lettersOf, newBudget } from '@veridoor/contract/transliteration'
import type { FieldResult } from './field-result.ts'

/** No State issues a longer one; what is longer is not read as a number. */
const MAX_LENGTH = 100

const digitZeros = /\p{Nd}/gu
/** Digits of every script as 0 to 9: Unicode keeps the ten digits of a script together, zero first. */
const toAsciiDigit = (digit: string): string => {
  const code = digit.codePointAt(0) ?? 0
  let zero = code
  while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1
  return String((code - zero) % 10)
}

/**
 * A document number without its form: spaces, hyphens, dots, slashes, MRZ fillers and invisible characters are dropped, full-width
 * characters and digits of other scripts become ASCII, case does not count. Letters and digits are never merged, so `O` and `0`
 * stay apart. What is longer than any number is cut, so that the work is bounded.
 */
export const normalizeDocumentNumber = (number: string): string =>
  number
    .slice(0, MAX_LENGTH * 4)
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Cc}\s\p{Pd}\u2212.·_/\\<]/gu, '')
    .replace(digitZeros, toAsciiDigit)
    .toUpperCase()

/**
 * Compares two document numbers. `close` where one is in another script and its transliteration (ICAO 9303-3, section 6, table B)
 * is the other one: national pages print a series in Cyrillic letters that the MRZ shows in Latin ones.
 */
export const compareNumbers = (claimed: string, found: string | undefined): FieldResult => {
  if (found === undefined) return 'absent'
  if (claimed.length > MAX_LENGTH * 4 || found.length > MAX_LENGTH * 4) return 'close'
  const [a, b] = [normalizeDocumentNumber(claimed), normalizeDocumentNumber(found)]
  if (b === '') return 'absent'
  if (a === b) return 'same'
  const isOneForeign = /[^\x20-\x7e]/.test(a) !== /[^\x20-\x7e]/.test(b)
  return isOneForeign && agrees(lettersOf(a), lettersOf(b), newBudget()) !== false ? 'close' : 'different'
}
