import { randomBytes } from 'node:crypto'
import { createEnvelopeCipher, startSentence, systemClock } from '@veridoor/foundation'
import { defineProvider } from '@veridoor/providers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { START_SETTINGS } from '../src/config.ts'
import { acquireQuota, findProvider, openProvider, recordFault } from '../src/organizations/index.ts'
import { seed } from '../src/seed.ts'
import { newScript, paperType, startServer, type TestServer } from './harness.ts'

const STAMP = 'Canary-Stamp-4711'
/** A type with an address: a stored secret could be aimed somewhere else through it. */
const probed: { endpoint: string; stamp: string }[] = []
const postal = defineProvider({
  category: 'ID Verification',
  type: 'Postal',
  displayName: 'Postal checks',
  webhooks: 'per_check',
  staffWords: {},
  config: z.object({
    endpoint: z.string().meta({ title: 'Endpoint' }),
    clientId: z.string().default('').meta({ title: 'Client ID' }),
    country: z.enum(['north', 'south']).default('north').meta({ title: 'Country', destination: true }),
    clientSecret: z.string().min(1).meta({ title: 'Secret', secret: true }),
  }),
  open: (config) => ({
    adapter: {
      start: async () => Promise.reject(new Error('not in this test')),
      readWebhook: () => null,
      fetchFinding: async () => ({ state: 'pending' }),
      erase: async () => {},
      probe: async () => {
        probed.push({ endpoint: config.endpoint, stamp: config.clientSecret })
        return { ok: true, ms: 1, steps: [] }
      },
    },
    settings: {
      faceRequired: false,
      monthlyLimit: null,
      retentionDays: null,
      documentTypes: ['PASSPORT'],
      countries: [],
      tokenLifetimeMin: 30,
    },
  }),
})

let server: TestServer
let admin: Awaited<ReturnType<TestServer['admin']>>
const paper = (change: Record<string, unknown> = {}) => ({
  organization: 'built-in',
  name: 'paper',
  displayName: 'Paper',
  category: 'ID Verification',
  type: 'Paper',
  config: { office: 'open', stamp: STAMP },
  ...change,
})
beforeAll(async () => {
  server = await startServer('providers', { types: [paperType(newScript()), postal] })
  admin = await server.admin()
  expect((await admin.call('POST', '/v1/providers', paper())).status).toBe(201)
})
afterAll(() => server?.stop())

const storedRow = async (name: string) => {
  const { rows } = await server.pool.query('select config, secrets from veridoor.providers where name = $1', [name])
  return rows[0] as { config: Record<string, unknown>; secrets: Record<string, string> }
}

describe('a secret of a provider', () => {
  it('is never in an answer and lies sealed in the table, bound to its row', async () => {
    const read = await admin.call('GET', '/v1/providers/built-in/paper')
    expect(read.json.config).toMatchObject({ office: 'open', stamp: '***' })
    const list = await admin.call('GET', '/v1/providers')
    for (const text of [read.text, list.text]) expect(text).not.toContain(STAMP)
    const row = await storedRow('paper')
    expect(JSON.stringify(row)).not.toContain(STAMP)
    const sealed = row.secrets.stamp ?? ''
    expect(server.cipher.decrypt(sealed, 'provider:built-in/paper:stamp')).toBe(STAMP)
    expect(() => server.cipher.decrypt(sealed, 'provider:built-in/other:stamp')).toThrow()
  })

  it('is kept by *** and replaced by anything else', async () => {
    const keep = paper({ displayName: 'Paper two', config: { office: 'open', stamp: '***' } })
    expect((await admin.call('PUT', '/v1/providers/built-in/paper', keep)).status).toBe(200)
    const opened = async () =>
      server.cipher.decrypt((await storedRow('paper')).secrets.stamp ?? '', 'provider:built-in/paper:stamp')
    expect(await opened()).toBe(STAMP)
    const replaced = paper({ config: { office: 'open', stamp: 'a new stamp' } })
    await admin.call('PUT', '/v1/providers/built-in/paper', replaced)
    expect(await opened()).toBe('a new stamp')
    await admin.call('PUT', '/v1/providers/built-in/paper', paper())
  })

  it('is not sent to another address by a test or a save: it must be entered again', async () => {
    const there = {
      organization: 'built-in',
      name: 'post',
      displayName: 'Post',
      category: 'ID Verification',
      type: 'Postal',
    }
    const config = (endpoint: string, clientSecret: string) => ({ ...there, config: { endpoint, clientSecret } })
    await admin.call('POST', '/v1/providers', config('https://post.example.com/api', STAMP))
    const theft = await admin.call('POST', '/v1/provider-tests', config('https://thief.example.com/api', '***'))
    expect(theft.status).toBe(422)
    expect(theft.json.data.fields[0].path).toBe('config.clientSecret')
    const move = await admin.call('PUT', '/v1/providers/built-in/post', config('https://thief.example.com/api', '***'))
    expect(move.status).toBe(422)
    expect(probed).toEqual([])
    const same = await admin.call('POST', '/v1/provider-tests', config('https://post.example.com/v2', '***'))
    expect(same.status).toBe(200)
    expect(probed).toEqual([{ endpoint: 'https://post.example.com/v2', stamp: STAMP }])
    // A choice that decides where it is sent counts like an address.
    const south = config('https://post.example.com/api', '***')
    Object.assign(south.config, { country: 'south' })
    const elsewhere = await admin.call('PUT', '/v1/providers/built-in/post', south)
    expect(elsewhere.status).toBe(422)
    expect(elsewhere.json.data.fields[0].message).toBe('You changed where this secret is sent. Enter it again.')
    // Taking the address away leads somewhere else, too; so does leaving a choice at its default.
    const nowhere = config('', '***')
    expect((await admin.call('PUT', '/v1/providers/built-in/post', nowhere)).status).toBe(422)
    const settled = config('https://post.example.com/api', STAMP)
    Object.assign(settled.config, { country: 'south' })
    expect((await admin.call('PUT', '/v1/providers/built-in/post', settled)).status).toBe(200)
    const silent = config('https://post.example.com/api', '***')
    expect((await admin.call('PUT', '/v1/providers/built-in/post', silent)).status).toBe(422)
    const typeSwitch = { ...paper({ name: 'post' }), config: { office: 'open', stamp: '***' } }
    expect((await admin.call('PUT', '/v1/providers/built-in/post', typeSwitch)).status).toBe(422)
  })

  it('is in no log line and no audit line', async () => {
    const { rows } = await server.pool.query('select * from veridoor.audit_lines')
    const written = server.logLines.join('') + JSON.stringify(rows)
    expect(written).toContain('add-provider')
    expect(written).not.toContain(STAMP)
  })
})

describe('a provider', () => {
  it('of an unknown category or type is refused, never run as another one', async () => {
    for (const change of [{ type: 'Clay' }, { category: 'Captcha' }]) {
      const answer = await admin.call('POST', '/v1/providers', paper({ name: 'clay', ...change }))
      expect(answer.status).toBe(422)
    }
    const { rows } = await server.pool.query(`select 1 from veridoor.providers where name = 'clay'`)
    expect(rows).toEqual([])
  })

  it('with a setting left out names the field, not the value', async () => {
    const answer = await admin.call(
      'POST',
      '/v1/providers',
      paper({ name: 'poor', config: { office: '', stamp: STAMP } }),
    )
    expect(answer.status).toBe(422)
    expect(answer.json.data.fields.map((field: { path: string }) => field.path)).toEqual(['config.office'])
    expect(answer.text).not.toContain(STAMP)
  })

  it('that someone changed meanwhile is not overwritten', async () => {
    const { json } = await admin.call('GET', '/v1/providers/built-in/paper')
    const first = await admin.call('PUT', '/v1/providers/built-in/paper', paper({ etag: json.etag }))
    expect(first.status).toBe(200)
    const second = await admin.call('PUT', '/v1/providers/built-in/paper', paper({ etag: json.etag }))
    expect(second.status).toBe(409)
    expect(second.json.code).toBe('CHANGED_MEANWHILE')
  })

  it('in use cannot be deleted, by page or by SQL, and the answer names who uses it', async () => {
    const { json } = await admin.call('GET', '/v1/applications/app-built-in')
    const attach = { ...json, providers: [{ organization: 'built-in', name: 'paper' }] }
    expect((await admin.call('PUT', '/v1/applications/app-built-in', attach)).status).toBe(200)
    const refused = await admin.call('DELETE', '/v1/providers/built-in/paper')
    expect(refused.status).toBe(409)
    expect(refused.json.code).toBe('IN_USE')
    expect(refused.json.data.fields[0].message).toBe('Veridoor')
    await expect(server.pool.query(`delete from veridoor.providers where name = 'paper'`)).rejects.toThrow()
    const loose = (await admin.call('GET', '/v1/applications/app-built-in')).json
    await admin.call('PUT', '/v1/applications/app-built-in', { ...loose, providers: [] })
    expect((await admin.call('DELETE', '/v1/providers/built-in/paper')).status).toBe(200)
    expect((await admin.call('POST', '/v1/providers', paper())).status).toBe(201)
  })

  it('is tested without being saved, and a failed test says why', async () => {
    const answer = await admin.call('POST', '/v1/provider-tests', {
      ...paper(),
      name: undefined,
      config: { office: 'closed', stamp: 'x' },
    })
    expect(answer.json).toMatchObject({ ok: false, steps: [{ state: 'failed', sentence: 'The office is closed.' }] })
    expect((await storedRow('paper')).config.office).toBe('open')
  })
})

describe('the monthly limit', () => {
  it('lets exactly that many through, however many come at once, and starts anew next month', async () => {
    const take = () => acquireQuota(server.organizations, 'built-in', 'paper', 10)
    const taken = await Promise.all(Array.from({ length: 16 }, take))
    expect(taken.filter((quota) => quota.allowed)).toHaveLength(10)
    expect(taken.filter((quota) => quota.warned)).toHaveLength(1)
    expect(taken.find((quota) => quota.warned)?.used).toBe(8)
    const { rows } = await server.pool.query(
      `select payload->>'month' as month from veridoor.outgoing_events where type = 'provider.quota_warning'`,
    )
    expect(rows).toEqual([{ month: '2026-11' }])
    server.clock.set(new Date('2026-12-01T00:00:00Z'))
    expect((await take()).allowed).toBe(true)
  })
})

describe('the first start', () => {
  const parts = (secret: string, cipher = server.cipher) => ({
    db: server.db,
    cipher: cipher,
    clock: systemClock,
    rooms: { accounts: server.accounts, organizations: { ...server.organizations, types: [postal] } },
    adminPassword: undefined,
    verifier: { url: 'http://127.0.0.1:8001', token: 'token', secret, livenessRequired: true },
  })
  const versionOf = async () =>
    (await server.pool.query(`select version from veridoor.providers where name = 'provider_idv_local'`)).rows[0]
      ?.version

  it('attaches the local verifier once; later starts change nothing, unless its keys changed', async () => {
    await seed(parts('first secret'))
    const version = await versionOf()
    await seed(parts('first secret'))
    expect(await versionOf()).toBe(version)
    await seed(parts('second secret'))
    expect(await versionOf()).toBe(version + 1)
    const { secrets } = await storedRow('provider_idv_local')
    expect(server.cipher.decrypt(secrets.clientSecret ?? '', 'provider:admin/provider_idv_local:clientSecret')).toBe(
      'second secret',
    )
  })

  it('with another master key stops with a sentence and touches nothing', async () => {
    const version = await versionOf()
    const refusal = await seed(parts('third secret', createEnvelopeCipher([randomBytes(32)]))).catch(
      (error: unknown) => error,
    )
    expect(startSentence(refusal, START_SETTINGS)).toMatch(/master key is not/)
    expect(await versionOf()).toBe(version)
  })
})

describe('opening a stored provider', () => {
  it('keeps one adapter while the settings stay, and changed settings open another', async () => {
    const find = async () => {
      const row = await findProvider(server.organizations.db, 'built-in', 'paper')
      if (!row) throw new Error('no provider')
      return row
    }
    const first = openProvider(server.organizations, await find())
    await recordFault(server.organizations, 'built-in', 'paper', { detail: 'timeout', retryAfterMs: null })
    expect(openProvider(server.organizations, await find())).toBe(first)
    const current = await find()
    const changed = await admin.call('PUT', '/v1/providers/built-in/paper', {
      ...paper({ config: { office: 'moved', stamp: '***' } }),
      version: current.version,
    })
    expect(changed.status).toBe(200)
    expect(openProvider(server.organizations, await find())).not.toBe(first)
  })
})
