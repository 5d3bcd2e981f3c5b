import { providerTypes, providerFaults as words } from '@veridoor/providers'
import { type FakeJumio, startFakeJumio } from '@veridoor/providers/jumio/fake'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { providerFaults } from '../../web/src/ui/provider-faults.ts'
import { recordSuccess, tryAcquire } from '../src/organizations/index.ts'
import { startServer, type TestServer } from './harness.ts'

// A provider that fails and lies, over real HTTP, in front of the running server.
let server: TestServer
let service: FakeJumio
let admin: ReturnType<TestServer['browser']>
let people = 0
beforeAll(async () => {
  server = await startServer('failing_provider', { types: [...providerTypes] })
  server.clock.set(new Date('2025-03-05T10:00:00Z'))
  service = await startFakeJumio('v4')
  admin = await server.admin()
  await admin.call('POST', '/v1/providers', {
    organization: 'built-in',
    name: 'shaky',
    displayName: 'Shaky',
    category: 'ID Verification',
    type: 'Jumio',
    config: { ...service.config, workflowId: 200 },
  })
  const { json } = await admin.call('GET', '/v1/applications/app-built-in')
  const providers = [{ organization: 'built-in', name: 'shaky' }]
  await admin.call('PUT', '/v1/applications/app-built-in', { ...json, providers })
})
afterAll(async () => {
  await service?.close()
  await server?.stop()
})
beforeEach(async () => {
  service.setBreakage(null)
  service.setScenario('approve')
  // Far beyond any rest that a test before this one caused.
  server.clock.advance(3_600_000)
  await recordSuccess(server.organizations, 'built-in', 'shaky')
})

const newPerson = async () => {
  people += 1
  const name = `patient${people}`
  const made = await admin.call('POST', '/v1/users', { organization: 'built-in', name })
  const { document } = service
  const identity = {
    realName: `${document.firstName} ${document.lastName}`,
    documentNumber: document.number,
    documentType: document.type,
    documentCountry: document.country,
  }
  await admin.call('PUT', `/v1/users/built-in/${name}`, { ...made.json, identity })
  return { name, start: () => admin.call('POST', '/v1/verifications', { organization: 'built-in', name }) }
}
const stateOf = async (id: string): Promise<string> =>
  (await server.pool.query('select state from veridoor.verifications where id = $1', [id])).rows[0].state
const shown = async () => (await admin.call('GET', '/v1/providers/built-in/shaky')).json
const verifiedPeople = async (): Promise<number> =>
  (await server.pool.query('select count(*)::int as n from veridoor.users where verified_at is not null')).rows[0].n

const breakages = [
  ['half_answer', ['bad_response', 'unreachable']],
  ['resets', ['unreachable', 'bad_response']],
  ['page', ['bad_response']],
  ['huge', ['bad_response']],
  ['server_error', ['server_error']],
  ['unauthorized', ['credentials_refused']],
  ['forbidden', ['forbidden']],
  ['busy', ['rate_limited']],
  ['busy_for_two_minutes', ['rate_limited']],
  ['redirects', ['bad_response']],
  ['hangs', ['timeout']],
] as const

describe('a provider that fails', () => {
  it('each fault has a sentence for the console', () => {
    expect(Object.keys(providerFaults).sort()).toEqual([...words].sort())
  })

  for (const [breakage, faults] of breakages)
    it(`in the middle of a check (${breakage}): nobody is verified, the console says why, and it ends well afterwards`, async () => {
      const person = await newPerson()
      const started = await person.start()
      expect(started.status, started.text).toBe(201)
      const id = started.json.id as string
      const before = await verifiedPeople()
      service.setBreakage(breakage)
      await server.verification.settle(id).catch(() => {})
      expect(['waiting', 'checking']).toContain(await stateOf(id))
      expect(await verifiedPeople()).toBe(before)
      const { health, healthDetail } = await shown()
      expect(['degraded', 'down']).toContain(health)
      expect(faults).toContain(healthDetail)
      expect(providerFaults[healthDetail as string]).toMatch(/\.$/)

      service.setBreakage(null)
      server.clock.advance(600_000)
      await server.verification.settle(id)
      expect(await stateOf(id)).toBe('verified')
      expect((await shown()).health).toBe('ok')
      await admin.call('DELETE', `/v1/users/built-in/${person.name}`)
    })

  it('never has its credentials carried to where it redirects', () => expect(service.redirectedCalls()).toBe(0))

  it('that answers for another reference, or another order, verifies nobody', async () => {
    for (const lie of ['foreign_reference', 'foreign_order'] as const) {
      const person = await newPerson()
      service.setScenario('approve')
      const started = await person.start()
      service.setScenario(lie)
      await server.verification.settle(started.json.id).catch(() => {})
      expect(await stateOf(started.json.id)).not.toBe('verified')
      await admin.call('POST', `/v1/verifications/${started.json.id}/cancel`)
    }
  })
})

describe('a provider that is removed', () => {
  it('stays while checks are open there; gone all the same, its checks end, and no erasure is claimed', async () => {
    const attach = async (name: string) => {
      const { json } = await admin.call('GET', '/v1/applications/app-built-in')
      const providers = [{ organization: 'built-in', name }]
      expect((await admin.call('PUT', '/v1/applications/app-built-in', { ...json, providers })).status).toBe(200)
    }
    await admin.call('POST', '/v1/providers', {
      organization: 'built-in',
      name: 'leaving',
      displayName: 'Leaving',
      category: 'ID Verification',
      type: 'Jumio',
      config: { ...service.config, workflowId: 200 },
    })
    await attach('leaving')
    const person = await newPerson()
    const started = await person.start()
    expect(started.status, started.text).toBe(201)
    const id = started.json.id as string
    await attach('shaky')
    const refused = await admin.call('DELETE', '/v1/providers/built-in/leaving')
    expect(refused.status).toBe(409)
    expect(refused.json.data.fields[0].message).toBe('1 check is open there: cancel or decide them first.')

    await server.pool.query(`delete from veridoor.providers where name = 'leaving'`)
    await server.verification.settle(id)
    expect(await stateOf(id)).toBe('failed')
    expect((await admin.call('GET', `/v1/verifications/${id}`)).json.staffReasons.join()).toMatch(/deleted|removed/)
    expect((await person.start()).status).toBe(201)

    await server.pool.query('update veridoor.verifications set erase_after = now() where id = $1', [id])
    await server.verification.erase(id)
    const { rows } = await server.pool.query(
      'select erase_after, erased_at from veridoor.verifications where id = $1',
      [id],
    )
    expect(rows[0]).toEqual({ erase_after: null, erased_at: null })
    const lines = (await admin.call('GET', '/v1/audit?action=erase-at-provider')).json.items
    expect(lines[0]).toMatchObject({ provider: 'built-in/leaving', result: 'failed', reasons: ['provider removed'] })
  })
})

describe('notices from elsewhere', () => {
  const sendWebhook = (webhookUrl: string, reference: string, remoteAddress: string) => {
    const { real } = service.webhooks(reference)
    return server.app.inject({
      method: 'POST',
      url: webhookUrl,
      remoteAddress,
      headers: { ...real.headers },
      payload: Buffer.from(real.body),
    })
  }
  const rung = async (id: string): Promise<number> =>
    (
      await server.pool.query('select count(*)::int as n from veridoor.incoming_webhooks where verification_id = $1', [
        id,
      ])
    ).rows[0].n

  it('are left unread where the operator wants known addresses only, and polling ends the check all the same', async () => {
    const { json } = await admin.call('GET', '/v1/providers/built-in/shaky')
    const save = (checkCallbackSource: boolean) =>
      admin.call('PUT', '/v1/providers/built-in/shaky', {
        ...json,
        config: { ...json.config, checkCallbackSource, callbackSources: ['203.0.113.9'] },
      })
    expect((await save(true)).status).toBe(200)
    const person = await newPerson()
    const started = await person.start()
    const id = started.json.id as string
    const webhookUrl = /\/notices\/[\w-]+/.exec(service.opened().at(-1) ?? '')?.[0] ?? ''
    const { rows } = await server.pool.query('select provider_reference from veridoor.verifications where id = $1', [
      id,
    ])
    const reference = rows[0].provider_reference as string
    expect((await sendWebhook(webhookUrl, reference, '198.51.100.7')).statusCode).toBe(200)
    expect(await rung(id)).toBe(0)
    for (const address of ['::ffff:34.202.241.227', '203.0.113.9']) await sendWebhook(webhookUrl, reference, address)
    expect(await rung(id)).toBe(1)
    await server.verification.settle(id)
    expect(await stateOf(id)).toBe('verified')
    await admin.call('DELETE', `/v1/users/built-in/${person.name}`)
    await save(false)
  })
})

describe('the breaker', () => {
  it('rests after three faults in a row, then lets one call try; the others keep away until that one has told', async () => {
    service.setBreakage('server_error')
    const people = await Promise.all([newPerson(), newPerson(), newPerson(), newPerson()])
    for (const person of people.slice(0, 3)) expect((await person.start()).status).toBeGreaterThanOrEqual(400)
    const calls = service.calls()
    const resting = await (people[3] as (typeof people)[number]).start()
    expect(resting.json.data.reason).toBe('provider_down')
    expect(service.calls()).toBe(calls)

    server.clock.advance(31_000)
    const turns = await Promise.all([1, 2, 3].map(() => tryAcquire(server.organizations, 'built-in', 'shaky')))
    expect(turns.filter(Boolean)).toHaveLength(1)
    server.clock.advance(61_000)
    service.setBreakage(null)
    expect((await (people[3] as (typeof people)[number]).start()).status).toBe(201)
    expect((await shown()).health).toBe('ok')
    const { rows } = await server.pool.query(
      `select distinct payload->>'health' as health from veridoor.outgoing_events where type = 'provider.degraded' order by 1`,
    )
    expect(rows.map((row) => row.health)).toEqual(['degraded', 'down'])
  })
})
