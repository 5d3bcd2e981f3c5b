import { expect, it } from 'vitest'
import { signalNames, signalSentence } from './review-signals.ts'

it('every signal is a sentence for the reviewer, and other reasons are no signals', () => {
  for (const name of signalNames) expect(signalSentence(`signal:${name}`), name).toMatch(/^[A-Z][^{}_]+[.?]$/)
  expect(signalSentence('signal:unknown')).toBeUndefined()
  expect(signalSentence('liveness:not_assessed')).toBeUndefined()
})
