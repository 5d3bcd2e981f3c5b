import { documentKindOf, documentKinds, isDocumentType } from '@veridoor/contract'
import { meetsConstraint, select } from './select.ts'
import {
  essentialRequests,
  readRequests,
  requestsNumber,
  type VerifiedClaimsRequest,
} from './verified-claims-request.ts'

/** What is known of a verified person: from the locked account, and the finding that it was locked by. */
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
  /** The organization that checked: the provider's name as configured. */
  readonly verifier: string
  readonly reference: string
  /** Whether a face was compared with the document’s portrait, and passed. */
  readonly isFaceCompared: boolean
  readonly isDemonstration: boolean
  /** Whether the installation had approved the provider. */
  readonly trust: 'installation' | 'organization'
  /** Whether a document was seen, or only a register asked. */
  readonly evidence: 'document' | 'register'
}

/** The trust framework of this server: an operator's rules are not those of a state. */
export const TRUST_FRAMEWORK = 'veridoor'
/** The trust framework of people whom a provider verified that only their organization chose: the installation had not approved it. */
export const ORGANIZATION_FRAMEWORK = 'veridoor_organization'
/** The trust framework of people who were verified with a specimen, so that nobody trusts them by mistake. */
export const DEMONSTRATION_FRAMEWORK = 'veridoor_demonstration'

/** The members of the discovery document (OpenID Connect for Identity Assurance 1.0, section 8). */
export const identityMetadata = {
  verified_claims_supported: true,
  trust_frameworks_supported: [TRUST_FRAMEWORK, ORGANIZATION_FRAMEWORK, DEMONSTRATION_FRAMEWORK],
  evidence_supported: ['document', 'electronic_record'],
  electronic_records_supported: ['population_register'],
  documents_supported: [...documentKinds.map(({ evidenceType }) => evidenceType), 'other'],
  documents_check_methods_supported: ['vri', 'bvr'],
  claims_in_verified_claims_supported: ['name', 'given_name', 'family_name', 'birthdate', 'age_over_18', 'age_over_21'],
}

/** Document type of the Identity Assurance predefined values; `other` for a kind that is no longer in the table. */
const evidenceTypeOf = (type: string): string => (isDocumentType(type) ? documentKindOf(type).evidenceType : 'other')

/** Whole years between two days: a birthday counts from its first moment, and 29 February from 1 March. */
const ageOn = (birthdate: string, today: Date): number => {
  const [year = 0, month = 1, day = 1] = birthdate.split('-').map(Number)
  const missing =
    today.getUTCMonth() + 1 > month || (today.getUTCMonth() + 1 === month && today.getUTCDate() >= day) ? 0 : 1
  return today.getUTCFullYear() - year - missing
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

/** The framework says who answers for the check; a specimen proves nobody, whoever checked it. */
const frameworkOf = ({ isDemonstration, trust }: VerifiedPerson): string =>
  isDemonstration ? DEMONSTRATION_FRAMEWORK : trust === 'installation' ? TRUST_FRAMEWORK : ORGANIZATION_FRAMEWORK

const SECONDS = /\.\d+Z$/

/** A register confirmed the details: no document was looked at (Identity Assurance Schema Definition 1.0, section 5.4.4.3). */
const registerEvidence = (check: Record<string, unknown>, time: string): Record<string, unknown> => ({
  type: 'electronic_record',
  check_details: [{ check_method: 'data', ...check }],
  time,
  record: { type: 'population_register' },
})

/** Everything that could be released about the check; the number only for those who consented to it. */
const verificationOf = (person: VerifiedPerson, consented: ReadonlySet<string>): Record<string, unknown> => {
  const time = person.verifiedAt.toISOString().replace(SECONDS, 'Z')
  // `check_id` refers to the event of the check (Identity Assurance Schema Definition 1.0, section 5.4.4.1).
  const check = { organization: person.verifier, check_id: person.reference, time }
  // Without consent to the document, a request must not find out about it by the constraints that it names.
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
    trust_framework: frameworkOf(person),
    time,
    verification_process: person.reference,
    evidence: [person.evidence === 'register' ? registerEvidence(check, time) : document],
  }
}

/** The number is released to those who name it. A request for the whole document or the whole evidence does not name it. */
const withoutNumber = (evidence: unknown): unknown =>
  JSON.parse(JSON.stringify(evidence, (name, value: unknown) => (name === 'document_number' ? undefined : value)))

const selectVerification = (
  request: VerifiedClaimsRequest,
  person: VerifiedPerson,
  consented: ReadonlySet<string>,
  now: Date,
) => select({ trust_framework: null, ...request.verification }, verificationOf(person, consented), now)

const answerRequest = (
  request: VerifiedClaimsRequest,
  person: VerifiedPerson,
  consented: ReadonlySet<string>,
  now: Date,
): object | undefined => {
  const selection = selectVerification(request, person, consented, now)
  // A constraint on the check does not hold: nothing at all is released (section 5.7.4).
  if (typeof selection === 'string') return undefined
  const { evidence, ...verification } = selection.value as Record<string, unknown>
  const isNumberNamed = (request.verification.evidence ?? []).some(requestsNumber)
  const claims: Record<string, unknown> = {}
  for (const [name, constraint] of Object.entries(request.claims)) {
    const value = claimOf(person, name, now)
    // A claim that is missing, not consented to, or of another value is left out by itself, essential or not (section 5.7).
    if (value !== undefined && consented.has(name) && meetsConstraint(constraint, value, now)) claims[name] = value
  }
  // "verified_claims" without a claim is no answer (section 5.7.5).
  if (Object.keys(claims).length === 0) return undefined
  return {
    verification: {
      ...verification,
      ...(evidence && consented.has('document')
        ? { evidence: isNumberNamed ? evidence : withoutNumber(evidence) }
        : {}),
    },
    claims,
  }
}

/**
 * The answer to a `verified_claims` request (OpenID Connect for Identity Assurance 1.0, section 5): only what was requested **and**
 * consented to, and nothing at all where the request cannot be met. A request in array form is answered by an array.
 *
 * @param input.person undefined for somebody who is not verified
 * @param input.consented names as `requestedNames` lists them
 */
export const identityClaims = (input: {
  readonly requested: unknown
  readonly person: VerifiedPerson | undefined
  readonly consented: ReadonlySet<string>
  readonly now: Date
}): { verified_claims?: object } => {
  const { person, consented, now } = input
  const requests = readRequests(input.requested)
  if (!requests || !person) return {}
  const answers = requests
    .map((request) => answerRequest(request, person, consented, now))
    .filter((entry) => entry !== undefined)
  if (answers.length === 0) return {}
  const isArray = Array.isArray(input.requested) || 'any_of' in (input.requested as object)
  return { verified_claims: isArray ? answers : (answers[0] as object) }
}

const EVERYTHING: ReadonlySet<string> = new Set(['document', 'document_number'])

const isUnmet = (request: VerifiedClaimsRequest, person: VerifiedPerson, now: Date): boolean =>
  selectVerification(request, person, EVERYTHING, now) === 'unmet' ||
  Object.entries(request.claims).some(([name, constraint]) => {
    if (constraint?.essential !== true) return false
    const value = claimOf(person, name, now)
    const isConstrained = constraint.value !== undefined || constraint.values !== undefined
    return value === undefined ? isConstrained : !meetsConstraint(constraint, value, now)
  })

/**
 * Whether a claims request has essential verified claims, and this person's verification meets the constraints of none of them: too old
 * (`max_age`), under another trust framework, or with another value. A claim that is only missing is no such case (section 5.7.1).
 *
 * @param claimsRequest `userinfo` or `id_token` of the claims parameter
 */
export const unmetRequest = (claimsRequest: unknown, person: VerifiedPerson, now: Date): boolean => {
  const essential = essentialRequests(claimsRequest)
  return essential.length > 0 && essential.every((request) => isUnmet(request, person, now))
}
