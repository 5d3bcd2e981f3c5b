import { describe, expect, it } from 'vitest'
import { documentTypes } from '../documents/index.ts'
import { verificationStates } from '../state-names.ts'
import { type FilledSentence, readSentence, reason, type SentenceCode, sentences, staffSentence } from './index.ts'
import { countryAlternatives, documentAlternatives, documentFromCountry, documentPhrase, fieldList } from './phrases.ts'

const codes = Object.keys(sentences) as SentenceCode[]
const options = { timeZone: 'UTC', now: new Date('2026-11-29T12:00:00Z') }
const kinds = [...documentTypes, 'VISA', 'UNKNOWN', '']

/** Every kind of value that each placeholder can have. */
const samples: Record<string, readonly (string | number)[]> = {
  app: ['Acme Portal', 'A & B {x}'],
  organization: ['Acme'],
  fields: [fieldList(['ID card type', 'ID card number', 'Real name']), fieldList(['Real name']), 'Some details'],
  date: ['2026-11-24', '2026-11-24T23:59:59.000Z', 'not a date'],
  time: ['2026-11-24T14:32:00.000Z', 'not a time'],
  day: ['2026-05-03T10:00:00.000Z', '2025-05-03T10:00:00.000Z'],
  seconds: [0, 1, 45, 60, 91, 815, 5_400, 86_400],
  minutes: [1, 2, 14, 100],
  limit: [1, 500],
  reference: ['VD-7KQ2-M4'],
  document: kinds.map(documentPhrase),
  documents: [documentAlternatives([]), documentAlternatives(documentTypes), documentAlternatives(['PASSPORT'])],
  country: ['Germany', 'Utopia'],
  countries: [countryAlternatives([]), countryAlternatives(['DEU', 'AUT', 'XKX', 'UTO'])],
  chosen: kinds.map((kind) => documentFromCountry(kind, 'DEU')),
  found: kinds.map((kind) => documentFromCountry(kind, '')),
  side: ['front', 'back', 'other side'],
  result: verificationStates,
  reviewer: ['ada'],
  reason: ['document expired'],
}

const placeholdersIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')

/** Each placeholder with each of its values, the others with their first. */
const casesOf = (text: string): Record<string, string | number>[] => {
  const names = [...new Set(placeholdersIn(text))]
  for (const name of names) expect(samples, name).toHaveProperty(name)
  const first = Object.fromEntries(names.map((name) => [name, samples[name]?.[0] ?? '']))
  return [first, ...names.flatMap((name) => (samples[name] ?? []).map((value) => ({ ...first, [name]: value })))]
}

const isPlain = (code: string, text: string): void => {
  expect(text, code).not.toMatch(/\{(?!x\})|(?<!x)\}|undefined|see below|\[object|\bNaN\b/i)
  // Codes of providers and of this project: `DENIED_FRAUD`, `photo_blurry`, `[200, 2007]`.
  expect(text, code).not.toMatch(/[A-Za-z]_[A-Za-z]|\[\d|\b\d{4}\b(?! *$|\.)(?<!20\d\d)/)
}

describe('every sentence', () => {
  it.each(codes)('%s is whole for the person, with every value that it can have', (code) => {
    const { title, body, actions } = sentences[code]
    for (const values of casesOf([title, body, ...actions].join(' '))) {
      const read: FilledSentence = readSentence(code, values, options)
      expect(read.title, code).not.toBe('')
      expect(read.body, code).not.toBe('')
      for (const text of [read.title, read.body, ...read.actions]) isPlain(code, text)
    }
  })

  it.each(codes)('%s is whole for staff, with every value that it can have', (code) => {
    for (const values of casesOf(sentences[code].staff)) {
      const text = staffSentence({ code, values } as Parameters<typeof staffSentence>[0], options)
      expect(text, code).toMatch(/\.$/)
      isPlain(code, text)
    }
  })

  it.each(codes)('%s from an old record without values leaves out what it cannot say', (code) => {
    const read = readSentence(code)
    expect(read.title, code).not.toBe('')
    for (const text of [read.title, read.body, ...read.actions]) isPlain(code, text)
  })
})

describe('values', () => {
  it('are written out: dates long, waits rounded up', () => {
    expect(readSentence('already_verified', { date: '2026-11-24' }).body).toContain('24 November 2026')
    expect(readSentence('slow_down', { seconds: 815 }).body).toBe('Try again in 14 minutes.')
    expect(readSentence('provider_busy', { minutes: 1 }).body).toContain('Try again in 1 minute.')
    expect(readSentence('slow_down', { seconds: 45 }).body).toBe('Try again in 45 seconds.')
    expect(readSentence('attempts_used_up', { time: '2026-11-24T14:32:00Z' }, options).body).toContain(
      '24 November, 14:32 UTC',
    )
  })

  it('name who rejected a case, when, and why', () => {
    expect(
      staffSentence(
        {
          code: 'rejected_by_person',
          values: { reviewer: 'ada', day: '2026-05-03T10:00:00Z', reason: 'document expired' },
        },
        options,
      ),
    ).toBe('Rejected by ada on 3 May: document expired.')
  })

  it('are checked by the compiler', () => {
    expect(reason('under_review')).toEqual({ code: 'under_review', values: {} })
    expect(reason('already_verified', { date: '2026-11-24' }).values.date).toBe('2026-11-24')
    // @ts-expect-error a missing value does not compile
    expect(reason('already_verified')).toBeDefined()
    // @ts-expect-error a value of another sentence does not compile
    expect(reason('quota_reached', { date: '2026-12-01', limit: 500, seconds: 3 })).toBeDefined()
  })

  it('of an unknown code read as a fault of ours', () => {
    expect(readSentence('made_up').title).toBe('The check was cut off')
    expect(readSentence('toString').title).toBe('The check was cut off')
  })

  it('name documents and countries in words', () => {
    expect(documentFromCountry('ID_CARD', 'AUT')).toBe('an ID card from Austria')
    expect(documentFromCountry('DRIVING_LICENSE', '')).toBe('a driving licence')
    expect(documentAlternatives(documentTypes)).toBe('a passport, an ID card or a driving licence')
    expect(countryAlternatives(['DEU', 'AUT'])).toBe('Austria or Germany')
    expect(fieldList(['ID card number', 'Real name'])).toBe('ID card number and real name')
  })
})
