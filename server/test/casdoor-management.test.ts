import { managementLevels, managementScopes } from '@veridoor/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { calls } from '../src/casdoor/index.ts'
import { ada, approved, startServer, type TestServer } from './harness.ts'

/** What a client secret may do beside signing people in, for each call and each level of the application's switch. */
let server: TestServer
let admin: Awaited<ReturnType<TestServer['admin']>>
let clientId: string
let clientSecret: string

beforeAll(async () => {
  server = await startServer('casdoor_management')
  admin = await server.attachProvider()
  for (const name of ['shop', 'portal'])
    await admin.call('POST', '/v1/applications', {
      organization: 'built-in',
      name,
      displayName: name,
      redirectUris: [],
    })
  clientId = (await admin.call('GET', '/v1/applications/shop')).json.clientId
  clientSecret = (await admin.call('POST', '/v1/applications/shop/secret')).json.clientSecret
  await admin.call('POST', '/v1/organizations', { name: 'acme', displayName: 'Acme' })
  await admin.call('POST', '/v1/users', { organization: 'acme', name: 'bob', email: 'bob@acme.example' })
})
afterAll(() => server?.stop())
beforeEach(() => server.pool.query('delete from veridoor.rate_limits'))

const setLevel = async (management: string) => {
  const { json } = await admin.call('GET', '/v1/applications/shop')
  const saved = await admin.call('PUT', '/v1/applications/shop', { ...json, management })
  expect(saved.json.management).toBe(management)
}
const callWith = async (authorization: string, method: string, path: string, body?: unknown) => {
  const answer = await server.app.inject({
    method: method as 'GET',
    url: `/api/${path}`,
    headers: { authorization },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  expect(answer.statusCode).toBe(200)
  return answer.json()
}
const secret = () => `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
const withSecret = (method: string, path: string, body?: unknown) => callWith(secret(), method, path, body)
const token = async (scope?: string) => {
  const answer = await server.app.inject({
    method: 'POST',
    url: '/api/login/oauth/access_token',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      ...(scope === undefined ? {} : { scope }),
    }),
  })
  return { status: answer.statusCode, ...answer.json() }
}

describe('the management switch', () => {
  it('is off for a new application, and no client sets it over Casdoor’s wire', async () => {
    expect((await admin.call('GET', '/v1/applications/portal')).json.management).toBe('off')
    await admin.call('POST', '/api/update-application?id=admin/portal', { management: 'people', displayName: 'P' })
    await admin.call('POST', '/api/add-application', { name: 'third', management: 'people' })
    for (const name of ['portal', 'third'])
      expect((await admin.call('GET', `/v1/applications/${name}`)).json.management).toBe('off')
    expect((await admin.call('PUT', '/v1/applications/portal', { displayName: 'P', management: 'all' })).status).toBe(
      422,
    )
    const kept = await admin.call('PUT', '/v1/applications/portal', { displayName: 'P' })
    expect(kept.json.management).toBe('off')
  })

  it.each(managementLevels)('at "%s" each call asks for its scope, before anything is looked up', async (level) => {
    await setLevel(level)
    for (const [method, definitions] of Object.entries(calls))
      for (const [name, { application }] of Object.entries(definitions)) {
        // A body and an id that lead nowhere: only the permission decides here.
        const envelope = await withSecret(method, name, method === 'POST' ? { name: '' } : undefined)
        const isAllowed =
          application === 'always' ||
          (application !== 'never' && (managementScopes[level] as readonly string[]).includes(application))
        const isRefused = envelope.data2?.code === 'FORBIDDEN'
        const isOpen = isAllowed && !['get-global-providers'].includes(name)
        expect([name, isRefused], envelope.msg).toEqual([name, !isOpen])
      }
  })

  it('never opens providers, applications and organizations to change, its own neither', async () => {
    await setLevel('people')
    const before = await admin.call('GET', '/api/get-applications?organization=built-in')
    for (const kind of ['provider', 'application', 'organization'])
      for (const verb of ['add', 'update', 'delete'])
        for (const id of ['admin/shop', 'admin/portal', 'built-in/paper', 'admin/built-in']) {
          const [owner, name] = id.split('/')
          const body = {
            owner,
            name,
            organization: 'built-in',
            redirectUris: ['https://evil.example/cb'],
            isPublic: true,
          }
          expect((await withSecret('POST', `${verb}-${kind}?id=${id}`, body)).data2.code).toBe('FORBIDDEN')
        }
    expect((await admin.call('GET', '/api/get-applications?organization=built-in')).json).toEqual(before.json)
  })

  it('shows an application itself, and no other one', async () => {
    await setLevel('people')
    const listed = await withSecret('GET', 'get-applications?owner=admin')
    expect(listed.data.map(({ name }: { name: string }) => name)).toEqual(['shop'])
    expect((await withSecret('GET', 'get-application?id=admin/shop')).data.name).toBe('shop')
    expect((await withSecret('GET', 'get-application?id=admin/portal')).data).toBeNull()
    await setLevel('off')
    expect((await withSecret('GET', 'get-application?id=admin/shop')).data.name).toBe('shop')
    expect((await withSecret('GET', 'get-cert?id=admin/cert-built-in')).data.certificate).toContain('BEGIN CERTIFICATE')
    expect((await withSecret('GET', 'get-user?id=built-in/admin')).msg).toContain('Management by client secret')
  })

  it('lets "read" ask about a check, and only "people" start one', async () => {
    const person = await server.person('rita')
    await setLevel('read')
    const path = 'verify-identification?owner=built-in&name=rita'
    expect((await withSecret('POST', path)).data2.code).toBe('FORBIDDEN')
    expect(server.script.orders).toHaveLength(0)
    await setLevel('people')
    const started = await withSecret('POST', path)
    expect(started.data2.code).toBe('PENDING')
    await setLevel('read')
    expect((await withSecret('POST', path)).data.verification).toBe(started.data.verification)
    const order = server.script.orders.at(-1)
    server.script.finding = async () => approved(order as never)
    await server.verification.settle(started.data.verification)
    expect(await withSecret('POST', path)).toMatchObject({ status: 'ok', data: ada.realName })
    expect((await person.call('GET', '/api/get-account')).json.data.isVerified).toBe(true)
  })
})

describe('a verified person', () => {
  it('gets no password and no email address from an application, and no password from an administrator', async () => {
    await setLevel('people')
    const body = { userOwner: 'built-in', userName: 'rita', newPassword: 'chosen by another' }
    expect((await withSecret('POST', 'set-password', body)).data2.code).toBe('FORBIDDEN')
    expect((await admin.call('POST', '/api/set-password', body)).json.data2.code).toBe('FORBIDDEN')
    expect((await server.browser().signIn('rita', 'a long password')).status).toBe(200)
    const mail = { email: 'evil@example.com' }
    expect((await withSecret('POST', 'update-user?id=built-in/rita', mail)).data2.code).toBe('FORBIDDEN')
    expect((await withSecret('POST', 'update-user?id=built-in/rita&columns=email', mail)).status).toBe('error')
    expect((await withSecret('POST', 'update-user?id=built-in/rita', { displayName: 'Rita' })).data).toBe('Affected')
    // With their own old one it is their choice.
    const own = { ...body, oldPassword: 'a long password' }
    expect((await withSecret('POST', 'set-password', own)).status).toBe('ok')
    expect((await server.mailsTo('rita@example.com')).length).toBeGreaterThan(0)
  })

  it('is shown with a masked number to everybody but themself', async () => {
    await setLevel('people')
    for (const path of ['get-user?id=built-in/rita', 'get-users', 'get-user?email=rita@example.com'])
      expect(JSON.stringify(await withSecret('GET', path)), path).not.toContain(ada.documentNumber)
  })
})

describe('a person who is not verified', () => {
  it('is told by email when somebody else sets their password', async () => {
    await setLevel('people')
    await server.browser().signUp('stan')
    const body = { userOwner: 'built-in', userName: 'stan', newPassword: 'chosen by another' }
    expect((await withSecret('POST', 'set-password', body)).status).toBe('ok')
    const subjects = (await server.mailsTo('stan@example.com')).map(({ subject }) => subject.toLowerCase())
    expect(subjects.some((subject) => subject.includes('password'))).toBe(true)
    expect((await server.browser().signIn('stan', 'chosen by another')).json.user.mustChangePassword).toBe(true)
  })
})

describe('tokens of an application itself', () => {
  it('carry the scopes that the switch allows, or as many of them as were asked for', async () => {
    await setLevel('people')
    const all = await token()
    expect(all.scope.split(' ').toSorted()).toEqual([...managementScopes.people].toSorted())
    const few = await token('users:read settings:read')
    expect(few.scope).toBe('users:read settings:read')
    const read = (path: string) => callWith(`Bearer ${few.access_token}`, 'GET', path)
    expect((await read('get-users')).status).toBe('ok')
    expect((await read('get-records')).data2.code).toBe('FORBIDDEN')
    const write = await callWith(`Bearer ${few.access_token}`, 'POST', 'update-user?id=built-in/stan', {
      displayName: 'x',
    })
    expect(write.data2.code).toBe('FORBIDDEN')
    expect((await callWith(`Bearer ${all.access_token}`, 'POST', 'update-user?id=built-in/stan', {})).status).toBe('ok')
  })

  it('never carry more than the switch allows, and end with it', async () => {
    await setLevel('people')
    const before = await token()
    await setLevel('read')
    expect((await token('users:write')).status).toBe(400)
    expect((await callWith(`Bearer ${before.access_token}`, 'GET', 'get-users')).status).toBe('ok')
    const write = await callWith(`Bearer ${before.access_token}`, 'POST', 'update-user?id=built-in/stan', {})
    expect(write.data2.code).toBe('FORBIDDEN')
    await setLevel('off')
    const none = await token()
    expect([none.status, none.scope]).toEqual([200, undefined])
    for (const { access_token } of [before, none])
      expect((await callWith(`Bearer ${access_token}`, 'GET', 'get-users')).data2.code).toBe('FORBIDDEN')
  })
})
