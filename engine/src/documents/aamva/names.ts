/** The holder's names as a record has them. */
export type RecordNames = {
  readonly last: string | null
  /** Given names in their order, middle names included. */
  readonly given: readonly string[]
  readonly suffix: string | null
}

/** The word that the standard writes for data that is not available (annex D.12.2); no name. */
const UNAVAILABLE = /^(?:unavl|unavail|unavailable)$/i
/** `NONE` stands for "the holder has none" (annex D.12.2). As a family name it is a name: everybody has one. */
const NONE = /^(?:NONE|N\/A|-+)$/
/** Suffixes have a list of their own, so that more placeholders can be told. */
const NO_SUFFIX = /^(?:none|n\/?a|null|unk|unavl|unavail|-+)?$/i
/** Suffixes that stand behind a name in one element (annex D, table D.3, DCU). */
const SUFFIX = /^(?:JR|SR|[1-9](?:ST|ND|RD|TH)|I{1,3}|IV|VI{0,3}|IX)\.?$/i
/** Colorado wrote given names first in version 1, with commas. */
const GIVEN_NAMES_FIRST = '636020'

const wordsOf = (text: string | undefined): string[] => (text ?? '').split(/[\s,]+/).filter((word) => word !== '')
const optional = (text: string | undefined): string | undefined =>
  text === undefined || text === '' || NONE.test(text) || UNAVAILABLE.test(text) ? undefined : text
const familyName = (text: string | undefined): string | undefined =>
  text === undefined || text === '' || UNAVAILABLE.test(text) ? undefined : text

/** Names in one element (DAA, version 1): family name, given name, middle names, suffix, with commas or `$` between them. */
const fromList = (parts: readonly string[], givenFirst: boolean): RecordNames => {
  const [one = '', two = '', three = '', suffix = ''] = parts.map((part) => part.trim())
  const [last, given] = givenFirst ? [three || two, three ? `${one} ${two}` : one] : [one, `${two} ${three}`]
  return { last: last || null, given: wordsOf(given), suffix: NO_SUFFIX.test(suffix) ? null : suffix }
}

/** Names in one element with spaces only: given names, then the family name, then a suffix. */
const fromWords = (words: readonly string[]): RecordNames => {
  const hasSuffix = words.length > 2 && SUFFIX.test(words.at(-1) ?? '')
  const names = hasSuffix ? words.slice(0, -1) : words
  return { last: names.at(-1) ?? null, given: names.slice(0, -1), suffix: hasSuffix ? (words.at(-1) ?? null) : null }
}

const fromOneElement = (text: string, issuer: string, version: number): RecordNames => {
  const parts = text.split(/[,$]/)
  return parts.length > 1 ? fromList(parts, issuer === GIVEN_NAMES_FIRST && version < 2) : fromWords(wordsOf(text))
}

/** Some issuers write the middle name into the given names and again into its own element. */
const withoutRepeat = (given: readonly string[], middle: readonly string[]): string[] =>
  given.length > middle.length && given.slice(-middle.length).join(' ') === middle.join(' ')
    ? [...given]
    : [...given, ...middle]

/**
 * The names of a record: DCS, DAC, DAD and DCU of versions 4 and later, DCS and DCT of 2 and 3, DAB to DAE or DAA of 1, whichever the
 * record has. `Null`, `Na`, `No`, `Unk` and the like are names of people, so only the standard's own words count as absent.
 */
export const namesOf = (values: ReadonlyMap<string, string>, issuer: string, version: number): RecordNames => {
  const whole = familyName(values.get('DAA'))
  const one = whole === undefined ? undefined : fromOneElement(whole, issuer, version)
  // A comma within a family name begins the given names.
  const last = (familyName(values.get('DCS')) ?? familyName(values.get('DAB')))?.split(',')[0]?.trim()
  const first = optional(values.get('DAC')) ?? optional(values.get('DCT'))
  const middle = wordsOf(optional(values.get('DAD')))
  const hasOwn = first !== undefined || middle.length > 0
  const suffix = [values.get('DCU'), values.get('DAE')].find((text) => text !== undefined && !NO_SUFFIX.test(text))
  return {
    last: last || one?.last || null,
    given: hasOwn ? withoutRepeat(wordsOf(first), middle) : (one?.given ?? []),
    suffix: suffix ?? one?.suffix ?? null,
  }
}
