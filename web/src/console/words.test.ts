import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { actionChoices, actionText, changeText, checkResultText, checkText, durationText } from './words.ts'

const server = fileURLToPath(new URL('../../../server/src/', import.meta.url))
const written = new Set(
  globSync('**/*.ts', { cwd: server })
    .flatMap((file) => [
      ...readFileSync(server + file, 'utf8').matchAll(/\baction: (?:[^,'\n]*\? )?'([a-z-]+)'(?: : '([a-z-]+)')?/g),
    ])
    .flatMap(([, first = '', second]) => (second ? [first, second] : [first])),
)

describe('the words of the console', () => {
  it('exist for every action that the server writes to the audit log', () => {
    expect(written.size).toBeGreaterThan(20)
    expect(written).toContain('withdraw-provider-approval')
    const known = new Set(actionChoices.map(({ value }) => value))
    expect([...written].filter((action) => !known.has(action))).toEqual([])
  })

  it('say what changed', () => {
    expect(changeText('waiting', 'checking', 'ok')).toBe('Waiting for person → Checking')
    expect(changeText(null, 'created', 'ok')).toBe('Created')
    expect(actionText('of-tomorrow')).toBe('of tomorrow')
  })

  it('name checks and their results', () => {
    for (const check of ['document', 'readable', 'face', 'liveness']) expect(checkText(check)).toMatch(/^[A-Z].* .*/)
    for (const result of ['pass', 'fail', 'unclear', 'not_assessed']) expect(checkResultText(result)).not.toMatch(/_/)
  })

  it('write durations', () => {
    expect([0, 44_600, 60_000, 200_000, 7_500_000].map(durationText)).toEqual([
      '0 s',
      '45 s',
      '1 min',
      '3 min 20 s',
      '2 h 5 min',
    ])
  })
})
