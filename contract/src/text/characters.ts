/**
 * What all texts have in common: the characters that they may have, and the one form in which they are kept.
 */

/** Characters that nobody sees: format characters, bidirectional controls, variation selectors, fillers. */
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu
/** The same, but not a joiner or selector that belongs to an emoji. */
const invisibleOutsideEmoji =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?)[\u200d\ufe0f]|(?![\u200d\ufe0f])[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu
/** Control characters, lone surrogates, private use, unassigned code points and noncharacters (Unicode, 23.7 and D14). */
const unsupported = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}]/u
const unsupportedInLines = /[\p{Cs}\p{Co}\p{Cn}]|(?![\n\t])\p{Cc}/u
/** No script stacks more marks on a letter; more are made to cover what stands above and below. */
const stackedMarks = /\p{M}{10}/u

/** Above this length a text is not normalized: every limit of a field is far below. */
const MAX_WORK = 20_000

/** @param keepsEmoji joiners and selectors stay where they belong to an emoji */
export const dropInvisible = (text: string, keepsEmoji = false): string =>
  text.length > MAX_WORK ? text : text.replace(keepsEmoji ? invisibleOutsideEmoji : invisible, '')

/**
 * One line of text in its one form: Unicode normalization form C, without invisible characters, runs of white space as one space,
 * none at the ends. Pasted line ends and tabs are white space.
 */
export const canonicalLine = (text: string, keepsEmoji = false): string =>
  text.length > MAX_WORK
    ? text
    : dropInvisible(text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]/g, ' '), keepsEmoji)
        .normalize('NFC')
        .replace(/\s+/gu, ' ')
        .trim()

/** Text of several lines in its one form: as a line, but line ends and inner spaces stay. */
export const canonicalLines = (text: string): string =>
  text.length > MAX_WORK
    ? text
    : dropInvisible(text.replace(/\r\n?|[\u0085\u2028\u2029\v\f]/g, '\n'), true)
        .normalize('NFC')
        .trim()

/** What is wrong with the characters of a text, as a sentence; undefined when nothing is. */
export const characterProblem = (text: string, hasLines = false): string | undefined => {
  if (text.length > MAX_WORK) return undefined
  if ((hasLines ? unsupportedInLines : unsupported).test(text)) return 'Remove the characters that cannot be displayed.'
  return stackedMarks.test(text) ? 'Remove the accents that are stacked on one letter.' : undefined
}

/** Scripts whose letters look like those of another one; a word of two of them is written to be mistaken. */
const scripts = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Armenian',
  'Georgian',
  'Hebrew',
  'Arabic',
  'Han',
  'Hiragana',
  'Katakana',
  'Bopomofo',
  'Hangul',
  'Devanagari',
  'Bengali',
  'Thai',
  'Lao',
  'Khmer',
  'Ethiopic',
  'Cherokee',
  'Coptic',
  'Lisu',
].map((name) => ({ name, test: new RegExp(`\\p{Script=${name}}`, 'u') }))
/** Combinations that people write in (UTS 39, section 5.2, "highly restrictive"). */
const combinations = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
]

/** Whether the letters of a text belong to scripts that are written together (UTS 39, section 5.2). */
export const isOneScript = (text: string): boolean => {
  const found = new Set<string>()
  for (const letter of text)
    if (/^\p{L}$/u.test(letter) && !/^[\p{Script=Common}\p{Script=Inherited}]$/u.test(letter))
      found.add(scripts.find(({ test }) => test.test(letter))?.name ?? 'another')
  return found.size <= 1 || combinations.some((combination) => [...found].every((name) => combination.includes(name)))
}
