import { describe, expect, it } from 'vitest'
import { brandColours, contrast } from './brand-colour.ts'

/** A fifth of the way at a time through all colours. */
const steps = ['00', '33', '66', '99', 'cc', 'ff']
const colours = steps.flatMap((red) => steps.flatMap((green) => steps.map((blue) => `#${red}${green}${blue}`)))

describe('an organization’s colour', () => {
  it('can be read as text and as ground, whatever it is, in both schemes', () => {
    for (const colour of colours) {
      const found = brandColours(colour) ?? {}
      const colourOf = (name: string): string => found[`--brand-${name}`] ?? ''
      for (const [scheme, grounds] of [
        ['light', ['#f7f8fa', '#ffffff']],
        ['dark', ['#0e1217', '#161b22']],
      ] as const) {
        for (const ground of grounds)
          expect(contrast(colourOf(scheme), ground), `${colour} ${scheme}`).toBeGreaterThanOrEqual(4.5)
        for (const shade of [scheme, `${scheme}-hover`])
          expect(contrast(colourOf(`${scheme}-text`), colourOf(shade)), `${colour} ${shade}`).toBeGreaterThanOrEqual(
            4.5,
          )
      }
    }
  })

  it('stays as it is where it can be read already', () => {
    expect(brandColours('#7A1FA2')?.['--brand-light']).toBe('#7a1fa2')
    expect(brandColours('#ffcc00')?.['--brand-dark']).toBe('#ffcc00')
  })

  it('that is none changes nothing', () => {
    for (const text of ['', 'red', '#fff', 'url(x)', '#12345g']) expect(brandColours(text)).toBeUndefined()
  })

  it('contrast is as the standard has it', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  })
})
