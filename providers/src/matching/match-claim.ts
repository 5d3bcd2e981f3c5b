import type { DocumentFound, Reason } from '../port.ts'
import { compareNumbers } from './document-number.ts'
import type { FieldResult } from './field-result.ts'
import { compareNames } from './names.ts'

/** What the person claimed when they started the check. The name is one field in any script; the country is empty when it was not asked. */
export type Claim = {
  readonly realName: string
  readonly number: string
  readonly type: string
  readonly country: string
}
/**
 * Result of `matchClaim`. `fields.expiry` is `same` while the document is valid. `staffReasons` has `field:result` for each field that
 * is not the same.
 */
export type Match = {
  readonly result: 'match' | 'review' | 'mismatch'
  readonly fields: Readonly<Record<'name' | 'number' | 'type' | 'country' | 'expiry', FieldResult>>
  readonly reasons: readonly Reason[]
  readonly staffReasons: readonly string[]
}

const upper = (text: string): string => text.trim().toUpperCase()
const compareWords = (claimed: string, found: string | undefined): FieldResult =>
  found === undefined ? 'absent' : upper(claimed) === upper(found) ? 'same' : 'different'

/**
 * Compares what the person claimed with what the document says. The document check shows that the document is genuine; this comparison
 * shows that it belongs to the person who started the check. A value that is absent is neither the same nor different: it leads to review.
 *
 * @param today the date in UTC; an expired document is a mismatch
 */
export const matchClaim = (claim: Claim, document: DocumentFound, today: Date): Match => {
  const fields = {
    name: compareNames(claim.realName, document.firstName, document.lastName),
    number: compareNumbers(claim.number, document.number),
    type: compareWords(claim.type, document.type),
    country:
      claim.country === '' ? (document.country ? 'same' : 'absent') : compareWords(claim.country, document.country),
    expiry:
      document.expiry === undefined
        ? 'absent'
        : document.expiry >= today.toISOString().slice(0, 10)
          ? 'same'
          : 'different',
  } satisfies Record<string, FieldResult>

  const reasons: Reason[] = []
  if (fields.expiry === 'different') reasons.push({ code: 'document_expired', values: { date: document.expiry ?? '' } })
  if (fields.type === 'different' || fields.country === 'different')
    reasons.push({ code: 'type_or_country_differs', values: {} })
  if (fields.name === 'different') reasons.push({ code: 'name_differs', values: {} })
  if (fields.number === 'different') reasons.push({ code: 'number_differs', values: {} })

  const staffReasons = Object.entries(fields)
    .filter(([, result]) => result !== 'same')
    .map(([field, result]) => `${field}:${result}`)
  const results = Object.values(fields) as FieldResult[]
  if (results.includes('different')) return { result: 'mismatch', fields, reasons, staffReasons }
  if (results.some((result) => result !== 'same'))
    return { result: 'review', fields, reasons: [{ code: 'under_review', values: {} }], staffReasons }
  return { result: 'match', fields, reasons: [], staffReasons }
}
