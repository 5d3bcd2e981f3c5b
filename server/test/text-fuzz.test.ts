import { api } from '@veridoor/contract'
import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ADMIN_PASSWORD, startServer, type TestServer } from './harness.ts'

/**
 * Every text that a route takes, found from the schemas of `/v1` and from the table of routes, is sent what nobody should send: a
 * megabyte, characters that grow, unassigned code points, lone surrogates, NUL. No answer may be a server error or take long, and the
 * process goes on. A route or member that is added is found without a change here.
 */
let server: TestServer
let root: ReturnType<TestServer['browser']>
let client: { client_id: string; client_secret: string }
let member: ReturnType<TestServer['browser']>
beforeAll(async () => {
  server = await startServer('server_text_fuzz')
  root = await server.attachProvider()
  member = await server.person('member')
  const made = await root.call('POST', '/v1/applications', {
    organization: 'built-in',
    name: 'fuzz',
    displayName: 'Fuzz',
    redirectUris: ['https://fuzz.example.com/'],
  })
  const secret = await root.call('POST', '/v1/applications/fuzz/secret', {})
  client = { client_id: made.json.clientId, client_secret: secret.json.clientSecret }
})
afterAll(() => server?.stop())

const MEGABYTE = 1_000_000
/** What schemas and use cases have to stop. */
const long: Readonly<Record<string, string>> = {
  'a megabyte that grows': '\ufdfa'.repeat(MEGABYTE / 3),
  'the longest that grows': `${'Ä'.repeat(6)}${'\ufdfa'.repeat(90)}`,
  'too long for an index': 'k'.repeat(9_000),
  unassigned: 'a\u0378b\ufffe\u{10ffff}c\u202e\u200b',
}
/** What nothing behind the edge can hold. */
const unstorable: Readonly<Record<string, string>> = { NUL: 'a\u0000b', 'a lone surrogate': 'a\ud800b' }
const hostile = { ...long, ...unstorable }
/** What a request line can carry: Node refuses longer ones before any route. */
const forAddress = Object.entries(hostile).map(([name, text]) => [name, text.toWellFormed().slice(0, 2_000)] as const)

/** Milliseconds of processor time that one request may take: wall time says how busy the machine is. */
const MOST_MS = 2_000
const slow: string[] = []
const faults: string[] = []
const statuses = new Map<number, number>()
const send = async (what: string, options: InjectOptions, own = root): Promise<void> => {
  const from = process.cpuUsage()
  const answer = await server.app.inject({
    ...options,
    headers: { origin: 'http://localhost:8000', cookie: own.cookie, ...options.headers },
  })
  statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1)
  const { user, system } = process.cpuUsage(from)
  const ms = (user + system) / 1000
  if (answer.statusCode >= 500 || /"code":"INTERNAL"/.test(answer.body))
    faults.push(`${what}: ${answer.statusCode} ${answer.body.slice(0, 200)}`)
  if (ms > MOST_MS) slow.push(`${what}: ${Math.round(ms)} ms`)
}
const sendJson = (what: string, method: string, url: string, body: unknown, own = root): Promise<void> =>
  send(
    what,
    { method: method as 'POST', url, payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
    own,
  )

type Node = {
  type?: string | string[]
  properties?: Record<string, Node>
  items?: Node
  anyOf?: Node[]
  enum?: string[]
  const?: unknown
  format?: string
  default?: unknown
  minimum?: number
  additionalProperties?: Node | boolean
}
/** A value that fits a schema, and the paths of its texts. */
const sampleOf = (node: Node, path: string[] = [], texts: string[][] = []): unknown => {
  const type = Array.isArray(node.type) ? node.type[0] : node.type
  if (node.enum) return node.enum[0]
  if (node.const !== undefined) return node.const
  if (node.anyOf) return sampleOf(node.anyOf[0] ?? {}, path, texts)
  if (type === 'object')
    return Object.fromEntries(
      [
        ...Object.entries(node.properties ?? {}),
        ...(typeof node.additionalProperties === 'object' ? [['anything', node.additionalProperties] as const] : []),
      ].map(([key, inner]) => [key, sampleOf(inner, [...path, key], texts)]),
    )
  if (type === 'array') return [sampleOf(node.items ?? {}, [...path, '0'], texts)]
  if (type === 'integer' || type === 'number') return node.minimum ?? 1
  if (type === 'boolean') return true
  texts.push(path)
  if (node.format === 'uuid') return '00000000-0000-4000-8000-000000000000'
  if (node.format === 'uri') return 'https://fuzz.example.com/'
  return 'fuzz'
}
const withText = (value: unknown, path: readonly string[], text: unknown): unknown => {
  const [key, ...rest] = path
  if (key === undefined) return text
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? withText(item, rest, text) : item))
  const object = value as Record<string, unknown>
  return { ...object, [key]: withText(object[key], rest, text) }
}

/** Every endpoint of `/v1`: method, path, a body that fits, and its texts. */
const endpoints = Object.values(api).flatMap((group) =>
  Object.values(group).map((endpoint) => {
    const { route, inputSchema } = endpoint['~orpc']
    const texts: string[][] = []
    const schema = (
      inputSchema ? z.toJSONSchema(inputSchema as z.ZodType, { io: 'input', unrepresentable: 'any' }) : {}
    ) as Node
    const sample = (inputSchema ? sampleOf(schema, [], texts) : {}) as Record<string, unknown>
    return { method: route.method ?? 'POST', path: route.path ?? '/', sample, texts }
  }),
)
const urlOf = (path: string, values: Record<string, unknown>): string =>
  `/v1${path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(
      String(values[name] ?? 'fuzz')
        .toWellFormed()
        .slice(0, 1_900),
    ),
  )}`
/** Signing out would end the session that the others need; starting checks and hashing passwords has tests of its own. */
const isLeftOut = (path: string, method: string): boolean =>
  method === 'DELETE' && (path === '/session' || path === '/account/sessions')

describe('texts of every route', () => {
  it('of /v1, one by one, in bodies and addresses', async () => {
    expect(endpoints.length).toBeGreaterThan(50)
    expect(endpoints.flatMap(({ texts }) => texts).length).toBeGreaterThan(100)
    for (const { method, path, sample, texts } of endpoints) {
      if (isLeftOut(path, method)) continue
      for (const text of texts) {
        const isInPath = text.length === 1 && path.includes(`{${text[0]}}`)
        const isInAddress = method === 'GET' || isInPath
        for (const [name, value] of isInAddress ? forAddress : Object.entries(hostile)) {
          const body = withText(sample, text, value) as Record<string, unknown>
          const what = `${method} ${path} ${text.join('.')} ${name}`
          if (method !== 'GET') await sendJson(what, method, urlOf(path, body), body)
          else {
            const query = new URLSearchParams(
              Object.entries(body).filter(([, one]) => typeof one === 'string') as [string, string][],
            )
            await send(what, { method: 'GET', url: `${urlOf(path, body)}?${query}` })
          }
        }
      }
    }
    expect({ faults, slow }).toEqual({ faults: [], slow: [] })
  })

  /** `METHOD /path` of everything that is served beside `/v1`. */
  const served = (): string[] => {
    const prefixes: string[] = []
    return server.app
      .printRoutes({ commonPrefix: false })
      .split('\n')
      .flatMap((line) => {
        const [, indent = '', path = '', methods = ''] = /^((?:[│ ] {3})*)[├└]── (\S+) \(([^)]+)\)/.exec(line) ?? []
        if (methods === '') return []
        prefixes.length = indent.length / 4
        prefixes[indent.length / 4] = path
        const whole = prefixes.join('').replace(/^\/{2,}/, '/')
        if (whole.startsWith('/v1') || whole.startsWith('/assets/') || whole.endsWith('*')) return []
        return methods
          .split(', ')
          .filter((method) => method !== 'HEAD' && method !== 'OPTIONS')
          .map((method) => `${method} ${whole}`)
      })
  }
  /** Members that these wires know, of a person, an object, a sign-in, a token request and a logout. */
  const members = [
    'name',
    'owner',
    'id',
    'userId',
    'displayName',
    'email',
    'phone',
    'realName',
    'idCard',
    'idCardType',
    'signupApplication',
    'anyOther',
    'organization',
    'application',
    'username',
    'password',
    'passcode',
    'type',
    'category',
    'clientId',
    'clientSecret',
    'logo',
    'homepageUrl',
    'field',
    'value',
    'sortField',
    'columns',
    'p',
    'userOwner',
    'userName',
    'oldPassword',
    'newPassword',
    'provider',
    'client_id',
    'client_secret',
    'redirect_uri',
    'state',
    'nonce',
    'scope',
    'claims',
    'login_hint',
    'id_token_hint',
    'logout_hint',
    'prompt',
    'code',
    'code_verifier',
    'code_challenge',
    'refresh_token',
    'token',
    'access_token',
    'grant_type',
    'request',
    'request_uri',
    'resource',
    'acr_values',
    'ui_locales',
    'response_type',
    'response_mode',
    'post_logout_redirect_uri',
    'reference',
    'decision',
  ]
  const known: Record<string, string> = {
    client_id: 'fuzz',
    response_type: 'code',
    redirect_uri: 'https://fuzz.example.com/',
    scope: 'openid',
    grant_type: 'authorization_code',
    owner: 'built-in',
    name: 'member',
    organization: 'built-in',
    application: 'app-built-in',
    type: 'Paper',
    category: 'ID Verification',
  }

  it('of every other route, in bodies, forms, addresses and headers', async () => {
    const routes = served()
    expect(routes.length).toBeGreaterThan(100)
    for (const route of routes) {
      const [method = '', path = ''] = route.split(' ')
      if (/logout/.test(path)) continue
      // All members at once: each is looked at unless one before it is refused; then one by one for the short texts.
      for (const [name, text] of Object.entries(hostile)) {
        const value = text.slice(0, Math.floor(300_000 / members.length))
        const url = path.replace(/:\w+/g, () => encodeURIComponent(value.toWellFormed().slice(0, 1_500)))
        const query = new URLSearchParams(members.map((key) => [key, value.toWellFormed().slice(0, 100)]))
        if (method === 'GET') await send(`${route} ${name}`, { method: 'GET', url: `${url}?${query}` })
        else {
          await sendJson(
            `${route} ${name} as JSON`,
            method,
            url,
            Object.fromEntries(members.map((key) => [key, value])),
          )
          await send(`${route} ${name} form`, {
            method: 'POST',
            url,
            payload: new URLSearchParams(members.map((key) => [key, value.toWellFormed()])).toString(),
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
          })
        }
      }
    }
    expect({ faults, slow }).toEqual({ faults: [], slow: [] })
  })

  it('of a person, an application, a sign-in and an authorization request, one member at a time', async () => {
    for (const [name, text] of Object.entries(long))
      for (const key of members) {
        const what = `${key} ${name}`
        const own = { owner: 'built-in', name: 'member', [key]: text }
        await sendJson(`update-user ${what}`, 'POST', '/api/update-user?id=built-in/member', own, member)
        for (const object of ['user', 'application', 'provider', 'organization'])
          await sendJson(`add-${object} ${what}`, 'POST', `/api/add-${object}`, { ...known, name: 'made', [key]: text })
        const short = text.slice(0, 2_000)
        const address = new URLSearchParams({ ...known, [key]: short })
        await send(`authorize ${what}`, { method: 'GET', url: `/login/oauth/authorize?${address}` })
        await send(`get-user ${what}`, { method: 'GET', url: `/api/get-user?${new URLSearchParams({ [key]: short })}` })
      }
    const signIn = { application: 'app-built-in', username: 'nobody', password: ADMIN_PASSWORD, type: 'login' }
    for (const [name, text] of Object.entries(long))
      for (const key of ['application', 'organization', 'username', 'password', 'passcode', 'type'])
        await sendJson(`login ${key} ${name}`, 'POST', '/api/login', { ...signIn, [key]: text })
    expect({ faults, slow }).toEqual({ faults: [], slow: [] })
  })

  it('of an authorization request and a token request of a known client, also inside of JSON', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const fitting = {
      ...known,
      ...client,
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
      nonce: 'n',
      state: 's',
    }
    const inner = (text: string): string[] => {
      const quoted = JSON.stringify(text)
      return [`{"userinfo":{"given_name":{"value":${quoted}}}}`, `{"id_token":{${quoted}:null}}`, `{"x":${quoted}}`]
    }
    const tries: [string, Record<string, string>][] = [
      ...Object.entries(hostile).flatMap(([name, text]) =>
        inner(text.slice(0, 4_000)).map((claims, index): [string, Record<string, string>] => [
          `claims ${index} ${name}`,
          { claims },
        ]),
      ),
      ...forAddress.flatMap(([name, text]) =>
        members.map((key): [string, Record<string, string>] => [`${key} ${name}`, { [key]: text }]),
      ),
    ]
    for (const [what, change] of tries) {
      const request = new URLSearchParams({ ...fitting, ...change })
      const { client_secret: _secret, ...open } = fitting
      await send(`authorize ${what}`, {
        method: 'GET',
        url: `/login/oauth/authorize?${new URLSearchParams({ ...open, ...change }).toString().slice(0, 12_000)}`,
      })
      for (const url of ['/api/login/oauth/par', '/api/login/oauth/access_token', '/api/login/oauth/introspect'])
        await send(`${url} ${what}`, { method: 'POST', url, payload: request.toString(), headers: form })
    }
    expect({ faults, slow }).toEqual({ faults: [], slow: [] })
  })

  it('in credentials and other headers', async () => {
    for (const [name, text] of forAddress) {
      const basic = `Basic ${Buffer.from(`${text}:${text}`).toString('base64')}`
      for (const url of ['/api/get-account', '/api/userinfo', '/v1/users'])
        await send(`${url} Basic ${name}`, { method: 'GET', url, headers: { authorization: basic } })
      await send(`token Basic ${name}`, {
        method: 'POST',
        url: '/api/login/oauth/access_token',
        payload: 'grant_type=client_credentials',
        headers: { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' },
      })
      for (const header of ['user-agent', 'idempotency-key', 'if-match', 'accept-language', 'cookie', 'x-request-id'])
        await send(`${header} ${name}`, {
          method: 'GET',
          url: '/v1/account',
          headers: { [header]: encodeURIComponent(text).slice(0, 3_000) },
        })
    }
    expect({ faults, slow }).toEqual({ faults: [], slow: [] })
  })

  it('leave the process as it was', async () => {
    // Rate limits would hide what is behind them.
    const sent = [...statuses.values()].reduce((sum, count) => sum + count, 0)
    expect((statuses.get(429) ?? 0) / sent).toBeLessThan(0.2)
    expect((await root.call('GET', '/readyz')).status).toBe(200)
    expect((await root.call('GET', '/v1/users?limit=200')).status).toBe(200)
    expect((await member.call('GET', '/v1/account')).json.name).toBe('member')
  })
})
