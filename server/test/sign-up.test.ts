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
  const body = { organization: 'built-in', name, displayName: name, ...settings }
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
