import { expect, it } from 'vitest'
import { signalSentence } from './review-signals.ts'

it('a signal is a sentence for the reviewer; every other reason stays as it came', () => {
  expect(signalSentence('signal:screen_pattern')).toMatch(/^A fine grid lies over the whole page/)
  expect(signalSentence('signal:of_tomorrow')).toBe('signal:of_tomorrow')
  expect(signalSentence('liveness:not_assessed')).toBe('liveness:not_assessed')
})
