import { readFileSync } from 'node:fs'
import { cyrillicTransliterations, latinTransliterations } from '@veridoor/contract/transliteration'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareNumbers, normalizeDocumentNumber } from './document-number.ts'
import { compareNames } from './names.ts'

type Pair = [claim: string, given: string, surname: string, expected: string]
const { groups } = JSON.parse(readFileSync(new URL('./fixtures/name-pairs.json', import.meta.url), 'utf8')) as {
  groups: Record<string, Pair[]>
}

describe('the table of name pairs', () => {
  it('has at least 200 pairs', () => expect(Object.values(groups).flat().length).toBeGreaterThanOrEqual(200))
  for (const [group, pairs] of Object.entries(groups))
    it(group, () => {
      const made = pairs.map(
        ([claim, given, surname]): Pair => [claim, given, surname, compareNames(claim, given, surname)],
      )
      expect(made).toEqual(pairs)
    })
})

const latin = Object.keys(latinTransliterations)
const cyrillic = Object.keys(cyrillicTransliterations)
const ascii = [...'ABCDEFGHIKLMNOPRSTUVWZ']
/** A word as a person writes it, and one of the ways in which a document may print it. */
const wordOf = (letters: readonly string[], tables: Readonly<Record<string, readonly string[]>>) =>
  fc
    .array(fc.tuple(fc.constantFrom(...letters), fc.nat(), fc.constantFrom('', '', '', '\u200b', '\u00ad')), {
      minLength: 3,
      maxLength: 9,
    })
    .map((picks) => ({
      claimed: picks.map(([letter, , noise]) => letter.toLowerCase() + noise).join(''),
      printed: picks
        .map(([letter, pick]) => {
          const ways = tables[letter] ?? [letter]
          return ways[pick % ways.length]
        })
        .join(''),
    }))
    .filter(({ printed }) => printed.length > 2)
const person = (letters: readonly string[], tables: Readonly<Record<string, readonly string[]>>) => {
  const word = wordOf(letters, tables)
  const separator = fc.constantFrom(' ', '-', ' - ', '\u2010', '\u00a0')
  const printedSeparator = fc.constantFrom(' ', '', '-', '<')
  return fc
    .tuple(
      fc.array(word, { minLength: 1, maxLength: 3 }),
      fc.array(word, { minLength: 1, maxLength: 3 }),
      separator,
      printedSeparator,
    )
    .map(([given, family, between, printedBetween]) => ({
      claim: `${given.map(({ claimed }) => claimed).join(between)} ${family.map(({ claimed }) => claimed).join(between)}`,
      given: given.map(({ printed }) => printed).join(printedBetween),
      family: family.map(({ printed }) => printed).join(printedBetween),
    }))
}
const latinPerson = person([...latin, ...ascii, ...ascii, ...ascii], latinTransliterations)
const cyrillicPerson = person(cyrillic, cyrillicTransliterations)

describe('nobody honest is rejected for spelling', () => {
  it('whichever alternative of the tables the document uses, and wherever it has spaces', () => {
    fc.assert(fc.property(latinPerson, ({ claim, given, family }) => compareNames(claim, given, family) === 'same'))
    fc.assert(fc.property(cyrillicPerson, ({ claim, given, family }) => compareNames(claim, given, family) === 'same'))
  })

  it('with a title, suffix, particle or placeholder on one side only', () => {
    const extra = fc.constantFrom(
      'Dr.',
      'Prof.',
      'Graf',
      'Jr.',
      'III',
      'de la',
      'van der',
      'bin',
      'al-',
      'geb.',
      'FNU',
      'Sr',
    )
    fc.assert(
      fc.property(latinPerson, extra, fc.nat(2), ({ claim, given, family }, word, where) => {
        const made = [
          compareNames(`${word} ${claim}`, given, family),
          compareNames(`${claim} ${word}`, given, family),
          compareNames(claim, given, `${family} ${word}`),
        ][where]
        return made === 'close' || made === 'same'
      }),
    )
  })

  it('in the other order, and with one letter wrong in a long name', () => {
    fc.assert(
      fc.property(latinPerson, ({ claim, given, family }) => {
        const words = claim.split(' ')
        return compareNames([words.at(-1), ...words.slice(0, -1)].join(' '), given, family) !== undefined
      }),
    )
    fc.assert(
      fc.property(wordOf(ascii, {}), wordOf(ascii, {}), fc.nat(6), (first, last, at) => {
        const [given, family] = [first.printed.padEnd(5, 'N'), last.printed.padEnd(5, 'R')]
        const whole = `${given} ${family}`
        const where = at === given.length ? at + 1 : at
        const typo = `${whole.slice(0, where)}X${whole.slice(where + 1)}`
        return (
          compareNames(`${family} ${given}`, given, family) !== 'different' &&
          compareNames(typo, given, family) !== 'different'
        )
      }),
    )
  })

  it('in a script that cannot be compared', () => {
    const other = fc.array(fc.constantFrom(...'王伟佐藤花子김지우Γιώργοςरमशרדוד'), { minLength: 2, maxLength: 6 })
    fc.assert(
      fc.property(
        other,
        latinPerson,
        (letters, { given, family }) => compareNames(letters.join(''), given, family) === 'close',
      ),
    )
  })
})

describe('nobody else is accepted', () => {
  /** Every spelling of a short word, written out: what the bounded comparison must agree with. */
  const spellings = (word: string): Set<string> => {
    let all = ['']
    for (const letter of word) {
      const ways = latinTransliterations[letter] ?? [letter]
      all = all.flatMap((start) => ways.map((way) => start + way))
    }
    return new Set(all)
  }
  it('only names with a spelling in common are the same', () => {
    const letters = fc.constantFrom('A', 'E', 'Ä', 'Å', 'Æ', 'O', 'Ö', 'Œ', 'U', 'Ü', 'S', 'ẞ', 'N', 'Ñ', 'X')
    const word = fc.array(letters, { minLength: 1, maxLength: 5 }).map((list) => list.join(''))
    fc.assert(
      fc.property(word, word, word, word, (given, family, printedGiven, printedFamily) => {
        const meets = (a: string, b: string): boolean =>
          [...spellings(a)].some((spelling) => spellings(b).has(spelling))
        const expected = meets(given, printedGiven) && meets(family, printedFamily)
        expect([compareNames(`${given} ${family}`, printedGiven, printedFamily) === 'same']).toEqual([expected])
      }),
      { numRuns: 3000 },
    )
  })

  it('another surname or another given name is never the same', () => {
    fc.assert(
      fc.property(latinPerson, latinPerson, (one, other) => {
        const family = compareNames(`${one.claim.split(' ')[0]} ${other.family}Q`, one.given, one.family)
        const given = compareNames(`Q${other.given} ${one.claim.split(' ').at(-1)}`, one.given, one.family)
        return family !== 'same' && given !== 'same'
      }),
    )
  })

  it('a name with letters of two alphabets in one word goes to a person', () => {
    expect(compareNames('Аda Lovelace', 'ADA', 'LOVELACE')).toBe('close')
    expect(compareNames('Ada Lоvelace', 'ADA', 'LOVELACE')).toBe('close')
  })
})

describe('time and memory are bounded', () => {
  it.each([
    ['the review’s text', `${'Ä'.repeat(6)}${'\ufdfa'.repeat(10_000)}`],
    ['450,000 umlauts', 'Ä'.repeat(450_000)],
    ['a megabyte', 'a'.repeat(1_000_000)],
    ['a megabyte of marks', `a${'\u0308'.repeat(1_000_000)}`],
    ['a megabyte of spaces', ' '.repeat(1_000_000)],
    ['many words', 'ä '.repeat(140)],
    ['umlauts of the longest name', 'Ä'.repeat(299)],
    ['particles and titles', 'Dr. de la ÄÄÄÄÄÄÄÄ van der ÄÄÄÄÄÄ Graf Jr. III '.repeat(5)],
    ['ligatures of the longest name', '\ufdfa'.repeat(16)],
    ['Cyrillic of the longest name', `${'Щ'.repeat(100)} ${'Ж'.repeat(100)}`],
  ])('%s', (_what, text) => {
    const from = performance.now()
    const heap = process.memoryUsage().heapUsed
    expect(compareNames(text, 'AEAEAEAE'.repeat(20), 'A'.repeat(200))).not.toBe('same')
    expect(compareNames('Ada Lovelace', text, text)).not.toBe('same')
    expect(compareNames(text, text, text)).not.toBe('absent')
    normalizeDocumentNumber(text)
    expect(compareNumbers(text, 'A1')).not.toBe('same')
    expect(performance.now() - from).toBeLessThan(2000)
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(200_000_000)
  })
})

describe('document numbers', () => {
  it.each([
    ['l 898-902.c3', 'L898902C3'],
    ['Ｌ８９８９０２Ｃ３', 'L898902C3'],
    ['L\u200b898\u00a0902\u2011C3', 'L898902C3'],
    ['٠١٢٣٤٥٦٧٨٩', '0123456789'],
    ['L898902C3<', 'L898902C3'],
    ['12/34_56', '123456'],
    ['\u2066L898902C3\u2069', 'L898902C3'],
  ])('%s is %s', (claimed, found) => expect(compareNumbers(claimed, found)).toBe('same'))

  it.each([
    ['L8989O2C3', 'L898902C3'],
    ['L898902C3', 'L898902C'],
    ['I234', '1234'],
    ['S5', '55'],
    ['', '1234'],
    ['1234', '1235'],
  ])('%s is not %s', (claimed, found) => expect(compareNumbers(claimed, found)).toBe('different'))

  it('in Cyrillic letters go to a person when their transliteration agrees', () => {
    expect(compareNumbers('АВ123456', 'AV123456')).toBe('close')
    expect(compareNumbers('АВ123456', 'AV123457')).toBe('different')
  })

  it('of which nothing was read compare with nothing', () => {
    expect(compareNumbers('', undefined)).toBe('absent')
    expect(compareNumbers('', '---')).toBe('absent')
  })

  it('never agree when a letter or digit differs', () => {
    const character = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')
    fc.assert(
      fc.property(fc.array(character, { minLength: 1, maxLength: 12 }), fc.nat(), character, (digits, at, other) => {
        const index = at % digits.length
        const changed = digits.with(index, other).join('')
        return compareNumbers(digits.join(' '), changed) === (digits[index] === other ? 'same' : 'different')
      }),
    )
  })
})
