import { isAcceptedBy } from '../accepted.ts'
import type { Client, Session } from '../schema.ts'
import type { V4Result } from './result.ts'

/** Fields of a result under the names of `enabledFields` (section 3.14). */
const fieldsOf: Record<string, string> = {
  idNumber: 'number',
  idFirstName: 'firstName',
  idLastName: 'lastName',
  idDob: 'dob',
  idExpiry: 'expiry',
  idUsState: 'usState',
  idPersonalNumber: 'personalNumber',
  idAddress: 'address',
}

/** What the law of a country keeps, by type of document (section 3.10). `mrzCheck` is the callback's `idCheckMRZcode`. */
const masked: Record<string, Partial<Record<string, readonly string[]>>> = {
  DEU: { PASSPORT: ['mrzCheck', 'number'], ID_CARD: ['mrzCheck', 'number'] },
  HKG: { PASSPORT: ['mrzCheck', 'number'], ID_CARD: ['number'] },
  JPN: { ID_CARD: ['number'] },
  NLD: { PASSPORT: ['mrzCheck', 'personalNumber'], ID_CARD: ['mrzCheck', 'personalNumber'] },
  SGP: { PASSPORT: ['mrzCheck', 'number'], ID_CARD: ['number'], DRIVING_LICENSE: ['number'] },
  KOR: { PASSPORT: ['mrzCheck', 'personalNumber'], ID_CARD: ['number'], DRIVING_LICENSE: ['number'] },
  DNK: { PASSPORT: ['personalNumber'] },
}

const without = (from: Record<string, unknown>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)))

/**
 * A result as this client may have it: a document that it does not take is an unsupported one, fields that were not asked for or
 * are masked are missing, not empty.
 */
export const forClient = (
  result: V4Result,
  client: Pick<Client, 'acceptedCountries' | 'acceptedTypes' | 'enabledFields' | 'masking'>,
  session: Pick<Session, 'enabledFields'>,
): V4Result => {
  const { document, verification } = result
  if (document.status !== 'APPROVED_VERIFIED') return result
  const country = typeof document.issuingCountry === 'string' ? document.issuingCountry : undefined
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
  const enabled = session.enabledFields ?? client.enabledFields
  const hidden = [
    ...(enabled ? Object.entries(fieldsOf).flatMap(([name, field]) => (enabled.includes(name) ? [] : [field])) : []),
    ...(client.masking ? (masked[country ?? '']?.[type ?? ''] ?? []) : []),
  ]
  return {
    ...(result.dataDifference ? { dataDifference: result.dataDifference } : {}),
    document: without(document, hidden),
    ...(verification ? { verification: without(verification, hidden) } : {}),
  }
}
