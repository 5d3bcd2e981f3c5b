import { randomUUID } from 'node:crypto'
import { digest, newToken } from '@veridoor/foundation'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { endTrust, type Trust, type TrustEnd, type TrustEndReason } from '../src/accounts/index.ts'
import { startServer, type TestServer } from './harness.ts'

let server: TestServer
const ended: TrustEnd[] = []
beforeAll(async () => {
  server = await startServer('trust')
  server.accounts.onTrustEnded.push(async (_tx, end) => {
    ended.push(end)
  })
})
afterAll(() => server?.stop())
beforeEach(async () => {
  ended.length = 0
  await server.pool.query('delete from veridoor.rate_limits')
})

const at = '2027-01-01T00:00:00Z'
/** Table of each kind of trust that this server keeps itself, and how a row of it is made. */
const kept: Readonly<
  Record<Exclude<Trust, 'grants'>, { table: string; column: string; add: (id: string) => Promise<unknown> }>
> = {
  sessions: {
    table: 'sessions',
    column: 'user_id',
    add: (id) =>
      server.pool.query(
        `insert into veridoor.sessions (token_digest, user_id, application, created_at, last_seen_at, expires_at) values ($1, $2, 'app-built-in', $3, $3, $3)`,
        [digest(newToken()), id, at],
      ),
  },
  devices: {
    table: 'known_devices',
    column: 'user_id',
    add: (id) =>
      server.pool.query(
        'insert into veridoor.known_devices (device_digest, user_id, last_seen_at) values ($1, $2, $3)',
        [newToken(), id, at],
      ),
  },
  links: {
    table: 'mailed_links',
    column: 'user_id',
    add: (id) =>
      server.pool.query(
        `insert into veridoor.mailed_links (token_digest, user_id, purpose, email_digest, expires_at) values ($1, $2, 'password', 'x', $3)`,
        [newToken(), id, at],
      ),
  },
  codes: {
    table: 'mailed_codes',
    column: 'user_id',
    add: (id) =>
      server.pool.query(
        `insert into veridoor.mailed_codes (browser_digest, user_id, code_digest, expires_at) values ($1, $2, 'x', $3)`,
        [newToken(), id, at],
      ),
  },
  challenges: {
    table: 'passkey_challenges',
    column: 'user_id',
    add: (id) =>
      server.pool.query(
        'insert into veridoor.passkey_challenges (challenge_digest, user_id, expires_at) values ($1, $2, $3)',
        [newToken(), id, at],
      ),
  },
  passkeys: {
    table: 'passkeys',
    column: 'user_id',
    add: (id) =>
      server.pool.query(
        `insert into veridoor.passkeys (id, user_id, public_key, counter, name, created_at) values ($1, $2, 'x', 0, 'key', $3)`,
        [newToken(), id, at],
      ),
  },
  second_step: {
    table: 'recovery_codes',
    column: 'user_id',
    add: (id) =>
      server.pool.query('insert into veridoor.recovery_codes (code_digest, user_id) values ($1, $2)', [newToken(), id]),
  },
  api_keys: {
    table: 'api_keys',
    column: 'created_by',
    add: async (id) => {
      const { rows } = await server.pool.query('select organization, name from veridoor.users where id = $1', [id])
      return server.pool.query(
        `insert into veridoor.api_keys (id, application, name, key_digest, ending, scopes, created_at, created_by) values ($1, 'app-built-in', 'k', $2, 'abcd', '{}', $3, $4)`,
        [randomUUID(), newToken(), at, `${rows[0].organization}/${rows[0].name}`],
      )
    },
  },
}
const kinds = Object.keys(kept) as (keyof typeof kept)[]
const left = async (id: string): Promise<string[]> => {
  const found: string[] = []
  for (const kind of kinds) {
    const { table, column } = kept[kind]
    const owner = column === 'user_id' ? 'id::text' : `organization || '/' || name`
    const { rows } = await server.pool.query(
      `select 1 from veridoor.${table} where ${column}::text = (select ${owner} from veridoor.users where id = $1)`,
      [id],
    )
    if (rows.length > 0) found.push(kind)
  }
  return found
}
const userOf = async (name: string) =>
  (await server.pool.query(`select id, organization, name from veridoor.users where name = $1`, [name])).rows[0]

const inEveryWay: Trust[] = ['sessions', 'grants', 'devices', 'links', 'codes', 'challenges']
/** What must end with each reason. Written down here a second time on purpose: the code's own table proves nothing. */
const expected: Readonly<Record<TrustEndReason, readonly Trust[]>> = {
  password_changed: inEveryWay,
  password_set: inEveryWay,
  operator_reset: [...inEveryWay, 'passkeys', 'second_step'],
  recovered: inEveryWay,
  recovered_unconfirmed: [...inEveryWay, 'passkeys', 'second_step', 'api_keys'],
  signed_out_everywhere: inEveryWay,
  email_changed: ['sessions', 'links', 'codes', 'challenges'],
  second_step_changed: ['sessions', 'codes', 'challenges'],
  suspended: [...inEveryWay, 'api_keys'],
  demoted: ['sessions', 'grants', 'api_keys'],
  erased: [...inEveryWay, 'passkeys', 'second_step', 'api_keys'],
}
const reasons = Object.keys(expected) as TrustEndReason[]

describe('the end of trust', () => {
  it('ends for each reason what it must, nothing else, and nothing of anybody else, in any order', async () => {
    await server.browser().signUp('subject')
    await server.browser().signUp('bystander')
    const subject = await userOf('subject')
    const bystander = await userOf('bystander')
    for (const kind of kinds) await kept[kind].add(bystander.id)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...reasons),
        fc.shuffledSubarray(kinds, { minLength: 1 }),
        async (reason, present) => {
          for (const kind of kinds)
            await server.pool.query(
              `delete from veridoor.${kept[kind].table} where ${kept[kind].column}::text in ($1, $2)`,
              [subject.id, 'built-in/subject'],
            )
          for (const kind of present) await kept[kind].add(subject.id)
          await server.db.transaction((tx) => endTrust(server.accounts, tx, subject, reason))
          const ends: readonly string[] = expected[reason]
          expect((await left(subject.id)).sort()).toEqual(present.filter((kind) => !ends.includes(kind)).sort())
          expect((await left(bystander.id)).sort()).toEqual([...kinds].sort())
          expect(ended.at(-1)).toMatchObject({ user: { id: subject.id }, reason })
          expect([...(ended.at(-1)?.ends ?? [])].sort()).toEqual([...ends].sort())
        },
      ),
      { numRuns: 60, examples: reasons.map((reason) => [reason, [...kinds]]) },
    )
  }, 60_000)

  it('is undone with the change that was its reason', async () => {
    await server.browser().signUp('undone')
    const user = await userOf('undone')
    await kept.passkeys.add(user.id)
    const work = server.db.transaction(async (tx) => {
      await endTrust(server.accounts, tx, user, 'recovered_unconfirmed')
      throw new Error('the change failed')
    })
    await expect(work).rejects.toThrow('the change failed')
    expect(await left(user.id)).toEqual(expect.arrayContaining(['sessions', 'passkeys']))
  })
})

describe('every change that ends trust goes through it', () => {
  const password = 'a long password'
  const reasonsOf = (id: string) => ended.filter(({ user }) => user.id === id).map(({ reason }) => reason)

  it('a person’s own: new password, new address, sign-out everywhere', async () => {
    const own = server.browser()
    await own.signUp('olga')
    const { id } = await userOf('olga')
    const profile = { displayName: 'Olga', email: 'olga2@example.com', password }
    expect((await own.call('PUT', '/v1/account/profile', profile)).status).toBe(200)
    const change = { current: password, next: 'another long password' }
    expect((await own.call('PUT', '/v1/account/password', change)).status).toBe(200)
    expect((await own.call('GET', '/v1/session')).status).toBe(200)
    expect((await own.call('DELETE', '/v1/account/sessions')).status).toBe(200)
    expect(reasonsOf(id)).toEqual(['email_changed', 'password_changed', 'signed_out_everywhere'])
  })

  it('an administrator’s: demotion, suspension, erasure, with the keys that the person made', async () => {
    const admin = await server.admin()
    const base = { organization: 'built-in', name: 'petra', displayName: '', email: 'petra@example.com' }
    const made = await admin.call('POST', '/v1/users', {
      ...base,
      application: 'app-built-in',
      isAdmin: true,
      password: 'a first password',
    })
    expect(made.status).toBe(201)
    const { id } = await userOf('petra')
    await kept.api_keys.add(id)
    const change = { displayName: '', email: base.email, application: 'app-built-in', isForbidden: false }
    const path = '/v1/users/built-in/petra'
    expect((await admin.call('PUT', path, { ...change, isAdmin: false })).status).toBe(200)
    expect(await left(id)).not.toContain('api_keys')
    expect((await admin.call('PUT', path, { ...change, isAdmin: false, isForbidden: true })).status).toBe(200)
    expect((await admin.call('DELETE', path)).status).toBe(200)
    expect(reasonsOf(id)).toEqual(['demoted', 'suspended', 'erased'])
  })
})
