import { expect, it, vi } from 'vitest'

vi.mock('../../api.ts', () => ({ api: {}, queries: {} }))
vi.mock('@mantine/notifications', () => ({ notifications: {} }))
const { looksLikeNumber } = await import('./identity-form.ts')

it('a number that no document has is noticed, and every way to write a real one is taken', () => {
  for (const text of ['', 'L01X00T47', 'AB 123-456', '12.345.678-9', 'ABC/12345', 'АБ123456', '身A1234567'])
    expect(looksLikeNumber(text), text).toBe(true)
  for (const text of ['abc 123-xyz !!', '???', 'a@b.example', 'X1', '<<<<'])
    expect(looksLikeNumber(text), text).toBe(false)
})
