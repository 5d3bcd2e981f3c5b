import { isAcceptedBy } from '../accepted.ts'
import type { Client, Session } from '../schema.ts'
import { isRefused, type V4Result, withSign } from './result.ts'

/** The personal number, and where on a card's zone a state may have put it. */
const personalNumber = ['personalNumber', 'optionalData1', 'optionalData2'] as const

/** Fields of a result under the names of `enabledFields` (section 3.14). */
const fieldsOf: Record<string, readonly string[]> = {
  idNumber: ['number'],
  idFirstName: ['firstName'],
  idLastName: ['lastName'],
  idDob: ['dob'],
  idExpiry: ['expiry'],
  idUsState: ['usState'],
  idPersonalNumber: personalNumber,
}

/** What the law of a country keeps, by type of document (section 3.10). `mrzCheck` is the callback's `idCheckMRZcode`. */
const masked: Record<string, Partial<Record<string, readonly string[]>>> = {
  DEU: { PASSPORT: ['mrzCheck', 'number'], ID_CARD: ['mrzCheck', 'number'] },
  HKG: { PASSPORT: ['mrzCheck', 'number'], ID_CARD: ['number'] },
  JPN: { ID_CARD: ['number'] },
  NLD: { PASSPORT: ['mrzCheck', ...personalNumber], ID_CARD: ['mrzCheck', ...personalNumber] },
  SGP: { PASSPORT: ['mrzCheck', 'number'], ID_CARD: ['number'], DRIVING_LICENSE: ['number'] },
  KOR: { PASSPORT: ['mrzCheck', ...personalNumber], ID_CARD: ['number'], DRIVING_LICENSE: ['number'] },
  DNK: { PASSPORT: personalNumber },
}

const without = (from: Record<string, unknown>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)))

/** What is masked by country and type; where no country is known, all that any country masks for the type. */
const maskedOf = (country: string | undefined, type: string): readonly string[] =>
  country === undefined ? Object.values(masked).flatMap((types) => types[type] ?? []) : (masked[country]?.[type] ?? [])

/**
 * A result as this client may have it: a document that it does not take is an unsupported one, fields that were not asked for or
 * are masked are missing, not empty. Where the country was not read for sure, a client that does not take every one of them
 * gets a review, and what the person or the caller said decides what is masked.
 */
export const forClient = (
  result: V4Result,
  client: Pick<Client, 'acceptedCountries' | 'acceptedTypes' | 'enabledFields' | 'masking'>,
  session: Session,
): V4Result => {
  const { document, verification } = result
  if (document.status !== 'APPROVED_VERIFIED') return result
  const read = typeof document.issuingCountry === 'string' ? document.issuingCountry : undefined
  const country = read === 'N/A' ? undefined : read
  const type = typeof document.type === 'string' ? document.type : undefined
  const accepted = isAcceptedBy(client, { country, type })
  if (accepted !== 'yes')
    return {
      document: {
        status: accepted === 'type' ? 'DENIED_UNSUPPORTED_ID_TYPE' : 'DENIED_UNSUPPORTED_ID_COUNTRY',
        type,
        issuingCountry: country,
      },
    }
  const face = verification?.identityVerification as { similarity?: string; reason?: string } | undefined
  if (client.acceptedCountries && country === undefined && !isRefused(face))
    return withSign(session, result, 'country_unsure')
  const enabled = session.enabledFields ?? client.enabledFields
  const hidden = [
    ...(enabled ? Object.entries(fieldsOf).flatMap(([name, fields]) => (enabled.includes(name) ? [] : fields)) : []),
    ...(client.masking ? maskedOf(country ?? (session.choice ?? session.preset)?.country, type ?? '') : []),
  ]
  return {
    ...result,
    document: without(document, hidden),
    ...(verification ? { verification: without(verification, hidden) } : {}),
  }
}
