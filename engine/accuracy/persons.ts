import { type Specimen, toZoneName } from '../src/specimen/index.ts'
import { between, pick, type Random } from '../src/specimen/random.ts'

/** Where a name comes from; all of them reach the MRZ through ICAO 9303-3, section 6. */
export const alphabets = ['latin', 'accented', 'cyrillic', 'arabic'] as const
export type Alphabet = (typeof alphabets)[number]

/** Cyrillic letters as ICAO 9303-3, section 6.B writes them in Latin ones. */
const cyrillic: Record<string, string> = {
  А: 'A',
  Б: 'B',
  В: 'V',
  Г: 'G',
  Ґ: 'G',
  Д: 'D',
  Е: 'E',
  Є: 'IE',
  Ё: 'E',
  Ж: 'ZH',
  З: 'Z',
  И: 'I',
  І: 'I',
  Ї: 'I',
  Й: 'I',
  К: 'K',
  Л: 'L',
  М: 'M',
  Н: 'N',
  О: 'O',
  П: 'P',
  Р: 'R',
  С: 'S',
  Т: 'T',
  У: 'U',
  Ф: 'F',
  Х: 'KH',
  Ц: 'TS',
  Ч: 'CH',
  Ш: 'SH',
  Щ: 'SHCH',
  Ъ: 'IE',
  Ы: 'Y',
  Ь: '',
  Э: 'E',
  Ю: 'IU',
  Я: 'IA',
}

/** Arabic letters as ICAO 9303-3, section 6.C writes them: without vowels, and with X where Latin has no letter. */
const arabic: Record<string, string> = {
  ا: 'A',
  أ: 'XAE',
  ب: 'B',
  ت: 'T',
  ث: 'XTH',
  ج: 'J',
  ح: 'XH',
  خ: 'XKH',
  د: 'D',
  ذ: 'XDH',
  ر: 'R',
  ز: 'Z',
  س: 'S',
  ش: 'XSH',
  ص: 'XSS',
  ض: 'XDZ',
  ط: 'XTT',
  ظ: 'XZZ',
  ع: 'E',
  غ: 'G',
  ف: 'F',
  ق: 'Q',
  ك: 'K',
  ل: 'L',
  م: 'M',
  ن: 'N',
  ه: 'H',
  و: 'W',
  ي: 'Y',
}

const through =
  (table: Record<string, string>) =>
  (name: string): string =>
    [...name.toUpperCase()].map((letter) => table[letter] ?? letter).join('')
const asItIs = (name: string): string => name

const names: Record<
  Alphabet,
  {
    readonly toLatin: (name: string) => string
    readonly surnames: readonly string[]
    readonly given: readonly string[]
  }
> = {
  latin: {
    toLatin: asItIs,
    surnames:
      'Lovelace Hopper Turing Okafor Silva Rossi Nakamura Kim Mbeki Jansen Oduya Fernando Ibsen Quiz Wu Oz'.split(' '),
    given: 'Ada Grace Alan Ngozi Maria Luca Yuki Jo Thabo Emma Olu Nimal Henrik Zoe Li Bo'.split(' '),
  },
  accented: {
    toLatin: asItIs,
    surnames: [
      'Müller-Åström',
      'Nguyễn',
      'García Márquez',
      'Łukaszewicz',
      'Dvořák',
      "O'Brien",
      'Çelikoğlu',
      'Þórsdóttir',
      'Björnsson',
      'Groß',
      'Đorđević',
      'Sørensen',
      'Szűcs',
      'Ștefănescu',
      'Peña',
      'Lefèvre-Noël',
    ],
    given: [
      'Jörg Øyvind',
      'Thị Minh Khai',
      'José Ángel',
      'Zażółć',
      'Bořivoj',
      'Siobhán',
      'Gülşah',
      'Ragnheiður',
      'Æsa',
      'Jürgen',
      'Živorad',
      'Søren',
      'Győző',
      'Ioniță',
      'Íñigo',
      'Zoé Anaïs',
    ],
  },
  cyrillic: {
    toLatin: through(cyrillic),
    surnames:
      'Щербаков Хрущёва Цветаева Юшкевич Ґонта Яковенко Жуков Иванова Шевченко Їжакевич Чайковский Объедков'.split(' '),
    given: 'Юлия Яков Дмитрий Ксения Євген Людмила Щек Игорь Хава Эльвира Шота Жанна'.split(' '),
  },
  arabic: {
    toLatin: through(arabic),
    surnames: ['الرازي', 'حسين', 'الخوارزمي', 'ضياء الدين', 'الشاذلي', 'غزال', 'منصور', 'القاضي'],
    given: ['محمد', 'عثمان', 'ذكرى', 'صفوت', 'خالد طارق', 'هند', 'ثريا', 'أحمد'],
  },
}

/** Two digits out of a range. */
const two = (random: Random, least: number, most: number): string =>
  String(Math.floor(between(random, least, most + 1))).padStart(2, '0')

/** Half of the numbers are made of characters that look alike in bad light. */
const numberOf = (random: Random, length: number): string => {
  const characters = random() < 0.5 ? '0O1I2Z5S8B6GQDLT7' : 'ABCDEFGHJKLMNPRTVWXYZ0123456789'
  return Array.from({ length }, () => pick(random, [...characters])).join('')
}

/** A made-up person with a name that the document has room for. */
export const madeUp = (
  random: Random,
  alphabet: Alphabet,
  holds: (last: string, first: string) => boolean,
): Specimen => {
  const { toLatin, surnames, given } = names[alphabet]
  const draw = (): { surname: string; givenNames: string } => {
    const first = [pick(random, given), ...(random() < 0.3 ? [pick(random, given)] : [])]
    const last = [pick(random, surnames), ...(random() < 0.15 ? [pick(random, surnames)] : [])]
    return { surname: last.map(toLatin).join('-'), givenNames: first.map(toLatin).join(' ') }
  }
  let name = draw()
  while (!holds(toZoneName(name.surname), toZoneName(name.givenNames))) name = draw()
  return {
    ...name,
    number: numberOf(random, 7 + Math.floor(random() * 3)),
    dateOfBirth: `${pick(random, ['19', '19', '19', '20']) === '19' ? `19${two(random, 40, 99)}` : `20${two(random, 0, 7)}`}-${two(random, 1, 12)}-${two(random, 1, 28)}`,
    expiry: `20${two(random, 31, 39)}-${two(random, 1, 12)}-${two(random, 1, 28)}`,
    sex: pick(random, ['F', 'M', 'X'] as const),
  }
}
