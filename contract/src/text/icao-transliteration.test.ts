import { describe, expect, it } from 'vitest'
import { agrees, lettersOf, newBudget } from './agreement.ts'
import {
  arabicTransliterations,
  cyrillicTransliterations,
  latinTransliterations,
  transliterate,
  transliterationsOf,
} from './icao-transliteration.ts'

const agreeing = (a: string, b: string): boolean | undefined => agrees(lettersOf(a), lettersOf(b), newBudget())

describe('the tables of ICAO 9303-3, section 6', () => {
  it('write every character in A to Z', () => {
    for (const table of [latinTransliterations, cyrillicTransliterations, arabicTransliterations])
      for (const [character, ways] of Object.entries(table)) {
        expect([...character]).toHaveLength(1)
        expect(ways.length).toBeGreaterThan(0)
        for (const way of ways) expect(way).toMatch(character === 'Ь' ? /^$/ : /^[A-Z]+$/)
      }
  })

  it('hold every precomposed letter of Latin-1 and Latin Extended-A', () => {
    for (let code = 0xc0; code <= 0x17f; code += 1) {
      const character = String.fromCodePoint(code)
      if (/\p{L}/u.test(character) && character !== '\u0149')
        expect([character, transliterationsOf(character)]).not.toEqual([character, []])
    }
  })

  it('hold the letters of Russian, Ukrainian, Belarusian, Bulgarian, Serbian, Macedonian, Arabic, Persian, Urdu and Pashto', () => {
    const alphabets = [
      'абвгдеёжзийклмнопрстуфхцчшщъыьэюя',
      'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя',
      'абвгдеёжзійклмнопрстуўфхцчшыьэюя',
      'абвгдђежзијклљмнњопрстћуфхцчџш',
      'абвгдѓежзѕијклљмнњопрстќуфхцчџш',
      'ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويى',
      'پچژکگیٹڈڑںھہےټځڅډړږښڼۍې',
    ]
    for (const character of alphabets.join(''))
      expect([character, transliterationsOf(character).length > 0]).toEqual([character, true])
  })
})

describe('transliterate', () => {
  it('writes the examples of the standard', () => {
    expect(transliterate('Иван Müller')).toBe('IVAN MUELLER')
    expect(transliterate('Щукин')).toBe('SHCHUKIN')
    expect(transliterate('Þórður Ægisson')).toBe('THORDUR AEGISSON')
    expect(transliterate('محمود عبد الرحيم')).toBe('MXHMWD EBD ALRXHYM')
    expect(transliterate('فاطمة')).toBe('FAXTTMXAH')
    expect(transliterate('Nguyễn Thị Ế')).toBe('NGUYEN THI E')
  })
})

describe('two spellings agree', () => {
  it.each([
    ['Müller', 'MUELLER'],
    ['Müller', 'MULLER'],
    ['Müller', 'MUXXLLER'],
    ['Ñandú', 'NXXANDU'],
    ['Guðrún Sigurðardóttir', 'GUDRUN SIGURDARDOTTIR'],
    ['Guðrún', 'GUDHRUN'],
    ['Straße', 'STRASSE'],
    ['STRAẞE', 'Straße'],
    ['Ångström', 'AANGSTROEM'],
    ['Ionuț Mureșan', 'Ionuţ Mureşan'],
    ['IŞIK', 'ışık'],
    ['İbrahim', 'ibrahim'],
    ['Петров', 'PETROV'],
    ['Горбачёв', 'Горбачев'],
    ['Гриценко', 'HRYTSENKO'],
    ['Ђорђевић', 'DORDEVIC'],
    ['Đorđević', 'DJORDJEVIC'],
    ['Наталья', 'NATALIA'],
    ['محمّد', 'MXHMMD'],
    ['محمد', 'محمّد'],
    ['Ǿrsted', 'OERSTED'],
  ])('%s and %s', (a, b) => {
    expect(agreeing(a, b)).toBe(true)
    expect(agreeing(b, a)).toBe(true)
  })

  it.each([
    ['Müller', 'MOLLER'],
    ['Петров', 'PETROVA'],
    ['Guðrún', 'GUTRUN'],
    ['', 'A'],
    ['王伟', 'WANG WEI'],
    ['王伟', '王芳'],
  ])('but not %s and %s', (a, b) => {
    expect(agreeing(a, b)).toBe(false)
  })

  it('leaves a comparison that no name needs undecided, in bounded time', () => {
    const long = lettersOf('Ä'.repeat(5000))
    const from = performance.now()
    expect(agrees(long, lettersOf(`${'AE'.repeat(2500)}${'A'.repeat(2499)}B`), newBudget())).not.toBe(true)
    expect(performance.now() - from).toBeLessThan(3000)
  })
})
