import { decodeJwt } from 'jose'
import type Provider from 'oidc-provider'
import { countsAsVerified } from '../accounts/index.ts'
import type { AccessTokens, Registered } from './access-token.ts'
import { accessTokenClaims, tokenFormatOf } from './access-token-claims.ts'
import { isRealNameShared } from './claims/index.ts'
import type { OidcDeps } from './deps.ts'
import { createLookups } from './lookups.ts'

type Answer = { access_token?: string; id_token?: string; expires_in?: number; scope?: string }

/**
 * Gives out access tokens in the form that the application has set, after the protocol library has made them. They hold what the scopes
 * allow at this moment, and stay as they are until they end.
 */
export const issueAccessTokens = (provider: Provider, deps: OidcDeps, tokens: AccessTokens): void => {
  const { findApplication, findUser } = createLookups(deps)
  provider.use(async (ctx, next) => {
    await next()
    const answer = ctx.body as Answer | undefined
    const { AccessToken: ofPerson, ClientCredentials: ofClient, Client: client } = ctx.oidc?.entities ?? {}
    const token = ofPerson ?? ofClient
    if (ctx.oidc?.route !== 'token' || !answer?.access_token || !token || !client) return
    const application = await findApplication(client.clientId)
    if (!application || tokenFormatOf(application) === 'Opaque') return
    // The protocol library keeps the time of the machine.
    const iat = Math.floor(Date.now() / 1000)
    const algorithm = application.securityProfile === 'fapi2' ? 'ES256' : 'RS256'
    const registered = (sub: string): Registered => ({
      sub,
      clientId: client.clientId,
      scope: token.scope ?? '',
      iat,
      exp: iat + (answer.expires_in ?? 0),
      jkt: token.jkt,
    })
    if (!ofPerson) {
      answer.access_token = await tokens.sign(answer.access_token, registered(client.clientId), {}, algorithm)
      return
    }
    const user = await findUser(ofPerson.accountId)
    // The ID token names the person as this application knows them. Without one, an identifier of the application's own is not known here.
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
      isVerified: countsAsVerified(user, deps.demonstration),
      isRealNameShared: isRealNameShared(ctx.oidc.entities.Grant),
    })
    answer.access_token = await tokens.sign(answer.access_token, registered(subject), claims, algorithm)
  })
}

/** Names the issuer and the audience in userinfo, which OpenID Connect Core 1.0 allows (section 5.3.2) and existing clients read. */
export const nameIssuer = (provider: Provider): void => {
  provider.use(async (ctx, next) => {
    await next()
    if (ctx.oidc?.route !== 'userinfo' || ctx.status !== 200 || !ctx.oidc.entities.Client) return
    ctx.body = { iss: provider.issuer, aud: ctx.oidc.entities.Client.clientId, ...(ctx.body as object) }
  })
}
