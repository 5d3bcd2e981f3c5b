import { asksForNumber, readRequests, type VerifiedRequest, type Wanted } from './request.ts'

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
  readonly isDemonstration: boolean
}

/** Our own trust framework: an operator's rules are not those of a state. Specimens have one that nobody trusts by mistake. */
export const TRUST_FRAMEWORK = 'veridoor'
export const DEMONSTRATION_FRAMEWORK = 'veridoor_demonstration'

/** Document types of the Identity Assurance predefined values. */
const documentTypes: Readonly<Record<string, string>> = {
  PASSPORT: 'passport',
  ID_CARD: 'idcard',
  DRIVING_LICENSE: 'driving_permit',
  VISA: 'visa',
}

const fits = (wanted: Wanted | undefined, value: unknown): boolean => {
  if (!wanted) return true
  if (wanted.value !== undefined && wanted.value !== value) return false
  return wanted.values === undefined || wanted.values.includes(value)
}

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

/** The evidence that was asked for, or undefined where what was asked for is not what was shown. */
const evidenceFor = (
  person: VerifiedPerson,
  request: VerifiedRequest,
  consented: ReadonlySet<string>,
): object[] | undefined | 'unmet' => {
  const asked = request.verification.evidence
  if (!asked) return undefined
  const type = documentTypes[person.documentType] ?? 'other'
  const matching = asked.filter((entry) => {
    const details = (entry.document_details ?? {}) as { type?: Wanted; issuer?: { country_code?: Wanted } }
    return (
      fits(entry.type, 'document') &&
      fits(details.type, type) &&
      fits(details.issuer?.country_code, person.documentCountry)
    )
  })
  if (matching.length === 0) return 'unmet'
  if (!consented.has('document')) return undefined
  const withNumber = consented.has('document_number') && matching.some(asksForNumber)
  return [
    {
      type: 'document',
      check_details: [{ check_method: 'vpip', organization: person.verifier, txn: person.reference }],
      time: person.verifiedAt.toISOString().replace(/\.\d+Z$/, 'Z'),
      document_details: {
        type,
        issuer: { country_code: person.documentCountry },
        ...(person.documentExpiry ? { date_of_expiry: person.documentExpiry } : {}),
        ...(withNumber ? { document_number: person.documentNumber } : {}),
      },
    },
  ]
}

const answerOne = (
  request: VerifiedRequest,
  person: VerifiedPerson,
  consented: ReadonlySet<string>,
  now: Date,
): object | undefined => {
  const { verification, claims } = request
  const framework = person.isDemonstration ? DEMONSTRATION_FRAMEWORK : TRUST_FRAMEWORK
  const time = person.verifiedAt.toISOString().replace(/\.\d+Z$/, 'Z')
  if (!fits(verification.trust_framework, framework)) return undefined
  const maxAge = verification.time?.max_age
  if (maxAge !== undefined && (now.getTime() - person.verifiedAt.getTime()) / 1000 > maxAge) return undefined
  const evidence = evidenceFor(person, request, consented)
  if (evidence === 'unmet') return undefined
  const answered: Record<string, unknown> = {}
  for (const [name, wanted] of Object.entries(claims)) {
    const value = claimOf(person, name, now)
    // A claim that must have another value makes the whole request unmet (Identity Assurance, section 5.7.2).
    if (value !== undefined && !fits(wanted, value)) return undefined
    if (value !== undefined && consented.has(name)) answered[name] = value
    else if (wanted?.essential) return undefined
  }
  // "verified_claims" without a claim is no answer (section 5.7.1).
  if (Object.keys(answered).length === 0) return undefined
  return {
    verification: {
      trust_framework: framework,
      ...('time' in verification ? { time } : {}),
      ...('verification_process' in verification ? { verification_process: person.reference } : {}),
      ...(evidence ? { evidence } : {}),
    },
    claims: answered,
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
