import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { startServer, type TestServer } from './harness.ts'
import { freePort } from './sign-in.ts'

export type Browser = ReturnType<TestServer['browser']>
export const CALLBACK = 'https://app.example.com/callback'
export const AUTHORIZE = '/login/oauth/authorize'
export const TOKEN = '/api/login/oauth/access_token'
export const PUSH = '/api/login/oauth/par'

export const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')
export const newVerifier = (): string => randomBytes(32).toString('base64url')

/** A key pair of an application or of a DPoP client, with its public part as a JWK. */
export const newKey = async (alg = 'ES256') => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const jwk: JWK = { ...(await exportJWK(publicKey)), alg, kid: randomUUID(), use: 'sig' }
  return { privateKey, jwk, alg, thumbprint: await calculateJwkThumbprint(jwk) }
}
export type Key = Awaited<ReturnType<typeof newKey>>

/** A DPoP proof (RFC 9449, section 4.2). */
export const proof = (
  key: Key,
  method: string,
  address: string,
  more: { token?: string; nonce?: string; jti?: string; iat?: number } = {},
): Promise<string> => {
  const { kty, crv, x, y, n, e } = key.jwk
  const jwk = Object.fromEntries(Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined))
  return new SignJWT({
    htm: method,
    htu: address,
    jti: more.jti ?? randomUUID(),
    ...(more.nonce ? { nonce: more.nonce } : {}),
    ...(more.token ? { ath: createHash('sha256').update(more.token).digest('base64url') } : {}),
  })
    .setProtectedHeader({ alg: key.alg, typ: 'dpop+jwt', jwk: jwk as JWK })
    .setIssuedAt(more.iat)
    .sign(key.privateKey)
}

/** A client assertion (RFC 7523, section 3). */
export const assertion = (
  key: Key,
  clientId: string,
  audience: string | string[],
  more: Record<string, unknown> = {},
): Promise<string> =>
  new SignJWT({ jti: randomUUID(), ...more })
    .setProtectedHeader({ alg: key.alg, kid: String(key.jwk.kid) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('60s')
    .sign(key.privateKey)

/** A server that listens, and an application of it that behaves as a relying party over HTTP. */
export const startRelyingParty = async (label: string, options: Parameters<typeof startServer>[1] = {}) => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const server = await startServer(label, { url, ...options })
  await server.app.listen({ host: '127.0.0.1', port })
  const admin = await server.attachProvider()

  /** A new application; `secret` is empty for one that has none. */
  const newClient = async (name: string, change: Record<string, unknown> = {}) => {
    const made = await admin.call('POST', '/v1/applications', {
      organization: 'built-in',
      name,
      displayName: name,
      redirectUris: [CALLBACK],
      providers: [],
      ...change,
    })
    if (made.status !== 201) throw new Error(`no application: ${made.text}`)
    const { clientId } = made.json as { clientId: string }
    const secret = await admin.call('POST', `/v1/applications/${name}/secret`)
    return { id: clientId, secret: secret.json.clientSecret as string }
  }
  const main = await newClient('orders')

  const pathOf = (address: string): string => {
    const { pathname, search, origin } = new URL(address, url)
    return origin === url ? `${pathname}${search}` : address
  }
  const addressOf = (members: Record<string, string>): string =>
    `${AUTHORIZE}?${new URLSearchParams({
      client_id: main.id,
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid',
      ...members,
    })}`

  /** Follows redirects of the server until the browser is sent elsewhere, or a page asks something. */
  const follow = async (browser: Browser, address: string) => {
    let at = pathOf(address)
    for (let hops = 0; hops < 12; hops += 1) {
      if (!at.startsWith('/')) return { url: new URL(at), isPage: false, text: '', status: 303 }
      const answer = await browser.call('GET', at)
      const next = answer.headers.location
      if (!next) return { url: new URL(at, url), isPage: true, text: answer.text, status: answer.status }
      at = pathOf(String(next))
      if (/^\/(login\/(?!oauth)|account)/.test(at))
        return { url: new URL(at, url), isPage: true, text: '', status: 303 }
    }
    throw new Error('too many redirects')
  }
  const authorize = (browser: Browser, members: Record<string, string> = {}) => follow(browser, addressOf(members))
  const details = async (browser: Browser, at: URL) => (await browser.call('GET', `${at.pathname}/details`)).json
  /** Decides on a page, and follows where that leads. */
  const decide = async (browser: Browser, at: URL, allow: boolean, claims: string[] = []) => {
    const { json } = await browser.call('POST', `${at.pathname}/decision`, { allow, claims })
    return follow(browser, json.redirectUrl)
  }

  /** Sends a form to the server, and reads the answer as JSON where it is JSON. */
  const post = async (path: string, members: Record<string, string>, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      body: new URLSearchParams(members),
      headers,
      redirect: 'manual',
    })
    const text = await answer.text()
    const isJson = (answer.headers.get('content-type') ?? '').includes('json')
    return {
      status: answer.status,
      // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
      json: (isJson && text ? JSON.parse(text) : {}) as any,
      headers: answer.headers,
      text,
    }
  }
  const credentials = { client_id: main.id, client_secret: main.secret }
  /** Exchanges the code that a sign-in ended with. */
  const exchange = (code: string, more: Record<string, string> = {}, headers: Record<string, string> = {}) =>
    post(TOKEN, { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, ...credentials, ...more }, headers)
  /** A whole sign-in of somebody who is signed in already. */
  const signIn = async (browser: Browser, members: Record<string, string> = {}) => {
    const end = await authorize(browser, members)
    const code = end.url.searchParams.get('code')
    if (!code) throw new Error(`no code: ${end.url.href} ${end.text.slice(0, 200)}`)
    return (await exchange(code)).json
  }
  const userinfo = async (authorization: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}/api/userinfo`, { headers: { authorization, ...headers } })
    return { status: answer.status, json: await answer.json().catch(() => ({})), headers: answer.headers }
  }
  return {
    server,
    url,
    admin,
    main,
    credentials,
    newClient,
    addressOf,
    pathOf,
    follow,
    authorize,
    details,
    decide,
    post,
    exchange,
    signIn,
    userinfo,
    introspect: async (token: string, more: Record<string, string> = {}) =>
      (await post('/api/login/oauth/introspect', { token, ...credentials, ...more })).json,
  }
}
export type RelyingParty = Awaited<ReturnType<typeof startRelyingParty>>
