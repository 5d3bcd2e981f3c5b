import { z } from 'zod'

/** One requested value: null, or what it must be (OpenID Connect Core, section 5.5.1). */
const Wanted = z
  .looseObject({
    essential: z.boolean().optional(),
    value: z.unknown().optional(),
    values: z.array(z.unknown()).optional(),
    max_age: z.number().int().min(0).optional(),
  })
  .nullable()
export type Wanted = z.infer<typeof Wanted>

/** A request for verified claims (OpenID Connect for Identity Assurance 1.0, section 5). */
const VerifiedRequest = z.looseObject({
  verification: z.looseObject({
    trust_framework: Wanted.optional(),
    time: Wanted.optional(),
    verification_process: Wanted.optional(),
    evidence: z
      .array(z.looseObject({ type: Wanted.optional() }))
      .min(1)
      .optional(),
  }),
  claims: z.record(z.string(), Wanted).refine((claims) => Object.keys(claims).length > 0),
})
export type VerifiedRequest = z.infer<typeof VerifiedRequest>

const Folded = z.object({ any_of: z.array(VerifiedRequest).min(1) })

/** Requests in either form; undefined when it is none of ours. */
export const readRequests = (asked: unknown): VerifiedRequest[] | undefined => {
  if (asked === undefined || asked === null) return undefined
  const list = Array.isArray(asked) ? asked : (Folded.safeParse(asked).data?.any_of ?? [asked])
  const read = z.array(VerifiedRequest).min(1).safeParse(list)
  return read.success ? read.data : undefined
}

/**
 * Whether a place of the claims request asks for verified people only: an essential claim of ours among its verified claims.
 */
export const isVerificationAsked = (place: unknown): boolean => {
  const asked = (place as { verified_claims?: unknown } | null | undefined)?.verified_claims
  return (readRequests(asked) ?? []).some((request) =>
    [...Object.values(request.claims), request.verification.trust_framework].some(
      (wanted) => wanted?.essential === true,
    ),
  )
}

const CONSENT = 'verified:'
/** How consent to a claim of the verified identity is kept: apart from the account's own claim of that name, which scopes tell. */
export const consentNameOf = (name: string): string => `${CONSENT}${name}`
/** Whether a name was kept by `consentNameOf`. */
export const isConsentName = (name: string): boolean => name.startsWith(CONSENT)
/**
 * Names as `askedNames` lists them, of those that were kept by `consentNameOf`. A version before kept them without its mark: such names
 * count, too, where no claim of the account has them, so that only consent to `name` is asked for once more.
 *
 * @param ofAccount names of the account's own claims
 */
export const consentedNames = (kept: readonly string[], ofAccount: ReadonlySet<string>): Set<string> =>
  new Set(
    kept.flatMap((name) =>
      isConsentName(name)
        ? [name.slice(CONSENT.length)]
        : ofAccount.has(name) || name === 'verified_claims'
          ? []
          : [name],
    ),
  )

/**
 * Whether a person took out their verified name where they were asked for it: then no scope tells it either.
 *
 * @param grant what they agreed to, and what not
 */
export const isNameDeclined = (grant: { getRejectedOIDCClaims(): string[] } | undefined): boolean =>
  grant?.getRejectedOIDCClaims().includes(consentNameOf('name')) === true

/** The names of what is asked for, as consent is given to them: each claim, and `document_number` apart. */
export const askedNames = (places: readonly unknown[]): string[] => {
  const names = new Set<string>()
  for (const place of places) {
    const asked = (place as { verified_claims?: unknown } | null | undefined)?.verified_claims
    for (const request of readRequests(asked) ?? []) {
      for (const name of Object.keys(request.claims)) names.add(name)
      const documents = request.verification.evidence ?? []
      if (documents.length > 0) names.add('document')
      if (documents.some((entry) => asksForNumber(entry))) names.add('document_number')
    }
  }
  return [...names]
}

/** Whether an evidence of a request names the document number; asking for all of the document does not. */
export const asksForNumber = (evidence: object): boolean => {
  const details = (evidence as { document_details?: unknown }).document_details
  return typeof details === 'object' && details !== null && 'document_number' in details
}
