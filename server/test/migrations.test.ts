import { readFileSync } from 'node:fs'
import { type TestDatabase, testDatabase } from '@veridoor/launch'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrateServer } from '../src/index.ts'

/** A dump of the schema as version 0.1 had it, with a few rows, brought to this version. */
const dump = readFileSync(new URL('./fixtures/schema-0.1.sql', import.meta.url), 'utf8')
const key = new Uint8Array(32).fill(7)

let database: TestDatabase
let client: pg.Client
beforeAll(async () => {
  database = await testDatabase('migrations')
  client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
  await client.query(dump)
  await migrateServer(database.url, database.ownerUrl, [key])
})
afterAll(async () => {
  await client?.end()
  await database?.drop()
})

const rows = async (sql: string) => (await client.query(sql)).rows

describe('a database of version 0.1', () => {
  it('keeps its people, with their rights, addresses and verified identities', async () => {
    expect(
      await rows('select organization, name, email, is_admin from veridoor.users order by organization, name'),
    ).toEqual([
      { organization: 'acme', name: 'berta', email: 'berta@example.com', is_admin: true },
      { organization: 'built-in', name: 'ada', email: 'ada@example.com', is_admin: false },
      { organization: 'built-in', name: 'admin', email: '', is_admin: true },
      { organization: 'built-in', name: 'grace', email: 'grace@example.com', is_admin: false },
    ])
    const verified = await rows(
      'select name, document_type, document_country, document_number_masked, locked_by is not null as is_locked from veridoor.users where verified_at is not null',
    )
    expect(verified).toEqual([
      {
        name: 'ada',
        document_type: 'PASSPORT',
        document_country: 'UTO',
        document_number_masked: '••••••2C36',
        is_locked: true,
      },
    ])
    // Addresses of before stay what they were: none of them becomes a claim that lapses.
    expect(await rows('select 1 from veridoor.users where email_claimed_at is not null')).toEqual([])
  })

  it('keeps verifications, applications, keys, webhooks and messages', async () => {
    expect(await rows('select state from veridoor.verifications')).toEqual([{ state: 'verified' }])
    expect(await rows('select name from veridoor.applications order by name')).toEqual([
      { name: 'app-built-in' },
      { name: 'shop' },
    ])
    for (const [table, count] of [
      ['api_keys', 1],
      ['webhook_endpoints', 1],
      ['mails', 3],
      ['mailed_links', 2],
      ['signing_keys', 2],
      ['outgoing_events', 4],
    ] as const)
      expect(await rows(`select count(*)::int as n from veridoor.${table}`), table).toEqual([{ n: count }])
  })

  it('has its audit record signed once, and takes no line without a signature any more', async () => {
    expect(await rows('select count(*)::int as n from veridoor.audit_lines where signature is null')).toEqual([
      { n: 0 },
    ])
    expect(await rows('select count(*)::int as n from veridoor.audit_lines')).toEqual([{ n: 17 }])
    await expect(
      client.query(
        `insert into veridoor.audit_lines select organization, number + 100, at, actor, action, target, provider, reference, before, after, reasons, result, address, previous_hash, hash, null from veridoor.audit_lines limit 1`,
      ),
    ).rejects.toThrow(/signature/)
  })

  it('keeps its locks: what is verified cannot change, and lines cannot go', async () => {
    await expect(client.query(`update veridoor.users set real_name = 'Eve' where name = 'ada'`)).rejects.toThrow(
      /LOCKED/,
    )
    await expect(client.query('delete from veridoor.audit_lines')).rejects.toThrow(/APPEND_ONLY/)
  })

  it('is left alone by a second migration', async () => {
    const before = await rows('select * from veridoor.users order by id')
    await migrateServer(database.url, database.ownerUrl, [key])
    expect(await rows('select * from veridoor.users order by id')).toEqual(before)
  })
})
