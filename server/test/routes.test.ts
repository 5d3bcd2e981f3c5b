import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ada, startServer, type TestServer } from './harness.ts'

/** Whatever the server answers beside `/v1/` (which has a table of its own, `tenancy.test.ts`), from its own route table. */
let server: TestServer
const password = 'a long password'
const OF_ACME = /bob@example\.com|Lovelace|L898902C36|stamp of acme|acme-paper/

/** Open to everybody, and why that is right. */
const open: Readonly<Record<string, string>> = {
  'GET /': 'the pages',
  'GET /index.html': 'the pages',
  'GET /icon.svg': 'the pages',
  'GET /account': 'an address of other clients, led to the page',
  'GET /users/:organization/:name': 'an address of other clients, led to the page',
  'GET /signup/oauth/authorize': 'an address of other clients, led to the page',
  'GET /healthz': 'the process lives',
  'GET /readyz': 'it has its database',
  'GET /metrics': 'counts, no names',
  'GET /v1/openapi.json': 'the documentation',
  'GET /v1/audit/export': 'asks for an administrator itself: audit-export.test.ts',
  'GET /docs': 'the documentation',
  'GET /docs/errors': 'the documentation',
  'GET /docs/guides': 'the documentation',
  'GET /docs/guides/:slug': 'the documentation',
  'GET /verifications/return/:id': 'leads the browser on; the account page asks for the session',
  'GET /verifications/stopped/:id': 'leads the browser on; the account page asks for the session',
  'POST /notices/:token': 'a webhook with a secret of its own',
  'GET /.well-known/openid-configuration': 'discovery',
  'OPTIONS /.well-known/openid-configuration': 'discovery',
  'GET /.well-known/oauth-authorization-server': 'discovery (RFC 8414)',
  'OPTIONS /.well-known/oauth-authorization-server': 'discovery (RFC 8414)',
  'GET /verifications/embed/:type': 'a script that every browser may load, it holds no data',
  'GET /account/identity/check': 'the pages, the policy of one check opens only for its person',
  'GET /.well-known/jwks': 'public keys',
  'OPTIONS /.well-known/jwks': 'public keys',
  'GET /login/oauth/authorize': 'the protocol asks for the session itself',
  'POST /login/oauth/authorize': 'the protocol asks for the session itself',
  'GET /login/oauth/authorize/:uid': 'the protocol asks for the cookie of its step',
  'GET /login/oauth/interaction/:uid': 'the protocol asks for the cookie of its step',
  'GET /login/oauth/interaction/:uid/details': 'the protocol asks for the cookie of its step',
  'POST /login/oauth/interaction/:uid/decision': 'the protocol asks for the cookie of its step',
  'POST /api/login': 'signing in',
  'POST /api/login/oauth/access_token': 'client credentials',
  'OPTIONS /api/login/oauth/access_token': 'client credentials',
  'POST /api/login/oauth/introspect': 'client credentials',
  'POST /api/login/oauth/revoke': 'client credentials',
  'OPTIONS /api/login/oauth/revoke': 'client credentials',
  'POST /api/login/oauth/refresh_token': 'client credentials',
  'POST /api/login/oauth/par': 'client credentials',
  'GET /api/userinfo': 'an access token',
  'POST /api/userinfo': 'an access token',
  'OPTIONS /api/userinfo': 'an access token',
  'GET /api/logout': 'ends the own session only',
  'POST /api/logout': 'ends the own session only',
  'POST /api/logout/confirm': 'ends the own session only',
  'GET /api/logout/success': 'a page',
  'POST /api/logout/success': 'a page',
  'GET /api/sso-logout': 'ends the own session only',
  'POST /api/sso-logout': 'ends the own session only',
}

/** What other clients call objects of `acme`; each is asked about it by people who have no part in it. */
const user = { owner: 'acme', name: 'bob', displayName: 'Taken over', email: 'evil@example.com', isAdmin: true }
const application = { owner: 'admin', name: 'acme-app', organization: 'acme', displayName: 'Taken over' }
const provider = {
  owner: 'acme',
  name: 'acme-paper',
  displayName: 'Taken over',
  category: 'ID Verification',
  type: 'Paper',
}
const organization = { owner: 'admin', name: 'acme', displayName: 'Taken over' }
const objects: readonly [RegExp, { id: string; body: Record<string, unknown> }][] = [
  [/user|account/, { id: 'acme/bob', body: user }],
  [/provider/, { id: 'acme/acme-paper', body: provider }],
  [/application/, { id: 'admin/acme-app', body: application }],
  [/organization/, { id: 'admin/acme', body: organization }],
]
const aimedAt = (path: string) => objects.find(([kind]) => kind.test(path))?.[1] ?? { id: 'acme/bob', body: user }

/** Kinds of objects that this product does not host: the answer is empty for everybody. */
const notHosted =
  /^\/api\/(get|add|update|delete)-(adapter|group|session|subscription|syncer|product|pricing|payment|permission|plan|resource|role|enforcer|model|token|webhook)s?$/
/** All other calls of Casdoor's wire. A new one without a name here fails the first test. */
const wire = [
  ...['get-account', 'get-user', 'get-users', 'get-user-count', 'get-user-application', 'get-global-users'],
  ...[
    'get-sorted-users',
    'get-provider',
    'get-providers',
    'get-global-providers',
    'get-application',
    'get-applications',
  ],
  ...['get-organization', 'get-organizations', 'get-organization-applications', 'get-records', 'get-cert', 'get-certs'],
  ...['verify-identification', 'set-password', 'add-record', 'upload-resource', 'send-email', 'send-sms'],
  ...['add-user', 'update-user', 'delete-user', 'add-provider', 'update-provider', 'delete-provider'],
  ...['add-application', 'update-application', 'delete-application', 'add-organization', 'update-organization'],
  ...['delete-organization', 'add-cert', 'update-cert', 'delete-cert', 'enforce', 'batch-enforce'],
  ...['set-preferred-mfa', 'delete-mfa', 'mfa/setup/initiate', 'mfa/setup/verify', 'mfa/setup/enable'],
].map((name) => `/api/${name}`)

/** `METHOD /path` of everything that is served; fastify prints its tree by indentation. */
const served = (): string[] => {
  const prefixes: string[] = []
  return server.app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent = '', path = '', methods = ''] = /^((?:[│ ] {3})*)[├└]── (\S+) \(([^)]+)\)/.exec(line) ?? []
      if (methods === '') return []
      const depth = indent.length / 4
      prefixes.length = depth
      prefixes[depth] = path
      const whole = prefixes.join('').replace(/^\/{2,}/, '/')
      if (whole.startsWith('/assets/') || whole.endsWith('*')) return []
      return methods
        .split(', ')
        .filter((method) => method !== 'HEAD')
        .map((method) => `${method} ${whole}`)
    })
}
const isWire = (route: string): boolean => {
  const path = route.replace(/^\w+ /, '')
  return wire.includes(path) || notHosted.test(path)
}

beforeAll(async () => {
  server = await startServer('routes')
  await server.app.ready()
  const root = await server.admin()
  for (const name of ['acme', 'globex']) {
    await root.call('POST', '/v1/organizations', { name, displayName: name })
    await root.call('POST', '/v1/applications', { organization: name, name: `${name}-app`, displayName: name })
  }
  await root.call('POST', '/v1/providers', {
    organization: 'acme',
    name: 'acme-paper',
    displayName: 'Paper',
    category: 'ID Verification',
    type: 'Paper',
    config: { office: 'open', stamp: 'stamp of acme' },
  })
  await root.call('POST', '/v1/users', {
    organization: 'globex',
    name: 'gina',
    isAdmin: true,
    email: 'gina@example.com',
    password,
  })
  const gina = server.browser()
  await gina.signIn('gina', password, 'globex-app')
  await gina.call('PUT', '/v1/account/password', { current: password, next: `${password} of hers` })
  const bob = server.browser()
  expect((await bob.signUp('bob', 'acme-app')).status).toBe(201)
  await bob.call('PUT', '/v1/account/identity', ada)
  expect((await server.browser().signUp('mia', 'globex-app')).status).toBe(201)
})
afterAll(() => server?.stop())

const snapshot = async (): Promise<string> => {
  const tables = [
    `select * from veridoor.organizations where name = 'acme'`,
    `select * from veridoor.applications where organization = 'acme' order by name`,
    `select * from veridoor.providers where owner = 'acme' order by name`,
    `select * from veridoor.users where organization = 'acme' order by name`,
    `select id from veridoor.verifications order by id`,
    `select * from veridoor.audit_lines where organization = 'acme' order by number`,
  ]
  return JSON.stringify(await Promise.all(tables.map(async (text) => (await server.pool.query(text)).rows)))
}

it('everything that is served has a place in one of the tables, and every row is served', () => {
  const routes = served()
  expect(routes.length).toBeGreaterThan(120)
  expect(routes.filter((route) => !(route in open) && !isWire(route))).toEqual([])
  const pages = ['GET /index.html', 'GET /icon.svg', 'GET /']
  expect(Object.keys(open).filter((route) => !routes.includes(route) && !pages.includes(route))).toEqual([])
  expect(wire.filter((path) => !routes.some((route) => route.endsWith(` ${path}`)))).toEqual([])
})

describe('about another organization, a call of the wire gives and changes nothing', () => {
  const callers = {
    nobody: async () => server.browser(),
    'a member of another organization': async () => {
      const own = server.browser()
      expect((await own.signIn('mia', password, 'globex-app')).status).toBe(200)
      return own
    },
    'an administrator of another organization': async () => {
      const own = server.browser()
      expect((await own.signIn('gina', `${password} of hers`, 'globex-app')).status).toBe(200)
      return own
    },
  }
  it.each(Object.keys(callers) as (keyof typeof callers)[])('asked by %s', async (who) => {
    await server.pool.query('delete from veridoor.rate_limits')
    const own = await callers[who]()
    const before = await snapshot()
    const calls = served().filter(isWire)
    expect(calls.length).toBeGreaterThan(90)
    for (const route of calls) {
      await server.pool.query('delete from veridoor.rate_limits')
      const [method = '', path = ''] = route.split(' ')
      const { id, body } = aimedAt(path)
      const address = `${path}?${new URLSearchParams({ id, owner: 'acme', organization: 'acme', userOwner: 'acme', userName: 'bob' })}`
      const answer = await own.call(
        method as 'GET' | 'POST',
        address,
        method === 'GET'
          ? undefined
          : { ...body, userOwner: 'acme', userName: 'bob', newPassword: 'a stolen password' },
      )
      expect(answer.text, route).not.toMatch(OF_ACME)
      expect(await snapshot(), route).toBe(before)
    }
  })

  it('while an administrator of the installation is told, so that the silence above means something', async () => {
    const root = await server.admin()
    for (const path of [
      '/api/get-user?id=acme/bob',
      '/api/get-provider?id=acme/acme-paper',
      '/api/get-users?owner=acme',
    ])
      expect((await root.call('GET', path)).text, path).toMatch(OF_ACME)
  })
})
