import { SPECIMEN_STATE } from '../mrz/codes.ts'
import { toDate } from './dates.ts'
import { elementsOf } from './elements.ts'
import { issuerOf } from './issuers.ts'
import { namesOf } from './names.ts'

/**
 * A licence or identity card by its bar code (AAMVA DL/ID Card Design Standard, annex D; versions 1 of 2000 to 11 of 2025).
 * Values are as encoded, without their padding; dates are `YYYY-MM-DD`. Null: the record does not have it.
 */
export type AamvaRecord = {
  readonly kind: 'DRIVING_LICENSE' | 'ID_CARD'
  /** Version of the standard, 1 to 11; 0 where the header has none. */
  readonly version: number
  /** Issuer identification number, six digits. */
  readonly issuer: string
  /**
   * ISO 3166-1 alpha-3, by the issuer's number, since anybody can write a country into a record; only Utopia's is taken from there.
   * Null for a number that is not on AAMVA's list.
   */
  readonly country: string | null
  readonly state: string | null
  readonly lastName: string | null
  /** Given names in their order, middle names included. */
  readonly givenNames: readonly string[]
  /** Generation or title behind the name: `JR`, `III`. */
  readonly suffix: string | null
  readonly number: string | null
  readonly dateOfBirth: string | null
  readonly expiry: string | null
  readonly issued: string | null
  readonly sex: 'F' | 'M' | 'X' | null
  readonly address: { readonly street: string; readonly city: string; readonly postalCode: string } | null
  /** Names that the issuer says it has cut (elements DDE, DDF, DDG), or that fill their element where it does not say. */
  readonly truncated: { readonly lastName: boolean; readonly givenNames: boolean }
  /** What the record contradicts itself in. */
  readonly faults: readonly AamvaFault[]
}
/**
 * A day that does not exist, or an expiry not after the birth; an issuer's number that is not on the list; another country than the
 * issuer's.
 */
export type AamvaFault = 'impossible_date' | 'unknown_country' | 'countries_disagree'

/** What issuers write where a value other than a name is not there (annex D.12.2, and what they write in place of it). */
const NOTHING = /^(?:none|unavl|unavail|unk|n\/?a|null)?$/i
/** Characters that the longest name elements have room for (annex D, table D.3). */
const NAME_ROOM = { lastName: 40, givenNames: 80 } as const

const sexes: Record<string, AamvaRecord['sex']> = {
  1: 'M',
  2: 'F',
  9: 'X',
  M: 'M',
  F: 'F',
  X: 'X',
  MALE: 'M',
  FEMALE: 'F',
}
const countries: Record<string, string> = { US: 'USA', CA: 'CAN', MX: 'MEX' }

type Values = ReadonlyMap<string, string>

const elementOf = (values: Values, id: string): string | undefined => {
  const value = values.get(id)
  return value === undefined || NOTHING.test(value) ? undefined : value
}

const addressOf = (values: Values): AamvaRecord['address'] => {
  const street = elementOf(values, 'DAG') ?? elementOf(values, 'DAL')
  const city = elementOf(values, 'DAI') ?? elementOf(values, 'DAN')
  const postalCode = (elementOf(values, 'DAK') ?? elementOf(values, 'DAP'))?.replace(/^(\d{5})0000$/, '$1')
  return street && city ? { street, city, postalCode: postalCode ?? '' } : null
}

const isMarkedCut = (values: Values, ids: readonly string[], length: number, room: number): boolean => {
  const marks = ids.map((id) => values.get(id)?.toUpperCase())
  if (marks.includes('T')) return true
  return length >= room && !marks.includes('N')
}

type Dates = { readonly dateOfBirth: string | null | undefined; readonly expiry: string | null | undefined }

const faultsOf = ({ dateOfBirth, expiry }: Dates, country: string | null, said: string | undefined): AamvaFault[] => {
  const faults: AamvaFault[] = []
  if (dateOfBirth === null || expiry === null || (dateOfBirth && expiry && dateOfBirth >= expiry))
    faults.push('impossible_date')
  if (country === null) faults.push('unknown_country')
  else if (said && said !== country) faults.push('countries_disagree')
  return faults
}

/** Reads a bar code's text, Latin-1. Null when it is no licence or identity card of this standard. */
export const parseAamva = (text: string): AamvaRecord | null => {
  const record = elementsOf(text)
  if (!record) return null
  const { values, version, issuer } = record
  const known = issuerOf(issuer)
  const written = elementOf(values, 'DCG')?.toUpperCase()
  const said = written === undefined ? undefined : (countries[written] ?? written)
  const country = known?.country ?? (said === SPECIMEN_STATE ? said : null)
  const dates = { dateOfBirth: toDate(values.get('DBB')), expiry: toDate(values.get('DBA')) }
  const { last, given, suffix } = namesOf(values, issuer, version)
  return {
    kind: record.subfile === 'ID' ? 'ID_CARD' : 'DRIVING_LICENSE',
    version,
    issuer,
    country,
    state: known?.state ?? elementOf(values, 'DAJ') ?? null,
    lastName: last,
    givenNames: given,
    suffix,
    number: elementOf(values, 'DAQ')?.replace(/\s+/g, ' ') ?? null,
    dateOfBirth: dates.dateOfBirth ?? null,
    expiry: dates.expiry ?? null,
    issued: toDate(values.get('DBD')) ?? null,
    sex: sexes[values.get('DBC')?.toUpperCase() ?? ''] ?? null,
    address: addressOf(values),
    truncated: {
      lastName: isMarkedCut(values, ['DDE'], last?.length ?? 0, NAME_ROOM.lastName),
      givenNames: isMarkedCut(values, ['DDF', 'DDG'], given.join(' ').length, NAME_ROOM.givenNames),
    },
    faults: faultsOf(dates, country, said),
  }
}
