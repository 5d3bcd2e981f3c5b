import { readFileSync } from 'node:fs'
import { DataResponse, DetailsResponse, readV4Callback } from '@veridoor/jumio'
import { describe, expect, it } from 'vitest'
import { mapPlatform } from '../jumio/map-platform.ts'
import { mapV4 } from '../jumio/map-v4.ts'
import type { DocumentFound } from '../port.ts'
import { matchClaim } from './match-claim.ts'

const fixture = (file: string): string =>
  readFileSync(new URL(`../../../jumio/fixtures/${file}`, import.meta.url), 'utf8')
const found = (file: string): DocumentFound => {
  if (file.endsWith('.form')) {
    const finding = mapV4((readV4Callback(fixture(file).trim()) ?? { data: DataResponse.parse({}) }).data, 200)
    return finding.state === 'final' ? finding.document : {}
  }
  const body: unknown = JSON.parse(fixture(file))
  const finding = file.startsWith('v4/')
    ? mapV4(DataResponse.parse(body), 200)
    : mapPlatform(DetailsResponse.parse(body), { workflowKey: '10164', faceRequired: true })
  return finding.state === 'final' ? finding.document : {}
}
const today = new Date('2026-11-24T12:00:00Z')
const ada = { realName: 'Ada Lovelace', number: 'L898902C3', type: 'PASSPORT', country: 'UTO' }
const page: DocumentFound = {
  type: 'PASSPORT',
  country: 'UTO',
  number: 'L898902C3',
  firstName: 'ADA',
  lastName: 'LOVELACE',
  expiry: '2031-04-15',
}
const withName = (realName: string, firstName: string, lastName: string): string =>
  matchClaim({ ...ada, realName }, { ...page, firstName, lastName }, today).fields.name

describe('the published claim cases', () => {
  type Case = { fixture: string; claim: Record<string, string>; result: string; why: string }
  const { cases } = JSON.parse(fixture('claims.json')) as { cases: Case[] }
  // People are not asked for their date of birth: what is not claimed cannot differ.
  for (const { fixture: file, claim, result, why } of cases.filter((one) => one.why !== 'date of birth differs'))
    it(`${file}: ${why}`, () => {
      const document = found(file)
      const made = matchClaim(
        {
          realName: `${claim.firstName} ${claim.lastName}`,
          number: claim.documentNumber ?? document.number ?? '',
          type: claim.type ?? document.type ?? '',
          country: claim.country ?? '',
        },
        document,
        new Date('2025-03-05T00:00:00Z'),
      )
      expect(made.result).toBe(result)
    })
})

describe('names', () => {
  it('match in the person’s own spelling', () => {
    expect(withName('ada lovelace', 'ADA', 'LOVELACE')).toBe('same')
    expect(withName('Jörg Müller', 'JOERG', 'MUELLER')).toBe('same')
    expect(withName('Søren Ågård', 'SOREN', 'AAGAARD')).toBe('same')
    expect(withName('Zoë O’Connor', 'ZOE', 'O CONNOR')).toBe('same')
    expect(withName('Jan van der Berg', 'JAN PIETER', 'VAN DER BERG')).toBe('same')
  })

  it('may leave out further given names but not the first, and add none', () => {
    expect(withName('Ada Lovelace', 'ADA AUGUSTA', 'LOVELACE')).toBe('same')
    expect(withName('Augusta Lovelace', 'ADA AUGUSTA', 'LOVELACE')).toBe('close')
    expect(withName('Ada Byron Lovelace', 'ADA', 'LOVELACE')).toBe('different')
  })

  it('go to a human when swapped or one letter off', () => {
    expect(withName('Lovelace Ada', 'ADA', 'LOVELACE')).toBe('close')
    expect(withName('Lovelace Ada', 'ADA AUGUSTA', 'LOVELACE')).toBe('close')
    expect(withName('Lovelace Grace', 'ADA AUGUSTA', 'LOVELACE')).toBe('different')
    expect(withName('Ada Lovelase', 'ADA', 'LOVELACE')).toBe('close')
  })

  it('differ when they differ', () => {
    expect(withName('Grace Hopper', 'ADA', 'LOVELACE')).toBe('different')
    expect(withName('Ada', 'ADA', 'LOVELACE')).toBe('different')
    expect(withName('Lovelace', 'ADA', 'LOVELACE')).toBe('different')
    expect(withName('Bo Li', 'BO', 'LU')).toBe('different')
  })

  it('of one word go to a human when the document shows no given name: it may only not have been read', () => {
    expect(withName('Sukarno', '', 'SUKARNO')).toBe('close')
    expect(withName('Lovelace', '', 'LOVELACE')).toBe('close')
  })
})

describe('one of the two names, when the other was not read', () => {
  const withOnly = (realName: string, read: Pick<DocumentFound, 'firstName' | 'lastName'>) => {
    const { firstName: _first, lastName: _last, ...nameless } = page
    return matchClaim({ ...ada, realName }, { ...nameless, ...read }, today)
  }

  it('is for a human when it agrees with its end of the claim', () => {
    for (const [realName, read] of [
      ['Ada Lovelace', { lastName: 'LOVELACE' }],
      ['Jan van der Berg', { lastName: 'VAN DER BERG' }],
      ['Lovelace Ada', { lastName: 'LOVELACE' }],
      ['Ada Lovelase', { lastName: 'LOVELACE' }],
      ['Jörg Müller', { lastName: 'MUELLER' }],
      ['Ada Lovelace', { firstName: 'ADA' }],
      ['Ada Lovelace', { firstName: 'ADA AUGUSTA' }],
      ['Augusta Lovelace', { firstName: 'ADA AUGUSTA' }],
      ['Lovelace Ada', { firstName: 'ADA' }],
      ['Ada Lovelace', { firstName: '', lastName: 'LOVELACE ADA' }],
    ] as const) {
      const made = withOnly(realName, read)
      expect([realName, made.result, made.reasons[0]?.code]).toEqual([realName, 'review', 'under_review'])
    }
  })

  it('differs when it is another one', () => {
    for (const [realName, read] of [
      ['Ada Lovelace', { lastName: 'HOPPER' }],
      ['Ada Lovelace', { firstName: 'GRACE' }],
      ['Ada Love', { lastName: 'LOVELACE' }],
    ] as const)
      expect([realName, withOnly(realName, read).reasons[0]?.code]).toEqual([realName, 'name_differs'])
  })

  it('is for a human beside a verdict of approval in v4, which writes N/A for what was not read', () => {
    const body = JSON.parse(fixture('v4/retrieval-data-approved.json'))
    const finding = mapV4(DataResponse.parse({ ...body, document: { ...body.document, firstName: 'N/A' } }), 200)
    if (finding.state !== 'final') throw new Error('not final')
    const { type = '', country = '', number = '', lastName } = finding.document
    const claim = { realName: `Ada ${lastName}`, type, country, number }
    expect(finding.outcome).toBe('approved')
    expect(matchClaim(claim, finding.document, new Date('2025-03-05T00:00:00Z')).result).toBe('review')
  })
})

describe('the other fields', () => {
  it('never merge letters and digits in a number', () => {
    expect(matchClaim({ ...ada, number: 'L8989O2C3' }, page, today).result).toBe('mismatch')
    expect(matchClaim({ ...ada, number: 'l 898-902.c3' }, page, today).result).toBe('match')
  })

  it('refuse an expired document by UTC date, valid to the end of its last day', () => {
    expect(matchClaim(ada, { ...page, expiry: '2026-11-24' }, today).result).toBe('match')
    const late = matchClaim(ada, { ...page, expiry: '2026-11-23' }, today)
    expect(late.result).toBe('mismatch')
    expect(late.reasons[0]?.code).toBe('document_expired')
  })

  it('send every missing field to a human, never to an approval', () => {
    for (const field of ['number', 'type', 'country', 'expiry'] as const) {
      const { [field]: _left, ...rest } = page
      expect(matchClaim(ada, rest, today).result).toBe('review')
    }
    const { firstName: _f, lastName: _l, ...nameless } = page
    expect(matchClaim(ada, nameless, today).result).toBe('review')
  })

  it('do not quote a name or a number in any reason', () => {
    const made = matchClaim({ ...ada, realName: 'Grace Hopper', number: 'X1' }, page, today)
    expect(JSON.stringify([made.reasons, made.staffReasons])).not.toMatch(/GRACE|HOPPER|LOVELACE|L898902C3|X1/i)
  })
})
