import { describe, expect, it } from 'vitest'
import { dropUnfilled, format } from './format.ts'
import { languageOf, languages } from './languages.ts'

const names = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)/g)]
    .map(([, name]) => name ?? '')
    .filter((name) => !/^[A-Z]/.test(name))
    .sort()
/** Names of values only: plural forms carry words in brackets too. */
const placeholders = (text: string): string[] =>
  text.includes(', plural,') ? [/\{(\w+), plural/.exec(text)?.[1] ?? ''] : names(text)

describe('the languages of the page', async () => {
  const english = await languages.en.load()
  for (const [code, { load }] of Object.entries(languages)) {
    const dictionary = await load()
    it(`${code} has every word and sentence, with the same values to fill in`, () => {
      expect(Object.keys(dictionary.words).sort()).toEqual(Object.keys(english.words).sort())
      expect(Object.keys(dictionary.sentences).sort()).toEqual(Object.keys(english.sentences).sort())
      for (const [key, text] of Object.entries(dictionary.words)) {
        expect(text.trim(), key).not.toBe('')
        expect(placeholders(text), key).toEqual(placeholders(english.words[key as keyof typeof english.words]))
      }
      for (const [key, [title, body]] of Object.entries(dictionary.sentences)) {
        const [inEnglish, bodyInEnglish] = english.sentences[key as keyof typeof english.sentences]
        expect(title.trim(), key).not.toBe('')
        for (const name of [...names(title), ...names(body)])
          expect([...names(inEnglish), ...names(bodyInEnglish), 'document'], key).toContain(name)
      }
    })
  }

  it('reads the locales of the wire by their language', () => {
    expect(languageOf(['de-AT'])).toBe('de')
    expect(languageOf([null, 'xx', 'de'])).toBe('de')
    expect(languageOf(['xx_YY'])).toBe('en')
  })
})

describe('messages', () => {
  it('fill in values and choose the plural form of the language', () => {
    const tries = '{n, plural, one {# try left} other {# tries left}}'
    expect(format(tries, { n: 1 })).toBe('1 try left')
    expect(format(tries, { n: 2 })).toBe('2 tries left')
    expect(format('{a} and {b}', { a: 'x' })).toBe('x and {b}')
  })

  it('leave out what nobody can fill in', () => {
    expect(dropUnfilled('It was valid until {date}. Use another one.')).toBe('Use another one.')
    expect(dropUnfilled('Nothing. Is. Missing.')).toBe('Nothing. Is. Missing.')
  })
})
