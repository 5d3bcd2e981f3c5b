import { type Budget, newBudget } from '@veridoor/contract/transliteration'
import type { FieldResult } from './field-result.ts'
import { coreWords, kindOf } from './name-lists.ts'
import { isSpelledLike, type Name, parseName, type Word } from './name-words.ts'
import { isSimilar } from './similar-names.ts'

/** Words of one side that can be written as one word of the other: `DELACRUZ` is three. */
const MAX_JOINED = 4
/** Words of one name that are tried without; no name has more titles and particles. */
const MAX_LISTED = 6

type Verdict = boolean | undefined

/**
 * Whether claimed given names are the printed ones: the first printed one first, further ones may be left out, none added. What is
 * left out ends where a claimed word ends, so that `Jean` is the first of `JEAN PIERRE` and not the beginning of `JEANPIERRE`.
 */
const areGivenNames = (claimed: readonly Word[], printed: readonly Word[], budget: Budget): Verdict => {
  const known = new Map<string, boolean>()
  const from = (i: number, j: number): boolean => {
    if (i === claimed.length) return true
    const key = `${i} ${j}`
    const before = known.get(key)
    if (before !== undefined) return before
    known.set(key, false)
    const isFound = startsFrom(i, j)
    known.set(key, isFound)
    return isFound
  }
  const startsFrom = (i: number, j: number): boolean => {
    const lastStart = i === 0 ? 0 : printed.length - 1
    for (let start = j; start <= lastStart; start += 1)
      for (let size = 1; size <= MAX_JOINED; size += 1)
        for (const [left, right] of [
          [size, 1],
          [1, size],
        ] as const) {
          if (i + left > claimed.length || start + right > printed.length) continue
          const isAlike = isSpelledLike(claimed.slice(i, i + left), printed.slice(start, start + right), budget)
          if (isAlike && from(i + left, start + right)) return true
        }
    return false
  }
  const isFound = from(0, 0)
  return budget.left < 0 ? undefined : isFound
}

/** Claimed given names followed by the whole surname, in any spelling that ICAO 9303-3, section 6, allows. */
const isSameName = (
  claim: readonly Word[],
  given: readonly Word[],
  family: readonly Word[],
  budget: Budget,
): Verdict => {
  for (let cut = 1; cut < claim.length; cut += 1) {
    const isSurname = isSpelledLike(claim.slice(cut), family, budget)
    const isBoth = isSurname && areGivenNames(claim.slice(0, cut), given, budget)
    if (isBoth) return true
    if (budget.left < 0) return undefined
  }
  return false
}

/** A name, and the same name without one particle, title, suffix or placeholder, and without all of them. */
const withoutListed = (words: readonly Word[]): (readonly Word[])[] => {
  const listed = words.filter((word) => kindOf(word) !== 'core').slice(0, MAX_LISTED)
  return listed.length === 0 || words.length === 1
    ? [words]
    : [words, coreWords(words), ...listed.map((word) => words.filter((other) => other !== word))]
}

/** Whether two names are the same but for words that are on one side only and may be no part of a name. */
const isSameButFor = (claim: readonly Word[], given: readonly Word[], family: readonly Word[]): boolean => {
  const budget = newBudget()
  return withoutListed(claim).some((one) =>
    withoutListed(family).some((other) =>
      withoutListed(given).some((further) => isSameName(one, further, other, budget) !== false),
    ),
  )
}

const isComparable = (claim: Name, document: readonly Name[]): boolean => {
  const printed = new Set(document.flatMap(({ scripts }) => [...scripts]))
  return claim.scripts.size === printed.size && [...claim.scripts].every((script) => printed.has(script))
}

/** Whether a name has anything to compare: not where it was not given, or is a sign only. */
export const isNameRead = (name: string | undefined): name is string => {
  if (name === undefined) return false
  const parsed = parseName(name)
  return parsed === null || parsed.words.length > 0
}

/**
 * Compares a claimed name with the two names of a document (ICAO 9303-3, 4.6 and section 6).
 *
 * `same` only where given names and surname are the printed ones in some transliteration of the tables. `close` where a person has
 * to look: other order, spelling, particle, title or placeholder, another script, or a text that is longer than any name is.
 * `different` where two names in one script are two names. Time and memory are bounded whatever the texts are.
 */
export const compareNames = (claimed: string, firstName?: string, lastName?: string): FieldResult => {
  const [first, last] = [isNameRead(firstName) ? firstName : '', isNameRead(lastName) ? lastName : '']
  if (first === '' && last === '') return 'absent'
  const [claim, given, family] = [parseName(claimed), parseName(first), parseName(last)]
  if (claim === null || given === null || family === null) return 'close'
  if (claim.words.length === 0) return 'different'
  const hasBoth = first !== '' && last !== ''
  const isSame = hasBoth && isSameName(claim.words, given.words, family.words, newBudget())
  if (isSame === undefined) return 'close'
  const isMixed = claim.hasMixedWord || given.hasMixedWord || family.hasMixedWord
  if (isSame && !isMixed) return 'same'
  if (isMixed || !isComparable(claim, [given, family])) return 'close'
  const isSimilarName =
    (hasBoth && isSameButFor(claim.words, given.words, family.words)) ||
    isSimilar(claim.words, given.words, family.words)
  return isSimilarName ? 'close' : 'different'
}
