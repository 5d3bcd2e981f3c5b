import { TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN_PASSWORD, startServer, type TestServer } from './harness.ts'

let server: TestServer
let admin: Awaited<ReturnType<TestServer['admin']>>
let acme: Awaited<ReturnType<TestServer['admin']>>

type Client = (method: 'GET' | 'POST', path: string, body?: unknown) => ReturnType<typeof admin.call>
/** An application of its own organization, by its own credentials. */
let application: Client
/** An administrator of that organization. */
const chief: Client = (method, path, body) => acme.call(method, `/api/${path}`, body)

beforeAll(async () => {
  server = await startServer('casdoor_calls')
  admin = await server.attachProvider()
  await admin.call('POST', '/v1/organizations', { name: 'acme', displayName: 'Acme' })
  for (const name of ['portal', 'shop'])
    await admin.call('POST', '/v1/applications', {
      organization: 'acme',
      name,
      displayName: name,
      redirectUris: [],
      providers: [],
    })
  const { json } = await admin.call('GET', '/v1/applications/portal')
  await admin.call('PUT', '/v1/applications/portal', { ...json, management: 'people' })
  const secret = (await admin.call('POST', '/v1/applications/portal/secret')).json.clientSecret
  const authorization = `Basic ${Buffer.from(`${json.clientId}:${secret}`).toString('base64')}`
  const browser = server.browser({ authorization })
  application = (method, path, body) => browser.call(method, `/api/${path}`, body)
  const password = 'the first of acme'
  await admin.call('POST', '/v1/users', { organization: 'acme', name: 'chief', isAdmin: true, password })
  acme = server.browser()
  await acme.signIn('chief', password, 'portal')
  await acme.call('PUT', '/v1/account/password', { current: password, next: 'the second of acme' })
})
afterAll(() => server?.stop())
beforeEach(() => server.pool.query('delete from veridoor.rate_limits'))

const multipart = (fields: Record<string, string>, extra: Record<string, string> = {}) => {
  const lines = Object.entries(fields).flatMap(([name, value]) => [
    '--border',
    `Content-Disposition: form-data; name="${name}"`,
    '',
    value,
  ])
  return {
    headers: { 'content-type': 'multipart/form-data; boundary=border', ...extra },
    payload: [...lines, '--border--', ''].join('\r\n'),
  }
}
const member = async (name: string) => {
  const browser = server.browser()
  expect((await browser.signUp(name, 'portal')).status).toBe(201)
  return browser
}

describe('set-password', () => {
  it('by the person: with the old one only; other sessions end', async () => {
    const own = await member('paula')
    const other = server.browser()
    await other.signIn('paula', 'a long password', 'portal')
    const set = async (oldPassword: string, newPassword: string) =>
      (
        await server.app.inject({
          method: 'POST',
          url: '/api/set-password',
          ...multipart({ userOwner: 'acme', userName: 'paula', oldPassword, newPassword }, { cookie: own.cookies }),
        })
      ).json()
    expect((await set('', 'another password')).status).toBe('error')
    expect((await set('wrong', 'another password')).status).toBe('error')
    expect((await set('a long password', 'short')).msg).toContain('10 characters')
    expect(await set('a long password', 'another password')).toMatchObject({ status: 'ok', data: null })
    expect((await own.call('GET', '/api/get-account')).json.status).toBe('ok')
    expect((await other.call('GET', '/api/get-account')).json.status).toBe('error')
    expect((await server.browser().signIn('paula', 'another password', 'portal')).json.user.mustChangePassword).toBe(
      false,
    )
  })

  it('by an administrator or an application: a start, which the person changes; never an administrator’s by an application', async () => {
    await member('quinn')
    const body = { userOwner: 'acme', userName: 'quinn', newPassword: 'set from elsewhere' }
    expect((await application('POST', 'set-password', body)).json).toMatchObject({ status: 'ok' })
    const signedIn = await server.browser().signIn('quinn', 'set from elsewhere', 'portal')
    expect(signedIn.json.user.mustChangePassword).toBe(true)
    // With the person's own old one it is their choice.
    const chosen = { ...body, oldPassword: 'set from elsewhere', newPassword: 'chosen by quinn' }
    expect((await application('POST', 'set-password', { ...chosen, oldPassword: 'guess' })).json.status).toBe('error')
    expect((await application('POST', 'set-password', chosen)).json.status).toBe('ok')
    const again = await server.browser().signIn('quinn', 'chosen by quinn', 'portal')
    expect(again.json.user.mustChangePassword).toBe(false)
    expect((await acme.call('POST', '/api/set-password', body)).json.status).toBe('ok')

    expect((await application('POST', 'set-password', { ...body, userName: 'chief' })).json.status).toBe('error')
    for (const who of [
      application,
      (method: 'POST', path: string, sent: unknown) => acme.call(method, `/api/${path}`, sent),
    ])
      expect(
        (await who('POST', 'set-password', { ...body, userOwner: 'built-in', userName: 'admin' })).json.status,
      ).toBe('error')
    expect((await server.browser().signIn('admin', ADMIN_PASSWORD)).status).toBe(200)
    expect((await server.browser().call('POST', '/api/set-password', body)).json.msg).toBe('Please login first')
  })
})

describe('signing in and out', () => {
  it('asks for the code of the authenticator app in Casdoor’s words, and lets nobody in without it', async () => {
    const own = await member('theo')
    const path = '/v1/account/security/authenticator'
    const { secret } = (await own.call('POST', path, { password: 'a long password' })).json
    const code = () => new TOTP({ secret }).generate({ timestamp: server.clock.now().getTime() })
    await own.call('POST', `${path}/confirm`, { code: code() })
    server.clock.advance(30_000)
    const fresh = server.browser()
    const login = (more: Record<string, unknown> = {}) =>
      fresh.call('POST', '/api/login', {
        type: 'login',
        application: 'portal',
        organization: 'acme',
        username: 'theo',
        password: 'a long password',
        ...more,
      })
    const first = await login()
    expect(first.json).toMatchObject({ status: 'ok', data: 'NextMfa', data2: [{ mfaType: 'app', enabled: true }] })
    expect(fresh.cookie).toBe('')
    expect((await login({ mfaType: 'app', passcode: '000000' })).json.status).toBe('error')
    expect((await login({ mfaType: 'app', passcode: code(), password: 'wrong' })).json.status).toBe('error')
    expect(fresh.cookie).toBe('')
    expect((await login({ mfaType: 'app', passcode: code() })).json).toMatchObject({ status: 'ok', data: 'acme/theo' })
    expect((await fresh.call('GET', '/api/get-account')).json.data.name).toBe('theo')
  })

  it('lets no form of another site put a browser into an account of its choice', async () => {
    await member('mallory')
    const login = (headers: Record<string, string>) =>
      server.app.inject({
        method: 'POST',
        url: '/api/login',
        headers,
        payload: JSON.stringify({
          type: 'login',
          application: 'portal',
          organization: 'acme',
          username: 'mallory',
          password: 'a long password',
        }),
      })
    const foreigners: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null', 'content-type': 'text/plain' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]
    for (const headers of foreigners) {
      const foreign = await login(headers)
      expect(foreign.json(), JSON.stringify(headers)).toMatchObject({
        status: 'error',
        data2: { code: 'ORIGIN_REFUSED' },
      })
      expect(foreign.headers['set-cookie']).toBeUndefined()
    }
    // A server sends neither header; a page of ours says that it is one.
    const own: Record<string, string>[] = [{}, { origin: 'http://localhost:8000', 'sec-fetch-site': 'same-origin' }]
    for (const headers of own) expect((await login(headers)).headers['set-cookie']).toContain('veridoor_session=')
  })

  it('logout answers by an envelope where nothing of the protocol is asked, and by its page in a browser', async () => {
    for (const method of ['GET', 'POST'] as const) {
      const person = await member(`ute-${method.toLowerCase()}`)
      const out = await person.call(method, '/api/logout')
      expect(out.json).toMatchObject({ status: 'ok', data: `acme/ute-${method.toLowerCase()}` })
      expect((await person.call('GET', '/api/get-account')).json.status).toBe('error')
      expect((await server.browser().call(method, '/api/logout')).json).toMatchObject({ status: 'ok', data: null })
    }
    const person = await member('vera')
    const page = await server.app.inject({
      url: '/api/logout',
      headers: { accept: 'text/html,*/*', cookie: person.cookies },
    })
    expect(page.headers['content-type']).toContain('text/html')
    for (const [method, headers] of [
      ['POST', { origin: 'https://evil.example' }],
      ['GET', { 'sec-fetch-site': 'same-site' }],
    ] as const) {
      const foreign = await server.app.inject({
        method,
        url: '/api/logout',
        headers: { ...headers, cookie: person.cookies },
      })
      expect(foreign.json()).toMatchObject({ data: null })
    }
    expect((await person.call('GET', '/api/get-account')).json.status).toBe('ok')
  })
})

describe('what is not kept', () => {
  it('files are refused by an envelope, without being read, however large', async () => {
    const file = multipart({ file: 'x'.repeat(3_000_000) })
    const answer = await server.app.inject({ method: 'POST', url: '/api/upload-resource?tag=idCardFront', ...file })
    expect([answer.statusCode, answer.json().data2]).toEqual([200, { code: 'NOT_HOSTED' }])
  })

  it('lists are empty, single ones null, writes say so; rules permit nothing, whatever is asked', async () => {
    for (const kind of ['token', 'role', 'permission', 'session', 'webhook', 'resource']) {
      expect((await application('GET', `get-${kind}s?owner=admin&p=1&pageSize=10`)).json.data, kind).toEqual([])
      expect((await application('GET', `get-${kind}?id=admin/x`)).json.data, kind).toBeNull()
    }
    for (const call of ['add-cert', 'delete-cert', 'delete-token', 'mfa/setup/initiate', 'send-sms', 'delete-resource'])
      expect((await application('POST', call, {})).json.data2, call).toEqual({ code: 'NOT_HOSTED' })
    expect((await application('POST', 'enforce', ['a', 'b', 'c'])).json.data).toEqual([false])
    expect((await application('POST', 'batch-enforce', [['a', 'b']])).json.data).toEqual([[false]])
  })
})

describe('applications', () => {
  it('come with their own credentials, are used, and go; those of another organization cannot', async () => {
    const clientId = 'moved-from-casdoor-1'
    const clientSecret = 'a-client-secret-that-is-long-enough-1'
    const made = {
      owner: 'admin',
      name: 'moved',
      organization: 'acme',
      clientId,
      clientSecret,
      grantTypes: ['client_credentials'],
    }
    expect(
      (await chief('POST', 'add-application?id=admin/moved', { ...made, clientSecret: 'short' })).json.status,
    ).toBe('error')
    expect((await chief('POST', 'add-application?id=admin/moved', made)).json.data).toBe('Affected')
    expect((await chief('POST', 'add-application?id=admin/moved2', { ...made, name: 'moved2' })).json.data).toBe(
      'Unaffected',
    )
    const read = await chief('GET', 'get-application?id=admin/moved&withKey=1')
    expect(read.json.data).toMatchObject({ clientId, clientSecret: '***', organization: 'acme' })
    expect(read.json.data.certPublicKey).toContain('BEGIN CERTIFICATE')
    expect(read.text).not.toContain(clientSecret)
    const token = (grant_type: string) =>
      server.app.inject({
        method: 'POST',
        url: '/api/login/oauth/access_token',
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify({ grant_type, client_id: clientId, client_secret: clientSecret }),
      })
    expect((await token('client_credentials')).statusCode).toBe(200)
    // A setting that takes a grant away is kept, and holds.
    await chief('POST', 'update-application?id=admin/moved', { grantTypes: ['authorization_code'] })
    expect((await token('client_credentials')).statusCode).toBe(400)

    for (const organization of ['built-in', 'nowhere'])
      expect((await chief('POST', 'add-application', { name: 'x', organization })).json.status).toBe('error')
    expect((await chief('POST', 'add-application', { name: 'a/b' })).json.status).toBe('error')
    expect((await chief('POST', 'update-application?id=admin/app-built-in', { displayName: 'x' })).json.data).toBe(
      'Unaffected',
    )
    expect((await chief('POST', 'update-application?id=admin/moved', { organization: 'built-in' })).json.status).toBe(
      'error',
    )
    expect((await chief('POST', 'delete-application', { name: 'app-built-in' })).json.data).toBe('Unaffected')
    expect((await admin.call('POST', '/api/delete-application', { name: 'app-built-in' })).json.data).toBe('Unaffected')
    expect((await chief('POST', 'delete-application', { name: 'moved' })).json.data).toBe('Affected')
    expect((await chief('GET', 'get-application?id=admin/moved')).json.data).toBeNull()
    const person = await member('wim')
    expect((await person.call('POST', '/api/add-application', { name: 'mine' })).json.msg).toBe(
      'Unauthorized operation',
    )
  })

  it('the last one of an organization is kept', async () => {
    await admin.call('POST', '/api/add-organization', { name: 'single' })
    await admin.call('POST', '/api/add-application', { name: 'only', organization: 'single' })
    const refused = await admin.call('POST', '/api/delete-application', { name: 'only' })
    expect(refused.json).toMatchObject({ status: 'error', data2: { code: 'IN_USE' } })
    expect(refused.json.msg).toContain('last application')
  })
})

describe('organizations', () => {
  it('are made and removed by administrators of the installation only, never with people in them', async () => {
    for (const [who, call] of [
      ['an application', (path: string, body: unknown) => application('POST', path, body)],
      [
        'another organization’s administrator',
        (path: string, body: unknown) => acme.call('POST', `/api/${path}`, body),
      ],
    ] as const) {
      expect((await call('add-organization', { name: 'theirs' })).json.msg, who).toBe('Unauthorized operation')
      expect((await call('delete-organization', { name: 'acme' })).json.msg, who).toBe('Unauthorized operation')
    }
    const made = { owner: 'admin', name: 'short-lived', displayName: 'Short', websiteUrl: 'https://short.example' }
    expect((await admin.call('POST', '/api/add-organization', made)).json.data).toBe('Affected')
    expect((await admin.call('POST', '/api/add-organization', made)).json.status).toBe('error')
    await admin.call('POST', '/api/add-application', { name: 'short-app', organization: 'short-lived' })
    await admin.call('POST', '/api/add-user', { owner: 'short-lived', name: 'xeno' })
    expect((await admin.call('POST', '/api/delete-organization', made)).json).toMatchObject({
      status: 'error',
      data2: { code: 'IN_USE' },
    })
    await admin.call('POST', '/api/delete-user', { owner: 'short-lived', name: 'xeno' })
    expect((await admin.call('POST', '/api/delete-organization', made)).json.data).toBe('Affected')
    expect((await admin.call('GET', '/api/get-organization?id=admin/short-lived')).json.data).toBeNull()
    for (const name of ['built-in', 'nobody'])
      expect((await admin.call('POST', '/api/delete-organization', { name })).json.data, name).toBe('Unaffected')
  })
})

describe('round trips', () => {
  const provider = {
    owner: 'acme',
    name: 'paper-two',
    displayName: 'Paper',
    category: 'ID Verification',
    type: 'Paper',
    office: 'open',
    stamp: 'very secret stamp',
  }

  it('lose nothing and change nothing else: get, change, update, for each kind of object', async () => {
    await admin.call('POST', '/v1/providers', {
      organization: 'acme',
      name: 'paper-two',
      displayName: 'Paper',
      category: provider.category,
      type: provider.type,
      config: { office: 'open', stamp: provider.stamp },
    })
    await admin.call('POST', '/api/add-user', { owner: 'acme', name: 'yuri', password: 'a long password' })
    const rows = [
      { owner: 'acme', name: 'paper-two', alertType: 'None', rule: 'All', canSignUp: false, provider: null },
    ]
    const cases = [
      ['user', 'acme/yuri', { displayName: 'Y', address: ['a', 'b'], custom1: 'x', score: 3, properties: { a: 'b' } }],
      [
        'provider',
        'acme/paper-two',
        { displayName: 'P', httpHeaders: { a: 'b' }, regionId: 'x', enableProxy: true, clientId2: 'y' },
      ],
      [
        'application',
        'admin/shop',
        {
          displayName: 'S',
          formOffset: 2,
          signupItems: [{ name: 'ID', visible: true }],
          providers: rows,
          tags: ['a'],
          tokenFormat: 'JWT-Empty',
        },
      ],
      [
        'organization',
        'admin/acme',
        { displayName: 'A', passwordExpireDays: 3, themeData: { colorPrimary: '#123456' }, tags: ['a'] },
      ],
    ] as const
    for (const [kind, id, change] of cases) {
      // An application manages people; what it runs on is changed by administrators.
      const client = kind === 'user' ? application : chief
      const read = async () => (await client('GET', `get-${kind}?id=${id}`)).json.data
      const before = await read()
      expect((await client('POST', `update-${kind}?id=${id}`, { ...before, ...change })).json.data, kind).toBe(
        'Affected',
      )
      const after = await read()
      const { updatedTime: _time, providers: items, ...rest } = after
      const {
        updatedTime: _before,
        providers: _items,
        ...expected
      } = { ...before, ...change } as Record<string, unknown>
      expect(rest, kind).toEqual(expected)
      if (kind === 'application')
        expect(items).toEqual([
          expect.objectContaining({
            ...rows[0],
            provider: expect.objectContaining({ name: 'paper-two', clientSecret: '' }),
          }),
        ])
      // Once more, as it was given: nothing moves.
      expect((await client('POST', `update-${kind}?id=${id}`, after)).json.data).toBe('Affected')
      const again = await read()
      expect({ ...again, updatedTime: '' }, kind).toEqual({ ...after, updatedTime: '' })
      expect(JSON.stringify(after), kind).not.toContain(provider.stamp)
    }
    expect((await chief('GET', 'get-applications?owner=admin')).text).toContain('"provider":null')
  })

  it('are refused for what belongs to another organization, kind by kind', async () => {
    for (const [kind, id] of [
      ['user', 'built-in/admin'],
      ['provider', 'built-in/paper'],
      ['application', 'admin/app-built-in'],
      ['organization', 'admin/built-in'],
    ]) {
      const read = await application('GET', `get-${kind}?id=${id}`)
      expect(read.json.data, kind).toBeNull()
      const changed = await application('POST', `update-${kind}?id=${id}`, { displayName: 'taken over' })
      expect(changed.json.data, kind).not.toBe('Affected')
    }
    expect((await application('GET', 'get-users?owner=built-in')).json.status).toBe('error')
    expect((await application('GET', 'get-providers?owner=built-in')).json.status).toBe('error')
    const lists = [
      await application('GET', 'get-applications?owner=admin'),
      await application('GET', 'get-organizations?owner=admin'),
      await application('GET', 'get-providers?owner=acme'),
    ]
    for (const { json, text } of lists) {
      expect(json.status).toBe('ok')
      expect(text).not.toMatch(/"(app-)?built-in"/)
    }
    for (const [path, body] of [
      ['add-user', { owner: 'built-in', name: 'eve' }],
      ['add-provider', { ...provider, owner: 'built-in' }],
      ['add-provider', { ...provider, owner: 'admin' }],
      ['delete-user', { owner: 'built-in', name: 'admin' }],
      ['delete-provider', { owner: 'built-in', name: 'paper' }],
    ] as const)
      expect((await application('POST', path, body)).json.status, path).toBe('error')
  })
})
