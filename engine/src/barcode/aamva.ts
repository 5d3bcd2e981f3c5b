import { SPECIMEN_STATE } from '../mrz/codes.ts'
import { issuerOf } from './issuers.ts'

/**
 * A licence or identity card by its bar code (AAMVA DL/ID Card Design Standard, annex D; versions 1 of 2000 to 10 of 2020).
 * Values are as encoded, without their padding; dates are `YYYY-MM-DD`.
 */
export type AamvaRecord = {
  readonly kind: 'DRIVING_LICENSE' | 'ID_CARD'
  readonly version: number
  /** Number of the issuer, six digits. */
  readonly issuer: string
  /** ISO 3166-1 alpha-3, by the issuer's number: what a record says of its country is anybody's word, but for Utopia's. Null where nobody has that number. */
  readonly country: string | null
  readonly state: string | null
  readonly lastName: string | null
  /** Given names in their order, middle names included. */
  readonly givenNames: readonly string[]
  readonly number: string | null
  readonly dateOfBirth: string | null
  readonly expiry: string | null
  readonly issued: string | null
  readonly sex: 'F' | 'M' | 'X' | null
  readonly address: { readonly street: string; readonly city: string; readonly postalCode: string } | null
  /** Names that the issuer says it has cut (elements DDE, DDF, DDG). */
  readonly truncated: { readonly lastName: boolean; readonly givenNames: boolean }
  /** What the record contradicts itself in. */
  readonly faults: readonly AamvaFault[]
}
/**
 * A day that does not exist, or an expiry not after the birth; an issuer's number that nobody has; another country than the
 * issuer's.
 */
export type AamvaFault = 'impossible_date' | 'unknown_country' | 'countries_disagree'

/** A header: `@`, separators, `ANSI `, issuer, version, and from version 2 on the issuer's own version, then the count of subfiles. */
const HEADER = /^@?\s{0,6}(?:ANSI|AAMVA)\s?(\d{6})(\d{2})/
const ELEMENT = /^[DZ][A-Z][A-Z0-9]/
/** Issuers write these where they have nothing to say. */
const nothing = /^(?:none|unavl|unavail|unk|n\/?a|null)?$/i

/**
 * The subfile's elements. The directory's offsets are wrong on many cards, so the subfile is looked for by its name before its first
 * element; elements end at a line feed, some issuers' at a carriage return.
 */
const elementsOf = (
  text: string,
  header: RegExpExecArray,
): { name: 'DL' | 'ID'; values: Map<string, string> } | null => {
  const body = text.slice(header[0].length)
  // Directory entries are a name and eight digits; the subfile's own name is followed by an element.
  const start = /(DL|ID|EN)(?=D[A-D][A-Z])/.exec(body)
  if (!start) return null
  const values = new Map<string, string>()
  const end = body.slice(start.index + 2).search(/\rZ[A-Z]Z[A-Z]/)
  const part = body.slice(start.index + 2, end < 0 ? undefined : start.index + 2 + end)
  for (const line of part.split(/[\n\r]+/)) {
    if (!ELEMENT.test(line)) continue
    const value = line.slice(3).trim()
    const id = line.slice(0, 3)
    if (!values.has(id) && !nothing.test(value)) values.set(id, value)
  }
  return { name: start[1] === 'ID' ? 'ID' : 'DL', values }
}

const isDay = (year: string, month: string, day: string): boolean => {
  const date = `${year}-${month}-${day}`
  const made = new Date(`${date}T00:00:00Z`)
  return (
    !Number.isNaN(made.getTime()) &&
    made.toISOString().slice(0, 10) === date &&
    Number(year) >= 1880 &&
    Number(year) <= 2120
  )
}

/**
 * Eight digits as a date. MMDDCCYY in the United States from version 2 on; CCYYMMDD in Canada, in Mexico and in version 1
 * (annex D.12.3). Many cards have the other order: it is taken where the standard's gives no day that exists.
 */
const toDate = (text: string | undefined, yearFirst: boolean): string | null | undefined => {
  if (text === undefined) return undefined
  const digits = text.replace(/[-/]/g, '')
  if (!/^\d{8}$/.test(digits)) return null
  const at = (from: number, to: number): string => digits.slice(from, to)
  const orders = [
    [at(0, 4), at(4, 6), at(6, 8)],
    [at(4, 8), at(0, 2), at(2, 4)],
  ] as const
  for (const [year, month, day] of yearFirst ? orders : [...orders].reverse())
    if (isDay(year, month, day)) return `${year}-${month}-${day}`
  return null
}

const words = (text: string | undefined): string[] => (text ?? '').split(/[\s,]+/).filter((word) => word !== '')

const namesOf = (values: ReadonlyMap<string, string>): { last: string | null; given: string[] } => {
  // Version 1 may have one element for all: family name, given name, middle names, parted by commas.
  const whole = values.get('DAA')
  const parts = whole?.includes(',') ? whole.split(',') : undefined
  const last = values.get('DCS') ?? values.get('DAB') ?? parts?.[0]
  const first = values.get('DAC') ?? values.get('DCT') ?? parts?.[1]
  const middle = values.get('DAD') ?? (values.has('DAC') || values.has('DCT') ? undefined : parts?.slice(2).join(' '))
  const given = words(first)
  // Some issuers write the middle name into the given names and again into its own element.
  const more = words(middle).filter((name) => !given.includes(name))
  // A comma within a family name begins the given names; a suffix has an element of its own (DCU).
  return { last: last?.split(',')[0]?.trim() || null, given: [...given, ...more] }
}

const sexes: Record<string, AamvaRecord['sex']> = { 1: 'M', 2: 'F', 9: 'X', M: 'M', F: 'F', X: 'X' }
const countries: Record<string, string> = { US: 'USA', CA: 'CAN', MX: 'MEX' }

/** Reads a bar code's text, Latin-1. Null when it is no licence or identity card of this standard. */
export const parseAamva = (text: string): AamvaRecord | null => {
  // Record and file separators are line ends to us: which of them stand where differs from card to card.
  const lines = text.replaceAll('\x1e', '\n').replaceAll('\x1c', '\n')
  const header = HEADER.exec(lines)
  if (!header) return null
  const subfile = elementsOf(lines, header)
  if (!subfile) return null
  const { values } = subfile
  const [, number = '', versionText = ''] = header
  const version = Number(versionText)
  const issuer = issuerOf(number)
  const written = values.get('DCG')?.toUpperCase()
  const said = written === undefined ? undefined : (countries[written] ?? written)
  const country = issuer?.country ?? (said === SPECIMEN_STATE ? said : null)
  // Dates of a card that is not believed are read as it would have them, for whoever looks at it.
  const ordered = country ?? said
  const yearFirst = version < 2 || ordered === 'CAN' || ordered === 'MEX'
  const dates = {
    dateOfBirth: toDate(values.get('DBB'), yearFirst),
    expiry: toDate(values.get('DBA'), yearFirst),
    issued: toDate(values.get('DBD'), yearFirst),
  }
  const { last, given } = namesOf(values)
  const street = values.get('DAG') ?? values.get('DAL')
  const city = values.get('DAI') ?? values.get('DAN')
  const postalCode = (values.get('DAK') ?? values.get('DAP'))?.replace(/^(\d{5})0000$/, '$1')
  const faults: AamvaFault[] = []
  const { dateOfBirth, expiry } = dates
  if (dateOfBirth === null || expiry === null || (dateOfBirth && expiry && dateOfBirth >= expiry))
    faults.push('impossible_date')
  if (country === null) faults.push('unknown_country')
  if (issuer && said && said !== issuer.country) faults.push('countries_disagree')
  return {
    kind: subfile.name === 'ID' ? 'ID_CARD' : 'DRIVING_LICENSE',
    version,
    issuer: number,
    country,
    state: issuer?.state ?? values.get('DAJ') ?? null,
    lastName: last,
    givenNames: given,
    number: values.get('DAQ')?.replace(/\s+/g, ' ') ?? null,
    dateOfBirth: dateOfBirth ?? null,
    expiry: expiry ?? null,
    issued: dates.issued ?? null,
    sex: sexes[values.get('DBC')?.toUpperCase() ?? ''] ?? null,
    address: street && city ? { street, city, postalCode: postalCode ?? '' } : null,
    truncated: {
      lastName: values.get('DDE')?.toUpperCase() === 'T',
      givenNames: values.get('DDF')?.toUpperCase() === 'T' || values.get('DDG')?.toUpperCase() === 'T',
    },
    faults,
  }
}
