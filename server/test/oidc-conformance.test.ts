import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  AUTHORIZE,
  type Browser,
  CALLBACK,
  challengeOf,
  newVerifier,
  type RelyingParty,
  startRelyingParty,
  TOKEN,
} from './relying-party.ts'

/**
 * Cases of the foundation's plans "Basic", "Form Post" and "RP-Initiated Logout", by the names of its modules. "Config" is in
 * oidc-discovery.test.ts, "Back-Channel Logout" in oidc-trust.test.ts, "FAPI 2" in fapi2.test.ts, "Identity Assurance" in
 * src/oidc/claims/ and oidc.test.ts.
 */
let party: RelyingParty
let person: Browser
beforeAll(async () => {
  party = await startRelyingParty('oidc_conformance')
  // The protocol keeps the time of the machine: so does the session of these cases.
  party.server.clock.advance(Date.now() - party.server.clock.now().getTime())
  person = await party.server.person('tester')
})
beforeEach(() => party.server.pool.query('delete from veridoor.rate_limits'))
afterAll(() => party?.server.stop())

const codeOf = (end: { url: URL }): string => end.url.searchParams.get('code') ?? ''
const errorOf = (end: { url: URL }): string | null => end.url.searchParams.get('error')
const ask = (members: Record<string, string> = {}, by = person) =>
  party.authorize(by, { state: 'st', nonce: 'no', ...members })
const succeeds = async (members: Record<string, string>): Promise<void> => {
  const end = await ask(members)
  expect([members, codeOf(end).length > 20, end.url.searchParams.get('state')]).toEqual([members, true, 'st'])
  expect(end.url.searchParams.get('iss')).toBe(party.url)
}
const without = (name: string): string => {
  const address = new URL(party.addressOf({ state: 'st' }), party.url)
  address.searchParams.delete(name)
  return `${address.pathname}${address.search}`
}

describe('Basic', () => {
  it('oidcc-server, oidcc-server-client-secret-post: code, ID token, userinfo, by either way of the secret', async () => {
    const tokens = (await party.exchange(codeOf(await ask()))).json
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'openid' })
    expect(decodeJwt(tokens.id_token)).toMatchObject({ iss: party.url, aud: party.main.id, nonce: 'no' })
    const basic = `Basic ${Buffer.from(`${party.main.id}:${party.main.secret}`).toString('base64')}`
    const answer = await party.post(
      TOKEN,
      { grant_type: 'authorization_code', code: codeOf(await ask()), redirect_uri: CALLBACK },
      { authorization: basic },
    )
    expect(answer.status).toBe(200)
    expect([answer.headers.get('cache-control'), answer.headers.get('pragma')]).toEqual([
      expect.stringContaining('no-store'),
      expect.toSatisfy((value) => value === null || value === 'no-cache'),
    ])
  })

  it('oidcc-response-type-missing', async () => {
    const end = await party.follow(person, without('response_type'))
    expect([errorOf(end), end.url.searchParams.get('state')]).toEqual(['invalid_request', 'st'])
  })

  it('oidcc-userinfo-get, oidcc-userinfo-post-header, oidcc-userinfo-post-body', async () => {
    const tokens = (await party.exchange(codeOf(await ask()))).json
    const { sub } = decodeJwt(tokens.id_token)
    const bearer = { authorization: `Bearer ${tokens.access_token}` }
    expect((await party.userinfo(bearer.authorization)).json.sub).toBe(sub)
    expect((await party.post('/api/userinfo', {}, bearer)).json.sub).toBe(sub)
    expect((await party.post('/api/userinfo', { access_token: tokens.access_token })).json.sub).toBe(sub)
    const none = await party.userinfo('Bearer wrong')
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('invalid_token')])
  })

  it.each([
    ['oidcc-ensure-request-without-nonce-succeeds-for-code-flow', { nonce: '' }],
    ['oidcc-scope-profile', { scope: 'openid profile' }],
    ['oidcc-scope-email', { scope: 'openid email' }],
    ['oidcc-scope-address', { scope: 'openid address' }],
    ['oidcc-scope-phone', { scope: 'openid phone' }],
    ['oidcc-scope-all', { scope: 'openid profile email address phone' }],
    ['oidcc-display-page', { display: 'page' }],
    ['oidcc-display-popup', { display: 'popup' }],
    ['oidcc-prompt-none-logged-in', { prompt: 'none' }],
    ['oidcc-max-age-10000', { max_age: '10000' }],
    ['oidcc-ensure-request-with-unknown-parameter-succeeds', { extra: 'foobar' }],
    ['oidcc-login-hint', { login_hint: 'tester@example.com' }],
    ['oidcc-ui-locales', { ui_locales: 'se' }],
    ['oidcc-claims-locales', { claims_locales: 'se' }],
    ['oidcc-ensure-request-with-acr-values-succeeds', { acr_values: '1 2' }],
    ['oidcc-ensure-request-with-long-state-and-nonce', { nonce: 'n'.repeat(384) }],
  ] as [string, Record<string, string>][])('%s', async (_module, members) => {
    await succeeds(members)
  })

  it('oidcc-scope-email: what the scope releases is in userinfo', async () => {
    const tokens = (await party.exchange(codeOf(await ask({ scope: 'openid email' })))).json
    expect((await party.userinfo(`Bearer ${tokens.access_token}`)).json).toMatchObject({
      email: 'tester@example.com',
      email_verified: false,
    })
  })

  it('oidcc-prompt-none-not-logged-in', async () => {
    expect(errorOf(await ask({ prompt: 'none' }, party.server.browser()))).toBe('login_required')
  })

  it('oidcc-prompt-login, oidcc-max-age-1: the person signs in again, and auth_time is later', async () => {
    const first = decodeJwt((await party.exchange(codeOf(await ask({ max_age: '10000' })))).json.id_token)
    const requests: Record<string, string>[] = [{ prompt: 'login' }, { max_age: '1' }]
    for (const members of requests) {
      party.server.clock.advance(Date.now() - party.server.clock.now().getTime())
      await new Promise((resolve) => setTimeout(resolve, 2100))
      const page = await ask(members)
      expect(page.url.pathname).toBe('/login/orders')
      party.server.clock.advance(Date.now() - party.server.clock.now().getTime())
      await person.signIn('tester', 'a long password', 'orders')
      const end = await party.follow(person, page.url.searchParams.get('to') ?? '')
      const again = decodeJwt((await party.exchange(codeOf(end))).json.id_token)
      expect(Number(again.auth_time)).toBeGreaterThan(Number(first.auth_time))
    }
  })

  it('oidcc-id-token-hint', async () => {
    const { id_token: hint } = (await party.exchange(codeOf(await ask()))).json
    await succeeds({ prompt: 'none', id_token_hint: hint })
  })

  it('oidcc-codereuse: a second use is refused, and ends what the first one got', async () => {
    const code = codeOf(await ask())
    const { json } = await party.exchange(code)
    expect((await party.exchange(code)).json.error).toBe('invalid_grant')
    expect((await party.userinfo(`Bearer ${json.access_token}`)).status).toBe(401)
  })

  it('oidcc-ensure-registered-redirect-uri: the person sees a page, and is sent nowhere', async () => {
    const page = await ask({ redirect_uri: `${CALLBACK}/other` })
    expect([page.isPage, page.status]).toEqual([true, 400])
  })

  it('oidcc-ensure-post-request-succeeds', async () => {
    const answer = await party.server.app.inject({
      method: 'POST',
      url: AUTHORIZE,
      headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: person.cookies },
      payload: new URL(party.addressOf({ state: 'st' }), party.url).searchParams.toString(),
    })
    expect(codeOf({ url: new URL(String(answer.headers.location)) }).length).toBeGreaterThan(20)
  })

  it('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported, oidcc-ensure-request-object-with-redirect-uri', async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const object = (claims: object) => `${part({ alg: 'none' })}.${part(claims)}.`
    const end = await ask({ request: object({ state: 'inside', redirect_uri: CALLBACK }) })
    expect([end.url.searchParams.get('state'), codeOf(end).length > 20]).toEqual(['inside', true])
    const wrong = await ask({ request: object({ redirect_uri: 'https://app.example.com/elsewhere' }) })
    expect(wrong.isPage).toBe(true)
  })

  it('oidcc-claims-essential: a claim of the account that is named is asked for, and released', async () => {
    const page = await ask({ claims: JSON.stringify({ userinfo: { name: { essential: true } } }) })
    const end = page.isPage ? await party.decide(person, page.url, true) : page
    const tokens = (await party.exchange(codeOf(end))).json
    expect((await party.userinfo(`Bearer ${tokens.access_token}`)).json.name).toBe('tester')
  })

  it('oidcc-refresh-token', async () => {
    const tokens = (await party.exchange(codeOf(await ask()))).json
    const next = await party.post(TOKEN, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
      ...party.credentials,
    })
    expect(decodeJwt(next.json.id_token).sub).toBe(decodeJwt(tokens.id_token).sub)
    const other = await party.newClient('other-refresher')
    const stolen = await party.post(TOKEN, {
      grant_type: 'refresh_token',
      refresh_token: next.json.refresh_token,
      client_id: other.id,
      client_secret: other.secret,
    })
    expect(stolen.json.error).toBe('invalid_grant')
  })

  it('oidcc-ensure-request-with-valid-pkce-succeeds, and a challenge that was sent is held to, for every client', async () => {
    const verifier = newVerifier()
    const members = { code_challenge: challengeOf(verifier), code_challenge_method: 'S256' }
    expect((await party.exchange(codeOf(await ask(members)), { code_verifier: verifier })).status).toBe(200)
    expect((await party.exchange(codeOf(await ask(members)))).json.error).toBe('invalid_grant')
    expect((await party.exchange(codeOf(await ask(members)), { code_verifier: newVerifier() })).status).toBe(400)
    const strict = await party.newClient('strict', { requirePkce: true })
    expect(errorOf(await ask({ client_id: strict.id }))).toBe('invalid_request')
    expect(codeOf(await ask({ client_id: strict.id, ...members }))).not.toBe('')
  })
})

describe('Form Post', () => {
  it('oidcc-server, oidcc-prompt-none-not-logged-in and the request object with response_mode: answers are forms', async () => {
    const good = await ask({ response_mode: 'form_post' })
    expect(good.text).toMatch(/<form method="post" action="https:\/\/app\.example\.com\/callback">/)
    expect(good.text).toContain('name="code"')
    const refused = await ask({ response_mode: 'form_post', prompt: 'none' }, party.server.browser())
    expect(refused.text).toContain('value="login_required"')
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const inside = await ask({ request: `${part({ alg: 'none' })}.${part({ response_mode: 'form_post' })}.` })
    expect(inside.text).toContain('name="code"')
  })
})

describe('RP-Initiated Logout', () => {
  const logout = async (members: Record<string, string>, by = person) => {
    const answer = await party.server.app.inject({
      url: `/api/logout?${new URLSearchParams(members)}`,
      headers: { accept: 'text/html', cookie: by.cookies },
    })
    return { status: answer.statusCode, text: answer.body }
  }
  const confirm = async (page: { text: string }, by: Browser) => {
    const answer = await party.server.app.inject({
      method: 'POST',
      url: '/api/logout/confirm',
      headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: by.cookies },
      payload: `xsrf=${/name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''}&logout=yes`,
    })
    return String(answer.headers.location)
  }
  const signedIn = async (name: string) => {
    const by = await party.server.person(name)
    return { by, hint: (await party.signIn(by)).id_token as string }
  }

  it('oidcc-rp-initiated-logout, …-no-state, …-no-post-logout-redirect-uri: the person is asked, and sent back', async () => {
    const one = await signedIn('out1')
    const page = await logout({ id_token_hint: one.hint, post_logout_redirect_uri: CALLBACK, state: 'bye' }, one.by)
    expect(page.text).toContain('Sign out?')
    expect(await confirm(page, one.by)).toBe(`${CALLBACK}?state=bye`)
    const two = await signedIn('out2')
    const stateless = await logout({ id_token_hint: two.hint, post_logout_redirect_uri: CALLBACK }, two.by)
    expect(await confirm(stateless, two.by)).toBe(CALLBACK)
    const three = await signedIn('out3')
    const staying = await logout({ id_token_hint: three.hint, state: 'bye' }, three.by)
    expect(await confirm(staying, three.by)).toBe(`${party.url}/api/logout/success`)
  })

  it('…-no-id-token-hint, …-no-params, …-only-state: the person is asked, and sent nowhere', async () => {
    const { by } = await signedIn('out4')
    for (const members of [{}, { state: 'bye' }, { post_logout_redirect_uri: CALLBACK }] as Record<string, string>[]) {
      const page = await logout(members, by)
      expect([members, page.status]).toEqual([members, 200])
      expect(page.text).toContain('Sign out?')
    }
  })

  it('…-bad-post-logout-redirect-uri, …-query-added-to-post-logout-redirect-uri: an error page', async () => {
    const { by, hint } = await signedIn('out5')
    for (const address of ['https://evil.example/', `${CALLBACK}?foo=bar`]) {
      const page = await logout({ id_token_hint: hint, post_logout_redirect_uri: address }, by)
      expect([address, page.status]).toEqual([address, 400])
      expect(page.text).toContain('This sign-out cannot go on')
    }
  })

  it('…-modified-id-token-hint, …-bad-id-token-hint: an error page, and nobody is signed out', async () => {
    const { by, hint } = await signedIn('out6')
    const [head, , signature] = hint.split('.')
    const changed = `${head}.${Buffer.from(JSON.stringify({ ...decodeJwt(hint), sub: 'somebody' })).toString('base64url')}.${signature}`
    for (const wrong of [changed, 'bad.id.token', 'bad']) {
      const page = await logout({ id_token_hint: wrong, post_logout_redirect_uri: CALLBACK }, by)
      expect([wrong.slice(0, 20), page.status]).toEqual([wrong.slice(0, 20), 400])
    }
    expect((await by.call('GET', '/v1/session')).status).toBe(200)
  })
})
