import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startServer, type TestServer } from './harness.ts'

const scripted: string[] = []
vi.mock('@veridoor/foundation', async (importOriginal) => {
  const original = await importOriginal<typeof import('@veridoor/foundation')>()
  return { ...original, newReference: () => scripted.shift() ?? original.newReference() }
})

let server: TestServer
beforeAll(async () => {
  server = await startServer('server_references')
  await server.attachProvider()
})
afterAll(() => server?.stop())

const start = async (name: string) => (await server.person(name)).call('POST', '/v1/verifications', {})

describe('the reference that people quote', () => {
  it('is another one where the first is taken, by whichever organization', async () => {
    scripted.push('VD-2222-2222')
    expect((await start('first')).json.reference).toBe('VD-2222-2222')
    scripted.push('VD-2222-2222', 'VD-2222-2222', 'VD-3333-3333')
    const second = await start('second')
    expect([second.status, second.json.reference]).toEqual([201, 'VD-3333-3333'])
    const { rows } = await server.pool.query(`select count(*)::int as n from veridoor.verifications`)
    expect(rows[0].n).toBe(2)
  })

  it('is not tried for ever', async () => {
    scripted.push(...Array.from({ length: 5 }, () => 'VD-2222-2222'))
    expect((await start('third')).status).toBe(500)
    expect(scripted).toEqual([])
    expect((await start('fourth')).status).toBe(201)
  })
})

describe('the list of checks', () => {
  it('has every one once, also those of the same millisecond, whatever the size of a page', async () => {
    await server.pool.query(`
      insert into veridoor.users (id, organization, name)
      select gen_random_uuid(), 'built-in', 'many-' || n from generate_series(1, 23) as n`)
    await server.pool.query(`
      insert into veridoor.verifications (id, reference, organization, user_id, user_name, application, provider_owner, provider_name,
        state, started_by, claim, subject_reference, webhook_digest, face_required, created_at, updated_at)
      select gen_random_uuid(), 'VD-' || u.name, v.organization, u.id, u.name, v.application, v.provider_owner, v.provider_name,
        'created', v.started_by, v.claim, v.subject_reference, 'x' || u.name, v.face_required, '2026-11-20T10:00:00Z', v.updated_at
      from veridoor.verifications v, veridoor.users u where v.reference = 'VD-2222-2222' and u.name like 'many-%'`)
    const root = await server.admin()
    const whole = (await root.call('GET', '/v1/verifications?limit=200')).json.items.map(
      (row: { id: string }) => row.id,
    )
    for (const limit of [1, 5, 7]) {
      const seen: string[] = []
      let cursor = ''
      for (;;) {
        const more = cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''
        const { json } = await root.call('GET', `/v1/verifications?limit=${limit}${more}`)
        seen.push(...json.items.map((row: { id: string }) => row.id))
        if (json.nextCursor === null) break
        cursor = json.nextCursor
      }
      expect(seen).toEqual(whole)
      expect(new Set(seen).size).toBe(whole.length)
    }
  })

  it('takes no cursor that no page gave', async () => {
    const root = await server.admin()
    for (const cursor of ['x', '2026-11-20T10:00:00Z', '9'.repeat(30), 'Infinity', '1e400', '-1'])
      for (const path of ['/v1/verifications', '/v1/audit', '/v1/mails'])
        expect([path, cursor, (await root.call('GET', `${path}?cursor=${cursor}`)).status]).toEqual([path, cursor, 422])
  })
})
