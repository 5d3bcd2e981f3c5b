import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { readRequests } from './request.ts'

/**
 * Checks `verified_claims` in a claims request and folds its array form into an object: what sees the request afterwards drops
 * members that are arrays. Anything else in the request stays as it is.
 *
 * @throws invalid_request with what is wrong
 */
export const foldVerifiedClaims = async (ctx: KoaContextWithOIDC, claims: object): Promise<void> => {
  const places = claims as Record<string, Record<string, unknown> | undefined>
  let changed = false
  for (const name of ['userinfo', 'id_token']) {
    const place = places[name]
    if (!place) continue
    for (const [member, value] of Object.entries(place))
      if (member !== 'verified_claims' && value !== null && (typeof value !== 'object' || Array.isArray(value)))
        throw new errors.InvalidRequest(`claims.${name}.${member} should be null or an object`)
    if (!('verified_claims' in place)) continue
    if (!readRequests(place.verified_claims))
      throw new errors.InvalidRequest(
        `claims.${name}.verified_claims should name a verification and at least one claim`,
      )
    if (Array.isArray(place.verified_claims)) {
      place.verified_claims = { any_of: place.verified_claims }
      changed = true
    }
  }
  if (changed && ctx.oidc.params) ctx.oidc.params.claims = JSON.stringify(claims)
}
