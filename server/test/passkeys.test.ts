import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN_PASSWORD, startServer, type TestServer } from './harness.ts'
import { type Circumstances, newAuthenticator } from './virtual-authenticator.ts'

type Browser = ReturnType<TestServer['browser']>
type Authenticator = ReturnType<typeof newAuthenticator>

let server: TestServer
beforeAll(async () => {
  server = await startServer('passkeys')
})
afterAll(() => server?.stop())
beforeEach(() => server.pool.query('delete from veridoor.rate_limits'))

const password = 'a long password'
const PATH = '/v1/account/security/passkeys'
const here = { origin: 'http://localhost:8000', rpId: 'localhost' }

const startAdding = async (own: Browser, word = password) => {
  const { status, json } = await own.call('POST', `${PATH}/options`, { password: word })
  expect(status).toBe(200)
  return json as { challenge: string; user: { id: string } }
}
const add = async (own: Browser, device: Authenticator, lies: Partial<Circumstances> = {}, word = password) => {
  const { challenge, user } = await startAdding(own, word)
  return own.call('POST', PATH, { name: 'Mine', response: device.create({ ...here, challenge, ...lies }, user.id) })
}
/** A person with one passkey. */
const withPasskey = async (name: string, application?: string) => {
  const own = server.browser()
  await own.signUp(name, application)
  const device = newAuthenticator()
  expect((await add(own, device)).status).toBe(200)
  return { own, device }
}
const question = async (own: Browser): Promise<string> =>
  (await own.call('POST', '/v1/session/passkey/options')).json.challenge
const answer = (own: Browser, response: unknown, application?: string) =>
  own.call('POST', '/v1/session/passkey', { application, response })
const enter = async (
  device: Authenticator,
  lies: Partial<Circumstances> = {},
  application?: string,
  own = server.browser(),
) => {
  const challenge = await question(own)
  return answer(own, device.get({ ...here, challenge, ...lies }), application)
}
const refused = [401, 'PASSKEY_REFUSED']
const outcome = ({ status, json }: { status: number; json: { code?: string } }) => [status, json.code]

describe('signing in with a passkey', () => {
  it('lets its holder in, without a name, as proof of possession and of the person', async () => {
    const { device } = await withPasskey('ada')
    const own = server.browser()
    const entered = await enter(device, {}, undefined, own)
    expect(entered.status).toBe(200)
    expect(entered.json.user.name).toBe('ada')
    const { rows } = await server.pool.query(
      `select methods from veridoor.sessions s join veridoor.users u on u.id = s.user_id where u.name = 'ada' and methods <> 'pwd'`,
    )
    expect(rows).toEqual([{ methods: 'pop user' }])
  })

  it('is refused from another site, another port and another host name', async () => {
    const { device } = await withPasskey('bea')
    for (const lie of [
      { origin: 'https://evil.example' },
      { origin: 'http://localhost:8001' },
      { origin: 'https://localhost:8000' },
      { origin: 'http://localhost:8000.evil.example' },
      { rpId: 'evil.example' },
    ])
      expect(outcome(await enter(device, lie)), JSON.stringify(lie)).toEqual(refused)
    expect((await enter(device)).status).toBe(200)
  })

  it('is refused after five minutes', async () => {
    const { device } = await withPasskey('cora')
    const own = server.browser()
    const challenge = await question(own)
    server.clock.advance(300_000)
    expect(outcome(await answer(own, device.get({ ...here, challenge })))).toEqual(refused)
  })

  it('an answer is taken once, also when it comes twice at the same moment, and only from the browser that was asked', async () => {
    const { device } = await withPasskey('dora')
    const own = server.browser()
    const response = device.get({ ...here, challenge: await question(own) })
    expect(outcome(await answer(server.browser(), response))).toEqual(refused)
    const both = await Promise.all([answer(own, response), answer(own, response)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401])
    expect(outcome(await answer(own, response))).toEqual(refused)
    const other = server.browser()
    await question(other)
    expect(outcome(await answer(other, response))).toEqual(refused)
  })

  it('a question that we never asked is answered by nobody', async () => {
    const { device } = await withPasskey('edda')
    const challenge = Buffer.from('made up by somebody else').toString('base64url')
    expect(outcome(await enter(device, { challenge }))).toEqual(refused)
  })

  it('needs the PIN or the finger, not only the device', async () => {
    const { device } = await withPasskey('fina')
    expect(outcome(await enter(device, { isUserVerified: false }))).toEqual(refused)
  })

  it('somebody else’s passkey, under one’s own signature or name, opens nothing', async () => {
    const { device: victim } = await withPasskey('gerti')
    const { device: thief } = await withPasskey('hella')
    expect(outcome(await enter(thief, { credentialId: victim.id }))).toEqual(refused)
    const { rows } = await server.pool.query(`select id, name from veridoor.users where name in ('gerti', 'hella')`)
    const handleOf = (name: string): string =>
      Buffer.from(rows.find((row) => row.name === name).id).toString('base64url')
    expect(outcome(await enter(thief, { userHandle: handleOf('gerti') }))).toEqual(refused)
    const both = { credentialId: victim.id, userHandle: handleOf('gerti') }
    expect(outcome(await enter(thief, both))).toEqual(refused)
    expect(outcome(await enter(victim, { userHandle: '' }))).toEqual(refused)
    expect((await enter(victim)).json.user.name).toBe('gerti')
    expect((await enter(thief)).json.user.name).toBe('hella')
  })

  it('a changed signature, and an answer that was made for adding one, are refused', async () => {
    const { device } = await withPasskey('ilka')
    const own = server.browser()
    const response = device.get({ ...here, challenge: await question(own) })
    const bytes = Buffer.from(response.response.signature, 'base64url')
    const last = bytes.length - 1
    bytes[last] = (bytes[last] ?? 0) ^ 1
    const changed = { ...response, response: { ...response.response, signature: bytes.toString('base64url') } }
    expect(outcome(await answer(own, changed))).toEqual(refused)
    expect(outcome(await enter(device, { type: 'webauthn.create' }))).toEqual(refused)
  })

  it('a copy of the device, told by a counter that goes back, is refused', async () => {
    const { device } = await withPasskey('jette')
    device.setCounter(10)
    expect((await enter(device)).status).toBe(200)
    device.setCounter(4)
    expect(outcome(await enter(device))).toEqual(refused)
  })

  it('opens only doors of the person’s organization; administrators of the installation enter at each', async () => {
    const root = await server.admin()
    for (const name of ['acme', 'globex']) {
      await root.call('POST', '/v1/organizations', { name, displayName: name })
      await root.call('POST', '/v1/applications', { organization: name, name: `${name}-app`, displayName: name })
    }
    const { device } = await withPasskey('kaja', 'acme-app')
    expect(outcome(await enter(device, {}, 'globex-app'))).toEqual(refused)
    expect(outcome(await enter(device))).toEqual(refused)
    expect((await enter(device, {}, 'acme-app')).status).toBe(200)
    const roots = newAuthenticator()
    expect((await add(root, roots, {}, ADMIN_PASSWORD)).status).toBe(200)
    expect((await enter(roots, {}, 'globex-app')).json.user).toMatchObject({ name: 'admin', isGlobalAdmin: true })
  })

  it('ends with the passkey, and with the account’s suspension, which is told to its holder only', async () => {
    const { own, device } = await withPasskey('lotta')
    const root = await server.admin()
    const { json } = await root.call('GET', '/v1/users/built-in/lotta')
    await root.call('PUT', '/v1/users/built-in/lotta', { ...json, isForbidden: true })
    expect(outcome(await enter(device))).toEqual([403, 'FORBIDDEN'])
    const { json: suspended } = await root.call('GET', '/v1/users/built-in/lotta')
    await root.call('PUT', '/v1/users/built-in/lotta', { ...suspended, isForbidden: false })
    await own.signIn('lotta', password)
    expect((await own.call('DELETE', `${PATH}/${device.id}`)).status).toBe(200)
    expect(outcome(await enter(device))).toEqual(refused)
  })
})

describe('adding a passkey', () => {
  it('is refused from another site or host name, without PIN or finger, and as an answer to signing in', async () => {
    const own = server.browser()
    await own.signUp('mara')
    for (const lie of [
      { origin: 'https://evil.example' },
      { origin: 'http://localhost:8001' },
      { rpId: 'evil.example' },
      { isUserVerified: false },
      { type: 'webauthn.get' as const },
      { challenge: Buffer.from('made up by somebody else').toString('base64url') },
    ])
      expect(outcome(await add(own, newAuthenticator(), lie)), JSON.stringify(lie)).toEqual(refused)
    expect((await own.call('GET', '/v1/account/security')).json.passkeys).toEqual([])
  })

  it('is refused after five minutes, a second time, and for a question that another person was asked', async () => {
    const own = server.browser()
    await own.signUp('nele')
    const stranger = server.browser()
    await stranger.signUp('olli')
    const send = (who: Browser, asked: { challenge: string; user: { id: string } }, device = newAuthenticator()) =>
      who.call('POST', PATH, {
        name: 'x',
        response: device.create({ ...here, challenge: asked.challenge }, asked.user.id),
      })
    const late = await startAdding(own)
    server.clock.advance(300_000)
    expect(outcome(await send(own, late))).toEqual(refused)
    const asked = await startAdding(own)
    expect(outcome(await send(stranger, asked))).toEqual(refused)
    expect((await send(own, asked)).status).toBe(200)
    expect(outcome(await send(own, asked))).toEqual(refused)
    const forSignIn = await question(own)
    expect(outcome(await send(own, { ...asked, challenge: forSignIn }))).toEqual(refused)
  })

  it('one that is somebody’s already stays theirs', async () => {
    const { device } = await withPasskey('paula')
    const thief = server.browser()
    await thief.signUp('rieke')
    expect(outcome(await add(thief, device))).toEqual([409, 'CONFLICT'])
    const { rows } = await server.pool.query(
      'select u.name from veridoor.passkeys p join veridoor.users u on u.id = p.user_id where p.id = $1',
      [device.id],
    )
    expect(rows).toEqual([{ name: 'paula' }])
  })
})
