import { describe, expect, it } from 'vitest'
import { providerFaultWords, staffReasonSentence } from './staff-reasons.ts'

const fields = ['name', 'number', 'type', 'country', 'expiry'].flatMap((field) =>
  ['close', 'different', 'absent'].map((result) => `${field}:${result}`),
)
const checks = ['document', 'readable', 'face', 'liveness'].flatMap((check) =>
  ['fail', 'unclear', 'not_assessed'].map((result) => `${check}:${result}`),
)
const others = [
  ...Object.keys(providerFaultWords).map((fault) => `provider:${fault}`),
  ...['rejected', 'retry', 'review', 'expired'].map((outcome) => `late:${outcome}`),
  ...['not ready', 'document not accepted', 'quota reached', 'timeout'].map((why) => `admin/idv: ${why}`),
  'duplicate_identity',
  'outcome:unknown',
  'provider removed',
  'no result within the schedule',
  'interrupted before the provider answered',
]

describe('reasons for staff', () => {
  it.each([...fields, ...checks, ...others].filter((code) => code !== 'expiry:close'))(
    '%s is a sentence without a code',
    (code) => {
      const sentence = staffReasonSentence(code)
      expect(sentence).toMatch(/^[A-Za-z].+\.$/)
      expect(sentence).not.toMatch(/[{}[\]]|_|undefined|no description/)
    },
  )

  it('takes the words of the provider type for its own codes', () => {
    expect(staffReasonSentence('213', { '213': 'The provider asks for a manual check.' })).toBe(
      'The provider asks for a manual check.',
    )
  })

  it('says of an unknown code that it has no description', () => {
    expect(staffReasonSentence('SOME_LABEL')).toBe('The provider reported “some label”, which has no description here.')
    expect(staffReasonSentence('constructor', {})).toContain('no description')
  })
})
