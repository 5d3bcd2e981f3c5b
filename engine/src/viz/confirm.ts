import type { FieldName } from '../findings.ts'
import type { Slant } from '../pictures/geometry.ts'
import type { Picture } from '../pictures/picture.ts'
import { recogniseLine } from '../text/recognise.ts'
import { isLabel } from './labels.ts'
import { isSameName } from './names.ts'

/** What the VIZ of a page says: its lines as read, normalized for comparison. */
export type Viz = {
  readonly lines: readonly string[]
  /** The same lines with the places they were read at. */
  readonly placed: readonly PlacedLine[]
  readonly ms: number
}
/** A line of print and its position on the picture. */
export type PlacedLine = { readonly text: string; readonly confidence: number; readonly box: Slant }

/** The recogniser drops spaces and accents; both sides are compared without. */
export const normalize = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')

const MAX_LINES = 40

/** Reads the lines outside of the MRZ. */
export const readViz = async (picture: Picture, boxes: readonly Slant[]): Promise<Viz> => {
  const from = performance.now()
  const wanted = boxes
    .filter((box) => box.length > box.height * 0.8 && box.height > 7)
    .sort((a, b) => b.length * b.height - a.length * a.height)
  const placed: PlacedLine[] = []
  for (const box of wanted.slice(0, MAX_LINES)) {
    const { text, confidence } = await recogniseLine(picture, box)
    if (confidence > 0.5 && text.trim() !== '') placed.push({ text, confidence, box })
  }
  return { lines: placed.map(({ text }) => text), placed, ms: Math.round(performance.now() - from) }
}

/** Month names as passports print them, by language; both halves of bilingual pages occur. */
export const months: readonly (readonly string[])[] = [
  ['JAN', 'JANV', 'JANUAR', 'JANUARY', 'ENE', 'GEN', 'STY', 'LED'],
  ['FEB', 'FEV', 'FEVR', 'FEBRUAR', 'FEBRUARY', 'LUT', 'UNO'],
  ['MAR', 'MARS', 'MARCH', 'MRZ', 'MARZ', 'MRT', 'BRE'],
  ['APR', 'AVR', 'AVRIL', 'APRIL', 'ABR', 'KWI', 'DUB'],
  ['MAY', 'MAI', 'MEI', 'MAG', 'MAJ', 'KVE'],
  ['JUN', 'JUIN', 'JUNE', 'JUNI', 'GIU', 'CZE', 'CVN'],
  ['JUL', 'JUIL', 'JULY', 'JULI', 'LUG', 'LIP', 'CVC'],
  ['AUG', 'AOUT', 'AUGUST', 'AGO', 'SIE', 'SRP'],
  ['SEP', 'SEPT', 'SEPTEMBER', 'SET', 'WRZ', 'ZAR'],
  ['OCT', 'OKT', 'OCTOBER', 'OTT', 'OUT', 'PAZ', 'RIJ'],
  ['NOV', 'NOVEMBER', 'LIS'],
  ['DEC', 'DEZ', 'DECEMBER', 'DIC', 'GRU', 'PRO'],
]

/** One printed form of a date, normalized. Adjacent digits can make another date: 1 DEC 90 is part of 11 DEC 90 and of 1 DEC 9012. */
type DateForm = { readonly form: string; readonly isShortDay?: boolean; readonly isShortYear?: boolean }

const dateForms = (date: string): DateForm[] => {
  const [year = '', month = '', day = ''] = date.split('-')
  const names = months[Number(month) - 1] ?? []
  const withName = (d: string, more: Pick<DateForm, 'isShortDay'> = {}): DateForm[] =>
    names.flatMap((name) => [
      { form: `${d}${name}${year}`, ...more },
      { form: `${d}${name}${year.slice(2)}`, isShortYear: true, ...more },
    ])
  const digits = [`${day}${month}${year}`, `${month}${day}${year}`, `${year}${month}${day}`]
  return [
    ...digits.map((form) => ({ form })),
    ...withName(day),
    ...(day.startsWith('0') ? withName(day.slice(1), { isShortDay: true }) : []),
  ]
}

const showsDate = (line: string, { form, isShortDay, isShortYear }: DateForm): boolean =>
  new RegExp(`${isShortDay ? '(?:^|[^0-9])' : ''}${form}${isShortYear ? '(?![0-9])' : ''}`).test(line)

/** Whether a piece of print is a value; values are as the MRZ or bar code has them. */
type IsSame = (print: string, value: string) => boolean

const isSameNumber: IsSame = (print, value) => normalize(print) === normalize(value)

/** Whether the lengths fit: a letter may be transliterated by two or three. */
const mayBe = (print: string, value: string): boolean =>
  print.length * 3 >= value.length && print.length <= value.length * 2

/**
 * Whether a line begins or ends with this value, and does not merely contain it: what is beside it stands apart, or is a label or
 * another name of the person, whose space the recogniser dropped. Anything else glued to it makes another value: JOHNSON is not JOHN.
 */
const bordersOn = (line: string, value: string, isSame: IsSame, beside: readonly string[]): boolean => {
  const tokens = line.split(/[^\p{L}\p{N}\p{M}]+/u).filter((token) => token !== '')
  const isIt = (print: string): boolean => mayBe(print, value) && isSame(print, value)
  for (let cut = 1; cut < tokens.length; cut += 1)
    if (isIt(tokens.slice(0, cut).join('')) || isIt(tokens.slice(cut).join(''))) return true
  const whole = tokens.join('')
  const isBeside = (rest: string): boolean =>
    isLabel(normalize(rest)) || beside.some((one) => mayBe(rest, one) && isSame(rest, one))
  for (let cut = 1; cut < whole.length; cut += 1) {
    const [start, end] = [whole.slice(0, cut), whole.slice(cut)]
    if ((isIt(start) && isBeside(end)) || (isIt(end) && isBeside(start))) return true
  }
  return false
}

/** Lines longer than this are no name and no number. */
const MAX_LINE = 120

/**
 * Whether a line of the page shows this value. A number or name counts only as a line (or the end of one) of its own, not as a
 * piece of longer text, so that a short name is not found everywhere.
 *
 * @param options.whole only a line of its own counts: for a name that may have been cut, or of which a character is doubtful
 * @param options.beside further names of the same person, which may stand on the line of this one
 */
export const isShown = (
  viz: Viz,
  field: FieldName,
  value: string,
  options: { whole?: boolean; beside?: readonly string[] } = {},
): boolean => {
  if (field === 'dateOfBirth' || field === 'expiry') {
    const lines = viz.lines.map(normalize)
    const forms = dateForms(value)
    // Bilingual months are between day and year: 10 MAI/MAY 2030.
    const [year = '', , day = ''] = value.split('-')
    const names = months[Number(value.split('-')[1]) - 1] ?? []
    return lines.some(
      (line) =>
        forms.some((form) => showsDate(line, form)) ||
        (line.startsWith(day) && line.endsWith(year) && names.some((name) => line.includes(name))),
    )
  }
  const isName = field === 'lastName' || field === 'firstName'
  const isSame = isName ? isSameName : isSameNumber
  const { length } = normalize(value)
  if (length < 2) return false
  const beside = options.beside ?? []
  return viz.lines.some(
    (line) =>
      line.length <= MAX_LINE &&
      (isSame(line, value) || (!options.whole && length >= 4 && bordersOn(line, value, isSame, beside))),
  )
}
