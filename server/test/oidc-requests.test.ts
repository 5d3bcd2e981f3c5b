import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AUTHORIZE, CALLBACK, challengeOf, newVerifier, type RelyingParty, startRelyingParty } from './relying-party.ts'

let party: RelyingParty
beforeAll(async () => {
  party = await startRelyingParty('oidc_requests')
})
beforeEach(() => party.server.pool.query('delete from veridoor.rate_limits'))
afterAll(() => party?.server.stop())

const errorOf = (end: { url: URL }): string | null => end.url.searchParams.get('error')
const codeOf = (end: { url: URL }): string | null => end.url.searchParams.get('code')
const CODE = /^[\w-]{20,}$/

describe('return addresses', () => {
  const save = (name: string, change: Record<string, unknown>) =>
    party.admin.call('POST', '/v1/applications', {
      organization: 'built-in',
      name,
      displayName: name,
      providers: [],
      ...change,
    })

  it('are judged when they are saved, and the answer names the row', async () => {
    for (const [index, wrong] of [
      'https://rp.example.com/cb#x',
      'https://*.example.com/cb',
      'https://rp.example.com/a b',
      '/callback',
      'javascript:alert(1)',
    ].entries()) {
      const answer = await save(`judged-${index}`, { redirectUris: [CALLBACK, wrong] })
      expect([wrong, answer.status]).toEqual([wrong, 422])
      expect(answer.json.data.fields).toEqual([{ path: 'redirectUris.1', message: expect.any(String) }])
      const logout = await save(`judged-${index}`, { redirectUris: [CALLBACK], postLogoutRedirectUris: [wrong] })
      expect(logout.json.data.fields).toEqual([{ path: 'postLogoutRedirectUris.0', message: expect.any(String) }])
    }
  })

  it('on empty rows are dropped, on every way in', async () => {
    const answer = await save('tidied', { redirectUris: ['', ` ${CALLBACK} `, '  '] })
    expect(answer.json.redirectUris).toEqual([CALLBACK])
    const body = { name: 'brought', owner: 'admin', organization: 'built-in', redirectUris: ['', CALLBACK] }
    expect((await party.admin.call('POST', '/api/add-application', body)).json.data).toBe('Affected')
    const bad = { ...body, name: 'brought-badly', redirectUris: [CALLBACK, 'https://rp.example.com/.*'] }
    expect((await party.admin.call('POST', '/api/add-application', bad)).json.status).toBe('error')
    expect((await party.admin.call('GET', '/v1/applications/brought')).json.redirectUris).toEqual([CALLBACK])
  })

  it('that are wrong and stored stop none of the others', async () => {
    const made = await party.newClient('old-rows')
    await party.server.pool.query(`update veridoor.applications set redirect_uris = $1 where name = 'old-rows'`, [
      [CALLBACK, 'https://rp.example.com/cb#x', '', '^https://.*$', 'relative'],
    ])
    const end = await party.authorize(await party.server.person('oldrows'), { client_id: made.id })
    expect(codeOf(end)).toMatch(CODE)
    const wrong = await party.authorize(await party.server.person('oldrows2'), {
      client_id: made.id,
      redirect_uri: 'https://rp.example.com/cb#x',
    })
    expect(wrong.isPage).toBe(true)
  })

  it('of an app on the device match whatever port it listens at (RFC 8252, section 7.3)', async () => {
    const registered = ['http://127.0.0.1/callback', 'http://[::1]/callback', 'http://localhost/callback']
    const made = await party.newClient('loopback', { isPublic: true, redirectUris: [...registered, CALLBACK] })
    const person = await party.server.person('looper')
    const ask = (redirect: string, id = made.id) =>
      party.authorize(person, {
        client_id: id,
        redirect_uri: redirect,
        code_challenge: challengeOf(newVerifier()),
        code_challenge_method: 'S256',
      })
    for (const address of [
      'http://127.0.0.1:51004/callback',
      'http://[::1]:51004/callback',
      'http://localhost:51004/callback',
      'http://127.0.0.1/callback',
    ]) {
      const end = await ask(address)
      expect([address, end.url.href.startsWith(address)]).toEqual([address, true])
      expect(codeOf(end)).toMatch(CODE)
    }
    for (const address of ['http://127.0.0.1:51004/other', 'https://127.0.0.1:51004/callback', `${CALLBACK}:1`])
      expect((await ask(address)).isPage).toBe(true)
    // A confidential client on a server has the address that it registered, port and all.
    const web = await party.newClient('loopback-web', { redirectUris: ['http://127.0.0.1:3000/callback'] })
    expect((await ask('http://127.0.0.1:51004/callback', web.id)).isPage).toBe(true)
  })
})

describe('a request by form (OpenID Connect Core 1.0, section 3.1.2.1)', () => {
  const send = (browser: { cookies: string }, path: string, members: Record<string, string>, more = {}) =>
    party.server.app.inject({
      method: 'POST',
      url: path,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: 'https://app.example.com',
        cookie: browser.cookies,
        ...more,
      },
      payload: new URLSearchParams(members).toString(),
    })
  const members = () => Object.fromEntries(new URL(party.addressOf({ state: 'st' }), party.url).searchParams)

  it('signs in like one in the address', async () => {
    const person = await party.server.person('poster')
    const answer = await send(person, AUTHORIZE, members())
    expect(answer.statusCode).toBe(303)
    const end = await party.follow(person, String(answer.headers.location))
    expect(codeOf(end)).toMatch(CODE)
    expect(end.url.searchParams.get('state')).toBe('st')
    // JSON is taken as well, as at the token endpoint.
    const json = await party.server.app.inject({
      method: 'POST',
      url: AUTHORIZE,
      headers: { 'content-type': 'application/json', cookie: person.cookies },
      payload: JSON.stringify(members()),
    })
    expect(json.statusCode).toBe(303)
  })

  it('of another site, which brings no cookie, is sent on as GET, which does', async () => {
    const person = await party.server.person('crosser')
    const answer = await send({ cookies: '' }, AUTHORIZE, members(), { 'sec-fetch-site': 'cross-site' })
    expect(answer.statusCode).toBe(303)
    expect(answer.headers.location).toContain(`${AUTHORIZE}?`)
    expect(codeOf(await party.follow(person, String(answer.headers.location)))).toMatch(CODE)
  })

  it('is refused when a member stands twice, or is too large', async () => {
    const twice = await party.server.app.inject({
      method: 'POST',
      url: AUTHORIZE,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: `${new URLSearchParams(members())}&scope=openid`,
    })
    expect([twice.statusCode, twice.json().error]).toEqual([400, 'invalid_request'])
    const large = await send({ cookies: '' }, AUTHORIZE, { ...members(), state: 'x'.repeat(20_000) })
    expect([large.statusCode, large.json().error]).toEqual([400, 'invalid_request'])
  })

  it('ends a session like one in the address (RP-Initiated Logout 1.0, section 2)', async () => {
    const person = await party.server.person('leaver')
    const { id_token: hint } = await party.signIn(person)
    const asked = { id_token_hint: hint, post_logout_redirect_uri: CALLBACK, state: 'bye' }
    const page = await send(person, '/api/logout', asked)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('Sign out?')
  })
})

describe('scopes (RFC 6749, section 3.3)', () => {
  it('have a default, and an error of their own', async () => {
    const person = await party.server.person('scoper')
    for (const scope of ['', '  ']) expect(codeOf(await party.authorize(person, { scope }))).toMatch(CODE)
    const { pathname, searchParams } = new URL(party.addressOf({ nonce: 'n' }), party.url)
    searchParams.delete('scope')
    expect(codeOf(await party.follow(person, `${pathname}?${searchParams}`))).toMatch(CODE)
    for (const scope of ['unknown', 'unknown another', 'users:write'])
      expect([scope, errorOf(await party.authorize(person, { scope, nonce: 'n' }))]).toEqual([scope, 'invalid_scope'])
    const tokens = await party.signIn(person, { scope: 'openid unknown' })
    expect(tokens.scope).toBe('openid')
    expect((await party.signIn(person, { scope: 'email' })).scope).toBe('openid email')
  })

  it('of a pushed request are read alike', async () => {
    const push = (scope: Record<string, string>) =>
      party.post('/api/login/oauth/par', {
        ...party.credentials,
        response_type: 'code',
        redirect_uri: CALLBACK,
        ...scope,
      })
    const person = await party.server.person('pusher')
    const { json } = await push({})
    const end = await party.follow(
      person,
      `${AUTHORIZE}?${new URLSearchParams({ client_id: party.main.id, request_uri: json.request_uri })}`,
    )
    expect(codeOf(end)).toMatch(CODE)
    expect((await push({ scope: 'unknown' })).json.error).toBe('invalid_scope')
  })
})

describe('the session', () => {
  it('of our own page is the session of prompt=none, with its time and its person', async () => {
    const person = await party.server.person('single')
    const silent = await party.authorize(person, { prompt: 'none' })
    expect(codeOf(silent)).toMatch(CODE)
    const signedInAt = Math.floor(party.server.clock.now().getTime() / 1000)
    const { id_token: hint } = (await party.exchange(codeOf(silent) ?? '')).json
    const { auth_time: authTime } = JSON.parse(
      Buffer.from(
        (await party.signIn(person, { max_age: '100000000', prompt: 'none' })).id_token.split('.')[1],
        'base64url',
      ).toString(),
    )
    expect(Math.abs(authTime - signedInAt)).toBeLessThan(5)
    expect(codeOf(await party.authorize(person, { prompt: 'none', id_token_hint: hint }))).toMatch(CODE)
    const other = await party.server.person('another')
    expect(errorOf(await party.authorize(other, { prompt: 'none', id_token_hint: hint }))).toBe('login_required')
    // Signed in before the age that is asked for.
    expect(errorOf(await party.authorize(person, { prompt: 'none', max_age: '1' }))).toBe('login_required')
  })

  it('follows who is signed in on our page: another person, and nobody', async () => {
    const browser = await party.server.person('first-one')
    const first = await party.signIn(browser)
    await browser.signUp('second-one')
    const silent = await party.authorize(browser, { prompt: 'none' })
    const second = (await party.exchange(codeOf(silent) ?? '')).json
    const subject = async (tokens: { access_token: string }) =>
      (await party.userinfo(`Bearer ${tokens.access_token}`)).json.sub
    expect(await subject(second)).not.toBe(await subject(first))
    await browser.call('DELETE', '/v1/session')
    expect(errorOf(await party.authorize(browser, { prompt: 'none' }))).toBe('login_required')
  })
})

describe('prompt', () => {
  it('select_account shows the account page, on which a person goes on or takes another account', async () => {
    const person = await party.server.person('chooser')
    const page = await party.authorize(person, { prompt: 'select_account', state: 'st' })
    expect(page.isPage).toBe(true)
    expect(await party.details(person, page.url)).toMatchObject({
      step: 'select_account',
      person: { name: 'chooser' },
      signInAddress: expect.stringMatching(/^\/login\/orders\?to=/),
    })
    const end = await party.decide(person, page.url, true)
    expect([codeOf(end)?.length, end.url.searchParams.get('state')]).toEqual([expect.any(Number), 'st'])
    const again = await party.authorize(person, { prompt: 'select_account' })
    expect(errorOf(await party.decide(person, again.url, false))).toBe('access_denied')
  })

  it('select_account of somebody who is not signed in is the sign-in page', async () => {
    const page = await party.authorize(party.server.browser(), { prompt: 'select_account' })
    expect(page.url.pathname).toBe('/login/orders')
  })

  it('select_account goes together with consent and login, never with none', async () => {
    const person = await party.server.person('combiner')
    const page = await party.authorize(person, { prompt: 'select_account consent' })
    expect((await party.details(person, page.url)).step).toBe('select_account')
    const consent = await party.decide(person, page.url, true)
    expect((await party.details(person, consent.url)).step).toBe('consent')
    expect(codeOf(await party.decide(person, consent.url, true))).toMatch(CODE)
    const both = await party.authorize(person, { prompt: 'login select_account' })
    expect((await party.details(person, both.url)).step).toBe('select_account')
    expect((await party.decide(person, both.url, true)).url.pathname).toBe('/login/orders')
    for (const prompt of ['none select_account', 'select_account none', 'choose'])
      expect([prompt, errorOf(await party.authorize(person, { prompt }))]).toEqual([prompt, 'invalid_request'])
  })

  it('consent shows its page whatever the application’s settings are, and whatever was agreed before', async () => {
    const person = await party.server.person('asked')
    await party.signIn(person)
    for (let i = 0; i < 2; i += 1) {
      const page = await party.authorize(person, { prompt: 'consent' })
      expect((await party.details(person, page.url)).step).toBe('consent')
      expect(codeOf(await party.decide(person, page.url, true))).toMatch(CODE)
    }
    expect(errorOf(await party.authorize(person, { prompt: 'consent none' }))).toBe('invalid_request')
  })

  it('a login hint fills in the sign-in page', async () => {
    const page = await party.authorize(party.server.browser(), { login_hint: 'ada@example.com' })
    expect(page.url.searchParams.get('login_hint')).toBe('ada@example.com')
  })
})

describe('HEAD', () => {
  it('is answered like GET, without a body', async () => {
    for (const path of [
      '/.well-known/openid-configuration',
      '/.well-known/oauth-authorization-server',
      '/.well-known/jwks',
      party.addressOf({}),
      '/api/userinfo',
      '/api/logout?client_id=x',
      '/login',
      '/account',
      '/healthz',
    ]) {
      const headers = { accept: 'text/html,application/json' }
      const get = await party.server.app.inject({ method: 'GET', url: path, headers })
      const head = await party.server.app.inject({ method: 'HEAD', url: path, headers })
      expect([path, head.statusCode]).toEqual([path, get.statusCode])
      expect([path, head.body]).toEqual([path, ''])
      expect([path, head.headers['content-type']]).toEqual([path, get.headers['content-type']])
    }
  })
})

describe('after signing out', () => {
  const signOut = async (name: string, id: string, secret: string, address: string) => {
    const person = await party.server.person(name)
    const end = await party.authorize(person, { client_id: id })
    const { id_token: hint } = (await party.exchange(codeOf(end) ?? '', { client_id: id, client_secret: secret })).json
    const answer = await party.server.app.inject({
      url: `/api/logout?${new URLSearchParams({ id_token_hint: hint, post_logout_redirect_uri: address })}`,
      headers: { accept: 'text/html', cookie: person.cookies },
    })
    return { status: answer.statusCode, text: answer.body }
  }

  it('people go to the addresses that are set for that, and to the return addresses where none are', async () => {
    const own = await party.newClient('own-logout', { postLogoutRedirectUris: ['https://app.example.com/bye'] })
    expect((await signOut('bye1', own.id, own.secret, 'https://app.example.com/bye')).status).toBe(200)
    const refused = await signOut('bye2', own.id, own.secret, CALLBACK)
    expect(refused.status).toBe(400)
    expect(refused.text).toContain('This sign-out cannot go on')
    expect((await signOut('bye3', party.main.id, party.main.secret, CALLBACK)).status).toBe(200)
    const { data } = (await party.admin.call('GET', '/api/get-application?id=admin/own-logout')).json
    expect(data.postLogoutRedirectUris).toEqual(['https://app.example.com/bye'])
  })
})

describe('a client identifier that can be none', () => {
  it('is an unknown client, wherever it comes from, and no fault of the server', async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const basic = `Basic ${Buffer.from('a%00:x').toString('base64')}`
    const token = await party.post(
      '/api/login/oauth/access_token',
      { grant_type: 'client_credentials' },
      { authorization: basic },
    )
    expect([token.status, token.json.error]).toEqual([401, 'invalid_client'])
    const claims = { client_id: 'a\u0000', response_type: 'code', redirect_uri: CALLBACK }
    const object = `${part({ alg: 'none' })}.${part(claims)}.`
    const hint = `${part({ alg: 'RS256' })}.${part({ aud: 'a\u0000', sub: 'x' })}.c2ln`
    for (const address of [`${AUTHORIZE}?request=${object}`, `/api/logout?id_token_hint=${hint}`]) {
      const answer = await party.server.app.inject({ url: address })
      expect([address.slice(0, 20), answer.statusCode]).toEqual([address.slice(0, 20), 400])
    }
  })
})

describe('a client that moves here', () => {
  it('keeps any identifier that RFC 6749 allows; its secret must be long enough', async () => {
    const secret = 'a-secret-of-some-length-42'
    for (const [index, clientId] of ['grafana', 'g', 'My App: 1/2', `x${'y'.repeat(200)}`].entries()) {
      const name = `moved-${index}`
      const made = await party.admin.call('POST', '/v1/applications', {
        organization: 'built-in',
        name,
        displayName: name,
        redirectUris: [CALLBACK],
        providers: [],
        clientId,
        clientSecret: secret,
      })
      expect([clientId, made.status, made.json.clientId]).toEqual([clientId, 201, clientId])
      const person = await party.server.person(`mover${index}`)
      const end = await party.authorize(person, { client_id: clientId })
      const basic = `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')}`
      const answer = await party.post(
        '/api/login/oauth/access_token',
        { grant_type: 'authorization_code', code: codeOf(end) ?? '', redirect_uri: CALLBACK },
        { authorization: basic },
      )
      expect([clientId, answer.status]).toEqual([clientId, 200])
    }
    const brought = { name: 'brought-grafana', owner: 'admin', organization: 'built-in', clientSecret: secret }
    expect(
      (await party.admin.call('POST', '/api/add-application', { ...brought, clientId: 'grafana-2' })).json.data,
    ).toBe('Affected')
    for (const change of [{ clientSecret: 'short' }, { clientId: 'ünïcode' }, { clientId: 'a\tb' }]) {
      const body = { ...brought, name: 'brought-wrong', clientId: 'wrong', ...change }
      expect((await party.admin.call('POST', '/api/add-application', body)).json.status).toBe('error')
      const { owner: _owner, ...own } = body
      const answer = await party.admin.call('POST', '/v1/applications', { ...own, displayName: 'x', redirectUris: [] })
      expect([change, answer.status]).toEqual([change, 422])
    }
    const taken = await party.admin.call('POST', '/v1/applications', {
      organization: 'built-in',
      name: 'taken',
      displayName: 'x',
      clientId: 'grafana',
    })
    expect([taken.status, taken.json.data.fields[0].path]).toEqual([409, 'clientId'])
  })

  it('can be pairwise whatever its identifier is', async () => {
    const made = await party.newClient('odd-pairwise', { clientId: 'odd id: 1', pairwiseSubjects: true })
    const end = await party.authorize(await party.server.person('oddperson'), { client_id: made.id })
    expect(codeOf(end)).toMatch(CODE)
  })
})
