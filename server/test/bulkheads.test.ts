import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ada, startServer, type TestServer } from './harness.ts'

let server: TestServer
const open: Server[] = []
beforeAll(async () => {
  server = await startServer('bulkheads')
})
afterAll(async () => {
  for (const one of open) {
    one.closeAllConnections()
    one.close()
  }
  await server?.webhooks.stop()
  await server?.stop()
}, 60_000)
beforeEach(() => server.pool.query('delete from veridoor.rate_limits'))

const listen = async (answer: (reply: () => void) => void): Promise<{ url: string; count: () => number }> => {
  let calls = 0
  const one = createServer((_request, response) => {
    calls += 1
    answer(() => response.writeHead(204).end())
  })
  open.push(one)
  await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(one.address() as AddressInfo).port}/hook`, count: () => calls }
}

describe('webhooks', () => {
  it('that nobody answers in one organization leave the delivery of another under a second', async () => {
    const admin = await server.admin()
    for (const name of ['silent', 'quick']) await admin.call('POST', '/v1/organizations', { name, displayName: name })
    const silent = await listen(() => {})
    const quick = await listen((reply) => reply())
    const add = async (organization: string, url: string): Promise<string> =>
      (await admin.call('POST', '/v1/webhooks', { organization, url, description: '', types: [] })).json.webhook.id
    // Eighty deliveries over several endpoints, as one tenant could make them.
    for (let n = 0; n < 8; n += 1) {
      const endpoint = await add('silent', silent.url)
      for (let test = 0; test < 10; test += 1) await server.webhooks.sendTest({ name: 'a/b', address: '' }, endpoint)
    }
    const own = await add('quick', quick.url)
    void server.webhooks.tick()
    await expect.poll(silent.count, { timeout: 5_000 }).toBeGreaterThan(0)
    const from = performance.now()
    await server.webhooks.sendTest({ name: 'a/b', address: '' }, own)
    await server.webhooks.tick()
    await expect.poll(quick.count, { timeout: 5_000, interval: 10 }).toBe(1)
    expect(performance.now() - from).toBeLessThan(1_000)
    expect(silent.count()).toBeLessThanOrEqual(8)
  }, 60_000)

  it('tests of one endpoint are limited, and the wait is told', async () => {
    const admin = await server.admin()
    await admin.call('POST', '/v1/organizations', { name: 'tester', displayName: 'tester' })
    const hook = await listen((reply) => reply())
    const made = await admin.call('POST', '/v1/webhooks', {
      organization: 'tester',
      url: hook.url,
      description: '',
      types: [],
    })
    const statuses: number[] = []
    let last: Awaited<ReturnType<typeof admin.call>> | undefined
    for (let n = 0; n < 32; n += 1) {
      last = await admin.call('POST', `/v1/webhooks/${made.json.webhook.id}/test`)
      statuses.push(last.status)
    }
    expect(statuses.filter((status) => status === 429)).toHaveLength(2)
    expect(Number(last?.headers['retry-after'])).toBeGreaterThan(0)
  }, 60_000)
})

describe('passwords', () => {
  it('wait for a hash in a queue of bounded length, and get 503 with a time to come back beyond it', async () => {
    const works = Array.from({ length: 80 }, () => Promise.withResolvers<void>())
    const results = works.map(({ promise }) =>
      server.budgets
        .run('hashing', {}, () => promise)
        .then(
          () => 'done',
          (error: { code: string; values: { seconds: number } }) => `${error.code} ${error.values.seconds}`,
        ),
    )
    // Four run, 64 wait, the others are told at once.
    const refused = await Promise.all(results.slice(68))
    expect(new Set(refused)).toEqual(new Set(['BUSY 2']))
    const answer = await server.browser().signIn('admin', 'whatever it is')
    expect(answer.status).toBe(503)
    expect(answer.headers['retry-after']).toBe('2')
    for (const { resolve } of works) resolve()
    expect(new Set(await Promise.all(results.slice(0, 68)))).toEqual(new Set(['done']))
    expect((await server.browser().signIn('admin', 'whatever it is')).status).toBe(401)
  }, 30_000)
})

describe('a member', () => {
  it('cannot fill the audit record: saving nothing writes nothing, and looking at the own number has an end', async () => {
    const own = await server.person('filler')
    const lines = async () =>
      (await server.pool.query(`select count(*)::int n from veridoor.audit_lines where actor = 'built-in/filler'`))
        .rows[0].n
    const profile = (await own.call('GET', '/v1/account')).json
    const same = { displayName: profile.displayName, email: profile.email }
    expect((await own.call('PUT', '/v1/account/profile', same)).status).toBe(200)
    const before = await lines()
    for (let n = 0; n < 20; n += 1) {
      await own.call('PUT', '/v1/account/profile', same)
      await own.call('PUT', '/v1/account/identity', { documentCountry: ada.documentCountry })
    }
    expect(await lines()).toBe(before)
    const statuses: number[] = []
    for (let n = 0; n < 130; n += 1) statuses.push((await own.call('POST', '/v1/account/identity/reveal')).status)
    expect(statuses).toContain(429)
    expect((await lines()) - before).toBeLessThanOrEqual(100)
  }, 60_000)

  it('cannot sign in without end, with the right password either', async () => {
    await server.browser().signUp('busy')
    const statuses: number[] = []
    for (let n = 0; n < 62; n += 1) statuses.push((await server.browser().signIn('busy', 'a long password')).status)
    expect(statuses.slice(0, 60).every((status) => status === 200)).toBe(true)
    expect(statuses.slice(60)).toEqual([429, 429])
  }, 120_000)
})

describe('the list of budgets', () => {
  it('is shown to administrators of the installation, with what was refused', async () => {
    const { json, status } = await (await server.admin()).call('GET', '/v1/budgets')
    expect(status).toBe(200)
    const hashing = json.items.find(
      ({ budget, scope }: { budget: string; scope: string }) => `${budget}.${scope}` === 'hashing.total',
    )
    expect(hashing).toMatchObject({ limit: 4, kind: 'in_flight' })
    expect(hashing.refused).toBeGreaterThan(0)
    const metrics = await server.app.inject({ url: '/metrics' })
    expect(metrics.body).toMatch(/veridoor_budget_refused_total\{budget="hashing",scope="total"\} \d+/)
  })
})
