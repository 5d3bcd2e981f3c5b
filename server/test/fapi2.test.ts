import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  AUTHORIZE,
  assertion,
  type Browser,
  CALLBACK,
  challengeOf,
  type Key,
  newKey,
  newVerifier,
  PUSH,
  proof,
  type RelyingParty,
  startRelyingParty,
  TOKEN,
} from './relying-party.ts'

/** Cases of the foundation's plan "FAPI2-Security-Profile-Final" with private_key_jwt and DPoP, by the names of its modules. */
let party: RelyingParty
let id: string
let key: Key
let dpop: Key
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

beforeAll(async () => {
  party = await startRelyingParty('fapi2')
  key = await newKey('PS256')
  dpop = await newKey()
  const made = await party.newClient('bank', { securityProfile: 'fapi2', jwks: { keys: [key.jwk] } })
  id = made.id
})
// Sign-ups of the tests before count against this address.
beforeEach(() => party.server.pool.query('delete from veridoor.rate_limits'))
afterAll(() => party?.server.stop())

const authenticated = async (
  more: Record<string, unknown> = {},
  by = key,
  audience: string | string[] = party.url,
) => ({
  client_id: id,
  client_assertion_type: TYPE,
  client_assertion: await assertion(by, id, audience, more),
})
type Options = { members?: Record<string, string>; headers?: Record<string, string>; auth?: Record<string, string> }
const push = async (verifier: string, { members = {}, headers = {}, auth }: Options = {}) =>
  party.post(
    PUSH,
    {
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid',
      code_challenge: challengeOf(verifier),
      code_challenge_method: 'S256',
      ...(auth ?? (await authenticated())),
      ...members,
    },
    headers,
  )
const authorize = (browser: Browser, requestUri: string) =>
  party.follow(browser, `${AUTHORIZE}?${new URLSearchParams({ client_id: id, request_uri: requestUri })}`)
const exchange = async (code: string, verifier: string, options: Options & { dpop?: Key | null } = {}) => {
  const by = options.dpop === undefined ? dpop : options.dpop
  return party.post(
    TOKEN,
    {
      grant_type: 'authorization_code',
      code,
      redirect_uri: CALLBACK,
      code_verifier: verifier,
      ...(options.auth ?? (await authenticated())),
      ...options.members,
    },
    { ...(by ? { dpop: await proof(by, 'POST', `${party.url}${TOKEN}`) } : {}), ...options.headers },
  )
}
const codeFor = async (name: string, options: Options = {}) => {
  const verifier = newVerifier()
  const pushed = await push(verifier, options)
  expect(pushed.status).toBe(201)
  const end = await authorize(await party.server.person(name), pushed.json.request_uri)
  return { verifier, end, code: end.url.searchParams.get('code') ?? '', pushed }
}
const userinfo = async (token: string, by: Key | null = dpop, scheme = 'DPoP') =>
  party.userinfo(
    `${scheme} ${token}`,
    by ? { dpop: await proof(by, 'GET', `${party.url}/api/userinfo`, { token }) } : {},
  )

describe('FAPI 2.0 Security Profile', () => {
  it('fapi2-security-profile-final-happy-flow', async () => {
    const { verifier, end, code, pushed } = await codeFor('happy', { members: { state: 'st', nonce: 'n' } })
    expect(pushed.json.expires_in).toBeLessThan(600)
    expect(end.url.searchParams.get('iss')).toBe(party.url)
    expect(end.url.searchParams.get('state')).toBe('st')
    const { status, json } = await exchange(code, verifier)
    expect(status).toBe(200)
    expect(json.token_type).toBe('DPoP')
    expect(decodeJwt(json.access_token).cnf).toEqual({ jkt: dpop.thumbprint })
    expect(decodeProtectedHeader(json.access_token).alg).toBe('ES256')
    expect(decodeProtectedHeader(json.id_token).alg).toBe('ES256')
    expect(decodeJwt(json.id_token)).toMatchObject({ iss: party.url, aud: id, nonce: 'n' })
    const me = await userinfo(json.access_token)
    expect([me.status, me.json.sub]).toEqual([200, decodeJwt(json.id_token).sub])
  })

  it('…-access-token-type-header-case-sensitivity: the scheme is read in any case', async () => {
    const { verifier, code } = await codeFor('cased')
    const { access_token: token } = (await exchange(code, verifier)).json
    for (const scheme of ['dpop', 'DPOP', 'DPoP']) expect((await userinfo(token, dpop, scheme)).status).toBe(200)
  })

  it('…-ensure-holder-of-key-required, and the token is good with its key alone', async () => {
    const { verifier, code } = await codeFor('holder')
    expect((await exchange(code, verifier, { dpop: null })).json.error).toMatch(/invalid_/)
    const again = await codeFor('holder2')
    const { access_token: token } = (await exchange(again.code, again.verifier)).json
    expect((await userinfo(token, null, 'Bearer')).status).toBe(401)
    expect((await userinfo(token, null, 'DPoP')).status).toBe(400)
    expect((await userinfo(token, await newKey())).status).toBe(401)
    const account = await fetch(`${party.url}/api/get-account`, { headers: { authorization: `Bearer ${token}` } })
    expect((await account.json()).status).toBe('error')
    const seen = await party.post('/api/login/oauth/introspect', { token, ...(await authenticated()) })
    expect(seen.json).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: dpop.thumbprint } })
  })

  it('…-ensure-authorization-request-without-par-fails', async () => {
    const end = await party.authorize(await party.server.person('unpushed'), {
      client_id: id,
      code_challenge: challengeOf(newVerifier()),
      code_challenge_method: 'S256',
    })
    expect(end.url.searchParams.get('error')).toBe('invalid_request')
    const object = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify({ client_id: id, response_type: 'code', redirect_uri: CALLBACK, scope: 'openid' })).toString('base64url')}.`
    const unsigned = await party.authorize(await party.server.person('unsigned'), { client_id: id, request: object })
    expect(unsigned.url.searchParams.get('error')).toMatch(/invalid_request/)
    expect(unsigned.url.searchParams.get('code')).toBeNull()
  })

  it('…-par-ensure-pkce-code-verifier-required, with S256 alone', async () => {
    const wrong: Record<string, string>[] = [
      { code_challenge: '', code_challenge_method: '' },
      { code_challenge_method: 'plain' },
      { code_challenge_method: '' },
    ]
    for (const members of wrong) expect((await push(newVerifier(), { members })).json.error).toBe('invalid_request')
    const { code } = await codeFor('verifierless')
    expect((await exchange(code, newVerifier())).json.error).toBe('invalid_grant')
  })

  it('…-ensure-redirect-uri-in-authorization-request, registered and whole', async () => {
    expect((await push(newVerifier(), { members: { redirect_uri: '' } })).json.error).toBe('invalid_request')
    expect((await push(newVerifier(), { members: { redirect_uri: `${CALLBACK}/x` } })).json.error).toMatch(/invalid_/)
  })

  it('…-ensure-signed-client-assertion-with-RS256-fails', async () => {
    const weak = await newKey('RS256')
    expect((await push(newVerifier(), { auth: await authenticated({}, weak) })).json.error).toBe('invalid_client')
    await party.admin.call('PUT', '/v1/applications/bank', {
      ...(await party.admin.call('GET', '/v1/applications/bank')).json,
      jwks: { keys: [key.jwk, weak.jwk] },
    })
    expect((await push(newVerifier(), { auth: await authenticated({}, weak) })).json.error).toBe('invalid_client')
    expect((await push(newVerifier())).status).toBe(201)
  })

  it('…-ensure-client-assertion-in-token-endpoint: no secret stands in for it', async () => {
    const { code, verifier } = await codeFor('secretless')
    const wrong: Record<string, string>[] = [
      { client_id: id },
      { client_id: id, client_secret: 'x' },
      { client_id: id, client_assertion: 'a.b.c', client_assertion_type: TYPE },
    ]
    for (const auth of wrong) {
      const answer = await exchange(code, verifier, { auth })
      expect([400, 401]).toContain(answer.status)
      expect(answer.json.error).toMatch(/^invalid_(client|request)$/)
    }
    expect((await exchange(code, verifier)).status).toBe(200)
  })

  it('…-par-ensure-client-assertion audience: the issuer alone, as text', async () => {
    for (const audience of [`${party.url}${TOKEN}`, `${party.url}${PUSH}`, 'https://elsewhere.example', [party.url]])
      expect((await push(newVerifier(), { auth: await authenticated({}, key, audience) })).json.error).toBe(
        'invalid_client',
      )
  })

  it('…-client-assertion-exp-in-past fails, a clock a few seconds ahead does not', async () => {
    const now = Math.floor(Date.now() / 1000)
    const assertionWith = (claims: Record<string, number>) =>
      new SignJWT({ jti: crypto.randomUUID(), iss: id, sub: id, aud: party.url, exp: now + 60, iat: now, ...claims })
        .setProtectedHeader({ alg: 'PS256', kid: String(key.jwk.kid) })
        .sign(key.privateKey)
    const send = async (claims: Record<string, number>) =>
      (
        await push(newVerifier(), {
          auth: { client_id: id, client_assertion_type: TYPE, client_assertion: await assertionWith(claims) },
        })
      ).status
    expect(await send({ exp: now - 300 })).toBe(401)
    expect(await send({ nbf: now + 8, iat: now + 8 })).toBe(201)
  })

  it('a client assertion is good once', async () => {
    const auth = await authenticated()
    expect((await push(newVerifier(), { auth })).status).toBe(201)
    expect((await push(newVerifier(), { auth })).status).toBe(401)
  })

  it('…-attempt-reuse-authorization-code-after-one-second', async () => {
    const { code, verifier } = await codeFor('reuser')
    const first = await exchange(code, verifier)
    expect(first.status).toBe(200)
    expect((await exchange(code, verifier)).json.error).toBe('invalid_grant')
    expect((await userinfo(first.json.access_token)).status).toBe(401)
  })

  it('…-par-attempt-reuse-request_uri', async () => {
    const person = await party.server.person('pushtwice')
    const { json } = await push(newVerifier())
    expect((await authorize(person, json.request_uri)).url.searchParams.get('code')).toBeTruthy()
    const again = await authorize(person, json.request_uri)
    expect(again.url.searchParams.get('code')).toBeNull()
  })

  it('…-par-attempt-to-use-request_uri-for-different-client, and …-ensure-authorization-code-is-bound-to-client', async () => {
    const other = await newKey()
    const made = await party.newClient('bank-2', { securityProfile: 'fapi2', jwks: { keys: [other.jwk] } })
    const { json } = await push(newVerifier())
    const end = await party.follow(
      await party.server.person('stranger'),
      `${AUTHORIZE}?${new URLSearchParams({ client_id: made.id, request_uri: json.request_uri })}`,
    )
    expect(end.url.searchParams.get('code')).toBeNull()
    const { code, verifier } = await codeFor('bound')
    const auth = {
      client_id: made.id,
      client_assertion_type: TYPE,
      client_assertion: await assertion(other, made.id, party.url),
    }
    expect((await exchange(code, verifier, { auth })).json.error).toBe('invalid_grant')
  })

  it('…-par-authorization-request-containing-request_uri fails', async () => {
    const members = { request_uri: 'urn:ietf:params:oauth:request_uri:x' }
    expect((await push(newVerifier(), { members })).status).toBe(400)
    expect((await push(newVerifier(), { members: { request_uri: 'https://rp.example/r' } })).status).toBe(400)
  })

  it('…-ensure-dpop-authcode-binding: the code goes with the key that was named', async () => {
    const bound = await codeFor('jkt', { members: { dpop_jkt: dpop.thumbprint } })
    expect((await exchange(bound.code, bound.verifier, { dpop: await newKey() })).status).toBe(400)
    const atPush = await codeFor('jkt2', { headers: { dpop: await proof(dpop, 'POST', `${party.url}${PUSH}`) } })
    expect((await exchange(atPush.code, atPush.verifier)).status).toBe(200)
    const mismatch = await push(newVerifier(), {
      members: { dpop_jkt: 'x'.repeat(43) },
      headers: { dpop: await proof(dpop, 'POST', `${party.url}${PUSH}`) },
    })
    expect(mismatch.status).toBe(400)
  })

  it('…-refresh-token: kept, bound to the client, and its tokens to the key', async () => {
    const { code, verifier } = await codeFor('refresher')
    const { json } = await exchange(code, verifier)
    const refresh = async (by: Key | null) =>
      party.post(
        TOKEN,
        { grant_type: 'refresh_token', refresh_token: json.refresh_token, ...(await authenticated()) },
        by ? { dpop: await proof(by, 'POST', `${party.url}${TOKEN}`) } : {},
      )
    const next = await refresh(dpop)
    expect(next.json.token_type).toBe('DPoP')
    expect(next.json.refresh_token ?? json.refresh_token).toBe(json.refresh_token)
    expect((await refresh(dpop)).status).toBe(200)
    expect((await refresh(null)).status).toBe(400)
  })

  it('…-user-rejects-authentication', async () => {
    const verifier = newVerifier()
    const person = await party.server.person('rejecter')
    const { json } = await push(verifier, { members: { prompt: 'consent', state: 'st' } })
    const page = await authorize(person, json.request_uri)
    const end = await party.decide(person, page.url, false)
    expect(Object.fromEntries(end.url.searchParams)).toMatchObject({
      error: 'access_denied',
      state: 'st',
      iss: party.url,
    })
  })

  it('is refused without keys, for a public client, and with addresses over plain HTTP', async () => {
    const save = (name: string, change: Record<string, unknown>) =>
      party.admin.call('POST', '/v1/applications', {
        organization: 'built-in',
        name,
        displayName: name,
        redirectUris: [CALLBACK],
        securityProfile: 'fapi2',
        ...change,
      })
    const pathOf = async (change: Record<string, unknown>) => {
      const answer = await save('refused', change)
      expect(answer.status).toBe(422)
      return answer.json.data.fields[0].path
    }
    const jwks = { keys: [key.jwk] }
    expect(await pathOf({})).toBe('jwks')
    expect(await pathOf({ jwks, isPublic: true })).toBe('securityProfile')
    expect(await pathOf({ jwks, redirectUris: ['http://rp.example.com/cb'] })).toBe('redirectUris.0')
    expect(await pathOf({ jwks: { keys: [{ ...key.jwk, d: 'x' }] } })).toBe('jwks.keys.0')
    expect(await pathOf({ jwks: { keys: [{ kty: 'oct', k: 'x' }] } })).toBe('jwks.keys.0')
    expect(await pathOf({ jwks: { keys: [{ kty: 'RSA', n: 'x' }] } })).toBe('jwks.keys.0')
    expect(await pathOf({ jwks, jwksUri: 'https://rp.example.com/jwks' })).toBe('jwksUri')
    expect(await pathOf({ jwksUri: 'file:///etc/passwd' })).toBe('jwksUri')
  })
})

describe('private_key_jwt (RFC 7523) without the profile', () => {
  let keys: Server
  let asked = 0
  let published: Key
  beforeAll(async () => {
    published = await newKey('RS256')
    keys = createServer((_request, response) => {
      asked += 1
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [published.jwk] }))
    })
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => keys?.close())

  it('by keys at an address of the application, through the outbound policy', async () => {
    const address = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks`
    const made = await party.newClient('keyed', { clientAuthentication: 'private_key_jwt', jwksUri: address })
    const send = async (by: Key, audience = party.url) =>
      party.post(TOKEN, {
        grant_type: 'client_credentials',
        client_id: made.id,
        client_assertion_type: TYPE,
        client_assertion: await assertion(by, made.id, audience),
      })
    expect((await send(published)).status).toBe(200)
    expect((await send(published, `${party.url}${TOKEN}`)).status).toBe(200)
    expect((await send(await newKey('RS256'))).status).toBe(401)
    expect(asked).toBeGreaterThan(0)
    const blocked = await party.newClient('blocked', {
      clientAuthentication: 'private_key_jwt',
      jwksUri: 'http://10.0.0.1/jwks',
    })
    const answer = await party.post(TOKEN, {
      grant_type: 'client_credentials',
      client_id: blocked.id,
      client_assertion_type: TYPE,
      client_assertion: await assertion(published, blocked.id, party.url),
    })
    expect(answer.status).toBe(401)
  })

  it('checks signed request objects (RFC 9101) by the same keys; a wrong one is an error, not a request', async () => {
    const signer = await newKey('ES256')
    const made = await party.newClient('signer', { jwks: { keys: [signer.jwk] } })
    const object = (claims: Record<string, unknown>, by = signer) =>
      new SignJWT({ client_id: made.id, response_type: 'code', redirect_uri: CALLBACK, scope: 'openid', ...claims })
        .setProtectedHeader({ alg: by.alg, kid: String(by.jwk.kid) })
        .setIssuer(made.id)
        .setAudience(party.url)
        .setExpirationTime('5m')
        .sign(by.privateKey)
    const ask = async (request: string, name: string) =>
      party.authorize(await party.server.person(name), { client_id: made.id, request })
    const end = await ask(await object({ state: 'inside', nonce: 'n' }), 'signedone')
    expect([end.url.searchParams.get('state'), end.url.searchParams.get('code')?.length]).toEqual([
      'inside',
      expect.any(Number),
    ])
    const form = await ask(await object({ response_mode: 'form_post' }), 'signedform')
    expect(form.text).toContain('<form method="post"')
    for (const [name, wrong] of [
      ['forged', await object({}, { ...(await newKey('ES256')), jwk: signer.jwk })],
      ['nested', await object({ request_uri: 'https://rp.example/r' })],
      ['other', await object({ client_id: 'somebody' })],
      ['garbage', 'a.b.c'],
    ] as const) {
      const refused = await ask(wrong, name)
      expect([name, refused.url.searchParams.get('code')]).toEqual([name, null])
      expect([name, refused.url.searchParams.get('error') ?? 'page']).toEqual([
        name,
        expect.stringMatching(/invalid_request_object|page/),
      ])
    }
    const uri = await party.authorize(await party.server.person('byref'), {
      client_id: made.id,
      request_uri: 'https://rp.example/request',
    })
    expect(uri.url.searchParams.get('error')).toBe('request_uri_not_supported')
  })

  it('reads unsigned request objects, whose members win over those beside them', async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const request = `${part({ alg: 'none' })}.${part({ scope: 'openid email', response_mode: 'form_post', state: 'inside' })}.`
    const end = await party.authorize(await party.server.person('unsignedone'), { request, state: 'outside' })
    expect(end.text).toContain('<form method="post"')
    expect(end.text).toContain('value="inside"')
    const wrong = `${part({ alg: 'none' })}.${part({ client_id: 'somebody' })}.`
    const refused = await party.authorize(await party.server.person('unsignedtwo'), { request: wrong })
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('invalid_request_object')])
  })
})

describe('DPoP (RFC 9449) for every client', () => {
  it('binds the token of a client that sends a proof, in each format, and leaves others alone', async () => {
    const person = await party.server.person('mixed')
    for (const tokenFormat of ['JWT', 'Opaque'] as const) {
      const made = await party.newClient(`mixed-${tokenFormat.toLowerCase()}`, { tokenFormat })
      const own = { client_id: made.id, client_secret: made.secret }
      const code = async () =>
        (await party.authorize(person, { client_id: made.id })).url.searchParams.get('code') ?? ''
      const plain = (await party.exchange(await code(), own)).json
      expect(plain.token_type).toBe('Bearer')
      expect((await party.userinfo(`Bearer ${plain.access_token}`)).status).toBe(200)
      expect((await userinfo(plain.access_token)).status).toBe(401)
      const dpopHeader = { dpop: await proof(dpop, 'POST', `${party.url}${TOKEN}`) }
      const bound = (await party.exchange(await code(), own, dpopHeader)).json
      expect(bound.token_type).toBe('DPoP')
      expect((await userinfo(bound.access_token)).status).toBe(200)
      expect((await userinfo(bound.access_token, null, 'Bearer')).status).toBe(401)
      expect(await party.introspect(bound.access_token, own)).toMatchObject({
        token_type: 'DPoP',
        cnf: { jkt: dpop.thumbprint },
      })
    }
  })

  it('refuses a proof that was used, that is for another address or method, that is old, or of another token', async () => {
    const tokens = await party.exchange(
      (await party.authorize(await party.server.person('proofs'))).url.searchParams.get('code') ?? '',
      {},
      { dpop: await proof(dpop, 'POST', `${party.url}${TOKEN}`) },
    )
    const token = tokens.json.access_token as string
    const send = async (header: string) => (await party.userinfo(`DPoP ${token}`, { dpop: header })).status
    const address = `${party.url}/api/userinfo`
    const once = await proof(dpop, 'GET', address, { token })
    expect([await send(once), await send(once)]).toEqual([200, 401])
    expect(await send(await proof(dpop, 'POST', address, { token }))).not.toBe(200)
    expect(await send(await proof(dpop, 'GET', `${party.url}/elsewhere`, { token }))).not.toBe(200)
    expect(await send(await proof(dpop, 'GET', address, { token: `${token}x` }))).not.toBe(200)
    expect(await send(await proof(dpop, 'GET', address))).not.toBe(200)
    const old = await party.userinfo(`DPoP ${token}`, {
      dpop: await proof(dpop, 'GET', address, { token, iat: Math.floor(Date.now() / 1000) - 3600 }),
    })
    expect(old.status).not.toBe(200)
    // Whoever's clock is wrong gets a nonce, and goes on with it (RFC 9449, section 9).
    const nonce = old.headers.get('dpop-nonce') ?? ''
    expect(nonce).not.toBe('')
    expect(
      await send(await proof(dpop, 'GET', address, { token, nonce, iat: Math.floor(Date.now() / 1000) - 3600 })),
    ).toBe(200)
  })
})
