import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ada, approved, startServer, type TestServer } from './harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer('apikeys')
  const root = await server.attachProvider()
  await root.call('POST', '/v1/organizations', { name: 'acme', displayName: 'Acme' })
  await root.call('POST', '/v1/applications', { organization: 'acme', name: 'acme-app', displayName: 'Acme app' })
  await root.call('POST', '/v1/users', { organization: 'acme', name: 'bob', password: 'a long password' })
  await root.call('POST', '/v1/users', { organization: 'acme', name: 'boss', isAdmin: true, email: 'boss@example.com' })
  const own = server.browser()
  expect((await own.signIn('bob', 'a long password', 'acme-app')).status).toBe(200)
  // The password that somebody else set opens nothing but its change.
  await own.call('PUT', '/v1/account/password', { current: 'a long password', next: 'a password of his own' })
  await own.call('PUT', '/v1/account/identity', ada)
  await server.person('outsider')
})
afterAll(() => server?.stop())

const makeKey = async (scopes: string[], application = 'acme-app') => {
  const root = await server.admin()
  const made = await root.call('POST', `/v1/applications/${application}/keys`, { name: 'Backend', scopes })
  expect(made.status).toBe(201)
  const key = made.json.key as string
  /** A server's call: no cookie and no origin. */
  const call = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => {
    const answer = await server.app.inject({
      method,
      url: path,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    })
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
    return { status: answer.statusCode, json: answer.json() as any, headers: answer.headers }
  }
  return { root, key, id: made.json.apiKey.id as string, call }
}

describe('a key', () => {
  it('is shown once, kept as a digest, and stops at once when revoked', async () => {
    const { root, key, id, call } = await makeKey(['users:read'])
    expect(key).toMatch(/^vd_[\w-]{43}$/)
    const listed = await root.call('GET', '/v1/applications/acme-app/keys')
    expect(listed.text).not.toContain(key)
    expect(listed.json.items.at(-1)).toMatchObject({ id, ending: key.slice(-4), lastUsedAt: null })
    const { rows } = await server.pool.query('select * from veridoor.api_keys where id = $1', [id])
    expect(JSON.stringify(rows)).not.toContain(key.slice(3))

    expect((await call('GET', '/v1/users/acme/bob')).json.name).toBe('bob')
    const used = (await root.call('GET', '/v1/applications/acme-app/keys')).json.items.at(-1)
    expect(used.lastUsedAt).toBe(server.clock.now().toISOString())

    expect((await root.call('DELETE', `/v1/applications/acme-app/keys/${id}`)).status).toBe(200)
    expect((await call('GET', '/v1/users/acme/bob')).status).toBe(401)
    const lines = (await root.call('GET', '/v1/audit?organization=acme')).json.items
    expect(lines.map((line: { action: string }) => line.action)).toEqual(
      expect.arrayContaining(['add-api-key', 'revoke-api-key']),
    )
    expect(server.logLines.join('')).not.toContain(key)
  })

  it('goes with its application', async () => {
    const root = await server.admin()
    await root.call('POST', '/v1/applications', { organization: 'acme', name: 'brief', displayName: 'Brief' })
    const { call } = await makeKey(['users:read'], 'brief')
    expect((await call('GET', '/v1/users/acme/bob')).status).toBe(200)
    expect((await root.call('DELETE', '/v1/applications/brief')).status).toBe(200)
    expect((await call('GET', '/v1/users/acme/bob')).status).toBe(401)
  })

  it('that is wrong does not fall back to the cookie that came with it', async () => {
    const root = await server.admin()
    for (const authorization of ['Bearer vd_wrong', 'Bearer nothing']) {
      const answer = await server.app.inject({ url: '/v1/users', headers: { cookie: root.cookie, authorization } })
      expect(answer.statusCode).toBe(401)
    }
  })

  it('does what its scopes say and nothing else', async () => {
    const { call } = await makeKey(['users:read'])
    expect((await call('GET', '/v1/users')).status).toBe(200)
    const closed: ['GET' | 'POST' | 'PUT' | 'DELETE', string, unknown?][] = [
      ['GET', '/v1/verifications'],
      ['POST', '/v1/verifications', { organization: 'acme', name: 'bob' }],
      ['GET', '/v1/audit'],
      ['DELETE', '/v1/users/acme/bob'],
      ['GET', '/v1/webhooks'],
      ['GET', '/v1/applications/acme-app'],
      ['POST', '/v1/applications/acme-app/keys', { name: 'More', scopes: ['users:write'] }],
      ['POST', '/v1/applications/acme-app/secret'],
      ['GET', '/v1/providers'],
      ['GET', '/v1/account'],
      ['GET', '/v1/session'],
      ['GET', '/v1/overview'],
    ]
    for (const [method, path, body] of closed)
      expect({ path, ...(await call(method, path, body)) }, path).toMatchObject({ status: 403 })
  })

  it('is refused in problem+json: a stable code with a page, the request id, the fields', async () => {
    const { call } = await makeKey(['users:read', 'users:write'])
    const refused = await call('POST', '/v1/users', { organization: 'acme', name: 'no spaces here' })
    expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(refused.json).toMatchObject({
      type: '/docs/errors#INVALID_INPUT',
      status: 422,
      code: 'INVALID_INPUT',
      fields: [{ path: 'name' }],
      instance: refused.headers['x-request-id'],
    })
    const absent = await call('GET', '/v1/users/acme/nobody')
    expect(absent.json).toMatchObject({ code: 'NOT_FOUND', status: 404, title: expect.any(String) })
    expect(Object.keys(absent.json).sort()).toEqual(['code', 'instance', 'status', 'title', 'type'])
    expect((await call('GET', '/v1/nothing-here')).json).toMatchObject({ code: 'NOT_FOUND' })
    // Who forgot the key is told in the same form.
    const bare = await server.app.inject({ url: '/v1/users' })
    expect(bare.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(bare.json()).toMatchObject({ code: 'NOT_SIGNED_IN', status: 401, type: '/docs/errors#NOT_SIGNED_IN' })
  })

  it('with every scope still opens none of the endpoints that are for people and the console', async () => {
    const { call } = await makeKey([
      'users:read',
      'users:write',
      'verifications:read',
      'verifications:write',
      'audit:read',
    ])
    for (const path of ['/v1/session', '/v1/account', '/v1/organizations', '/v1/applications', '/v1/overview'])
      expect((await call('GET', path)).status, path).toBe(403)
  })
})

describe('settings:read', () => {
  it('reads organization, applications and providers of its own, without a secret, and changes none', async () => {
    const { root, call } = await makeKey(['settings:read'])
    await root.call('POST', '/v1/providers', {
      organization: 'acme',
      name: 'readable',
      displayName: 'Readable',
      category: 'ID Verification',
      type: 'Paper',
      config: { office: 'open', stamp: 'very secret stamp' },
    })
    const names = async (path: string) => (await call('GET', path)).json.items.map((row: { name: string }) => row.name)
    expect(await names('/v1/organizations')).toEqual(['acme'])
    expect(await names('/v1/applications')).toContain('acme-app')
    expect(await names('/v1/applications')).not.toContain('app-built-in')
    const provider = await call('GET', '/v1/providers/acme/readable')
    expect(provider.json.config).toMatchObject({ office: 'open', stamp: '***' })
    expect((await call('GET', '/v1/organizations/built-in')).status).toBe(404)
    expect((await call('GET', '/v1/applications/app-built-in')).status).toBe(404)
    for (const [method, path] of [
      ['PUT', '/v1/organizations/acme'],
      ['PUT', '/v1/applications/acme-app'],
      ['DELETE', '/v1/providers/acme/readable'],
      ['POST', '/v1/applications/acme-app/secret'],
    ] as const)
      expect((await call(method, path, method === 'PUT' ? { displayName: 'Mine' } : undefined)).status, path).toBe(403)
  })
})

describe('a key acts within the organization of its application', () => {
  const all = ['users:read', 'users:write', 'verifications:read', 'verifications:write', 'audit:read', 'webhooks:write']

  it.each(['acme-app', 'app-built-in'])('%s: what belongs to others does not exist', async (application) => {
    const { call } = await makeKey(all, application)
    const [own, other] = application === 'acme-app' ? ['acme', 'built-in'] : ['built-in', 'acme']
    const items = (await call('GET', '/v1/users')).json.items as { organization: string }[]
    expect(new Set(items.map((item) => item.organization))).toEqual(new Set([own]))
    const name = own === 'acme' ? 'outsider' : 'bob'
    for (const [method, path, body] of [
      ['GET', `/v1/users/${other}/${name}`],
      ['GET', `/v1/users?organization=${other}`],
      ['GET', `/v1/audit?organization=${other}`],
      ['DELETE', `/v1/users/${other}/${name}`],
      ['POST', '/v1/users', { organization: other, name: 'trojan' }],
      ['POST', '/v1/verifications', { organization: other, name }],
      ['POST', '/v1/webhooks', { organization: other, url: 'https://example.com/' }],
    ] as ['GET', string, unknown?][])
      expect((await call(method, path, body)).status, path).toBe(404)
  })

  it('starts, reads, lists and cancels verifications of its people; the audit names the application', async () => {
    const { call } = await makeKey(all)
    const root = await server.admin()
    const app = (await root.call('GET', '/v1/applications/acme-app')).json
    await root.call('POST', '/v1/providers', {
      organization: 'acme',
      name: 'acme-paper',
      displayName: 'Paper',
      category: 'ID Verification',
      type: 'Paper',
      config: { office: 'open', stamp: 'stamp' },
    })
    const providers = [{ organization: 'acme', name: 'acme-paper' }]
    expect((await root.call('PUT', '/v1/applications/acme-app', { ...app, providers })).status).toBe(200)
    const started = await call('POST', '/v1/verifications', { organization: 'acme', name: 'bob' })
    expect(started.status).toBe(201)
    const { id } = started.json
    expect((await call('GET', `/v1/verifications/${id}`)).json).toMatchObject({
      state: 'waiting',
      startedBy: 'app/acme-app',
    })
    expect((await call('GET', '/v1/verifications')).json.items.map((row: { id: string }) => row.id)).toEqual([id])
    expect((await call('POST', `/v1/verifications/${id}/cancel`)).json.state).toBe('cancelled')
    const lines = (await call('GET', '/v1/audit?action=verify-identification')).json.items
    expect(lines[0]).toMatchObject({ actor: 'app/acme-app', target: 'acme/bob' })
  })

  it('has nothing of its own: leaving the person out names nobody, even when a person is called as the application', async () => {
    const { call, root } = await makeKey(all)
    await root.call('POST', '/v1/users', { organization: 'acme', name: 'acme-app' })
    expect((await call('POST', '/v1/verifications', {})).status).toBe(404)
  })

  it('decides about no administrator, and not about the person who made it', async () => {
    const root = await server.admin()
    const scopes = ['verifications:read', 'verifications:write', 'verifications:review']
    const app = (await root.call('GET', '/v1/applications/acme-app')).json
    await root.call('POST', '/v1/providers', {
      organization: 'acme',
      name: 'review-paper',
      displayName: 'Paper',
      category: 'ID Verification',
      type: 'Paper',
      config: { office: 'open', stamp: 'stamp' },
    })
    await root.call('PUT', '/v1/applications/acme-app', {
      ...app,
      providers: [{ organization: 'acme', name: 'review-paper' }],
    })
    // One who is an administrator, one who was one when the key was made, and somebody else.
    await root.call('POST', '/v1/users', {
      organization: 'acme',
      name: 'maker',
      isAdmin: true,
      password: 'a first one',
    })
    await root.call('POST', '/v1/users', { organization: 'acme', name: 'anybody' })
    const maker = server.browser()
    await maker.signIn('maker', 'a first one', 'acme-app')
    await maker.call('PUT', '/v1/account/password', { current: 'a first one', next: 'a password of my own' })
    const made = await maker.call('POST', '/v1/applications/acme-app/keys', { name: 'Mine', scopes })
    expect(made.status).toBe(201)
    const byKey = (id: string) =>
      server.app.inject({
        method: 'POST',
        url: `/v1/verifications/${id}/review`,
        headers: { authorization: `Bearer ${made.json.key}`, 'content-type': 'application/json' },
        payload: JSON.stringify({ decision: 'approve', reason: 'Seen in person' }),
      })
    const inReview = async (name: string, documentNumber: string): Promise<string> => {
      const user = (await root.call('GET', `/v1/users/acme/${name}`)).json
      await root.call('PUT', `/v1/users/acme/${name}`, { ...user, identity: { ...ada, documentNumber } })
      const started = await root.call('POST', '/v1/verifications', { organization: 'acme', name })
      expect(started.status, started.text).toBe(201)
      const order = server.script.orders.at(-1)
      if (!order) throw new Error('no order')
      const { document } = approved(order)
      server.script.finding = async () =>
        approved(order, { outcome: 'review', document: { ...document, number: documentNumber } })
      await server.verification.settle(started.json.id)
      return started.json.id
    }
    const own = await inReview('maker', 'K00000001')
    expect((await byKey(own)).statusCode).toBe(403)
    expect((await byKey(await inReview('boss', 'K00000002'))).statusCode).toBe(403)
    expect((await byKey(await inReview('anybody', 'K00000003'))).statusCode).toBe(200)
    // A demotion ends the trust in what its maker made: the key is revoked.
    const user = (await root.call('GET', '/v1/users/acme/maker')).json
    await root.call('PUT', '/v1/users/acme/maker', { ...user, isAdmin: false, identity: undefined })
    expect((await byKey(own)).statusCode).toBe(401)
  })

  it('makes, changes and erases no administrators', async () => {
    const { call } = await makeKey(all)
    expect((await call('POST', '/v1/users', { organization: 'acme', name: 'second', isAdmin: true })).status).toBe(403)
    expect((await call('PUT', '/v1/users/acme/bob', { isAdmin: true })).status).toBe(403)
    expect((await call('PUT', '/v1/users/acme/boss', { email: 'thief@example.com' })).status).toBe(403)
    expect((await call('DELETE', '/v1/users/acme/boss')).status).toBe(403)
    expect((await call('POST', '/v1/users', { organization: 'acme', name: 'second' })).status).toBe(201)
    expect((await call('PUT', '/v1/users/acme/second', { displayName: 'Second' })).json.displayName).toBe('Second')
    expect((await call('DELETE', '/v1/users/acme/second')).status).toBe(200)
  })
})
