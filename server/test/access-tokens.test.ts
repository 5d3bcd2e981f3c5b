import { execFile } from 'node:child_process'
import { randomBytes, X509Certificate } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createEnvelopeCipher, openDatabase, readKeys, systemClock } from '@veridoor/foundation'
import { testDatabase } from '@veridoor/launch'
import {
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
} from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAudit } from '../src/audit/index.ts'
import { migrateServer } from '../src/index.ts'
import { createAccessTokens, createKeyRing, keyIds, loadKeys, rotateKeys } from '../src/oidc/index.ts'
import { ada, approved, startServer, type TestServer } from './harness.ts'
import { codeFor, freePort } from './sign-in.ts'

const CALLBACK = 'https://app.example.com/callback'

let server: TestServer
let url: string
let admin: Awaited<ReturnType<TestServer['admin']>>
let clientId: string
let clientSecret: string

beforeAll(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  server = await startServer('access_tokens', { url })
  await server.app.listen({ host: '127.0.0.1', port })
  admin = await server.attachProvider()
  const { json } = await admin.call('GET', '/v1/applications/app-built-in')
  await admin.call('PUT', '/v1/applications/app-built-in', { ...json, redirectUris: [CALLBACK] })
  clientId = json.clientId
  clientSecret = (await admin.call('POST', '/v1/applications/app-built-in/secret')).json.clientSecret
})
afterAll(() => server?.stop())

type Browser = Awaited<ReturnType<TestServer['person']>>
type Tokens = { access_token: string; refresh_token: string; id_token: string; expires_in: number }

const post = async (path: string, members: Record<string, string>) => {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...members }),
  })
  const text = await answer.text()
  return { status: answer.status, json: text ? JSON.parse(text) : undefined }
}
const signIn = async (browser: Browser, scope: string, more: Record<string, string> = {}): Promise<Tokens> => {
  const members = { client_id: clientId, response_type: 'code', redirect_uri: CALLBACK, scope, ...more }
  const query = new URLSearchParams(members)
  const code = await codeFor(browser, url, `${url}/login/oauth/authorize?${query}`)
  const { json } = await post('/api/login/oauth/access_token', { grant_type: 'authorization_code', code })
  return json
}
const introspect = async (token: string) => (await post('/api/login/oauth/introspect', { token })).json
const userinfo = async (token: string) => {
  const answer = await fetch(`${url}/api/userinfo`, { headers: { authorization: `Bearer ${token}` } })
  return { status: answer.status, json: await answer.json() }
}
const account = async (token: string) => {
  const answer = await fetch(`${url}/api/get-account`, { headers: { authorization: `Bearer ${token}` } })
  return answer.json()
}
const setFormat = async (change: Record<string, unknown>) => {
  const { json } = await admin.call('GET', '/api/get-application?id=admin/app-built-in')
  const answer = await admin.call('POST', '/api/update-application?id=admin/app-built-in', { ...json.data, ...change })
  expect(answer.json.data).toBe('Affected')
}
const verifyPerson = async (browser: Browser): Promise<void> => {
  const started = await browser.call('POST', '/v1/verifications', {})
  const order = server.script.orders.at(-1)
  if (!order) throw new Error('no order')
  server.script.finding = async () => approved(order)
  await server.verification.settle(started.json.id)
}

describe('an access token', () => {
  it('is checked offline: by the published keys, and by the certificate', async () => {
    const { access_token: token } = await signIn(await server.person('offline'), 'openid profile')
    const byKeys = await jwtVerify(token, createRemoteJWKSet(new URL(`${url}/.well-known/jwks`)), {
      issuer: url,
      audience: clientId,
      typ: 'at+jwt',
    })
    const pem = (await admin.call('GET', '/api/get-cert?id=admin/cert-built-in')).json.data.certificate
    const { payload } = await jwtVerify(token, new X509Certificate(pem).publicKey)
    expect(payload).toEqual(byKeys.payload)
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String) })
    expect(payload).toMatchObject({
      iss: url,
      aud: [clientId],
      azp: clientId,
      sub: payload.id,
      owner: 'built-in',
      name: 'offline',
      displayName: 'offline',
      isVerified: false,
      scope: 'openid profile',
      tokenType: 'access-token',
    })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600)
  })

  it('tells what the scopes allow and no more; a document number never', async () => {
    const person = await server.person('scoped')
    const names = async (scope: string) => Object.keys(decodeJwt((await signIn(person, scope)).access_token))
    const always = 'id iss sub aud azp client_id exp nbf iat jti scope tokenType'.split(' ')
    expect((await names('openid')).toSorted()).toEqual(always.toSorted())
    expect((await names('read')).toSorted()).toEqual([...always, 'owner', 'name'].toSorted())
    expect((await names('openid email')).toSorted()).toEqual([...always, 'email'].toSorted())
    const profile = ['owner', 'name', 'displayName', 'isVerified']
    expect((await names('profile')).toSorted()).toEqual([...always, ...profile].toSorted())

    await verifyPerson(person)
    // A scope alone tells no real name: the person has to agree to it on a page.
    const unasked = decodeJwt((await signIn(person, 'openid profile')).access_token)
    expect(unasked).toMatchObject({ isVerified: true })
    expect(unasked).not.toHaveProperty('realName')
    const claims = decodeJwt((await signIn(person, 'openid profile', { prompt: 'consent' })).access_token)
    expect(claims).toMatchObject({ isVerified: true, realName: ada.realName })
    const text = JSON.stringify([claims, decodeJwt((await signIn(person, 'openid email')).access_token)])
    for (const secret of [ada.documentNumber, ada.documentNumber.slice(-4), 'password', 'argon2'])
      expect(text).not.toContain(secret)
    expect(text.split(ada.realName)).toHaveLength(2)
  })

  it('carries the tag that an administrator gave, and none that the person gave themself', async () => {
    const person = await server.person('tagged')
    const path = '/api/update-user?id=built-in/tagged'
    const tag = async () => decodeJwt((await signIn(person, 'openid profile')).access_token).tag
    expect((await person.call('POST', path, { tag: 'staff' })).json.data).toBe('Affected')
    expect(await tag()).toBeUndefined()
    await admin.call('POST', path, { tag: 'guest' })
    await person.call('POST', path, { tag: 'staff' })
    expect(await tag()).toBe('guest')
  })

  it('opens userinfo and our own calls, and is over at once when it is revoked', async () => {
    const tokens = await signIn(await server.person('revoked'), 'openid profile')
    expect((await userinfo(tokens.access_token)).json).toMatchObject({ preferred_username: 'revoked' })
    expect((await account(tokens.access_token)).data.name).toBe('revoked')
    const byForm = await post('/api/userinfo', { access_token: tokens.access_token })
    expect(byForm.json.sub).toBe(decodeJwt(tokens.access_token).sub)
    expect(await introspect(tokens.access_token)).toMatchObject({
      active: true,
      client_id: clientId,
      sub: decodeJwt(tokens.access_token).sub,
      scope: 'openid profile',
    })
    expect((await post('/api/login/oauth/revoke', { token: tokens.access_token })).status).toBe(200)
    expect(await introspect(tokens.access_token)).toEqual({ active: false })
    expect((await userinfo(tokens.access_token)).status).toBe(401)
    expect((await account(tokens.access_token)).status).toBe('error')
  })

  it('is over when its time is, or its code was used twice, or the person was suspended', async () => {
    const person = await server.person('overdue')
    const { access_token: token } = await signIn(person, 'openid')
    server.clock.advance(3_601_000)
    expect(await introspect(token)).toEqual({ active: false })
    server.clock.advance(-3_601_000)
    expect(await introspect(token)).toMatchObject({ active: true })
    const { json } = await admin.call('GET', '/v1/users/built-in/overdue')
    await admin.call('PUT', '/v1/users/built-in/overdue', { ...json, isForbidden: true })
    expect((await userinfo(token)).status).toBe(401)
    expect((await account(token)).status).toBe('error')
  })

  it('is renewed by the refresh token as another one, with claims of now', async () => {
    const person = await server.person('renewed')
    const tokens = await signIn(person, 'openid profile')
    await admin.call('POST', '/api/update-user?id=built-in/renewed&columns=displayName', { displayName: 'Newer' })
    const next = await post('/api/login/oauth/refresh_token', {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    })
    expect(decodeJwt(next.json.access_token)).toMatchObject({ displayName: 'Newer' })
    expect(decodeJwt(next.json.access_token).jti).not.toBe(decodeJwt(tokens.access_token).jti)
  })

  it('of an application for itself names nobody', async () => {
    const { json } = await post('/api/login/oauth/access_token', { grant_type: 'client_credentials' })
    expect(decodeJwt(json.access_token)).toMatchObject({ sub: clientId, azp: clientId })
    expect(decodeJwt(json.access_token).name).toBeUndefined()
    expect(await introspect(json.access_token)).toMatchObject({ active: true })
    const users = await fetch(`${url}/api/get-users?owner=built-in`, {
      headers: { authorization: `Bearer ${json.access_token}` },
    })
    // What it may do is up to its management switch, which is off for a new application.
    expect((await users.json()).data2.code).toBe('FORBIDDEN')
  })
})

describe('what is refused', () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

  it('no signature, the public key as a secret, another key, another type, a changed claim, a time that is over', async () => {
    const person = await server.person('forged')
    const { access_token: token, id_token: idToken } = await signIn(person, 'openid profile')
    expect((await userinfo(token)).status).toBe(200)
    const claims = decodeJwt(token)
    const { kid } = decodeProtectedHeader(token)
    const header = { alg: 'RS256', kid: kid ?? '', typ: 'at+jwt' }
    const jwk = (await loadKeys(server)).find((key) => key.kid === kid)
    if (!jwk) throw new Error('no key')
    const key = await importJWK(jwk, 'RS256')
    const pem = (await admin.call('GET', '/api/get-cert?id=admin/cert-built-in')).json.data.certificate as string
    const stranger = await generateKeyPair('RS256')
    const hs256 = (secret: string) =>
      new SignJWT(claims).setProtectedHeader({ ...header, alg: 'HS256' }).sign(Buffer.from(secret))
    const [head, body, signature] = token.split('.')
    const forged = {
      none: `${part({ alg: 'none', typ: 'at+jwt' })}.${body}.`,
      'none with the old signature': `${part({ ...header, alg: 'none' })}.${body}.${signature}`,
      'HS256 by the certificate': await hs256(pem),
      'HS256 by the public key': await hs256(
        new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      ),
      'another key under our id': await new SignJWT(claims).setProtectedHeader(header).sign(stranger.privateKey),
      'an unknown key': await new SignJWT(claims)
        .setProtectedHeader({ ...header, kid: 'nobody' })
        .sign(stranger.privateKey),
      'its own key in the header': await new SignJWT(claims)
        .setProtectedHeader({ ...header, jwk: await jwkOf(stranger.publicKey) })
        .sign(stranger.privateKey),
      'a wider scope': `${head}.${part({ ...claims, scope: 'openid profile email' })}.${signature}`,
      'over, by our own key': await new SignJWT({ ...claims, exp: (claims.iat ?? 0) - 10 })
        .setProtectedHeader(header)
        .sign(key),
      'of no end': await new SignJWT({ ...claims, exp: undefined }).setProtectedHeader(header).sign(key),
      'of another issuer': await new SignJWT({ ...claims, iss: 'https://evil.example' })
        .setProtectedHeader(header)
        .sign(key),
      'of another type': await new SignJWT(claims).setProtectedHeader({ ...header, typ: 'JWT' }).sign(key),
      'its jti alone': String(claims.jti),
      'the id token': idToken,
    }
    for (const [name, fake] of Object.entries(forged)) {
      expect((await userinfo(fake)).status, name).toBe(401)
      expect(await introspect(fake), name).toEqual({ active: false })
      expect((await account(fake)).status, name).toBe('error')
      // Asked to revoke it, the server ends nothing.
      expect((await post('/api/login/oauth/revoke', { token: fake })).status, name).toBe(200)
    }
    expect((await userinfo(token)).status).toBe(200)
  })

  it('a token of another application’s is not introspected by this one', async () => {
    const made = { organization: 'built-in', name: 'others', displayName: 'o', redirectUris: [CALLBACK], providers: [] }
    await admin.call('POST', '/v1/applications', made)
    const { json } = await admin.call('GET', '/v1/applications/others')
    const secret = (await admin.call('POST', '/v1/applications/others/secret')).json.clientSecret
    const { access_token: token } = await signIn(await server.person('watched'), 'openid')
    const asked = await post('/api/login/oauth/introspect', { token, client_id: json.clientId, client_secret: secret })
    expect(asked.json).toEqual({ active: false })
  })
})

const jwkOf = async (key: CryptoKey) => {
  const { kty, n, e } = await crypto.subtle.exportKey('jwk', key)
  return { kty: kty ?? '', n: n ?? '', e: e ?? '' }
}

describe('the format of an application', () => {
  it('is chosen by tokenFormat: less of the person, other names, single fields, or nothing to read', async () => {
    const person = await server.person('formats')
    const claims = async () => decodeJwt((await signIn(person, 'openid profile email')).access_token)
    await setFormat({ tokenFormat: 'JWT-Empty' })
    expect(await claims()).toMatchObject({ owner: 'built-in', name: 'formats', email: 'formats@example.com' })
    expect(await claims()).not.toHaveProperty('isVerified')
    await setFormat({ tokenFormat: 'JWT-Standard' })
    expect(await claims()).toMatchObject({ preferred_username: 'formats', name: 'formats', is_verified: false })
    await setFormat({ tokenFormat: 'JWT-Custom', tokenFields: ['Email', 'IsVerified', 'IdCard', 'Password'] })
    const custom = await claims()
    expect(custom).toMatchObject({ email: 'formats@example.com', isVerified: false })
    for (const name of ['owner', 'name', 'documentNumber', 'password']) expect(custom).not.toHaveProperty(name)
    await setFormat({ tokenFormat: 'Opaque' })
    const { access_token: opaque } = await signIn(person, 'openid profile')
    expect(opaque).toMatch(/^[\w-]{43}$/)
    expect((await userinfo(opaque)).json.preferred_username).toBe('formats')
    await setFormat({ tokenFormat: 'JWT' })
    expect(await claims()).toMatchObject({ owner: 'built-in', isVerified: false })
  })

  it('is set in the console too, where what it does not know stays as it is', async () => {
    const person = await server.person('chosen')
    await setFormat({ tokenFormat: 'JWT', tokenFields: ['Email'] })
    const { json: before } = await admin.call('GET', '/v1/applications/app-built-in')
    expect(before.tokenFormat).toBe('JWT')
    const chosen = await admin.call('PUT', '/v1/applications/app-built-in', { ...before, tokenFormat: 'Opaque' })
    expect(chosen.json.tokenFormat).toBe('Opaque')
    expect((await signIn(person, 'openid')).access_token).toMatch(/^[\w-]{43}$/)
    const { tokenFormat: _tokenFormat, etag: _etag, ...without } = chosen.json
    expect((await admin.call('PUT', '/v1/applications/app-built-in', without)).json.tokenFormat).toBe('Opaque')
    const { json: casdoors } = await admin.call('GET', '/api/get-application?id=admin/app-built-in')
    expect(casdoors.data).toMatchObject({ tokenFormat: 'Opaque', tokenFields: ['Email'] })
    const unknown = await admin.call('PUT', '/v1/applications/app-built-in', { ...before, tokenFormat: 'none' })
    expect(unknown.status).toBe(422)
    await setFormat({ tokenFormat: 'JWT' })
  })
})

describe('new keys', () => {
  it('let tokens of before live, and tokens of a node that signs with them already are taken by one that does not yet', async () => {
    const { access_token: token } = await signIn(await server.person('rotated'), 'openid profile')
    await rotateKeys(server)
    const ring = await createKeyRing({ load: () => loadKeys(server), keyIds: () => keyIds(server) })
    const newer = createAccessTokens({ cipher: server.cipher, issuer: url, ring })
    expect((await userinfo(token)).status).toBe(200)
    const value = await newer.open(token)
    const now = Math.floor(Date.now() / 1000)
    const registered = { sub: 'x', clientId, scope: 'openid', iat: now, exp: now + 60 }
    const next = await newer.sign(value, registered, {})
    expect(decodeProtectedHeader(next).kid).not.toBe(decodeProtectedHeader(token).kid)
    // Keys are looked up anew every few seconds at most.
    await expect.poll(async () => (await userinfo(next)).status, { timeout: 10_000, interval: 500 }).toBe(200)
    // Within seconds the running node signs with them itself: access tokens, id tokens, the certificate that it names.
    const keyOf = (jwt: string) => decodeProtectedHeader(jwt).kid
    const person = await server.person('after')
    await expect
      .poll(async () => keyOf((await signIn(person, 'openid')).access_token), { timeout: 10_000, interval: 500 })
      .toBe(keyOf(next))
    const { id_token: hint } = await signIn(person, 'openid')
    expect(keyOf(hint)).toBe(keyOf(next))
    // A certificate of a key that was in use stays to be had, by its key id.
    const certificates = (await admin.call('GET', '/api/get-certs?owner=admin')).json.data
    expect(certificates[0]).toMatchObject({ name: 'cert-built-in', cryptoAlgorithm: 'RS256' })
  })

  it('are made by the operator’s command, recorded, and the former stay published', async () => {
    const database = await testDatabase('rotation')
    await migrateServer(database.url, database.ownerUrl)
    const key = randomBytes(32).toString('base64')
    const { db, close } = openDatabase(database.url)
    const parts = { db, cipher: createEnvelopeCipher(readKeys('VERIDOOR_KEY', key)), clock: systemClock }
    const before = await loadKeys(parts)
    const { stdout } = await promisify(execFile)(process.execPath, ['src/cli.ts', 'keys', 'rotate'], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { ...process.env, DATABASE_URL: database.url, VERIDOOR_KEY: key },
    })
    expect(stdout).toContain('within seconds')
    const after = await loadKeys(parts)
    expect(after).toHaveLength(4)
    expect(before.map(({ kid }) => kid)).not.toContain(after[0]?.kid)
    expect(after.map(({ kid }) => kid)).toEqual(expect.arrayContaining(before.map(({ kid }) => kid)))
    const [line] = (await createAudit({ db, clock: systemClock, key: new Uint8Array(32) }).list({ limit: 1 })).lines
    expect(line).toMatchObject({ actor: 'operator', action: 'rotate-keys' })
    await close()
    await database.drop()
  })
})

describe('an access token where an id token belongs', () => {
  it('is none: as a hint of who signs out it is refused, and nobody is signed out', async () => {
    const person = await server.person('hinted')
    const { access_token: token } = await signIn(person, 'openid')
    const hint = new URLSearchParams({ id_token_hint: token, post_logout_redirect_uri: CALLBACK })
    expect((await person.call('GET', `/api/logout?${hint}`)).status).toBe(400)
    expect((await person.call('GET', '/v1/session')).status).toBe(200)
  })
})
