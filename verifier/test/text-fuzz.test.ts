import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startVerifier, type TestVerifier } from './test-verifier.ts'

/**
 * Every route of the verifier, found from its table of routes, is sent what nobody should send in every member that these wires know: a
 * megabyte, characters that grow, unassigned code points, lone surrogates, NUL. No answer may be a server error or take long.
 */
const SECRET = 'a portal secret of some length'
let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('verifier_text_fuzz', { portalSecret: SECRET })
})
afterAll(() => service?.stop())

const hostile: Readonly<Record<string, string>> = {
  'a megabyte that grows': '\ufdfa'.repeat(330_000),
  'the longest that grows': `${'Ä'.repeat(6)}${'\ufdfa'.repeat(90)}`,
  'too long for an index': 'k'.repeat(9_000),
  unassigned: 'a\u0378b\ufffe\u{10ffff}c\u202e\u200b',
  NUL: 'a\u0000b',
  'a lone surrogate': 'a\ud800b',
}
/** Members of Jumio's two generations, of the capture page and of the portal. */
const members = [
  'customerInternalReference',
  'userReference',
  'reportingCriteria',
  'workflowId',
  'callbackUrl',
  'successUrl',
  'errorUrl',
  'locale',
  'merchantIdScanReference',
  'customerId',
  'merchantReportingCriteria',
  'country',
  'idType',
  'enabledFields',
  'frontsideImage',
  'faceImage',
  'firstName',
  'lastName',
  'number',
  'dob',
  'expiry',
  'grant_type',
  'client_id',
  'client_secret',
  'token',
  'tokenLifetime',
  'surname',
  'givenNames',
  'code',
  'match',
  'type',
  'name',
  'secret',
  'password',
  'authorizationToken',
  'id',
  'company',
  'color',
]
/** What makes a request valid but for the member that is looked at. */
const fitting = {
  customerInternalReference: 'c',
  userReference: 'p',
  workflowId: 100,
  workflowDefinition: { key: 2 },
  merchantIdScanReference: 'c',
  grant_type: 'client_credentials',
}

const faults: string[] = []
const slow: string[] = []
const authorization = `Basic ${Buffer.from('acme:acme-secret').toString('base64')}`
const send = async (what: string, options: InjectOptions): Promise<void> => {
  service.clock.advance(1_100)
  const from = process.cpuUsage()
  const answer = await service.verifier.app.inject({
    ...options,
    headers: { 'user-agent': 'Acme Test/1.0', authorization, ...options.headers },
  })
  const { user, system } = process.cpuUsage(from)
  if (answer.statusCode >= 500) faults.push(`${what}: ${answer.statusCode} ${answer.body.slice(0, 200)}`)
  if ((user + system) / 1000 > 2_000) slow.push(what)
}

/** `METHOD /path` of everything that is served; fastify prints its tree by indentation. */
const served = (): string[] => {
  const prefixes: string[] = []
  return service.verifier.app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent = '', path = '', methods = ''] = /^((?:[│ ] {3})*)[├└]── (\S+) \(([^)]+)\)/.exec(line) ?? []
      if (methods === '') return []
      prefixes.length = indent.length / 4
      prefixes[indent.length / 4] = path
      const whole = prefixes.join('').replace(/^\/{2,}/, '/')
      if (whole.startsWith('/assets/') || whole.endsWith('*')) return []
      return methods
        .split(', ')
        .filter((method) => method !== 'HEAD' && method !== 'OPTIONS')
        .map((method) => `${method} ${whole}`)
    })
}

describe('texts of every route of the verifier', () => {
  it('cause no server error, in paths, queries, JSON, forms and credentials', async () => {
    const routes = served()
    expect(routes.length).toBeGreaterThan(30)
    for (const route of routes) {
      const [method = '', path = ''] = route.split(' ')
      for (const [name, text] of Object.entries(hostile)) {
        const short = text.toWellFormed().slice(0, 1_500)
        const url = path.replace(/:\w+/g, encodeURIComponent(short))
        const plain = path.replace(/:\w+/g, '00000000-0000-4000-8000-000000000000')
        const query = new URLSearchParams(members.map((key) => [key, short.slice(0, 100)]))
        await send(`${route} ${name}`, { method: method as 'GET', url: `${url}?${query}` })
        if (method === 'GET') continue
        const all = Object.fromEntries(members.map((key) => [key, text.slice(0, 8_000)]))
        const json = { 'content-type': 'application/json' }
        const form = { 'content-type': 'application/x-www-form-urlencoded' }
        const well = new URLSearchParams(members.map((key) => [key, text.toWellFormed().slice(0, 2_000)]))
        await send(`${route} ${name} as JSON`, {
          method: method as 'POST',
          url: plain,
          payload: JSON.stringify(all),
          headers: json,
        })
        await send(`${route} ${name} as a form`, {
          method: method as 'POST',
          url: plain,
          payload: well.toString(),
          headers: form,
        })
      }
    }
    for (const [name, text] of Object.entries(hostile)) {
      const basic = `Basic ${Buffer.from(`${text.slice(0, 2_000)}:b`).toString('base64')}`
      await send(`Basic ${name}`, {
        method: 'GET',
        url: '/api/netverify/v2/acceptedIdTypes',
        headers: { authorization: basic },
      })
      await send(`Bearer ${name}`, {
        method: 'GET',
        url: '/api/v1/accounts/x/workflow-executions/y',
        headers: { authorization: `Bearer ${encodeURIComponent(text.toWellFormed()).slice(0, 2_000)}` },
      })
    }
    expect({ faults, slow }).toEqual({ faults: [], slow: [] })
  })

  it('cause no server error in a request that fits otherwise, one member at a time', async () => {
    for (const [name, text] of Object.entries(hostile))
      for (const key of members)
        for (const url of [
          '/api/v4/initiate',
          '/api/v1/accounts',
          '/api/netverify/v2/performNetverify',
          '/oauth2/token',
        ])
          await send(`${url} ${key} ${name}`, {
            method: 'POST',
            url,
            payload: JSON.stringify({ ...fitting, [key]: text }),
            headers: { 'content-type': 'application/json' },
          })
    expect({ faults, slow }).toEqual({ faults: [], slow: [] })
    expect((await service.verifier.app.inject('/readyz')).statusCode).toBe(200)
  })
})
