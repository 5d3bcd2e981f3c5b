import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BudgetTable, defaultBudgets } from '../src/budgets/limits.ts'
import { ada, startServer, type TestServer } from './harness.ts'

// Each start can cost money at the provider, and accounts cost nothing: starts have limits beyond those of one person.
const defaults: BudgetTable = defaultBudgets
const HOUR_MS = 3_600_000
let server: TestServer
let people = 0

const withLimits = (scopes: Partial<Record<'address' | 'application' | 'organization', number>>): BudgetTable => ({
  ...defaults,
  starts: { ...defaults.starts, scopes: { ...defaults.starts.scopes, ...scopes } },
})
const prepare = async (label: string, scopes: Parameters<typeof withLimits>[0]): Promise<void> => {
  server = await startServer(label, { budgets: withLimits(scopes) })
  await server.attachProvider()
}
/** A new account that starts from an address. The sign-up comes from elsewhere: it has limits of its own. */
const startFrom = async (address: string, application?: string) => {
  people += 1
  const name = `limited${people}`
  await server.browser().signUp(name, application)
  const own = server.browser({}, address)
  expect((await own.signIn(name, 'a long password', application)).status).toBe(200)
  const documentNumber = `L${String(people).padStart(8, '0')}`
  expect((await own.call('PUT', '/v1/account/identity', { ...ada, documentNumber })).status).toBe(200)
  return own.call('POST', '/v1/verifications', {})
}
const expectRefusal = (answer: Awaited<ReturnType<typeof startFrom>>, hours: number): void => {
  expect([answer.status, answer.json.code]).toEqual([429, 'TOO_MANY_REQUESTS'])
  expect(answer.json.message).toMatch(hours === 1 ? /Try again in (1 hour|60 minutes)\.$/ : /Try again in 24 hours\.$/)
  expect(answer.json.data.reason).toBe('slow_down')
  const seconds = Number(answer.headers['retry-after'])
  expect(seconds).toBeGreaterThan((hours - 1) * 3_600)
  expect(seconds).toBeLessThanOrEqual(hours * 3_600)
}

describe('starts from one address', () => {
  beforeAll(() => prepare('start_limits_address', { address: 3 }))
  afterAll(() => server?.stop())

  it('are limited a day, counted by the /64 of IPv6, without a call to the provider and without a check', async () => {
    for (const address of ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:db8:1:2::3'])
      expect((await startFrom(address)).status, address).toBe(201)
    const orders = server.script.orders.length
    expectRefusal(await startFrom('2001:db8:1:2:aaaa:bbbb:cccc:dddd'), 24)
    expect(server.script.orders).toHaveLength(orders)
    const { rows } = await server.pool.query('select count(*)::int n from veridoor.verifications')
    expect(rows[0].n).toBe(orders)
    // Neighbours are others.
    expect((await startFrom('2001:db8:1:3::1')).status).toBe(201)
    expect((await startFrom('198.51.100.7')).status).toBe(201)
    server.clock.advance(23 * HOUR_MS)
    expectRefusal(await startFrom('2001:db8:1:2::1'), 1)
    server.clock.advance(HOUR_MS + 1_000)
    expect((await startFrom('2001:db8:1:2::1')).status).toBe(201)
  }, 60_000)
})

describe('starts of one application and organization', () => {
  beforeAll(async () => {
    await prepare('start_limits_tenants', { application: 3, organization: 5 })
    const admin = await server.admin()
    for (const organization of ['shop', 'club']) {
      await admin.call('POST', '/v1/organizations', { name: organization, displayName: organization })
      await admin.call('POST', '/v1/providers', {
        organization,
        name: `paper-${organization}`,
        displayName: 'Paper',
        category: 'ID Verification',
        type: 'Paper',
        config: { office: 'open', stamp: 'very secret stamp' },
      })
      for (const name of [`${organization}-a`, `${organization}-b`])
        await admin.call('POST', '/v1/applications', {
          organization,
          name,
          displayName: name,
          enableSignUp: true,
          providers: [{ organization, name: `paper-${organization}` }],
        })
    }
  })
  afterAll(() => server?.stop())

  it('are limited a day, from however many addresses, and leave another organization alone', async () => {
    let address = 0
    const start = (application: string) => {
      address += 1
      return startFrom(`198.51.100.${address}`, application)
    }
    for (let n = 0; n < 3; n += 1) expect((await start('shop-a')).status).toBe(201)
    expectRefusal(await start('shop-a'), 24)
    // The organization's own limit is reached over all of its applications.
    for (let n = 0; n < 2; n += 1) expect((await start('shop-b')).status).toBe(201)
    expectRefusal(await start('shop-b'), 24)
    expect((await start('club-a')).status).toBe(201)
    server.clock.advance(24 * HOUR_MS + 1_000)
    expect((await start('shop-a')).status).toBe(201)
  }, 60_000)
})

describe('an open check', () => {
  beforeAll(() => prepare('start_limits_open', {}))
  afterAll(() => server?.stop())

  it('is gone on with under the link it has, and no second one is opened at the provider', async () => {
    const own = await server.person('again')
    const { json } = await own.call('POST', '/v1/verifications', {})
    const orders = server.script.orders.length
    const second = await own.call('POST', '/v1/verifications', {})
    expect([second.status, second.json.data.reason]).toEqual([409, 'verification_open'])
    expect(server.script.orders).toHaveLength(orders)
    const { verification } = (await own.call('GET', '/v1/account')).json
    expect([verification.id, verification.redirectUrl]).toEqual([json.id, json.redirectUrl])
  })
})
