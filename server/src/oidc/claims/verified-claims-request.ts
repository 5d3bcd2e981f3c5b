import { z } from 'zod'

/** One requested value: null, or constraints on it (OpenID Connect Core 1.0, section 5.5.1). */
const Constraint = z
  .looseObject({
    essential: z.boolean().optional(),
    value: z.unknown().optional(),
    values: z.array(z.unknown()).optional(),
    max_age: z.number().int().min(0).optional(),
  })
  .nullable()

/** A request for verified claims (OpenID Connect for Identity Assurance 1.0, section 5). */
const VerifiedClaimsRequest = z.looseObject({
  verification: z.looseObject({
    trust_framework: Constraint.optional(),
    time: Constraint.optional(),
    verification_process: Constraint.optional(),
    evidence: z
      .array(z.looseObject({ type: Constraint.optional() }))
      .min(1)
      .optional(),
  }),
  claims: z.record(z.string(), Constraint).refine((claims) => Object.keys(claims).length > 0),
})
export type VerifiedClaimsRequest = z.infer<typeof VerifiedClaimsRequest>

/** The array form after `normalize.ts`. */
const Normalized = z.object({ any_of: z.array(VerifiedClaimsRequest).min(1) })

/** The requests in `verified_claims`, in whichever form it has; undefined when it is not understood. */
export const readRequests = (requested: unknown): VerifiedClaimsRequest[] | undefined => {
  if (requested === undefined || requested === null) return undefined
  const list = Array.isArray(requested) ? requested : (Normalized.safeParse(requested).data?.any_of ?? [requested])
  const read = z.array(VerifiedClaimsRequest).min(1).safeParse(list)
  return read.success ? read.data : undefined
}

const verifiedClaimsOf = (claimsRequest: unknown): unknown =>
  (claimsRequest as { verified_claims?: unknown } | null | undefined)?.verified_claims

/** Whether a request has an essential member: a claim, or one about the verification. */
export const isEssential = (request: VerifiedClaimsRequest): boolean =>
  [
    ...Object.values(request.claims),
    request.verification.trust_framework,
    request.verification.time,
    request.verification.verification_process,
  ].some((constraint) => constraint?.essential === true)

/** The verified-claims requests of `userinfo` or `id_token` that have an essential member. */
export const essentialRequests = (claimsRequest: unknown): VerifiedClaimsRequest[] =>
  (readRequests(verifiedClaimsOf(claimsRequest)) ?? []).filter(isEssential)

/** Whether a claims request lets in verified people only. */
export const isVerificationRequested = (claimsRequest: unknown): boolean => essentialRequests(claimsRequest).length > 0

const CONSENT = 'verified:'
/** How consent to a claim of the verified identity is recorded: apart from the account's own claim of that name, which scopes release. */
export const consentNameOf = (name: string): string => `${CONSENT}${name}`
/** Whether a name was recorded by `consentNameOf`. */
export const isConsentName = (name: string): boolean => name.startsWith(CONSENT)
/** Names as `requestedNames` lists them, of those that were recorded by `consentNameOf`. */
export const consentedNames = (recorded: readonly string[]): Set<string> =>
  new Set(recorded.filter(isConsentName).map((name) => name.slice(CONSENT.length)))

type DecidedClaims = { getOIDCClaims(): string[]; getRejectedOIDCClaims(): string[] }

/**
 * Whether a person has agreed on a page that this application learns their real name, and has not taken the verified name out where that
 * was asked for by itself. A scope alone never releases it.
 *
 * @param grant what they agreed to, and what they did not
 */
export const isRealNameShared = (grant: DecidedClaims | undefined): boolean =>
  grant?.getOIDCClaims().includes('real_name') === true &&
  !grant.getRejectedOIDCClaims().includes(consentNameOf('name'))

/** The names of what is requested, as people consent to them: each claim, and `document_number` apart from `document`. */
export const requestedNames = (claimsRequests: readonly unknown[]): string[] => {
  const names = new Set<string>()
  for (const claimsRequest of claimsRequests)
    for (const request of readRequests(verifiedClaimsOf(claimsRequest)) ?? []) {
      for (const name of Object.keys(request.claims)) names.add(name)
      const evidence = request.verification.evidence ?? []
      if (evidence.length > 0) names.add('document')
      if (evidence.some((entry) => requestsNumber(entry))) names.add('document_number')
    }
  return [...names]
}

/** Whether an evidence entry of a request names the document number; requesting the whole document does not. */
export const requestsNumber = (evidence: object): boolean => {
  const details = (evidence as { document_details?: unknown }).document_details
  return typeof details === 'object' && details !== null && 'document_number' in details
}
