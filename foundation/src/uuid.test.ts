import { expect, it } from 'vitest'
import { isUuid } from './uuid.ts'

it('only what the database takes as an id is one', () => {
  expect(isUuid('9B2F7C1E-0a4d-4c56-8f10-1d2e3f4a5b6c')).toBe(true)
  for (const other of [
    '',
    '-'.repeat(36),
    '9b2f7c1e0a4d4c568f101d2e3f4a5b6c',
    '9b2f7c1e-0a4d-4c56-8f10-1d2e3f4a5b6c ',
    'x'.repeat(36),
  ])
    expect(isUuid(other), other).toBe(false)
})
