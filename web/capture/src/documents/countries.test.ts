import { describe, expect, it } from 'vitest'
import { countryName, countryOfLocale, normalizeText, searchTexts } from './countries.ts'

describe('countries', () => {
  it('have names in the language of the page', () => {
    expect(countryName('DEU', 'en')).toBe('Germany')
    expect(countryName('DEU', 'fr')).toBe('Allemagne')
    expect(countryName('XKX', 'en')).toBe('Kosovo')
    expect(countryName('QQQ', 'en')).toBe('QQQ')
  })

  it('are found by their name here, in English and at home', () => {
    for (const typed of ['deutschland', 'germany', 'alemania', 'deu'])
      expect(
        searchTexts('DEU', 'es').some((text) => text.startsWith(typed)),
        typed,
      ).toBe(true)
    expect(searchTexts('CIV', 'en').some((text) => text.includes(normalizeText('Cote d Ivoire')))).toBe(true)
  })

  it('are guessed from the setting of the browser', () => {
    expect(countryOfLocale('de-AT')).toBe('AUT')
    expect(countryOfLocale('de')).toBeNull()
  })
})
