import type Provider from 'oidc-provider'

/** A step of a sign-in, as the protocol library stores it. */
export type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>

/** `userinfo` and `id_token` of the claims parameter (OpenID Connect Core 1.0, section 5.5). */
export const claimsRequestsOf = ({ params }: Interaction): unknown[] => {
  if (typeof params.claims !== 'string') return []
  const claims = JSON.parse(params.claims) as { userinfo?: unknown; id_token?: unknown }
  return [claims.userinfo, claims.id_token]
}

export const scopesOf = ({ params }: Interaction): string[] =>
  String(params.scope ?? '')
    .split(' ')
    .filter(Boolean)

/** Claims of the request that the person was never asked about. */
export const missingClaimsOf = ({ prompt }: Interaction): string[] =>
  (prompt.details.missingOIDCClaims as string[] | undefined) ?? []
