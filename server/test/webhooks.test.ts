import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { silentLog } from '@veridoor/foundation'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWebhooks } from '../src/webhooks/index.ts'
import { ada, startServer, type TestServer } from './harness.ts'

const DAY_MS = 86_400_000
type Received = { headers: IncomingHttpHeaders; body: string; path: string }

let server: TestServer
let receiver: Server
let base = ''
let received: Received[] = []
let answer: { status: number; headers?: Record<string, string> } = { status: 204 }

beforeAll(async () => {
  server = await startServer('webhooks')
  server.clock.set(new Date())
  await server.attachProvider()
  receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString(), path: request.url ?? '' })
    response.writeHead(answer.status, answer.headers).end()
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
})
afterAll(async () => {
  await new Promise((resolve) => receiver.close(resolve))
  await server?.stop()
})
beforeEach(async () => {
  // A receiver takes no old or future signature: the tests that walk through days come back.
  server.clock.set(new Date())
  await server.webhooks.run()
  await server.pool.query('delete from veridoor.webhook_endpoints')
  received = []
  answer = { status: 204 }
})

let serial = 0
/** A person starts to be verified: `created` and `waiting` happen. */
const somethingHappens = async (): Promise<string> => {
  serial += 1
  const own = await server.person(`hooked${serial}`)
  await own.call('PUT', '/v1/account/identity', { ...ada, documentNumber: `H${String(serial).padStart(8, '0')}` })
  const { json, status } = await own.call('POST', '/v1/verifications', {})
  expect(status).toBe(201)
  return json.id
}
const addEndpoint = async (input: Record<string, unknown> = {}) => {
  const own = await server.admin()
  const made = await own.call('POST', '/v1/webhooks', { organization: 'built-in', url: `${base}/hook`, ...input })
  expect(made.status).toBe(201)
  const id = made.json.webhook.id as string
  return {
    own,
    id,
    secret: made.json.secret as string,
    deliveries: async () => (await own.call('GET', `/v1/webhooks/${id}/deliveries`)).json.items,
    view: async () => (await own.call('GET', '/v1/webhooks')).json.items.find((item: { id: string }) => item.id === id),
  }
}
const signedHeaders = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(headers[name])]),
  )

describe('a receiver', () => {
  it('is told of what happened, signed over id, time and body, with ids and states only', async () => {
    const { secret, deliveries } = await addEndpoint()
    const verification = await somethingHappens()
    await server.webhooks.run()

    const told = received.map((one) => new Webhook(secret).verify(one.body, signedHeaders(one.headers)))
    const types = (told as { type: string }[]).map((one) => one.type)
    expect(types.sort()).toEqual(['verification.created', 'verification.waiting'])
    const waiting = (told as { type: string; data: Record<string, unknown> }[]).find((one) =>
      one.type.endsWith('waiting'),
    )
    expect(waiting?.data).toMatchObject({ verification, state: 'waiting', isTest: false })
    expect(received.map((one) => one.body).join()).not.toMatch(/Ada|Lovelace|H0000|hooked/)
    expect((await deliveries()).map((one: { state: string }) => one.state)).toEqual(['delivered', 'delivered'])
    expect(new Set(received.map((one) => one.headers['webhook-id'])).size).toBe(2)
  })

  it('finds a changed body, and a signature of another endpoint, wrong', async () => {
    const { secret } = await addEndpoint()
    await somethingHappens()
    await server.webhooks.run()
    const one = received[0] as Received
    const headers = signedHeaders(one.headers)
    expect(() => new Webhook(secret).verify(`${one.body} `, headers)).toThrow('No matching signature found')
    const other = await addEndpoint()
    expect(() => new Webhook(other.secret).verify(one.body, headers)).toThrow('No matching signature found')
  })

  it('is told only of the types that it asked for, and of nothing that happened before it was added', async () => {
    await somethingHappens()
    server.clock.advance(1)
    await addEndpoint({ types: ['verification.waiting'] })
    await server.webhooks.run()
    expect(received).toEqual([])
    server.clock.advance(60_000)
    await somethingHappens()
    await server.webhooks.run()
    expect(received.map((one) => JSON.parse(one.body).type)).toEqual(['verification.waiting'])
  })

  it('is sent a test by hand, alone, whatever it asked to be told, and signed as all else', async () => {
    const { own, id, secret, deliveries } = await addEndpoint({ types: ['user.sealed'] })
    await addEndpoint()
    const sent = await own.call('POST', `/v1/webhooks/${id}/test`, {})
    expect(sent.status).toBe(202)
    await server.webhooks.run()
    expect(received).toHaveLength(1)
    const [one] = received as [Received]
    expect(new Webhook(secret).verify(one.body, signedHeaders(one.headers))).toMatchObject({
      type: 'webhook.test',
      data: { endpoint: id },
    })
    expect(await deliveries()).toMatchObject([{ id: sent.json.delivery, type: 'webhook.test', state: 'delivered' }])
    await own.call('PUT', `/v1/webhooks/${id}`, { url: `${base}/hook`, isEnabled: false })
    expect(await own.call('POST', `/v1/webhooks/${id}/test`, {})).toMatchObject({
      status: 409,
      json: { code: 'ENDPOINT_OFF' },
    })
    expect(await deliveries()).toHaveLength(1)
  })

  it('gets each event once, whichever of several nodes sends it', async () => {
    await addEndpoint()
    await somethingHappens()
    await Promise.all([server.webhooks.run(), server.webhooks.run(), server.webhooks.run()])
    await server.webhooks.run()
    expect(received).toHaveLength(2)
  })
})

describe('a receiver that fails', () => {
  it('is tried again later with the same id, until it answers', async () => {
    answer = { status: 503 }
    const { deliveries, view } = await addEndpoint({ types: ['verification.waiting'] })
    await somethingHappens()
    await server.webhooks.run()
    expect(received).toHaveLength(1)
    const [first] = await deliveries()
    expect(first).toMatchObject({ state: 'waiting', attempts: 1, lastStatus: 503, lastFault: 'refused_status' })
    expect((await view()).failingSince).not.toBeNull()

    await server.webhooks.run()
    expect(received).toHaveLength(1)
    answer = { status: 200 }
    server.clock.advance(10_000)
    await server.webhooks.run()
    expect(received).toHaveLength(2)
    expect(received[1]?.headers['webhook-id']).toBe(received[0]?.headers['webhook-id'])
    expect(received[1]?.headers['webhook-timestamp']).not.toBe(received[0]?.headers['webhook-timestamp'])
    expect((await deliveries())[0]).toMatchObject({ state: 'delivered', attempts: 2 })
    expect((await view()).failingSince).toBeNull()
  })

  it('is switched off after days of silence, and the audit says so; a person switches it on and sends again', async () => {
    answer = { status: 500 }
    const { id, deliveries, view } = await addEndpoint({ types: ['verification.waiting'] })
    await somethingHappens()
    for (let hours = 0; hours <= 6 * 24; hours += 6) {
      await server.webhooks.run()
      if (hours === 4 * 24) await somethingHappens()
      server.clock.advance(DAY_MS / 4)
    }
    expect(await view()).toMatchObject({ isEnabled: false, disabledReason: 'failing' })
    expect((await deliveries()).map((one: { state: string }) => one.state)).toEqual(['failed', 'failed'])
    const admin = await server.admin()
    const lines = (await admin.call('GET', '/v1/audit?action=disable-webhook')).json.items
    expect(lines[0]).toMatchObject({ actor: 'system', target: `webhook/${id}`, reasons: ['failing'] })

    const calls = received.length
    await somethingHappens()
    await server.webhooks.run()
    expect(received).toHaveLength(calls)

    answer = { status: 200 }
    const on = await admin.call('PUT', `/v1/webhooks/${id}`, { url: `${base}/hook`, isEnabled: true })
    expect(on.json).toMatchObject({ isEnabled: true, disabledReason: null, failingSince: null })
    const [last] = (await admin.call('GET', `/v1/webhooks/${id}/deliveries`)).json.items
    expect((await admin.call('POST', `/v1/webhooks/${id}/deliveries/${last.id}/resend`)).status).toBe(200)
    await server.webhooks.run()
    expect(received).toHaveLength(calls + 1)
    expect(received.at(-1)?.headers['webhook-id']).toBe(last.event)
    expect((await admin.call('GET', `/v1/webhooks/${id}/deliveries`)).json.items[0].state).toBe('delivered')
  })

  it('that says it is gone is switched off at once', async () => {
    answer = { status: 410 }
    const { view, deliveries } = await addEndpoint({ types: ['verification.waiting'] })
    await somethingHappens()
    await server.webhooks.run()
    expect(await view()).toMatchObject({ isEnabled: false, disabledReason: 'gone' })
    expect((await deliveries())[0]).toMatchObject({ state: 'failed', lastFault: 'gone' })
  })

  it('cannot send us elsewhere: redirects are not followed', async () => {
    answer = { status: 302, headers: { location: `${base}/elsewhere` } }
    const { deliveries } = await addEndpoint({ types: ['verification.waiting'] })
    await somethingHappens()
    await server.webhooks.run()
    expect(received.map((one) => one.path)).toEqual(['/hook'])
    expect((await deliveries())[0]).toMatchObject({ lastStatus: 302, lastFault: 'refused_status' })
  })
})

describe('private addresses', () => {
  it.each(['literal', 'name'])('are refused when the connection is made (%s)', async (kind) => {
    const port = new URL(base).port
    const url = kind === 'literal' ? `https://127.0.0.1:${port}/hook` : `https://localhost:${port}/hook`
    const { deliveries } = await addEndpoint({ url, types: ['verification.waiting'] })
    const strict = createWebhooks({ ...server, log: silentLog, outbound: { allow: [], loopback: false } })
    await somethingHappens()
    await strict.run()
    expect(received).toEqual([])
    expect((await deliveries())[0]).toMatchObject({ lastStatus: null, lastFault: 'address_not_allowed' })
  })
})

describe('an endpoint', () => {
  it('gives its secret out once, keeps it sealed, and signs with the new one after it was replaced', async () => {
    const { own, id, secret } = await addEndpoint({ types: ['verification.waiting'] })
    expect(secret).toMatch(/^whsec_/)
    expect((await own.call('GET', '/v1/webhooks')).text).not.toContain(secret)
    const { rows } = await server.pool.query('select secret from veridoor.webhook_endpoints where id = $1', [id])
    expect(rows[0].secret).not.toContain(secret.slice(6))
    const next = (await own.call('POST', `/v1/webhooks/${id}/secret`)).json.secret
    await somethingHappens()
    await server.webhooks.run()
    const one = received[0] as Received
    expect(() => new Webhook(secret).verify(one.body, signedHeaders(one.headers))).toThrow(
      'No matching signature found',
    )
    expect(new Webhook(next).verify(one.body, signedHeaders(one.headers))).toMatchObject({
      type: 'verification.waiting',
    })
    expect(server.logLines.join('')).not.toContain(secret)
  })

  it.each(['ftp://example.com/', 'javascript:alert(1)', 'https://user:pass@example.com/', 'nowhere'])(
    'is not added with the address %s',
    async (url) => {
      const own = await server.admin()
      const refused = await own.call('POST', '/v1/webhooks', { organization: 'built-in', url })
      expect(refused.status).toBe(422)
      expect(refused.json.data.fields[0].path).toBe('url')
    },
  )

  it('gives its deliveries by pages, newest first, and goes with them', async () => {
    const { own, id } = await addEndpoint()
    for (let times = 0; times < 3; times += 1) {
      server.clock.advance(60_000)
      await somethingHappens()
    }
    await server.webhooks.run()
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const at = cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''
      const { json } = await own.call('GET', `/v1/webhooks/${id}/deliveries?limit=4${at}`)
      expect(json.total).toBe(6)
      seen.push(...json.items.map((item: { id: string }) => item.id))
      cursor = json.nextCursor
    }
    expect(new Set(seen).size).toBe(6)
    expect((await own.call('GET', `/v1/webhooks/${id}/deliveries?cursor=nonsense`)).status).toBe(422)
    expect((await own.call('DELETE', `/v1/webhooks/${id}`)).status).toBe(200)
    expect((await own.call('GET', `/v1/webhooks/${id}/deliveries`)).status).toBe(404)
    const { rows } = await server.pool.query('select count(*)::int as n from veridoor.webhook_deliveries')
    expect(rows[0].n).toBe(0)
  })
})
