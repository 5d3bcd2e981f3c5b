import type Provider from 'oidc-provider'
import type { AccessTokens } from './access-token.ts'
import { isRealNameShared } from './claims/index.ts'

/** Whom an access token stands for: a person, whose token a client holds, or the client itself. */
export type TokenOwner = {
  readonly clientId: string
  /** Undefined for a token of the client itself. */
  readonly userId: string | undefined
  readonly scopes: readonly string[]
  /** The person has agreed that this application learns their real name. */
  readonly isRealNameShared: boolean
}

const scopesOf = (scope: string | undefined): string[] => (scope ?? '').split(' ').filter(Boolean)

/**
 * The owner of an access token that is shown as a bearer token.
 *
 * @returns undefined for a token that is unknown, expired, revoked, or bound to a key: that one needs a proof (RFC 9449, section 7.1)
 */
export const tokenOwnerOf = async (
  currentProvider: () => Promise<Provider>,
  tokens: Pick<AccessTokens, 'open'>,
  shown: string,
): Promise<TokenOwner | undefined> => {
  const value = await tokens.open(shown)
  const provider = await currentProvider()
  const ofPerson = await provider.AccessToken.find(value)
  if (ofPerson) {
    if (ofPerson.isExpired || !ofPerson.clientId || ofPerson.isSenderConstrained()) return undefined
    const grant = ofPerson.grantId ? await provider.Grant.find(ofPerson.grantId) : undefined
    // Without the grant it is not known what the person agreed to. Userinfo refuses such a token as well.
    if (ofPerson.grantId && !grant) return undefined
    return {
      clientId: ofPerson.clientId,
      userId: ofPerson.accountId,
      scopes: scopesOf(ofPerson.scope),
      isRealNameShared: isRealNameShared(grant),
    }
  }
  const ofClient = await provider.ClientCredentials.find(value)
  return ofClient?.clientId && !ofClient.isExpired && !ofClient.isSenderConstrained()
    ? { clientId: ofClient.clientId, userId: undefined, scopes: scopesOf(ofClient.scope), isRealNameShared: false }
    : undefined
}
