import {
  countryAlternatives,
  countryName,
  documentAlternatives,
  documentFromCountry,
  documentPhrase,
  isSentenceCode,
  type PlainCode,
  type Reason,
  reason,
  type SentenceCode,
  type SentenceValues,
  type sentences,
} from '@veridoor/contract'
import type { Claim, CommonSettings } from '@veridoor/providers'
import type { FinalFinding } from './decide.ts'

/** What the values of a reason are taken from. */
export type ReasonContext = {
  readonly claim: Claim
  readonly document: FinalFinding['document']
  readonly settings: Pick<CommonSettings, 'documentTypes' | 'countries'>
}

/** Codes that a finding or its comparison with the claim can end with, and that have values. */
type OutcomeCode = {
  [C in SentenceCode]: (typeof sentences)[C]['group'] extends 'start' | 'field' ? never : C
}[SentenceCode]
type FilledCode = Exclude<OutcomeCode, PlainCode | 'test_finished'>

/** For each code its values: a sentence with a new placeholder does not compile until they are here. */
const valuesOf: { [C in FilledCode]: (context: ReasonContext) => SentenceValues[C] } = {
  data_unreadable: () => ({ fields: 'Some details' }),
  no_document: ({ claim }) => ({ document: documentPhrase(claim.type) }),
  side_missing: ({ claim }) => ({ side: 'other side', document: documentPhrase(claim.type) }),
  document_unsupported: ({ settings }) => ({ documents: documentAlternatives(settings.documentTypes) }),
  wrong_country: ({ claim, document, settings }) => ({
    country: countryName(document.country ?? claim.country) || 'this country',
    countries: settings.countries.length === 0 ? 'another country' : countryAlternatives(settings.countries),
  }),
  document_expired: ({ document }) => ({ date: document.expiry ?? '' }),
  name_differs: ({ claim }) => ({ document: documentPhrase(claim.type) }),
  number_differs: ({ claim }) => ({ document: documentPhrase(claim.type) }),
  type_or_country_differs: ({ claim, document }) => ({
    chosen: documentFromCountry(claim.type, claim.country),
    found: documentFromCountry(document.type ?? '', document.country ?? ''),
  }),
}

/**
 * A reason with every value that its sentence needs. Providers name codes only: what the person chose and what is accepted is known
 * here. A code that is not in the catalogue reads as a case for a reviewer.
 */
export const fillReason = (code: string, context: ReasonContext): Reason => {
  if (!isSentenceCode(code)) return reason('under_review')
  const values = Object.hasOwn(valuesOf, code) ? valuesOf[code as FilledCode](context) : {}
  return { code, values } as Reason
}
