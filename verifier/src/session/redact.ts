import { isAcceptedBy } from './accepted.ts'
import { documentNameOf } from './decide.ts'
import type { Client, Session } from './schema.ts'
import { type DocumentField, type DocumentFields, isFaceRefused, type Verdict, withSign } from './verdict.ts'

/** The personal number, and the optional fields of a card's MRZ in which a state may have put it. */
const personalNumber = ['personalNumber', 'optionalData1', 'optionalData2'] as const

/** Fields of a verdict by the names of a client's setting `enabledFields`. */
const settingFields: Readonly<Record<string, readonly DocumentField[]>> = {
  idNumber: ['number'],
  idFirstName: ['firstName'],
  idLastName: ['lastName'],
  idDob: ['dateOfBirth'],
  idExpiry: ['expiry'],
  idUsState: ['state'],
  idPersonalNumber: personalNumber,
}

type Hidden = DocumentField | 'mrz'
/** What the law of a country keeps secret, by kind of document (wire contract, 3.10). */
const maskedFields: Readonly<Record<string, Readonly<Record<string, readonly Hidden[]>>>> = {
  DEU: { PASSPORT: ['mrz', 'number'], ID_CARD: ['mrz', 'number'] },
  HKG: { PASSPORT: ['mrz', 'number'], ID_CARD: ['number'] },
  JPN: { ID_CARD: ['number'] },
  NLD: { PASSPORT: ['mrz', ...personalNumber], ID_CARD: ['mrz', ...personalNumber] },
  SGP: { PASSPORT: ['mrz', 'number'], ID_CARD: ['number'], DRIVING_LICENSE: ['number'] },
  KOR: { PASSPORT: ['mrz', ...personalNumber], ID_CARD: ['number'], DRIVING_LICENSE: ['number'] },
  DNK: { PASSPORT: personalNumber },
}

/** What is masked by country and kind; where no country is known, everything that any country masks for the kind. */
const maskedOf = (country: string | null, type: string): readonly Hidden[] =>
  country === null
    ? Object.values(maskedFields).flatMap((kinds) => kinds[type] ?? [])
    : (maskedFields[country]?.[type] ?? [])

const without = (fields: DocumentFields, hidden: readonly Hidden[]): DocumentFields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !(hidden as readonly string[]).includes(name)))

/**
 * The verdict as this client may have it: a document that the client does not accept is an unsupported one; fields that it did not ask
 * for, or that are masked, are absent. Where the country was not read with certainty, a client that does not accept every country gets
 * a review, and the country that was chosen decides what is masked.
 */
export const redact = (
  verdict: Verdict,
  client: Pick<Client, 'acceptedCountries' | 'acceptedTypes' | 'enabledFields' | 'masking'>,
  session: Session,
): Verdict => {
  if (verdict.outcome !== 'read') return verdict
  const { fields, type } = verdict
  const country = fields.issuingCountry ?? null
  const accepted = isAcceptedBy(client, { country, type })
  if (accepted !== 'yes')
    return {
      outcome: 'unsupported',
      cause: accepted,
      document: { type, country },
      isSpecimen: verdict.isSpecimen,
      dataDifference: null,
      repeatedFaces: null,
    }
  if (client.acceptedCountries && country === null && !isFaceRefused(verdict.face))
    return withSign(verdict, documentNameOf(session), 'country_unsure')
  const enabled = session.enabledFields ?? client.enabledFields
  const hidden: readonly Hidden[] = [
    ...(enabled
      ? Object.entries(settingFields).flatMap(([name, hiding]) => (enabled.includes(name) ? [] : hiding))
      : []),
    ...(client.masking ? maskedOf(country ?? (session.choice ?? session.preset)?.country ?? null, type ?? '') : []),
  ]
  return { ...verdict, fields: without(fields, hidden), ...(hidden.includes('mrz') ? { mrz: null } : {}) }
}
