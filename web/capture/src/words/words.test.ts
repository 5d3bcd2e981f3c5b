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

const formsOf = (text: string): string[] =>
  [...text.matchAll(/(zero|one|two|few|many|other) \{/g)].map(([, form]) => form ?? '')
/** The plural forms that a language has for numbers that occur here. */
const formsNeeded = (code: string): string[] => {
  const rules = new Intl.PluralRules(code)
  return [...new Set(Array.from({ length: 121 }, (_value, n) => rules.select(n)))]
}

/** Words that are spelled alike in English and in one of the others, or hold no words. */
const sameInSome = ['title.plain', 'demo.badge']
/** Names that stay as they are in every script. */
const properNames = /Safari|SPECIMEN|JPEG|PNG|WebP|PDF|MB|https|localhost/g

describe('the languages of the page', async () => {
  const english = await languages.en.load()
  for (const [code, { load }] of Object.entries(languages)) {
    const dictionary = await load()
    it(`${code} has every word and sentence, with the same values to fill in`, () => {
      expect(Object.keys(dictionary.words).sort()).toEqual(Object.keys(english.words).sort())
      expect(Object.keys(dictionary.sentences).sort()).toEqual(Object.keys(english.sentences).sort())
      for (const [key, text] of Object.entries(dictionary.words)) {
        expect(text.trim(), key).not.toBe('')
        if (text.includes(', plural,')) expect(formsOf(text), key).toEqual(expect.arrayContaining(formsNeeded(code)))
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

  for (const [code, { load }] of Object.entries(languages).filter(([code]) => code !== 'en')) {
    const { words, sentences } = await load()
    it(`${code} has no English left over`, () => {
      for (const [key, text] of Object.entries(words)) {
        if (sameInSome.includes(key)) continue
        expect(text, key).not.toBe(english.words[key as keyof typeof english.words])
      }
      for (const [key, pair] of Object.entries(sentences)) {
        const inEnglish = english.sentences[key as keyof typeof english.sentences]
        expect(pair[0], key).not.toBe(inEnglish[0])
        expect(pair[1], key).not.toBe(inEnglish[1])
      }
      if (code !== 'zh' && code !== 'ar') return
      const ownScript = code === 'zh' ? /\p{Script=Han}/u : /\p{Script=Arabic}/u
      for (const [key, text] of [
        ...Object.entries(words),
        ...Object.entries(sentences).map(([key, pair]) => [key, pair.join(' ')] as const),
      ]) {
        const said = text.replace(/\{\w+(, plural,)?|\b(zero|one|two|few|many|other) \{/g, '').replace(properNames, '')
        expect(said, key).not.toMatch(/[A-Za-z]{2,}/)
        if (key !== 'title.plain') expect(said, key).toMatch(ownScript)
      }
    })
  }

  it('reads the locales of the wire by their language', () => {
    expect(languageOf(['de-AT'])).toBe('de')
    expect(['pt-BR', 'zh-CN', 'zh_HK', 'es-MX', 'ar', 'fr'].map((each) => languageOf([each]))).toEqual([
      'pt',
      'zh',
      'zh',
      'es',
      'ar',
      'fr',
    ])
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
    expect(dropUnfilled('Use another one. It was valid until {date}.')).toBe('Use another one.')
    expect(dropUnfilled('有效期至 {date}。请使用另一份证件！谢谢')).toBe('请使用另一份证件！谢谢')
    expect(dropUnfilled('كان صالحًا حتى {date}. هل لديك وثيقة أخرى؟ استخدمها.')).toBe('هل لديك وثيقة أخرى؟ استخدمها.')
  })
})
