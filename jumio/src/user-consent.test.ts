import { describe, expect, it } from 'vitest'
import { type AccountRequest, checkAccount, checkPerform, JumioError, type UserConsent } from './index.ts'

const base: UserConsent = {
  userIp: '2001:db8::7',
  userLocation: { country: 'USA', state: 'CA' },
  consent: { obtained: 'yes', obtainedAt: '2026-11-24T12:00:00Z' },
}
const fieldsOf = (call: () => unknown): readonly string[] => {
  try {
    call()
    return []
  } catch (error) {
    return error instanceof JumioError && error.code === 'invalid_input' ? error.fields : ['another error']
  }
}
const account = (userConsent: UserConsent): AccountRequest => ({
  customerInternalReference: 'case',
  workflowDefinition: { key: 10164 },
  userConsent,
})

describe('a consent', () => {
  it('that is whole is taken, in either generation', () => {
    const picture = { frontsideImage: 'AAAA', country: 'USA', idType: 'PASSPORT' as const }
    expect(checkAccount(account(base), false).userConsent).toEqual(base)
    const sent = checkPerform({ merchantIdScanReference: 'case', ...picture, userConsent: base }, false)
    expect(sent.userConsent).toEqual(base)
    const elsewhere = { userIp: '203.0.113.7', userLocation: { country: 'AUT' } }
    expect(checkAccount(account(elsewhere), false).userConsent).toEqual(elsewhere)
  })

  it('is refused by the names of its fields, before anything is sent', () => {
    const cases: readonly [UserConsent, string][] = [
      [{ ...base, userIp: 'somewhere' }, 'userConsent.userIp'],
      [{ ...base, userLocation: { country: 'USA', state: 'California' } }, 'userConsent.userLocation.state'],
      [{ ...base, userLocation: { country: 'US' } }, 'userConsent.userLocation.country'],
      [{ userIp: base.userIp, userLocation: { country: 'USA' } }, 'userConsent.consent'],
      [{ ...base, consent: { obtained: 'yes' } }, 'userConsent.consent.obtainedAt'],
      [{ ...base, consent: { obtained: 'yes', obtainedAt: 'yesterday' } }, 'userConsent.consent.obtainedAt'],
    ]
    for (const [consent, field] of cases) expect(fieldsOf(() => checkAccount(account(consent), false))).toEqual([field])
  })
})
