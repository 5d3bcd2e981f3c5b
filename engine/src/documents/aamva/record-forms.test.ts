import { describe, expect, it } from 'vitest'
import { parseAamva } from './parse.ts'
import { recordForms } from './record-forms.fixture.ts'

describe('a record as issuers and scanners write it', () => {
  it.each(recordForms.map(({ form, text, expected }) => [form, text, expected] as const))(
    '%s',
    (_form, text, expected) => {
      expect(parseAamva(text)).toMatchObject(expected)
    },
  )

  it('is covered in at least 63 forms, each of which tells the holder', () => {
    expect(recordForms.length).toBeGreaterThanOrEqual(63)
    for (const { text } of recordForms) expect(parseAamva(text)?.lastName).toBeTruthy()
  })
})

describe('text of any length and content', () => {
  it('is read in bounded time and memory', () => {
    const from = performance.now()
    for (const text of [
      `@\n\x1e\rANSI 636000080001${'DL00410278'.repeat(200_000)}`,
      `@\n\x1e\rANSI 636000080001DL00410278DL${'DCSA\n'.repeat(500_000)}`,
      `${' '.repeat(3_000_000)}@\nANSI 636000080001`,
      `@\n\x1e\rANSI 6360000101DL00410278DLDAA${'A '.repeat(1_000_000)}`,
      '@'.repeat(5_000_000),
    ])
      parseAamva(text)
    expect(performance.now() - from).toBeLessThan(1000)
  })
})
