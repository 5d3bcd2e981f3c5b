/**
 * The transliterations that ICAO Doc 9303-3 (eighth edition, 2021), section 6, recommends to States for the machine readable
 * zone. A document shows `Müller` in its visual inspection zone and `MUELLER` in its MRZ: both are the same name. Every letter
 * has a list of alternatives over A to Z, the recommended one first. No I/O and no dependency, so that every room can use it.
 */

/** Section 6, table A: multinational Latin-based characters, upper case. `NXX` and `UXX` keep the diacritical mark apart. */
export const latinTransliterations: Readonly<Record<string, readonly string[]>> = {
  Ä: ['AE', 'A'],
  Å: ['AA', 'A'],
  Æ: ['AE'],
  Ð: ['D'],
  Ñ: ['N', 'NXX'],
  Ö: ['OE', 'O'],
  Ø: ['OE'],
  Ü: ['UE', 'UXX', 'U'],
  Þ: ['TH'],
  Đ: ['D'],
  Ħ: ['H'],
  ı: ['I'],
  İ: ['I'],
  Ĳ: ['IJ'],
  Ŀ: ['L'],
  Ł: ['L'],
  Ŋ: ['N'],
  Œ: ['OE'],
  Ŧ: ['T'],
  ẞ: ['SS'],
  ß: ['SS'],
  ...plain('A', 'ÀÁÂÃĀĂĄ'),
  ...plain('C', 'ÇĆĈĊČ'),
  ...plain('D', 'Ď'),
  ...plain('E', 'ÈÉÊËĒĔĖĘĚ'),
  ...plain('G', 'ĜĞĠĢ'),
  ...plain('H', 'Ĥ'),
  ...plain('I', 'ÌÍÎÏĨĪĬĮ'),
  ...plain('J', 'Ĵ'),
  ...plain('K', 'Ķ'),
  ...plain('L', 'ĹĻĽ'),
  ...plain('N', 'ŃŅŇ'),
  ...plain('O', 'ÒÓÔÕŌŎŐ'),
  ...plain('R', 'ŔŖŘ'),
  ...plain('S', 'ŚŜŞŠ'),
  ...plain('T', 'ŢŤ'),
  ...plain('U', 'ÙÚÛŨŪŬŮŰŲ'),
  ...plain('W', 'Ŵ'),
  ...plain('Y', 'ÝŶŸ'),
  ...plain('Z', 'ŹŻŽ'),
}

/**
 * Section 6, table B: Cyrillic characters, upper case. The first alternative is the general one; the others belong to single
 * languages (the language is in the comment) or to the beginning of a Ukrainian word.
 */
export const cyrillicTransliterations: Readonly<Record<string, readonly string[]>> = {
  Ё: ['E', 'IO'], // Belarusian IO
  Ђ: ['D'],
  Є: ['IE', 'YE'], // YE at the beginning of a Ukrainian word
  Ѕ: ['DZ'],
  І: ['I'],
  Ї: ['I', 'YI'], // YI at the beginning of a Ukrainian word
  Ј: ['J'],
  Љ: ['LJ'],
  Њ: ['NJ'],
  Ћ: ['C'],
  Ќ: ['K', 'KJ'], // Macedonian KJ
  Ѓ: ['G', 'GJ'], // Macedonian GJ
  Ў: ['U'],
  Џ: ['DZ', 'DJ'], // Macedonian DJ
  А: ['A'],
  Б: ['B'],
  В: ['V'],
  Г: ['G', 'H'], // Belarusian, Serbian and Ukrainian H
  Д: ['D'],
  Е: ['E'],
  Ж: ['ZH', 'Z'], // Serbian Z
  З: ['Z'],
  И: ['I', 'Y'], // Ukrainian Y
  Й: ['I', 'Y'], // Y at the beginning of a Ukrainian word
  К: ['K'],
  Л: ['L'],
  М: ['M'],
  Н: ['N'],
  О: ['O'],
  П: ['P'],
  Р: ['R'],
  С: ['S'],
  Т: ['T'],
  У: ['U'],
  Ф: ['F'],
  Х: ['KH', 'H'], // Serbian and Macedonian H
  Ц: ['TS', 'C'], // Serbian and Macedonian C
  Ч: ['CH', 'C'], // Serbian C
  Ш: ['SH', 'S'], // Serbian S
  Щ: ['SHCH', 'SHT'], // Bulgarian SHT
  Ъ: ['IE'],
  Ы: ['Y'],
  Ь: [''], // the soft sign is not in the table: States leave it out
  Э: ['E'],
  Ю: ['IU', 'YU'], // YU at the beginning of a Ukrainian word
  Я: ['IA', 'YA'], // YA at the beginning of a Ukrainian word
  Ѣ: ['E'],
  Ѫ: ['U'],
  Ѵ: ['Y'],
  Ґ: ['G'],
  Ғ: ['G', 'GJ'], // the table prints GJ for Macedonian at this letter
  Һ: ['C'],
}

/**
 * Section 6, table C: characters of the Arabic script. An `X` begins what has no single Latin letter. Vowel signs are not encoded;
 * the shadda (U+0651) doubles the character before it, see `doublesPrevious`.
 */
export const arabicTransliterations: Readonly<Record<string, readonly string[]>> = {
  '\u0621': ['XE'],
  '\u0622': ['XAA'],
  '\u0623': ['XAE'],
  '\u0624': ['U'],
  '\u0625': ['I'],
  '\u0626': ['XI'],
  '\u0627': ['A'],
  '\u0628': ['B'],
  '\u0629': ['XTA', 'XAH'], // XAH at the end of a name component
  '\u062a': ['T'],
  '\u062b': ['XTH'],
  '\u062c': ['J'],
  '\u062d': ['XH'],
  '\u062e': ['XKH'],
  '\u062f': ['D'],
  '\u0630': ['XDH'],
  '\u0631': ['R'],
  '\u0632': ['Z'],
  '\u0633': ['S'],
  '\u0634': ['XSH'],
  '\u0635': ['XSS'],
  '\u0636': ['XDZ'],
  '\u0637': ['XTT'],
  '\u0638': ['XZZ'],
  '\u0639': ['E'],
  '\u063a': ['G'],
  '\u0641': ['F'],
  '\u0642': ['Q'],
  '\u0643': ['K'],
  '\u0644': ['L'],
  '\u0645': ['M'],
  '\u0646': ['N'],
  '\u0647': ['H'],
  '\u0648': ['W'],
  '\u0649': ['XAY'],
  '\u064a': ['Y'],
  '\u0671': ['XXA'],
  '\u0679': ['XXT'],
  '\u067c': ['XRT'],
  '\u067e': ['P'],
  '\u0681': ['XKE'],
  '\u0685': ['XXH'],
  '\u0686': ['XC'],
  '\u0688': ['XXD'],
  '\u0689': ['XDR'],
  '\u0691': ['XXR'],
  '\u0693': ['XRR'],
  '\u0696': ['XRX'],
  '\u0698': ['XJ'],
  '\u069a': ['XXS'],
  '\u06a9': ['XKK'],
  '\u06ab': ['XXK'],
  '\u06ad': ['XNG'],
  '\u06af': ['XGG'],
  '\u06ba': ['XNN'],
  '\u06bc': ['XXN'],
  '\u06be': ['XDO'],
  '\u06c0': ['XYH'],
  '\u06c1': ['XXG'],
  '\u06c2': ['XGE'],
  '\u06c3': ['XTG'],
  '\u06cc': ['XYA'],
  '\u06cd': ['XXY'],
  '\u06d0': ['Y'],
  '\u06d2': ['XYB'],
  '\u06d3': ['XBE'],
}

/**
 * What States and people write beside the recommended forms: `Søren` is `SOREN` in many bookings, `Đorđe` is `DJORDJE` in Serbian
 * passports, a Hungarian `ő` is written like `ö`. Letters that are not in the tables are here too (Azerbaijani, West African and
 * Sami Latin).
 */
export const customaryTransliterations: Readonly<Record<string, readonly string[]>> = {
  Ø: ['O'],
  Ð: ['DH'],
  Đ: ['DJ'],
  Ŋ: ['NG'],
  Ő: ['OE'],
  Ű: ['UE'],
  Ə: ['A', 'E'],
  Ɓ: ['B'],
  Ƈ: ['C'],
  Ɖ: ['D'],
  Ɗ: ['D'],
  Ɛ: ['E'],
  Ǝ: ['E'],
  Ɣ: ['G'],
  Ǥ: ['G'],
  Ɨ: ['I'],
  Ɩ: ['I'],
  Ƙ: ['K'],
  ĸ: ['K', 'Q'],
  Ɲ: ['N', 'NY'],
  Ɔ: ['O'],
  Ƭ: ['T'],
  Ʊ: ['U'],
  Ʋ: ['V'],
  Ƴ: ['Y'],
  Ʒ: ['Z'],
  ſ: ['S'],
}

function plain(letter: string, characters: string): Record<string, readonly string[]> {
  return Object.fromEntries([...characters].map((character) => [character, [letter]]))
}

const tables = [latinTransliterations, cyrillicTransliterations, arabicTransliterations]

const lookUp = (character: string): readonly string[] | undefined => {
  if (/^[A-Z]$/.test(character)) return [character]
  const recommended = tables.find((table) => Object.hasOwn(table, character))?.[character]
  const customary = Object.hasOwn(customaryTransliterations, character)
    ? customaryTransliterations[character]
    : undefined
  if (recommended === undefined) return customary
  return customary === undefined ? recommended : [...recommended, ...customary]
}

/**
 * All ways to write one character in A to Z, the recommended one first; empty where no table has it (Greek, Han, digits, signs).
 * A letter with marks that no table lists, such as the Vietnamese `Ế`, is written as its base letter (section 6: diacritical marks
 * are left out).
 *
 * @param character one character, in either case, in Unicode normalization form C
 */
export const transliterationsOf = (character: string): readonly string[] => {
  const known = lookUp(character) ?? lookUp(character.toUpperCase())
  if (known !== undefined) return known
  const parts = [...character.toUpperCase().normalize('NFD')]
  while (parts.length > 1) {
    parts.pop()
    const base = lookUp(parts.join('').normalize('NFC'))
    if (base !== undefined) return base
  }
  return []
}

/** Whether a mark doubles the character before it: the Arabic shadda (section 6, table C). */
export const doublesPrevious = (character: string): boolean => character === '\u0651'

/** Arabic vowel signs and the tatweel, which the MRZ does not encode (section 6, table C). */
export const isNotEncoded = (character: string): boolean =>
  /^[\u0640\u064b-\u0650\u0652\u0670\u069c\u06a2\u06a7\u06a8]$/.test(character)

/**
 * A text in the recommended transliteration, upper case: `Иван Müller` becomes `IVAN MUELLER`. Characters that no table has stay.
 * For comparing use `agrees` (`agreement.ts`), which tries every alternative.
 */
export const transliterate = (text: string): string => {
  let out = ''
  let last = ''
  // The teh marbuta is XAH at the end of a name component and XTA elsewhere.
  for (const character of text.normalize('NFC').replace(/\u0629(?![\p{L}\p{M}])/gu, 'XAH')) {
    if (isNotEncoded(character)) continue
    if (doublesPrevious(character)) {
      out += last
      continue
    }
    if (/^\p{M}$/u.test(character)) continue
    last = transliterationsOf(character)[0] ?? character.toUpperCase()
    out += last
  }
  return out
}
