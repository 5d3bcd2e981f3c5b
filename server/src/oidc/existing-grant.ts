import type { Grant, KoaContextWithOIDC } from 'oidc-provider'
import type { Application } from './clients.ts'
import { entersAsAdministrator } from './deps.ts'
import type { Lookups } from './lookups.ts'

/** Whether using the application is agreement enough to its scopes; whatever is named one by one is asked for apart. */
const isAgreedByUse = (
  application: Application | undefined,
  ctx: KoaContextWithOIDC,
  isAdministrator: boolean,
): boolean =>
  application !== undefined && !application.requireConsent && !isAdministrator && !ctx.oidc.prompts.has('consent')

/**
 * What a person has agreed to for the client of this request. Where using an application is agreement enough, its scopes are recorded here:
 * no page has to be opened for it, and `prompt=none` works from the first request on.
 */
export const createLoadExistingGrant =
  ({ findApplication, findUser }: Lookups) =>
  async (ctx: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { client, session, provider, account } = ctx.oidc
    if (!client || !session || !account) return undefined
    const grantId = ctx.oidc.result?.consent?.grantId ?? session.grantIdFor(client.clientId)
    const known = grantId ? await provider.Grant.find(grantId) : undefined
    // A grant of another account is of a session before: this person has agreed to nothing yet.
    const existing = known?.accountId === account.accountId ? known : undefined
    const scopes = [...ctx.oidc.requestParamOIDCScopes]
    const recorded = new Set(existing?.getOIDCScopeEncountered().split(' '))
    if (existing && scopes.every((scope) => recorded.has(scope))) return existing
    const [application, user] = await Promise.all([findApplication(client.clientId), findUser(account.accountId)])
    const isAdministrator = user !== undefined && application !== undefined && entersAsAdministrator(user, application)
    if (!isAgreedByUse(application, ctx, isAdministrator)) return existing
    const grant = existing ?? new provider.Grant({ accountId: account.accountId, clientId: client.clientId })
    grant.addOIDCScope(scopes.join(' '))
    await grant.save()
    return grant
  }
