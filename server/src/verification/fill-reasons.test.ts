import { readSentence, readStaffSentence, type SentenceCode, sentences } from '@veridoor/contract'
import { describe, expect, it } from 'vitest'
import { fillReason, type ReasonContext } from './fill-reasons.ts'

const context: ReasonContext = {
  claim: { realName: 'Ada Lovelace', number: 'X1234567', type: 'ID_CARD', country: 'AUT' },
  document: { type: 'PASSPORT', country: 'DEU', number: 'X1234567', expiry: '2024-02-29' },
  settings: { documentTypes: ['PASSPORT', 'ID_CARD'], countries: ['DEU', 'AUT'] },
}
const bare: ReasonContext = {
  claim: { realName: '', number: '', type: '', country: '' },
  document: {},
  settings: { documentTypes: [], countries: [] },
}
const outcomes = Object.entries(sentences)
  .filter(([code, { group }]) => group !== 'start' && group !== 'field' && code !== 'test_finished')
  .map(([code]) => code as SentenceCode)

describe('reasons of a finding', () => {
  it.each(outcomes)('%s is told whole, whatever is known', (code) => {
    for (const known of [context, bare]) {
      const filled = fillReason(code, known)
      const { title, body } = readSentence(filled.code, filled.values)
      for (const text of [title, body]) expect(text).not.toMatch(/[{}]|undefined|this country /)
      expect(body).not.toBe('')
      if (code !== 'rejected_by_person') expect(readStaffSentence(filled.code, filled.values)).not.toMatch(/[{}]/)
    }
  })

  it('name what was chosen, what was sent and what is accepted', () => {
    const told = (code: SentenceCode): string => {
      const filled = fillReason(code, context)
      return readSentence(filled.code, filled.values).body
    }
    expect(told('type_or_country_differs')).toBe('You chose an ID card from Austria, but sent a passport from Germany.')
    expect(told('document_expired')).toContain('It was valid until 29 February 2024.')
    expect(told('wrong_country')).toBe('You can use an ID from Austria or Germany.')
    expect(told('document_unsupported')).toBe('You can use a passport or an ID card.')
  })

  it('of an unknown code are a case for a reviewer', () => {
    expect(fillReason('made_up', context).code).toBe('under_review')
    expect(fillReason('toString', context).code).toBe('under_review')
  })
})
