import type { DocumentFound, Reason } from './port.ts'

/** What the person claimed when they started. One name field, any script; country empty when not asked. */
export type Claim = {
  readonly realName: string
  readonly number: string
  readonly type: string
  readonly country: string
}
/** How a claimed value and the document's compare. `close`: a person has to look; `absent`: nothing to compare with. */
export type FieldResult = 'same' | 'close' | 'different' | 'absent'
/**
 * What `matchClaim` says. `fields.expiry` is `same` while the document is valid. `staffReasons`: `field:result` of all that is
 * not the same.
 */
export type Match = {
  readonly result: 'match' | 'review' | 'mismatch'
  readonly fields: Readonly<Record<'name' | 'number' | 'type' | 'country' | 'expiry', FieldResult>>
  readonly reasons: readonly Reason[]
  readonly staffReasons: readonly string[]
}

/** Letters that fold in more than one way; every way is tried (contract section 6.1). */
const expansions: Record<string, readonly string[]> = {
  Æ: ['AE'],
  Œ: ['OE'],
  Ø: ['O', 'OE'],
  Å: ['A', 'AA'],
  Ä: ['A', 'AE'],
  Ö: ['O', 'OE'],
  Ü: ['U', 'UE'],
  Ł: ['L'],
  Đ: ['D'],
  Þ: ['TH'],
  ẞ: ['SS'],
}
const MAX_VARIANTS = 64

/** All folded spellings of a name: upper case, marks dropped, hyphens and apostrophes as spaces. */
export const normalizeName = (name: string): Set<string> => {
  const upper = name.normalize('NFKC').replace(/ß/g, 'SS').toUpperCase().normalize('NFC')
  let variants = ['']
  for (const letter of upper) {
    const ways = expansions[letter] ?? [letter]
    variants = variants.flatMap((start) => ways.map((way) => start + way)).slice(0, MAX_VARIANTS)
  }
  return new Set(
    variants.map((text) =>
      text
        .normalize('NFD')
        .replace(/\p{M}/gu, '')
        .replace(/['\u2018\u2019\u02bc`\u00b4\-\u2010-\u2015.<,]/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    ),
  )
}

/** Strips what is decoration; letters and digits are never merged, so `O` and `0` stay apart. */
export const normalizeDocumentNumber = (number: string): string =>
  number
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-\u2010-\u2015.<]/g, '')

const editDistance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** Whether `some` are words of `all`, in the same order. */
const inOrder = (some: readonly string[], all: readonly string[]): boolean => {
  let at = 0
  for (const word of all) if (word === some[at]) at += 1
  return at === some.length
}

/** The words of every folded spelling. */
const wordsOf = (name: string): string[][] => [...normalizeName(name)].map((text) => text.split(' ').filter(Boolean))

const isOneOff = (a: string, b: string): boolean => b.length >= 8 && editDistance(a, b) === 1

/** The surname alone was read: the claim ends with it, or begins with it where people write it first. */
const hasSurname = (claim: readonly string[], family: readonly string[]): boolean => {
  const whole = family.join(' ')
  const ends = [claim.slice(-family.length), claim.slice(0, family.length)].map((words) => words.join(' '))
  return ends.some((end) => end === whole || isOneOff(end, whole))
}

/** The given names alone were read: the claim begins with one of them, or ends with one where people write the surname first. */
const hasGivenName = (claim: readonly string[], given: readonly string[]): boolean =>
  [claim.at(0), claim.at(-1)].some(
    (word) => word !== undefined && given.some((name) => name === word || isOneOff(word, name)),
  )

/**
 * One of the two names was not read, which is no disagreement (contract section 6, "unavailable"): a human looks, unless the one
 * that was read is another one. The whole name in one field, as some documents carry it, is for a human too.
 */
const compareHalfName = (claimed: string, read: string, has: typeof hasSurname): FieldResult => {
  const agrees = (claim: string[], name: string[]): boolean =>
    has(claim, name) || [...claim].sort().join() === [...name].sort().join()
  const claims = wordsOf(claimed)
  return wordsOf(read).some((name) => claims.some((claim) => agrees(claim, name))) ? 'close' : 'different'
}

/**
 * Claimed given names followed by the whole surname is the same person: the claim may leave out further given names, not
 * change the first or add one. The other order, or one letter off in a long name, is for a human.
 */
const compareNames = (claimed: string, first: string, last: string): FieldResult => {
  const claims = wordsOf(claimed)
  const firsts = wordsOf(first)
  const lasts = wordsOf(last)
  let best: FieldResult = 'different'
  for (const claim of claims)
    for (const given of firsts)
      for (const family of lasts) {
        const tail = claim.slice(claim.length - family.length)
        const head = claim.slice(0, claim.length - family.length)
        const sameFamily = family.length > 0 && tail.join(' ') === family.join(' ')
        if (sameFamily && head.length > 0 && head[0] === given[0] && inOrder(head, given)) return 'same'
        const whole = [...given, ...family].join(' ')
        const reversed = [...family, ...given].join(' ')
        const rest = claim.slice(family.length)
        const familyFirst =
          family.length > 0 && rest.length > 0 && claim.slice(0, family.length).join(' ') === family.join(' ')
        const text = claim.join(' ')
        if (familyFirst && inOrder(rest, given)) best = 'close'
        else if (sameFamily && head.length > 0 && inOrder(head, given)) best = 'close'
        else if (isOneOff(text, whole) || isOneOff(text, reversed)) best = 'close'
      }
  return best
}

/** Whether a name has anything to compare: not where it was not given, or is a sign only. */
export const isNameRead = (name: string | undefined): name is string =>
  name !== undefined && wordsOf(name).flat().length > 0

const compareName = (claimed: string, { firstName, lastName }: DocumentFound): FieldResult => {
  if (isNameRead(firstName) && isNameRead(lastName)) return compareNames(claimed, firstName, lastName)
  if (isNameRead(lastName)) return compareHalfName(claimed, lastName, hasSurname)
  if (isNameRead(firstName)) return compareHalfName(claimed, firstName, hasGivenName)
  return 'absent'
}

const compare = (claimed: string, found: string | undefined, fold: (text: string) => string): FieldResult =>
  found === undefined ? 'absent' : fold(claimed) === fold(found) ? 'same' : 'different'

const upper = (text: string): string => text.trim().toUpperCase()

/**
 * Compares what the person claimed with what the document says (contract section 6). A genuine document proves that someone is
 * genuine; only this says that it is this person. Absence is neither agreement nor disagreement: a human looks.
 *
 * @param today the date in UTC; an expired document is no proof any more
 */
export const matchClaim = (claim: Claim, document: DocumentFound, today: Date): Match => {
  const fields = {
    name: compareName(claim.realName, document),
    number: compare(claim.number, document.number, normalizeDocumentNumber),
    type: compare(claim.type, document.type, upper),
    country:
      claim.country === '' ? (document.country ? 'same' : 'absent') : compare(claim.country, document.country, upper),
    expiry:
      document.expiry === undefined
        ? 'absent'
        : document.expiry >= today.toISOString().slice(0, 10)
          ? 'same'
          : 'different',
  } satisfies Record<string, FieldResult>

  const reasons: Reason[] = []
  if (fields.expiry === 'different') reasons.push({ code: 'document_expired', values: { date: document.expiry ?? '' } })
  if (fields.type === 'different' || fields.country === 'different')
    reasons.push({ code: 'type_or_country_differs', values: {} })
  if (fields.name === 'different') reasons.push({ code: 'name_differs', values: {} })
  if (fields.number === 'different') reasons.push({ code: 'number_differs', values: {} })

  const staffReasons = Object.entries(fields)
    .filter(([, result]) => result !== 'same')
    .map(([field, result]) => `${field}:${result}`)
  const results = Object.values(fields) as FieldResult[]
  if (results.includes('different')) return { result: 'mismatch', fields, reasons, staffReasons }
  if (results.some((result) => result !== 'same'))
    return { result: 'review', fields, reasons: [{ code: 'under_review', values: {} }], staffReasons }
  return { result: 'match', fields, reasons: [], staffReasons }
}
