import fc from 'fast-check'
import { expect, it } from 'vitest'
import { brandColours, contrast } from './brand-colour.ts'

const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

it("a company's colour can be read in both schemes, as text and under it", () => {
  fc.assert(
    fc.property(colour, fc.constantFrom('light', 'dark' as const), (color, scheme) => {
      const colours = brandColours(color, scheme)
      const grounds = scheme === 'light' ? ['#ffffff', '#f7f8fa', '#eef0f4'] : ['#0e1217', '#161b22', '#0a0d11']
      for (const ground of grounds) expect(contrast(colours?.brand ?? '', ground)).toBeGreaterThanOrEqual(4.5)
      expect(contrast(colours?.brand ?? '', colours?.onBrand ?? '')).toBeGreaterThanOrEqual(4.5)
    }),
  )
})

it('a colour that is far enough from the ground stays as it was given, and what is none changes nothing', () => {
  expect(brandColours('#7a0f3c', 'light')?.brand).toBe('#7a0f3c')
  for (const text of ['', 'red', '#fff', 'url(x)']) expect(brandColours(text, 'light')).toBeNull()
})
