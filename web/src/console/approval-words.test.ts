import { describe, expect, it } from 'vitest'
import { approvalWords, destinationLines, verificationMark } from './approval-words.ts'
import { toFields } from './schema-fields.ts'

const fields = toFields({
  properties: {
    endpoint: { type: 'string', title: 'Endpoint' },
    region: { type: 'string', title: 'Data centre', enum: ['us', 'eu'], labels: { us: 'United States', eu: 'Europe' } },
  },
})

describe('the destination of a provider', () => {
  it('reads with the titles and labels of its form', () => {
    expect(destinationLines(['region eu', 'endpoint https://api.example.com'], fields)).toEqual([
      'Data centre: Europe',
      'Endpoint: https://api.example.com',
    ])
  })
  it('keeps values with spaces, settings without a title, and values without a label', () => {
    expect(destinationLines(['office second floor', 'region mars'], fields)).toEqual([
      'office: second floor',
      'Data centre: mars',
    ])
  })
  it('leaves out settings without a value', () => {
    expect(destinationLines(['endpoint ', 'endpoint'], fields)).toEqual([])
  })
})

describe('the words of an approval', () => {
  it('differ, and end in a full stop', () => {
    const [yes, no] = [approvalWords(true), approvalWords(false)]
    expect([yes.badge, no.badge]).toEqual(['Approved by the installation', 'Not approved'])
    for (const { meaning } of [yes, no]) expect(meaning).toMatch(/^[A-Z].+\.$/)
    expect(yes.meaning).not.toBe(no.meaning)
  })
})

describe('the mark of a verification', () => {
  const decided = {
    state: 'verified',
    isTest: false,
    trust: 'organization',
    person: { organization: 'clinic' },
  } as const
  it('is there where somebody was verified by a provider that was not approved', () => {
    expect(verificationMark(decided)).toBe("Verified by clinic's own provider")
  })
  it('is left out for tests, other states and approved providers', () => {
    expect(verificationMark({ ...decided, isTest: true })).toBeNull()
    for (const state of ['review', 'rejected', 'waiting']) expect(verificationMark({ ...decided, state })).toBeNull()
    for (const trust of ['installation', null] as const) expect(verificationMark({ ...decided, trust })).toBeNull()
  })
})
