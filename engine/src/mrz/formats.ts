import type { DocumentFormat } from '../findings.ts'

/** Where a field stands: line, first column, length. */
export type Place = readonly [line: number, from: number, length: number]
export type Kind = 'letters' | 'digits' | 'any' | 'sex'

export type Layout = {
  readonly format: DocumentFormat
  readonly lines: number
  readonly length: number
  /** First letters of the document code that this format carries. */
  readonly codes: string
  readonly code: Place
  readonly issuer: Place
  readonly names: Place
  readonly number: Place
  readonly nationality: Place
  readonly birth: Place
  readonly sex: Place
  readonly expiry: Place
  readonly optional: readonly Place[]
  /** Check digit of the optional field, where the format has one. */
  readonly optionalCheck: Place | null
  readonly composite: { readonly over: readonly Place[]; readonly at: Place } | null
}

/** ICAO 9303 parts 4 (TD3), 5 (TD1), 6 (TD2), 7 (MRV). A field's check digit follows it. */
export const layouts: readonly Layout[] = [
  {
    format: 'TD3',
    lines: 2,
    length: 44,
    codes: 'P',
    code: [0, 0, 2],
    issuer: [0, 2, 3],
    names: [0, 5, 39],
    number: [1, 0, 9],
    nationality: [1, 10, 3],
    birth: [1, 13, 6],
    sex: [1, 20, 1],
    expiry: [1, 21, 6],
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
    format: 'TD2',
    lines: 2,
    length: 36,
    codes: 'IAC',
    code: [0, 0, 2],
    issuer: [0, 2, 3],
    names: [0, 5, 31],
    number: [1, 0, 9],
    nationality: [1, 10, 3],
    birth: [1, 13, 6],
    sex: [1, 20, 1],
    expiry: [1, 21, 6],
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
    codes: 'IAC',
    code: [0, 0, 2],
    issuer: [0, 2, 3],
    names: [2, 0, 30],
    number: [0, 5, 9],
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
    format: 'MRV-A',
    lines: 2,
    length: 44,
    codes: 'V',
    code: [0, 0, 2],
    issuer: [0, 2, 3],
    names: [0, 5, 39],
    number: [1, 0, 9],
    nationality: [1, 10, 3],
    birth: [1, 13, 6],
    sex: [1, 20, 1],
    expiry: [1, 21, 6],
    optional: [[1, 28, 16]],
    optionalCheck: null,
    composite: null,
  },
  {
    format: 'MRV-B',
    lines: 2,
    length: 36,
    codes: 'V',
    code: [0, 0, 2],
    issuer: [0, 2, 3],
    names: [0, 5, 31],
    number: [1, 0, 9],
    nationality: [1, 10, 3],
    birth: [1, 13, 6],
    sex: [1, 20, 1],
    expiry: [1, 21, 6],
    optional: [[1, 28, 8]],
    optionalCheck: null,
    composite: null,
  },
]

/** By the document code's first letter and the shape of the block: P is TD3, V a visa, I A C an identity document. */
export const findLayout = (lines: number, length: number, firstLetter: string): Layout | undefined =>
  layouts.find((layout) => layout.lines === lines && layout.length === length && layout.codes.includes(firstLetter))

/** What may stand at a column: dates and check digits are digits, names and sex letters; codes, states and numbers stay as read. */
export const kindAt = (layout: Layout, line: number, column: number): Kind => {
  const inside = ([at, from, length]: Place): boolean => at === line && column >= from && column < from + length
  const checkOf = ([at, from, length]: Place): boolean => at === line && column === from + length
  if (inside(layout.birth) || inside(layout.expiry)) return 'digits'
  if (checkOf(layout.birth) || checkOf(layout.expiry)) return 'digits'
  if (layout.composite && inside(layout.composite.at)) return 'digits'
  if (inside(layout.sex)) return 'sex'
  if (inside(layout.names)) return 'letters'
  return 'any'
}
