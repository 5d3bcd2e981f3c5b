import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './harness.ts'

/** Every list of /v1 is read in pages by a total order; what is searched is found by every name of a person. */
type Browser = ReturnType<TestServer['browser']>
let server: TestServer
let admin: Browser

beforeAll(async () => {
  server = await startServer('lists')
  admin = await server.attachProvider()
  for (let n = 1; n <= 5; n += 1) {
    await admin.call('POST', '/v1/organizations', { name: `org${n}`, displayName: `Org ${n}` })
    await admin.call('POST', '/v1/applications', {
      organization: `org${n}`,
      name: `app${n}`,
      displayName: 'App',
      redirectUris: [],
    })
    await admin.call('POST', '/v1/webhooks', { organization: 'org1', url: `https://example.com/${n}` })
    await admin.call('POST', '/v1/users', { organization: 'org1', name: `u${n}`, displayName: `Person ${n}` })
  }
  await server.pool.query(`update veridoor.users set real_name = 'Grace Brewster Hopper' where name = 'u3'`)
  // Rows of one millisecond: an order by time alone would skip some of them.
  for (let n = 1; n <= 7; n += 1) {
    await server.pool.query(
      `insert into veridoor.verifications
         (id, organization, user_id, user_name, application, provider_owner, provider_name, reference, state, is_test,
          started_by, claim, subject_reference, created_at, updated_at, webhook_digest)
       select gen_random_uuid(), 'org1', id, 'u1', 'app1', 'built-in', 'paper', $1, 'created', false,
          'org1/u1', '', $1, '2026-11-24T10:00:00Z', now(), $1
       from veridoor.users where name = 'u1'`,
      [`VD-${String.fromCharCode(64 + n)}KQ2-M${n}`],
    )
    await server.pool.query(`update veridoor.verifications set state = 'cancelled' where state = 'created'`)
  }
})
afterAll(() => server?.stop())

type Item = Record<string, string>
const readAll = async (path: string, limit: number): Promise<Item[]> => {
  const items: Item[] = []
  let cursor: string | null = null
  for (let page = 0; page < 50; page += 1) {
    const query: string = `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`
    const { status, json } = await admin.call('GET', query)
    expect(status, query).toBe(200)
    expect(json.items.length, query).toBeLessThanOrEqual(limit)
    expect(json.isTotalCapped).toBe(false)
    items.push(...json.items)
    cursor = json.nextCursor
    if (cursor === null) return items
  }
  throw new Error('The list does not end.')
}

describe('pages', () => {
  it.each([
    '/v1/organizations',
    '/v1/applications',
    '/v1/providers',
    '/v1/webhooks',
    '/v1/users',
    '/v1/users?order=newest',
    '/v1/users?search=person',
    '/v1/audit',
    '/v1/verifications',
    '/v1/verifications?state=cancelled',
  ])('of %s hold every row once, whatever their size', async (path) => {
    const whole = await readAll(path, 200)
    expect(whole.length).toBeGreaterThan(0)
    for (const limit of [1, 2, 3]) expect(await readAll(path, limit)).toEqual(whole)
  })

  it('are refused for a cursor of another list, as a field that is wrong', async () => {
    const cursors = ['x', '../..', 'a/b/c', '2026-11-24T10:00:00.000Z', '2026-13-99T99:99:99Z/x', '-1', '1e9', "'"]
    for (const path of ['/v1/users?order=newest', '/v1/verifications?', '/v1/audit?', '/v1/webhooks?'])
      for (const cursor of cursors) {
        const { status, json } = await admin.call('GET', `${path}&cursor=${encodeURIComponent(cursor)}`)
        expect([path, cursor, status]).toEqual([path, cursor, 422])
        expect(json.data.fields[0].message).toContain('Invalid cursor')
      }
  })
})

describe('a search', () => {
  it('finds people by a part of their real name, in any case', async () => {
    for (const search of ['brewster', 'HOPPER', 'Grace B']) {
      const { items, total } = (await admin.call('GET', `/v1/users?search=${encodeURIComponent(search)}`)).json
      expect([search, items.map(({ name }: Item) => name), total]).toEqual([search, ['u3'], 1])
    }
    expect((await admin.call('GET', '/v1/users?search=%25')).json.items).toEqual([])
  })

  it('finds a check by its reference, whole or its beginning, however it is written', async () => {
    for (const text of ['VD-CKQ2-M3', 'vd-ckq2-m3', 'VDCKQ2M3', 'ckq2m3', 'CKQ2', 'VD-C', ' vd–ckq2 '])
      expect(
        (await admin.call('GET', `/v1/verifications?reference=${encodeURIComponent(text)}`)).json.items.map(
          ({ reference }: Item) => reference,
        ),
        text,
      ).toEqual(['VD-CKQ2-M3'])
    expect((await admin.call('GET', '/v1/verifications?reference=VD-')).json.items).toHaveLength(7)
    expect((await admin.call('GET', '/v1/verifications?reference=VD-ZZZZ')).json.items).toEqual([])
    expect((await admin.call('GET', '/v1/verifications?reference=%25')).json.items).toHaveLength(7)
  })

  it('narrows checks by provider, application and time', async () => {
    const total = async (query: string) => (await admin.call('GET', `/v1/verifications?${query}`)).json.total
    expect(await total('provider=built-in/paper&application=app1')).toBe(7)
    expect(await total('provider=built-in/other')).toBe(0)
    expect(await total('application=app2')).toBe(0)
    expect(await total('from=2026-11-24T10:00:00Z&until=2026-11-24T10:00:01Z')).toBe(7)
    expect(await total('until=2026-11-24T10:00:00Z')).toBe(0)
    expect((await admin.call('GET', '/v1/verifications?from=yesterday')).status).toBe(422)
  })
})
