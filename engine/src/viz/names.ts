import { agrees, lettersOf, newBudget, type Spellings } from '../../../contract/src/text/agreement.ts'
import { latinTransliterations } from '../../../contract/src/text/icao-transliteration.ts'
import { coerce } from './coerce.ts'

/** Letters that the recogniser's alphabet does not have, as it reads them: with a stroke or ligature lost, or by their outline. */
const outlines: Readonly<Record<string, readonly string[]>> = {
  Ð: ['D'],
  Đ: ['D'],
  Ø: ['O'],
  Ł: ['L'],
  Þ: ['P', 'B'],
  ß: ['B', 'S'],
  ẞ: ['B', 'S'],
  Æ: ['A', 'E'],
  Œ: ['O', 'C'],
  Ħ: ['H'],
  Ŧ: ['T'],
  Ŋ: ['N'],
  ı: ['I'],
}

const bare = (letter: string): string => letter.normalize('NFD').replace(/\p{M}/gu, '')

/**
 * What a letter A to Z of the print may be in the MRZ: itself, and the transliterations of every letter that reads like it without its
 * mark (ICAO 9303-3, section 6, table A): `U` may be `UE`, since the recogniser drops the dots of `Ü`.
 */
const waysOf: ReadonlyMap<string, Spellings> = (() => {
  const ways = new Map<string, Set<string>>()
  for (const [letter, transliterations] of Object.entries(latinTransliterations))
    for (const seen of outlines[letter] ?? [bare(letter)]) {
      const known = ways.get(seen) ?? new Set([seen])
      for (const one of transliterations) known.add(one)
      ways.set(seen, known)
    }
  return new Map([...ways].map(([seen, known]) => [seen, [...known]]))
})()

/** Names longer than an MRZ line are no name: the comparison stays short whatever a page prints. */
const MAX_NAME = 80

/** The letters of a printed name with what each may be in an MRZ. */
const printedLetters = (print: string): Spellings[] =>
  lettersOf(coerce(print.toUpperCase(), 'letters')).map((ways) => {
    const [only] = ways
    return ways.length === 1 && only !== undefined ? (waysOf.get(only) ?? ways) : ways
  })

/**
 * Whether a printed name is the one that the MRZ has, by the transliterations of ICAO 9303-3, section 6, with their alternatives.
 * Spaces, hyphens and apostrophes count nowhere (section 4.6); print without its marks counts as with them.
 */
export const isSameName = (print: string, mrz: string): boolean => {
  if (print.length > MAX_NAME || mrz.length > MAX_NAME) return false
  const own = lettersOf(mrz)
  return own.length > 0 && agrees(printedLetters(print), own, newBudget()) === true
}
