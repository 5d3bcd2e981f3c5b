import { apiScopes } from '@veridoor/contract'
import { scopeClaims } from './scope-claims.ts'

/** Scopes that a person can agree to. */
export const PERSON_SCOPES: readonly string[] = [...Object.keys(scopeClaims), 'offline_access']
/** Scopes that an application can have for itself (RFC 6749, section 4.4): those of API keys. */
export const APPLICATION_SCOPES: readonly string[] = apiScopes

/** Members that mean something in a request of OpenID Connect only: the protocol library refuses them without `openid`. */
const OPENID_MEMBERS = ['acr_values', 'claims', 'claims_locales', 'id_token_hint', 'max_age', 'nonce']

/**
 * The scopes of an authorization request that are known here, always with `openid`: what a request without it means is left to the server
 * (OpenID Connect Core 1.0, section 3.1.2.1), and no scope at all has a default (RFC 6749, section 3.3).
 *
 * @returns undefined where scopes are named, and none of them is known
 */
export const normalizeScope = (scope: string | undefined): string | undefined => {
  const requested = (scope ?? '').split(' ').filter(Boolean)
  const known = requested.filter((name) => PERSON_SCOPES.includes(name))
  if (requested.length > 0 && known.length === 0) return undefined
  return [...new Set(['openid', ...known])].join(' ')
}

/** The members of a request with its scope as `normalizeScope` gives it. In a request object or a pushed request it is read later. */
export const withNormalizedScope = (members: Readonly<Record<string, string>>): Record<string, string> => {
  if (members.request !== undefined || members.request_uri !== undefined) return { ...members }
  const scope = normalizeScope(members.scope)
  if (scope !== undefined) return { ...members, scope }
  // It will be refused for its scopes. Members of OpenID Connect would have it refused for themselves first.
  return Object.fromEntries(Object.entries(members).filter(([name]) => !OPENID_MEMBERS.includes(name)))
}
