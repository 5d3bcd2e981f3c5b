import { decodeJwt } from 'jose'
import type Provider from 'oidc-provider'
import { countsAsVerified, findUserById } from '../accounts/index.ts'
import { findApplicationByClientId } from '../organizations/index.ts'
import type { AccessTokens, Registered } from './access-token.ts'
import { accessTokenClaims, tokenFormatOf } from './access-token-claims.ts'
import { isNameDeclined } from './claims/index.ts'
import type { OidcParts } from './provider.ts'

type Answer = { access_token?: string; id_token?: string; expires_in?: number; scope?: string }

/**
 * Gives out access tokens in the form that the application has set, after the protocol has made them. They tell what the scopes
 * allow at this moment; nothing renews them.
 */
export const issueAccessTokens = (provider: Provider, deps: OidcParts, tokens: AccessTokens): void => {
  const { accounts, organizations, demonstration } = deps
  provider.use(async (ctx, next) => {
    await next()
    const answer = ctx.body as Answer | undefined
    const { AccessToken: ofPerson, ClientCredentials: ofClient, Client: client } = ctx.oidc?.entities ?? {}
    const token = ofPerson ?? ofClient
    if (ctx.oidc?.route !== 'token' || !answer?.access_token || !token || !client) return
    const application = await findApplicationByClientId(organizations.db, client.clientId)
    if (!application || tokenFormatOf(application) === 'Opaque') return
    // The protocol keeps the time of the machine.
    const iat = Math.floor(Date.now() / 1000)
    const registered = (sub: string): Registered => ({
      sub,
      clientId: client.clientId,
      scope: token.scope ?? '',
      iat,
      exp: iat + (answer.expires_in ?? 0),
    })
    if (!ofPerson) {
      answer.access_token = await tokens.sign(answer.access_token, registered(client.clientId), {})
      return
    }
    const user = await findUserById(accounts, ofPerson.accountId)
    // The id token names the person as this application knows them. Without one, a name of its own stays unsaid.
    const subject = answer.id_token
      ? decodeJwt(answer.id_token).sub
      : client.subjectType === 'pairwise'
        ? undefined
        : ofPerson.accountId
    if (!user || !subject) return
    const claims = accessTokenClaims({
      user,
      application,
      subject,
      scopes: new Set((token.scope ?? '').split(' ')),
      isVerified: countsAsVerified(user, demonstration),
      isNameDeclined: isNameDeclined(ctx.oidc.entities.Grant),
    })
    answer.access_token = await tokens.sign(answer.access_token, registered(subject), claims)
  })
}

/** Userinfo says whose word it is and for whom, as Casdoor's does; OpenID Connect Core 1.0 allows both (section 5.3.2). */
export const nameIssuer = (provider: Provider): void => {
  provider.use(async (ctx, next) => {
    await next()
    if (ctx.oidc?.route !== 'userinfo' || ctx.status !== 200 || !ctx.oidc.entities.Client) return
    ctx.body = { iss: provider.issuer, aud: ctx.oidc.entities.Client.clientId, ...(ctx.body as object) }
  })
}
