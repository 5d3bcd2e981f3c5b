import { TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer('second-step')
})
afterAll(() => server?.stop())
beforeEach(() => server.pool.query('delete from veridoor.rate_limits'))

const password = 'a long password'
const PATH = '/v1/account/security'
const codeOf = (secret: string, shift = 0): string =>
  new TOTP({ secret }).generate({ timestamp: server.clock.now().getTime() + shift })

/** A person whose sign-in asks for a code. */
const withApp = async (name: string) => {
  const own = server.browser()
  await own.signUp(name)
  const started = await own.call('POST', `${PATH}/authenticator`, { password })
  const { secret } = started.json
  const confirmed = await own.call('POST', `${PATH}/authenticator/confirm`, { code: codeOf(secret) })
  expect(confirmed.status).toBe(200)
  server.clock.advance(30_000)
  return { own, secret: secret as string, recoveryCodes: confirmed.json.recoveryCodes as string[] }
}
const enter = (username: string, code?: string, own = server.browser(), word = password) =>
  own.call('POST', '/v1/session', { username, password: word, code })

describe('an authenticator app', () => {
  it('counts only after a first right code, and that ends the other sessions', async () => {
    const own = server.browser()
    await own.signUp('anna')
    const other = server.browser()
    await other.signIn('anna', password)
    const { json } = await own.call('POST', `${PATH}/authenticator`, { password })
    expect(json.address).toMatch(/^otpauth:\/\/totp\/.*anna.*secret=/)
    expect((await server.browser().signIn('anna', password)).status).toBe(200)
    const wrong = await own.call('POST', `${PATH}/authenticator/confirm`, { code: codeOf(json.secret, 600_000) })
    expect(wrong.status).toBe(422)
    expect(wrong.json.data.fields[0].path).toBe('code')
    expect((await own.call('GET', PATH)).json.authenticator).toEqual({ isOn: false, recoveryCodes: 0 })
    const right = await own.call('POST', `${PATH}/authenticator/confirm`, { code: codeOf(json.secret) })
    expect(new Set(right.json.recoveryCodes).size).toBe(10)
    expect((await own.call('GET', PATH)).json.authenticator).toEqual({ isOn: true, recoveryCodes: 10 })
    expect((await other.call('GET', '/v1/session')).status).toBe(401)
  })

  it('is asked for after the right password only, so that it tells strangers nothing', async () => {
    const { secret } = await withApp('bea')
    expect((await enter('bea', undefined, server.browser(), 'wrong password')).json.code).toBe('SIGN_IN_REFUSED')
    const asked = await enter('bea')
    expect(asked.status).toBe(401)
    expect(asked.json.code).toBe('SECOND_STEP_NEEDED')
    expect(asked.headers['set-cookie']).toBeUndefined()
    expect((await enter('bea', codeOf(secret))).status).toBe(200)
  })

  it('gives codes that are taken once, also when two come at the same moment, and none older than the last', async () => {
    const { secret } = await withApp('cleo')
    const code = codeOf(secret)
    const both = await Promise.all([enter('cleo', code), enter('cleo', code)])
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 401])
    expect((await enter('cleo', codeOf(secret, -30_000))).json.code).toBe('SECOND_STEP_REFUSED')
    server.clock.advance(30_000)
    expect((await enter('cleo', codeOf(secret))).status).toBe(200)
  })

  it('forgives a clock that is half a minute off, and no more', async () => {
    const { secret } = await withApp('dora')
    expect((await enter('dora', codeOf(secret, 90_000))).status).toBe(401)
    expect((await enter('dora', codeOf(secret, 30_000))).status).toBe(200)
  })

  it('cannot be guessed: ten wrong codes from anywhere, then a wait; without the password nobody gets so far', async () => {
    const { secret } = await withApp('edna')
    for (let n = 0; n < 10; n += 1) expect((await enter('edna', codeOf(secret, 600_000 + n * 30_000))).status).toBe(401)
    expect((await enter('edna', codeOf(secret))).status).toBe(429)
    server.clock.advance(900_001)
    expect((await enter('edna', codeOf(secret))).status).toBe(200)
  })

  it('is set up, replaced and removed with the password only', async () => {
    const { own, secret } = await withApp('fay')
    for (const path of ['authenticator', 'authenticator/remove', 'recovery-codes'])
      expect((await own.call('POST', `${PATH}/${path}`, { password: 'not this one' })).status).toBe(422)
    expect((await own.call('POST', `${PATH}/authenticator`, { password })).status).toBe(409)
    expect((await own.call('POST', `${PATH}/authenticator/remove`, { password })).status).toBe(200)
    expect((await server.browser().signIn('fay', password)).status).toBe(200)
    const { rows } = await server.pool.query(`select count(*)::int n from veridoor.recovery_codes r
      join veridoor.users u on u.id = r.user_id where u.name = 'fay'`)
    expect(rows).toEqual([{ n: 0 }])
    expect((await enter('fay', codeOf(secret))).status).toBe(200)
  })

  it('keeps its secret sealed, and in no log or audit line', async () => {
    const { secret, recoveryCodes } = await withApp('gerda')
    await enter('gerda', recoveryCodes[0])
    const tables = ['authenticators', 'recovery_codes', 'audit_lines', 'sessions', 'rate_limits']
    const rows = await Promise.all(
      tables.map(async (table) => (await server.pool.query(`select * from veridoor.${table}`)).rows),
    )
    const written = server.logLines.join('') + JSON.stringify(rows)
    for (const word of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replace('-', ''))])
      expect(written).not.toContain(word)
  })
})

describe('an administrator', () => {
  const remove = (
    admin: Awaited<ReturnType<TestServer['admin']>>,
    name: string,
    reason = 'Phone lost, seen in person',
  ) => admin.call('POST', `/v1/users/built-in/${name}/second-step/removal`, { reason })

  it('turns the second step of another person off, with a reason that is recorded; the person is written to', async () => {
    const { recoveryCodes } = await withApp('hanne')
    const admin = await server.admin()
    expect((await admin.call('GET', '/v1/users/built-in/hanne')).json.hasSecondStep).toBe(true)
    const { items } = (await admin.call('GET', '/v1/users?search=hanne')).json
    expect(items).toMatchObject([{ name: 'hanne', hasSecondStep: true }])
    expect((await remove(admin, 'hanne', ' ')).status).toBe(422)
    expect((await remove(admin, 'hanne')).json.hasSecondStep).toBe(false)
    expect((await remove(admin, 'hanne')).status).toBe(409)
    expect((await server.browser().signIn('hanne', password)).status).toBe(200)
    const { rows } = await server.pool.query(
      `select actor, reasons from veridoor.audit_lines where action = 'remove-second-step' and target = 'built-in/hanne'`,
    )
    expect(rows).toEqual([{ actor: 'built-in/admin', reasons: ['Phone lost, seen in person'] }])
    const left = await server.pool.query(
      'select code_digest from veridoor.recovery_codes r join veridoor.users u on u.id = r.user_id where u.name = $1',
      ['hanne'],
    )
    expect([left.rows, recoveryCodes.length]).toEqual([[], 10])
    const [letter] = await server.mailsTo('hanne@example.com')
    expect(letter?.subject).toBe('The second step was turned off')
    expect(letter?.text).toContain('Phone lost, seen in person')
  })

  it('not their own: that takes the password, on the security page', async () => {
    const { own } = await withApp('ingrid')
    await server.pool.query(`update veridoor.users set is_admin = true where name = 'ingrid'`)
    expect((await remove(own, 'ingrid')).status).toBe(403)
    expect((await own.call('GET', PATH)).json.authenticator.isOn).toBe(true)
  })

  it('a member, and an application’s key, may not', async () => {
    await withApp('judith')
    const member = server.browser()
    await member.signUp('karin')
    expect((await remove(member, 'judith')).status).toBe(403)
    const admin = await server.admin()
    const made = await admin.call('POST', '/v1/applications/app-built-in/keys', { name: 'k', scopes: ['users:write'] })
    const keyed = server.browser({ authorization: `Bearer ${made.json.key}` })
    expect((await remove(keyed, 'judith')).status).toBe(403)
  })
})

describe('recovery codes', () => {
  it('sign in once each, however they are typed, and only their owner', async () => {
    const { recoveryCodes } = await withApp('hilda')
    await withApp('ines')
    const [first = '', second = ''] = recoveryCodes
    expect((await enter('ines', first)).status).toBe(401)
    expect((await enter('hilda', first)).status).toBe(200)
    expect((await enter('hilda', first)).status).toBe(401)
    const own = server.browser()
    expect((await enter('hilda', second.replace('-', ' ').toLowerCase(), own)).status).toBe(200)
    expect((await own.call('GET', PATH)).json.authenticator.recoveryCodes).toBe(8)
  })

  it('new ones replace the former', async () => {
    const { own, recoveryCodes } = await withApp('jana')
    const { json } = await own.call('POST', `${PATH}/recovery-codes`, { password })
    expect((await enter('jana', recoveryCodes[0])).status).toBe(401)
    expect((await enter('jana', json.recoveryCodes[0])).status).toBe(200)
  })
})

describe('devices', () => {
  it('lists one’s own sessions, the asking one marked, and never a token', async () => {
    const own = server.browser({ 'user-agent': 'Firefox of Kira' })
    await own.signUp('kira')
    await server.browser({ 'user-agent': 'Phone of Kira' }).signIn('kira', password)
    await server.browser().signUp('lotte')
    const { json, text } = await own.call('GET', '/v1/account/sessions')
    expect(json.items.map((item: { userAgent: string }) => item.userAgent).sort()).toEqual([
      'Firefox of Kira',
      'Phone of Kira',
    ])
    expect(json.items.filter((item: { isThis: boolean }) => item.isThis)).toMatchObject([
      { userAgent: 'Firefox of Kira', address: '127.0.0.1' },
    ])
    expect(text).not.toContain(own.cookie.split('=')[1])
  })

  it('one can be ended, at once, by its owner only', async () => {
    const own = server.browser()
    await own.signUp('mona')
    const phone = server.browser()
    await phone.signIn('mona', password)
    const { items } = (await own.call('GET', '/v1/account/sessions')).json
    const { id } = items.find((item: { isThis: boolean }) => !item.isThis)
    const thief = server.browser()
    await thief.signUp('nele')
    expect((await thief.call('DELETE', `/v1/account/sessions/${id}`)).status).toBe(404)
    expect((await phone.call('GET', '/v1/session')).status).toBe(200)
    expect((await own.call('DELETE', `/v1/account/sessions/${id}`)).status).toBe(200)
    expect((await phone.call('GET', '/v1/session')).status).toBe(401)
    expect((await own.call('GET', '/v1/session')).status).toBe(200)
  })

  it('sign out everywhere ends all of them, this one too, and nobody else’s', async () => {
    const own = server.browser()
    await own.signUp('olivia')
    const phone = server.browser()
    await phone.signIn('olivia', password)
    const stranger = server.browser()
    await stranger.signUp('paula')
    expect((await own.call('DELETE', '/v1/account/sessions')).status).toBe(200)
    expect((await phone.call('GET', '/v1/session')).status).toBe(401)
    expect((await own.call('GET', '/v1/session')).status).toBe(401)
    expect((await stranger.call('GET', '/v1/session')).status).toBe(200)
  })
})

describe('a password that somebody else set', () => {
  it('opens nothing but the change to another one', async () => {
    const admin = await server.admin()
    await admin.call('POST', '/v1/users', { organization: 'built-in', name: 'quinn', isAdmin: true, password })
    const own = server.browser()
    expect((await own.signIn('quinn', password)).json.user.mustChangePassword).toBe(true)
    for (const [method, path] of [
      ['GET', '/v1/account'],
      ['GET', '/v1/users'],
      ['GET', PATH],
      ['PUT', '/v1/account/profile'],
    ] as const) {
      const body = method === 'PUT' ? { displayName: 'Q', email: 'q@example.com' } : undefined
      const answer = await own.call(method, path, body)
      expect([answer.status, answer.json.code]).toEqual([403, 'PASSWORD_CHANGE_NEEDED'])
    }
    const changePassword = (next: string) => own.call('PUT', '/v1/account/password', { current: password, next })
    expect((await changePassword(password)).status).toBe(422)
    expect((await changePassword('a password of my own')).status).toBe(200)
    expect((await own.call('GET', '/v1/users')).status).toBe(200)
  })
})
