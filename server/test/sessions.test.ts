import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN_PASSWORD, startServer, type TestServer } from './harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer('sessions')
})
afterAll(() => server?.stop())
// Sign-in limits belong to the tests that mean them.
beforeEach(() => server.pool.query('delete from veridoor.rate_limits'))

const DAY_MS = 86_400_000
const password = 'a long password'

describe('sign-up', () => {
  it('opens an account in the application’s organization and signs the person in', async () => {
    const own = server.browser()
    const answer = await own.signUp('nora')
    expect(answer.status).toBe(201)
    expect(answer.json.user).toMatchObject({ organization: 'built-in', name: 'nora', isAdmin: false })
    expect((await own.call('GET', '/v1/session')).json.user.name).toBe('nora')
  })

  it('keeps names unique within the organization, also when two come at once, and tells nothing of addresses', async () => {
    const both = await Promise.all([server.browser().signUp('twin'), server.browser().signUp('twin')])
    expect(both.map((answer) => answer.status).sort()).toEqual([201, 409])
    const other = await server.browser().call('POST', '/v1/accounts', {
      username: 'twin2',
      email: 'TWIN@example.com',
      password,
    })
    expect(other.status).toBe(201)
  })

  it('takes no name that looks like someone’s e-mail, nor a short password', async () => {
    await server.browser().signUp('owner')
    const shadow = await server.browser().call('POST', '/v1/accounts', {
      username: 'owner@example.com',
      email: 'thief@example.com',
      password,
    })
    expect(shadow.status).toBe(422)
    expect(shadow.json.data.fields).toEqual([{ path: 'username', message: 'Leave out the character @.' }])
    const short = await server.browser().call('POST', '/v1/accounts', {
      username: 'shorty',
      email: 'shorty@example.com',
      password: 'short',
    })
    expect(short.status).toBe(422)
    expect(short.json.data.fields).toEqual([{ path: 'password', message: expect.any(String) }])
    expect(short.text).not.toContain('"short"')
  })

  it('is refused where the application does not offer it', async () => {
    const admin = await server.admin()
    await admin.call('POST', '/v1/applications', {
      organization: 'built-in',
      name: 'closed-door',
      displayName: 'Closed',
      enableSignUp: false,
      enablePassword: false,
    })
    expect((await server.browser().signUp('late', 'closed-door')).status).toBe(403)
  })
})

describe('sign-in', () => {
  it('works by name and by e-mail in any case, never by document number', async () => {
    const own = server.browser()
    await own.signUp('lena')
    await own.call('PUT', '/v1/account/identity', { documentNumber: 'Z998877665' })
    expect((await server.browser().signIn('lena', password)).status).toBe(200)
    expect((await server.browser().signIn('Lena@Example.com', password)).status).toBe(200)
    expect((await server.browser().signIn('Z998877665', password)).status).toBe(401)
  })

  it('answers alike for an unknown name and a wrong password', async () => {
    await server.browser().signUp('otto')
    const wrong = await server.browser().signIn('otto', 'not the password')
    const unknown = await server.browser().signIn('nobody-at-all', 'not the password')
    expect(wrong.status).toBe(401)
    expect({ ...wrong.json, instance: '' }).toEqual({ ...unknown.json, instance: '' })
  })

  it('is refused by password where the application has it off, except for the installation’s administrators', async () => {
    await server.browser().signUp('pia')
    expect((await server.browser().signIn('pia', password, 'closed-door')).status).toBe(401)
    expect((await server.browser().signIn('admin', ADMIN_PASSWORD, 'closed-door')).status).toBe(200)
  })

  it('slows down after eight wrong passwords, tells when to come back, and locks nobody else out', async () => {
    await server.browser().signUp('rosa')
    const wrong = async () => (await server.browser().signIn('rosa', 'not the password')).status
    for (let n = 0; n < 8; n += 1) expect(await wrong()).toBe(401)
    const refused = await server.browser().signIn('rosa', password)
    expect(refused.status).toBe(429)
    expect(refused.json.data.values.seconds).toBeGreaterThan(0)
    // From another address the owner still gets in: the lock cannot be used against her.
    const elsewhere = await server.app.inject({
      method: 'POST',
      url: '/v1/session',
      remoteAddress: '203.0.113.7',
      payload: { username: 'rosa', password },
    })
    expect(elsewhere.statusCode).toBe(200)
    server.clock.advance(900_001)
    expect((await server.browser().signIn('rosa', password)).status).toBe(200)
  })

  it('right passwords use up nothing', async () => {
    await server.browser().signUp('sven')
    for (let n = 0; n < 12; n += 1) expect((await server.browser().signIn('sven', password)).status).toBe(200)
  })

  it('counts by the connection’s address: a header from outside makes no new one', async () => {
    await server.browser().signUp('tess')
    for (let n = 0; n < 9; n += 1)
      await server.browser({ 'x-forwarded-for': `198.51.100.${n}` }).signIn('tess', 'not the password')
    const next = await server.browser({ 'x-forwarded-for': '198.51.100.99' }).signIn('tess', password)
    expect(next.status).toBe(429)
  })
})

describe('sessions', () => {
  it('live in a cookie that scripts cannot read, and in the table as a digest only', async () => {
    const own = server.browser()
    const answer = await own.signUp('uma')
    const set = String(answer.headers['set-cookie'])
    expect(set).toMatch(/HttpOnly/)
    expect(set).toMatch(/SameSite=Lax/)
    const token = own.cookie.split('=')[1] ?? ''
    expect(token.length).toBeGreaterThan(40)
    const { rows } = await server.pool.query('select token_digest from veridoor.sessions')
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  it('end on sign-out, on the server too', async () => {
    const own = server.browser()
    await own.signUp('vera')
    const { cookie } = own
    await own.call('DELETE', '/v1/session')
    expect((await server.browser({ cookie }).call('GET', '/v1/session')).status).toBe(401)
  })

  it('end elsewhere when the e-mail changes, and not when only the display name does', async () => {
    const own = server.browser()
    await own.signUp('olga')
    const other = server.browser()
    await other.signIn('olga', password)
    const save = (displayName: string, email: string) =>
      own.call('PUT', '/v1/account/profile', { displayName, email, password })
    expect((await save('Olga', 'olga@example.com')).status).toBe(200)
    expect((await other.call('GET', '/v1/session')).status).toBe(200)
    expect((await save('Olga', 'olga2@example.com')).status).toBe(200)
    expect((await other.call('GET', '/v1/session')).status).toBe(401)
    expect((await own.call('GET', '/v1/session')).status).toBe(200)
  })

  it('end after 30 days without use, and after 90 days in any case', async () => {
    const idle = server.browser()
    await idle.signUp('will')
    const busy = server.browser()
    await busy.signUp('xena')
    for (let day = 0; day < 89; day += 20) {
      expect((await busy.call('GET', '/v1/session')).status).toBe(200)
      server.clock.advance(20 * DAY_MS)
    }
    expect((await idle.call('GET', '/v1/session')).status).toBe(401)
    expect((await busy.call('GET', '/v1/session')).status).toBe(401)
  })

  it('a new password ends every other session and leaves this one; the old one opens nothing', async () => {
    const here = server.browser()
    await here.signUp('yara')
    const there = server.browser()
    await there.signIn('yara', password)
    const wrong = await here.call('PUT', '/v1/account/password', { current: 'nonsense', next: 'another password' })
    expect(wrong.status).toBe(422)
    const right = await here.call('PUT', '/v1/account/password', { current: password, next: 'another password' })
    expect(right.status).toBe(200)
    expect((await here.call('GET', '/v1/session')).status).toBe(200)
    expect((await there.call('GET', '/v1/session')).status).toBe(401)
    expect((await server.browser().signIn('yara', password)).status).toBe(401)
    expect((await server.browser().signIn('yara', 'another password')).status).toBe(200)
  })

  it('of a suspended person end at once, and the right password tells why', async () => {
    const own = server.browser()
    await own.signUp('zoe')
    const admin = await server.admin()
    const { json } = await admin.call('GET', '/v1/users/built-in/zoe')
    const { displayName, email, isAdmin, application, etag } = json
    const body = { displayName, email, isAdmin, application, etag, isForbidden: true }
    expect((await admin.call('PUT', '/v1/users/built-in/zoe', body)).status).toBe(200)
    expect((await own.call('GET', '/v1/session')).status).toBe(401)
    const again = await server.browser().signIn('zoe', password)
    expect(again.status).toBe(403)
    expect(again.json.data.reason).toBe('account_suspended')
    // Let in again, she signs in again: what was open before stays closed.
    const now = (await admin.call('GET', '/v1/users/built-in/zoe')).json
    await admin.call('PUT', '/v1/users/built-in/zoe', { ...body, isForbidden: false, etag: now.etag })
    expect((await own.call('GET', '/v1/session')).status).toBe(401)
    expect((await own.signIn('zoe', password)).status).toBe(200)
  })
})

describe('the last administrator of the installation', () => {
  it('stays, also when two leave at the same moment', async () => {
    const admin = await server.admin()
    const put = (name: string, change: Record<string, unknown>) =>
      admin.call('PUT', `/v1/users/built-in/${name}`, {
        displayName: '',
        email: '',
        isAdmin: true,
        isForbidden: false,
        application: '',
        ...change,
      })
    expect((await put('admin', { isAdmin: false })).status).toBe(422)
    expect((await put('admin', { isForbidden: true })).status).toBe(422)
    expect((await admin.call('DELETE', '/v1/users/built-in/admin')).status).toBe(409)
    await admin.call('POST', '/v1/users', { organization: 'built-in', name: 'second', isAdmin: true })
    const both = await Promise.all([put('second', { isAdmin: false }), put('admin', { isAdmin: false })])
    const { rows } = await server.pool.query(
      `select name from veridoor.users where organization = 'built-in' and is_admin`,
    )
    expect(rows).toHaveLength(1)
    expect(both.filter((answer) => answer.status === 200)).toHaveLength(1)
    await server.pool.query(`update veridoor.users set is_admin = true where name = 'admin'`)
  })
})

describe('the door', () => {
  it('refuses a change that another site’s page sends with the person’s cookie', async () => {
    const own = server.browser()
    await own.signUp('alba')
    const body = { displayName: 'Changed', email: 'alba@example.com' }
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }]) {
      const answer = await server.browser({ cookie: own.cookie, ...headers }).call('PUT', '/v1/account/profile', body)
      expect(answer.status).toBe(403)
      expect(answer.json.code).toBe('ORIGIN_REFUSED')
    }
    const crossSite = await server.app.inject({
      method: 'PUT',
      url: '/v1/account/profile',
      headers: { cookie: own.cookie, 'sec-fetch-site': 'cross-site' },
      payload: body,
    })
    expect(crossSite.statusCode).toBe(403)
    expect((await own.call('GET', '/v1/account')).json.displayName).toBe('')
  })

  it('sends a strict policy with every answer, and a form of another site is not read', async () => {
    const answer = await server.browser().call('GET', '/v1/sign-in-page')
    expect(answer.headers['content-security-policy']).toContain("script-src 'self'")
    expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'")
    // What a form can send without asking first, from another site's page or from where nobody knows.
    const forms = {
      'application/x-www-form-urlencoded': `username=admin&password=${encodeURIComponent(ADMIN_PASSWORD)}`,
      'multipart/form-data; boundary=x': ['username', 'admin', 'password', ADMIN_PASSWORD]
        .map((text, at) => (at % 2 ? `${text}\r\n` : `--x\r\ncontent-disposition: form-data; name="${text}"\r\n\r\n`))
        .join('')
        .concat('--x--\r\n'),
      'text/plain': JSON.stringify({ username: 'admin', password: ADMIN_PASSWORD }),
    }
    for (const [type, payload] of Object.entries(forms))
      for (const [origin, status] of [
        ['https://evil.example', 403],
        // Text is taken as text: nothing in it is a member.
        [undefined, type === 'text/plain' ? 422 : 415],
      ] as const) {
        const form = await server.app.inject({
          method: 'POST',
          url: '/v1/session',
          headers: { 'content-type': type, ...(origin ? { origin } : {}) },
          payload,
        })
        expect([type, form.statusCode]).toEqual([type, status])
        expect(form.headers['set-cookie']).toBeUndefined()
      }
  })

  it('broken, oversized and unknown requests are problem answers without a trace of the inside', async () => {
    const broken = await server.app.inject({
      method: 'POST',
      url: '/v1/session',
      headers: { 'content-type': 'application/json' },
      payload: '{"username":',
    })
    expect(broken.statusCode).toBe(400)
    const large = await server.app.inject({
      method: 'POST',
      url: '/v1/session',
      payload: { username: 'x'.repeat(2_000_000), password },
    })
    expect(large.statusCode).toBe(413)
    const unknown = await server.browser().call('GET', '/v1/nothing/here')
    expect(unknown.status).toBe(404)
    for (const text of [broken.body, large.body, unknown.text])
      expect(text).not.toMatch(/ at .*:\d+|node_modules|stack/)
  })

  it('passwords and session tokens are in no log line and no audit line', async () => {
    const own = server.browser()
    await own.signUp('canary')
    await server.browser().signIn('canary', 'Canary-Wrong-Password')
    await own.call('PUT', '/v1/account/password', { current: password, next: 'Canary-Next-Password' })
    const { rows } = await server.pool.query('select * from veridoor.audit_lines')
    const written = server.logLines.join('') + JSON.stringify(rows)
    expect(written).toContain('http.answered')
    for (const word of [
      password,
      'Canary-Wrong-Password',
      'Canary-Next-Password',
      own.cookie.split('=')[1] ?? '-',
      'canary@example.com',
    ])
      expect(written).not.toContain(word)
  })
})
