import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { readRequests } from './verified-claims-request.ts'

/**
 * Checks `verified_claims` in a claims request, and turns its array form into an object: the protocol library drops members that are
 * arrays. Everything else in the request stays as it is.
 *
 * @throws {errors.InvalidRequest} naming the member that is wrong
 */
export const normalizeVerifiedClaims = async (ctx: KoaContextWithOIDC, claims: object): Promise<void> => {
  const claimsRequests = claims as Record<string, Record<string, unknown> | undefined>
  let isChanged = false
  for (const name of ['userinfo', 'id_token']) {
    const claimsRequest = claimsRequests[name]
    if (!claimsRequest) continue
    for (const [member, value] of Object.entries(claimsRequest))
      if (member !== 'verified_claims' && value !== null && (typeof value !== 'object' || Array.isArray(value)))
        throw new errors.InvalidRequest(`claims.${name}.${member} should be null or an object`)
    if (!('verified_claims' in claimsRequest)) continue
    if (!readRequests(claimsRequest.verified_claims))
      throw new errors.InvalidRequest(
        `claims.${name}.verified_claims should name a verification and at least one claim`,
      )
    if (Array.isArray(claimsRequest.verified_claims)) {
      claimsRequest.verified_claims = { any_of: claimsRequest.verified_claims }
      isChanged = true
    }
  }
  if (isChanged && ctx.oidc.params) ctx.oidc.params.claims = JSON.stringify(claims)
}
