import { expect, it, vi } from 'vitest'
import { altered } from '../../bench/altered.ts'
import { assess } from '../assess.ts'
import { photographed, renderPassport } from '../specimen/index.ts'

vi.setConfig({ testTimeout: 240_000 })

it('a digit that stands off its line goes to a person, and a zone as it was printed does not', async () => {
  const page = await renderPassport({
    surname: 'Lovelace',
    givenNames: 'Ada',
    number: 'L898902C3',
    dateOfBirth: '1990-12-10',
    expiry: '2031-04-15',
    sex: 'F',
  })
  const today = new Date('2026-11-25')
  const look = async (bytes: Uint8Array) =>
    assess({
      front: await photographed(bytes, { width: 1400, turn: 2, tilt: { vertical: 7 }, blur: 0.5, seed: 8 }),
      today,
    })
  const printed = await look(page)
  expect(printed.copies.baselineShift).toBe('not_found')
  expect(printed.document.signals).not.toContain('mrz_baseline_shift')
  // The second digit of the year of birth, moved by two pixels of 39.
  const moved = await look(await altered(page, 14, 'moved'))
  expect(moved.copies.baselineShift).toBe('found')
  expect(moved.document.signals).toContain('mrz_baseline_shift')
  expect(moved.verdict).toBe('review')
})
