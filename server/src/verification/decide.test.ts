import type { CheckResult } from '@veridoor/providers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide, type FinalFinding, type Policy } from './decide.ts'

const claim = { realName: 'Ada Lovelace', number: 'L898902C36', type: 'PASSPORT', country: 'UTO' }
const finding = (checks: Partial<FinalFinding['checks']> = {}): FinalFinding => ({
  state: 'final',
  outcome: 'approved',
  nothingSent: false,
  reasons: [],
  staffReasons: [],
  checks: { document: 'pass', readable: 'pass', face: 'pass', liveness: 'pass', ...checks },
  document: {
    type: 'PASSPORT',
    country: 'UTO',
    number: 'L898902C36',
    firstName: 'ADA',
    lastName: 'LOVELACE',
    expiry: '2031-04-15',
  },
  specimen: false,
  echoed: { verificationReference: null, subjectReference: null },
})
const policy: Policy = {
  faceRequired: true,
  livenessRequired: true,
  demonstration: false,
  today: new Date('2026-11-25'),
  isDocumentKnown: false,
}

describe('liveness', () => {
  it('that nobody assessed leads to a person, unless the operator accepts what that means', () => {
    const unseen = finding({ liveness: 'not_assessed' })
    const strict = decide(unseen, claim, policy)
    expect([strict.state, strict.staffReasons]).toEqual(['review', ['liveness:not_assessed']])
    expect(decide(unseen, claim, { ...policy, livenessRequired: false }).state).toBe('verified')
  })

  it('that failed or is unclear is never accepted', () => {
    for (const liveness of ['fail', 'unclear'] as const)
      expect(decide(finding({ liveness }), claim, { ...policy, livenessRequired: false }).state).toBe('review')
  })
})

it('a document that another account has is a review like any other for the person; staff are told', () => {
  const decision = decide(finding(), claim, { ...policy, isDocumentKnown: true })
  expect(decision).toMatchObject({ state: 'review', staffReasons: ['duplicate_identity'] })
  expect(decision.reasons).toEqual([{ code: 'under_review', values: {} }])
})

it('a review by the provider tells staff what differs from the claim', () => {
  const decision = decide({ ...finding(), outcome: 'review' }, { ...claim, number: 'X1' }, policy)
  expect(decision).toMatchObject({ state: 'review', staffReasons: ['number:different'] })
})

it('an outcome that nobody knows is for a human', () => {
  const unknown = { ...finding(), outcome: 'maybe' as FinalFinding['outcome'] }
  expect(decide(unknown, claim, policy)).toMatchObject({ state: 'review', staffReasons: ['outcome:unknown'] })
})

it('verified takes every check that is needed, whatever the others say', () => {
  const result = fc.constantFrom<CheckResult>('pass', 'fail', 'unclear', 'not_assessed')
  fc.assert(
    fc.property(
      fc.record({ document: result, readable: result, face: result, liveness: result }),
      fc.boolean(),
      fc.boolean(),
      (checks, faceRequired, livenessRequired) => {
        const { state } = decide(finding(checks), claim, { ...policy, faceRequired, livenessRequired })
        const live = checks.liveness === 'pass' || (!livenessRequired && checks.liveness === 'not_assessed')
        const face = !faceRequired || (checks.face === 'pass' && live)
        expect(state).toBe(checks.document === 'pass' && checks.readable === 'pass' && face ? 'verified' : 'review')
      },
    ),
  )
})
