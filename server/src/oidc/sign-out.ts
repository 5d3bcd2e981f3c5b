import { digest, type Executor } from '@veridoor/foundation'
import { and, eq, inArray, or } from 'drizzle-orm'
import type Provider from 'oidc-provider'
import { decryptArtifact } from './adapter.ts'
import type { OidcDeps } from './deps.ts'
import { oidcArtifacts } from './schema.ts'

/** What a session of the protocol holds for each application that the person signed in to. */
type Authorizations = Readonly<Record<string, { readonly sid?: string; readonly grantId?: string }>>

/** What the types of the protocol library leave out. */
type LogoutClient = { backchannelLogout(accountId: string, sid: string | undefined): Promise<void> }

const MAXIMUM_SESSIONS = 200

type ReportDeps = Pick<OidcDeps, 'log' | 'logoutFailures'>

/** Logs and counts a back-channel logout that did not arrive. The address is not logged: it may carry a token. */
export const reportLogoutFailure = ({ log, logoutFailures }: ReportDeps, error: unknown): void => {
  logoutFailures.inc()
  const { response } = (error ?? {}) as { response?: { status?: number } }
  log.warn('backchannel_logout.failed', {
    error,
    ...(response?.status === undefined ? {} : { status: response.status }),
  })
}

/** Tells applications that a session has ended (OpenID Connect Back-Channel Logout 1.0). One that does not answer stops none of the others. */
export const announceLogout = async (
  provider: Provider,
  deps: ReportDeps,
  accountId: string,
  authorizations: Authorizations,
): Promise<void> => {
  await Promise.all(
    Object.entries(authorizations).map(async ([clientId, { sid }]) => {
      try {
        const client = await provider.Client.find(clientId)
        if (client?.backchannelLogoutUri) await (client as unknown as LogoutClient).backchannelLogout(accountId, sid)
      } catch (error) {
        reportLogoutFailure(deps, error)
      }
    }),
  )
}

/**
 * Ends everything that was given out for an account: refresh tokens, access tokens, codes, consents, sign-ins in progress and the
 * sessions of the protocol. Applications that asked for it are told afterwards, by back-channel logout.
 *
 * @param ex the transaction in which the trust in the account ends
 * @returns what is left to do once the transaction is committed: telling the applications
 */
export const endGrants = async (
  deps: Pick<OidcDeps, 'cipher'> & ReportDeps,
  ex: Executor,
  accountId: string,
  currentProvider: () => Promise<Provider>,
): Promise<() => Promise<void>> => {
  const sessions = await ex
    .select()
    .from(oidcArtifacts)
    .where(and(eq(oidcArtifacts.accountId, accountId), eq(oidcArtifacts.model, 'Session')))
    .limit(MAXIMUM_SESSIONS)
  const authorizations = sessions.map((row) => decryptArtifact(deps.cipher, row).authorizations as Authorizations)
  await ex.delete(oidcArtifacts).where(eq(oidcArtifacts.accountId, accountId))
  return async () => {
    const provider = await currentProvider()
    for (const each of authorizations) await announceLogout(provider, deps, accountId, each ?? {})
  }
}

/** Ends what was given out in one session of the protocol, whose browser goes on with another account. */
export const endSessionGrants = async ({ db }: Pick<OidcDeps, 'db'>, authorizations: Authorizations): Promise<void> => {
  const grants = Object.values(authorizations).flatMap(({ grantId }) => (grantId ? [digest(grantId)] : []))
  if (grants.length === 0) return
  await db
    .delete(oidcArtifacts)
    .where(
      or(
        inArray(oidcArtifacts.grantDigest, grants),
        and(eq(oidcArtifacts.model, 'Grant'), inArray(oidcArtifacts.idDigest, grants)),
      ),
    )
}
