import type { HttpApp, Transaction } from '@veridoor/foundation'
import type { TrustEnd } from '../accounts/index.ts'
import { createAccessTokens } from './access-token.ts'
import { sweepArtifacts } from './adapter.ts'
import type { OidcDeps } from './deps.ts'
import { createInteractions } from './interactions.ts'
import { issueAccessTokens, nameIssuer } from './issue-access-tokens.ts'
import { createKeyRing, followKeys } from './key-ring.ts'
import { certificatesOf, keyIds, loadKeys, publicKeySet } from './keys.ts'
import { limitManagementScopes } from './management-scopes.ts'
import { mountOidc, type OtherAnswers } from './mount.ts'
import { createProvider } from './provider.ts'
import { createRequestLimits, PUSHED_REQUESTS, STARTED_SIGN_INS } from './request-limits.ts'
import { endGrants } from './sign-out.ts'
import { tokenOwnerOf } from './token-owner.ts'

/** Milliseconds after which the transaction of a change is committed, in all likelihood: applications hear of nothing that may not hold. */
const AFTER_COMMIT_MS = 250

/** OpenID Connect for the applications of this server. */
export const createOidc = async (deps: OidcDeps) => {
  const ring = await createKeyRing({ load: () => loadKeys(deps), keyIds: () => keyIds(deps) })
  const tokens = createAccessTokens({ cipher: deps.cipher, issuer: deps.url, ring })
  const limits = createRequestLimits(STARTED_SIGN_INS)
  const currentProvider = await followKeys(ring, (keys) => {
    const provider = createProvider(deps, { keys, tokens, limits })
    issueAccessTokens(provider, deps, tokens)
    limitManagementScopes(provider, deps)
    nameIssuer(provider)
    return provider
  })
  return {
    /** The owner of an access token that is shown as a bearer token; undefined for one that is not good (any more). */
    tokenOwnerOf: (token: string) => tokenOwnerOf(currentProvider, tokens, token),
    /** Certificates of the keys that sign tokens or still check them, the current one first. */
    certificates: await followKeys(ring, certificatesOf),
    /** Ends all that was given out for an account when the trust in it ends, and tells the applications. */
    onTrustEnded: async (tx: Transaction, end: TrustEnd): Promise<void> => {
      if (!end.ends.includes('grants')) return
      const announce = await endGrants(deps, tx, end.user.id, currentProvider)
      setTimeout(() => void announce(), AFTER_COMMIT_MS).unref()
    },
    sweepArtifacts: () => sweepArtifacts(deps),
    mount: (app: HttpApp, answers: OtherAnswers): void =>
      mountOidc(app, {
        currentProvider,
        interactions: createInteractions(deps, currentProvider),
        tokens,
        organizations: deps.organizations,
        pushedRequests: createRequestLimits(PUSHED_REQUESTS),
        publishedKeys: async () => publicKeySet(await ring.current()),
        ...answers,
      }),
  }
}
