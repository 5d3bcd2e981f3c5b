import { api } from '@veridoor/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ada, startServer, type TestServer } from './harness.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
type Case = {
  /** Aimed at an object of organization `acme`. */
  path: (ids: { verification: string; webhook: string; delivery: string; key: string; mail: string }) => string
  body?: Record<string, unknown> | ((who: string) => Record<string, unknown>)
  /** Statuses for nobody, a member of another organization, and an administrator of another organization. */
  anonymous: number
  member: number
  foreignAdmin: number
}

const person = { displayName: 'Taken over', email: '', isAdmin: true, isForbidden: false, application: '' }
const provider = {
  displayName: 'Taken over',
  category: 'ID Verification',
  type: 'Paper',
  config: { office: 'open', stamp: '***' },
}
const organization = { displayName: 'Taken over' }
const own = { anonymous: 401, member: 200, foreignAdmin: 200 }
const open = { anonymous: 200, member: 200, foreignAdmin: 200 }
/** Another tenant's object does not exist for an administrator; members are no administrators. */
const staff = { anonymous: 401, member: 403, foreignAdmin: 404 }
/** One's own account, by a word that is wrong. */
const checked = { anonymous: 401, member: 422, foreignAdmin: 422 }
/** Answers with one's own organization only; whether anything of another's is in it is asked of every answer. */
const scoped = { anonymous: 401, member: 403, foreignAdmin: 200 }

/** One row an endpoint. A new endpoint without a row fails the first test. */
const table: Record<string, Case> = {
  'session.page': { path: () => '/sign-in-page?application=acme-app', ...open },
  'session.read': { path: () => '/session', ...own },
  'session.signIn': {
    path: () => '/session',
    body: { application: 'acme-app', username: 'mia', password: 'a long password' },
    anonymous: 401,
    member: 401,
    foreignAdmin: 401,
  },
  'session.forgotPassword': {
    path: () => '/password-resets',
    body: { application: 'acme-app', username: 'bob' },
    ...open,
  },
  'session.resetPassword': {
    path: () => '/password-resets/complete',
    body: { token: 'x', password: 'a long password' },
    anonymous: 410,
    member: 410,
    foreignAdmin: 410,
  },
  'session.confirmEmail': {
    path: () => '/email-confirmations',
    body: { token: 'x' },
    anonymous: 410,
    member: 410,
    foreignAdmin: 410,
  },
  'session.startEmailCode': {
    path: () => '/session/email-code',
    body: { application: 'acme-app', username: 'bob' },
    ...open,
  },
  'session.emailCodeSignIn': {
    path: () => '/session/email-code/complete',
    body: { application: 'acme-app', emailCode: '123456' },
    anonymous: 401,
    member: 401,
    foreignAdmin: 401,
  },
  'session.signOut': { path: () => '/session', ...open },
  'session.signUp': {
    path: () => '/accounts',
    body: { application: 'acme-app', username: 'bob', email: 'new@example.com', password: 'a long password' },
    anonymous: 409,
    member: 409,
    foreignAdmin: 409,
  },
  'account.read': { path: () => '/account', ...own },
  'account.saveProfile': {
    path: () => '/account/profile',
    body: (who) => ({
      displayName: 'Me',
      email: `${who}@example.com`,
      password: who === 'foreignAdmin' ? ginasPassword : password,
      organization: 'acme',
      name: 'bob',
    }),
    ...own,
  },
  'account.askAgainToConfirm': { path: () => '/account/email/confirmation', ...own },
  'account.saveIdentity': { path: () => '/account/identity', body: { realName: 'Me', name: 'bob' }, ...own },
  'account.revealNumber': { path: () => '/account/identity/reveal', ...own },
  'account.changePassword': {
    path: () => '/account/password',
    body: { current: 'wrong password', next: 'another password' },
    anonymous: 401,
    member: 422,
    foreignAdmin: 422,
  },
  'security.read': { path: () => '/account/security', ...own },
  'session.startPasskey': { path: () => '/session/passkey/options', ...open },
  'session.passkeySignIn': {
    path: () => '/session/passkey',
    body: {
      application: 'acme-app',
      response: {
        id: 'x',
        rawId: 'x',
        type: 'public-key',
        response: { clientDataJSON: 'x', authenticatorData: 'x', signature: 'x' },
      },
    },
    anonymous: 401,
    member: 401,
    foreignAdmin: 401,
  },
  'security.startPasskey': {
    path: () => '/account/security/passkeys/options',
    body: { password: 'wrong' },
    ...checked,
  },
  'security.addPasskey': {
    path: () => '/account/security/passkeys',
    body: {
      name: 'mine',
      response: {
        id: 'x',
        rawId: 'x',
        type: 'public-key',
        response: { clientDataJSON: 'x', attestationObject: 'x' },
      },
    },
    anonymous: 401,
    member: 401,
    foreignAdmin: 401,
  },
  'security.renamePasskey': {
    path: () => '/account/security/passkeys/x',
    body: { name: 'mine' },
    anonymous: 401,
    member: 404,
    foreignAdmin: 404,
  },
  'security.removePasskey': {
    path: () => '/account/security/passkeys/x',
    anonymous: 401,
    member: 404,
    foreignAdmin: 404,
  },
  'security.startApp': { path: () => '/account/security/authenticator', body: { password: 'wrong' }, ...checked },
  'security.confirmApp': {
    path: () => '/account/security/authenticator/confirm',
    body: { code: '000000' },
    ...checked,
  },
  'security.removeApp': {
    path: () => '/account/security/authenticator/remove',
    body: { password: 'wrong' },
    ...checked,
  },
  'security.newRecoveryCodes': {
    path: () => '/account/security/recovery-codes',
    body: { password: 'wrong' },
    ...checked,
  },
  'security.devices': { path: () => '/account/sessions', ...own },
  'security.endDevice': {
    path: () => '/account/sessions/00000000-0000-4000-8000-000000000000',
    anonymous: 401,
    member: 404,
    foreignAdmin: 404,
  },
  'security.signOutEverywhere': { path: () => '/account/sessions', ...own },
  'verifications.start': {
    path: () => '/verifications',
    body: { organization: 'acme', name: 'carl' },
    anonymous: 401,
    member: 404,
    foreignAdmin: 404,
  },
  'verifications.list': { path: () => '/verifications?organization=acme', ...staff },
  'verifications.read': {
    path: ({ verification }) => `/verifications/${verification}`,
    anonymous: 401,
    member: 404,
    foreignAdmin: 404,
  },
  'verifications.embed': {
    path: ({ verification }) => `/verifications/${verification}/embed`,
    anonymous: 401,
    member: 404,
    foreignAdmin: 404,
  },
  'verifications.state': {
    path: ({ verification }) => `/verifications/${verification}/state`,
    anonymous: 401,
    member: 404,
    foreignAdmin: 404,
  },
  'verifications.pictures': {
    path: ({ verification }) => `/verifications/${verification}/pictures`,
    body: { reason: 'review' },
    anonymous: 401,
    member: 404,
    foreignAdmin: 404,
  },
  'verifications.cancel': {
    path: ({ verification }) => `/verifications/${verification}/cancel`,
    anonymous: 401,
    member: 404,
    foreignAdmin: 404,
  },
  'verifications.review': {
    path: ({ verification }) => `/verifications/${verification}/review`,
    body: { decision: 'approve', reason: 'because' },
    anonymous: 401,
    member: 404,
    foreignAdmin: 404,
  },
  'organizations.list': { path: () => '/organizations', ...scoped },
  'organizations.create': {
    path: () => '/organizations',
    body: { name: 'mine', ...organization },
    anonymous: 401,
    member: 403,
    foreignAdmin: 403,
  },
  'organizations.read': { path: () => '/organizations/acme', ...staff },
  'organizations.update': { path: () => '/organizations/acme', body: organization, ...staff },
  'applications.list': { path: () => '/applications?organization=acme', ...staff },
  'applications.read': { path: () => '/applications/acme-app', ...staff },
  'applications.create': {
    path: () => '/applications',
    body: { organization: 'acme', name: 'trojan', displayName: 'Trojan' },
    ...staff,
  },
  'applications.update': { path: () => '/applications/acme-app', body: { displayName: 'Taken over' }, ...staff },
  'applications.resetSecret': { path: () => '/applications/acme-app/secret', ...staff },
  'applications.remove': { path: () => '/applications/acme-app', ...staff },
  'providers.types': { path: () => '/provider-types', ...scoped },
  'providers.list': { path: () => '/providers?organization=acme', ...staff },
  'providers.read': { path: () => '/providers/acme/acme-paper', ...staff },
  'providers.create': {
    path: () => '/providers',
    body: { organization: 'acme', name: 'trojan', ...provider },
    ...staff,
  },
  'providers.update': { path: () => '/providers/acme/acme-paper', body: provider, ...staff },
  'providers.approve': {
    path: () => '/providers/acme/acme-paper/approval',
    body: { isApproved: true },
    anonymous: 401,
    member: 403,
    foreignAdmin: 403,
  },
  'providers.remove': { path: () => '/providers/acme/acme-paper', ...staff },
  'providers.probe': {
    path: () => '/provider-tests',
    body: { organization: 'acme', name: 'acme-paper', ...provider },
    ...staff,
  },
  'users.list': { path: () => '/users?organization=acme', ...staff },
  'users.read': { path: () => '/users/acme/bob', ...staff },
  'users.create': { path: () => '/users', body: { organization: 'acme', name: 'trojan', ...person }, ...staff },
  'users.update': { path: () => '/users/acme/bob', body: person, ...staff },
  'users.removeSecondStep': {
    path: () => '/users/acme/bob/second-step/removal',
    body: { reason: 'because' },
    ...staff,
  },
  'users.remove': { path: () => '/users/acme/bob', ...staff },
  'audit.list': { path: () => '/audit?organization=acme', ...staff },
  'audit.verify': { path: () => '/audit/chain?organization=acme', ...staff },
  'apiKeys.list': { path: () => '/applications/acme-app/keys', ...staff },
  'apiKeys.create': {
    path: () => '/applications/acme-app/keys',
    body: { name: 'Stolen', scopes: ['users:write'] },
    ...staff,
  },
  'apiKeys.revoke': { path: ({ key }) => `/applications/acme-app/keys/${key}`, ...staff },
  'webhooks.list': { path: () => '/webhooks?organization=acme', ...staff },
  'webhooks.create': {
    path: () => '/webhooks',
    body: { organization: 'acme', url: 'https://evil.example.com/' },
    ...staff,
  },
  'webhooks.update': {
    path: ({ webhook }) => `/webhooks/${webhook}`,
    body: { url: 'https://evil.example.com/', isEnabled: true },
    ...staff,
  },
  'webhooks.replaceSecret': { path: ({ webhook }) => `/webhooks/${webhook}/secret`, ...staff },
  'webhooks.remove': { path: ({ webhook }) => `/webhooks/${webhook}`, ...staff },
  'webhooks.deliveries': { path: ({ webhook }) => `/webhooks/${webhook}/deliveries`, ...staff },
  'webhooks.test': { path: ({ webhook }) => `/webhooks/${webhook}/test`, ...staff },
  'webhooks.resend': {
    path: ({ webhook, delivery }) => `/webhooks/${webhook}/deliveries/${delivery}/resend`,
    ...staff,
  },
  'mails.list': { path: () => '/mails?organization=acme', ...staff },
  'mails.open': { path: ({ mail }) => `/mails/${mail}/open`, ...staff },
  'budgets.list': { path: () => '/budgets', anonymous: 401, member: 403, foreignAdmin: 403 },
  'overview.read': { path: () => '/overview', ...scoped },
}

const routes = new Map(
  Object.entries(api).flatMap(([room, endpoints]) =>
    Object.entries(endpoints).map(([name, endpoint]) => [`${room}.${name}`, endpoint['~orpc'].route.method as Method]),
  ),
)

/** Words that only acme's things carry. */
const OF_ACME = /acme-paper|Acme secret|bob@|Robert|carl@|Acme portal/

let server: TestServer
let verification = ''
let webhook = ''
let delivery = ''
let key = ''
let mail = ''
const password = 'a long password'
const ginasPassword = 'a password of her own'

beforeAll(async () => {
  server = await startServer('tenancy')
  const root = await server.admin()
  for (const name of ['acme', 'globex']) {
    await root.call('POST', '/v1/organizations', { name, displayName: name })
    await root.call('POST', '/v1/applications', {
      organization: name,
      name: `${name}-app`,
      displayName: name === 'acme' ? 'Acme portal' : 'Globex portal',
      enableEmailCode: true,
    })
  }
  const made = await root.call('POST', '/v1/providers', {
    ...provider,
    organization: 'acme',
    name: 'acme-paper',
    displayName: 'Acme secret checks',
    config: { office: 'open', stamp: 'stamp' },
  })
  expect(made.status).toBe(201)
  const hook = await root.call('POST', '/v1/webhooks', { organization: 'acme', url: 'http://127.0.0.1:9/secret-hook' })
  expect(hook.status).toBe(201)
  webhook = hook.json.webhook.id
  const app = (await root.call('GET', '/v1/applications/acme-app')).json
  await root.call('PUT', '/v1/applications/acme-app', {
    ...app,
    providers: [{ organization: 'acme', name: 'acme-paper' }],
  })
  await root.call('POST', '/v1/users', {
    ...person,
    displayName: '',
    organization: 'globex',
    name: 'gina',
    password,
  })
  const gina = server.browser()
  await gina.signIn('gina', password, 'globex-app')
  await gina.call('PUT', '/v1/account/password', { current: password, next: ginasPassword })
  for (const name of ['bob', 'carl']) {
    const own = server.browser()
    await own.signUp(name, 'acme-app')
    await own.call('PUT', '/v1/account/profile', { displayName: 'Robert', email: `${name}@example.com` })
    await own.call('PUT', '/v1/account/identity', ada)
    if (name === 'bob') verification = (await own.call('POST', '/v1/verifications', {})).json.id
  }
  await server.browser().signUp('mia', 'globex-app')
  const madeKey = await root.call('POST', '/v1/applications/acme-app/keys', {
    name: 'Acme key',
    scopes: ['users:read'],
  })
  key = madeKey.json.apiKey.id
  mail = (await root.call('GET', '/v1/mails?organization=acme')).json.items[0].id
  await server.webhooks.run()
  delivery = (await root.call('GET', `/v1/webhooks/${webhook}/deliveries`)).json.items[0].id
})
afterAll(() => server?.stop())

const snapshot = async (): Promise<string> => {
  const rows = await Promise.all(
    [
      `select * from veridoor.organizations order by name`,
      `select * from veridoor.applications order by name`,
      `select * from veridoor.application_providers order by application, position`,
      `select * from veridoor.providers order by owner, name`,
      `select * from veridoor.users where organization = 'acme' order by name`,
      `select id, scopes from veridoor.api_keys order by id`,
      `select * from veridoor.webhook_endpoints order by id`,
      `select * from veridoor.webhook_deliveries order by id`,
      `select id, state, reviewed_by from veridoor.verifications order by id`,
      `select * from veridoor.audit_lines where organization = 'acme' and action <> 'sign-in' order by number`,
    ].map(async (text) => (await server.pool.query(text)).rows),
  )
  return JSON.stringify(rows)
}

describe('every endpoint', () => {
  it('has a row in this table, and every row an endpoint', () => {
    expect(Object.keys(table).sort()).toEqual([...routes.keys()].sort())
    expect(routes.size).toBeGreaterThan(30)
  })

  const callers = {
    anonymous: async () => server.browser(),
    member: async () => {
      const own = server.browser()
      expect((await own.signIn('mia', password, 'globex-app')).status).toBe(200)
      return own
    },
    foreignAdmin: async () => {
      const own = server.browser()
      expect((await own.signIn('gina', ginasPassword, 'globex-app')).status).toBe(200)
      return own
    },
  }

  for (const [who, signedIn] of Object.entries(callers) as [keyof typeof callers, (typeof callers)['member']][])
    it.each(Object.entries(table))(
      `%s, asked by ${who} about another organization, gives and changes nothing`,
      async (name, row) => {
        await server.pool.query('delete from veridoor.rate_limits')
        const own = await signedIn()
        const body = typeof row.body === 'function' ? row.body(who) : row.body
        const before = await snapshot()
        const answer = await own.call(
          routes.get(name) ?? 'GET',
          `/v1${row.path({ verification, webhook, delivery, key, mail })}`,
          body,
        )
        expect(answer.status).toBe(row[who])
        if (name !== 'session.page') expect(answer.text).not.toMatch(OF_ACME)
        expect(await snapshot()).toBe(before)
      },
    )
})

describe('an administrator of one organization', () => {
  const gina = async () => {
    const own = server.browser()
    await own.signIn('gina', ginasPassword, 'globex-app')
    return own
  }

  it('cannot attach another organization’s provider to an own application', async () => {
    const own = await gina()
    const app = (await own.call('GET', '/v1/applications/globex-app')).json
    const answer = await own.call('PUT', '/v1/applications/globex-app', {
      ...app,
      providers: [{ organization: 'acme', name: 'acme-paper' }],
    })
    expect(answer.status).toBe(422)
    expect((await own.call('GET', '/v1/applications/globex-app')).json.providers).toEqual([])
  })

  it('may attach a shared provider, and sees neither its settings nor who else uses it', async () => {
    const root = await server.admin()
    await root.call('POST', '/v1/providers', {
      ...provider,
      organization: 'admin',
      name: 'shared',
      config: { office: 'Shared office', stamp: 'shared stamp' },
    })
    const acme = (await root.call('GET', '/v1/applications/acme-app')).json
    await root.call('PUT', '/v1/applications/acme-app', {
      ...acme,
      providers: [...acme.providers, { organization: 'admin', name: 'shared' }],
    })
    const own = await gina()
    const app = (await own.call('GET', '/v1/applications/globex-app')).json
    const attached = await own.call('PUT', '/v1/applications/globex-app', {
      ...app,
      providers: [{ organization: 'admin', name: 'shared' }],
    })
    expect(attached.status).toBe(200)
    const seen = await own.call('GET', '/v1/providers/admin/shared')
    expect(seen.json).toMatchObject({ config: {}, usedBy: [{ name: 'globex-app' }], usedThisMonth: 0 })
    expect(seen.text).not.toMatch(/Shared office|acme/i)
    // Nor by the addresses of Casdoor's clients, whatever else is kept beside it.
    const kept = { host: 'shared.example', customHeader: 'shared header' }
    const changed = await root.call('POST', '/api/update-provider?id=admin/shared', kept)
    expect(changed.json).toMatchObject({ data: 'Affected' })
    for (const path of [
      'get-provider?id=admin/shared',
      'get-provider?id=globex/shared',
      'get-providers?owner=globex',
      'get-providers?owner=admin',
      'get-application?id=admin/globex-app',
    ]) {
      const told = await own.call('GET', `/api/${path}`)
      expect(told.json.status, path).toBe('ok')
      expect(told.text, path).toContain('"name":"shared"')
      expect(told.text, path).not.toMatch(/shared[ .](example|header|office)/i)
    }
    expect((await root.call('GET', '/api/get-provider?id=admin/shared')).json.data).toMatchObject(kept)
    const body = { ...provider, organization: 'admin', name: 'shared' }
    expect((await own.call('PUT', '/v1/providers/admin/shared', body)).status).toBe(403)
    expect((await own.call('DELETE', '/v1/providers/admin/shared')).status).toBe(403)
    expect((await own.call('POST', '/v1/provider-tests', body)).status).toBe(403)
    expect((await own.call('POST', '/v1/providers', { ...body, name: 'mine' })).status).toBe(403)
  })

  it('cannot put a script behind a link that people press', async () => {
    const own = await gina()
    const app = (await own.call('GET', '/v1/applications/globex-app')).json
    for (const change of [
      { homepageUrl: 'javascript:alert(1)' },
      { logo: 'data:text/html,x' },
      { redirectUris: ['https://globex.example/back', 'javascript:alert(1)'] },
    ]) {
      const answer = await own.call('PUT', '/v1/applications/globex-app', { ...app, ...change })
      expect(answer.status).toBe(422)
    }
    const fine = { homepageUrl: 'https://globex.example', redirectUris: ['com.globex.app:/back'] }
    expect((await own.call('PUT', '/v1/applications/globex-app', { ...app, ...fine })).status).toBe(200)
    const logo = { displayName: 'Globex', logo: 'javascript:alert(1)' }
    expect((await own.call('PUT', '/v1/organizations/globex', logo)).status).toBe(422)
  })

  it('cannot move a person into another organization, nor become administrator of the installation', async () => {
    const own = await gina()
    const moved = await own.call('PUT', '/v1/users/globex/mia', { ...person, isAdmin: false, organization: 'acme' })
    const { rows } = await server.pool.query(`select organization from veridoor.users where name = 'mia'`)
    expect(rows).toEqual([{ organization: 'globex' }])
    expect([200, 404, 422]).toContain(moved.status)
    expect((await own.call('GET', '/v1/session')).json.user.isGlobalAdmin).toBe(false)
    const made = await own.call('POST', '/v1/users', { ...person, organization: 'built-in', name: 'gina2', password })
    expect(made.status).toBeGreaterThanOrEqual(403)
  })

  it('sees only the own organization in lists without a filter', async () => {
    const own = await gina()
    const names = async (path: string, field: string) =>
      [
        ...new Set(((await own.call('GET', path)).json.items as Record<string, string>[]).map((item) => item[field])),
      ].sort()
    expect(await names('/v1/users', 'organization')).toEqual(['globex'])
    expect(await names('/v1/applications', 'organization')).toEqual(['globex'])
    expect(await names('/v1/organizations', 'name')).toEqual(['globex'])
    expect(await names('/v1/audit', 'organization')).toEqual(['globex'])
    expect(await names('/v1/providers', 'organization')).toEqual(['admin'])
    expect((await own.call('GET', '/v1/verifications')).json).toMatchObject({ items: [], total: 0 })
    expect((await own.call('GET', '/v1/overview')).json.counts).toEqual({})
  })
})
