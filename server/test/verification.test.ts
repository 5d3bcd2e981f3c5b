import { ProviderError } from '@veridoor/providers'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { JOBS_SCHEMA } from '../src/index.ts'
import { acquireQuota, recordSuccess } from '../src/organizations/index.ts'
import { ada, approved, startServer, type TestServer } from './harness.ts'

let server: TestServer
let serial = 0
beforeAll(async () => {
  server = await startServer('verification')
  await server.attachProvider()
})
afterAll(() => server?.stop())
beforeEach(() => {
  server.script.finding = async () => ({ state: 'pending' })
  server.clock.advance(60_000)
})

const newPerson = async () => {
  serial += 1
  const name = `person${serial}`
  const own = await server.person(name)
  return { own, name }
}
/** Each person has a document of their own, else the second would be a duplicate. */
const started = async (change: Partial<typeof ada> = {}) => {
  const { own, name } = await newPerson()
  const documentNumber = `X${String(serial).padStart(8, '0')}`
  await own.call('PUT', '/v1/account/identity', { ...ada, documentNumber, ...change })
  const { json, status } = await own.call('POST', '/v1/verifications', {})
  expect(status).toBe(201)
  const order = server.script.orders.at(-1)
  if (!order) throw new Error('no order')
  return { own, name, id: json.id as string, view: json, order, documentNumber }
}
const sendWebhook = (webhookUrl: string, body: string) =>
  server.app.inject({
    method: 'POST',
    url: new URL(webhookUrl).pathname,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: body,
  })
const referenceOf = async (id: string): Promise<string> => {
  const { rows } = await server.pool.query('select provider_reference from veridoor.verifications where id = $1', [id])
  return rows[0].provider_reference
}
const stateOf = async (own: { call: (m: 'GET', p: string) => Promise<{ json: { state: string } }> }, id: string) =>
  (await own.call('GET', `/v1/verifications/${id}/state`)).json.state

describe('the walk from the button to the seal', () => {
  it('verifies, seals and records, from a fetched positive result alone', async () => {
    const { own, id, view, order, documentNumber, name } = await started()
    expect(view.state).toBe('waiting')
    expect(view.redirectUrl).toMatch(/^https:\/\/paper/)
    expect((await own.call('GET', '/v1/account')).json.identity.isVerified).toBe(false)

    server.script.finding = async () =>
      approved(order, { document: { ...approved(order).document, number: documentNumber } })
    const answer = await sendWebhook(order.webhookUrl, `reference=${await referenceOf(id)}`)
    expect(answer.statusCode).toBe(200)
    await server.verification.settle(id)

    const account = (await own.call('GET', '/v1/account')).json
    expect(account.verification.state).toBe('verified')
    expect(account.identity).toMatchObject({
      isVerified: true,
      realName: 'Ada Lovelace',
      sealed: ['documentType', 'documentNumber', 'realName', 'documentCountry'],
    })
    expect(account.start.refusal.code).toBe('already_verified')

    const { rows } = await server.pool.query(
      `select before, after from veridoor.audit_lines where target = $1 and after is not null order by number`,
      [`built-in/${name}`],
    )
    expect(rows.map((row) => row.after)).toEqual(['created', 'waiting', 'checking', 'verified'])
    const events = await server.pool.query(
      `select type from veridoor.outgoing_events where payload->>'verification' = $1`,
      [id],
    )
    expect(events.rows.map((row) => row.type).sort()).toEqual([
      'user.sealed',
      'verification.created',
      'verification.verified',
      'verification.waiting',
    ])
  })

  it('sends the provider random references only', async () => {
    const { order, name, documentNumber } = await started()
    const sent = JSON.stringify(order)
    for (const word of ['Ada', 'Lovelace', name, documentNumber]) expect(sent).not.toContain(word)
  })

  it('compares with what was claimed at the start, and lets nobody change it meanwhile', async () => {
    const { own } = await started()
    const change = await own.call('PUT', '/v1/account/identity', { realName: 'Grace Hopper' })
    expect(change.status).toBe(409)
    expect(change.json.data.reason).toBe('field_fixed_while_open')
  })
})

describe('nothing else verifies', () => {
  it('a return address edited by hand changes nothing', async () => {
    const { own, id } = await started()
    const back = await server.app.inject({
      method: 'GET',
      url: `/verifications/return/${id}?transactionStatus=SUCCESS`,
    })
    expect(back.statusCode).toBe(303)
    await server.verification.settle(id)
    expect(await stateOf(own, id)).toBe('waiting')
  })

  it('a forged notice changes nothing: the finding is fetched, and it is pending', async () => {
    const { own, id, order } = await started()
    await sendWebhook(order.webhookUrl, `reference=${await referenceOf(id)}&verificationStatus=APPROVED_VERIFIED`)
    await server.verification.settle(id)
    expect(await stateOf(own, id)).toBe('waiting')
  })

  it('a notice for another reference, or at an unknown address, is ignored', async () => {
    const { id, order } = await started()
    expect((await sendWebhook(order.webhookUrl, 'reference=00000000-0000-4000-8000-00000000beef')).statusCode).toBe(200)
    expect((await sendWebhook('http://x/notices/made-up', 'reference=1')).statusCode).toBe(404)
    const { rows } = await server.pool.query(
      'select count(*)::int as n from veridoor.incoming_webhooks where verification_id = $1',
      [id],
    )
    expect(rows[0].n).toBe(0)
  })

  it('a webhook is handed to the provider’s adapter whatever its media type is, or without one', async () => {
    const { id, order } = await started()
    const types = [undefined, 'Application/JSON ; charset=utf-8', 'APPLICATION/X-WWW-FORM-URLENCODED', 'text/plain']
    for (const [at, type] of types.entries()) {
      const answer = await server.app.inject({
        method: 'POST',
        url: new URL(order.webhookUrl).pathname,
        headers: type === undefined ? {} : { 'content-type': type },
        payload: Buffer.from(`reference=${await referenceOf(id)}&copy=${at}`),
      })
      expect([type, answer.statusCode]).toEqual([type, 200])
    }
    const { rows } = await server.pool.query(
      'select count(*)::int as n from veridoor.incoming_webhooks where verification_id = $1',
      [id],
    )
    expect(rows).toEqual([{ n: types.length }])
  })

  it('a doubled notice is counted, not acted on twice', async () => {
    const { id, order } = await started()
    const body = `reference=${await referenceOf(id)}`
    for (let times = 0; times < 3; times += 1) await sendWebhook(order.webhookUrl, body)
    const { rows } = await server.pool.query(
      'select copies from veridoor.incoming_webhooks where verification_id = $1',
      [id],
    )
    expect(rows).toEqual([{ copies: 3 }])
  })

  it('a late notice cannot change a settled verification', async () => {
    const { own, id, order } = await started()
    server.script.finding = async () =>
      approved(order, { outcome: 'rejected', reasons: [{ code: 'document_not_accepted', values: {} }] })
    await server.verification.settle(id)
    expect(await stateOf(own, id)).toBe('rejected')
    server.script.finding = async () => approved(order)
    await sendWebhook(order.webhookUrl, `reference=${await referenceOf(id)}&again=1`)
    await server.verification.settle(id)
    expect(await stateOf(own, id)).toBe('rejected')
    expect((await own.call('GET', '/v1/account')).json.identity.isVerified).toBe(false)
  })

  it('a result that belongs to another account is ignored and told to the operator', async () => {
    const other = await started()
    const { own, id, name } = await started()
    server.script.finding = async () => approved(other.order)
    await server.verification.settle(id)
    expect(await stateOf(own, id)).toBe('waiting')
    const { rows } = await server.pool.query(
      `select reasons from veridoor.audit_lines where target = $1 and action = 'verification-alarm'`,
      [`built-in/${name}`],
    )
    expect(rows[0].reasons).toEqual(['references differ'])
  })

  it('references that a provider echoes in capitals or with blanks are those of this check, and settle it', async () => {
    const { own, id, order, documentNumber } = await started()
    const finding = approved(order)
    server.script.finding = async () => ({
      ...finding,
      document: { ...finding.document, number: documentNumber },
      echoed: {
        verificationReference: order.verificationReference.toUpperCase(),
        subjectReference: ` ${order.subjectReference.toUpperCase()} `,
      },
    })
    await server.verification.settle(id)
    expect(await stateOf(own, id)).toBe('verified')
  })

  it('unclear, missing or unknown checks lead to a human', async () => {
    for (const checks of [
      { document: 'pass', readable: 'pass', face: 'unclear', liveness: 'pass' },
      { document: 'pass', readable: 'pass', face: 'pass', liveness: 'not_assessed' },
      { document: 'unclear', readable: 'pass', face: 'pass', liveness: 'pass' },
    ] as const) {
      const { own, id, order, documentNumber } = await started()
      server.script.finding = async () =>
        approved(order, { checks, document: { ...approved(order).document, number: documentNumber } })
      await server.verification.settle(id)
      expect(await stateOf(own, id)).toBe('review')
    }
  })

  it('a sign that a local check saw is a sentence for the reviewer, and nothing for the person', async () => {
    // Sign-ups from one address are counted by the hour.
    server.clock.advance(3_600_000)
    const { own, id, order } = await started()
    server.script.finding = async () =>
      approved(order, { outcome: 'review', staffReasons: ['300', 'signal:picture_seen_before'] })
    await server.verification.settle(id)
    const detail = (await (await server.admin()).call('GET', `/v1/verifications/${id}`)).json
    expect(detail.state).toBe('review')
    expect(detail.staffReasons).toEqual(
      expect.arrayContaining([expect.stringContaining('“300”'), expect.stringMatching(/^The same photo was sent/)]),
    )
    const seen = JSON.stringify((await own.call('GET', `/v1/verifications/${id}`)).json)
    expect(seen).not.toMatch(/same picture|picture_seen_before/)
  })

  it('a name or number that differs is rejected with a sentence, and nothing is sealed', async () => {
    for (const [change, code] of [
      [{ realName: 'Grace Hopper' }, 'name_differs'],
      [{ documentNumber: 'Z99999999' }, 'number_differs'],
    ] as const) {
      const { own, id, order, documentNumber } = await started(change)
      server.script.finding = async () =>
        approved(order, {
          document: {
            ...approved(order).document,
            number: change === undefined ? documentNumber : 'documentNumber' in change ? 'A1' : documentNumber,
          },
        })
      await server.verification.settle(id)
      const { json } = await own.call('GET', '/v1/account')
      expect(json.verification.state).toBe('rejected')
      expect(json.verification.reasons[0].code).toBe(code)
      expect(json.identity.sealed).toEqual([])
    }
  })

  it('a specimen counts only in demonstration mode', async () => {
    const { own, id, order, documentNumber } = await started()
    server.script.finding = async () =>
      approved(order, { specimen: true, document: { ...approved(order).document, number: documentNumber } })
    await server.verification.settle(id)
    const { json } = await own.call('GET', '/v1/account')
    expect(json.verification.state).toBe('rejected')
    expect(json.verification.reasons[0].code).toBe('sample_document')
  })

  it('the same document for a second account goes to a human, in words that do not tell', async () => {
    const first = await started()
    server.script.finding = async () =>
      approved(first.order, { document: { ...approved(first.order).document, number: first.documentNumber } })
    await server.verification.settle(first.id)
    const second = await started({ documentNumber: first.documentNumber })
    server.script.finding = async () =>
      approved(second.order, {
        document: { ...approved(second.order).document, country: 'aut', number: first.documentNumber },
      })
    await server.verification.settle(second.id)
    expect(await stateOf(second.own, second.id)).toBe('review')
    expect((await second.own.call('GET', '/v1/account')).json.verification.reasons).toEqual([
      { code: 'under_review', values: {} },
    ])
    const detail = (await (await server.admin()).call('GET', `/v1/verifications/${second.id}`)).json
    expect(detail.staffReasons.join()).toMatch(/Another verified account has this document/)
  })

  it('two looks at once decide once', async () => {
    const { id, order, documentNumber, name } = await started()
    server.script.finding = async () =>
      approved(order, { document: { ...approved(order).document, number: documentNumber } })
    await Promise.all([server.verification.settle(id), server.verification.settle(id), server.verification.settle(id)])
    const { rows } = await server.pool.query(
      `select count(*)::int as n from veridoor.audit_lines where target = $1 and after = 'verified'`,
      [`built-in/${name}`],
    )
    expect(rows[0].n).toBe(1)
  })
})

describe('a provider that fails', () => {
  it('leaves the verdict open, uses up no try, and ends without a verdict when it never answers', async () => {
    const { own, id } = await started()
    server.script.finding = async () => {
      throw new ProviderError('timeout', { retryable: true })
    }
    await server.verification.settle(id)
    expect(await stateOf(own, id)).toBe('waiting')
    server.clock.advance(4 * 86_400_000)
    await server.verification.settle(id)
    expect(await stateOf(own, id)).toBe('failed')
    const { json } = await own.call('GET', '/v1/account')
    expect(json.start.triesLeft).toBe(5)
    expect(json.verification.reasons[0].code).toBe('interrupted')
    await recordSuccess(server.organizations, 'built-in', 'paper')
  })

  it('that refuses the start fails the attempt, and the next one may start at once', async () => {
    const { own } = await newPerson()
    const good = server.script.start
    server.script.start = async () => {
      throw new ProviderError('unreachable', { retryable: true })
    }
    const down = await own.call('POST', '/v1/verifications', {})
    expect(down.status).toBe(502)
    expect(down.json.data.reason).toBe('provider_down')
    server.script.start = good
    await recordSuccess(server.organizations, 'built-in', 'paper')
    expect((await own.call('POST', '/v1/verifications', {})).status).toBe(201)
  })

  it('is waited for on the documented schedule, then given up', async () => {
    const { own, id, order } = await started()
    await sendWebhook(order.webhookUrl, `reference=${await referenceOf(id)}`)
    let looks = 0
    server.script.finding = async () => {
      looks += 1
      return { state: 'pending' }
    }
    for (let step = 0; step < 30 && (await stateOf(own, id)) === 'waiting'; step += 1) {
      const { rows } = await server.pool.query('select next_poll_at from veridoor.verifications where id = $1', [id])
      if (rows[0].next_poll_at) server.clock.set(rows[0].next_poll_at)
      await server.verification.settle(id)
    }
    expect(await stateOf(own, id)).toBe('failed')
    expect(looks).toBeLessThanOrEqual(14)
  })

  it('whose person never comes is closed after the link has ended', async () => {
    const { own, id } = await started()
    server.clock.advance(60 * 60_000)
    await server.verification.settle(id)
    expect(await stateOf(own, id)).toBe('expired')
    expect((await own.call('GET', '/v1/account')).json.start.triesLeft).toBe(5)
  })
})

describe('starting', () => {
  it('says what is missing, one sentence a reason', async () => {
    serial += 1
    const own = server.browser()
    await own.signUp(`starter${serial}`)
    const empty = await own.call('POST', '/v1/verifications', {})
    expect(empty.json.data).toMatchObject({
      reason: 'profile_incomplete',
      values: { fields: 'ID card type, ID card number and real name' },
    })
    await own.call('PUT', '/v1/account/identity', {
      documentType: 'DRIVING_LICENSE',
      documentNumber: 'D1',
      realName: 'Ada Lovelace',
    })
    expect((await own.call('POST', '/v1/verifications', {})).json.data.reason).toBe('document_choice_refused')
  })

  it('allows one open verification a person, also when two start at once', async () => {
    const { own } = await newPerson()
    const both = await Promise.all([
      own.call('POST', '/v1/verifications', {}),
      own.call('POST', '/v1/verifications', {}),
    ])
    expect(both.map((answer) => answer.status).sort()).toEqual([201, 409])
    expect(both.find((answer) => answer.status === 409)?.json.data.reason).toBe('verification_open')
  })

  it('stops after five tries a day', async () => {
    const { own } = await newPerson()
    for (let tries = 0; tries < 5; tries += 1) {
      server.clock.advance(61_000)
      const { json } = await own.call('POST', '/v1/verifications', {})
      const order = server.script.orders.at(-1)
      if (!order) throw new Error('no order')
      server.script.finding = async () =>
        approved(order, { outcome: 'retry', reasons: [{ code: 'photo_blurry', values: {} }] })
      await server.verification.settle(json.id)
    }
    server.clock.advance(61_000)
    expect((await own.call('POST', '/v1/verifications', {})).json.data.reason).toBe('attempts_used_up')
    server.clock.advance(86_400_000)
    expect((await own.call('POST', '/v1/verifications', {})).status).toBe(201)
  })

  it('stops who opens checks and cancels them again and again, and counts those cancelled after pictures were sent', async () => {
    server.clock.advance(3_600_000)
    const { own } = await newPerson()
    const triesLeft = async () => (await own.call('GET', '/v1/account')).json.start.triesLeft
    const startAndCancel = async (isBack: boolean) => {
      server.clock.advance(10_000)
      const { json, status } = await own.call('POST', '/v1/verifications', {})
      expect(status).toBe(201)
      if (isBack) await server.app.inject({ method: 'GET', url: `/verifications/return/${json.id}` })
      expect((await own.call('POST', `/v1/verifications/${json.id}/cancel`)).json.state).toBe('cancelled')
    }
    await startAndCancel(true)
    expect(await triesLeft()).toBe(4)
    for (let times = 0; times < 14; times += 1) await startAndCancel(false)
    const opened = server.script.orders.length
    server.clock.advance(60_000)
    expect((await own.call('POST', '/v1/verifications', {})).json.data.reason).toBe('attempts_used_up')
    expect(await triesLeft()).toBe(0)
    expect(server.script.orders).toHaveLength(opened)
    server.clock.advance(86_400_000)
    expect((await own.call('POST', '/v1/verifications', {})).status).toBe(201)
  })

  it('uses up no try for checks that faults of ours or the provider ended, however many', async () => {
    server.clock.advance(3_600_000)
    const { own } = await newPerson()
    for (let times = 0; times < 16; times += 1) {
      const { json, status } = await own.call('POST', '/v1/verifications', {})
      expect([times, status]).toEqual([times, 201])
      await server.pool.query(`update veridoor.verifications set polls = 3 where id = $1`, [json.id])
      server.script.finding = async () => {
        throw new ProviderError('not_found', { retryable: false })
      }
      await server.verification.settle(json.id)
      expect(await stateOf(own, json.id)).toBe('failed')
      await recordSuccess(server.organizations, 'built-in', 'paper')
      server.clock.advance(10_000)
    }
    expect((await own.call('GET', '/v1/account')).json.start.triesLeft).toBe(5)
  })

  it('that the provider’s page could not go on with makes us look sooner, and uses up no try when it is cancelled', async () => {
    server.clock.advance(3_600_000)
    const { own, id, order } = await started()
    const nextLook = async () =>
      (
        await server.pool.query(
          'select next_poll_at, finished_by_person_at from veridoor.verifications where id = $1',
          [id],
        )
      ).rows[0]
    const goBack = () =>
      server.app.inject({
        method: 'GET',
        url: `${new URL(order.errorUrl).pathname}?transactionStatus=ERROR&errorCode=9810`,
      })
    const back = await goBack()
    expect([back.statusCode, back.headers.location]).toEqual([303, '/account/identity'])
    const soon = (await nextLook()).next_poll_at
    expect(soon.getTime() - server.clock.now().getTime()).toBe(10_000)
    server.clock.advance(5_000)
    await goBack()
    // However often somebody opens it, the other side is asked once in ten seconds.
    expect(await nextLook()).toEqual({ next_poll_at: soon, finished_by_person_at: null })
    await server.verification.settle(id)
    expect((await own.call('POST', `/v1/verifications/${id}/cancel`)).json.state).toBe('cancelled')
    expect((await own.call('GET', '/v1/account')).json.start.triesLeft).toBe(5)
  })

  it('tells when the month’s limit ends, also where it was reached only while starting', async () => {
    server.clock.set(new Date('2027-01-15T10:00:00Z'))
    const admin = await server.admin()
    const { json } = await admin.call('GET', '/v1/providers/built-in/paper')
    const limitTo = async (monthlyLimit: number | null) => {
      const current = (await admin.call('GET', '/v1/providers/built-in/paper')).json
      const saved = { ...current, config: { ...json.config, monthlyLimit } }
      expect((await admin.call('PUT', '/v1/providers/built-in/paper', saved)).status).toBe(200)
    }
    await limitTo(1)
    await acquireQuota(server.organizations, 'built-in', 'paper', 1)
    await admin.call('PUT', '/v1/account/identity', { ...ada, documentNumber: 'T00000003' })
    const test = { organization: 'built-in', provider: 'paper' }
    const refused = await admin.call('POST', '/v1/verifications', { test })
    expect(refused.json.data).toMatchObject({ reason: 'quota_reached', values: { date: '2027-02-01', limit: 1 } })
    await limitTo(null)
  })

  it('is refused for another person, and for another tenant’s person does not exist', async () => {
    const { name } = await newPerson()
    const { own } = await newPerson()
    expect((await own.call('POST', '/v1/verifications', { organization: 'built-in', name })).status).toBe(403)
    expect((await server.browser().call('POST', '/v1/verifications', {})).status).toBe(401)
  })
})

describe('review', () => {
  it('is decided by another person with a reason, and seals the printed spelling', async () => {
    const { own, id, order, documentNumber } = await started({ realName: 'Ada Lovelase' })
    server.script.finding = async () =>
      approved(order, { document: { ...approved(order).document, number: documentNumber } })
    await server.verification.settle(id)
    expect(await stateOf(own, id)).toBe('review')
    expect(
      (await own.call('POST', `/v1/verifications/${id}/review`, { decision: 'approve', reason: 'me' })).status,
    ).toBe(403)
    const admin = await server.admin()
    expect((await admin.call('GET', `/v1/verifications/${id}`)).json.nameToSeal).toBe('ADA LOVELACE')
    const detail = await admin.call('POST', `/v1/verifications/${id}/review`, {
      decision: 'approve',
      reason: 'Known variant of the name',
    })
    expect([detail.json.state, detail.json.nameToSeal]).toEqual(['verified', null])
    const { json } = await own.call('GET', '/v1/account')
    expect(json.identity.realName).toBe('ADA LOVELACE')
    expect(
      (await admin.call('POST', `/v1/verifications/${id}/review`, { decision: 'reject', reason: 'again' })).status,
    ).toBe(409)
  })

  it('that rejects tells staff who, when and why, and the person no name and no note', async () => {
    server.clock.advance(3_600_000)
    const { own, id, order, documentNumber } = await started({ realName: 'Ada Lovelase' })
    server.script.finding = async () =>
      approved(order, { document: { ...approved(order).document, number: documentNumber } })
    await server.verification.settle(id)
    const admin = await server.admin()
    const { json } = await admin.call('POST', `/v1/verifications/${id}/review`, {
      decision: 'reject',
      reason: 'Document expired.',
      note: 'Called the issuer',
    })
    expect(json.staffReasons[0]).toMatch(/^Rejected by admin on \d{1,2} \w+( \d{4})?: document expired\.$/)
    expect([json.reviewedBy, json.reviewReason, json.reviewNote]).toEqual([
      'built-in/admin',
      'Document expired.',
      'Called the issuer',
    ])
    expect(JSON.stringify(json)).not.toMatch(/see below|\{\w+\}/)
    const seen = JSON.stringify((await own.call('GET', '/v1/account')).json)
    expect(seen).toContain('rejected_by_person')
    expect(seen).not.toMatch(/Called the issuer|Document expired/)
  })

  it('of a document with one name read seals the claimed name, unless the document shows another', async () => {
    server.clock.advance(3_600_000)
    const admin = await server.admin()
    for (const [lastName, outcome, status, state] of [
      ['LOVELACE', 'approved', 200, 'verified'],
      ['HOPPER', 'review', 409, 'review'],
    ] as const) {
      const { own, id, order, documentNumber } = await started()
      const { firstName: _unread, ...document } = approved(order).document
      server.script.finding = async () =>
        approved(order, { outcome, document: { ...document, number: documentNumber, lastName } })
      await server.verification.settle(id)
      expect(await stateOf(own, id)).toBe('review')
      // What the page says before somebody presses is what becomes of it.
      expect((await admin.call('GET', `/v1/verifications/${id}`)).json.nameToSeal).toBe('Ada Lovelace')
      const decision = { decision: 'approve', reason: 'Seen in person' }
      const answer = await admin.call('POST', `/v1/verifications/${id}/review`, decision)
      expect([answer.status, await stateOf(own, id)]).toEqual([status, state])
      const { identity } = (await own.call('GET', '/v1/account')).json
      expect([identity.realName, identity.isVerified]).toEqual(['Ada Lovelace', state === 'verified'])
    }
  })

  it('cannot approve a claim whose number or type the document contradicts, and says what differs', async () => {
    server.clock.advance(3_600_000)
    const { own, id, order } = await started()
    server.script.finding = async () => approved(order, { outcome: 'review' })
    await server.verification.settle(id)
    const admin = await server.admin()
    const decide = (decision: 'approve' | 'reject') =>
      admin.call('POST', `/v1/verifications/${id}/review`, { decision, reason: 'Seen in person' })
    const refused = await decide('approve')
    expect([refused.status, refused.json.code]).toEqual([409, 'NOT_APPROVABLE'])
    expect(refused.json.message).toBe('This check cannot be approved.')
    expect(refused.json.data.fields).toEqual([
      { path: 'document', message: expect.stringMatching(/^The document shows another number than the person wrote/) },
    ])
    expect(await stateOf(own, id)).toBe('review')
    expect((await own.call('GET', '/v1/account')).json.identity.isVerified).toBe(false)
    expect((await decide('reject')).json.state).toBe('rejected')
  })

  it('of one document for two people, decided at once, approves one and tells the other why not', async () => {
    server.clock.advance(3_600_000)
    const admin = await server.admin()
    const people = [await started({ documentNumber: 'TWICE0001' }), await started({ documentNumber: 'TWICE0001' })]
    for (const { id, order } of people) {
      server.script.finding = async () =>
        approved(order, { outcome: 'review', document: { ...approved(order).document, number: 'TWICE0001' } })
      await server.verification.settle(id)
    }
    const answers = await Promise.all(
      people.map(({ id }) =>
        admin.call('POST', `/v1/verifications/${id}/review`, { decision: 'approve', reason: 'Seen in person' }),
      ),
    )
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    const refused = answers.find((answer) => answer.status === 409)
    expect(refused?.json.data.fields[0].message).toBe('Another verified account has this document.')
  })
})

describe('retention', () => {
  const DAY_MS = 86_400_000
  const kept = async (id: string) => {
    const { rows } = await server.pool.query(
      'select erase_after, erased_at, ended_at, expires_at, finding, provider_reference from veridoor.verifications where id = $1',
      [id],
    )
    return rows[0]
  }
  const keepFor = async (retentionDays: number | null) => {
    const admin = await server.admin()
    const { json } = await admin.call('GET', '/v1/providers/built-in/paper')
    const config = { ...json.config, retentionDays }
    expect((await admin.call('PUT', '/v1/providers/built-in/paper', { ...json, config })).status).toBe(200)
    return admin
  }

  it('counts from the end of every check, however it ended; while one is in review, nothing is erased', async () => {
    server.clock.advance(3_600_000)
    await keepFor(30)
    const cancelled = await started()
    await cancelled.own.call('POST', `/v1/verifications/${cancelled.id}/cancel`)
    const expired = await started()
    server.clock.advance(3_600_000)
    await server.verification.settle(expired.id)
    for (const [{ id }, from] of [
      // Until its link ends, pictures may still come.
      [cancelled, 'expires_at'],
      [expired, 'ended_at'],
    ] as const) {
      const row = await kept(id)
      expect(row.erase_after.getTime()).toBe(row[from].getTime() + 30 * DAY_MS)
    }

    const reviewed = await started()
    server.script.finding = async () =>
      approved(reviewed.order, {
        outcome: 'review',
        document: { ...approved(reviewed.order).document, number: reviewed.documentNumber },
      })
    await server.verification.settle(reviewed.id)
    server.clock.advance(60 * DAY_MS)
    expect((await kept(reviewed.id)).erase_after).toBeNull()
    const decision = { decision: 'reject', reason: 'Not the same person' }
    expect(
      (await (await server.admin()).call('POST', `/v1/verifications/${reviewed.id}/review`, decision)).status,
    ).toBe(200)
    const row = await kept(reviewed.id)
    expect(row.erase_after.getTime()).toBe(row.ended_at.getTime() + 30 * DAY_MS)
    await keepFor(null)
  })

  it('sends each erasure once a day, the longest waiting first, whatever a failing provider says', async () => {
    server.clock.advance(3_600_000)
    await keepFor(30)
    const ids: string[] = []
    for (let times = 0; times < 2; times += 1) {
      const { own, id } = await started()
      await own.call('POST', `/v1/verifications/${id}/cancel`)
      ids.push(id)
    }
    const [first = '', second = ''] = ids
    server.clock.advance(31 * DAY_MS)
    const queued = async (id: string): Promise<number> =>
      (
        await server.pool.query(
          `select count(*)::int as n from ${JOBS_SCHEMA}.job where name = 'erase' and data->>'id' = $1`,
          [id],
        )
      ).rows[0].n
    // A job that was tried and failed waits for its next try: the key keeps nothing away then.
    const fail = () =>
      server.pool.query(`update ${JOBS_SCHEMA}.job set state = 'retry', retry_count = 1 where name = 'erase'`)
    for (let times = 0; times < 3; times += 1) {
      await server.verification.sweep()
      await fail()
    }
    expect([await queued(first), await queued(second)]).toEqual([1, 1])
    server.clock.advance(DAY_MS)
    await server.verification.sweep()
    expect([await queued(first), await queued(second)]).toEqual([2, 2])
    await keepFor(null)
  })

  it('a failed erasure is an audit line after the last try, and is due again', async () => {
    server.clock.advance(3_600_000)
    await keepFor(30)
    const { own, id, view } = await started()
    await own.call('POST', `/v1/verifications/${id}/cancel`)
    server.script.erase = async () => {
      throw new ProviderError('server_error', { retryable: true })
    }
    const lines = async () => {
      const { items } = (await (await server.admin()).call('GET', '/v1/audit?action=erase-at-provider')).json
      return items.filter((line: { reference: string }) => line.reference === view.reference)
    }
    await expect(server.verification.erase(id, { isLast: false })).rejects.toThrow(ProviderError)
    expect(await lines()).toEqual([])
    await expect(server.verification.erase(id, { isLast: true })).rejects.toThrow(ProviderError)
    expect(await lines()).toMatchObject([{ result: 'failed', reasons: ['provider:server_error'] }])
    expect(await kept(id)).toMatchObject({ erased_at: null, erase_after: expect.any(Date) })
    server.script.erase = async () => {}
    await server.verification.erase(id)
    expect(await lines()).toHaveLength(2)
    await keepFor(null)
  })

  it('waits for results on their way where nothing is to be kept, and keeps nothing of a test run', async () => {
    server.clock.advance(3_600_000)
    await keepFor(0)
    const { own, id } = await started()
    await own.call('POST', `/v1/verifications/${id}/cancel`)
    const row = await kept(id)
    expect(row.erase_after.getTime()).toBe(row.expires_at.getTime() + 20 * 60_000)
    const admin = await server.admin()
    await admin.call('PUT', '/v1/account/identity', { ...ada, documentNumber: 'T00000009' })
    const test = { organization: 'built-in', provider: 'paper' }
    const { json } = await admin.call('POST', '/v1/verifications', { test })
    const order = server.script.orders.at(-1)
    if (!order) throw new Error('no order')
    server.script.finding = async () =>
      approved(order, { document: { ...approved(order).document, number: 'T00000009' } })
    await server.verification.settle(json.id)
    expect(await stateOf(admin, json.id)).toBe('verified')
    await server.verification.erase(json.id)
    expect(await kept(json.id)).toMatchObject({ finding: null, erased_at: expect.any(Date) })
    await keepFor(null)
  })

  it('ends for the provider and for what is kept here, but for what a verified account stands on', async () => {
    server.clock.advance(3_600_000)
    await keepFor(30)
    const good = await started()
    const bad = await started()
    for (const { id, order, documentNumber } of [good, bad]) {
      server.script.finding = async () =>
        approved(order, {
          document: { ...approved(order).document, number: documentNumber },
          ...(id === bad.id ? { outcome: 'rejected' } : {}),
        })
      await server.verification.settle(id)
      expect((await kept(id)).finding).not.toBeNull()
      await server.verification.erase(id)
      const row = await kept(id)
      expect(row.erased_at).not.toBeNull()
      expect(server.script.erased).toContain(row.provider_reference)
    }
    expect((await kept(bad.id)).finding).toBeNull()
    expect((await kept(good.id)).finding).not.toBeNull()
    await keepFor(null)
  })
})

it('a test run is real, marked, and never seals', async () => {
  const admin = await server.admin()
  await admin.call('PUT', '/v1/account/identity', { ...ada, documentNumber: 'T00000001' })
  const { json, status } = await admin.call('POST', '/v1/verifications', {
    test: { organization: 'built-in', provider: 'paper' },
  })
  expect(status).toBe(201)
  expect(json.isTest).toBe(true)
  const order = server.script.orders.at(-1)
  if (!order) throw new Error('no order')
  server.script.finding = async () =>
    approved(order, { document: { ...approved(order).document, number: 'T00000001' } })
  await server.verification.settle(json.id)
  expect(await stateOf(admin, json.id)).toBe('verified')
  expect((await admin.call('GET', '/v1/account')).json.identity.isVerified).toBe(false)

  // A test is listed as a test, and is no step towards a verified person.
  const listed = async (isTest: boolean): Promise<string[]> =>
    (await admin.call('GET', `/v1/verifications?isTest=${isTest}&limit=200`)).json.items.map(
      ({ id }: { id: string }) => id,
    )
  expect(await listed(true)).toContain(json.id)
  expect(await listed(false)).not.toContain(json.id)
})

it('a check is found by the reference that people quote, in either case, and by administrators of its organization only', async () => {
  const { own, id, view } = await started()
  const admin = await server.admin()
  for (const text of [view.reference, view.reference.toLowerCase(), id])
    expect((await admin.call('GET', `/v1/verifications/${text}`)).json.id, text).toBe(id)
  for (const text of ['VD-0000-00', 'VD-', 'VD-%', `${view.reference}x`])
    expect((await admin.call('GET', `/v1/verifications/${encodeURIComponent(text)}`)).status, text).toBe(404)
  expect((await own.call('GET', `/v1/verifications/${view.reference}`)).status).toBe(403)
  await own.call('POST', `/v1/verifications/${id}/cancel`)
})

it('a specimen ticks no step of the set-up that is about a person', async () => {
  const admin = await server.admin()
  const step = async (): Promise<boolean> =>
    (await admin.call('GET', '/v1/overview')).json.setUp.find(({ key }: { key: string }) => key === 'verify-person')
      .done
  expect(await step()).toBe(true)
  // An ended verification is frozen for the serving login: only the owner can write what stands for a specimen here.
  const owner = new pg.Client({ connectionString: server.database.ownerUrl })
  await owner.connect()
  await owner.query(`set session_replication_role = 'replica'`)
  await owner.query(`update veridoor.verifications set is_demonstration = true where state = 'verified'`)
  await owner.end()
  expect(await step()).toBe(false)
})

it('the audit chain is whole, and no log or audit line names the person’s data', async () => {
  expect((await server.audit.verify()).ok).toBe(true)
  const { rows } = await server.pool.query('select * from veridoor.audit_lines')
  const text = JSON.stringify(rows) + server.logLines.join('')
  for (const canary of ['Lovelace', 'LOVELACE', 'L898902C36', 'X0000000', 'very secret stamp', 'a long password'])
    expect(text).not.toContain(canary)
})
