import type Provider from 'oidc-provider'
import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { adoptSession } from './adopt-session.ts'
import type { OidcDeps } from './deps.ts'
import type { Lookups } from './lookups.ts'
import { clientAddressOf } from './read-request.ts'
import type { RequestLimits } from './request-limits.ts'
import { normalizeScope } from './scopes.ts'

/** @throws {errors.InvalidScope} where scopes are named, and none of them is known */
const checkScope = (ctx: KoaContextWithOIDC): void => {
  const { params } = ctx.oidc
  if (!params) return
  const requested = params.scope === undefined ? undefined : String(params.scope)
  // The library has removed scopes that it does not know: an empty text is left where it knew none.
  const scope = requested === '' ? undefined : normalizeScope(requested)
  if (scope === undefined) throw new errors.InvalidScope('none of the requested scopes is known here', requested ?? '')
  params.scope = scope
}

/** Characters of a request's members: about what is stored while its person signs in. */
const lengthOf = (params: Record<string, unknown>): number =>
  Object.values(params).reduce<number>((sum, value) => sum + String(value ?? '').length, 0)

/**
 * What is done with each authorization request once the protocol library has checked it, before it looks who is signed in.
 *
 * @throws {errors.TemporarilyUnavailable} when one address begins too many sign-ins
 */
export const createAuthorizationChecks =
  (currentProvider: () => Provider, deps: OidcDeps, lookups: Lookups, limits: RequestLimits) =>
  async (ctx: KoaContextWithOIDC): Promise<void> => {
    checkScope(ctx)
    if (ctx.oidc.route !== 'authorization') return
    const caller = await adoptSession(currentProvider(), deps, lookups, ctx)
    if (caller) return
    const wait = limits.waitFor(
      clientAddressOf(ctx.req),
      ctx.oidc.client?.clientId ?? '',
      lengthOf({ ...ctx.oidc.params }),
    )
    if (wait !== undefined)
      throw new errors.TemporarilyUnavailable('too many sign-ins were begun, try again in a minute')
  }
