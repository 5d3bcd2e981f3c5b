import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { JOBS_SCHEMA } from '../src/index.ts'
import { startServer, type TestServer } from './harness.ts'

let server: TestServer
let owner: pg.Client
beforeAll(async () => {
  server = await startServer('audit')
  owner = new pg.Client({ connectionString: server.database.ownerUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner?.end()
  await server?.stop()
})

const append = (organization: string, target: string) =>
  server.db.transaction((tx) =>
    server.audit.append(tx, { organization, actor: 'built-in/admin', action: 'test', target, address: '192.0.2.1' }),
  )

/** What someone with the database owner's password could do; the chain must tell. */
const tamper = async (text: string) => {
  await owner.query('alter table veridoor.audit_lines disable trigger user')
  await owner.query(text)
  await owner.query('alter table veridoor.audit_lines enable trigger user')
}

describe('the chain', () => {
  let tenant = 0
  let organization = ''
  beforeEach(async () => {
    tenant += 1
    organization = `tenant${tenant}`
    for (let n = 1; n <= 9; n += 1) await append(organization, `thing ${n}`)
  })

  it('numbers lines without a gap, also when many are written at once', async () => {
    await Promise.all(Array.from({ length: 25 }, (_item, n) => append(organization, `at once ${n}`)))
    expect(await server.audit.verify(organization)).toMatchObject({ ok: true, lines: 34, firstBadLine: null })
  })

  it('takes back the line of a change that was rolled back', async () => {
    const failed = server.db.transaction(async (tx) => {
      await server.audit.append(tx, { organization, actor: 'x', action: 'test', target: 'undone' })
      throw new Error('undone')
    })
    await expect(failed).rejects.toThrow('undone')
    expect(await server.audit.verify(organization)).toMatchObject({ ok: true, lines: 9 })
  })

  it.each([
    [
      'a changed actor',
      `update veridoor.audit_lines set actor = 'built-in/eve' where organization = $ and number = 4`,
      4,
    ],
    [
      'a changed time',
      `update veridoor.audit_lines set at = at + interval '1 second' where organization = $ and number = 9`,
      9,
    ],
    ['a changed reason', `update veridoor.audit_lines set reasons = '["x"]' where organization = $ and number = 1`, 1],
    ['a removed line', 'delete from veridoor.audit_lines where organization = $ and number = 5', 5],
    ['a removed beginning', 'delete from veridoor.audit_lines where organization = $ and number = 1', 1],
    [
      'a line renumbered after a removal',
      'delete from veridoor.audit_lines where organization = $ and number = 6; update veridoor.audit_lines set number = number - 1 where organization = $ and number > 6',
      6,
    ],
  ])('tells of %s, and names the line', async (_what, text, line) => {
    await tamper(text.replaceAll('$', `'${organization}'`))
    expect(await server.audit.verify(organization)).toMatchObject({ ok: false, firstBadLine: line })
    expect(await server.audit.verify()).toMatchObject({ ok: false })
    await tamper(`delete from veridoor.audit_lines where organization = '${organization}'`)
  })

  it('tells of an end cut off, when the head was noted elsewhere', async () => {
    const head = (await server.audit.heads()).find((entry) => entry.organization === organization)
    expect(head?.number).toBe(9)
    if (!head) return
    await append(organization, 'later')
    expect(await server.audit.verify(organization, head)).toMatchObject({ ok: true, lines: 10 })
    await tamper(`delete from veridoor.audit_lines where organization = '${organization}' and number > 7`)
    expect(await server.audit.verify(organization)).toMatchObject({ ok: true, lines: 7 })
    expect(await server.audit.verify(organization, head)).toMatchObject({ ok: false, firstBadLine: 8 })
  })

  it('tells of a chain rewritten from some line on, when the head was noted elsewhere', async () => {
    const head = (await server.audit.heads()).find((entry) => entry.organization === organization)
    await tamper(`delete from veridoor.audit_lines where organization = '${organization}' and number > 7`)
    for (let n = 8; n <= 9; n += 1) await append(organization, `another story ${n}`)
    expect(await server.audit.verify(organization)).toMatchObject({ ok: true, lines: 9 })
    expect(await server.audit.verify(organization, head)).toMatchObject({ ok: false, firstBadLine: 9 })
  })
})

describe('administrative actions', () => {
  it('each leave a line with who, what, whom and from where; refused ones leave nothing changed', async () => {
    const admin = await server.admin()
    const { json } = await admin.call('GET', '/v1/applications/app-built-in')
    await admin.call('POST', '/v1/organizations', { name: 'acme', displayName: 'Acme' })
    await admin.call('POST', '/v1/applications', { organization: 'acme', name: 'acme-app', displayName: 'Acme app' })
    await admin.call('PUT', '/v1/applications/app-built-in', json)
    await admin.call('POST', '/v1/users', { organization: 'acme', name: 'bob', email: 'bob@example.com' })
    const bob = (await admin.call('GET', '/v1/users/acme/bob')).json
    await admin.call('PUT', '/v1/users/acme/bob', { ...bob, isAdmin: true, identity: undefined })
    await admin.call('DELETE', '/v1/users/acme/bob')
    const lines = [
      ...(await admin.call('GET', '/v1/audit?organization=acme')).json.items,
      ...(await admin.call('GET', '/v1/audit?organization=built-in')).json.items,
    ] as { actor: string; action: string; target: string; address: string }[]
    for (const [action, target] of [
      ['add-organization', 'acme'],
      ['add-application', 'acme-app'],
      ['update-application', 'app-built-in'],
      ['add-user', 'acme/bob'],
      ['update-user', 'acme/bob'],
      ['delete-user', 'acme/bob'],
    ]) {
      const line = lines.find((entry) => entry.action === action && entry.target === target)
      expect(line, `${action} ${target}`).toMatchObject({ actor: 'built-in/admin', address: '127.0.0.1' })
    }
    expect((await admin.call('GET', '/v1/audit/chain?organization=acme')).json).toMatchObject({ ok: true })
  })

  it('the deletion of a person reaches the providers: a line for each check, without the person', async () => {
    const admin = await server.attachProvider()
    await server.verification.work()
    const own = await server.person('leaver')
    const start = async () =>
      (await own.call('POST', '/v1/verifications', {})).json as { id: string; reference: string }
    const first = await start()
    await own.call('POST', `/v1/verifications/${first.id}/cancel`)
    // Told apart by their times.
    server.clock.advance(1_000)
    const second = await start()
    const { rows } = await server.pool.query(
      `select reference, provider_reference, expires_at from veridoor.verifications where user_name = 'leaver' order by created_at`,
    )
    expect(rows.map((row) => row.reference)).toEqual([first.reference, second.reference])
    expect((await admin.call('DELETE', '/v1/users/built-in/leaver')).status).toBe(200)
    const linesOf = async () =>
      (await admin.call('GET', '/v1/audit?action=erase-at-provider')).json.items as { target: string; actor: string }[]
    await expect
      .poll(async () => (await linesOf()).map((line) => line.target).sort(), { timeout: 15_000 })
      .toEqual([first.reference, second.reference].sort())
    expect(server.script.erased.sort()).toEqual(rows.map((row) => row.provider_reference).sort())
    // Not before the link has ended: until then pictures may come.
    const jobs = await owner.query(
      `select start_after from ${JOBS_SCHEMA}.job where name = 'forget' order by start_after`,
    )
    expect(jobs.rows.map((job) => job.start_after.getTime())).toEqual(
      rows.map((row) => row.expires_at.getTime() + 1_200_000),
    )
    await server.verification.stop()
  })

  it('a page of lines goes on where the last one ended', async () => {
    for (let n = 1; n <= 7; n += 1) await append('paged', `thing ${n}`)
    const admin = await server.admin()
    const seen: number[] = []
    let cursor: string | null = null
    do {
      const page: { items: { number: number }[]; nextCursor: string | null; total: number } = (
        await admin.call('GET', `/v1/audit?organization=paged&limit=3${cursor ? `&cursor=${cursor}` : ''}`)
      ).json
      expect(page.total).toBe(7)
      seen.push(...page.items.map((line) => line.number))
      cursor = page.nextCursor
    } while (cursor)
    expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1])
  })
})
