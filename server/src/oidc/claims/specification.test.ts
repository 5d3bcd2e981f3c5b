import { describe, expect, it } from 'vitest'
import { DEMONSTRATION_FRAMEWORK, identityClaims, TRUST_FRAMEWORK, type VerifiedPerson } from './identity-claims.ts'
import { readRequests } from './verified-claims-request.ts'

/** The requests that OpenID Connect for Identity Assurance 1.0 (October 2024) shows, by their section, and what we answer to them. */
const now = new Date('2026-11-24T10:00:00Z')
const person: VerifiedPerson = {
  name: 'Ada Lovelace',
  givenName: 'ADA',
  familyName: 'LOVELACE',
  birthdate: '1990-12-10',
  documentType: 'ID_CARD',
  documentCountry: 'UTO',
  documentNumber: 'D23145890',
  documentExpiry: '2031-04-15',
  verifiedAt: new Date('2026-11-20T08:30:00Z'),
  verifier: 'Local verifier',
  reference: 'VD-3TCX-BK',
  isFaceCompared: true,
  isDemonstration: false,
  trust: 'installation',
  evidence: 'document',
}
const all = new Set(['name', 'given_name', 'family_name', 'birthdate', 'document', 'document_number'])
const answer = (requested: unknown, of: VerifiedPerson = person) =>
  identityClaims({ requested, person: of, consented: all, now }).verified_claims

const names = { given_name: null, family_name: null }
const three = { ...names, birthdate: null }
const ours = { given_name: 'ADA', family_name: 'LOVELACE', birthdate: '1990-12-10' }
const document = { type: { value: 'document' } }
const time = '2026-11-20T08:30:00Z'

describe('the requests of the specification', () => {
  it.each([
    [
      '5.3, claims by name',
      { verification: { trust_framework: null }, claims: three },
      { trust_framework: TRUST_FRAMEWORK },
    ],
    [
      '5.3, essential ones',
      {
        verification: { trust_framework: null },
        claims: { given_name: { essential: true }, family_name: { essential: true }, birthdate: null },
      },
      { trust_framework: TRUST_FRAMEWORK },
    ],
    [
      '5.4, with the time of the check',
      { verification: { trust_framework: null, time: null }, claims: three },
      { trust_framework: TRUST_FRAMEWORK, time },
    ],
    [
      '5.4, with evidence of a document: members that we do not have are left out',
      {
        verification: {
          trust_framework: null,
          time: null,
          evidence: [{ ...document, method: null, document_details: { type: null } }],
        },
        claims: three,
      },
      {
        trust_framework: TRUST_FRAMEWORK,
        time,
        evidence: [{ type: 'document', document_details: { type: 'idcard' } }],
      },
    ],
    [
      '5.4, with members of the document',
      {
        verification: {
          trust_framework: null,
          time: null,
          evidence: [
            {
              ...document,
              method: null,
              document_details: {
                type: null,
                issuer: { country: null, name: null },
                document_number: null,
                date_of_issuance: null,
              },
            },
          ],
        },
        claims: three,
      },
      {
        trust_framework: TRUST_FRAMEWORK,
        time,
        evidence: [{ type: 'document', document_details: { type: 'idcard', document_number: 'D23145890' } }],
      },
    ],
  ])('section %s', (_section, request, verification) => {
    expect(answer(request)).toEqual({ verification, claims: ours })
  })

  it.each([
    ['5.5.1, other trust frameworks', { trust_framework: { values: ['gold', 'silver'] } }],
    [
      '5.5.1, identified in person under a law',
      {
        trust_framework: { value: 'de_aml' },
        evidence: [{ ...document, method: { value: 'pipp' }, document: { type: { values: ['idcard', 'passport'] } } }],
      },
    ],
    [
      '5.5.1, the same in our framework: the method is still not ours',
      { trust_framework: { value: TRUST_FRAMEWORK }, evidence: [{ ...document, method: { value: 'pipp' } }] },
    ],
    ['5.5.2, a check of another framework', { trust_framework: { value: 'jp_aml' }, time: { max_age: 63_113_852 } }],
    ['5.6, an assurance level, which we do not claim', { trust_framework: null, assurance_level: { value: 'high' } }],
  ])('section %s: nothing at all', (_section, verification) => {
    expect(answer({ verification, claims: three })).toBeUndefined()
  })

  it('section 5.5.2: a check that is not older than asked for', () => {
    const request = {
      verification: { trust_framework: { value: TRUST_FRAMEWORK }, time: { max_age: 63_113_852 } },
      claims: three,
    }
    expect(answer(request)).toEqual({ verification: { trust_framework: TRUST_FRAMEWORK, time }, claims: ours })
    const old = { ...person, verifiedAt: new Date('2024-11-01T00:00:00Z') }
    expect(answer(request, old)).toBeUndefined()
  })

  it('section 5.6: each of several requests by itself, those that can be met', () => {
    const level = (values: string[]) => ({ trust_framework: { value: 'eidas' }, assurance_level: { values } })
    expect(
      answer([
        { verification: level(['high']), claims: names },
        { verification: level(['high', 'substantial']), claims: { birthdate: null } },
      ]),
    ).toBeUndefined()
    const either = [
      { verification: { trust_framework: { value: TRUST_FRAMEWORK }, evidence: [document] }, claims: names },
      {
        verification: {
          trust_framework: { values: [TRUST_FRAMEWORK, DEMONSTRATION_FRAMEWORK] },
          evidence: [{ type: { value: 'electronic_record' } }],
        },
        claims: names,
      },
    ]
    expect(answer(either)).toEqual([
      {
        verification: { trust_framework: TRUST_FRAMEWORK, evidence: [{ type: 'document' }] },
        claims: { given_name: 'ADA', family_name: 'LOVELACE' },
      },
    ])
  })

  it('section 5.4: entries of evidence are filters, linked by OR', () => {
    const request = {
      verification: { trust_framework: null, evidence: [{ type: { value: 'electronic_record' } }, document] },
      claims: { given_name: null },
    }
    expect(answer(request)).toMatchObject({ verification: { evidence: [{ type: 'document' }] } })
  })

  it('what names no verification, or no claim, is none', () => {
    for (const wrong of [
      {},
      { claims: names },
      { verification: { trust_framework: null } },
      { verification: { trust_framework: null }, claims: {} },
      { verification: { trust_framework: null, evidence: [] }, claims: names },
      { verification: { trust_framework: 'gold' }, claims: names },
      [],
    ])
      expect(readRequests(wrong)).toBeUndefined()
  })
})
