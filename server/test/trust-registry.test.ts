import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findUser } from '../src/accounts/index.ts'
import { ada, approved, startServer, type TestServer } from './harness.ts'

let server: TestServer
let admin: Awaited<ReturnType<TestServer['attachProvider']>>
let people = 0
beforeAll(async () => {
  server = await startServer('trust_registry')
  admin = await server.attachProvider('paper', { showPictures: false })
})
afterAll(() => server?.stop())

const query = async (text: string, values: unknown[] = []) => (await server.pool.query(text, values)).rows
const attempt = (text: string, values: unknown[] = []): Promise<string> =>
  server.pool.query(text, values).then(
    () => '',
    (error: Error) => error.message,
  )

const userOf = async (name: string) => {
  const user = await findUser(server.accounts, 'built-in', name)
  if (!user) throw new Error('no such user')
  return user
}

/** A person of an organization with its own application and administrator; the provider is the organization's own. */
const tenant = async (name: string) => {
  await admin.call('POST', '/v1/organizations', { name, displayName: name })
  await admin.call('POST', '/v1/applications', { organization: name, name: `app-${name}`, displayName: name })
  await admin.call('POST', '/v1/users', {
    organization: name,
    name: 'boss',
    isAdmin: true,
    password: 'a long password of the boss',
  })
  const { json } = await admin.call('GET', `/v1/users/${name}/boss`)
  expect(json.isAdmin).toBe(true)
  return { name }
}

const verify = async (document: Partial<{ number: string }> = {}, settle = true) => {
  people += 1
  const number = `T${String(people).padStart(7, '0')}`
  const own = server.browser()
  await own.signUp(`trusted${people}`)
  await own.call('PUT', '/v1/account/identity', { ...ada, documentNumber: number })
  const started = await own.call('POST', '/v1/verifications', {})
  expect(started.status, started.text).toBe(201)
  const order = server.script.orders.at(-1)
  if (!order) throw new Error('no order')
  server.script.finding = async () =>
    approved(order, { document: { ...approved(order).document, number, ...document } })
  if (settle) await server.verification.settle(started.json.id)
  return { own, id: started.json.id as string, name: `trusted${people}`, number, order }
}

const provider = async () => (await admin.call('GET', '/v1/providers/built-in/paper')).json
const approve = (isApproved: boolean, by = admin) =>
  by.call('POST', '/v1/providers/built-in/paper/approval', { isApproved })
const identityOf = async (browser: ReturnType<TestServer['browser']>) =>
  (await browser.call('GET', '/v1/account')).json.identity

describe('approval of providers', () => {
  it('comes with an administrator of the installation, ends with the destination, and is recorded', async () => {
    expect((await provider()).isApproved).toBe(true)
    expect((await approve(false)).json.isApproved).toBe(false)
    expect((await approve(true)).json.isApproved).toBe(true)
    const actions = await query(`select action from veridoor.audit_lines where action like '%approv%'`)
    expect(actions.map(({ action }) => action)).toEqual(['withdraw-provider-approval', 'approve-provider'])
  })

  it('is about the version that was read: where checks go cannot change between the question and the answer', async () => {
    const { etag } = await provider()
    const path = '/v1/providers/built-in/paper/approval'
    expect((await admin.call('POST', path, { isApproved: false, etag })).status).toBe(200)
    const late = await admin.call('POST', path, { isApproved: true, etag })
    expect([late.status, late.json.code]).toEqual([409, 'CHANGED_MEANWHILE'])
    expect((await provider()).isApproved).toBe(false)
    expect((await admin.call('POST', path, { isApproved: true, etag: (await provider()).etag })).status).toBe(200)
  })

  it('cannot be written by the serving login: a copied or invented one does not hold', async () => {
    const [{ approval }] = await query(`select approval from veridoor.providers where name = 'paper'`)
    await admin.call('POST', '/v1/providers', {
      organization: 'built-in',
      name: 'rogue',
      displayName: 'Rogue',
      category: 'ID Verification',
      type: 'Paper',
      config: { office: 'elsewhere', stamp: 'very secret stamp' },
    })
    for (const forged of [
      approval,
      '["{}","x"]',
      'x',
      '[]',
      JSON.stringify([JSON.parse(approval)[0], 'A'.repeat(86)]),
    ]) {
      await query(`update veridoor.providers set approval = $1 where name = 'rogue'`, [forged])
      expect((await admin.call('GET', '/v1/providers/built-in/rogue')).json.isApproved, forged).toBe(false)
    }
  })

  it('is for administrators of the installation alone', async () => {
    const { name } = await tenant('clinic')
    const boss = server.browser()
    await boss.call('POST', '/v1/session', { username: `${name}/boss`, password: 'a long password of the boss' })
    for (const path of ['/v1/providers/built-in/paper/approval', '/v1/providers/admin/paper/approval'])
      expect([401, 403, 404]).toContain((await boss.call('POST', path, { isApproved: true })).status)
    const member = await server.person('nosy')
    expect((await member.call('POST', '/v1/providers/built-in/paper/approval', { isApproved: true })).status).toBe(403)
  })
})

describe('a result', () => {
  it('of an approved provider is told as the installation’s; the decision freezes where it came from', async () => {
    const { own, id } = await verify()
    expect(await identityOf(own)).toMatchObject({ isVerified: true, trust: 'installation' })
    const [{ decision }] = await query('select decision from veridoor.verifications where id = $1', [id])
    expect(JSON.parse(decision)).toMatchObject({
      state: 'verified',
      trust: 'installation',
      provider: { owner: 'built-in', name: 'paper', displayName: 'Paper', type: 'Paper' },
      evidence: 'document',
    })
  })

  it('of a provider that is not approved says so: account, audit, webhook and claims', async () => {
    await approve(false)
    const { own, id, name } = await verify()
    expect(await identityOf(own)).toMatchObject({ isVerified: true, trust: 'organization' })
    expect((await admin.call('GET', `/v1/users/built-in/${name}`)).json.identity.trust).toBe('organization')
    expect((await admin.call('GET', `/v1/verifications/${id}`)).json.trust).toBe('organization')
    const listed = (await admin.call('GET', `/v1/verifications?user=${name}`)).json.items
    expect(listed.map(({ trust }: { trust: string }) => trust)).toEqual(['organization'])
    const user = await userOf(name)
    expect(await server.verification.verifiedIdentityOf(user)).toMatchObject({ trust: 'organization' })
    const lines = JSON.stringify(
      await query(
        'select reasons from veridoor.audit_lines where reference = (select reference from veridoor.verifications where id = $1)',
        [id],
      ),
    )
    expect(lines).toContain('provider not approved by the installation')
    const events = await query(`select payload from veridoor.outgoing_events where payload->>'verification' = $1`, [id])
    const trusts = events.map(({ payload }) => payload.trust).filter(Boolean)
    expect(trusts.length).toBeGreaterThan(1)
    expect(new Set(trusts)).toEqual(new Set(['organization']))
    await approve(true)
    // What was decided stays what it was decided under.
    expect(await identityOf(own)).toMatchObject({ trust: 'organization' })
  })

  it('keeps the verifier’s name of then, whatever the provider is called today', async () => {
    const { name } = await verify()
    const saved = await provider()
    await admin.call('PUT', '/v1/providers/built-in/paper', { ...saved, displayName: 'Renamed', version: undefined })
    const user = await userOf(name)
    expect(await server.verification.verifiedIdentityOf(user)).toMatchObject({ verifier: 'Paper' })
    await admin.call('PUT', '/v1/providers/built-in/paper', { ...(await provider()), displayName: 'Paper' })
  })
})

describe('the serving login of the database', () => {
  it('cannot make a verification: forged rows are verified nowhere', async () => {
    const { own, name } = await verify({}, false)
    const [row] = await query('select * from veridoor.verifications where user_name = $1', [name])
    await attempt(`update veridoor.verifications set state = 'checking' where id = $1`, [row.id])
    const forged = await attempt(
      `update veridoor.verifications set state = 'verified', finding = 'x', decision = '{}', decision_signature = $2 where id = $1`,
      [row.id, 'A'.repeat(86)],
    )
    expect(forged).toBe('')
    const locked = await attempt(
      `update veridoor.users set verified_at = now(), locked_by = $2, verified_by = 'built-in/paper', trust = 'installation',
         document_fingerprint = 'f', identity_signature = $3, real_name = 'Angela Merkel' where id = $1`,
      [row.user_id, row.id, 'B'.repeat(86)],
    )
    expect(locked).toBe('')
    expect(await identityOf(own)).toMatchObject({ isVerified: false, trust: null })
    expect((await admin.call('GET', `/v1/users/built-in/${name}`)).json.identity.isVerified).toBe(false)
    expect((await own.call('GET', '/api/get-account')).json.data.isVerified).toBe(false)
    const user = await userOf(name)
    expect(await server.verification.verifiedIdentityOf(user)).toBeUndefined()
  })

  it('cannot move a verified identity to another account, nor copy its signature', async () => {
    const honest = await verify()
    const thief = await verify({}, false)
    const [signed] = await query('select * from veridoor.users where name = $1', [honest.name])
    const [own] = await query('select * from veridoor.verifications where user_name = $1', [thief.name])
    const [theirs] = await query('select * from veridoor.verifications where user_name = $1', [honest.name])
    await attempt(`update veridoor.verifications set state = 'checking' where id = $1`, [own.id])
    await attempt(
      `update veridoor.verifications set state = 'verified', finding = $2, decision = $3, decision_signature = $4 where id = $1`,
      [own.id, theirs.finding, theirs.decision, theirs.decision_signature],
    )
    await attempt(
      `update veridoor.users set verified_at = $2, locked_by = $3, verified_by = $4, trust = $5, document_fingerprint = 'g',
         identity_signature = $6, real_name = $7, document_number = $8 where name = $1`,
      [
        thief.name,
        signed.verified_at,
        own.id,
        signed.verified_by,
        signed.trust,
        signed.identity_signature,
        signed.real_name,
        signed.document_number,
      ],
    )
    // A number that was encrypted for another account does not decrypt: the account cannot be read at all, and is nobody's identity.
    const seen = await thief.own.call('GET', '/v1/account')
    expect(seen.json?.identity?.isVerified ?? false).toBe(false)
    await attempt(`update veridoor.users set document_number = '' where name = $1`, [thief.name])
  })

  it('cannot delete an account, nor give an erased one’s id to somebody else', async () => {
    const { name } = await verify()
    const [{ id }] = await query('select id from veridoor.users where name = $1', [name])
    expect(await attempt('delete from veridoor.users where id = $1', [id])).toMatch(/permission denied/)
    expect((await admin.call('DELETE', `/v1/users/built-in/${name}`)).status).toBe(200)
    expect(await query('select id from veridoor.users where id = $1', [id])).toEqual([])
    expect(await query('select organization from veridoor.erased_users where id = $1', [id])).toEqual([
      { organization: 'built-in' },
    ])
    const again = await attempt(
      `insert into veridoor.users (id, organization, name) values ($1, 'built-in', 'revenant')`,
      [id],
    )
    expect(again).toMatch(/IDENTITY_LOCKED/)
    expect(await attempt('delete from veridoor.erased_users where id = $1', [id])).toMatch(/permission denied/)
  })

  it('cannot change anything of an ended verification but what retention and late results change', async () => {
    const { id } = await verify()
    for (const [column, value] of [
      ['reviewed_by', 'somebody'],
      ['provider_name', 'another'],
      ['decision', '{}'],
      ['decision_signature', 'x'],
      ['is_demonstration', true],
      ['document_fingerprint', 'x'],
      ['reasons', '[{"code":"interrupted","values":{}}]'],
      ['checks', '[{"check":"face","result":"pass"}]'],
      ['face_required', false],
      ['finding', 'x'],
      ['finding', null],
    ] as const)
      expect(
        await attempt(`update veridoor.verifications set ${column} = $2 where id = $1`, [id, value]),
        column,
      ).toMatch(/STATE_FIXED/)
    expect(await attempt(`update veridoor.verifications set late_result = 'rejected' where id = $1`, [id])).toBe('')
  })

  it('cannot make a rejection or a review into a signed approval', async () => {
    const { id, own } = await verify({ number: 'OTHER1' })
    expect((await query('select state from veridoor.verifications where id = $1', [id]))[0].state).toBe('rejected')
    expect(await attempt(`update veridoor.verifications set state = 'verified' where id = $1`, [id])).toMatch(
      /STATE_FIXED/,
    )
    expect((await identityOf(own)).isVerified).toBe(false)
  })
})

describe('who comes back', () => {
  it('in the browser that started is fine; somebody else leaves the approval to a reviewer', async () => {
    const same = await verify({}, false)
    await same.own.call('GET', `/verifications/return/${same.id}`)
    await server.verification.settle(same.id)
    expect((await identityOf(same.own)).isVerified).toBe(true)

    const victims = [undefined, await server.person('victim')]
    for (const victim of victims) {
      const relayed = await verify({}, false)
      await (victim ?? server.browser()).call('GET', `/verifications/return/${relayed.id}`)
      // Coming back again, rightly, does not undo it.
      await relayed.own.call('GET', `/verifications/return/${relayed.id}`)
      await server.verification.settle(relayed.id)
      const { json } = await admin.call('GET', `/v1/verifications/${relayed.id}`)
      expect(json.state).toBe('review')
      expect(json.staffReasons.join()).toContain('not signed in to this account')
      expect((await identityOf(relayed.own)).isVerified).toBe(false)
    }
  })

  it('is not asked of checks that staff started for a person', async () => {
    const { own, name } = await (async () => {
      const person = await server.person('assisted')
      await person.call('PUT', '/v1/account/identity', { ...ada, documentNumber: 'T9000001' })
      return { own: person, name: 'assisted' }
    })()
    const started = await admin.call('POST', '/v1/verifications', { organization: 'built-in', name })
    const order = server.script.orders.at(-1)
    if (!order) throw new Error('no order')
    server.script.finding = async () =>
      approved(order, { document: { ...approved(order).document, number: 'T9000001' } })
    await server.browser().call('GET', `/verifications/return/${started.json.id}`)
    await server.verification.settle(started.json.id)
    expect((await identityOf(own)).isVerified).toBe(true)
  })
})

describe('specimens', () => {
  it('stay specimens: a document of UTO proves nobody, whatever the provider says and whoever approves', async () => {
    people += 1
    const own = server.browser()
    await own.signUp(`utopian${people}`)
    await own.call('PUT', '/v1/account/identity', {
      ...ada,
      documentCountry: 'UTO',
      documentNumber: `U${people}000000`,
    })
    for (const outcome of ['approved', 'review'] as const) {
      const started = await own.call('POST', '/v1/verifications', {})
      expect(started.status, started.text).toBe(201)
      const order = server.script.orders.at(-1)
      if (!order) throw new Error('no order')
      const document = { ...approved(order).document, country: 'UTO', number: `U${people}000000` }
      server.script.finding = async () => approved(order, { outcome, document, specimen: false })
      await server.verification.settle(started.json.id)
      const { json } = await admin.call('GET', `/v1/verifications/${started.json.id}`)
      expect([json.state, json.isDemonstration]).toEqual([outcome === 'approved' ? 'rejected' : 'review', true])
      if (outcome === 'review')
        expect(
          (
            await admin.call('POST', `/v1/verifications/${started.json.id}/review`, {
              decision: 'approve',
              reason: 'looks right',
            })
          ).json.code,
        ).toBe('NOT_APPROVABLE')
    }
    expect((await identityOf(own)).isVerified).toBe(false)
  })
})

describe('work that ends the process', () => {
  it('is begun five times at most, and then set aside with an alarm', async () => {
    const { id } = await verify({}, false)
    await query('update veridoor.verifications set settle_attempts = 5 where id = $1', [id])
    let asked = 0
    server.script.finding = async () => {
      asked += 1
      return { state: 'pending' }
    }
    await server.verification.settle(id)
    expect(asked).toBe(0)
    const [row] = await query('select state, counts_as_try from veridoor.verifications where id = $1', [id])
    expect(row).toEqual({ state: 'failed', counts_as_try: false })
    expect(server.logLines.join()).toContain('verification.given_up')
    const alarms = await query(
      `select 1 from veridoor.audit_lines where action = 'verification-alarm' and reasons::text like '%given up%'`,
    )
    expect(alarms).toHaveLength(1)
  })

  it('counts before the work, and forgets the count when it ended', async () => {
    const { id, order } = await verify({}, false)
    let during = 0
    server.script.finding = async () => {
      during = (await query('select settle_attempts from veridoor.verifications where id = $1', [id]))[0]
        .settle_attempts
      return approved(order, { outcome: 'review' })
    }
    await server.verification.settle(id)
    expect(during).toBe(1)
    expect(
      (await query('select settle_attempts from veridoor.verifications where id = $1', [id]))[0].settle_attempts,
    ).toBe(0)
  })
})
