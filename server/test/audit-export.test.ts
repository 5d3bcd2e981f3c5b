import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './harness.ts'

type Browser = ReturnType<TestServer['browser']>
let server: TestServer
let admin: Browser
let chief: Browser

const append = (organization: string, entry: { actor: string; action: string; target: string; reference?: string }) =>
  server.db.transaction((tx) => server.audit.append(tx, { organization, address: '192.0.2.1', ...entry }))

beforeAll(async () => {
  server = await startServer('audit_export')
  admin = await server.admin()
  await admin.call('POST', '/v1/organizations', { name: 'acme', displayName: 'Acme' })
  await admin.call('POST', '/v1/applications', {
    organization: 'acme',
    name: 'portal',
    displayName: 'P',
    redirectUris: [],
  })
  const password = 'the first of acme'
  await admin.call('POST', '/v1/users', { organization: 'acme', name: 'chief', isAdmin: true, password })
  chief = server.browser()
  await chief.signIn('chief', password, 'portal')
  await chief.call('PUT', '/v1/account/password', { current: password, next: 'the second of acme' })
  // More than one batch of the stream.
  for (let n = 1; n <= 520; n += 1) await append('acme', { actor: 'acme/robot', action: 'test', target: `thing ${n}` })
  await append('acme', { actor: 'acme/chief', action: 'odd', target: '=1+1,"x"\nnext', reference: 'VD-7KQ2-M4' })
})
afterAll(() => server?.stop())

const get = async (who: Browser, query: string) => who.call('GET', `/v1/audit/export${query}`)

describe('the export of the audit', () => {
  it('has every line once, the newest first, with its hash, in both formats', async () => {
    const jsonl = await get(chief, '?format=jsonl&action=test')
    expect(jsonl.headers['content-type']).toContain('application/jsonl')
    const lines = jsonl.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ target }) => target)).toEqual(Array.from({ length: 520 }, (_unused, n) => `thing ${520 - n}`))
    for (const line of lines.slice(0, 3)) expect(line.hash).toMatch(/^[\w-]{20,}$/)
    const csv = await get(chief, '?action=test')
    expect(csv.headers['content-type']).toContain('text/csv')
    expect(csv.headers['content-disposition']).toBe('attachment; filename="audit-acme.csv"')
    expect(csv.text.split('\r\n')).toHaveLength(522)
    expect(csv.text.split('\r\n')[0]).toContain('number,at,organization,actor,action')
  })

  it('quotes cells, and gives a spreadsheet no formula to run', async () => {
    const { text } = await get(chief, '?action=odd')
    expect(text).toContain(`"'=1+1,""x""\nnext"`)
  })

  it('takes the filters of the list', async () => {
    const count = async (query: string) =>
      (await get(chief, `?format=jsonl&${query}`)).text.split('\n').filter(Boolean).length
    expect(await count('reference=VD-7KQ2-M4')).toBe(1)
    expect(await count('actor=acme/robot')).toBe(520)
    expect(await count('target=thing%207')).toBe(1)
    expect(await count('result=failed')).toBe(0)
    expect(await count('until=2020-01-01T00:00:00Z')).toBe(0)
    const listed = await chief.call('GET', '/v1/audit?actor=acme/robot&result=ok&limit=1')
    expect([listed.json.items.length, listed.json.total]).toEqual([1, 520])
    for (const query of ['?format=xml', '?from=yesterday', '?result=perhaps', `?actor=${'x'.repeat(500)}`])
      expect((await get(chief, query)).status, query).toBe(422)
  })

  it('is for administrators of the organization, and for keys with audit:read', async () => {
    expect((await get(server.browser(), '')).status).toBe(401)
    const member = server.browser()
    await member.signUp('mia', 'portal')
    expect((await get(member, '')).status).toBe(403)
    expect((await get(chief, '?organization=built-in')).status).toBe(404)
    expect((await get(admin, '?organization=acme&action=odd')).text).toContain('VD-7KQ2-M4')
    const withKey = async (scopes: string[]) => {
      const { key } = (await admin.call('POST', '/v1/applications/portal/keys', { name: 'k', scopes })).json
      return server.browser({ authorization: `Bearer ${key}` }).call('GET', '/v1/audit/export?action=odd')
    }
    expect((await withKey(['users:read'])).status).toBe(403)
    expect((await withKey(['audit:read'])).text).toContain('VD-7KQ2-M4')
  })
})
