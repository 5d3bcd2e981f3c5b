import { describe, expect, it } from 'vitest'
import { ownProviderMark } from './own-provider.ts'

describe('the mark of an organization’s own provider', () => {
  it('names the organization where the installation had not approved the provider', () => {
    expect(ownProviderMark('organization', 'Clinic')).toBe("Verified by Clinic's own provider")
  })
  it('is left out where the installation answers, and before a decision', () => {
    expect(ownProviderMark('installation', 'Clinic')).toBeNull()
    expect(ownProviderMark(null, 'Clinic')).toBeNull()
  })
})
