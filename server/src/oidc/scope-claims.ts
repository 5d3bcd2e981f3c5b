/** The claims that each scope releases of an account. */
export const scopeClaims = {
  // How the person signed in goes into every ID token: applications ask for it when a second step matters to them.
  openid: ['sub', 'amr'],
  // The real name is released only where its person has agreed to it on a page (`isRealNameShared`).
  profile: ['name', 'preferred_username', 'real_name', 'is_verified'],
  email: ['email', 'email_verified'],
  // For clients that can ask for no more than one scope of their own: who the account is.
  read: ['preferred_username'],
}

/** Names of the account's own claims, which can be requested one by one. */
export const accountClaims: ReadonlySet<string> = new Set([...scopeClaims.profile, ...scopeClaims.email])

/**
 * Claims of the account that a request names one by one (OpenID Connect Core 1.0, section 5.5), beyond what its scopes release.
 *
 * @param claimsRequests `userinfo` and `id_token` of the claims parameter
 */
export const claimsBeyondScopes = (claimsRequests: readonly unknown[], scopes: readonly string[]): string[] => {
  const released = new Set<string>(
    Object.entries(scopeClaims).flatMap(([scope, claims]) => (scopes.includes(scope) ? claims : [])),
  )
  released.delete('real_name')
  const named = new Set(claimsRequests.flatMap((claimsRequest) => Object.keys(claimsRequest ?? {})))
  return [...named].filter((name) => accountClaims.has(name) && !released.has(name))
}
