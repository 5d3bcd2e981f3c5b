import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { workAccountJobs } from '../src/accounts/index.ts'
import { startServer, type TestServer } from './harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer('lock-out')
})
afterAll(() => server?.stop())
beforeEach(() => server.pool.query('delete from veridoor.rate_limits'))

const password = 'a long password'
/** Somebody at an address of their own, in a browser that was never here. */
const strangerAt = (n: number) => server.browser({}, `198.51.${100 + Math.floor(n / 250)}.${n % 250}`)
const attack = async (name: string, times: number): Promise<number[]> => {
  const statuses: number[] = []
  for (let n = 0; n < times; n += 1) statuses.push((await strangerAt(n).signIn(name, 'not the password')).status)
  return statuses
}

describe('an attack from many addresses', () => {
  it('gets thirty tries in a quarter of an hour, and the owner still gets in on a device used before', async () => {
    const own = server.browser({}, '203.0.113.1')
    await own.signUp('ada')
    await own.call('DELETE', '/v1/session')
    const statuses = await attack('ada', 40)
    expect(statuses.slice(0, 30).every((status) => status === 401)).toBe(true)
    expect(statuses.slice(30).every((status) => status === 429)).toBe(true)
    expect((await own.signIn('ada', password)).status).toBe(200)
    // A device that nobody signed in with waits, right password or not: else the answer would tell which one is right.
    expect((await server.browser({}, '203.0.113.2').signIn('ada', password)).status).toBe(429)
    server.clock.advance(900_001)
    expect((await server.browser({}, '203.0.113.2').signIn('ada', password)).status).toBe(200)
  })

  it('an unknown name is counted in the same way, so that the wait tells nothing', async () => {
    await server.browser().signUp('bella')
    expect(await attack('bella', 32)).toEqual(await attack('nobody-of-that-name', 32))
  })

  it('from the owner’s own address, a shared one, does not lock the known device out either', async () => {
    const office = '203.0.113.9'
    const own = server.browser({}, office)
    await own.signUp('cora')
    await own.call('DELETE', '/v1/session')
    for (let n = 0; n < 61; n += 1) await server.browser({}, office).signIn(n % 2 ? 'cora' : `colleague-${n}`, 'wrong')
    expect((await server.browser({}, office).signIn('cora', password)).status).toBe(429)
    expect((await own.signIn('cora', password)).status).toBe(200)
  })

  it('a new password by link makes the browser known, so that there is a way in from a new device', async () => {
    await workAccountJobs(server.accounts)
    await server.browser().signUp('dana')
    await attack('dana', 31)
    const own = server.browser({}, '203.0.113.20')
    expect((await own.signIn('dana', password)).status).toBe(429)
    await own.call('POST', '/v1/password-resets', { username: 'dana' })
    const link = async () =>
      (await server.mailsTo('dana@example.com')).find((mail) => mail.subject === 'Choose a new password')?.text
    await expect.poll(link, { timeout: 10_000 }).toBeDefined()
    const token = /#([\w-]+)/.exec((await link()) ?? '')?.[1]
    const next = 'another long password'
    expect((await own.call('POST', '/v1/password-resets/complete', { token, password: next })).status).toBe(200)
    expect((await own.signIn('dana', next)).status).toBe(200)
  })
})

describe('a known device', () => {
  it('has a count of its own: eight wrong passwords, then a wait', async () => {
    const own = server.browser()
    await own.signUp('edith')
    for (let n = 0; n < 8; n += 1) expect((await own.signIn('edith', 'wrong')).status).toBe(401)
    expect((await own.signIn('edith', password)).status).toBe(429)
    server.clock.advance(900_001)
    expect((await own.signIn('edith', password)).status).toBe(200)
  })

  it('is known to the account that was signed in there, and to no other', async () => {
    const own = server.browser({}, '203.0.113.30')
    await own.signUp('fanny')
    await server.browser().signUp('gitta')
    await attack('gitta', 31)
    expect((await own.signIn('gitta', password)).status).toBe(429)
  })

  it('is recognised by a cookie that scripts cannot read, which stands in no table and cannot be made up', async () => {
    const own = server.browser()
    const answer = await own.signUp('helga')
    const set = String(answer.headers['set-cookie'])
    expect(set).toMatch(/veridoor_device=[\w-]{43}; [^,]*HttpOnly/)
    const device = /veridoor_device=([\w-]{43})/.exec(own.cookies)?.[1] ?? ''
    const { rows } = await server.pool.query('select * from veridoor.known_devices')
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(device)
    const made = await server
      .browser({ cookie: 'veridoor_device=short' })
      .call('POST', '/v1/session', { username: 'helga', password })
    expect(String(made.headers['set-cookie'])).toMatch(/veridoor_device=[\w-]{43};/)
  })

  it('is forgotten when its person signs out everywhere, and after half a year', async () => {
    const own = server.browser()
    await own.signUp('irma')
    const count = async () =>
      (
        await server.pool.query(
          `select count(*)::int n from veridoor.known_devices d join veridoor.users u on u.id = d.user_id where u.name = 'irma'`,
        )
      ).rows[0].n
    expect(await count()).toBe(1)
    await own.call('DELETE', '/v1/account/sessions')
    expect(await count()).toBe(0)
    await own.signIn('irma', password)
    expect(await count()).toBe(1)
    server.clock.advance(181 * 86_400_000)
    await server.sweepRooms()
    expect(await count()).toBe(0)
  })
})
