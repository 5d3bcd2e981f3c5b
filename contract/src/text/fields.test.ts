import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import '../field-errors.ts'
import {
  DisplayName,
  DocumentNumber,
  Email,
  FreeText,
  NewUserName,
  ObjectName,
  OneTimeCode,
  OwnUserName,
  PhoneNumber,
  RealName,
  readExtra,
  readField,
  SignInName,
} from './fields.ts'

const all: Record<string, z.ZodType<string>> = {
  RealName,
  DocumentNumber,
  DisplayName,
  Email,
  NewUserName,
  OwnUserName,
  SignInName,
  ObjectName,
  PhoneNumber,
  OneTimeCode,
  note: FreeText(1000),
}
const taken = (schema: z.ZodType<string>, text: string): string | undefined => schema.safeParse(text).data
const refused = (schema: z.ZodType<string>, text: string): string =>
  schema.safeParse(text).error?.issues[0]?.message ?? ''

describe('every field', () => {
  it.each([
    ['a megabyte', 'a'.repeat(1_000_000)],
    ['a megabyte of ligatures that expand', '\ufdfa'.repeat(1_000_000)],
    ['a megabyte of marks', `a${'\u0308'.repeat(1_000_000)}`],
    ['a megabyte of spaces', `a${' '.repeat(1_000_000)}b`],
    ['NUL', 'a\u0000b'],
    ['a lone surrogate', 'a\ud800b'],
    ['the other lone surrogate', 'a\udc00b'],
    ['a noncharacter', 'a\ufffeb'],
    ['an inner noncharacter', 'a\ufdd0b'],
    ['an unassigned code point', 'a\u0378b'],
    ['private use', 'a\ue000b'],
    ['an escape', 'a\u001bb'],
    ['many marks', `a${'\u0308\u0301'.repeat(20)}`],
  ])('refuses %s with a sentence, at once', (_what, text) => {
    for (const [name, schema] of Object.entries(all)) {
      const from = performance.now()
      expect([name, refused(schema, text)]).toEqual([name, expect.stringMatching(/^[A-Z].*\.$/)])
      expect(performance.now() - from).toBeLessThan(500)
    }
  })

  it('has one form: what was taken once is taken again as it is', () => {
    for (const schema of Object.values(all))
      for (const text of [
        'Ada',
        ' ada\u00a0',
        'u\u0308',
        'Ａｄａ',
        '１２３４５',
        'ada@Müller.example',
        '👩\u200d🚀',
        'İ',
        'ß',
        '\u200bada',
      ])
        if (schema.safeParse(text).success) {
          const once = taken(schema, text) ?? ''
          expect(taken(schema, once)).toBe(once)
        }
  })
})

describe('real names', () => {
  it('are in normalization form C without what nobody sees', () => {
    expect(taken(RealName, ' u\u0308mit\u200b\u00a0\u00a0O\u2019Neill\n')).toBe('ümit O\u2019Neill')
    expect(taken(RealName, '\u202eAda\u202c')).toBe('Ada')
    expect(taken(RealName, '')).toBe('')
    for (const name of ['Иван Петров (Ivan Petrov)', '王伟', 'राम शर्मा', 'J. R. R. Penhallow III', 'Null', 'ضياء'])
      expect(taken(RealName, name)).toBe(name)
  })
  it('have letters, of one alphabet in a word', () => {
    expect(refused(RealName, '---')).not.toBe('')
    expect(refused(RealName, 'Аda Lovelace')).toBe('Write each word in one alphabet.')
    expect(refused(RealName, 'a'.repeat(201))).not.toBe('')
  })
})

describe('document numbers', () => {
  it('are taken as printed', () => {
    expect(taken(DocumentNumber, ' l898 902-C3 ')).toBe('l898 902-C3')
    expect(taken(DocumentNumber, 'Ｌ８９８\u200b９０２')).toBe('L898902')
    expect(taken(DocumentNumber, 'A123456(7)')).toBe('A123456(7)')
    expect(taken(DocumentNumber, 'АВ 123456')).toBe('АВ 123456')
    expect(taken(DocumentNumber, '12\u2013345')).toBe('12-345')
  })
  it.each(['abc 123-xyz !!', '...', '1;2', '"b"', '1\u{1f600}'])('%s is none', (text) =>
    expect(refused(DocumentNumber, text)).not.toBe(''),
  )
})

describe('e-mail addresses', () => {
  it.each([
    ['ada@Müller.example ', 'ada@xn--mller-kva.example'],
    ['ada@xn--mller-kva.EXAMPLE', 'ada@xn--mller-kva.example'],
    ['ada@mu\u0308ller.example', 'ada@xn--mller-kva.example'],
    ['Ada.Lovelace+x@Example.COM', 'Ada.Lovelace+x@example.com'],
    ['\u200bada@example.com\u00a0', 'ada@example.com'],
    ['用户@例子.广告', '用户@xn--fsqu00a.xn--4rr70v'],
    ["o'neill@example.ie", "o'neill@example.ie"],
    ['', ''],
  ])('%s is %s', (text, form) => expect(taken(Email, text)).toBe(form))

  it.each([
    'ada',
    'ada@',
    '@example.com',
    'a b@example.com',
    'ada@exa mple.com',
    'ada@example',
    'ada@1.2.3.4',
    'ada@[1.2.3.4]',
    'ada@example.com:80',
    'ada@a/b.com',
    'a..b@example.com',
    '.a@example.com',
    'ada@-a.com',
    `${'a'.repeat(65)}@example.com`,
    'ada@evil.com@example.com ,x',
    'ada@exa%6dple.com',
    'ada@example..com',
  ])('%s is none', (text) => expect(refused(Email, text)).not.toBe(''))
})

describe('user names', () => {
  it('are mapped to one form (RFC 8265, UsernameCaseMapped)', () => {
    for (const [text, name] of [
      ['Ada', 'ada'],
      ['u\u0308mit', 'ümit'],
      ['ÜMIT', 'ümit'],
      ['ａｄａ', 'ada'],
      [' ada ', 'ada'],
      ['ada.lovelace-1_x', 'ada.lovelace-1_x'],
      ['Σίσυφος', 'σίσυφος'],
      ['ßa', 'ßa'],
      ['李娜', '李娜'],
      ['дмитрий', 'дмитрий'],
      ['a..b', 'a..b'],
    ] as const)
      expect(taken(NewUserName, text)).toBe(name)
  })
  it.each([
    '.',
    '..',
    '',
    ' ',
    'a b',
    'a/b',
    'a@b',
    'a%2f',
    'admin\u200b',
    'ad\u00admin',
    'аdmin',
    'adмin',
    'ada\u202e',
    'a\u00a0b',
    '²',
    'Ⅳ',
    '™',
    '😀',
    'ﬁ',
    '\u0301a',
    'אa',
    'a\\b',
    '\u1100',
  ])('%j cannot be a name', (text) => expect(refused(NewUserName, text)).not.toBe(''))

  it.each([
    'admin',
    'Admin',
    'ADMIN',
    'adm1n',
    'adrnin',
    'ad.min',
    '_admin_',
    'а\u0501мі\u0578',
    'αdmin',
    'ａｄｍｉｎ',
    'àdmin',
    'root',
    'r00t',
    'Support',
    'system',
  ])('%j cannot be chosen by oneself', (text) => expect(refused(OwnUserName, text)).not.toBe(''))
  it('that only resemble a reserved one can', () => {
    for (const text of ['admiral', 'ada', 'rooter', 'badmin', 'systema']) expect(taken(OwnUserName, text)).toBe(text)
  })
  it('are looked up in the form that they are kept in', () => {
    expect(taken(SignInName, ' ADA\u200b ')).toBe('ada')
    expect(taken(SignInName, 'Ada@MÜLLER.example')).toBe('Ada@xn--mller-kva.example')
  })
})

describe('other fields', () => {
  it('names of objects keep their case and have no hidden characters', () => {
    expect(taken(ObjectName, 'app-Grafana')).toBe('app-Grafana')
    for (const text of ['', '..', 'a/b', 'a\u200b', 'аpp', 'a b', 'a?b']) expect(refused(ObjectName, text)).not.toBe('')
  })
  it('display names keep emoji that are joined', () => {
    expect(taken(DisplayName, 'Ada 👩\u200d🚀\u200b')).toBe('Ada 👩\u200d🚀')
    expect(taken(DisplayName, '\u202eadA')).toBe('adA')
  })
  it('codes lose white space of every kind, hyphens and invisible characters', () => {
    for (const text of [
      '123 456',
      '123\u00a0456',
      ' 123-456\u200b',
      '１２３４５６',
      '123\u2009456\n',
      '123\u202f456',
      '\u2066123456\u2069',
      '123\u2011456',
    ])
      expect(taken(OneTimeCode, text)).toBe('123456')
  })
  it('phone numbers come from address books', () => {
    expect(taken(PhoneNumber, '\u202a+49\u00a030\u00a01234\u20115\u202c')).toBe('+49 30 1234-5')
    expect(refused(PhoneNumber, 'call me')).not.toBe('')
  })
  it('notes keep their lines', () => expect(taken(FreeText(100), ' one\r\ntwo\u202e\t3 ')).toBe('one\ntwo\t3'))
})

describe('readField', () => {
  it('takes a stored value back unchanged, and throws the sentence for a new one', () => {
    expect(readField('email', Email, 'not an address', 'not an address')).toBe('not an address')
    expect(() => readField('email', Email, 'not an address', '')).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        fields: [{ path: 'email', message: 'Enter an email address, like name@example.com.' }],
      }),
    )
    expect(() => readField('realName', RealName, 'a'.repeat(201))).toThrow(
      expect.objectContaining({
        fields: [{ path: 'realName', message: 'Real name must have 200 characters or fewer.' }],
      }),
    )
  })
  it('bounds what is kept for others', () => {
    expect(readExtra({ a: [1] })).toEqual({ a: [1] })
    let deep: unknown = 1
    for (let level = 0; level < 5000; level += 1) deep = [deep]
    for (const extra of [
      { a: 'x'.repeat(40_000) },
      { deep },
      Object.fromEntries(Array.from({ length: 501 }, (_item, index) => [index, 1])),
    ])
      expect(() => readExtra(extra)).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }))
  })
})
