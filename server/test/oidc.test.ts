import { createServer } from 'node:net'
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose'
import * as client from 'openid-client'
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadKeys, rotateKeys } from '../src/oidc/index.ts'
import { ada, approved, startServer, type TestServer } from './harness.ts'

type Browser = ReturnType<TestServer['browser']>

const CALLBACK = 'https://app.example.com/callback'
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const port = 15_000 + Math.floor(Math.random() * 15_000)
    const probe = createServer().once('error', () => resolve(freePort()))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(port)))
  })

let server: TestServer
let url: string
let config: client.Configuration
let clientId: string
let clientSecret: string

const pathOf = (address: string): string => {
  const { pathname, search, origin } = new URL(address, url)
  return origin === new URL(url).origin ? `${pathname}${search}` : address
}

type End = { url: URL; page: boolean; text: string; policy: string }
/** Follows redirects of our own until the browser is sent elsewhere, or a page asks something. */
const follow = async (browser: Browser, address: string): Promise<End> => {
  let at = pathOf(address)
  for (let hops = 0; hops < 12; hops += 1) {
    if (!at.startsWith('/')) return { url: new URL(at), page: false, text: '', policy: '' }
    const answer = await browser.call('GET', at)
    const next = answer.headers.location
    const policy = String(answer.headers['content-security-policy'])
    if (!next) return { url: new URL(at, url), page: true, text: answer.text, policy }
    at = pathOf(String(next))
    if (at.startsWith('/login/app') || at.startsWith('/login/orders'))
      return { url: new URL(at, url), page: true, text: '', policy: '' }
  }
  throw new Error('too many redirects')
}

const request = async (extra: Record<string, string> = {}, of: client.Configuration = config) => {
  const verifier = client.randomPKCECodeVerifier()
  const state = client.randomState()
  const address = client.buildAuthorizationUrl(of, {
    redirect_uri: CALLBACK,
    scope: 'openid profile email',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    ...extra,
  })
  return { verifier, state, address: address.href }
}

/** Signs in through the protocol and exchanges the code. */
const signIn = async (browser: Browser, extra: Record<string, string> = {}, of: client.Configuration = config) => {
  const asked = await request(extra, of)
  const end = await follow(browser, asked.address)
  const tokens = await client.authorizationCodeGrant(of, end.url, {
    pkceCodeVerifier: asked.verifier,
    expectedState: asked.state,
  })
  return { tokens, url: end.url, ...asked }
}

const decide = (browser: Browser, at: URL, allow: boolean, claims: string[] = []) =>
  browser.call('POST', `${at.pathname}/decision`, { allow, claims })

const post = (path: string, members: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${url}${path}`, { method: 'POST', body: new URLSearchParams(members), headers, redirect: 'manual' })

/** Sends a page of the protocol's own, as its button or its script would. */
const postForm = (browser: Browser, address: string, page: string, logout: boolean) =>
  server.app.inject({
    method: 'POST',
    url: pathOf(address),
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: browser.cookies },
    payload: `xsrf=${/name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? ''}${logout ? '&logout=yes' : ''}`,
  })

const newClient = async (name: string, change: Record<string, unknown> = {}) => {
  const admin = await server.admin()
  await admin.call('POST', '/v1/applications', {
    organization: 'built-in',
    name,
    displayName: name,
    redirectUris: [CALLBACK],
    providers: [],
    ...change,
  })
  const { json } = await admin.call('GET', `/v1/applications/${name}`)
  const secret = await admin.call('POST', `/v1/applications/${name}/secret`)
  return { id: json.clientId as string, secret: secret.json.clientSecret as string }
}

const discover = (id: string, auth: string | client.ClientAuth | undefined) =>
  typeof auth === 'string'
    ? client.discovery(new URL(url), id, auth, undefined, { execute: [client.allowInsecureRequests] })
    : client.discovery(new URL(url), id, undefined, auth, { execute: [client.allowInsecureRequests] })

beforeAll(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  server = await startServer('oidc', { url })
  await server.app.listen({ host: '127.0.0.1', port })
  await server.attachProvider()
  const made = await newClient('orders')
  clientId = made.id
  clientSecret = made.secret
  config = await discover(clientId, clientSecret)
})
// Sign-ups of the tests before count against this address.
beforeEach(() => server.pool.query('delete from veridoor.rate_limits'))
afterAll(() => server?.stop())

describe('a relying party', () => {
  it('discovers the addresses that existing clients know', async () => {
    const found = config.serverMetadata()
    expect(found).toMatchObject({
      issuer: url,
      authorization_endpoint: `${url}/login/oauth/authorize`,
      token_endpoint: `${url}/api/login/oauth/access_token`,
      userinfo_endpoint: `${url}/api/userinfo`,
      jwks_uri: `${url}/.well-known/jwks`,
      introspection_endpoint: `${url}/api/login/oauth/introspect`,
      end_session_endpoint: `${url}/api/logout`,
    })
    expect(found).toMatchObject({
      verified_claims_supported: true,
      evidence_supported: ['document', 'electronic_record'],
    })
    expect(found.id_token_signing_alg_values_supported?.toSorted()).toEqual(['ES256', 'RS256'])
  })

  it('names the public address whatever host a request names', async () => {
    const answer = await server.app.inject({
      url: '/.well-known/openid-configuration',
      headers: { host: 'evil.example.com', 'x-forwarded-host': 'evil.example.com' },
    })
    expect(answer.body).not.toContain('evil')
  })

  it('signs a person in by code and PKCE, reads userinfo, refreshes, introspects, revokes', async () => {
    const browser = await server.person('grace')
    const { tokens } = await signIn(browser)
    const subject = tokens.claims()?.sub ?? ''
    expect(decodeProtectedHeader(tokens.id_token ?? '').alg).toBe('RS256')
    const me = await client.fetchUserInfo(config, tokens.access_token, subject)
    expect(me).toMatchObject({ preferred_username: 'grace', email: 'grace@example.com', is_verified: false })
    expect(me.real_name).toBeUndefined()

    expect(await client.tokenIntrospection(config, tokens.access_token)).toMatchObject({
      active: true,
      client_id: clientId,
    })
    const next = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
    expect(next.refresh_token).not.toBe(tokens.refresh_token)
    await client.tokenRevocation(config, next.access_token)
    expect(await client.tokenIntrospection(config, next.access_token)).toEqual({ active: false })
    await expect(client.fetchUserInfo(config, next.access_token, subject)).rejects.toThrow()
  })

  it('that is not signed in is led to the sign-in page of its application, and back', async () => {
    const { json } = await (await server.person('linus')).call('GET', '/v1/session')
    expect(json.user.name).toBe('linus')
    const browser = server.browser()
    const asked = await request()
    const door = await follow(browser, asked.address)
    expect(door.url.pathname).toBe('/login/orders')
    const to = door.url.searchParams.get('to') ?? ''
    expect(to).toMatch(/^\/login\/oauth\/interaction\//)
    await browser.signIn('linus', 'a long password', 'orders')
    const end = await follow(browser, to)
    expect(end.url.origin).toBe('https://app.example.com')
    expect(end.url.searchParams.get('code')).toMatch(/^[\w-]{20,}$/)
  })

  it('gets its answer as a form where it wants one, and browsers may send that', async () => {
    const browser = await server.person('former-form')
    const { address } = await request({ response_mode: 'form_post' })
    const end = await follow(browser, address)
    expect(end.text).toContain(`<form method="post" action="${CALLBACK}">`)
    expect(end.text).toContain('name="code"')
    expect(end.policy).toMatch(/form-action 'self' https:\/\/app\.example\.com;/)
    expect(end.policy).toMatch(/script-src 'self' 'sha256-/)
  })

  it('may send its members as JSON, and its secret by either way', async () => {
    const browser = await server.person('json')
    const asked = await request()
    const end = await follow(browser, asked.address)
    const answer = await fetch(`${url}/api/login/oauth/access_token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        grant_type: 'authorization_code',
        client_id: clientId,
        client_secret: clientSecret,
        code: end.url.searchParams.get('code'),
        redirect_uri: CALLBACK,
        code_verifier: asked.verifier,
      }),
    })
    expect(answer.status).toBe(200)
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
    const machine = await post(
      '/api/login/oauth/access_token',
      { grant_type: 'client_credentials' },
      { authorization: basic },
    )
    expect(machine.status).toBe(200)
    const broken = await fetch(`${url}/api/login/oauth/access_token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"grant_type":',
    })
    expect(broken.status).toBe(400)
    expect(await broken.json()).toMatchObject({ error: 'invalid_request' })
  })

  it('signs out: the person’s session ends, and tokens of it with it', async () => {
    const browser = await server.person('leaver')
    const { tokens } = await signIn(browser)
    const address = client.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: CALLBACK,
    })
    const page = await browser.call('GET', pathOf(address.href))
    expect(page.text).toContain('Sign out?')
    const stayed = await postForm(browser, '/api/logout/confirm', page.text, false)
    expect(stayed.statusCode).toBe(303)
    expect((await browser.call('GET', '/v1/session')).status).toBe(200)
    const again = await browser.call('GET', pathOf(address.href))
    const done = await postForm(browser, '/api/logout/confirm', again.text, true)
    expect(done.headers.location).toContain(CALLBACK)
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toThrow()
    await expect.poll(async () => (await browser.call('GET', '/v1/session')).status).toBe(401)
  })

  it('pushes its request first, where it wants to', async () => {
    const browser = await server.person('pushed')
    const verifier = client.randomPKCECodeVerifier()
    const address = await client.buildAuthorizationUrlWithPAR(config, {
      redirect_uri: CALLBACK,
      scope: 'openid',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    const end = await follow(browser, address.href)
    expect((await client.authorizationCodeGrant(config, end.url, { pkceCodeVerifier: verifier })).access_token).toMatch(
      /^[\w-]+\.[\w-]+\.[\w-]+$/,
    )
  })
})

describe('what must not work', () => {
  it('redirect addresses that differ by a sign', async () => {
    for (const redirect_uri of [
      `${CALLBACK}/`,
      `${CALLBACK}?a=1`,
      'https://app.example.com.evil.com/callback',
      'http://app.example.com/callback',
      'https://APP.example.com/callback2',
    ]) {
      const asked = await request({ redirect_uri })
      const answer = await server.app.inject({ url: pathOf(asked.address) })
      expect(answer.statusCode, redirect_uri).toBe(400)
      expect(answer.headers.location).toBeUndefined()
      expect(answer.body).toContain('This sign-in cannot go on')
    }
  })

  it('a code twice: the second ends what the first got', async () => {
    const browser = await server.person('twice')
    const { tokens, url: end, verifier, state } = await signIn(browser)
    await expect(
      client.authorizationCodeGrant(config, end, { pkceCodeVerifier: verifier, expectedState: state }),
    ).rejects.toThrow()
    expect(await client.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false })
  })

  it('a code with a wrong, or without its verifier', async () => {
    const browser = await server.person('pkce')
    for (const verifier of [client.randomPKCECodeVerifier(), undefined]) {
      const asked = await request()
      const end = await follow(browser, asked.address)
      const answer = await post('/api/login/oauth/access_token', {
        grant_type: 'authorization_code',
        client_id: clientId,
        client_secret: clientSecret,
        code: end.url.searchParams.get('code') ?? '',
        redirect_uri: CALLBACK,
        ...(verifier ? { code_verifier: verifier } : {}),
      })
      expect(answer.status).toBe(400)
    }
  })

  it('a wrong secret, in the body or the header', async () => {
    const body = { grant_type: 'client_credentials' }
    expect(
      (await post('/api/login/oauth/access_token', { ...body, client_id: clientId, client_secret: 'no' })).status,
    ).toBe(401)
    const basic = `Basic ${Buffer.from(`${clientId}:no`).toString('base64')}`
    expect((await post('/api/login/oauth/access_token', body, { authorization: basic })).status).toBe(401)
  })

  it('a refresh token twice: the whole grant ends', async () => {
    const { tokens } = await signIn(await server.person('reuse'))
    const next = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toThrow()
    await expect(client.refreshTokenGrant(config, next.refresh_token ?? '')).rejects.toThrow()
    expect(await client.tokenIntrospection(config, next.access_token)).toEqual({ active: false })
  })

  it('a token of another client: neither introspected, nor revoked, nor refreshed', async () => {
    const other = await newClient('others')
    const stranger = await discover(other.id, other.secret)
    const { tokens } = await signIn(await server.person('foreign'))
    expect(await client.tokenIntrospection(stranger, tokens.access_token)).toEqual({ active: false })
    await client.tokenRevocation(stranger, tokens.access_token).catch(() => {})
    expect(await client.tokenIntrospection(config, tokens.access_token)).toMatchObject({ active: true })
    await expect(client.refreshTokenGrant(stranger, tokens.refresh_token ?? '')).rejects.toThrow()
  })

  it('prompt=none without a session; a signature of none, or by the public key', async () => {
    const asked = await request({ prompt: 'none' })
    const end = await follow(server.browser(), asked.address)
    expect(end.url.searchParams.get('error')).toBe('login_required')

    const { tokens } = await signIn(await server.person('forger'))
    const claims = decodeJwt(tokens.id_token ?? '')
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`
    const keys = await (await fetch(`${url}/.well-known/jwks`)).text()
    const hs256 = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(keys))
    for (const id_token_hint of [none, hs256]) {
      const hinted = await request({ prompt: 'none', id_token_hint })
      const answer = await follow(server.browser(), hinted.address)
      expect(answer.url.searchParams.get('error')).toBe('invalid_request')
    }
  })

  it('a person of another organization, or one who was suspended', async () => {
    const admin = await server.admin()
    await admin.call('POST', '/v1/organizations', { name: 'elsewhere', displayName: 'Elsewhere' })
    await newClient('elsewhere-app', { organization: 'elsewhere' })
    const browser = server.browser()
    await browser.signUp('outsider', 'elsewhere-app')
    const at = await follow(browser, (await request()).address)
    expect(at.page).toBe(true)
    expect((await browser.call('GET', `${at.url.pathname}/details`)).json.step).toBe('other_organization')

    const member = await server.person('suspended')
    const { tokens } = await signIn(member)
    const { json } = await admin.call('GET', '/v1/users/built-in/suspended')
    const changed = await admin.call('PUT', '/v1/users/built-in/suspended', { ...json, isForbidden: true })
    expect(changed.status).toBe(200)
    await expect(client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '')).rejects.toThrow()
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toThrow()
  })

  it('an application of another organization, from a session that an own application began', async () => {
    const admin = await server.admin()
    await admin.call('POST', '/v1/organizations', { name: 'acme', displayName: 'Acme' })
    await admin.call('POST', '/v1/organizations', { name: 'umbrella', displayName: 'Umbrella' })
    const partyOf = async (name: string, change: Record<string, unknown>) => {
      const made = await newClient(name, change)
      return discover(made.id, made.secret)
    }
    const own = await partyOf('acme-app', { organization: 'acme' })
    const silent = await partyOf('umbrella-silent', { organization: 'umbrella' })
    const asking = await partyOf('umbrella-asking', { organization: 'umbrella', requireConsent: true })
    const bob = server.browser()
    await bob.signUp('bob', 'acme-app')
    expect((await signIn(bob, {}, own)).tokens.access_token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    for (const foreign of [silent, asking]) {
      const at = await follow(bob, (await request({}, foreign)).address)
      expect(at.page).toBe(true)
      expect((await bob.call('GET', `${at.url.pathname}/details`)).json.step).toBe('other_organization')
      // Agreeing is no way past it, and the page stays.
      expect((await decide(bob, at.url, true)).status).toBe(404)
      expect((await follow(bob, at.url.href)).page).toBe(true)
      const none = await follow(bob, (await request({ prompt: 'none' }, foreign)).address)
      expect(none.url.searchParams.get('error')).toBe('login_required')
      expect(none.url.searchParams.get('code')).toBeNull()
    }
    // The own application still lets him in.
    expect((await signIn(bob, { prompt: 'none' }, own)).tokens.access_token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)

    // Who has another account there goes on with that one, and stays signed in with it.
    const asked = await request({}, silent)
    const door = await follow(bob, asked.address)
    await bob.signUp('carol', 'umbrella-silent')
    expect((await bob.call('GET', '/v1/session')).json.user.name).toBe('carol')
    const handed = await follow(bob, door.url.href)
    expect(handed.policy).toContain("form-action 'self' https://app.example.com;")
    const [, action = ''] = /action="([^"]+)"/.exec(handed.text) ?? []
    const end = await follow(bob, String((await postForm(bob, action, handed.text, true)).headers.location))
    const tokens = await client.authorizationCodeGrant(silent, end.url, {
      pkceCodeVerifier: asked.verifier,
      expectedState: asked.state,
    })
    expect((await client.fetchUserInfo(silent, tokens.access_token, tokens.claims()?.sub ?? '')).name).toBe('carol')
    expect((await bob.call('GET', '/v1/session')).json.user.name).toBe('carol')
  })

  it('tokens of an administrator of the installation who is none any more', async () => {
    const admin = await server.admin()
    await admin.call('POST', '/v1/organizations', { name: 'initech', displayName: 'Initech' })
    const made = await newClient('initech-app', { organization: 'initech' })
    const foreign = await discover(made.id, made.secret)
    const browser = await server.person('former')
    const { json } = await admin.call('GET', '/v1/users/built-in/former')
    const setAdmin = async (isAdmin: boolean) => {
      const { etag } = (await admin.call('GET', '/v1/users/built-in/former')).json
      const changed = await admin.call('PUT', '/v1/users/built-in/former', { ...json, etag, isAdmin })
      expect(changed.status).toBe(200)
    }
    await setAdmin(true)
    await browser.signIn('former', 'a long password')
    // Entering a tenant's application is asked for, once.
    const asked = await request({}, foreign)
    const page = await follow(browser, asked.address)
    expect((await browser.call('GET', `${page.url.pathname}/details`)).json).toMatchObject({
      step: 'consent',
      isForeignAdministrator: true,
    })
    const end = await follow(browser, (await decide(browser, page.url, true)).json.redirectUrl)
    const tokens = await client.authorizationCodeGrant(foreign, end.url, {
      pkceCodeVerifier: asked.verifier,
      expectedState: asked.state,
    })
    expect((await signIn(browser, {}, foreign)).tokens.access_token).toMatch(/^[\w-]+\./)
    const account = () =>
      fetch(`${url}/api/get-account`, { headers: { authorization: `Bearer ${tokens.access_token}` } }).then((answer) =>
        answer.json(),
      )
    expect(await account()).toMatchObject({ status: 'ok' })
    await setAdmin(false)
    await expect(client.fetchUserInfo(foreign, tokens.access_token, tokens.claims()?.sub ?? '')).rejects.toThrow()
    await expect(client.refreshTokenGrant(foreign, tokens.refresh_token ?? '')).rejects.toThrow()
    expect(await client.tokenIntrospection(foreign, tokens.access_token)).toEqual({ active: false })
    expect(await account()).toMatchObject({ status: 'error' })
  })

  it('a public client without PKCE', async () => {
    const made = await newClient('phone', { isPublic: true })
    const phone = await discover(made.id, client.None())
    const address = client.buildAuthorizationUrl(phone, { redirect_uri: CALLBACK, scope: 'openid' })
    const end = await follow(await server.person('phoner'), address.href)
    expect(end.url.searchParams.get('error')).toBe('invalid_request')
    const asked = await request({}, phone)
    const good = await follow(await server.person('phoner2'), asked.address)
    const tokens = await client.authorizationCodeGrant(phone, good.url, {
      pkceCodeVerifier: asked.verifier,
      expectedState: asked.state,
    })
    expect(tokens.access_token.split('.')).toHaveLength(3)
  })
})

describe('the documentation', () => {
  it('has a place for every error code that answers link to, and lists the endpoints', async () => {
    const refused = await server.app.inject({ url: '/v1/account' })
    const { type } = refused.json() as { type?: string }
    const page = await server.app.inject({ url: '/docs/errors' })
    expect(page.statusCode).toBe(200)
    if (type) expect(page.body).toContain(`id="${type.split('#')[1]}"`)
    expect(page.body).toContain('id="START_REFUSED"')
    expect((await server.app.inject({ url: '/docs' })).body).toContain('POST /v1/verifications')
  })
})

describe('keys and storage', () => {
  it('tokens of before a rotation stay good: old keys are published, the newest signs', async () => {
    const before = (await (await fetch(`${url}/.well-known/jwks`)).json()) as { keys: { kid: string }[] }
    await rotateKeys(server)
    const after = await loadKeys(server)
    const old = before.keys.map((key) => key.kid)
    expect(after.map((key) => key.kid)).toEqual(expect.arrayContaining(old))
    for (const algorithm of ['RS256', 'ES256'])
      expect(old).not.toContain(after.find((key) => key.alg === algorithm)?.kid)
    // A node that runs on publishes what the others may sign with already, and no private half.
    const now = (await (await fetch(`${url}/.well-known/jwks`)).json()) as { keys: Record<string, string>[] }
    expect(now.keys.map((key) => key.kid)).toEqual(after.map((key) => key.kid))
    expect(now.keys.flatMap((key) => Object.keys(key)).filter((name) => /^(d|p|q|dp|dq|qi)$/.test(name))).toEqual([])
    server.clock.advance(91 * 86_400_000)
    expect((await loadKeys(server)).map((key) => key.kid)).not.toEqual(expect.arrayContaining(old))
    server.clock.advance(-91 * 86_400_000)
  })

  it('no code, token or claim is in the database in clear', async () => {
    const { tokens } = await signIn(await server.person('canary'))
    const { rows } = await server.pool.query('select * from veridoor.oidc_artifacts')
    const all = JSON.stringify(rows)
    for (const secret of [tokens.access_token, tokens.refresh_token ?? '', 'canary']) expect(all).not.toContain(secret)
    expect(server.logLines.join('')).not.toContain(tokens.access_token)
  })
})

describe('verified identity', () => {
  const identity = (claims: Record<string, unknown>, evidence?: object[]) =>
    JSON.stringify({
      userinfo: {
        verified_claims: { verification: { trust_framework: null, ...(evidence ? { evidence } : {}) }, claims },
      },
    })

  /** A number belongs to one account. */
  const verifyPerson = async (browser: Browser, number = ada.documentNumber): Promise<void> => {
    await browser.call('PUT', '/v1/account/identity', { ...ada, documentNumber: number })
    const started = await browser.call('POST', '/v1/verifications', {})
    expect(started.status).toBe(201)
    const order = server.script.orders.at(-1)
    if (!order) throw new Error('no order')
    const document = {
      type: 'PASSPORT',
      country: 'AUT',
      number,
      firstName: 'ADA',
      lastName: 'LOVELACE',
      expiry: '2031-04-15',
    }
    server.script.finding = async () => approved(order, { document })
    await server.verification.settle(started.json.id)
    expect((await browser.call('GET', '/v1/account')).json.identity.isVerified).toBe(true)
  }

  it('is shared only when asked for and agreed to', async () => {
    const browser = await server.person('ada')
    await verifyPerson(browser)
    const asked = await request({ claims: identity({ given_name: null, family_name: null }) })
    const page = await follow(browser, asked.address)
    expect(page.page).toBe(true)
    const details = await browser.call('GET', `${page.url.pathname}/details`)
    expect(details.json).toMatchObject({ step: 'consent', claims: ['given_name', 'family_name'] })
    const decided = await decide(browser, page.url, true, ['given_name'])
    const end = await follow(browser, decided.json.redirectUrl)
    const tokens = await client.authorizationCodeGrant(config, end.url, {
      pkceCodeVerifier: asked.verifier,
      expectedState: asked.state,
    })
    const me = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '')
    expect(me.verified_claims).toEqual({ verification: { trust_framework: 'veridoor' }, claims: { given_name: 'ADA' } })
    expect(me).toMatchObject({ is_verified: true, real_name: ada.realName })
    expect(JSON.stringify(me)).not.toContain(ada.documentNumber)

    // What was declined is not asked again by itself, and not given.
    const declined = await signIn(browser, { claims: identity({ family_name: null }) })
    const without = await client.fetchUserInfo(
      config,
      declined.tokens.access_token,
      declined.tokens.claims()?.sub ?? '',
    )
    expect(without.verified_claims).toBeUndefined()

    // A claim that is new is asked for; in the id token, and as a list: answered there and in that form, and only there.
    const one = { verification: { trust_framework: null }, claims: { name: null } }
    const listed = await request({ claims: JSON.stringify({ id_token: { verified_claims: [one] } }) })
    const again = await follow(browser, listed.address)
    const agreed = await decide(browser, again.url, true, ['name'])
    const back = await follow(browser, agreed.json.redirectUrl)
    const others = await client.authorizationCodeGrant(config, back.url, {
      pkceCodeVerifier: listed.verifier,
      expectedState: listed.state,
    })
    expect(others.claims()?.verified_claims).toEqual([
      { verification: { trust_framework: 'veridoor' }, claims: { name: ada.realName } },
    ])
    const plain = await client.fetchUserInfo(config, others.access_token, others.claims()?.sub ?? '')
    expect(plain.verified_claims).toBeUndefined()

    // Asked anew, the person may say otherwise.
    const anew = await request({ claims: identity({ family_name: null }), prompt: 'consent' })
    const page2 = await follow(browser, anew.address)
    const yes = await follow(browser, (await decide(browser, page2.url, true, ['family_name'])).json.redirectUrl)
    const last = await client.authorizationCodeGrant(config, yes.url, {
      pkceCodeVerifier: anew.verifier,
      expectedState: anew.state,
    })
    const now = await client.fetchUserInfo(config, last.access_token, last.claims()?.sub ?? '')
    expect(now.verified_claims).toMatchObject({ claims: { family_name: 'LOVELACE' } })
  })

  it('is agreed to apart from the plain name of the account: neither answer counts for the other', async () => {
    const browser = await server.person('two-names')
    await browser.call('PUT', '/v1/account/profile', { displayName: 'Countess', email: 'two-names@example.com' })
    await verifyPerson(browser, 'M12345678')
    const made = await newClient('names')
    const party = await discover(made.id, made.secret)
    const verifiedName = { verification: { trust_framework: null }, claims: { name: null } }
    const me = async (extra: Record<string, string>, agreed: string[]) => {
      const asked = await request(extra, party)
      const at = await follow(browser, asked.address)
      const end = at.page ? await follow(browser, (await decide(browser, at.url, true, agreed)).json.redirectUrl) : at
      const tokens = await client.authorizationCodeGrant(party, end.url, {
        pkceCodeVerifier: asked.verifier,
        expectedState: asked.state,
      })
      return client.fetchUserInfo(party, tokens.access_token, tokens.claims()?.sub ?? '')
    }
    const plain = { scope: 'openid', claims: JSON.stringify({ userinfo: { name: null } }) }
    expect((await me(plain, [])).name).toBe('Countess')
    const both = { userinfo: { name: null, verified_claims: verifiedName } }
    const asked = await follow(browser, (await request({ ...plain, claims: JSON.stringify(both) }, party)).address)
    expect((await browser.call('GET', `${asked.url.pathname}/details`)).json).toMatchObject({
      step: 'consent',
      accountClaims: ['name'],
      claims: ['name'],
    })
    const declined = await me({ ...plain, claims: JSON.stringify(both) }, [])
    expect([declined.name, declined.verified_claims]).toEqual(['Countess', undefined])
    // Taken out is taken out: the scope tells it no more, in whatever way it is read, and another question changes nothing.
    const scope = 'openid profile'
    const names = async (extra: Record<string, string>) => {
      const { tokens } = await signIn(browser, { scope, ...extra }, party)
      const told = await client.fetchUserInfo(party, tokens.access_token, tokens.claims()?.sub ?? '')
      const account = await fetch(`${url}/api/get-account`, {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      })
      const { data } = (await account.json()) as { data: { realName: string; isVerified: boolean } }
      expect([told.is_verified, data.isVerified]).toEqual([true, true])
      return [told.real_name, decodeJwt(tokens.access_token).realName, data.realName]
    }
    expect(await names({})).toEqual([undefined, undefined, ''])
    expect((await me({ scope, claims: identity({ birthdate: null }) }, [])).real_name).toBeUndefined()
    expect(await names({})).toEqual([undefined, undefined, ''])
    const again = await me({ claims: identity({ name: null }), prompt: 'consent' }, ['name'])
    expect([again.name, again.verified_claims]).toMatchObject(['Countess', { claims: { name: ada.realName } }])
    expect(await names({})).toEqual([ada.realName, ada.realName, ada.realName])
  })

  it('and the account are told by name only where the page has shown it, whether the application asks people or not', async () => {
    const browser = await server.person('named')
    await verifyPerson(browser, 'N12345678')
    const made = [await newClient('quiet'), await newClient('curious', { requireConsent: true })]
    for (const { id, secret } of made) {
      const party = await discover(id, secret)
      const claims = JSON.stringify({ userinfo: { real_name: null, email: { essential: true } } })
      const me = async (extra: Record<string, string>, answer: (at: URL) => Promise<string>) => {
        const asked = await request({ scope: 'openid', ...extra }, party)
        const at = await follow(browser, asked.address)
        const end = at.page ? await follow(browser, await answer(at.url)) : at
        const tokens = await client.authorizationCodeGrant(party, end.url, {
          pkceCodeVerifier: asked.verifier,
          expectedState: asked.state,
        })
        return client.fetchUserInfo(party, tokens.access_token, tokens.claims()?.sub ?? '')
      }
      const agree = async (at: URL): Promise<string> => (await decide(browser, at, true)).json.redirectUrl
      const refused = await follow(browser, (await request({ scope: 'openid', claims }, party)).address)
      expect((await browser.call('GET', `${refused.url.pathname}/details`)).json).toMatchObject({
        step: 'consent',
        scopes: ['openid'],
        accountClaims: ['real_name', 'email'],
        claims: [],
      })
      const no = await follow(browser, (await decide(browser, refused.url, false)).json.redirectUrl)
      expect(no.url.searchParams.get('error')).toBe('access_denied')
      const plain = await me({}, agree)
      expect([plain.real_name, plain.email]).toEqual([undefined, undefined])
      const none = await follow(browser, (await request({ scope: 'openid', claims, prompt: 'none' }, party)).address)
      expect(none.url.searchParams.get('error')).toBe('consent_required')
      const agreed = await me({ claims }, agree)
      expect(agreed).toMatchObject({ real_name: ada.realName, email: 'named@example.com' })
      // Asked once: the next time there is no page. What a scope tells needs no words of its own.
      expect((await me({ claims }, () => Promise.reject(new Error('a page')))).email).toBe('named@example.com')
      const covered = await request({ scope: 'openid email', claims, prompt: 'consent' }, party)
      const again = await follow(browser, covered.address)
      expect((await browser.call('GET', `${again.url.pathname}/details`)).json?.accountClaims).toEqual(['real_name'])
    }
  })

  it('is asked for as a step of signing in, and refusing it is a proper answer', async () => {
    const browser = server.browser()
    await browser.signUp('stepper')
    await browser.call('PUT', '/v1/account/identity', { ...ada, documentNumber: 'S12345678', realName: 'Grace Hopper' })
    const claims = identity({ given_name: { essential: true } })
    const refused = await follow(browser, (await request({ claims })).address)
    expect((await browser.call('GET', `${refused.url.pathname}/details`)).json.step).toBe('verification')
    const no = await follow(browser, (await decide(browser, refused.url, false)).json.redirectUrl)
    expect(no.url.searchParams.get('error')).toBe('unmet_authentication_requirements')

    const again = await request({ claims })
    const step = await follow(browser, again.address)
    // Saying so is not enough: only a verification of ours moves on.
    expect((await decide(browser, step.url, true)).status).toBe(404)
    const started = await browser.call('POST', '/v1/verifications', {})
    const order = server.script.orders.at(-1)
    if (!order) throw new Error('no order')
    const document = {
      type: 'PASSPORT',
      country: 'AUT',
      number: 'S12345678',
      firstName: 'GRACE',
      lastName: 'HOPPER',
      expiry: '2031-04-15',
    }
    server.script.finding = async () => approved(order, { document })
    await server.verification.settle(started.json.id)
    const consent = await follow(browser, step.url.href)
    expect((await browser.call('GET', `${consent.url.pathname}/details`)).json.step).toBe('consent')
    const end = await follow(browser, (await decide(browser, consent.url, true, ['given_name'])).json.redirectUrl)
    const tokens = await client.authorizationCodeGrant(config, end.url, {
      pkceCodeVerifier: again.verifier,
      expectedState: again.state,
    })
    const me = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '')
    expect(me.verified_claims).toMatchObject({ claims: { given_name: 'GRACE' } })
  })

  it('is told by acr as it is at this moment; an essential value is met, verified for, or refused, and never asked for without end', async () => {
    const BASIC = 'urn:veridoor:acr:basic'
    const VERIFIED = 'urn:veridoor:acr:verified'
    const essential = (acr: object) => ({ claims: JSON.stringify({ id_token: { acr: { essential: true, ...acr } } }) })
    const browser = await server.person('late')
    const acr = async (extra: Record<string, string>) => (await signIn(browser, extra)).tokens.claims()?.acr
    const errorOf = async (extra: Record<string, string>) =>
      (await follow(browser, (await request(extra)).address)).url.searchParams.get('error')
    const voluntary = { claims: JSON.stringify({ id_token: { acr: null } }) }
    expect(await acr(voluntary)).toBe(BASIC)
    expect(await acr(essential({ value: BASIC }))).toBe(BASIC)
    for (const asked of [
      essential({ value: VERIFIED }),
      essential({ values: [VERIFIED, 'urn:other'] }),
      { acr_values: VERIFIED },
    ]) {
      const page = await follow(browser, (await request(asked)).address)
      expect((await browser.call('GET', `${page.url.pathname}/details`)).json.step).toBe('verification')
      expect(await errorOf({ ...asked, prompt: 'none' })).toBe('unmet_authentication_requirements')
    }
    for (const asked of [essential({ value: 'urn:other' }), essential({ values: ['urn:other', 'urn:another'] })])
      expect(await errorOf(asked)).toBe('unmet_authentication_requirements')
    // What would be liked (`acr_values`) makes an essential value neither less nor other than it is.
    expect(await errorOf({ ...essential({ value: 'urn:other' }), acr_values: BASIC })).toBe(
      'unmet_authentication_requirements',
    )
    expect(await errorOf({ ...essential({ value: VERIFIED }), acr_values: BASIC, prompt: 'none' })).toBe(
      'unmet_authentication_requirements',
    )
    expect(await acr({ ...essential({ value: BASIC }), acr_values: VERIFIED })).toBe(BASIC)
    expect(await errorOf(essential({ values: VERIFIED }))).toBe('invalid_request')
    expect(await acr({ acr_values: 'urn:other' })).toBe(BASIC)

    // Verified on the account page, with the session of before.
    await verifyPerson(browser, 'L12345678')
    const prompts: Record<string, string>[] = [{}, { prompt: 'none' }]
    for (const prompt of prompts) {
      expect(await acr({ ...prompt, acr_values: VERIFIED })).toBe(VERIFIED)
      expect(await acr({ ...prompt, ...essential({ value: VERIFIED }) })).toBe(VERIFIED)
      expect(await acr({ ...prompt, ...essential({ value: BASIC }) })).toBe(BASIC)
      expect(await acr({ ...prompt, ...voluntary })).toBe(VERIFIED)
    }
  })

  it('of somebody else’s step is not to be had by its address', async () => {
    const browser = await server.person('olive')
    const page = await follow(browser, (await request({ claims: identity({ name: null }) })).address)
    const thief = await server.person('thief')
    expect((await thief.call('GET', `${page.url.pathname}/details`)).status).toBe(404)
    expect((await decide(thief, page.url, true, ['name'])).status).toBe(404)
    const foreign = await server.app.inject({
      method: 'POST',
      url: `${page.url.pathname}/decision`,
      headers: { origin: 'https://evil.example.com', 'content-type': 'application/json', cookie: browser.cookies },
      payload: JSON.stringify({ allow: true, claims: ['name'] }),
    })
    expect(foreign.statusCode).toBe(403)
  })

  it('requests that name nothing are refused in words', async () => {
    const claims = JSON.stringify({ userinfo: { verified_claims: { verification: {}, claims: {} } } })
    const end = await follow(await server.person('wordy'), (await request({ claims })).address)
    expect(end.url.searchParams.get('error')).toBe('invalid_request')
  })

  it('may be asked for as a list', async () => {
    const browser = server.browser()
    await browser.signIn('grace', 'a long password')
    const one = { verification: { trust_framework: null }, claims: { name: null } }
    const page = await follow(
      browser,
      (await request({ claims: JSON.stringify({ id_token: { verified_claims: [one, one] } }) })).address,
    )
    expect(page.url.href).toContain('/interaction/')
    expect((await browser.call('GET', `${page.url.pathname}/details`)).json.claims).toEqual(['name'])
  })
})

describe('how a person signed in', () => {
  it('is told by amr (RFC 8176): a password alone, or with a code', async () => {
    const own = server.browser()
    expect((await own.signUp('frieda')).status).toBe(201)
    expect(decodeJwt((await signIn(own)).tokens.id_token ?? '').amr).toEqual(['pwd'])
    const path = '/v1/account/security/authenticator'
    const { secret } = (await own.call('POST', path, { password: 'a long password' })).json
    const code = () => new TOTP({ secret }).generate({ timestamp: server.clock.now().getTime() })
    await own.call('POST', `${path}/confirm`, { code: code() })
    server.clock.advance(30_000)
    const other = server.browser()
    const body = { username: 'frieda', password: 'a long password', code: code() }
    expect((await other.call('POST', '/v1/session', body)).status).toBe(200)
    expect(decodeJwt((await signIn(other)).tokens.id_token ?? '').amr).toEqual(['pwd', 'otp', 'mfa'])
  })

  it('with a password that somebody else set lets nobody into an application before it is changed', async () => {
    const admin = await server.admin()
    const password = 'set by an administrator'
    await admin.call('POST', '/v1/users', { organization: 'built-in', name: 'gustav', application: 'orders', password })
    const own = server.browser()
    await own.signIn('gustav', password, 'orders')
    const { address } = await request()
    const stopped = await follow(own, address)
    expect(stopped.url.pathname).toBe('/account/security')
    const back = stopped.url.searchParams.get('to') ?? ''
    expect(back).toMatch(/^\/login\/oauth\/interaction\//)
    await own.call('PUT', '/v1/account/password', { current: password, next: 'a password of his own' })
    expect((await follow(own, back)).url.searchParams.get('code')).toMatch(/^[\w-]{20,}$/)
  })
})

describe('an app on a device (RFC 8252)', () => {
  it('gets its code at an address of its own scheme, beside one on the web', async () => {
    const own = 'com.acme.app:/back'
    const made = await newClient('pocket', { redirectUris: [own, CALLBACK], isPublic: true })
    const app = await discover(made.id, client.None())
    const browser = await server.person('nora')
    for (const redirect of [own, CALLBACK]) {
      const asked = await request({ redirect_uri: redirect }, app)
      const end = await follow(browser, asked.address)
      expect(end.url.href.startsWith(redirect)).toBe(true)
      expect(end.url.searchParams.get('code')).toMatch(/^[\w-]{20,}$/)
    }
  })

  it('gets forms of ours that lead to its own scheme', async () => {
    const own = 'com.acme.app:/back'
    const made = await newClient('pocket-forms', { redirectUris: [own], isPublic: true })
    const app = await discover(made.id, client.None())
    const browser = await server.person('nele')
    const form = await follow(browser, (await request({ redirect_uri: own, response_mode: 'form_post' }, app)).address)
    expect(form.text).toContain(`<form method="post" action="${own}">`)
    expect(form.policy).toMatch(/form-action 'self' com\.acme\.app:;/)
    const { tokens } = await signIn(browser, { redirect_uri: own }, app)
    const out = client.buildEndSessionUrl(app, { id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: own })
    const page = await browser.call('GET', pathOf(out.href))
    expect(page.text).toContain('Sign out?')
    expect(page.headers['content-security-policy']).toMatch(/form-action 'self' com\.acme\.app:;/)
  })

  it('has no address over plain HTTP to another machine, and none over HTTPS to the device itself', async () => {
    const admin = await server.admin()
    const save = (beside: string) =>
      admin.call('POST', '/v1/applications', {
        organization: 'built-in',
        name: `careless-${beside.replaceAll(/\W+/g, '-')}`,
        displayName: 'Careless',
        redirectUris: ['com.acme.app:/back', beside],
        providers: [],
      })
    for (const beside of ['http://elsewhere.example/back', 'https://localhost/back', 'https://127.0.0.1:8443/back']) {
      const answer = await save(beside)
      expect([beside, answer.status]).toEqual([beside, 422])
      expect(answer.json.data.fields).toEqual([
        { path: 'redirectUris.1', message: expect.stringContaining('http:// for the device itself') },
      ])
    }
    for (const beside of ['http://localhost:7000/back', 'https://elsewhere.example/back'])
      expect([beside, (await save(beside)).status]).toEqual([beside, 201])
  })
})

describe('an application with identifiers of its own (OpenID Connect Core, section 8.1)', () => {
  const pairwise = async (name: string, change: Record<string, unknown> = {}) => {
    const made = await newClient(name, { pairwiseSubjects: true, ...change })
    return discover(made.id, made.secret)
  }

  it('knows a person by one that no other application has, wherever it asks', async () => {
    const one = await pairwise('shop')
    // Addresses on several hosts are still one application.
    const other = await pairwise('school', { redirectUris: [CALLBACK, 'https://another.example.org/callback'] })
    expect(one.serverMetadata().subject_types_supported).toEqual(['public', 'pairwise'])
    const browser = await server.person('paula')
    const { rows } = await server.pool.query(`select id from veridoor.users where name = 'paula'`)
    const first = (await signIn(browser, {}, one)).tokens
    const subject = first.claims()?.sub ?? ''
    expect(subject).toMatch(/^[\w-]{43}$/)
    expect((await client.fetchUserInfo(one, first.access_token, subject)).preferred_username).toBe('paula')
    expect((await client.tokenIntrospection(one, first.access_token)).sub).toBe(subject)
    const account = await fetch(`${url}/api/get-account`, {
      headers: { authorization: `Bearer ${first.access_token}` },
    })
    expect(await account.json()).toMatchObject({ status: 'ok', sub: subject, data: { id: subject } })
    const next = await client.refreshTokenGrant(one, first.refresh_token ?? '')
    expect(next.claims()?.sub).toBe(subject)
    expect(
      (await signIn(browser, { id_token_hint: first.id_token ?? '', prompt: 'none' }, one)).tokens.claims()?.sub,
    ).toBe(subject)
    const subjects = [
      subject,
      (await signIn(browser, {}, other)).tokens.claims()?.sub,
      (await signIn(browser)).tokens.claims()?.sub,
    ]
    expect(new Set(subjects).size).toBe(3)
    expect(subjects[2]).toBe(rows[0].id)
    expect(JSON.stringify(decodeJwt(first.id_token ?? ''))).not.toContain(rows[0].id)
  })

  it('is not given another person by the hint of a stranger', async () => {
    const one = await pairwise('club')
    const hint = (await signIn(await server.person('petra'), {}, one)).tokens.id_token ?? ''
    const asked = await request({ id_token_hint: hint, prompt: 'none' }, one)
    const end = await follow(await server.person('quentin'), asked.address)
    expect(end.url.searchParams.get('error')).toBe('login_required')
  })
})
