import { managementScopes } from '@veridoor/contract'
import type Provider from 'oidc-provider'
import { findApplicationByClientId } from '../organizations/index.ts'
import type { OidcDeps } from './deps.ts'
import { APPLICATION_SCOPES } from './scopes.ts'

type TokenAnswer = { access_token?: string; scope?: string }

const scopesOf = (text: unknown): string[] => [
  ...new Set(
    String(text ?? '')
      .split(' ')
      .filter(Boolean),
  ),
]

/**
 * Gives tokens of an application itself (`client_credentials`) the scopes of its management switch: those that were asked for, or all of
 * them when none were. That default is predefined, as RFC 6749, section 3.3 wants it; a scope beyond the switch is `invalid_scope`. Runs
 * after the protocol has authenticated the client: nobody else learns what an application may do.
 */
export const limitManagementScopes = (provider: Provider, deps: Pick<OidcDeps, 'organizations'>): void => {
  provider.use(async (ctx, next) => {
    await next()
    const answer = ctx.body as TokenAnswer | undefined
    const { ClientCredentials: token, Client: client } = ctx.oidc?.entities ?? {}
    if (ctx.oidc?.route !== 'token' || !answer?.access_token || !token || !client) return
    const application = await findApplicationByClientId(deps.organizations.db, client.clientId)
    const allowed: readonly string[] = application ? managementScopes[application.management] : []
    const named = scopesOf(ctx.oidc.body?.scope)
    const requested = named.filter((scope) => APPLICATION_SCOPES.includes(scope))
    if (requested.some((scope) => !allowed.includes(scope))) {
      await token.destroy()
      ctx.status = 400
      ctx.body = { error: 'invalid_scope', error_description: 'the application is not allowed to have this scope' }
      return
    }
    if (named.length > 0 || allowed.length === 0) return
    token.scope = allowed.join(' ')
    await token.save()
    answer.scope = token.scope
  })
}
