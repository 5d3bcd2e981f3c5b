import type { DocumentFormat } from '../../findings.ts'

/** Where a field stands: line, first column, length. */
export type FieldRange = readonly [line: number, from: number, length: number]
/** Characters allowed in a range besides fillers (ICAO 9303-3, section 4.3); `sex` is M, F or X. */
export type CharacterClass = 'letters' | 'digits' | 'any' | 'sex'

/** Where the fields of a format stand (ICAO 9303-4 to -7, and the old French card). `length`: characters of a line. */
export type Layout = {
  readonly format: DocumentFormat
  readonly lines: number
  readonly length: number
  /** How the first line begins: the document code's first letter, and more where a state has a layout of its own. */
  readonly begins: RegExp
  readonly code: FieldRange
  readonly issuer: FieldRange
  /** ICAO writes both names into one field, with two fillers between them. */
  readonly names: { readonly both: FieldRange } | { readonly last: FieldRange; readonly first: FieldRange }
  readonly number: FieldRange
  /** A number of more than nine goes on in the first optional field (ICAO 9303-5 and -6, section 4.2.2). */
  readonly longNumber: boolean
  /** Null where only nationals get the document: then it is the issuer. */
  readonly nationality: FieldRange | null
  readonly birth: FieldRange
  readonly sex: FieldRange
  /** Null where the zone does not tell when the document expires. */
  readonly expiry: FieldRange | null
  readonly optional: readonly FieldRange[]
  /** Check digit of the optional field, where the format has one. */
  readonly optionalCheck: FieldRange | null
  readonly composite: { readonly over: readonly FieldRange[]; readonly at: FieldRange } | null
}

/** What the formats of two lines have in common: names on the first, everything else on the second. */
const twoLines = (length: number) =>
  ({
    lines: 2,
    length,
    code: [0, 0, 2],
    issuer: [0, 2, 3],
    names: { both: [0, 5, length - 5] },
    number: [1, 0, 9],
    nationality: [1, 10, 3],
    birth: [1, 13, 6],
    sex: [1, 20, 1],
    expiry: [1, 21, 6],
  }) as const

/** ICAO 9303 parts 4 (TD3), 5 (TD1), 6 (TD2), 7 (MRV), and the French identity card of 1988 to 2021. A field's check digit follows it. */
export const layouts: readonly Layout[] = [
  {
    ...twoLines(44),
    format: 'TD3',
    begins: /^P/,
    longNumber: false,
    optional: [[1, 28, 14]],
    optionalCheck: [1, 42, 1],
    composite: {
      over: [
        [1, 0, 10],
        [1, 13, 7],
        [1, 21, 22],
      ],
      at: [1, 43, 1],
    },
  },
  {
    ...twoLines(36),
    format: 'TD2',
    begins: /^(?:[IAC]|RP)/,
    longNumber: true,
    optional: [[1, 28, 7]],
    optionalCheck: null,
    composite: {
      over: [
        [1, 0, 10],
        [1, 13, 7],
        [1, 21, 14],
      ],
      at: [1, 35, 1],
    },
  },
  {
    format: 'TD1',
    lines: 3,
    length: 30,
    begins: /^(?:[IAC]|RP)/,
    code: [0, 0, 2],
    issuer: [0, 2, 3],
    names: { both: [2, 0, 30] },
    number: [0, 5, 9],
    longNumber: true,
    nationality: [1, 15, 3],
    birth: [1, 0, 6],
    sex: [1, 7, 1],
    expiry: [1, 8, 6],
    optional: [
      [0, 15, 15],
      [1, 18, 11],
    ],
    optionalCheck: null,
    composite: {
      over: [
        [0, 5, 25],
        [1, 0, 7],
        [1, 8, 7],
        [1, 18, 11],
      ],
      at: [1, 29, 1],
    },
  },
  {
    ...twoLines(44),
    format: 'MRV-A',
    begins: /^V/,
    longNumber: false,
    optional: [[1, 28, 16]],
    optionalCheck: null,
    composite: null,
  },
  {
    ...twoLines(36),
    format: 'MRV-B',
    begins: /^V/,
    longNumber: false,
    optional: [[1, 28, 8]],
    optionalCheck: null,
    composite: null,
  },
  {
    format: 'FRA-ID',
    lines: 2,
    length: 36,
    begins: /^IDFRA/,
    code: [0, 0, 2],
    issuer: [0, 2, 3],
    names: { last: [0, 5, 25], first: [1, 13, 14] },
    number: [1, 0, 12],
    longNumber: false,
    nationality: null,
    birth: [1, 27, 6],
    sex: [1, 34, 1],
    expiry: null,
    optional: [],
    optionalCheck: null,
    composite: {
      over: [
        [0, 0, 36],
        [1, 0, 35],
      ],
      at: [1, 35, 1],
    },
  },
]

const allowed: Record<CharacterClass, RegExp> = { letters: /[A-Z<]/, digits: /[0-9<]/, sex: /[MFX<]/, any: /./ }

/** Share of the characters that are allowed at their position. */
const fitness = (layout: Layout, lines: readonly string[]): number => {
  let fitting = 0
  let all = 0
  for (const [line, text] of lines.entries())
    for (const [column, character] of [...text].entries()) {
      const kind = characterClassAt(layout, line, column)
      if (kind === 'any') continue
      all += 1
      if (allowed[kind].test(character)) fitting += 1
    }
  return fitting / all
}

/** Share of fillers above which lines are a drawn row of `<`. The emptiest MRZ with a name has about two thirds. */
const BLANK = 0.8

const isBlank = (lines: readonly string[]): boolean => {
  const text = lines.join('')
  return text.replace(/[^<]/g, '').length > text.length * BLANK || lines.slice(0, 2).some((line) => /^<*$/.test(line))
}

/**
 * The layout of a zone: by number and length of its lines and how it begins (P is TD3, V a visa, I A C an identity document), and
 * where two fit, as a French card of the old kind and a TD2 card of France, by what kind of characters stands where.
 *
 * @returns undefined when none fits, or two equally well
 */
export const findLayout = (lines: readonly string[]): Layout | undefined => {
  if (isBlank(lines)) return undefined
  const [best, next] = layouts
    .filter(
      (layout) =>
        layout.lines === lines.length &&
        lines.every((line) => line.length === layout.length) &&
        layout.begins.test(lines[0] ?? ''),
    )
    .map((layout) => ({ layout, fits: fitness(layout, lines) }))
    .sort((a, b) => b.fits - a.fits)
  return best && best.fits !== next?.fits ? best.layout : undefined
}

/** Characters allowed at a column: digits in dates and check digits; letters in names, states and sex; anything in document codes and numbers. */
export const characterClassAt = (layout: Layout, line: number, column: number): CharacterClass => {
  const inside = (range: FieldRange | null): boolean =>
    range !== null && range[0] === line && column >= range[1] && column < range[1] + range[2]
  const checkOf = (range: FieldRange | null): boolean =>
    range !== null && range[0] === line && column === range[1] + range[2]
  if (inside(layout.birth) || inside(layout.expiry)) return 'digits'
  if (checkOf(layout.birth) || checkOf(layout.expiry)) return 'digits'
  if (layout.composite && inside(layout.composite.at)) return 'digits'
  if (inside(layout.sex)) return 'sex'
  // Codes of states are letters, filled up (ICAO 9303-3, section 5).
  if (inside(layout.issuer) || inside(layout.nationality)) return 'letters'
  const { names } = layout
  if ('both' in names ? inside(names.both) : inside(names.last) || inside(names.first)) return 'letters'
  return 'any'
}

/**
 * Whether a document code may stand on a format (ICAO 9303-4 to -7, sections 4.2.2): the second character is the state's own, a
 * letter on passports, a letter or a digit other than zero elsewhere. V never follows I, C follows A only on crew members' cards, which are TD1, and RP
 * is on residence permits.
 */
export const isDocumentCode = ({ format }: Layout, code: string): boolean =>
  (format === 'TD3' ? /^[A-Z]{1,2}$/ : /^[A-Z][A-Z1-9]?$/).test(code) &&
  code !== 'IV' &&
  (code !== 'AC' || format === 'TD1')
