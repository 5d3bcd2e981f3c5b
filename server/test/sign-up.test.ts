import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './harness.ts'

let server: TestServer
let admin: Awaited<ReturnType<TestServer['admin']>>
beforeAll(async () => {
  server = await startServer('sign-up')
  admin = await server.admin()
})
afterAll(() => server?.stop())
beforeEach(() => server.pool.query('delete from veridoor.rate_limits'))

const password = 'a long password'
const door = async (name: string, settings: Record<string, unknown>) => {
  const body = { organization: 'built-in', name, displayName: name, enableSignUp: true, ...settings }
  expect((await admin.call('POST', '/v1/applications', body)).status).toBe(201)
}
const signUp = (application: string, username: string, more: Record<string, unknown> = {}) => {
  const own = server.browser()
  return own
    .call('POST', '/v1/accounts', { application, username, password, ...more })
    .then((answer) => ({ own, answer }))
}
const pathsOf = (answer: { json: { data: { fields: { path: string }[] } } }): string[] =>
  answer.json.data.fields.map((field) => field.path).sort()

describe('sign-up', () => {
  it('asks for an email address, and nothing more, where nothing else is set', async () => {
    await door('plain', {})
    const { json } = await server.browser().call('GET', '/v1/sign-in-page?application=plain')
    expect(json.application.signUpFields).toEqual({
      email: 'required',
      displayName: 'off',
      realName: 'off',
      phone: 'off',
    })
    const { answer } = await signUp('plain', 'anna')
    expect([answer.status, pathsOf(answer)]).toEqual([422, ['email']])
    expect((await signUp('plain', 'anna', { email: 'anna@example.com' })).answer.status).toBe(201)
  })

  it('is refused without what the application needs, whatever page sent it', async () => {
    const signUpFields = { email: 'optional', displayName: 'required', realName: 'required', phone: 'required' }
    await door('curious', { signUpFields })
    const { answer } = await signUp('curious', 'bert', { realName: ' ' })
    expect([answer.status, pathsOf(answer)]).toEqual([422, ['displayName', 'phone', 'realName']])
    const all = { displayName: 'Bert', realName: 'Bert Brecht', phone: '+49 (30) 123-456' }
    const { own, answer: made } = await signUp('curious', 'bert', all)
    expect(made.status).toBe(201)
    const { json } = await own.call('GET', '/v1/account')
    expect(json).toMatchObject({ displayName: 'Bert', email: '', emailVerified: false, phone: '+49 (30) 123-456' })
    expect(json.identity).toMatchObject({ realName: 'Bert Brecht', isVerified: false })
    expect(json.application.asksPhone).toBe(true)
    expect((await admin.call('GET', '/v1/users/built-in/bert')).json.phone).toBe('+49 (30) 123-456')
  })

  it('takes nothing that the application does not ask for', async () => {
    const all = { displayName: 'Carl', realName: 'Carl Orff', phone: '123456', email: 'carl@example.com' }
    const { own, answer } = await signUp('plain', 'carl', all)
    expect(answer.status).toBe(201)
    const { json } = await own.call('GET', '/v1/account')
    expect([json.displayName, json.phone, json.identity.realName]).toEqual(['', '', ''])
  })

  it('takes no phone number that is none', async () => {
    const all = { displayName: 'D', realName: 'D', phone: 'call me <b>' }
    const { answer } = await signUp('curious', 'dora', all)
    expect([answer.status, pathsOf(answer)]).toEqual([422, ['phone']])
  })

  it('a setting that nobody knows is refused, and settings survive a change of something else', async () => {
    const { json } = await admin.call('GET', '/v1/applications/curious')
    const wrong = { ...json, signUpFields: { phone: 'perhaps' } }
    expect((await admin.call('PUT', '/v1/applications/curious', wrong)).status).toBe(422)
    const changed = await admin.call('PUT', '/v1/applications/curious', { ...json, displayName: 'Renamed' })
    expect(changed.json.signUpFields).toEqual(json.signUpFields)
  })
})

describe('an address that belongs to somebody', () => {
  const body = (username: string, email: string) => ({ application: 'plain', username, password, email })

  it('gives the same answer at sign-up as a free one, and its owner a message', async () => {
    await signUp('plain', 'olga', { email: 'olga@example.com' })
    await server.pool.query(
      `update veridoor.users set email_verified_at = now(), email_claimed_at = null where name = 'olga'`,
    )
    const taken = await server.browser().call('POST', '/v1/accounts', body('mallory', 'OLGA@example.com'))
    const free = await server.browser().call('POST', '/v1/accounts', body('mallorz', 'nobody@example.com'))
    const shape = ({ status, json }: typeof taken) => [status, Object.keys(json), Object.keys(json.user)]
    expect(shape(taken)).toEqual(shape(free))
    expect((await server.mailsTo('olga@example.com')).map(({ subject }) => subject)).toContain(
      'Somebody gave your email address',
    )
    expect((await server.mailsTo('OLGA@example.com')).length).toBe(0)
    // Sign-in and recovery by this address stay the owner's.
    expect((await server.browser().signIn('olga@example.com', password)).json.user.name).toBe('olga')
  })

  it('gives the same answer in the profile, too', async () => {
    const { own } = await signUp('plain', 'nina', { email: 'nina@example.com' })
    const save = (email: string) => own.call('PUT', '/v1/account/profile', { displayName: '', email, password })
    expect((await save('olga@example.com')).status).toBe(200)
    expect((await save('nina2@example.com')).status).toBe(200)
  })

  it('that nobody confirmed blocks nobody, and lapses after a day', async () => {
    await signUp('plain', 'squatter', { email: 'paul@example.com' })
    // Both accounts send their link to this address: a second later tells which of them is newer.
    server.clock.advance(1000)
    const { own, answer } = await signUp('plain', 'paul', { email: 'paul@example.com' })
    expect(answer.status).toBe(201)
    const link = (await server.mailsTo('paul@example.com'))[0]?.text ?? ''
    const token = /#([\w-]+)/.exec(link)?.[1]
    expect((await own.call('POST', '/v1/email-confirmations', { token })).status).toBe(200)
    server.clock.advance(86_400_001)
    await server.sweepRooms()
    const { rows } = await server.pool.query(
      `select name, email from veridoor.users where name in ('squatter', 'paul') order by name`,
    )
    expect(rows).toEqual([
      { name: 'paul', email: 'paul@example.com' },
      { name: 'squatter', email: '' },
    ])
  })
})

describe('names and organizations', () => {
  it('a name that speaks for the installation is not given, however it is spelled', async () => {
    for (const username of ['admin\u200b', 'аdmin', 'Administrator', 'ＡＤＭＩＮ'])
      expect((await signUp('plain', username, { email: 'x@example.com' })).answer.status, username).toBe(422)
  })

  it('nobody joins the built-in organization where its administrators have not said so', async () => {
    await door('silent', { enableSignUp: undefined })
    expect((await signUp('silent', 'late', { email: 'late@example.com' })).answer.status).toBe(403)
    await admin.call('POST', '/v1/organizations', { name: 'acme', displayName: 'Acme' })
    await admin.call('POST', '/v1/applications', { organization: 'acme', name: 'shop', displayName: 'Shop' })
    expect((await signUp('shop', 'anna', { email: 'anna@example.com' })).answer.status).toBe(201)
  })
})

describe('the profile', () => {
  it('lets the person change the phone number; the email address can be changed, not taken away', async () => {
    const { own } = await signUp('plain', 'emil', { email: 'emil@example.com' })
    const save = (body: Record<string, unknown>) => own.call('PUT', '/v1/account/profile', { displayName: '', ...body })
    expect((await save({ email: 'emil@example.com', phone: '030 1234' })).json.phone).toBe('030 1234')
    expect((await save({ email: 'emil@example.com' })).json.phone).toBe('030 1234')
    expect((await save({ email: '' })).status).toBe(422)
  })
})

describe('the colour of the door', () => {
  it('is the application’s, else its organization’s, and always a colour', async () => {
    const page = async () =>
      (await server.browser().call('GET', '/v1/sign-in-page?application=plain')).json.application.colour
    expect(await page()).toBe('')
    const organization = { displayName: 'Built-in organization', colour: '#7a1fa2' }
    expect((await admin.call('PUT', '/v1/organizations/built-in', organization)).status).toBe(200)
    expect(await page()).toBe('#7a1fa2')
    const { json } = await admin.call('GET', '/v1/applications/plain')
    expect((await admin.call('PUT', '/v1/applications/plain', { ...json, colour: '#FFCC00' })).status).toBe(200)
    expect(await page()).toBe('#FFCC00')
    for (const colour of ['red', 'url(https://evil.example)', '#fff', '#12345g'])
      expect((await admin.call('PUT', '/v1/applications/plain', { ...json, colour })).status).toBe(422)
  })
})
