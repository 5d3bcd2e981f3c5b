import { describe, expect, it } from 'vitest'
import { sentences } from '../../contract/src/sentences.ts'
import { sentence } from './sentences.ts'

describe('sentences', () => {
  it('fill their places, and leave no bracket for a person to read', () => {
    for (const code of Object.keys(sentences)) {
      const { title, body, actions } = sentence(code)
      expect([title, body, ...actions].join(' '), code).not.toMatch(/[{}]/)
    }
  })

  it('write dates long', () => {
    expect(sentence('already_verified', { date: '2026-11-24' }).body).toContain('24 November 2026')
  })

  it('fall back to our own fault for a code of tomorrow', () => {
    expect(sentence('made_up').title).toBe('The check was cut off')
  })
})
