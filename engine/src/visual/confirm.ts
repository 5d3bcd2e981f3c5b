import type { FieldName } from '../findings.ts'
import type { Slant } from '../geometry.ts'
import type { Picture } from '../picture.ts'
import { recogniseLine } from '../text/recognise.ts'
import { coerce } from './coerce.ts'

/** What the visual zone of a page says: its lines as read, folded for comparison. */
export type VisualZone = {
  readonly lines: readonly string[]
  /** The same lines with the places they were read at. */
  readonly placed: readonly PlacedLine[]
  readonly ms: number
}
export type PlacedLine = { readonly text: string; readonly confidence: number; readonly box: Slant }

/** The recogniser drops spaces and accents; both sides are compared without. */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')

/** Machine zones write Ä as AE where pages print Ä: both become A, so that one confirms the other. */
const foldUmlauts = (folded: string): string =>
  folded.replace(/AE/g, 'A').replace(/OE/g, 'O').replace(/UE/g, 'U').replace(/AA/g, 'A')

const MAX_LINES = 40

/** Reads the lines outside of the machine zone. */
export const readVisualZone = async (picture: Picture, boxes: readonly Slant[]): Promise<VisualZone> => {
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

/** The ways a date may stand on a page, folded, and whether a digit before it would make it another one: 1 DEC stands within 11 DEC. */
const dateForms = (date: string): { form: string; isShort: boolean }[] => {
  const [year = '', month = '', day = ''] = date.split('-')
  const names = months[Number(month) - 1] ?? []
  const withName = (d: string): string[] =>
    names.flatMap((name) => [`${d}${name}${year}`, `${d}${name}${year.slice(2)}`])
  const whole = [`${day}${month}${year}`, `${month}${day}${year}`, `${year}${month}${day}`, ...withName(day)]
  const short = day.startsWith('0') ? withName(day.slice(1)) : []
  return [...whole.map((form) => ({ form, isShort: false })), ...short.map((form) => ({ form, isShort: true }))]
}

const showsDate = (line: string, { form, isShort }: { form: string; isShort: boolean }): boolean =>
  isShort ? new RegExp(`(?:^|[^0-9])${form}`).test(line) : line.includes(form)

/** Letters at least of what may be glued to a value: a label, or a further name. Fewer make another value: ADAMS is not ADAM. */
const GLUED = 3

/**
 * Whether a line begins or ends with this value, and does not merely contain it: what is beside it stands apart, or is long enough
 * to be a label or another name whose space the recogniser dropped. Beside a number that can be letters only.
 */
const bordersOn = (line: string, wanted: string, fold: (text: string) => string, isNumber: boolean): boolean => {
  const tokens = line.split(/[^\p{L}\p{N}\p{M}]+/u).map(fold)
  for (let cut = 1; cut < tokens.length; cut += 1)
    if (tokens.slice(0, cut).join('') === wanted || tokens.slice(cut).join('') === wanted) return true
  const whole = tokens.join('')
  const rest = whole.endsWith(wanted)
    ? whole.slice(0, -wanted.length)
    : whole.startsWith(wanted)
      ? whole.slice(wanted.length)
      : ''
  return rest.length >= GLUED && (!isNumber || /^[A-Z]+$/.test(rest))
}

/**
 * Whether a line of the page shows this value. A number or name counts only as a line (or the end of one) of its own, not as a
 * piece of longer text, so that a short name is not found everywhere.
 *
 * @param options.whole only a line of its own counts: for a name that may have been cut
 */
export const isShown = (
  zone: VisualZone,
  field: FieldName,
  value: string,
  options: { whole?: boolean } = {},
): boolean => {
  if (field === 'dateOfBirth' || field === 'expiry') {
    const lines = zone.lines.map(fold)
    const forms = dateForms(value)
    // Bilingual months stand between day and year: 10 MAI/MAY 2030.
    const [year = '', , day = ''] = value.split('-')
    const names = months[Number(value.split('-')[1]) - 1] ?? []
    return lines.some(
      (line) =>
        forms.some((form) => showsDate(line, form)) ||
        (line.startsWith(day) && line.endsWith(year) && names.some((name) => line.includes(name))),
    )
  }
  const isName = field === 'lastName' || field === 'firstName'
  const folded = (text: string): string => (isName ? foldUmlauts(coerce(fold(text), 'letters')) : fold(text))
  const wanted = folded(value)
  if (wanted.length < 2) return false
  return zone.lines.some(
    (line) =>
      folded(line) === wanted ||
      (!options.whole && wanted.length >= 4 && bordersOn(line, wanted, folded, field === 'number')),
  )
}

/** The page says of itself that it is a specimen. */
export const saysSpecimen = (zone: VisualZone): boolean =>
  zone.lines.some((line) => /SPECIMEN|MUSTER|SAMPLE/.test(fold(line)))
