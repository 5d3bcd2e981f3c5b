import { matchClaim } from '@veridoor/providers'
import { describe, expect, it } from 'vitest'
import type { FinalFinding } from './decide.ts'
import { matchOf, nameToSeal } from './review-verification.ts'

const claim = { realName: 'Ada Lovelace', number: 'L898902C36', type: 'PASSPORT', country: 'UTO' }
const then = new Date('2026-11-20T00:00:00Z')
const finding = (document: Partial<FinalFinding['document']>): FinalFinding => ({
  state: 'final',
  outcome: 'review',
  nothingSent: false,
  reasons: [],
  staffReasons: [],
  checks: { document: 'pass', readable: 'unclear', face: 'pass', liveness: 'pass' },
  document: { type: 'PASSPORT', country: 'UTO', number: 'L898902C36', expiry: '2026-12-24', ...document },
  specimen: false,
  echoed: { verificationReference: null, subjectReference: null },
})
/** As a version before kept it: half a name was another one. */
const keptBefore = (found: FinalFinding) => {
  const match = matchClaim(claim, found.document, then)
  return { finding: found, match: { ...match, fields: { ...match.fields, name: 'different' as const } } }
}

describe('a finding that waits for a person', () => {
  it('is compared by the rules of now in its name, and as it was when it came in the rest', () => {
    const later = new Date('2027-01-15T00:00:00Z')
    const { fields } = matchOf(keptBefore(finding({ lastName: 'LOVELACE' })), claim, later)
    expect(fields.name).toBe('close')
    expect(fields.expiry).toBe('same')
    expect(matchOf(keptBefore(finding({ lastName: 'HOPPER' })), claim, later).fields.name).toBe('different')
    expect(matchOf({ finding: finding({}), match: null }, claim, later).fields.expiry).toBe('different')
  })

  it('is sealed with its name as printed where all of it was read, else with the claimed one', () => {
    expect(nameToSeal({ firstName: 'ADA AUGUSTA', lastName: 'LOVELACE' }, claim)).toBe('ADA AUGUSTA LOVELACE')
    expect(nameToSeal({ lastName: 'LOVELACE' }, claim)).toBe('Ada Lovelace')
    expect(nameToSeal({ firstName: '-', lastName: 'LOVELACE' }, claim)).toBe('Ada Lovelace')
  })
})
