import { createEnvelopeCipher, loadRootKey, processKeys, rewrapSchemas } from '@veridoor/foundation'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ada, approved, startServer, type TestServer } from './harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer('keys')
})
afterAll(() => server?.stop())

/** Every text and document column of the schema, in which a value under the former key could be. */
const valuesLike = async (pattern: string): Promise<number> => {
  const { rows: columns } = await server.pool.query(
    `select table_name, column_name from information_schema.columns
     where table_schema = 'veridoor' and data_type in ('text', 'jsonb')`,
  )
  let found = 0
  for (const { table_name, column_name } of columns) {
    const { rows } = await server.pool.query(
      `select count(*)::int as n from veridoor."${table_name}" where "${column_name}"::text like $1`,
      [pattern],
    )
    found += rows[0].n
  }
  return found
}

describe('a new master key', () => {
  it('takes over everything that is encrypted, also what is locked, and derived keys stay the same', async () => {
    const admin = await server.attachProvider()
    const person = await server.person('ada')
    expect((await person.call('POST', '/v1/verifications', {})).status).toBe(201)
    const [order] = server.script.orders
    if (!order) throw new Error('no order')
    server.script.finding = async () => approved(order)
    const { rows } = await server.pool.query('select id from veridoor.verifications')
    await server.verification.settle(rows[0].id)
    await admin.call('POST', '/v1/webhooks', {
      organization: 'built-in',
      url: 'https://a.example.com/',
      description: '',
      types: [],
    })
    const { masterKey } = server
    const next = new Uint8Array(32).fill(9)
    const before = createEnvelopeCipher([masterKey])
    expect(await valuesLike(`%v2.${before.keyId}.%`)).toBeGreaterThan(5)
    const root = await loadRootKey(server.db, 'veridoor', [masterKey])

    const changed = await rewrapSchemas(server.database.ownerUrl, [{ schema: 'veridoor', keys: [next, masterKey] }])
    expect(changed).toBeGreaterThan(5)
    expect(await valuesLike(`%v2.${before.keyId}.%`)).toBe(0)
    const after = createEnvelopeCipher([next], await loadRootKey(server.db, 'veridoor', [next]))
    expect(after.derive('x')).toEqual(createEnvelopeCipher([masterKey], root).derive('x'))
    const { rows: people } = await server.pool.query(
      `select id, document_number from veridoor.users where verified_at is not null`,
    )
    expect(people).toHaveLength(1)
    expect(after.decrypt(people[0].document_number, `user:${people[0].id}:documentNumber`)).toBe(ada.documentNumber)
    // Locks are back in place.
    await expect(
      server.pool.query(`update veridoor.users set document_number = '' where id = '${people[0].id}'`),
    ).rejects.toThrow(/LOCKED/)
    expect(await rewrapSchemas(server.database.ownerUrl, [{ schema: 'veridoor', keys: [next, masterKey] }])).toBe(0)
  }, 60_000)

  it('of another process tells nothing of the master key, and changes with it', () => {
    const one = new Uint8Array(32).fill(1)
    const other = new Uint8Array(32).fill(2)
    const [first, second] = processKeys([one, other], 'verifier')
    expect(first).toHaveLength(32)
    expect(first).not.toEqual(one)
    expect(first).not.toEqual(second)
    expect(processKeys([one], 'server')[0]).not.toEqual(first)
  })
})
