import { TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { resetPassword, setPassword, workAccountJobs } from '../src/accounts/index.ts'
import { startServer, type TestServer } from './harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer('letters')
  await workAccountJobs(server.accounts)
})
afterAll(() => server?.stop())
beforeEach(() => server.pool.query('delete from veridoor.rate_limits'))

const password = 'a long password'
const MINUTE_MS = 60_000
const addressOf = (name: string): string => `${name}@example.com`
const tokenIn = (text: string): string => /#([\w-]{43})/.exec(text)?.[1] ?? ''

/** Letters of one subject to a person, the newest first, once there are so many of them. */
const lettersTo = async (name: string, subject: string, many = 1): Promise<string[]> => {
  const found = async () => (await server.mailsTo(addressOf(name))).filter((mail) => mail.subject === subject)
  await expect.poll(async () => (await found()).length, { timeout: 10_000 }).toBe(many)
  return (await found()).map((mail) => mail.text)
}
/** When every letter that was asked for has been written, or not. */
const allWritten = () =>
  expect
    .poll(
      async () =>
        (
          await server.pool.query(
            `select count(*)::int n from jobs.job where name = 'account-email' and state in ('created', 'active', 'retry')`,
          )
        ).rows[0].n,
      { timeout: 10_000 },
    )
    .toBe(0)

describe('a forgotten password', () => {
  const ask = (username: string, own = server.browser()) => own.call('POST', '/v1/password-resets', { username })
  const complete = (token: string, next: string, own = server.browser()) =>
    own.call('POST', '/v1/password-resets/complete', { token, password: next })
  const linkFor = async (name: string, many = 1): Promise<string> => {
    // Letters of one moment have no order.
    server.clock.advance(1000)
    expect((await ask(addressOf(name))).status).toBe(200)
    const [text = ''] = await lettersTo(name, 'Choose a new password', many)
    return tokenIn(text)
  }

  it('is replaced by a link, once; other sessions end, and the person is told', async () => {
    const own = server.browser()
    await own.signUp('alma')
    const token = await linkFor('alma')
    expect((await complete(token, 'another long password')).status).toBe(200)
    expect((await own.call('GET', '/v1/session')).status).toBe(401)
    expect((await server.browser().signIn('alma', password)).status).toBe(401)
    expect((await server.browser().signIn('alma', 'another long password')).status).toBe(200)
    const again = await complete(token, 'a third long password')
    expect([again.status, again.json.code]).toEqual([410, 'LINK_REFUSED'])
    await lettersTo('alma', 'Your password was changed')
    const { rows } = await server.pool.query(
      `select action, reasons from veridoor.audit_lines where target = 'built-in/alma' and action like '%password' order by number`,
    )
    expect(rows).toEqual([
      { action: 'ask-for-password', reasons: [] },
      { action: 'set-password', reasons: ['link'] },
    ])
  })

  it('asked for twice, the former link opens nothing; after 30 minutes, neither does the last', async () => {
    await server.browser().signUp('beate')
    const first = await linkFor('beate')
    const second = await linkFor('beate', 2)
    expect((await complete(first, 'another long password')).status).toBe(410)
    server.clock.advance(30 * MINUTE_MS)
    expect((await complete(second, 'another long password')).status).toBe(410)
    expect((await server.browser().signIn('beate', password)).status).toBe(200)
  })

  it('two that use a link at the same moment: one does', async () => {
    await server.browser().signUp('carla')
    const token = await linkFor('carla')
    const both = await Promise.all([
      complete(token, 'password of the first'),
      complete(token, 'password of the second'),
    ])
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 410])
  })

  it('is answered alike, to the word and the cookie, for an unknown name, a suspended account and one without an address', async () => {
    const admin = await server.admin()
    await admin.call('POST', '/v1/users', { organization: 'built-in', name: 'addressless', password })
    await server.browser().signUp('dagmar')
    const { json } = await admin.call('GET', '/v1/users/built-in/dagmar')
    await admin.call('PUT', '/v1/users/built-in/dagmar', { ...json, isForbidden: true })
    await server.browser().signUp('elke')
    const answers = []
    for (const name of ['elke', 'nobody-here', 'nobody@example.com', 'dagmar', 'addressless'])
      answers.push(await ask(name))
    const seen = answers.map(({ status, text, headers }) => ({ status, text, cookies: headers['set-cookie'] }))
    expect(new Set(seen.map((entry) => JSON.stringify(entry))).size).toBe(1)
    await allWritten()
    await lettersTo('elke', 'Choose a new password')
    await lettersTo('dagmar', 'Choose a new password', 0)
  })

  it('five letters an hour to one account, without telling; strangers cannot use up those of a known device', async () => {
    const own = server.browser()
    await own.signUp('frieda')
    const answers = new Set<number>()
    for (let n = 0; n < 8; n += 1) answers.add((await ask('frieda', server.browser({}, `203.0.113.${n}`))).status)
    expect([...answers]).toEqual([200])
    await allWritten()
    await lettersTo('frieda', 'Choose a new password', 5)
    await own.call('DELETE', '/v1/session')
    expect((await ask('frieda', own)).status).toBe(200)
    await lettersTo('frieda', 'Choose a new password', 6)
  })

  it('from one address, who asks too often is told so', async () => {
    const statuses = []
    for (let n = 0; n < 21; n += 1) statuses.push((await ask(`nobody-${n}`)).status)
    expect(statuses.slice(0, 20).every((status) => status === 200)).toBe(true)
    expect(statuses[20]).toBe(429)
  })

  it('does not go round the second step, and ends the duty to change a password that somebody else set', async () => {
    const own = server.browser()
    await own.signUp('greta')
    const { secret } = (await own.call('POST', '/v1/account/security/authenticator', { password })).json
    const code = () => new TOTP({ secret }).generate({ timestamp: server.clock.now().getTime() })
    await own.call('POST', '/v1/account/security/authenticator/confirm', { code: code() })
    server.clock.advance(30_000)
    // On an address that was never confirmed, the second step would end too.
    await server.pool.query(
      `update veridoor.users set must_change_password = true, email_verified_at = now() where name = 'greta'`,
    )
    expect((await complete(await linkFor('greta'), 'another long password')).status).toBe(200)
    const asked = await server.browser().signIn('greta', 'another long password')
    expect(asked.json.code).toBe('SECOND_STEP_NEEDED')
    const entered = await server
      .browser()
      .call('POST', '/v1/session', { username: 'greta', password: 'another long password', code: code() })
    expect(entered.json.user.mustChangePassword).toBe(false)
  })

  it('the link is worthless once the address or the password is another one', async () => {
    const own = server.browser()
    await own.signUp('hanna')
    const first = await linkFor('hanna')
    await own.call('PUT', '/v1/account/profile', { displayName: '', email: 'hanna2@example.com', password })
    expect((await complete(first, 'another long password')).status).toBe(410)
    await own.call('PUT', '/v1/account/profile', { displayName: '', email: addressOf('hanna'), password })
    const second = await linkFor('hanna', 2)
    await own.call('PUT', '/v1/account/password', { current: password, next: 'chosen on the page' })
    expect((await complete(second, 'another long password')).status).toBe(410)
  })

  it('the link is worthless once somebody else has set the password; what an operator resets forgets devices, too', async () => {
    await server.browser().signUp('ilse')
    const first = await linkFor('ilse')
    const actor = { name: 'built-in/admin', address: '192.0.2.1' }
    await setPassword(server.accounts, actor, 'built-in', 'ilse', { next: 'set by somebody else' })
    expect((await complete(first, 'another long password')).status).toBe(410)
    const second = await linkFor('ilse', 2)
    const { db, clock, audit } = server
    const devices = async () =>
      (
        await server.pool.query(
          `select d.user_id from veridoor.known_devices d join veridoor.users u on u.id = d.user_id where u.name = 'ilse'`,
        )
      ).rows.length
    expect(await devices()).toBe(0)
    await server.browser().signIn('ilse', 'set by somebody else')
    expect(await devices()).toBe(1)
    await resetPassword(
      { db, clock, audit, budgets: server.budgets, onTrustEnded: [] },
      'built-in',
      'ilse',
      'set by the operator',
    )
    expect((await complete(second, 'another long password')).status).toBe(410)
    expect(await devices()).toBe(0)
  })

  it('is not offered where the application has passwords off, and takes no short one', async () => {
    const admin = await server.admin()
    await admin.call('POST', '/v1/applications', {
      organization: 'built-in',
      name: 'no-passwords',
      displayName: 'No passwords',
      enablePassword: false,
    })
    const answer = await server
      .browser()
      .call('POST', '/v1/password-resets', { application: 'no-passwords', username: 'x' })
    expect(answer.status).toBe(403)
    expect((await complete('x', 'short')).status).toBe(422)
  })
})

describe('an email address', () => {
  const confirm = (token: string) => server.browser().call('POST', '/v1/email-confirmations', { token })
  const isConfirmed = async (own: ReturnType<TestServer['browser']>): Promise<boolean> =>
    (await own.call('GET', '/v1/account')).json.emailVerified

  it('is confirmed by the link that sign-up sends, in any browser, once', async () => {
    const own = server.browser()
    await own.signUp('ida')
    expect(await isConfirmed(own)).toBe(false)
    const [text = ''] = await lettersTo('ida', 'Confirm your email address')
    expect((await confirm(tokenIn(text))).status).toBe(200)
    expect(await isConfirmed(own)).toBe(true)
    expect((await confirm(tokenIn(text))).status).toBe(410)
    expect((await own.call('GET', '/api/get-account')).json.data.emailVerified).toBe(true)
    const admin = await server.admin()
    expect((await admin.call('GET', '/v1/users/built-in/ida')).json.emailVerified).toBe(true)
  })

  it('changed, it is unconfirmed again, the former is told without the new one, and the former link opens nothing', async () => {
    const own = server.browser()
    await own.signUp('johanna')
    const [first = ''] = await lettersTo('johanna', 'Confirm your email address')
    const profile = (email: string) => own.call('PUT', '/v1/account/profile', { displayName: '', email, password })
    expect((await profile('new-johanna@example.com')).json.emailVerified).toBe(false)
    expect((await confirm(tokenIn(first))).status).toBe(410)
    const [told = ''] = await lettersTo('johanna', 'Your email address was changed')
    expect(told).not.toContain('new-johanna')
    const [second = ''] = await lettersTo('new-johanna', 'Confirm your email address')
    expect((await confirm(tokenIn(second))).status).toBe(200)
    expect(await isConfirmed(own)).toBe(true)
    // The same address in other capitals is the same mailbox.
    expect((await profile('New-Johanna@Example.com')).json.emailVerified).toBe(true)
  })

  it('is changed with the password only, or soon after signing in where there is none: a device left open is not enough', async () => {
    const own = server.browser()
    await own.signUp('jutta')
    const save = (email: string, word?: string) =>
      own.call('PUT', '/v1/account/profile', { displayName: 'Jutta', email, password: word })
    for (const word of [undefined, '', 'not the password']) {
      const answer = await save('thief@example.com', word)
      expect([answer.status, answer.json.data.fields[0].path]).toEqual([422, 'password'])
    }
    expect((await save(addressOf('jutta'))).status).toBe(200)
    expect((await save('jutta-new@example.com', password)).status).toBe(200)
    await server.pool.query(`update veridoor.users set password_hash = '' where name = 'jutta'`)
    expect((await save('jutta-newer@example.com')).status).toBe(200)
    server.clock.advance(11 * MINUTE_MS)
    const late = await save('thief@example.com')
    expect([late.status, late.json.data.reason]).toEqual([403, 'recent_sign_in_needed'])
  })

  it('changed by an administrator, it is the same', async () => {
    await server.browser().signUp('karla')
    const [text = ''] = await lettersTo('karla', 'Confirm your email address')
    await confirm(tokenIn(text))
    const admin = await server.admin()
    const { json } = await admin.call('GET', '/v1/users/built-in/karla')
    const kept = await admin.call('PUT', '/v1/users/built-in/karla', { ...json, displayName: 'Karla' })
    expect(kept.json.emailVerified).toBe(true)
    const changed = await admin.call('PUT', '/v1/users/built-in/karla', {
      ...kept.json,
      email: 'karla-new@example.com',
    })
    expect(changed.json.emailVerified).toBe(false)
    await lettersTo('karla', 'Your email address was changed')
    await lettersTo('karla-new', 'Confirm your email address')
  })

  it('the letter comes again when asked for, five times an hour, and not once it is confirmed', async () => {
    const own = server.browser()
    await own.signUp('lilli')
    const requestConfirmation = () => own.call('POST', '/v1/account/email/confirmation')
    for (let n = 0; n < 5; n += 1) {
      server.clock.advance(1000)
      expect((await requestConfirmation()).status).toBe(200)
    }
    expect((await requestConfirmation()).status).toBe(429)
    const [text = ''] = await lettersTo('lilli', 'Confirm your email address', 6)
    server.clock.advance(60 * MINUTE_MS)
    expect((await confirm(tokenIn(text))).status).toBe(200)
    await requestConfirmation()
    await lettersTo('lilli', 'Confirm your email address', 6)
  })

  it('a link for one thing does not open another, and none is good after a day', async () => {
    await server.browser().signUp('marie')
    const [text = ''] = await lettersTo('marie', 'Confirm your email address')
    const reset = await server
      .browser()
      .call('POST', '/v1/password-resets/complete', { token: tokenIn(text), password: 'another long password' })
    expect(reset.status).toBe(410)
    server.clock.advance(24 * 60 * MINUTE_MS)
    expect((await confirm(tokenIn(text))).status).toBe(410)
  })
})

describe('a code by mail', () => {
  const door = 'code-door'
  beforeAll(async () => {
    const admin = await server.admin()
    await admin.call('POST', '/v1/applications', {
      organization: 'built-in',
      name: door,
      displayName: 'Code door',
      enablePassword: false,
      enableEmailCode: true,
    })
  })
  const ask = (own: ReturnType<TestServer['browser']>, username: string) =>
    own.call('POST', '/v1/session/email-code', { application: door, username })
  const enter = (own: ReturnType<TestServer['browser']>, emailCode: string, code?: string) =>
    own.call('POST', '/v1/session/email-code/complete', { application: door, emailCode, code })
  const codeFor = async (own: ReturnType<TestServer['browser']>, name: string, many = 1): Promise<string> => {
    server.clock.advance(1000)
    expect((await ask(own, name)).status).toBe(200)
    const [text = ''] = await lettersTo(name, 'Your code to sign in', many)
    return /^ {4}(\d{6})$/m.exec(text)?.[1] ?? ''
  }
  const other = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

  it('signs in once, in the browser that asked, and confirms the address', async () => {
    await server.browser().signUp('nadja')
    const own = server.browser()
    const code = await codeFor(own, 'nadja')
    expect((await enter(server.browser(), code)).json.code).toBe('EMAIL_CODE_REFUSED')
    const answer = await enter(own, `${code.slice(0, 3)} ${code.slice(3)}`)
    expect(answer.status).toBe(200)
    expect(answer.json.user.name).toBe('nadja')
    expect((await own.call('GET', '/v1/account')).json.emailVerified).toBe(true)
    expect((await enter(own, code)).status).toBe(401)
    const { rows } = await server.pool.query(
      `select methods from veridoor.sessions s join veridoor.users u on u.id = s.user_id where u.name = 'nadja' order by s.created_at`,
    )
    expect(rows).toContainEqual({ methods: 'otp' })
  })

  it('ends after five wrong ones, also when they come at once, and after ten minutes', async () => {
    await server.browser().signUp('olga')
    const own = server.browser()
    const code = await codeFor(own, 'olga')
    for (let n = 0; n < 4; n += 1) expect((await enter(own, other(code))).status).toBe(401)
    await Promise.all(Array.from({ length: 5 }, () => enter(own, other(code))))
    expect((await enter(own, code)).status).toBe(401)
    const fresh = await codeFor(own, 'olga', 2)
    server.clock.advance(10 * MINUTE_MS)
    expect((await enter(own, fresh)).status).toBe(401)
  })

  it('two that use it at the same moment: one gets in', async () => {
    await server.browser().signUp('petra')
    const own = server.browser()
    const code = await codeFor(own, 'petra')
    const both = await Promise.all([enter(own, code), enter(own, code)])
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 401])
  })

  it('is followed by the second step of who has one, and stays good until that is passed', async () => {
    const own = server.browser()
    await own.signUp('rahel')
    const { secret } = (await own.call('POST', '/v1/account/security/authenticator', { password })).json
    const app = () => new TOTP({ secret }).generate({ timestamp: server.clock.now().getTime() })
    await own.call('POST', '/v1/account/security/authenticator/confirm', { code: app() })
    server.clock.advance(30_000)
    const phone = server.browser()
    const code = await codeFor(phone, 'rahel')
    expect((await enter(phone, code)).json.code).toBe('SECOND_STEP_NEEDED')
    expect((await enter(phone, code, '000000')).json.code).toBe('SECOND_STEP_REFUSED')
    expect((await enter(phone, other(code), app())).json.code).toBe('EMAIL_CODE_REFUSED')
    expect((await enter(phone, code, app())).status).toBe(200)
  })

  it('is asked for with the same answer for an unknown name, and lies nowhere in clear', async () => {
    await server.browser().signUp('selma')
    const own = server.browser()
    const code = await codeFor(own, 'selma')
    const seen = async (name: string) => {
      const { status, text, headers } = await ask(server.browser(), name)
      return { status, text, cookie: String(headers['set-cookie']).replace(/=[\w-]{43};/, '=…;') }
    }
    expect(await seen('nobody-here')).toEqual(await seen('selma'))
    await allWritten()
    for (const table of ['veridoor.mailed_codes', 'veridoor.mails', 'veridoor.audit_lines', 'jobs.job'])
      expect(JSON.stringify((await server.pool.query(`select * from ${table}`)).rows)).not.toContain(code)
    expect(server.logLines.join('')).not.toContain(code)
  })

  it('is for applications that turned it on, and for people of their organization', async () => {
    const off = await server.browser().call('POST', '/v1/session/email-code', { username: 'selma' })
    expect(off.status).toBe(403)
    const admin = await server.admin()
    await admin.call('POST', '/v1/organizations', { name: 'elsewhere', displayName: 'Elsewhere' })
    await admin.call('POST', '/v1/applications', {
      organization: 'elsewhere',
      name: 'elsewhere-door',
      displayName: 'Elsewhere',
      enableEmailCode: true,
    })
    await server.browser().signUp('tamara')
    const own = server.browser()
    const code = await codeFor(own, 'tamara')
    const body = { application: 'elsewhere-door', emailCode: code }
    expect((await own.call('POST', '/v1/session/email-code/complete', body)).status).toBe(401)
  })
})
