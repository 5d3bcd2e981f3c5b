import { type Budget, newBudget } from '@veridoor/contract/transliteration'
import { coreWords, isPlaceholder } from './name-lists.ts'
import { isSpelledLike, type Word } from './name-words.ts'

/** Shorter words have too many neighbours that are other names: `Li` and `Lu`. */
const MIN_LETTERS_FOR_ONE_OFF = 8
/** Letters of a given name that its short form has at least: `Alex` of `Alexander`. */
const MIN_SHORT_FORM = 3
/** From this length on (TD1: 30, TD2: 31, TD3: 39 characters, fillers included) the MRZ may have cut a name (ICAO 9303-4 to -6, 4.2.2). */
const MIN_CUT_LENGTH = 29

/** Whether two texts are the same but for one letter added, left out, changed, or two neighbours exchanged. */
export const isOneOff = (a: string, b: string): boolean => {
  if (Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1
  const left = a.slice(start, a.length - end)
  const right = b.slice(start, b.length - end)
  if (left.length <= 1 && right.length <= 1) return true
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0]
}

type Same = (a: Word, b: Word) => boolean
const plainOf = (words: readonly Word[]): string => words.map(({ plain }) => plain).join('')
const skeletonOf = (words: readonly Word[]): string => words.map(({ skeleton }) => skeleton).join('')
const isNearlyThe = (a: readonly Word[], b: readonly Word[]): boolean => {
  if (a.length === 0 || b.length === 0) return false
  if (skeletonOf(a) === skeletonOf(b)) return true
  const [left, right] = [plainOf(a), plainOf(b)]
  return Math.max(left.length, right.length) >= MIN_LETTERS_FOR_ONE_OFF && isOneOff(left, right)
}

/** `sub` is found in `all` in the same order, possibly with others between. */
const isWithin = (sub: readonly Word[], all: readonly Word[], same: Same): boolean => {
  let found = 0
  for (const word of all) {
    const wanted = sub[found]
    if (wanted !== undefined && same(wanted, word)) found += 1
  }
  return sub.length > 0 && found === sub.length
}

/** Consonants of a word at least, for two vowels of a transcription to count as spelling: `Muhammad` and `MOHAMMED`. */
const MIN_CONSONANTS = 3
const consonantsOf = ({ skeleton }: Word): string => skeleton.replace(/[AEIOU]/g, '')
const hasSameConsonants = (a: Word, b: Word): boolean =>
  consonantsOf(a).length >= MIN_CONSONANTS && consonantsOf(a) === consonantsOf(b)

/** What the documents' words are compared by; one instance a comparison, so that its work is bounded. */
class Similarity {
  private readonly budget: Budget = newBudget()

  readonly word: Same = (a, b) => {
    if (a.skeleton === b.skeleton || hasSameConsonants(a, b)) return true
    const isInitial = Math.min(a.plain.length, b.plain.length) === 1 && a.plain[0] === b.plain[0]
    return isInitial || isNearlyThe([a], [b]) || isSpelledLike([a], [b], this.budget) !== false
  }

  readonly given: Same = (a, b) => {
    const [short, long] = a.plain.length < b.plain.length ? [a.plain, b.plain] : [b.plain, a.plain]
    return this.word(a, b) || (short.length >= MIN_SHORT_FORM && long.startsWith(short))
  }

  /** The surname, one of two surnames, the surname before others that are not printed, or a part of a hyphenated one. */
  surname(claimed: readonly Word[], printed: readonly Word[]): boolean {
    if (claimed.length === 0 || printed.length === 0) return false
    if (isNearlyThe(claimed, printed) || isWithin(claimed, printed, this.word)) return true
    const isLonger = claimed.length > printed.length
    if (isLonger && printed.every((word, index) => this.word(claimed[index] ?? word, word))) return true
    return claimed.slice(1).every(({ isHyphenated }) => isHyphenated) && isWithin(printed, claimed, this.word)
  }

  givenNames(claimed: readonly Word[], printed: readonly Word[]): boolean {
    if (isNearlyThe(claimed, printed) || isWithin(claimed, printed, this.given)) return true
    // `Jean-Pierre` where the document prints `JEAN`; further names that are not hyphenated are another claim.
    const first = claimed.filter(({ isHyphenated }) => !isHyphenated)
    return first.length < claimed.length && isWithin(first, printed, this.given)
  }
}

const sorted = (words: readonly Word[]): string =>
  words
    .map(({ skeleton }) => skeleton)
    .sort()
    .join(' ')

/** The MRZ cut the name: each printed word is the beginning of a claimed one (ICAO 9303-4 to -6, 4.2.2.3: truncation of names). */
const isCutOf = (claimed: readonly Word[], given: readonly Word[], family: readonly Word[]): boolean => {
  const length = [...family, ...given].reduce((sum, { plain }) => sum + plain.length + 1, 0)
  if (length < MIN_CUT_LENGTH) return false
  const left = [...claimed]
  const eachBegins = [...family, ...given].every(({ plain }) => {
    const index = left.findIndex((word) => word.plain.startsWith(plain))
    if (index >= 0) left.splice(index, 1)
    return index >= 0
  })
  if (eachBegins) return true
  const printed = plainOf([...family, ...given])
  return claimed.some((_word, cut) => plainOf([...claimed.slice(cut), ...claimed.slice(0, cut)]).startsWith(printed))
}

const isSimilarWhole = (claim: readonly Word[], given: readonly Word[], family: readonly Word[]): boolean => {
  const similarity = new Similarity()
  if (isNearlyThe(claim, [...given, ...family]) || isNearlyThe(claim, [...family, ...given])) return true
  if (sorted(claim) === sorted([...given, ...family])) return true
  // Some issuers print the only name of a person in both fields.
  if (sorted(given) === sorted(family) && sorted(claim) === sorted(family)) return true
  for (let cut = 1; cut < claim.length; cut += 1) {
    const [front, rest] = [claim.slice(0, cut), claim.slice(cut)]
    if (similarity.surname(rest, family) && similarity.givenNames(front, given)) return true
    if (similarity.surname(front, family) && similarity.givenNames(rest, given)) return true
  }
  return isCutOf(claim, given, family)
}

/** One of the two names was not read: the other has to stand at an end of the claim. */
const isSimilarHalf = (claim: readonly Word[], read: readonly Word[], kind: 'given' | 'surname'): boolean => {
  const similarity = new Similarity()
  if (sorted(claim) === sorted(read) || isNearlyThe(claim, read)) return true
  if (kind === 'given')
    return [claim.at(0), claim.at(-1)].some(
      (end) => end !== undefined && read.some((word) => similarity.word(end, word)),
    )
  return claim.some(
    (_word, cut) =>
      similarity.surname(claim.slice(cut), read) || (cut > 0 && similarity.surname(claim.slice(0, cut), read)),
  )
}

/**
 * Whether a person should look at two names that are not the same: order, spelling, initials, short forms, particles, titles,
 * suffixes, placeholders, one of two surnames, a name that the MRZ cut. Never a match by itself.
 */
export const isSimilar = (claim: readonly Word[], given: readonly Word[], family: readonly Word[]): boolean => {
  const isSimilarTo = (c: readonly Word[], g: readonly Word[], f: readonly Word[]): boolean => {
    if (g.length > 0 && f.length > 0) return isSimilarWhole(c, g, f)
    return f.length > 0 ? isSimilarHalf(c, f, 'surname') : isSimilarHalf(c, g, 'given')
  }
  if (isSimilarTo(claim, given, family)) return true
  const withoutPlaceholder = (words: readonly Word[]): readonly Word[] => (isPlaceholder(words) ? [] : coreWords(words))
  const [bareGiven, bareFamily] = [withoutPlaceholder(given), withoutPlaceholder(family)]
  if (bareGiven.length === 0 && bareFamily.length === 0) return false
  return isSimilarTo(coreWords(claim), bareGiven, bareFamily)
}
