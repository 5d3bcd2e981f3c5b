import { randomUUID } from 'node:crypto'
import type Provider from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Caller } from '../accounts/index.ts'
import type { OidcDeps } from './deps.ts'
import type { Lookups } from './lookups.ts'
import { announceLogout, endSessionGrants } from './sign-out.ts'

/** How a person signed in, as the protocol records it: methods by RFC 8176, time in seconds since 1970. */
export const signInOf = ({ userId, methods, signedInAt }: Caller) => ({
  accountId: userId,
  amr: [...methods, ...(methods.length > 1 ? ['mfa'] : [])],
  loginTs: Math.floor(signedInAt.getTime() / 1000),
})

type Session = NonNullable<KoaContextWithOIDC['oidc']['session']>

/** Makes a session of one person the session of another, as if it had just begun. */
const startAnew = async (provider: Provider, deps: OidcDeps, session: Session): Promise<void> => {
  const { accountId, authorizations = {} } = session
  if (accountId !== undefined) void announceLogout(provider, deps, accountId, authorizations)
  await endSessionGrants(deps, authorizations)
  session.authorizations = {}
  session.uid = randomUUID()
}

/**
 * Makes the session of our own pages the session of the protocol: there is one session, wherever it began, so that `prompt=none`,
 * `max_age` and `id_token_hint` see the person who signed in on our page (OpenID Connect Core 1.0, section 3.1.2.1).
 *
 * @returns the person, where the browser shows a session of ours
 */
export const adoptSession = async (
  provider: Provider,
  deps: OidcDeps,
  lookups: Lookups,
  ctx: KoaContextWithOIDC,
): Promise<Caller | undefined> => {
  const { session } = ctx.oidc
  const caller = await lookups.callerOf(ctx.req.headers.cookie)
  // A password that somebody else knows lets nobody into an application: the interaction asks for another one first.
  if (!session || !caller || caller.mustChangePassword) return caller
  const signIn = signInOf(caller)
  const isSame = session.accountId === caller.userId
  if (isSame && (session.loginTs ?? 0) >= signIn.loginTs) return caller
  if (!isSame && session.accountId !== undefined) await startAnew(provider, deps, session)
  // Another identifier for the signed-in session: nobody can have planted it (session fixation).
  if (!(session as { new?: boolean }).new) session.resetIdentifier()
  session.loginAccount(signIn)
  return caller
}
