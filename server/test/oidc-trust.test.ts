import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN_PASSWORD, ada, approved } from './harness.ts'
import {
  type Browser,
  CALLBACK,
  challengeOf,
  newVerifier,
  PUSH,
  type RelyingParty,
  startRelyingParty,
  TOKEN,
} from './relying-party.ts'

let party: RelyingParty
let receiver: Server
let receiverAddress = ''
const received: string[] = []
beforeAll(async () => {
  party = await startRelyingParty('oidc_trust')
  receiver = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      received.push(new URLSearchParams(body).get('logout_token') ?? '')
      response.statusCode = request.url === '/failing' ? 500 : 200
      response.end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  receiverAddress = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
})
beforeEach(() => party.server.pool.query('delete from veridoor.rate_limits'))
afterAll(async () => {
  receiver?.close()
  await party?.server.stop()
})

const codeOf = (end: { url: URL }): string => end.url.searchParams.get('code') ?? ''
const tokensOf = async (browser: Browser, client: { id: string; secret: string }, members = {}) =>
  (
    await party.exchange(codeOf(await party.authorize(browser, { client_id: client.id, ...members })), {
      client_id: client.id,
      client_secret: client.secret,
    })
  ).json
const metric = async (): Promise<number> => {
  const { body } = await party.server.app.inject({ url: '/metrics' })
  return Number(/veridoor_backchannel_logout_failed_total (\d+)/.exec(body)?.[1] ?? 0)
}
const confirmLogout = async (browser: Browser, hint: string) => {
  const page = await browser.call('GET', `/api/logout?${new URLSearchParams({ id_token_hint: hint })}`)
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  return party.server.app.inject({
    method: 'POST',
    url: '/api/logout/confirm',
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: browser.cookies },
    payload: `xsrf=${xsrf}&logout=yes`,
  })
}

describe('back-channel logout (OpenID Connect Back-Channel Logout 1.0)', () => {
  it('reaches a host that the operator allows, with the session that the ID token named', async () => {
    const client = await party.newClient('told', { backchannelLogoutUri: `${receiverAddress}/bye` })
    const person = await party.server.person('told-person')
    const tokens = await tokensOf(person, client)
    const { sid, sub } = decodeJwt(tokens.id_token)
    expect(sid).toMatch(/^[\w-]{10,}$/)
    received.length = 0
    expect((await confirmLogout(person, tokens.id_token)).statusCode).toBe(303)
    expect(received).toHaveLength(1)
    const claims = decodeJwt(received[0] ?? '')
    expect(decodeProtectedHeader(received[0] ?? '').typ).toBe('logout+jwt')
    expect(claims).toMatchObject({
      iss: party.url,
      aud: client.id,
      sub,
      sid,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    })
    expect(claims.nonce).toBeUndefined()
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBeLessThanOrEqual(120)
  })

  it('that fails, or that the outbound policy refuses, is logged and counted', async () => {
    for (const [name, address] of [
      ['failing', `${receiverAddress}/failing`],
      ['private', 'https://10.1.2.3/bye'],
    ] as const) {
      const client = await party.newClient(`told-${name}`, { backchannelLogoutUri: address })
      const person = await party.server.person(`${name}-person`)
      const tokens = await tokensOf(person, client)
      const before = await metric()
      await confirmLogout(person, tokens.id_token)
      expect(await metric()).toBe(before + 1)
      expect(party.server.logLines.join('')).toContain('backchannel_logout.failed')
    }
  })
})

describe('the end of trust', () => {
  const signedIn = async (name: string, client: { id: string; secret: string }) => {
    const person = await party.server.person(name)
    return { person, tokens: await tokensOf(person, client, { scope: 'openid profile' }) }
  }
  const isOver = async (
    tokens: { access_token: string; refresh_token: string },
    client: { id: string; secret: string },
  ) => {
    const own = { client_id: client.id, client_secret: client.secret }
    const refresh = await party.post(TOKEN, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
      ...own,
    })
    return [
      refresh.status === 400,
      (await party.userinfo(`Bearer ${tokens.access_token}`)).status === 401,
      (await party.introspect(tokens.access_token, own)).active === false,
    ]
  }
  const over = [true, true, true]

  it('ends refresh tokens and access tokens, whichever way it comes, and tells the applications', async () => {
    const client = await party.newClient('trusting', { backchannelLogoutUri: `${receiverAddress}/trust` })
    const ways: Record<string, (person: Browser, name: string) => Promise<unknown>> = {
      'signing out everywhere': (person) => person.call('DELETE', '/v1/account/sessions'),
      'another password': (person) =>
        person.call('PUT', '/v1/account/password', { current: 'a long password', next: 'another long password' }),
      'a password set by an administrator': (_person, name) =>
        party.admin.call('POST', '/api/set-password', {
          userOwner: 'built-in',
          userName: name,
          newPassword: 'set by somebody else',
        }),
      suspension: async (_person, name) => {
        const { json } = await party.admin.call('GET', `/v1/users/built-in/${name}`)
        return party.admin.call('PUT', `/v1/users/built-in/${name}`, { ...json, isForbidden: true })
      },
      erasure: (_person, name) => party.admin.call('DELETE', `/v1/users/built-in/${name}`),
    }
    for (const [index, [way, end]] of Object.entries(ways).entries()) {
      const { person, tokens } = await signedIn(`trust${index}`, client)
      expect([way, await isOver(tokens, { ...client, secret: client.secret })]).not.toEqual([way, over])
      const fresh = await tokensOf(person, client, { scope: 'openid profile' })
      received.length = 0
      const answer = (await end(person, `trust${index}`)) as { status: number; text: string }
      expect([way, answer.status, answer.text.slice(0, 200)]).toEqual([
        way,
        expect.toSatisfy((code: number) => code < 300),
        expect.any(String),
      ])
      expect([way, await isOver(fresh, client)]).toEqual([way, over])
      await expect.poll(() => received.length, { timeout: 5000 }).toBeGreaterThan(0)
    }
    const { rows } = await party.server.pool.query(
      `select count(*)::int as n from veridoor.oidc_artifacts where account_id in (select id::text from veridoor.users where name = 'trust1')`,
    )
    expect(rows[0].n).toBe(0)
  })

  it('in a client secret ends the tokens that the application has for itself', async () => {
    const client = await party.newClient('rotating', { management: 'read' })
    const own = (secret: string) => ({ client_id: client.id, client_secret: secret })
    const ask = async (secret: string, scope = '') =>
      (await party.post(TOKEN, { grant_type: 'client_credentials', ...own(secret), ...(scope ? { scope } : {}) })).json
    const { access_token: token } = await ask(client.secret)
    expect(await party.introspect(token, own(client.secret))).toMatchObject({ active: true })
    const { json } = await party.admin.call('POST', '/v1/applications/rotating/secret')
    expect(await party.introspect(token, own(json.clientSecret))).toEqual({ active: false })
    const users = await fetch(`${party.url}/api/get-users?owner=built-in`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect((await users.json()).status).toBe('error')
    // Such tokens carry the scopes of API keys, where the application asks for them.
    const scoped = await ask(json.clientSecret, 'users:read')
    expect(scoped).toMatchObject({ scope: 'users:read' })
    expect(decodeJwt(scoped.access_token).scope).toBe('users:read')
  })
})

describe('what strangers can store', () => {
  const size = async (): Promise<number> => {
    const { rows } = await party.server.pool.query(
      `select coalesce(sum(pg_column_size(a.*)), 0)::int as bytes from veridoor.oidc_artifacts a`,
    )
    return rows[0].bytes
  }
  const pushMany = async (many: number, state: string) => {
    const seen = new Map<number, number>()
    for (let i = 0; i < many; i += 1) {
      const answer = await party.server.app.inject({
        method: 'POST',
        url: PUSH,
        remoteAddress: `2001:db8:7:7::${(i % 60_000).toString(16)}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({
          ...party.credentials,
          response_type: 'code',
          redirect_uri: CALLBACK,
          scope: 'openid',
          state,
          code_challenge: challengeOf(newVerifier()),
          code_challenge_method: 'S256',
        }).toString(),
      })
      seen.set(answer.statusCode, (seen.get(answer.statusCode) ?? 0) + 1)
      if (answer.statusCode === 429) expect(answer.headers['retry-after']).toBe('60')
    }
    return seen
  }

  it('1,000 pushed requests from one network leave less than 1 MB, and the rest is told to wait', async () => {
    const before = await size()
    const seen = await pushMany(1000, 'x'.repeat(1500))
    expect(seen.get(429)).toBeGreaterThan(600)
    expect((await size()) - before).toBeLessThan(1_000_000)
    // After their minute they are swept.
    party.server.clock.advance(61_000)
    await party.server.sweepArtifacts()
    expect(await size()).toBeLessThanOrEqual(before)
    party.server.clock.advance(-61_000)
  })

  it('a request that is larger than any that makes sense is refused', async () => {
    const answer = await party.post(PUSH, {
      ...party.credentials,
      response_type: 'code',
      redirect_uri: CALLBACK,
      state: 'x'.repeat(20_000),
    })
    expect([answer.status, answer.json.error]).toEqual([400, 'invalid_request'])
  })

  it('sign-ins that are begun and left are limited by address, and signed-in people are not', async () => {
    let limited = 0
    for (let i = 0; i < 650; i += 1) {
      const answer = await party.server.app.inject({ url: party.addressOf({}), remoteAddress: '192.0.2.77' })
      if (String(answer.headers.location).includes('error=temporarily_unavailable')) limited += 1
    }
    expect(limited).toBeGreaterThanOrEqual(50)
    const person = await party.server.person('busy-person')
    for (let i = 0; i < 3; i += 1) expect(codeOf(await party.authorize(person))).not.toBe('')
  })
})

describe('what a person agrees to', () => {
  const verified = async (name: string, number: string) => {
    const person = await party.server.person(name)
    await person.call('PUT', '/v1/account/identity', { ...ada, documentNumber: number })
    const started = await person.call('POST', '/v1/verifications', {})
    const order = party.server.script.orders.at(-1)
    if (!order) throw new Error('no order')
    const document = {
      type: 'PASSPORT' as const,
      country: 'AUT',
      number,
      firstName: 'ADA',
      lastName: 'LOVELACE',
      expiry: '2031-04-15',
    }
    party.server.script.finding = async () => approved(order, { document })
    await party.server.verification.settle(started.json.id)
    return person
  }

  it('profile tells the real name of a verified person only where a page has asked for it', async () => {
    const person = await verified('quiet-name', 'Q12345678')
    const scope = 'openid profile'
    const silent = await party.signIn(person, { scope })
    const me = (await party.userinfo(`Bearer ${silent.access_token}`)).json
    expect(me).toMatchObject({ is_verified: true, preferred_username: 'quiet-name' })
    expect(me.real_name).toBeUndefined()
    expect(decodeJwt(silent.access_token)).not.toHaveProperty('realName')
    const page = await party.authorize(person, { scope, prompt: 'consent' })
    expect(await party.details(person, page.url)).toMatchObject({ step: 'consent', accountClaims: ['real_name'] })
    const asked = (await party.exchange(codeOf(await party.decide(person, page.url, true)))).json
    expect((await party.userinfo(`Bearer ${asked.access_token}`)).json.real_name).toBe(ada.realName)
  })

  it('an essential verified claim that cannot be met is an error, not a sign-in without it', async () => {
    const person = await verified('old-check', 'O12345678')
    const ask = async (verification: object, claims: object = { given_name: { essential: true } }) =>
      party.authorize(person, {
        claims: JSON.stringify({
          userinfo: { verified_claims: { verification: { trust_framework: null, ...verification }, claims } },
        }),
      })
    const errorOf = async (...request: Parameters<typeof ask>) => (await ask(...request)).url.searchParams.get('error')
    party.server.clock.advance(3 * 86_400_000)
    expect(await errorOf({ time: { max_age: 86_400 } })).toBe('unmet_authentication_requirements')
    expect(await errorOf({ trust_framework: { value: 'de_aml' } })).toBe('unmet_authentication_requirements')
    expect(await errorOf({}, { family_name: { essential: true, value: 'BYRON' } })).toBe(
      'unmet_authentication_requirements',
    )
    expect((await ask({ time: { max_age: 86_400 * 10 } })).isPage).toBe(true)
    expect((await ask({ time: { max_age: 86_400 } }, { given_name: null })).isPage).toBe(true)
    party.server.clock.advance(-3 * 86_400_000)
  })

  it('an administrator of the installation is asked before entering an application of a tenant, once', async () => {
    await party.admin.call('POST', '/v1/organizations', { name: 'tenant', displayName: 'Tenant' })
    const client = await party.newClient('tenant-app', { organization: 'tenant' })
    const own = party.server.browser()
    await own.signIn('admin', ADMIN_PASSWORD)
    const none = await party.authorize(own, { client_id: client.id, prompt: 'none' })
    expect(none.url.searchParams.get('error')).toBe('consent_required')
    const page = await party.authorize(own, { client_id: client.id })
    expect(await party.details(own, page.url)).toMatchObject({ step: 'consent', isForeignAdministrator: true })
    expect((await party.decide(own, page.url, false)).url.searchParams.get('error')).toBe('access_denied')
    const again = await party.authorize(own, { client_id: client.id })
    expect(codeOf(await party.decide(own, again.url, true))).not.toBe('')
    expect(codeOf(await party.authorize(own, { client_id: client.id }))).not.toBe('')
    // Where a second factor is demanded of administrators, a session without one opens no application of a tenant.
    await party.server.pool.query(
      `update veridoor.organizations set require_staff_second_factor = true where name = 'built-in'`,
    )
    const stopped = await party.authorize(own, { client_id: client.id })
    expect((await party.details(own, stopped.url)).step).toBe('other_organization')
    await party.server.pool.query(
      `update veridoor.organizations set require_staff_second_factor = false where name = 'built-in'`,
    )
    // Their own organization's applications ask nothing.
    expect(codeOf(await party.authorize(own))).not.toBe('')
  })
})

describe('what a sign-in costs', () => {
  it('a code flow of a signed-in person, and userinfo, take few statements', async () => {
    const person = await party.server.person('counted')
    await party.signIn(person)
    const statements: string[] = []
    const { pool } = party.server
    const query = pool.query.bind(pool)
    pool.query = ((...input: Parameters<typeof query>) => {
      const [first] = input as unknown as [string | { text: string }]
      statements.push(typeof first === 'string' ? first : first.text)
      return query(...input)
    }) as typeof pool.query
    try {
      const count = async (work: () => Promise<unknown>): Promise<number> => {
        const before = statements.length
        await work()
        return statements.length - before
      }
      let code = ''
      let token = ''
      const authorize = await count(async () => {
        code = codeOf(await party.authorize(person))
      })
      const exchange = await count(async () => {
        token = (await party.exchange(code)).json.access_token
      })
      const userinfo = await count(() => party.userinfo(`Bearer ${token}`))
      const jwks = await count(() => party.server.app.inject({ url: '/.well-known/jwks' }))
      expect(code).not.toBe('')
      expect(authorize).toBeLessThanOrEqual(5)
      expect(exchange).toBeLessThanOrEqual(6)
      expect(userinfo).toBeLessThanOrEqual(3)
      expect(jwks).toBeLessThanOrEqual(1)
      expect(statements.join('')).not.toContain('pg_advisory')
    } finally {
      pool.query = query
    }
  })
})
