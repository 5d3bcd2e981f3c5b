import { createRequire } from 'node:module'
import type casdoor from 'casdoor-js-sdk'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ada, approved, startServer, type TestServer } from './harness.ts'
import { codeFor, freePort } from './sign-in.ts'

// Casdoor's official package for browsers, unchanged, against our server over HTTP, in a window that has no more than it needs.
const CasdoorSdk = createRequire(import.meta.url)('casdoor-js-sdk').default as typeof casdoor.default
const PAGE = 'https://app.example.com'
let server: TestServer
let url: string
let clientId: string
const asked: string[] = []

beforeAll(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  server = await startServer('casdoor_js_sdk', { url })
  await server.app.listen({ host: '127.0.0.1', port })
  const admin = await server.attachProvider()
  const { json } = await admin.call('GET', '/v1/applications/app-built-in')
  await admin.call('PUT', '/v1/applications/app-built-in', {
    ...json,
    redirectUris: [`${PAGE}/callback`],
    isPublic: true,
  })
  clientId = json.clientId
})
afterAll(() => server?.stop())

const storage = () => {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: unknown) => void kept.set(key, String(value)),
    removeItem: (key: string) => void kept.delete(key),
  }
}

/** What a browser does for a page of another origin: asks first where it must, and hides answers that the server does not open to it. */
const fetchFrom = (origin: string): typeof fetch => {
  const real = globalThis.fetch
  return async (input, init = {}) => {
    const headers = new Headers(init.headers)
    const isSimple =
      !headers.has('authorization') && /^application\/x-www-form-urlencoded/.test(headers.get('content-type') ?? '')
    if (!isSimple) {
      const wanted = [...headers.keys()].join(',')
      const preflight = await real(String(input), {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': init.method ?? 'GET',
          'access-control-request-headers': wanted,
        },
      })
      const allowed = (preflight.headers.get('access-control-allow-headers') ?? '').toLowerCase().split(/, */)
      if (
        preflight.headers.get('access-control-allow-origin') !== origin ||
        !wanted.split(',').every((name) => allowed.includes(name))
      )
        throw new TypeError('Failed to fetch: preflight')
    }
    headers.set('origin', origin)
    const answer = await real(String(input), { ...init, headers })
    asked.push(`${init.method} ${new URL(String(input)).pathname} ${answer.status}`)
    if (answer.headers.get('access-control-allow-origin') !== origin) throw new TypeError('Failed to fetch: origin')
    return answer
  }
}

const location = { origin: PAGE, href: `${PAGE}/`, search: '', assign: (_address: string): void => {} }
beforeEach(() => {
  vi.stubGlobal('window', { location, crypto: globalThis.crypto })
  vi.stubGlobal('sessionStorage', storage())
  vi.stubGlobal('fetch', fetchFrom(PAGE))
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const newSdk = (scope?: string) =>
  new CasdoorSdk({
    serverUrl: url,
    clientId,
    appName: 'app-built-in',
    organizationName: 'built-in',
    storage: storage() as unknown as Storage,
    ...(scope ? { scope } : {}),
  })

/** The page goes to sign in and comes back with a code. */
const goAndComeBack = async (sdk: InstanceType<typeof CasdoorSdk>, browser: ReturnType<TestServer['browser']>) => {
  let went = ''
  location.assign = (address) => {
    went = address
  }
  await sdk.signin_redirect()
  const code = await codeFor(browser, url, went)
  const state = new URL(went).searchParams.get('state') ?? ''
  location.href = `${PAGE}/callback?code=${code}&state=${state}`
  return { went: new URL(went), code }
}

describe('casdoor-js-sdk', () => {
  it('signs in by PKCE without a secret, reads the token and userinfo, and renews the token', async () => {
    const sdk = newSdk()
    const person = await server.person('romy')
    const { went } = await goAndComeBack(sdk, person)
    expect(Object.fromEntries(went.searchParams)).toMatchObject({ scope: 'profile', code_challenge_method: 'S256' })
    const tokens = await sdk.exchangeForAccessToken()
    expect(tokens).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) })
    const { header, payload } = sdk.parseAccessToken(tokens.access_token)
    expect(header).toMatchObject({ alg: 'RS256', kid: expect.any(String) })
    expect(payload).toMatchObject({ owner: 'built-in', name: 'romy', aud: [clientId], iss: url, isVerified: false })
    expect(await sdk.getUserInfo(tokens.access_token)).toMatchObject({
      iss: url,
      aud: clientId,
      sub: payload.sub,
      preferred_username: 'romy',
      is_verified: false,
    })
    const renewed = (await sdk.refreshAccessToken(tokens.refresh_token)) as unknown as { access_token: string }
    expect(sdk.parseAccessToken(renewed.access_token).payload).toMatchObject({ sub: payload.sub, name: 'romy' })
    expect(asked).toEqual([
      'POST /api/login/oauth/access_token 200',
      'GET /api/userinfo 200',
      'POST /api/login/oauth/access_token 200',
    ])
  })

  it('learns that somebody was verified, by the token and by userinfo, and no number', async () => {
    const person = await server.person('sina')
    const { json } = await person.call('POST', '/api/verify-identification')
    const order = server.script.orders.at(-1)
    if (!order) throw new Error('no order')
    server.script.finding = async () => approved(order)
    await server.verification.settle(json.data.verification)
    // The real name is told where the page has asked for it: the application has people asked.
    const admin = await server.admin()
    const { json: application } = await admin.call('GET', '/v1/applications/app-built-in')
    await admin.call('PUT', '/v1/applications/app-built-in', { ...application, requireConsent: true })
    const sdk = newSdk()
    await goAndComeBack(sdk, person)
    const { access_token: token } = await sdk.exchangeForAccessToken()
    const told = [sdk.parseAccessToken(token).payload, await sdk.getUserInfo(token)]
    expect(told).toMatchObject([
      { isVerified: true, realName: ada.realName },
      { is_verified: true, real_name: ada.realName },
    ])
    expect(JSON.stringify(told)).not.toContain(ada.documentNumber)
  })

  it('gets nothing for a code that another page began, and nothing at another origin', async () => {
    const sdk = newSdk()
    const person = await server.person('tino')
    await goAndComeBack(sdk, person)
    const thief = newSdk()
    thief.getSigninUrl()
    await expect(thief.exchangeForAccessToken()).rejects.toMatchObject({ error: 'Invalid State' })
    const { code } = await goAndComeBack(sdk, person)
    const wrong = await fetch(`${url}/api/login/oauth/access_token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: clientId,
        redirect_uri: `${PAGE}/callback`,
        code,
        code_verifier: 'f'.repeat(128),
      }),
    })
    expect([wrong.status, (await wrong.json()).error]).toEqual([400, 'invalid_grant'])
    const again = newSdk()
    await goAndComeBack(again, person)
    const { access_token: token } = await again.exchangeForAccessToken()
    vi.unstubAllGlobals()
    vi.stubGlobal('fetch', fetchFrom('https://evil.example'))
    const elsewhere = await again.getUserInfo(token).catch((error: Error) => error.message)
    expect(JSON.stringify(elsewhere)).not.toContain('tino')
  })

  it('builds addresses that lead to our pages, and a token in one of them is dropped', async () => {
    const sdk = newSdk()
    const person = await server.person('udo')
    const to = async (address: string, browser = server.browser()) => {
      const { pathname, search } = new URL(address)
      return (await browser.call('GET', `${pathname}${search}`)).headers.location
    }
    const signUp = await to(sdk.getSignupUrl(false))
    expect(signUp).toMatch(/^\/signup\/app-built-in\?to=%2Flogin%2Foauth%2Fauthorize%3Fclient_id%3D/)
    expect(sdk.getSignupUrl(true)).toBe(`${url}/signup/app-built-in`)
    const account = { accessToken: 'a-token' } as never
    expect(await to(sdk.getMyProfileUrl(account))).toBe('/account')
    expect(await to(sdk.getUserProfileUrl('udo', account), person as never)).toBe('/account')
    expect(await to(sdk.getUserProfileUrl('other', account), person as never)).toBe('/console/users/built-in/other')
    // Without a token it is the page, as its neighbours are.
    const pages = ['/account', '/account/identity'].map((path) =>
      server.app.inject({ url: path, headers: { accept: 'text/html' } }),
    )
    const [page, neighbour] = (await Promise.all(pages)).map(({ statusCode, body, headers }) => ({
      statusCode,
      isPage: body.includes('<!doctype html>'),
      type: headers['content-type'],
    }))
    expect(page).toEqual(neighbour)
    expect(await to(`${url}/signup/oauth/authorize?client_id=nobody`)).toBe('/login/oauth/authorize?client_id=nobody')
    expect(server.logLines.join('')).not.toContain('a-token')
  })
})
