import type Provider from 'oidc-provider'
import type { AccessTokens } from './access-token.ts'
import { isNameDeclined } from './claims/index.ts'

/** Whose an access token is: a person's, held by a client, or the client's own. */
export type TokenOwner = {
  readonly clientId: string
  readonly userId: string | undefined
  readonly scopes: readonly string[]
  /** The person took their verified name out of what this application learns. */
  readonly isNameDeclined: boolean
}

/** @returns undefined for a token that is unknown, over or revoked */
export const tokenOwnerOf = async (
  providerNow: () => Promise<Provider>,
  tokens: Pick<AccessTokens, 'open'>,
  shown: string,
): Promise<TokenOwner | undefined> => {
  const token = await tokens.open(shown)
  const provider = await providerNow()
  const scopesOf = (scope: string | undefined): string[] => (scope ?? '').split(' ').filter(Boolean)
  const person = await provider.AccessToken.find(token)
  if (person) {
    if (person.isExpired || !person.clientId) return undefined
    const grant = person.grantId ? await provider.Grant.find(person.grantId) : undefined
    // What its person took out is not known any more, and userinfo refuses it too.
    if (person.grantId && !grant) return undefined
    return {
      clientId: person.clientId,
      userId: person.accountId,
      scopes: scopesOf(person.scope),
      isNameDeclined: isNameDeclined(grant),
    }
  }
  const client = await provider.ClientCredentials.find(token)
  return client?.clientId && !client.isExpired
    ? { clientId: client.clientId, userId: undefined, scopes: scopesOf(client.scope), isNameDeclined: false }
    : undefined
}
