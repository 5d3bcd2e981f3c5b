/** What each scope tells of an account. */
export const scopeClaims = {
  // How the person signed in goes into every id_token: applications ask for it when a second step matters to them.
  openid: ['sub', 'amr'],
  profile: ['name', 'preferred_username', 'real_name', 'is_verified', 'updated_at'],
  email: ['email', 'email_verified'],
  // Casdoor's package for servers can ask for nothing else: who the account is, and no more.
  read: ['preferred_username'],
}

/** Names of the account's own claims, that can be asked for one by one. */
export const accountClaims: ReadonlySet<string> = new Set([...scopeClaims.profile, ...scopeClaims.email])

/**
 * Claims of the account that a request names one by one (OpenID Connect Core 1.0, section 5.5), beyond what its scopes tell.
 *
 * @param places `userinfo` and `id_token` of the claims request
 */
export const claimsBeyondScopes = (places: readonly unknown[], scopes: readonly string[]): string[] => {
  const told = new Set<string>(
    Object.entries(scopeClaims).flatMap(([scope, claims]) => (scopes.includes(scope) ? claims : [])),
  )
  const named = new Set(places.flatMap((place) => Object.keys(place ?? {})))
  return [...named].filter((name) => accountClaims.has(name) && !told.has(name))
}
