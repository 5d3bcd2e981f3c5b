import { documentKindOf, documentKinds, isDocumentType } from '@veridoor/contract'
import { fits, narrow } from './narrow.ts'
import { asksForNumber, readRequests, type VerifiedRequest } from './request.ts'

/** What is known of a verified person: from the sealed account and the finding it was sealed by. */
export type VerifiedPerson = {
  readonly name: string
  readonly givenName: string | undefined
  readonly familyName: string | undefined
  /** `YYYY-MM-DD` */
  readonly birthdate: string | undefined
  readonly documentType: string
  /** Three letters (ISO 3166-1 or ICAO 9303-3, section 5). */
  readonly documentCountry: string
  readonly documentNumber: string
  readonly documentExpiry: string | undefined
  readonly verifiedAt: Date
  /** Who checked: the provider's name as configured. */
  readonly verifier: string
  readonly reference: string
  /** Whether a face was compared with the document’s portrait, and passed. */
  readonly isFaceCompared: boolean
  readonly isDemonstration: boolean
}

/** Our own trust framework: an operator's rules are not those of a state. Specimens have one that nobody trusts by mistake. */
export const TRUST_FRAMEWORK = 'veridoor'
/** The trust framework of people who were verified with a specimen. */
export const DEMONSTRATION_FRAMEWORK = 'veridoor_demonstration'

/** What discovery says of all this (Identity Assurance, section 8). */
export const identityMetadata = {
  verified_claims_supported: true,
  trust_frameworks_supported: [TRUST_FRAMEWORK, DEMONSTRATION_FRAMEWORK],
  evidence_supported: ['document'],
  documents_supported: [...documentKinds.map(({ evidenceType }) => evidenceType), 'other'],
  documents_check_methods_supported: ['vri', 'bvr'],
  claims_in_verified_claims_supported: ['name', 'given_name', 'family_name', 'birthdate', 'age_over_18', 'age_over_21'],
}

/** Document type of the Identity Assurance predefined values; `other` for a kind that is no longer in the table. */
const evidenceTypeOf = (type: string): string => (isDocumentType(type) ? documentKindOf(type).evidenceType : 'other')

/** Whole years between two days, as an age is counted: the day itself counts; born on 29 February counts on 1 March. */
const ageOn = (birthdate: string, today: Date): number => {
  const [year = 0, month = 1, day = 1] = birthdate.split('-').map(Number)
  const had =
    today.getUTCMonth() + 1 > month || (today.getUTCMonth() + 1 === month && today.getUTCDate() >= day) ? 0 : 1
  return today.getUTCFullYear() - year - had
}

const claimOf = (person: VerifiedPerson, name: string, now: Date): unknown => {
  const age = /^age_over_(\d{1,3})$/.exec(name)
  if (age) return person.birthdate === undefined ? undefined : ageOn(person.birthdate, now) >= Number(age[1])
  switch (name) {
    case 'name':
      return person.name
    case 'given_name':
      return person.givenName
    case 'family_name':
      return person.familyName
    case 'birthdate':
      return person.birthdate
    default:
      return undefined
  }
}

const SECONDS = /\.\d+Z$/

/** All that could be told of the check, before anything is asked; the number only for those who agreed to it. */
const verificationOf = (person: VerifiedPerson, consented: ReadonlySet<string>): Record<string, unknown> => {
  const time = person.verifiedAt.toISOString().replace(SECONDS, 'Z')
  const check = { organization: person.verifier, txn: person.reference, time }
  // Who did not agree to tell of the document lets no request find out about it by what it must be.
  const document = !consented.has('document')
    ? { type: 'document' }
    : {
        type: 'document',
        check_details: [
          // "Inspection of an image taken remotely under visible light", and the comparison of faces (predefined values, check methods).
          { check_method: 'vri', ...check },
          ...(person.isFaceCompared ? [{ check_method: 'bvr', ...check }] : []),
        ],
        time,
        document_details: {
          type: evidenceTypeOf(person.documentType),
          issuer: { country_code: person.documentCountry },
          ...(person.documentExpiry ? { date_of_expiry: person.documentExpiry } : {}),
          ...(consented.has('document_number') ? { document_number: person.documentNumber } : {}),
        },
      }
  return {
    trust_framework: person.isDemonstration ? DEMONSTRATION_FRAMEWORK : TRUST_FRAMEWORK,
    time,
    verification_process: person.reference,
    evidence: [document],
  }
}

/** The number is told to those who name it; to ask for all of the document, or of the evidence, is not to name it. */
const withoutNumber = (evidence: unknown): unknown =>
  JSON.parse(JSON.stringify(evidence, (name, value: unknown) => (name === 'document_number' ? undefined : value)))

const answerOne = (
  request: VerifiedRequest,
  person: VerifiedPerson,
  consented: ReadonlySet<string>,
  now: Date,
): object | undefined => {
  const wanted = { trust_framework: null, ...request.verification }
  const narrowed = narrow(wanted, verificationOf(person, consented), now)
  // What the check must have been and was not: nothing at all is told (section 5.7.4).
  if (typeof narrowed === 'string') return undefined
  const { evidence, ...verification } = narrowed.value as Record<string, unknown>
  const isNumberNamed = (request.verification.evidence ?? []).some(asksForNumber)
  const told: Record<string, unknown> = {}
  for (const [name, one] of Object.entries(request.claims)) {
    const value = claimOf(person, name, now)
    // A claim that we do not have, may not tell, or have another value of is left out by itself, essential or not (section 5.7).
    if (value !== undefined && consented.has(name) && fits(one, value, now)) told[name] = value
  }
  // "verified_claims" without a claim is no answer (section 5.7.5).
  if (Object.keys(told).length === 0) return undefined
  return {
    verification: {
      ...verification,
      ...(evidence && consented.has('document')
        ? { evidence: isNumberNamed ? evidence : withoutNumber(evidence) }
        : {}),
    },
    claims: told,
  }
}

/**
 * What goes out for a `verified_claims` request of one place (OpenID Connect for Identity Assurance 1.0, section 5): only what
 * was asked for **and** consented to, and nothing at all where it cannot be met. One that was asked for as an array is answered
 * as one.
 *
 * @param person undefined for somebody who is not verified
 * @param consented names as `askedNames` lists them
 */
export const identityClaims = (input: {
  requested: unknown
  person: VerifiedPerson | undefined
  consented: ReadonlySet<string>
  now: Date
}): { verified_claims?: object } => {
  const { person, consented, now } = input
  const requests = readRequests(input.requested)
  if (!requests || !person) return {}
  const answers = requests
    .map((request) => answerOne(request, person, consented, now))
    .filter((entry) => entry !== undefined)
  if (answers.length === 0) return {}
  const isArray = Array.isArray(input.requested) || 'any_of' in (input.requested as object)
  return { verified_claims: isArray ? answers : (answers[0] as object) }
}
