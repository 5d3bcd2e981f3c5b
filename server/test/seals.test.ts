import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findUser, lockIdentity, saveIdentity } from '../src/accounts/index.ts'
import { ada, approved, startServer, type TestServer } from './harness.ts'

/** Everything that could change a verified identity, one test each: all of it must fail, and the values stay. */
let server: TestServer
let own: Awaited<ReturnType<TestServer['person']>>
let admin: Awaited<ReturnType<TestServer['admin']>>
const NAME = 'sealed'
beforeAll(async () => {
  server = await startServer('seals')
  admin = await server.attachProvider()
  own = await server.person(NAME)
  const { json } = await own.call('POST', '/v1/verifications', {})
  const order = server.script.orders.at(-1)
  if (!order) throw new Error('no order')
  server.script.finding = async () => approved(order)
  await own.call('GET', `/verifications/return/${json.id}`)
  await server.verification.settle(json.id)
})
afterAll(() => server?.stop())

const identity = async () => {
  const account = (await own.call('GET', '/v1/account')).json.identity
  const { documentNumber } = (await own.call('POST', '/v1/account/identity/reveal')).json
  return { isVerified: account.isVerified, ...pickClaim(account), documentNumber }
}
const pickClaim = ({ documentType, realName, documentCountry }: Record<string, string>) => ({
  documentType,
  realName,
  documentCountry,
})
const unchanged = { isVerified: true, ...ada }

describe('through the API', () => {
  const changes = {
    realName: 'Grace Hopper',
    documentNumber: 'K0000001',
    documentType: 'ID_CARD',
    documentCountry: 'DEU',
  }

  it.each(Object.entries(changes))('the person cannot change a sealed %s', async (field, value) => {
    const answer = await own.call('PUT', '/v1/account/identity', { [field]: value })
    expect(answer.status).toBe(409)
    expect(answer.json.data).toMatchObject({ reason: 'field_sealed', fields: [{ path: field }] })
    expect(await identity()).toEqual(unchanged)
  })

  it.each(Object.entries(changes))('an administrator cannot change a sealed %s', async (field, value) => {
    const { json } = await admin.call('GET', `/v1/users/built-in/${NAME}`)
    const answer = await admin.call('PUT', `/v1/users/built-in/${NAME}`, { ...json, identity: { [field]: value } })
    expect(answer.status).toBe(409)
    expect(answer.json.data.reason).toBe('field_sealed')
    expect(await identity()).toEqual(unchanged)
  })

  it('nothing can be emptied either', async () => {
    const answer = await own.call('PUT', '/v1/account/identity', { documentNumber: '', realName: '', documentType: '' })
    expect(answer.status).toBe(409)
    expect(await identity()).toEqual(unchanged)
  })

  it('a change beside the sealed values is refused whole: no half of it is written', async () => {
    const { json } = await admin.call('GET', `/v1/users/built-in/${NAME}`)
    const answer = await admin.call('PUT', `/v1/users/built-in/${NAME}`, {
      ...json,
      displayName: 'Half written',
      identity: { ...ada, realName: 'Grace Hopper' },
    })
    expect(answer.status).toBe(409)
    expect((await own.call('GET', '/v1/account')).json.displayName).toBe(json.displayName)
  })

  it('a whole object sent back with the sealed values unchanged is accepted, so that other fields can change', async () => {
    const { json } = await admin.call('GET', `/v1/users/built-in/${NAME}`)
    const answer = await admin.call('PUT', `/v1/users/built-in/${NAME}`, {
      ...json,
      displayName: 'Ada',
      identity: { ...json.identity, ...ada },
    })
    expect(answer.status).toBe(200)
    expect(answer.json.displayName).toBe('Ada')
    expect((await own.call('PUT', '/v1/account/identity', { realName: ada.realName })).status).toBe(200)
    expect(await identity()).toEqual(unchanged)
  })

  it('nobody sets the flag: what a client says about it is ignored', async () => {
    const other = await server.person('hopeful')
    const claims = { ...ada, isVerified: true, verifiedAt: '2026-01-01T00:00:00Z', lockedBy: 'me' }
    await other.call('PUT', '/v1/account/identity', claims)
    const { json } = await admin.call('GET', '/v1/users/built-in/hopeful')
    await admin.call('PUT', '/v1/users/built-in/hopeful', { ...json, isVerified: true, identity: claims })
    expect((await other.call('GET', '/v1/account')).json.identity).toMatchObject({
      isVerified: false,
      verifiedAt: null,
    })
  })

  it('a use case called directly refuses as well', async () => {
    const user = await findUser(server.accounts, 'built-in', NAME)
    const actor = { name: 'built-in/admin', address: '' }
    await expect(
      saveIdentity(server.accounts, actor, user?.id ?? '', { realName: 'Grace Hopper' }),
    ).rejects.toMatchObject({ reason: 'field_sealed' })
    await expect(
      server.db.transaction((tx) =>
        lockIdentity(server.accounts, tx, {
          userId: user?.id ?? '',
          verificationId: user?.lockedBy ?? '',
          identity: { documentNumber: 'K0000001', realName: 'Grace Hopper' },
          isDemonstration: false,
          verifiedBy: 'built-in/paper',
          documentFingerprint: 'x',
          trust: 'installation',
        }),
      ),
    ).rejects.toMatchObject({ reason: 'field_sealed' })
    expect(await identity()).toEqual(unchanged)
  })
})

describe('a save of one field', () => {
  it('leaves the others as they were', async () => {
    const other = await server.person('partial')
    await other.call('PUT', '/v1/account/identity', { realName: 'Ada King' })
    const { json } = await other.call('GET', '/v1/account')
    expect(pickClaim(json.identity)).toEqual({ documentType: 'PASSPORT', realName: 'Ada King', documentCountry: 'AUT' })
  })
})

describe('through the serving role’s own SQL', () => {
  const sql = (text: string) => server.pool.query(text)
  const where = `where organization = 'built-in' and name = '${NAME}'`

  it.each([
    ['the name', `set real_name = 'Grace Hopper'`],
    ['the number', `set document_number = ''`],
    ['the type', `set document_type = 'ID_CARD'`],
    ['the country', `set document_country = 'DEU'`],
    ['what is shown of the number', `set document_number_masked = ''`],
    ['the time of the seal', `set verified_at = null`],
    ['the verification that sealed it', `set locked_by = gen_random_uuid()`],
    ['the document’s fingerprint', `set document_fingerprint = null`],
    ['the organization', `set organization = 'elsewhere'`],
    ['whose row it is', `set id = gen_random_uuid()`],
  ])('%s of a verified account cannot change', async (_what, change) => {
    await expect(sql(`update veridoor.users ${change} ${where}`)).rejects.toMatchObject({ code: 'VD001' })
  })

  it('an unverified account cannot be made verified, nor begin so', async () => {
    const user = `where name = 'hopeful'`
    for (const change of [
      `set verified_at = now()`,
      `set verified_at = now(), locked_by = gen_random_uuid()`,
      `set verified_at = now(), locked_by = (select id from veridoor.verifications where state = 'verified' limit 1)`,
      `set document_fingerprint = 'x'`,
    ])
      await expect(sql(`update veridoor.users ${change} ${user}`)).rejects.toMatchObject({ code: 'VD001' })
    await expect(
      sql(
        `insert into veridoor.users (id, organization, name, verified_at) values (gen_random_uuid(), 'built-in', 'born', now())`,
      ),
    ).rejects.toMatchObject({ code: 'VD001' })
  })

  it('a decided verification keeps its state, its person and its claim', async () => {
    for (const change of [`state = 'rejected'`, `user_id = gen_random_uuid()`, `claim = ''`, `is_test = true`])
      await expect(sql(`update veridoor.verifications set ${change}`)).rejects.toMatchObject({ code: 'VD002' })
    await expect(sql('delete from veridoor.verifications')).rejects.toMatchObject({ code: '42501' })
  })

  it('audit lines cannot be changed, removed or emptied', async () => {
    for (const text of [
      `update veridoor.audit_lines set actor = 'nobody'`,
      'delete from veridoor.audit_lines',
      'truncate veridoor.audit_lines',
    ])
      await expect(sql(text)).rejects.toMatchObject({ code: '42501' })
  })

  it('the triggers cannot be dropped, disabled or skipped', async () => {
    for (const text of [
      'drop trigger users_locked on veridoor.users',
      'alter table veridoor.users disable trigger users_locked',
      'drop function veridoor.guard_locked_identity() cascade',
      `create or replace function veridoor.guard_locked_identity() returns trigger language plpgsql as 'begin return new; end'`,
      `set session_replication_role = 'replica'`,
      'drop table veridoor.users cascade',
    ])
      await expect(sql(text), text).rejects.toMatchObject({ code: '42501' })
  })

  it('even the owner of the tables cannot change a sealed name or an audit line in passing', async () => {
    const client = new pg.Client({ connectionString: server.database.ownerUrl })
    await client.connect()
    try {
      await expect(client.query(`update veridoor.users set real_name = 'x' ${where}`)).rejects.toMatchObject({
        code: 'VD001',
      })
      await expect(client.query('delete from veridoor.audit_lines')).rejects.toMatchObject({ code: 'VD003' })
      await expect(client.query('truncate veridoor.audit_lines')).rejects.toMatchObject({ code: 'VD003' })
    } finally {
      await client.end()
    }
  })

  it('the number lies sealed in every table, and no answer but the person’s own shows it whole', async () => {
    const users = await sql('select * from veridoor.users')
    const verifications = await sql('select * from veridoor.verifications')
    expect(JSON.stringify([users.rows, verifications.rows])).not.toContain(ada.documentNumber)
    for (const path of [`/v1/users/built-in/${NAME}`, '/v1/users', '/v1/verifications', '/v1/audit'])
      expect((await admin.call('GET', path)).text, path).not.toContain(ada.documentNumber)
    expect((await own.call('GET', '/v1/account')).text).not.toContain(ada.documentNumber)
  })
})
