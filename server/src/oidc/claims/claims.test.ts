import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identityClaims, unmetRequest, type VerifiedPerson } from './identity-claims.ts'
import { consentedNames, consentNameOf, isVerificationRequested, requestedNames } from './verified-claims-request.ts'

const now = new Date('2026-11-24T10:00:00Z')
const ada: VerifiedPerson = {
  name: 'Ada Lovelace',
  givenName: 'ADA',
  familyName: 'LOVELACE',
  birthdate: '1990-12-10',
  documentType: 'PASSPORT',
  documentCountry: 'UTO',
  documentNumber: 'L898902C3',
  documentExpiry: '2031-04-15',
  verifiedAt: new Date('2026-11-20T08:30:00Z'),
  verifier: 'Local verifier',
  reference: 'VD-3TCX-BK',
  isFaceCompared: true,
  isDemonstration: false,
  trust: 'installation',
  evidence: 'document',
}
const ask = (requested: unknown, consented: string[], person: VerifiedPerson | null = ada) =>
  identityClaims({ requested, person: person ?? undefined, consented: new Set(consented), now }).verified_claims
const framework = { verification: { trust_framework: null } }

it('consent to a claim of the verified identity is recorded apart from the account’s own claim of the same name', () => {
  const recorded = [consentNameOf('name'), consentNameOf('birthdate'), 'email', 'name', 'verified_claims']
  expect([...consentedNames(recorded)]).toEqual(['name', 'birthdate'])
  expect([...consentedNames(['name', 'email', 'verified_claims'])]).toEqual([])
})

describe('verified claims', () => {
  it('hold what was asked for, with the verification behind it', () => {
    expect(
      ask({ verification: { trust_framework: null, time: null }, claims: { given_name: null, birthdate: null } }, [
        'given_name',
        'birthdate',
      ]),
    ).toEqual({
      verification: { trust_framework: 'veridoor', time: '2026-11-20T08:30:00Z' },
      claims: { given_name: 'ADA', birthdate: '1990-12-10' },
    })
  })

  it('leave out what the person did not agree to', () => {
    expect(ask({ ...framework, claims: { given_name: null, birthdate: null } }, ['given_name'])).toMatchObject({
      claims: { given_name: 'ADA' },
    })
    expect(ask({ ...framework, claims: { birthdate: null } }, [])).toBeUndefined()
  })

  it('leave out a claim that cannot be given by itself, essential or not (section 5.7.1)', () => {
    const request = { ...framework, claims: { given_name: null, birthdate: { essential: true } } }
    expect(ask(request, ['given_name'])).toMatchObject({ claims: { given_name: 'ADA' } })
    const unknown = { ...framework, claims: { name: null, place_of_birth: { essential: true } } }
    expect(ask(unknown, ['name'])).toMatchObject({ claims: { name: 'Ada Lovelace' } })
    const wrong = { ...framework, claims: { given_name: null, family_name: { value: 'BYRON', essential: true } } }
    expect(ask(wrong, ['given_name', 'family_name'])).toEqual({
      verification: { trust_framework: 'veridoor' },
      claims: { given_name: 'ADA' },
    })
  })

  it('tell of the check what was asked for, by name, and not the rest', () => {
    const told = (evidence: object) =>
      (
        ask({ verification: { trust_framework: null, evidence: [evidence] }, claims: { name: null } }, [
          'name',
          'document',
          'document_number',
        ]) as { verification: { evidence: object[] } } | undefined
      )?.verification.evidence
    const type = { value: 'document' }
    expect(told({ type })).toEqual([{ type: 'document' }])
    expect(told({ type, document_details: { issuer: { country_code: null } } })).toEqual([
      { type: 'document', document_details: { issuer: { country_code: 'UTO' } } },
    ])
    expect(told({ type, check_details: [{ check_method: { value: 'bvr' } }] })).toEqual([
      { type: 'document', check_details: [{ check_method: 'bvr' }] },
    ])
    // Nobody looked at it in person.
    expect(told({ type, check_details: [{ check_method: { value: 'vpip' } }] })).toBeUndefined()
    expect(told({ type, document_details: { date_of_expiry: { max_age: 0 } } })).toBeDefined()
    expect(told({ type, document_details: { date_of_issuance: { max_age: 9e9 } } })).toBeUndefined()
    expect(JSON.stringify(told({ type, document_details: null }))).not.toContain(ada.documentNumber)
  })

  it('cannot be used to find out by trying what the person did not agree to tell', () => {
    const tryOut = (details: object, consented: string[]) =>
      ask(
        {
          verification: {
            trust_framework: null,
            evidence: [{ type: { value: 'document' }, document_details: details }],
          },
          claims: { name: null },
        },
        consented,
      )
    for (const type of ['passport', 'idcard']) expect(tryOut({ type: { value: type } }, ['name'])).toBeUndefined()
    for (const value of [ada.documentNumber, 'X'])
      expect(tryOut({ document_number: { value } }, ['name', 'document'])).toBeUndefined()
    for (const value of ['LOVELACE', 'BYRON'])
      expect(ask({ ...framework, claims: { name: null, family_name: { value } } }, ['name'])).toEqual({
        verification: { trust_framework: 'veridoor' },
        claims: { name: 'Ada Lovelace' },
      })
  })

  it('honour value and values', () => {
    expect(ask({ ...framework, claims: { family_name: { value: 'BYRON' } } }, ['family_name'])).toBeUndefined()
    expect(
      ask({ ...framework, claims: { family_name: { values: ['BYRON', 'LOVELACE'] } } }, ['family_name']),
    ).toBeDefined()
    expect(
      ask({ verification: { trust_framework: { value: 'de_aml' } }, claims: { name: null } }, ['name']),
    ).toBeUndefined()
  })

  it('are omitted when the verification is older than asked for', () => {
    const within = (max_age: number) => ({
      verification: { trust_framework: null, time: { max_age } },
      claims: { name: null },
    })
    expect(ask(within(86_400 * 5), ['name'])).toBeDefined()
    expect(ask(within(86_400), ['name'])).toBeUndefined()
  })

  it('carry evidence when asked for, and the document number only when it is asked for by name and agreed to', () => {
    const request = {
      verification: {
        trust_framework: null,
        evidence: [{ type: { value: 'document' }, document_details: { type: null, document_number: null } }],
      },
      claims: { name: null },
    }
    expect(requestedNames([{ verified_claims: request }])).toEqual(['name', 'document', 'document_number'])
    expect(JSON.stringify(ask(request, ['name', 'document']))).not.toContain(ada.documentNumber)
    expect(JSON.stringify(ask(request, ['name', 'document', 'document_number']))).toContain(ada.documentNumber)
    const plain = {
      verification: { trust_framework: null, evidence: [{ type: { value: 'document' } }] },
      claims: { name: null },
    }
    expect(JSON.stringify(ask(plain, ['name', 'document', 'document_number']))).not.toContain(ada.documentNumber)
    const other = {
      ...plain,
      verification: { ...plain.verification, evidence: [{ type: { value: 'electronic_record' } }] },
    }
    expect(ask(other, ['name', 'document'])).toBeUndefined()
  })

  it('tell an age without the birth date, to the day', () => {
    const checkedAt = (day: string) =>
      identityClaims({
        requested: { ...framework, claims: { age_over_36: null } },
        person: ada,
        consented: new Set(['age_over_36']),
        now: new Date(`${day}T12:00:00Z`),
      }).verified_claims
    expect(checkedAt('2026-12-09')).toMatchObject({ claims: { age_over_36: false } })
    expect(checkedAt('2026-12-10')).toMatchObject({ claims: { age_over_36: true } })
    expect(JSON.stringify(checkedAt('2026-12-10'))).not.toContain('1990')
  })

  it('answer an array with an array of those that can be met', () => {
    const requests = [
      { ...framework, claims: { given_name: null } },
      { verification: { trust_framework: { value: 'de_aml' } }, claims: { name: null } },
    ]
    expect(ask(requests, ['given_name', 'name'])).toHaveLength(1)
    expect(ask({ any_of: requests }, ['given_name', 'name'])).toHaveLength(1)
  })

  it('name a demonstration as one', () => {
    const request = { ...framework, claims: { name: null } }
    expect(ask(request, ['name'], { ...ada, isDemonstration: true })).toMatchObject({
      verification: { trust_framework: 'veridoor_demonstration' },
    })
  })

  it('ask for a verification when a claim of theirs is essential', () => {
    expect(isVerificationRequested({ verified_claims: { ...framework, claims: { name: { essential: true } } } })).toBe(
      true,
    )
    expect(isVerificationRequested({ verified_claims: { ...framework, claims: { name: null } } })).toBe(false)
    expect(isVerificationRequested(undefined)).toBe(false)
  })

  it('that are essential and cannot be met are told from those that are only missing', () => {
    const essential = { name: { essential: true } }
    const unmet = (verification: object, claims: object = essential) =>
      unmetRequest({ verified_claims: { verification: { trust_framework: null, ...verification }, claims } }, ada, now)
    expect(unmet({})).toBe(false)
    expect(unmet({ time: { max_age: 86_400 } })).toBe(true)
    expect(unmet({ time: { max_age: 86_400 * 5 } })).toBe(false)
    expect(unmet({ trust_framework: { value: 'de_aml' } })).toBe(true)
    expect(unmet({ trust_framework: { values: ['de_aml', 'veridoor'] } })).toBe(false)
    expect(unmet({ assurance_level: { value: 'high' } })).toBe(true)
    expect(unmet({ evidence: [{ type: { value: 'electronic_record' } }] })).toBe(true)
    expect(unmet({}, { family_name: { essential: true, value: 'BYRON' } })).toBe(true)
    expect(unmet({}, { family_name: { essential: true, values: ['BYRON', 'LOVELACE'] } })).toBe(false)
    expect(unmet({}, { age_over_21: { essential: true, value: true } })).toBe(false)
    expect(unmet({}, { age_over_60: { essential: true, value: true } })).toBe(true)
    // Missing claims are no error, essential or not (OpenID Connect Core 1.0, section 5.5.1).
    expect(unmet({}, { place_of_birth: { essential: true } })).toBe(false)
    // Nothing here is essential: it is left out of the answer, and nobody is stopped.
    expect(unmet({ time: { max_age: 1 } }, { name: null })).toBe(false)
    // Of alternatives one is enough.
    const one = (time: object) => ({ verification: { trust_framework: null, time }, claims: essential })
    const either = { verified_claims: { any_of: [one({ max_age: 1 }), one({ max_age: 86_400 * 5 })] } }
    expect(unmetRequest(either, ada, now)).toBe(false)
    expect(unmetRequest(undefined, ada, now)).toBe(false)
  })

  it('never leave without being requested and agreed to, and never for somebody unverified', () => {
    const names = ['name', 'given_name', 'family_name', 'birthdate', 'age_over_18', 'nationalities']
    const request = fc.record({
      verification: fc.record(
        {
          trust_framework: fc.constantFrom(null, { value: 'veridoor' }),
          time: fc.constantFrom(null, { max_age: 1 }, { max_age: 10_000_000 }),
          evidence: fc.constant([{ type: { value: 'document' }, document_details: { document_number: null } }]),
        },
        { requiredKeys: [] },
      ),
      claims: fc.dictionary(fc.constantFrom(...names), fc.constantFrom(null, { essential: true }), { minKeys: 1 }),
    })
    fc.assert(
      fc.property(
        fc.oneof(request, fc.array(request, { minLength: 1, maxLength: 3 })),
        fc.subarray([...names, 'document', 'document_number']),
        fc.boolean(),
        (requested, consented, isVerified) => {
          const out = ask(requested, consented, isVerified ? ada : null)
          if (!isVerified && out !== undefined) return false
          const list = (out === undefined ? [] : Array.isArray(out) ? out : [out]) as { claims: object }[]
          const asked = new Set(
            (Array.isArray(requested) ? requested : [requested]).flatMap((one) => Object.keys(one.claims)),
          )
          const text = JSON.stringify(list)
          return (
            list.every(({ claims }) =>
              Object.keys(claims).every((name) => asked.has(name) && consented.includes(name)),
            ) &&
            (!text.includes(ada.documentNumber) || consented.includes('document_number')) &&
            (!text.includes('1990-12-10') || consented.includes('birthdate'))
          )
        },
      ),
      { numRuns: 1000 },
    )
  })
})
