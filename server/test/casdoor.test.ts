import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { calls } from '../src/casdoor/index.ts'
import { findProvider, providerSecretAad } from '../src/organizations/index.ts'
import { ADMIN_PASSWORD, ada, approved, startServer, type TestServer } from './harness.ts'

let server: TestServer
let admin: Awaited<ReturnType<TestServer['admin']>>
let credentials: { id: string; secret: string }

beforeAll(async () => {
  server = await startServer('casdoor')
  admin = await server.attachProvider()
  const { json } = await admin.call('GET', '/v1/applications/app-built-in')
  await admin.call('PUT', '/v1/applications/app-built-in', { ...json, management: 'people' })
  const made = await admin.call('POST', '/v1/applications/app-built-in/secret')
  credentials = { id: json.clientId, secret: made.json.clientSecret }
  await admin.call('POST', '/v1/organizations', { name: 'acme', displayName: 'Acme' })
  await admin.call('POST', '/v1/users', { organization: 'acme', name: 'bob' })
})
afterAll(() => server?.stop())

const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
/** A call with an application's own credentials, as the SDKs make it. */
const asApplication = async (method: 'GET' | 'POST', path: string, body?: unknown, authorization?: string) => {
  const answer = await server.app.inject({
    method,
    url: `/api/${path}`,
    headers: { authorization: authorization ?? basic(credentials.id, credentials.secret) },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  return { status: answer.statusCode, json: answer.json() as any, text: answer.body }
}
const keys = ['status', 'msg', 'sub', 'name', 'data', 'data2', 'data3']
const verify = async (person: Awaited<ReturnType<TestServer['person']>>) => {
  const { json } = await person.call('POST', '/api/verify-identification')
  const order = server.script.orders.at(-1)
  if (!order) throw new Error('no order')
  return { json, order }
}

describe('the envelope', () => {
  it('has its seven keys and HTTP 200, well or not', async () => {
    for (const answer of [
      await asApplication('GET', 'get-users'),
      await admin.call('GET', '/api/get-user?id=nonsense'),
    ]) {
      expect(answer.status).toBe(200)
      expect(Object.keys(answer.json)).toEqual(keys)
    }
    const broken = await server.app.inject({ method: 'POST', url: '/api/update-user', payload: '{"a":' })
    expect([broken.statusCode, broken.json().status]).toEqual([200, 'error'])
  })

  it('answers kinds of objects that are not kept here: empty lists, null, and writes that say so', async () => {
    expect((await asApplication('GET', 'get-roles?owner=built-in')).json.data).toEqual([])
    expect((await asApplication('GET', 'get-role?id=built-in/x')).json.data).toBeNull()
    expect((await asApplication('POST', 'add-role?id=built-in/x', {})).json).toMatchObject({
      status: 'error',
      data2: { code: 'NOT_HOSTED' },
    })
    expect((await asApplication('POST', 'enforce', {})).json.data).toEqual([false])
  })
})

describe('who asks', () => {
  it('nobody gets anything from any call of this room', async () => {
    for (const [method, list] of Object.entries(calls))
      for (const name of Object.keys(list)) {
        const answer = await server.app.inject({ method: method as 'GET', url: `/api/${name}?id=built-in/admin` })
        expect(answer.json().status, name).toBe('error')
        expect(answer.body, name).not.toContain('"Affected"')
      }
  })

  it('an application acts inside its own organization only', async () => {
    expect((await asApplication('GET', 'get-user?id=acme/bob')).json.status).toBe('error')
    expect((await asApplication('GET', 'get-users?owner=acme')).json.status).toBe('error')
    expect((await asApplication('POST', 'update-user?id=acme/bob', { displayName: 'x' })).json.status).toBe('error')
    expect((await asApplication('POST', 'add-user', { owner: 'acme', name: 'eve' })).json.status).toBe('error')
    expect(
      (await asApplication('GET', 'get-organizations')).json.data.map((row: { name: string }) => row.name),
    ).toEqual(['built-in'])
    expect((await asApplication('POST', 'verify-identification?owner=acme&name=bob')).json.status).toBe('error')
  })

  it('credentials that are given and wrong are an error, never ignored; a made-up token, too', async () => {
    for (const wrong of [basic(credentials.id, 'guess'), basic('nobody', 'guess'), 'Bearer made-up'])
      expect((await asApplication('GET', 'get-users', undefined, wrong)).json).toMatchObject({
        status: 'error',
        data2: { code: 'NOT_SIGNED_IN' },
      })
  })

  it('an application makes no administrators and changes none', async () => {
    expect(
      (await asApplication('POST', 'add-user', { owner: 'built-in', name: 'boss', isAdmin: true })).json.status,
    ).toBe('error')
    expect(
      (await asApplication('POST', 'update-user?id=built-in/admin', { email: 'evil@example.com' })).json.status,
    ).toBe('error')
    expect((await asApplication('POST', 'delete-user', { owner: 'built-in', name: 'admin' })).json.status).toBe('error')
  })

  it('a cookie that another site made the browser send counts for nothing', async () => {
    const person = await server.person('carla')
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/update-user',
      headers: { cookie: person.cookies, origin: 'https://evil.example' },
      payload: JSON.stringify({ displayName: 'Hacked' }),
    })
    expect(answer.json().msg).toBe('Please login first')
  })
})

describe('signing in', () => {
  it('gives a session and says who it is; a wrong password and an ID card number do not', async () => {
    const fresh = server.browser()
    const wrong = await fresh.call('POST', '/api/login', {
      application: 'app-built-in',
      username: 'admin',
      password: 'no',
    })
    expect(wrong.json).toMatchObject({ status: 'error', msg: 'Name or password is not right' })
    await server.person('dora')
    const number = await fresh.call('POST', '/api/login', { username: ada.documentNumber, password: 'a long password' })
    expect(number.json.status).toBe('error')
    const right = await fresh.call('POST', '/api/login', {
      application: 'app-built-in',
      organization: 'built-in',
      username: 'admin',
      password: ADMIN_PASSWORD,
      type: 'login',
    })
    expect(right.json).toMatchObject({ status: 'ok', data: 'built-in/admin' })
    expect((await fresh.call('GET', '/api/get-account')).json.data.name).toBe('admin')
    expect((await fresh.call('POST', '/api/sso-logout')).json.status).toBe('ok')
    expect((await fresh.call('GET', '/api/get-account')).json.msg).toBe('Please login first')
  })
})

describe('users', () => {
  it('come and go whole: what a client sent that we do not know is kept and echoed', async () => {
    const user = {
      owner: 'built-in',
      name: 'ernst',
      displayName: 'Ernst',
      education: 'PhD',
      score: 7,
      properties: { a: 'b' },
    }
    expect((await asApplication('POST', 'add-user?id=built-in/ernst', user)).json.data).toBe('Affected')
    const { json } = await asApplication('GET', 'get-user?id=built-in/ernst')
    expect(json.data).toMatchObject(user)
    const back = { ...json.data, displayName: 'Ernst M.', custom3: 'x' }
    expect((await asApplication('POST', 'update-user?id=built-in/ernst', back)).json.data).toBe('Affected')
    const again = (await asApplication('GET', 'get-user?id=built-in/ernst')).json.data
    expect(again).toEqual({ ...back, updatedTime: again.updatedTime })
    expect((await asApplication('POST', 'delete-user', user)).json.data).toBe('Affected')
    expect((await asApplication('GET', 'get-user?id=built-in/ernst')).json).toMatchObject({ status: 'ok', data: null })
  })

  it('write what they like beside their own account, but not what an organization says of them', async () => {
    const own = await server.person('gerda')
    const given = { tag: 'guest', groups: ['built-in/guests'], externalId: 'hr-7', ldap: 'cn=gerda' }
    expect((await asApplication('POST', 'update-user?id=built-in/gerda', given)).json.data).toBe('Affected')
    const seen = (await own.call('GET', '/api/get-account')).json.data
    expect(seen).toMatchObject(given)
    const wanted = {
      ...seen,
      education: 'PhD',
      tag: 'staff',
      Tag: 'staff',
      groups: ['built-in/staff'],
      type: 'chief',
      isGlobalAdmin: true,
      isAdminUser: true,
      IsAdmin: true,
      score: 1000,
      karma: 1000,
      ranking: 1,
      balance: 1000,
      ldap: 'cn=chief',
      externalId: 'hr-1',
      Roles: [{ name: 'chief' }],
      permissions: [{ name: 'all' }],
    }
    expect((await own.call('POST', '/api/update-user?id=built-in/gerda', wanted)).json.data).toBe('Affected')
    const after = (await own.call('GET', '/api/get-account')).json.data
    expect(after).toEqual({ ...seen, education: 'PhD', updatedTime: after.updatedTime })
    // What comes back unchanged is no attempt.
    expect((await own.call('POST', '/api/update-user?id=built-in/gerda', after)).json.data).toBe('Affected')
    expect((await own.call('GET', '/api/get-account')).json.data).toMatchObject({ ...given, education: 'PhD' })
  })

  it('the number is whole for the person, masked for everybody else, and a mask that comes back changes nothing', async () => {
    const person = await server.person('frida')
    expect((await person.call('GET', '/api/get-account')).json.data.idCard).toBe(ada.documentNumber)
    const { json } = await asApplication('GET', 'get-user?id=built-in/frida')
    expect(json.data.idCard).not.toContain('L898')
    expect((await asApplication('GET', 'get-users?owner=built-in')).text).not.toContain(ada.documentNumber)
    await asApplication('POST', 'update-user?id=built-in/frida', { ...json.data, displayName: 'Frida K.' })
    expect((await person.call('GET', '/api/get-account')).json.data).toMatchObject({
      idCard: ada.documentNumber,
      displayName: 'Frida K.',
    })
  })

  it('the count takes both spellings of a boolean', async () => {
    for (const isOnline of ['', 'true', 'false', '1', '0'])
      expect(typeof (await asApplication('GET', `get-user-count?owner=built-in&isOnline=${isOnline}`)).json.data).toBe(
        'number',
      )
  })

  it('secrets are taken from nowhere and given to nobody', async () => {
    await asApplication('POST', 'add-user', {
      owner: 'built-in',
      name: 'gustav',
      totpSecret: 'JBSW',
      recoveryCodes: ['1'],
    })
    const { json } = await asApplication('GET', 'get-user?id=built-in/gustav')
    expect(json.data.password).toBe('***')
    expect(json.data.totpSecret).toBeUndefined()
  })
})

describe('verify-identification', () => {
  it('is never ok for a check that was only opened: it says where to go on, and does not open a second one', async () => {
    const person = await server.person('hanna')
    const { json } = await verify(person)
    expect(json).toMatchObject({ status: 'error', data2: { code: 'PENDING' } })
    expect(json.data).toMatchObject({
      state: 'waiting',
      redirectUrl: expect.stringContaining('https://paper.example.com/'),
    })
    const before = server.script.orders.length
    const again = await person.call('POST', '/api/verify-identification')
    expect(again.json.data.verification).toBe(json.data.verification)
    expect(server.script.orders.length).toBe(before)
    expect((await person.call('GET', '/api/get-account')).json.data.isVerified).toBe(false)
  })

  it('is ok with the real name once the account is verified; then sealed values cannot change, unchanged ones may come back', async () => {
    const person = await server.person('ines')
    const { json, order } = await verify(person)
    server.script.finding = async () => approved(order)
    await server.verification.settle(json.data.verification)
    const done = await person.call('POST', '/api/verify-identification')
    expect(done.json).toMatchObject({ status: 'ok', data: ada.realName })
    const mine = (await person.call('GET', '/api/get-account')).json.data
    expect(mine.isVerified).toBe(true)
    expect((await person.call('POST', '/api/update-user', { ...mine, bio: 'x' })).json.data).toBe('Affected')
    for (const change of [{ realName: 'Eve' }, { idCard: 'X1' }, { idCardType: 'ID_CARD' }]) {
      const self = await person.call('POST', '/api/update-user', { ...mine, ...change })
      expect(self.json, JSON.stringify(change)).toMatchObject({ status: 'error', data2: { code: 'field_sealed' } })
      const columns = Object.keys(change).join(',')
      const staff = await asApplication('POST', `update-user?id=built-in/ines&columns=${columns}`, change)
      expect(staff.json.status).toBe('error')
    }
  })

  it('nobody becomes verified by saying so', async () => {
    const person = await server.person('jana')
    const mine = (await person.call('GET', '/api/get-account')).json.data
    await person.call('POST', '/api/update-user?columns=isVerified,is_verified', { ...mine, isVerified: true })
    await asApplication('POST', 'update-user?id=built-in/jana', { ...mine, isVerified: true })
    await asApplication('POST', 'add-user', { owner: 'built-in', name: 'karl', isVerified: true })
    for (const name of ['jana', 'karl'])
      expect((await asApplication('GET', `get-user?id=built-in/${name}`)).json.data.isVerified).toBe(false)
  })

  it('an application is sent to the account page of the person, and gets no link of the provider', async () => {
    await server.person('lena')
    const { json } = await asApplication('POST', 'verify-identification?owner=built-in&name=lena')
    expect(json.data.redirectUrl).toBe('http://localhost:8000/account/identity')
  })

  it('says what is missing, and takes no provider that is not attached', async () => {
    await admin.call('POST', '/v1/users', { organization: 'built-in', name: 'max' })
    expect((await asApplication('POST', 'verify-identification?owner=built-in&name=max')).json.msg).toBe(
      'ID card information and real name are required',
    )
    await server.person('nora')
    expect(
      (await asApplication('POST', 'verify-identification?owner=built-in&name=nora&provider=acme/secret')).json.msg,
    ).toContain('not attached')
    expect((await asApplication('POST', 'verify-identification?owner=built-in&name=nobody')).json.msg).toBe(
      "The user: built-in/nobody doesn't exist",
    )
  })
})

describe('providers, applications and records', () => {
  it('a secret is three stars for everybody, and three stars that come back keep it', async () => {
    const read = await admin.call('GET', '/api/get-provider?id=built-in/paper&withSecret=1')
    expect(read.text).not.toContain('very secret stamp')
    expect(
      (await admin.call('POST', '/api/update-provider?id=built-in/paper', { ...read.json.data, displayName: 'P' })).json
        .data,
    ).toBe('Affected')
    expect((await admin.call('GET', '/api/get-provider?id=built-in/paper')).json.data.displayName).toBe('P')
    const row = await findProvider(server.organizations.db, 'built-in', 'paper')
    expect(server.cipher.decrypt(row?.secrets.stamp ?? '', providerSecretAad('built-in', 'paper', 'stamp'))).toBe(
      'very secret stamp',
    )
    // One that an application uses is kept.
    expect((await admin.call('POST', '/api/delete-provider', read.json.data)).json.status).toBe('error')
  })

  it('an application goes round with its providers', async () => {
    const { json } = await admin.call('GET', '/api/get-application?id=admin/app-built-in')
    expect(json.data.clientSecret).toBe('***')
    const rows = json.data.providers.map((row: { name: string }) => row.name)
    expect(rows).toContain('paper')
    await admin.call('POST', '/api/update-application?id=admin/app-built-in', { ...json.data, displayName: 'Renamed' })
    const again = (await admin.call('GET', '/api/get-application?id=admin/app-built-in')).json.data
    expect(again).toEqual({ ...json.data, displayName: 'Renamed' })
  })

  it('records are of one organization, name the target and hold no request', async () => {
    const { json } = await asApplication('GET', 'get-records')
    expect(json.data.length).toBeGreaterThan(3)
    expect(new Set(json.data.map((row: { organization: string }) => row.organization))).toEqual(new Set(['built-in']))
    const attempt = json.data.find((row: { action: string }) => row.action === 'verify-identification')
    expect(attempt).toMatchObject({
      target: expect.stringMatching(/^built-in\//),
      provider: 'built-in/paper',
      object: '',
    })
    const byApplication = json.data.filter((row: { actor: string }) => row.actor === 'app/app-built-in')
    expect(byApplication.length).toBeGreaterThan(0)
  })

  it('certificates carry public keys and nothing more', async () => {
    const { json, text } = await asApplication('GET', 'get-cert?id=admin/cert-built-in')
    expect(json.data.certificate).toContain('BEGIN CERTIFICATE')
    expect(text).not.toContain('PRIVATE')
  })
})
