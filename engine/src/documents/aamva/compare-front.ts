import type { FieldName } from '../../findings.ts'
import { isShown, normalize, type Viz } from '../../viz/confirm.ts'
import { issuerOf } from './issuers.ts'
import type { AamvaRecord } from './parse.ts'

/** What a bar code says, by our names of fields. */
export const valuesOf = (record: AamvaRecord): Partial<Record<FieldName, string>> => {
  const given = record.givenNames.join(' ')
  const all: Partial<Record<FieldName, string | null>> = {
    issuingCountry: record.country,
    lastName: record.lastName,
    firstName: given === '' ? null : given,
    number: record.number,
    dateOfBirth: record.dateOfBirth,
    sex: record.sex,
    expiry: record.expiry,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) as Partial<
    Record<FieldName, string>
  >
}

/** Titles that the standard prints before a value, on the value's own line, normalized. */
const TITLE = 'DLN|DLNO|DL|LICNO|LIC|IDNO|ID|NO|LN|FN|DOB|EXP|SEX'
/** An item's number set apart from the value, with or without a title: `4d DLN`, `1 LN`, `3: DOB`, `DLN `. */
const APART = new RegExp(`^\\s*(?:\\d{1,2}[a-d]?[\\s.:]+(?:(?:${TITLE})[\\s.:]+)?|(?:${TITLE})[\\s.:]+)`, 'i')
/** The same without the spaces that the recogniser drops: told from a value by the title, or by letters behind the number. */
const GLUED = new RegExp(`^\\d{1,2}[A-D]?(?:(?:${TITLE})(?=.)|(?=[A-Z]{2}))`)

/** A line without what stands before its value; of a number only what cannot be a part of it. */
const withoutItem = (line: string, isNumber: boolean): string => {
  const apart = line.replace(APART, '')
  if (apart !== line) return apart
  const normalized = normalize(line)
  const rest = normalized.replace(GLUED, '')
  // Bare digits before a number's own letters may be the number's.
  return isNumber && !new RegExp(`^\\d{1,2}[A-D]?(?:${TITLE})`).test(normalized) ? normalized : rest
}

/** The page as it stands, and once more without numbers and titles of its items. */
const unlabelled = (zone: Viz, isNumber: boolean): Viz => ({
  ...zone,
  lines: [...zone.lines, ...zone.lines.map((line) => withoutItem(line, isNumber))],
})

const countryNames: Record<string, readonly string[]> = {
  USA: ['USA', 'UNITEDSTATES', 'UNITEDSTATESOFAMERICA'],
  CAN: ['CAN', 'CANADA'],
  MEX: ['MEX', 'MEXICO'],
  UTO: ['UTO', 'UTOPIA'],
}

/** A country is shown by its name, or by that of the state whose number the code has. */
const showsCountry = (lines: readonly string[], record: AamvaRecord): boolean => {
  const state = normalize(issuerOf(record.issuer)?.name ?? '')
  const names = countryNames[record.country ?? ''] ?? []
  return lines.some((line) => names.includes(line) || (state.length >= 4 && line.includes(state)))
}

/** Letters to change, add or leave out between two texts; above `most` it stops counting. */
const editsBetween = (a: string, b: string, most: number): number => {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let row = Array.from({ length: b.length + 1 }, (_value, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1)
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a.charAt(i - 1) === b.charAt(j - 1) ? 0 : 1),
      )
    row = next
  }
  return row[b.length] ?? most + 1
}

/** What a date looks like on a licence: American and ISO order, digits only. */
const printedForms = (field: FieldName, value: string): string[] => {
  if (field !== 'dateOfBirth' && field !== 'expiry') return [normalize(value)]
  const [year = '', month = '', day = ''] = value.split('-')
  return [`${month}${day}${year}`, `${year}${month}${day}`, `${day}${month}${year}`]
}

/** A line that is the value but for a letter or two: rather a slip of the reader than another value. */
const isNearlyShown = (zone: Viz, field: FieldName, value: string): boolean =>
  printedForms(field, value).some((wanted) => {
    const most = wanted.length >= 10 ? 2 : 1
    return zone.lines.some((line) => editsBetween(normalize(line), wanted, most) <= most)
  })

/** How a bar code and the front agree. A field in neither set is nearly shown, or a country or sex that was not found. */
export type Agreement = {
  /** Fields that the front shows too. */
  readonly shown: ReadonlySet<FieldName>
  /** Fields that the readable front shows otherwise, or not at all. */
  readonly missing: ReadonlySet<FieldName>
}

const compared: readonly FieldName[] = ['lastName', 'firstName', 'number', 'dateOfBirth', 'expiry']

/** Compares a bar code with the printed front of the same card: two readings that know nothing of each other. */
export const compareWithFront = (record: AamvaRecord, front: Viz): Agreement => {
  const [named, numbered] = [unlabelled(front, false), unlabelled(front, true)]
  const mrzOf = (field: FieldName): Viz => (field === 'number' ? numbered : named)
  const lines = named.lines.map(normalize)
  const values = valuesOf(record)
  const isThere = (field: FieldName, value: string): boolean => {
    if (field === 'issuingCountry') return showsCountry(lines, record)
    if (field === 'sex')
      return front.lines.some((line) => normalize(line) === value || new RegExp(`SEX${value}$`).test(normalize(line)))
    const others = field === 'lastName' ? record.givenNames : record.lastName ? [record.lastName] : []
    // Cards print a suffix behind either name, with or without a comma.
    const beside = record.suffix ? [...others, record.suffix] : others
    const isThereAs = (text: string): boolean => isShown(mrzOf(field), field, text, { beside })
    return isThereAs(value) || (field === 'firstName' && value.split(' ').every(isThereAs))
  }
  const shown = new Set<FieldName>()
  const missing = new Set<FieldName>()
  for (const [field, value] of Object.entries(values) as [FieldName, string][])
    if (isThere(field, value)) shown.add(field)
    else if (compared.includes(field) && !isNearlyShown(mrzOf(field), field, value)) missing.add(field)
  return { shown, missing }
}
