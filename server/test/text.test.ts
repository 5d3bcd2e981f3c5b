import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN_PASSWORD, approved, startServer, type TestServer } from './harness.ts'

/** Names, addresses, numbers and codes have one form, whichever entrance they come by. */
let server: TestServer
beforeAll(async () => {
  server = await startServer('server_text')
  await server.attachProvider()
})
afterAll(() => server?.stop())
beforeEach(() => server.clock.advance(3_600_000))

const password = 'a long password'
type Browser = ReturnType<TestServer['browser']>
const signUp = (own: Browser, username: string, more: Record<string, unknown> = {}) =>
  own.call('POST', '/v1/accounts', {
    username,
    email: `${encodeURIComponent(username).replaceAll('%', '')}@example.com`,
    password,
    ...more,
  })
const wire = (own: Browser, path: string, body: Record<string, unknown>) => own.call('POST', `/api/${path}`, body)

describe('user names', () => {
  it('that look the same are one account, found in every form', async () => {
    expect((await signUp(server.browser(), 'u\u0308mit')).status).toBe(201)
    const second = await signUp(server.browser(), 'ümit', { email: 'second@example.com' })
    expect([second.status, second.json.code]).toEqual([409, 'CONFLICT'])
    for (const typed of ['ümit', 'u\u0308mit', 'ÜMIT', ' Ümit\u200b', 'ｕ\u0308mit'])
      expect([typed, (await server.browser().signIn(typed, password)).status]).toEqual([typed, 200])
    const root = await server.admin()
    for (const typed of ['built-in/ümit', 'built-in/u\u0308mit', 'built-in/ÜMIT'])
      expect((await root.call('GET', `/api/get-user?id=${encodeURIComponent(typed)}`)).json.data.name).toBe('ümit')
    expect((await root.call('GET', `/v1/users/built-in/${encodeURIComponent('u\u0308mit')}`)).json.name).toBe('ümit')
  })

  it('cannot be hidden, mixed, reserved or a step in a path, by any wire', async () => {
    const root = await server.admin()
    for (const name of ['.', '..', 'admin\u200b', 'ad\u00admin', 'аdmin', 'bo\u202eb', 'a b', 'a/b', 'a@b', ''])
      for (const answer of [
        await signUp(server.browser(), name, { email: 'x@example.com' }),
        await root.call('POST', '/v1/users', { organization: 'built-in', name }),
      ])
        expect([name, answer.status]).toEqual([name, 422])
    for (const name of ['.', '..', 'admin\u200b', 'аdmin', ''])
      expect([name, (await wire(root, 'add-user', { owner: 'built-in', name })).json.status]).toEqual([name, 'error'])
    for (const name of ['Admin', 'adm1n', 'support', 'ｒｏｏｔ'])
      expect([name, (await signUp(server.browser(), name, { email: 'x@example.com' })).status]).toEqual([name, 422])
  })

  it('of accounts that were made before are found by their very name', async () => {
    await server.pool.query(
      `insert into veridoor.users (id, organization, name) values (gen_random_uuid(), 'built-in', 'Legacy')`,
    )
    const root = await server.admin()
    expect((await root.call('GET', '/v1/users/built-in/Legacy')).json.name).toBe('Legacy')
  })
})

describe('e-mail addresses', () => {
  it('are one at every entrance', async () => {
    const root = await server.admin()
    const made = { owner: 'built-in', name: 'mail1', email: 'ada@Müller.example ', password }
    expect((await wire(root, 'add-user', made)).json.status).toBe('ok')
    expect((await root.call('GET', '/v1/users/built-in/mail1')).json.email).toBe('ada@xn--mller-kva.example')
    for (const email of ['ada@müller.example', 'ADA@xn--mller-kva.example', 'ada@mu\u0308ller.example\u00a0']) {
      expect((await wire(root, 'add-user', { owner: 'built-in', name: 'mail2', email })).json.status).toBe('error')
      const second = await root.call('POST', '/v1/users', { organization: 'built-in', name: 'mail2', email })
      expect(second.status).toBe(409)
      expect((await server.browser().signIn(email, password)).status).toBe(200)
    }
    const claim = await signUp(server.browser(), 'mail4', { email: 'Eve@MÜLLER.example\u200b' })
    expect(claim.status).toBe(201)
    expect((await root.call('GET', '/v1/users/built-in/mail4')).json.email).toBe('Eve@xn--mller-kva.example')
    for (const email of ['no address', 'a@b', 'a@b.c:80', `${'a'.repeat(250)}@example.com`]) {
      expect((await signUp(server.browser(), 'mail3', { email })).status).toBe(422)
      expect((await wire(root, 'add-user', { owner: 'built-in', name: 'mail3', email })).json.status).toBe('error')
    }
  })

  it('that are stored and no address by the rules of today do not stand in the way of other changes', async () => {
    const root = await server.admin()
    await wire(root, 'add-user', { owner: 'built-in', name: 'oldmail', email: 'old@example.com' })
    await server.pool.query(`update veridoor.users set email = 'old@host' where name = 'oldmail'`)
    const { data } = (await root.call('GET', '/api/get-user?id=built-in/oldmail')).json
    expect((await wire(root, 'update-user?id=built-in/oldmail', { ...data, displayName: 'Old' })).json.status).toBe(
      'ok',
    )
  })
})

describe('identity fields', () => {
  it('are bounded and canonical by both wires', async () => {
    const own = server.browser()
    await signUp(own, 'fields')
    for (const change of [
      { realName: 'a'.repeat(201) },
      { realName: '\ufdfa'.repeat(10_000) },
      { realName: 'Аda Lovelace' },
      { documentNumber: 'a'.repeat(101) },
      { documentNumber: 'abc 123-xyz !!' },
    ]) {
      expect((await own.call('PUT', '/v1/account/identity', change)).status).toBe(422)
      const { documentNumber, ...rest } = change as { documentNumber?: string; realName?: string }
      const body = { owner: 'built-in', name: 'fields', ...rest, ...(documentNumber ? { idCard: documentNumber } : {}) }
      expect((await wire(own, 'update-user?id=built-in/fields', body)).json.status).toBe('error')
    }
    await wire(own, 'update-user?id=built-in/fields', {
      owner: 'built-in',
      name: 'fields',
      realName: ' Zoe\u0308\u200b  Miller\n',
      idCard: ' Ｌ８９\u200b8902C3 ',
      idCardType: 'Passport',
    })
    const { identity } = (await own.call('GET', '/v1/account')).json
    expect(identity.realName).toBe('Zoë Miller')
    expect((await own.call('POST', '/v1/account/identity/reveal')).json.documentNumber).toBe('L898902C3')
  })

  it('that grow when they are folded neither end nor stall the process, even when they stand in the database', async () => {
    const own = await server.person('growing')
    const owner = new pg.Client({ connectionString: server.database.ownerUrl })
    await owner.connect()
    await owner.query('alter table veridoor.users drop constraint users_real_name_length')
    await owner.query(`update veridoor.users set real_name = $1 where name = 'growing'`, [
      `${'Ä'.repeat(6)}${'\ufdfa'.repeat(10_000)}`,
    ])
    await owner.end()
    const from = performance.now()
    const started = await own.call('POST', '/v1/verifications', {})
    expect(started.status).toBe(201)
    const order = server.script.orders.at(-1)
    if (!order) throw new Error('no order')
    server.script.finding = async () => approved(order)
    await server.verification.settle(started.json.id)
    expect((await own.call('GET', '/v1/account')).json.verification.state).toBe('review')
    expect(performance.now() - from).toBeLessThan(5_000)
    expect((await server.browser().call('GET', '/healthz')).status).toBe(200)
  })

  it('are bounded by the database too', async () => {
    for (const [column, value] of [
      ['display_name', 'a'.repeat(101)],
      ['email', 'a'.repeat(255)],
      ['name', '..'],
      ['name', 'u\u0308'],
      ['name', ''],
    ] as const)
      await expect(
        server.pool.query(`update veridoor.users set ${column} = $1 where name = 'fields'`, [value]),
      ).rejects.toThrow(/violates check constraint/)
  })
})

describe('objects', () => {
  it('have names, by every wire', async () => {
    const root = await server.admin()
    const provider = {
      owner: 'built-in',
      displayName: 'X',
      category: 'ID Verification',
      type: 'Paper',
      office: 'open',
      stamp: 'x',
    }
    for (const name of ['', 'a/b', '..', 'a\u200bb', 'pаper', 'a'.repeat(101)]) {
      expect([name, (await wire(root, 'add-provider', { ...provider, name })).json.status]).toEqual([name, 'error'])
      expect([name, (await wire(root, 'add-organization', { owner: 'admin', name })).json.status]).toEqual([
        name,
        'error',
      ])
      expect([
        name,
        (await wire(root, 'add-application', { owner: 'admin', organization: 'built-in', name })).json.status,
      ]).toEqual([name, 'error'])
    }
  })
})

describe('keys that are only kept for other clients', () => {
  it('hold no document number, however it is spelled', async () => {
    const root = await server.admin()
    const number = 'SECRET998877'
    const spelled = [
      'idcard',
      'IDCARD',
      'id_card',
      'Id-Card',
      'idCardNumber',
      'document_number',
      'REALNAME',
      'Password',
      'isVERIFIED',
    ]
    await wire(root, 'add-user', {
      owner: 'built-in',
      name: 'kept',
      ...Object.fromEntries(spelled.map((key) => [key, number])),
      properties: { idCard: number, id_card: number, colour: 'blue' },
      region: 'AT',
    })
    const { rows } = await server.pool.query(`select extra from veridoor.users where name = 'kept'`)
    expect(rows[0].extra).toEqual({ properties: { colour: 'blue' }, region: 'AT' })
    await wire(root, 'update-user?id=built-in/kept', { owner: 'built-in', name: 'kept', idcard: number })
    const after = await server.pool.query(`select extra::text as text from veridoor.users where name = 'kept'`)
    expect(after.rows[0].text).not.toContain(number)
  })
})

describe('codes', () => {
  it('are taken with any white space at each entrance', async () => {
    const { TOTP } = await import('otpauth')
    const own = server.browser()
    await signUp(own, 'codes')
    const { secret } = (await own.call('POST', '/v1/account/security/authenticator', { password })).json
    const code = () => new TOTP({ secret }).generate({ timestamp: server.clock.now().getTime() })
    const pasted = (text: string) => `\u00a0${text.slice(0, 3)}\u202f${text.slice(3)}\u200b\n`
    expect(
      (await own.call('POST', '/v1/account/security/authenticator/confirm', { code: pasted(code()) })).status,
    ).toBe(200)
    server.clock.advance(60_000)
    const signIn = await server
      .browser()
      .call('POST', '/v1/session', { username: 'codes', password, code: pasted(code()) })
    expect(signIn.status).toBe(200)
    server.clock.advance(60_000)
    const own2 = server.browser()
    const login = await wire(own2, 'login', {
      application: 'app-built-in',
      username: 'codes',
      password,
      passcode: pasted(code()),
      type: 'login',
    })
    expect(login.json.status).toBe('ok')
  })
})

describe('text that cannot be stored', () => {
  it('is answered with a sentence, not with a fault', async () => {
    const own = server.browser()
    for (const answer of [
      await own.call('POST', '/v1/session', { username: 'a\u0000', password: 'x' }),
      await own.call('POST', '/v1/session', { username: 'a\ud800', password: 'x' }),
      await own.call('GET', '/login/oauth/authorize?client_id=%00'),
      await own.call('GET', '/api/get-user?userId=%00'),
      await own.call('POST', '/api/login', { username: 'admin\u0000', password: ADMIN_PASSWORD }),
      await own.call('GET', '/v1/users/built-in/%00'),
      await server
        .browser({ authorization: `Basic ${Buffer.from('a\u0000:b').toString('base64')}` })
        .call('GET', '/api/get-users?owner=x'),
    ]) {
      expect(answer.status).toBe(400)
      expect(answer.json.title).toMatch(/^The request has characters/)
    }
  })
  it('is not looked for in text that only speaks of it', async () => {
    const own = await server.person('speaks')
    const answer = await own.call('PUT', '/v1/account/profile', {
      displayName: 'a \\u0000 b',
      email: 'speaks@example.com',
    })
    expect(answer.status).toBe(200)
  })
})
