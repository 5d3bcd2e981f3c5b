import { agrees, type Budget, lettersOf, type Spellings, transliterate } from '@veridoor/contract/transliteration'

/** A word of a name. Spaces, hyphens and MRZ fillers end a word, apostrophes do not (ICAO 9303-3, 4.6). */
export type Word = {
  readonly letters: readonly Spellings[]
  /** The recommended transliteration, A to Z where the script has one. */
  readonly plain: string
  /** `plain` without what spellings of one name differ in: doubled letters, `MUELLER` and `MULLER`, `SERGEY` and `SERGEI`. */
  readonly skeleton: string
  /** A hyphen stands between this word and the one before it. */
  readonly isHyphenated: boolean
}
export type Name = {
  readonly words: readonly Word[]
  /** Names of the scripts that its letters belong to. */
  readonly scripts: ReadonlySet<string>
  /** One word has letters of two scripts that nobody mixes, such as a Cyrillic letter in a Latin word. */
  readonly hasMixedWord: boolean
}

/** Code points that a name may have, as it is given and after compatibility characters are written out. */
const MAX_LENGTH = 300
const MAX_WORDS = 40

const apostrophes = /['\u2018-\u201b\u2032\u00b4`\u02b0-\u02ff\uff07\ua78b\ua78c\u00b7]/gu
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu
const scripts = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Arabic',
  'Hebrew',
  'Armenian',
  'Georgian',
  'Thai',
  'Devanagari',
  'Hangul',
]
  .map((name) => ({ name, test: new RegExp(`\\p{Script=${name}}`, 'u') }))
  .concat([{ name: 'Han', test: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u }])
const alphabets = ['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Georgian']

const scriptsOf = (text: string): Set<string> => {
  const found = new Set<string>()
  for (const letter of text)
    if (/^\p{L}$/u.test(letter)) found.add(scripts.find(({ test }) => test.test(letter))?.name ?? 'other')
  return found
}

/** Digraphs and letters in which transliterations of one name differ, longest first. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/SHCH|SCH|SH/g, 'S'],
  [/CH|CZ|TS|TC/g, 'C'],
  [/NXX/g, 'N'],
  [/UXX/g, 'U'],
  [/ZH/g, 'Z'],
  [/KH/g, 'H'],
  [/GH/g, 'G'],
  [/PH/g, 'F'],
  [/TH/g, 'T'],
  [/D[HJ]/g, 'D'],
  [/CK/g, 'K'],
  [/W/g, 'V'],
  [/[JY]/g, 'I'],
  [/A[AE]/g, 'A'],
  [/OE/g, 'O'],
  [/UE/g, 'U'],
]
/** What is left of a word when spelling is left out. Two different names may share it, so it never makes a match. */
export const skeletonOf = (plain: string): string =>
  spellings.reduce((text, [from, to]) => text.replace(from, to), plain).replace(/(\p{L})\1+/gu, '$1')

const toWord = (text: string, isHyphenated: boolean): Word => {
  const plain = transliterate(text)
  return { letters: lettersOf(text), plain, skeleton: skeletonOf(plain), isHyphenated }
}

/** Cuts a name into words, or null where it is longer than any name is. Work and memory are bounded by `MAX_LENGTH`. */
export const parseName = (text: string): Name | null => {
  if (text.length > MAX_LENGTH * 2) return null
  const whole = text.replace(apostrophes, "'").normalize('NFKC').replace(apostrophes, "'").replace(invisible, '')
  if ([...whole].length > MAX_LENGTH) return null
  // `a/l`, `d/o` and their like (Malaysia, Singapore: son or daughter of) are particles of two letters.
  const spaced = whole
    .replace(/(?<=\s)[adsw]\/[lop](?=\s)/giu, ' ')
    .replace(/['.]/g, (mark) => (mark === '.' ? ' ' : ''))
  const words: Word[] = []
  const texts: string[] = []
  for (const group of spaced.split(/[^\p{L}\p{M}\p{N}\p{Pd}\u2212_]+/u)) {
    const pieces = group.split(/[\p{Pd}\u2212_]+/u).filter((piece) => /[\p{L}\p{N}]/u.test(piece))
    pieces.forEach((piece, index) => {
      words.push(toWord(piece, index > 0))
      texts.push(piece)
    })
  }
  if (words.length > MAX_WORDS) return null
  const hasMixedWord = texts.some((piece) => {
    const found = scriptsOf(piece)
    return alphabets.filter((name) => found.has(name)).length > 1
  })
  return { words: words.filter(({ letters }) => letters.length > 0), scripts: scriptsOf(whole), hasMixedWord }
}

/** Words run together: spaces and hyphens are not letters. */
export const joinLetters = (words: readonly Word[]): Spellings[] => words.flatMap(({ letters }) => letters)

/** Whether words can be written like other words, wherever the spaces are. Undefined when the budget is used up. */
export const isSpelledLike = (a: readonly Word[], b: readonly Word[], budget: Budget): boolean | undefined =>
  agrees(joinLetters(a), joinLetters(b), budget)
