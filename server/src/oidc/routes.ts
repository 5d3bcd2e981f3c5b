/** Where the protocol's endpoints are: the addresses that existing clients know (docs/guides/first-application.md). */
export const routes = {
  authorization: '/login/oauth/authorize',
  token: '/api/login/oauth/access_token',
  introspection: '/api/login/oauth/introspect',
  revocation: '/api/login/oauth/revoke',
  pushed_authorization_request: '/api/login/oauth/par',
  userinfo: '/api/userinfo',
  jwks: '/.well-known/jwks',
  end_session: '/api/logout',
} as const
