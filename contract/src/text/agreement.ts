import { doublesPrevious, isNotEncoded, transliterationsOf } from './icao-transliteration.ts'

/** One letter of a name and the ways to write it. A letter of another script is also itself. */
export type Spellings = readonly string[]

/** How much work a comparison may still do. What is longer than any name ends as "not decided" instead of using memory. */
export type Budget = { left: number }

/** Enough for names of 200 letters with alternatives at every letter; a comparison of usual names takes under a thousand. */
export const newBudget = (): Budget => ({ left: 60_000 })

const isLatin = (character: string): boolean => /^\p{Script=Latin}$/u.test(character)
const dropsMarks = (character: string): boolean =>
  /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Common}]$/u.test(
    character,
  )

/** Forms of one Arabic letter that keyboards and languages exchange: yeh, kaf, heh. */
const arabicForms: Readonly<Record<string, string>> = {
  '\u0649': '\u064a',
  '\u06cc': '\u064a',
  '\u06a9': '\u0643',
  '\u0629': '\u0647',
  '\u06c1': '\u0647',
  '\u06be': '\u0647',
}
/** A letter without its marks, upper case, for comparing two texts of the same script: `ё` and `е` are one letter there. */
const bareLetter = (character: string): string => {
  const bare = character
    .toUpperCase()
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
  return arabicForms[bare] ?? bare
}

/**
 * The letters of a text with their alternatives. Everything that is not a letter, mark or digit is left out; marks are left out
 * where the script writes a name with and without them (Latin, Cyrillic, Greek, Arabic, Hebrew) and are letters elsewhere.
 */
export const lettersOf = (text: string): Spellings[] => {
  const letters: Spellings[] = []
  let base = ''
  for (const character of text.normalize('NFC')) {
    if (doublesPrevious(character)) {
      const last = letters.at(-1)
      if (last) letters[letters.length - 1] = [...last, ...last.map((way) => way + way)]
    } else if (/^\p{M}$/u.test(character)) {
      if (!isNotEncoded(character) && base !== '' && !dropsMarks(base)) letters.push([character])
    } else if (/^[\p{L}\p{N}]$/u.test(character) && !isNotEncoded(character)) {
      base = character
      const ways = transliterationsOf(character)
      const own = isLatin(character) ? [] : [character.toUpperCase(), bareLetter(character)]
      letters.push([...new Set([...ways, ...own])].filter((way) => way !== '' || ways.includes('')))
    }
  }
  return letters
}

/**
 * Whether two names can be written alike: some choice of alternatives makes the same text of both. Walks pairs of positions with
 * what one side is ahead by, so that time and memory grow with the lengths and never with the number of spellings.
 *
 * @returns undefined when the budget is used up
 */
export const agrees = (a: readonly Spellings[], b: readonly Spellings[], budget: Budget): boolean | undefined => {
  if (a.length === 0 || b.length === 0) return a.length === b.length
  const seen = new Set<string>()
  const open: { i: number; j: number; ahead: string; isLeft: boolean }[] = [{ i: 0, j: 0, ahead: '', isLeft: true }]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { i, j, ahead, isLeft } = at
    if (ahead === '' && i === a.length && j === b.length) return true
    // The side that is behind writes its next letter.
    const next = isLeft ? b[j] : a[i]
    const ways = next ?? []
    // A soft sign at the end writes nothing, so the other side may have a letter left that is empty too.
    if (next === undefined && ahead === '') open.push({ i, j, ahead, isLeft: !isLeft })
    for (const way of ways) {
      const fits = ahead.startsWith(way) || way.startsWith(ahead)
      if (!fits) continue
      const isLonger = way.length > ahead.length
      const step = {
        i: isLeft ? i : i + 1,
        j: isLeft ? j + 1 : j,
        ahead: isLonger ? way.slice(ahead.length) : ahead.slice(way.length),
        isLeft: isLonger ? !isLeft : isLeft,
      }
      const key = `${step.i} ${step.j} ${step.isLeft} ${step.ahead}`
      if (seen.has(key)) continue
      seen.add(key)
      budget.left -= 1
      if (budget.left < 0) return undefined
      open.push(step)
    }
  }
  return false
}
