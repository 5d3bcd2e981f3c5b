import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { providerTypes } from '@veridoor/providers'
import { type FakeJumio, startFakeJumio } from '@veridoor/providers/jumio/fake'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { toFields } from '../../web/src/console/schema-fields.ts'
import { recordSuccess } from '../src/organizations/index.ts'
import { ADMIN_PASSWORD, ada, approved, newScript, paperType, startServer, type TestServer } from './harness.ts'
import { codeFor } from './sign-in.ts'

/**
 * The 48 places where Casdoor's identity verification falls short, read in its code: one test each, of what happens here on the running
 * server. Checks are made at a Jumio of our own making over HTTP, or at a provider of the tests.
 */
type Browser = ReturnType<TestServer['browser']>
type Answer = Awaited<ReturnType<Browser['call']>>

const URL_HERE = 'https://id.example.com'
const CALLBACK = 'https://app.example.com/callback'
const script = newScript()
let server: TestServer
let jumio: FakeJumio
let admin: Browser
let acme: Browser
let credentials: { id: string; secret: string }
/** The built-in organization's application, by its own credentials. */
let application: (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<Answer>
/** An administrator, who changes what applications run on. */
const administrator = (method: 'GET' | 'POST', path: string, body?: unknown) => admin.call(method, `/api/${path}`, body)
let serial = 0

const query = async (text: string, values: unknown[] = []) => (await server.pool.query(text, values)).rows

const addApplication = async (name: string, providers: string[], organization = 'built-in') => {
  const made = await admin.call('POST', '/v1/applications', {
    organization,
    name,
    displayName: name,
    enableSignUp: true,
    redirectUris: [CALLBACK],
    providers: providers.map((provider) => ({ organization, name: provider })),
  })
  expect(made.status, made.text).toBe(201)
}
const addProvider = async (
  name: string,
  config: Record<string, unknown>,
  type = 'Jumio',
  organization = 'built-in',
) => {
  const made = await admin.call('POST', '/v1/providers', {
    organization,
    name,
    displayName: name,
    category: 'ID Verification',
    type,
    config,
  })
  expect(made.status, made.text).toBe(201)
}
const paperConfig = { office: 'open', stamp: 'very secret stamp' }

beforeAll(async () => {
  jumio = await startFakeJumio('v4')
  server = await startServer('casdoor_points', { url: URL_HERE, types: [...providerTypes, paperType(script)] })
  // The sample documents are of these days.
  server.clock.set(new Date('2025-03-05T10:00:00Z'))
  admin = await server.admin()
  await admin.call('POST', '/v1/organizations', { name: 'acme', displayName: 'Acme' })
  await addProvider('jumio', { ...jumio.config, workflowId: 200 })
  await addProvider('paper', paperConfig, 'Paper')
  await addProvider('paper', paperConfig, 'Paper', 'acme')
  await addApplication('jumio-app', ['jumio'])
  await addApplication('paper-app', ['paper'])
  await addApplication('acme-app', ['paper'], 'acme')
  const { json } = await admin.call('GET', '/v1/applications/jumio-app')
  await admin.call('PUT', '/v1/applications/jumio-app', { ...json, management: 'people' })
  const secret = (await admin.call('POST', '/v1/applications/jumio-app/secret')).json.clientSecret
  credentials = { id: json.clientId, secret }
  const authorization = `Basic ${Buffer.from(`${credentials.id}:${secret}`).toString('base64')}`
  application = (method, path, body) => server.browser({ authorization }).call(method, `/api/${path}`, body)
  const password = 'the first of acme'
  await admin.call('POST', '/v1/users', { organization: 'acme', name: 'chief', isAdmin: true, password })
  acme = server.browser()
  await acme.signIn('chief', password, 'acme-app')
  await acme.call('PUT', '/v1/account/password', { current: password, next: 'the second of acme' })
})
afterAll(async () => {
  await jumio.close()
  await server?.stop()
})
beforeEach(async () => {
  jumio.setBreakage(null)
  jumio.setScenario('pending')
  script.finding = async () => ({ state: 'pending' })
  server.clock.advance(3_600_000)
  await server.pool.query('delete from veridoor.rate_limits')
  await recordSuccess(server.organizations, 'built-in', 'jumio')
})

/** Somebody whose three fields are filled in, at an application that checks with one provider or the other. */
const person = async (of: string, identity: Record<string, unknown> = {}) => {
  serial += 1
  const name = `person${serial}`
  const own = server.browser()
  expect((await own.signUp(name, of)).status).toBe(201)
  const { document } = jumio
  const filled =
    of === 'jumio-app'
      ? {
          realName: `${document.firstName} ${document.lastName}`,
          documentNumber: document.number,
          documentType: document.type,
          documentCountry: document.country,
        }
      : { ...ada, documentNumber: `X${String(serial).padStart(8, '0')}` }
  const saved = await own.call('PUT', '/v1/account/identity', { ...filled, ...identity })
  expect(saved.status, saved.text).toBe(200)
  return { own, name, idCard: String({ ...filled, ...identity }.documentNumber), realName: String(filled.realName) }
}
const verify = (own: Browser, parameters = '') => own.call('POST', `/api/verify-identification${parameters}`)
const account = async (own: Browser) => (await own.call('GET', '/api/get-account')).json.data
const lastOrder = () => {
  const order = script.orders.at(-1)
  if (!order) throw new Error('no order')
  return order
}
/** Somebody whose document was checked and found right. */
const verifiedPerson = async (of = 'paper-app') => {
  const someone = await person(of)
  const { json } = await verify(someone.own)
  const order = lastOrder()
  const document = { ...approved(order).document, number: someone.idCard }
  script.finding = async () => approved(order, { document })
  await server.verification.settle(json.data.verification)
  expect((await account(someone.own)).isVerified).toBe(true)
  return someone
}
const auditText = async () => JSON.stringify(await query('select * from veridoor.audit_lines'))

describe('the verification itself', () => {
  it('1 nobody is verified before a final positive decision', async () => {
    const { own, name } = await person('jumio-app')
    const flag = async () =>
      (await query('select verified_at from veridoor.users where name = $1', [name]))[0].verified_at
    const { json } = await verify(own)
    expect(json).toMatchObject({ status: 'error', data2: { code: 'PENDING' }, data: { state: 'waiting' } })
    expect(await flag()).toBeNull()
    await server.verification.settle(json.data.verification)
    expect((await account(own)).isVerified).toBe(false)
    jumio.setScenario('approve')
    await server.verification.settle(json.data.verification)
    expect(await flag()).not.toBeNull()
    expect((await verify(own)).json).toMatchObject({ status: 'ok', data: 'ILARIA VOSSBERGER' })
  })

  it('2 the link is handed out, found again, and leads back to a page', async () => {
    const { own } = await person('jumio-app')
    const { data } = (await verify(own)).json
    expect(data.redirectUrl).toContain(`${jumio.address}/web/v4/app?authorizationToken=`)
    expect((await verify(own)).json.data).toMatchObject({
      redirectUrl: data.redirectUrl,
      verification: data.verification,
    })
    const sent = JSON.parse(jumio.opened().at(-1) ?? '')
    expect(sent.successUrl).toMatch(new RegExp(`^${URL_HERE}/verifications/return/`))
    const back = await own.call('GET', new URL(sent.successUrl).pathname)
    expect([back.status, back.headers.location]).toEqual([303, '/account/identity'])
  })

  it('3 results arrive by callback and by asking, for an attempt that is stored with its reference', async () => {
    const { own, name } = await person('jumio-app')
    const { verification } = (await verify(own)).json.data
    const rows = await query('select provider_reference, user_name from veridoor.verifications where id = $1', [
      verification,
    ])
    expect(rows).toEqual([{ provider_reference: expect.stringMatching(/^[\w-]{36}$/), user_name: name }])
    const notice = jumio.webhooks(rows[0].provider_reference).real
    const rung = await server.app.inject({
      method: 'POST',
      url: new URL(JSON.parse(jumio.opened().at(-1) ?? '').callbackUrl).pathname,
      headers: { ...notice.headers },
      payload: Buffer.from(notice.body),
    })
    expect(rung.json()).toEqual({ received: true })
    const notices = await query('select copies from veridoor.incoming_webhooks where verification_id = $1', [
      verification,
    ])
    expect(notices).toEqual([{ copies: 1 }])
    jumio.setScenario('reject')
    await server.verification.settle(verification)
    expect((await own.call('GET', `/v1/verifications/${verification}/state`)).json.state).toBe('rejected')
  })

  it('4 references sent out are random; number, name and account are in none', async () => {
    const first = await person('jumio-app')
    await verify(first.own)
    const sent = JSON.parse(jumio.opened().at(-1) ?? '')
    const text = JSON.stringify(sent)
    for (const word of [first.name, first.idCard, 'ILARIA', 'VOSSBERGER']) expect(text).not.toContain(word)
    const second = await person('jumio-app')
    await verify(second.own)
    const other = JSON.parse(jumio.opened().at(-1) ?? '')
    for (const key of ['customerInternalReference', 'userReference']) {
      expect(sent[key]).toMatch(/^[\w-]{8,}$/)
      expect(sent[key]).not.toBe(other[key])
    }
  })

  it('5 type and country of the document choose what is checked, with the workflow that is set', async () => {
    const { own } = await person('jumio-app', { documentType: 'ID_CARD', documentCountry: 'DEU' })
    await verify(own)
    expect(JSON.parse(jumio.opened().at(-1) ?? '')).toMatchObject({
      workflowId: 200,
      presets: [{ country: 'DEU', type: 'ID_CARD' }],
    })
    // The default proves nothing of the setting: another workflow goes out once it is chosen.
    const provider = (await admin.call('GET', '/v1/providers/built-in/jumio')).json
    const saved = await admin.call('PUT', '/v1/providers/built-in/jumio', {
      ...provider,
      config: { ...provider.config, workflowId: 202 },
    })
    expect(saved.status, saved.text).toBe(200)
    const other = await person('jumio-app', { documentType: 'ID_CARD', documentCountry: 'DEU' })
    await verify(other.own)
    expect(JSON.parse(jumio.opened().at(-1) ?? '')).toMatchObject({ workflowId: 202 })
    await admin.call('PUT', '/v1/providers/built-in/jumio', { ...provider, etag: undefined })
  })

  it('6 what the document says is compared with what was typed, and the outcome is kept', async () => {
    const { own } = await person('jumio-app', { realName: 'Grace Hopper' })
    const { verification } = (await verify(own)).json.data
    jumio.setScenario('approve')
    await server.verification.settle(verification)
    expect((await account(own)).isVerified).toBe(false)
    const detail = (await admin.call('GET', `/v1/verifications/${verification}`)).json
    expect(detail.state).toBe('rejected')
    expect(detail.comparison.some((row: { result: string }) => row.result === 'different')).toBe(true)
  })

  it('7 an endpoint is taken with and without its slash, and only when it is an address', async () => {
    await addProvider('slash', { ...jumio.config, endpoint: `${jumio.address}/`, workflowId: 200 })
    await addApplication('slash-app', ['slash'])
    const { own } = await person('slash-app')
    const before = jumio.opened().length
    expect((await verify(own)).json.data2.code).toBe('PENDING')
    expect(jumio.opened().length).toBe(before + 1)
    for (const endpoint of ['netverify.com', 'ftp://netverify.com']) {
      const body = {
        owner: 'built-in',
        name: 'wrong',
        category: 'ID Verification',
        type: 'Jumio',
        clientId: 'a',
        clientSecret: 'b',
        endpoint,
      }
      const { json } = await administrator('POST', 'add-provider', body)
      expect(json.msg, endpoint).toContain('config.endpoint: An address that begins with https://')
    }
  })

  it('8 private and unencrypted addresses are not called, and what the other side wrote is told to nobody', async () => {
    for (const [name, endpoint] of [
      ['inside', 'http://10.1.2.3'],
      ['metadata', 'http://169.254.169.254'],
      ['plain', 'http://example.com'],
    ] as const) {
      await addProvider(name, { ...jumio.config, endpoint, workflowId: 200 })
      await addApplication(`${name}-app`, [name])
      const { own } = await person(`${name}-app`)
      expect((await verify(own)).json.data2.code, name).toBe('provider_not_ready')
      const shown = (await admin.call('GET', `/v1/providers/built-in/${name}`)).json
      expect(shown.healthDetail, name).toBe('address_not_allowed')
    }
    const { own } = await person('jumio-app')
    jumio.setBreakage('unauthorized')
    const { text, json } = await verify(own)
    expect(json).toMatchObject({ status: 'error', data2: { code: 'provider_not_ready' } })
    for (const word of ['transactionReference', 'authorizationToken', jumio.address]) {
      expect(text).not.toContain(word)
      expect(await auditText()).not.toContain(word)
    }
  })

  it('9 pressing twice, or at once, opens one check', async () => {
    const { own } = await person('jumio-app')
    const before = jumio.opened().length
    const answers = await Promise.all([verify(own), verify(own), verify(own)])
    answers.push(await verify(own))
    expect(jumio.opened().length).toBe(before + 1)
    const ids = new Set(answers.map(({ json }) => json.data?.verification))
    expect(ids.size).toBe(1)
    expect(answers.every(({ json }) => json.data2.code === 'PENDING')).toBe(true)
  })

  it('10 a used-up limit and a busy service are told in words, before and without their raw answer', async () => {
    await addProvider('limited', { ...jumio.config, workflowId: 200, monthlyLimit: 1 })
    await addApplication('limited-app', ['limited'])
    expect((await verify((await person('limited-app')).own)).json.data2.code).toBe('PENDING')
    const calls = jumio.calls()
    const { json } = await verify((await person('limited-app')).own)
    expect(json).toMatchObject({ status: 'error', data2: { code: 'quota_reached' } })
    expect(jumio.calls()).toBe(calls)
    jumio.setBreakage('busy_for_two_minutes')
    const busy = await verify((await person('jumio-app')).own)
    expect(busy.json.data2.code).toBe('provider_busy')
    expect(busy.json.msg).toContain('2 minutes')
  })

  it('11 what is checked is what was said at the start: nobody edits it meanwhile', async () => {
    const { own, name, realName } = await person('jumio-app')
    await verify(own)
    const whole = await account(own)
    const self = await own.call('POST', '/api/update-user', { ...whole, realName: 'Grace Hopper' })
    expect(self.json).toMatchObject({ status: 'error', data2: { code: 'field_fixed_while_open' } })
    const change = { realName: 'Grace Hopper' }
    const staff = await application('POST', `update-user?id=built-in/${name}&columns=realName`, change)
    expect(staff.json.status).toBe('error')
    expect((await account(own)).realName).toBe(realName)
  })

  it('12 an unknown type of provider is refused, never run as another', async () => {
    const body = { owner: 'built-in', name: 'other', category: 'ID Verification', type: 'Onfido', clientId: 'a' }
    const { json } = await administrator('POST', 'add-provider?id=built-in/other', body)
    expect(json).toMatchObject({ status: 'error', data2: { code: 'INVALID_INPUT' } })
    expect(json.msg).toContain('no provider of this type')
    expect(await query(`select name from veridoor.providers where name = 'other'`)).toEqual([])
  })

  it('13 the service is told the name of the business', async () => {
    const names: string[] = []
    const recorder = createServer((request, response) => {
      names.push(request.headers['user-agent'] ?? '')
      response.writeHead(500).end()
    })
    await new Promise<void>((resolve) => recorder.listen(0, '127.0.0.1', resolve))
    const endpoint = `http://127.0.0.1:${(recorder.address() as AddressInfo).port}`
    await addProvider('named', { ...jumio.config, endpoint, workflowId: 200, companyName: 'Acme Bank' })
    await addApplication('named-app', ['named'])
    await verify((await person('named-app')).own)
    recorder.closeAllConnections()
    await new Promise((resolve) => recorder.close(resolve))
    expect(new Set(names)).toEqual(new Set(['Acme Bank Veridoor/0.1']))
  })
})

describe('trust in the flag', () => {
  it('14 a real name is saved by a whole update, without columns', async () => {
    const { own, name } = await person('paper-app', { realName: '' })
    const whole = await account(own)
    await own.call('POST', `/api/update-user?id=built-in/${name}`, { ...whole, realName: 'Grace Hopper' })
    expect((await account(own)).realName).toBe('Grace Hopper')
    expect((await query('select real_name from veridoor.users where name = $1', [name]))[0].real_name).toBe(
      'Grace Hopper',
    )
  })

  it('15 verified values are locked where they are written: for the person, administrators and applications', async () => {
    const { own, name } = await verifiedPerson()
    const whole = await account(own)
    const change = { ...whole, realName: 'Eve Changed' }
    const path = `update-user?id=built-in/${name}`
    for (const answer of [
      await own.call('POST', `/api/${path}`, change),
      await admin.call('POST', `/api/${path}`, change),
      await application('POST', path, change),
      await application('POST', `${path}&columns=real_name`, change),
    ])
      expect(answer.json).toMatchObject({ status: 'error', data2: { code: 'field_sealed' } })
    await expect(
      server.pool.query(`update veridoor.users set real_name = 'Eve' where name = $1`, [name]),
    ).rejects.toMatchObject({ code: 'VD001' })
    expect((await account(own)).realName).toBe(ada.realName)
  })

  it('16 all four are locked, the type of the document too', async () => {
    const { own } = await verifiedPerson()
    for (const change of [
      { documentType: 'ID_CARD' },
      { documentNumber: 'K0000001' },
      { realName: 'Eve Changed' },
      { documentCountry: 'DEU' },
    ]) {
      const answer = await own.call('PUT', '/v1/account/identity', change)
      expect(answer.json.data.reason, JSON.stringify(change)).toBe('field_sealed')
    }
    const type = await own.call('POST', '/api/update-user?columns=idCardType', { idCardType: 'ID_CARD' })
    expect(type.json.data2.code).toBe('field_sealed')
  })

  it('17 nobody sets the flag, by any spelling of any call', async () => {
    const { own, name } = await person('paper-app')
    const said = { isVerified: true, is_verified: true, verifiedAt: '2025-01-01T00:00:00Z' }
    for (const columns of ['', '?columns=isVerified', '?columns=is_verified,verified_at'])
      await own.call('POST', `/api/update-user${columns}`, { ...(await account(own)), ...said })
    await admin.call('POST', `/api/update-user?id=built-in/${name}&columns=isVerified`, said)
    await application('POST', `update-user?id=built-in/${name}`, said)
    await application('POST', 'add-user', { owner: 'built-in', name: 'born-verified', ...said })
    const rows = await query('select name, verified_at from veridoor.users where name = any($1)', [
      [name, 'born-verified'],
    ])
    expect(rows.map((row) => row.verified_at)).toEqual([null, null])
  })

  it('18 pictures of documents are put beside no account, verified or not', async () => {
    const { own, name } = await verifiedPerson()
    for (const tag of ['idCardFront', 'idCardBack', 'idCardWithPerson']) {
      const upload = await server.app.inject({
        method: 'POST',
        url: `/api/upload-resource?owner=built-in&user=${name}&tag=${tag}&application=paper-app`,
        headers: { cookie: own.cookies, 'content-type': 'multipart/form-data; boundary=b' },
        payload: '--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\nx\r\n--b--\r\n',
      })
      expect(upload.json()).toMatchObject({ status: 'error', data2: { code: 'NOT_HOSTED' } })
      const properties = { [tag]: 'https://evil.example/a.jpg', colour: 'blue' }
      await own.call('POST', '/api/update-user', { ...(await account(own)), properties })
      expect((await account(own)).properties).toEqual({ colour: 'blue' })
    }
  })

  it('19 one document verifies one account: the second goes to a reviewer, in words that do not tell', async () => {
    const first = await verifiedPerson()
    const second = await person('paper-app', { documentNumber: first.idCard })
    const { json } = await verify(second.own)
    const order = lastOrder()
    script.finding = async () => approved(order, { document: { ...approved(order).document, number: first.idCard } })
    await server.verification.settle(json.data.verification)
    const again = (await verify(second.own)).json
    expect(again).toMatchObject({ status: 'error', data: { state: 'review' } })
    expect(again.msg).not.toMatch(/another account|already used|duplicate/i)
    expect((await account(second.own)).isVerified).toBe(false)
  })

  it('20 the number of a document is no name to sign in with', async () => {
    const { idCard } = await verifiedPerson()
    const fresh = server.browser()
    const body = { type: 'login', application: 'paper-app', username: idCard, password: 'a long password' }
    expect((await fresh.call('POST', '/api/login', body)).json.status).toBe('error')
    expect((await fresh.signIn(idCard, 'a long password', 'paper-app')).status).toBe(401)
  })

  it('21 an attempt has states, reasons and a history, ends by itself, and may be made anew', async () => {
    const { own } = await person('paper-app')
    const first = (await verify(own)).json.data.verification
    const order = lastOrder()
    const reasons = [{ code: 'document_not_accepted' as const, values: {} }]
    script.finding = async () => approved(order, { outcome: 'rejected', reasons })
    await server.verification.settle(first)
    const detail = (await admin.call('GET', `/v1/verifications/${first}`)).json
    expect(detail.timeline.map((line: { after: string }) => line.after).filter(Boolean)).toEqual(
      expect.arrayContaining(['created', 'waiting', 'rejected']),
    )
    expect(detail.reasons[0].code).toBe('document_not_accepted')
    script.finding = async () => ({ state: 'pending' })
    const second = (await verify(own)).json.data
    expect(second.verification).not.toBe(first)
    const expiresAt = new Date(second.expiresAt)
    expect(expiresAt.getTime()).toBeGreaterThan(server.clock.now().getTime())
    // Nobody does anything: time alone ends it, and the person may begin anew.
    const now = server.clock.now()
    server.clock.set(new Date(expiresAt.getTime() + 86_400_000))
    await server.verification.sweep()
    await server.verification.settle(second.verification)
    const ended = (await admin.call('GET', `/v1/verifications/${second.verification}`)).json
    expect(['expired', 'failed']).toContain(ended.state)
    server.clock.set(now)
  })

  it('22 a provider that is named must be one of the person’s application', async () => {
    const { own, name } = await person('paper-app')
    const before = [script.orders.length, jumio.opened().length]
    for (const provider of ['acme/paper', 'built-in/jumio', 'built-in/nobody']) {
      const self = await verify(own, `?owner=built-in&name=${name}&provider=${provider}`)
      expect(self.json.msg, provider).toContain('not attached to the application')
      const staff = await application('POST', `verify-identification?owner=built-in&name=${name}&provider=${provider}`)
      expect(staff.json.status, provider).toBe('error')
    }
    expect([script.orders.length, jumio.opened().length]).toEqual(before)
    expect((await verify(own, '?provider=built-in/paper')).json.data2.code).toBe('PENDING')
  })

  it('23 there is one target: what permits is what is acted on, and the tenant is asked', async () => {
    const mine = await person('paper-app')
    const other = await person('paper-app')
    const theirs = `owner=built-in&name=${other.name}`
    const before = script.orders.length
    for (const parameters of [`?id=built-in/${mine.name}&${theirs}`, `?${theirs}`])
      expect((await verify(mine.own, parameters)).json.msg).toBe('Unauthorized operation')
    expect((await verify(acme, `?id=acme/chief&${theirs}`)).json.msg).toBe('Unauthorized operation')
    expect((await verify(mine.own, '?owner=built-in')).json.status).toBe('error')
    expect(script.orders.length).toBe(before)
    const crossed = await application('POST', `update-user?id=built-in/${mine.name}`, {
      owner: 'acme',
      name: 'chief',
      displayName: 'crossed',
    })
    expect(crossed.json.msg).toContain('names another object')
  })

  it('24 a signed-in person verifies themself without saying who they are', async () => {
    const { own, name } = await person('paper-app')
    const { json } = await verify(own)
    expect(json.data2.code).toBe('PENDING')
    const rows = await query('select user_name from veridoor.verifications where id = $1', [json.data.verification])
    expect(rows).toEqual([{ user_name: name }])
  })

  it('25 who has no application uses the oldest of the organization, always the same', async () => {
    await admin.call('POST', '/v1/organizations', { name: 'several', displayName: 'Several' })
    for (const name of ['zeta', 'alpha', 'mid']) {
      server.clock.advance(1000)
      await addApplication(name, [], 'several')
    }
    await admin.call('POST', '/v1/users', { organization: 'several', name: 'nobodys' })
    for (let times = 0; times < 5; times += 1)
      expect((await admin.call('GET', '/api/get-user-application?id=several/nobodys')).json.data.name).toBe('zeta')
  })

  it('26 an application without providers is told as that', async () => {
    await addApplication('bare-app', [])
    expect((await verify((await person('bare-app')).own)).json).toMatchObject({
      status: 'error',
      msg: 'No ID Verification provider configured',
      data2: { code: 'provider_missing' },
    })
  })
})

describe('providers and secrets', () => {
  const secret = 'Canary-Secret-of-points'
  const body = () => ({
    owner: 'built-in',
    name: 'guarded',
    displayName: 'Guarded',
    category: 'ID Verification',
    type: 'Jumio',
    clientId: 'the-token-of-guarded',
    clientSecret: secret,
    endpoint: jumio.address,
  })
  beforeAll(async () => {
    expect((await administrator('POST', 'add-provider?id=built-in/guarded', body())).json.data).toBe('Affected')
  })

  it('27 secrets lie sealed in the database', async () => {
    const [row] = await query(`select config, secrets from veridoor.providers where name = 'guarded'`)
    expect(JSON.stringify(row)).not.toContain(secret)
    expect(Object.keys(row.secrets)).toEqual(['clientSecret'])
    expect(row.config.clientSecret).toBeUndefined()
  })

  it('28 no secret is in a line of the audit, an event for webhooks or the log', async () => {
    const [line] = await query(
      `select actor, action, target from veridoor.audit_lines where target = 'built-in/guarded' order by number`,
    )
    expect(line).toEqual({ actor: 'built-in/admin', action: 'add-provider', target: 'built-in/guarded' })
    const events = JSON.stringify(await query('select * from veridoor.outgoing_events'))
    for (const place of [await auditText(), events, server.logLines.join('')])
      for (const word of [secret, 'the-token-of-guarded']) expect(place).not.toContain(word)
  })

  it('29 a provider is read by administrators of its organization only', async () => {
    const { own } = await person('paper-app')
    for (const principal of [server.browser(), own, acme])
      for (const path of ['get-provider?id=built-in/guarded', 'get-providers?owner=built-in', 'get-global-providers']) {
        const { text, json } = await principal.call('GET', `/api/${path}`)
        expect(json.data === null || json.status === 'error', path).toBe(true)
        expect(text).not.toContain('the-token-of-guarded')
      }
    expect((await application('GET', 'get-provider?id=built-in/guarded')).json.data.clientId).toBe(
      'the-token-of-guarded',
    )
  })

  it('a shared provider is a name to organizations that may attach it: no token, no address', async () => {
    await addProvider('shared', { ...jumio.config, workflowId: 200 }, 'Jumio', 'admin')
    await admin.call('POST', '/api/update-provider?id=admin/shared', { ...body(), owner: 'admin', name: 'shared' })
    await administrator('POST', 'update-application?id=admin/jumio-app', {
      providers: [
        { owner: 'built-in', name: 'jumio' },
        { owner: 'admin', name: 'shared' },
      ],
    })
    const paths = ['get-provider?id=admin/shared', 'get-providers?owner=admin', 'get-application?id=admin/jumio-app']
    for (const path of paths) {
      const { json, text } = await application('GET', path)
      expect(json.status, path).toBe('ok')
      expect(text, path).toContain('"name":"shared"')
      expect(text, path).not.toContain('the-token-of-guarded')
    }
    const { data } = (await application('GET', 'get-provider?id=admin/shared')).json
    expect(data).toMatchObject({ type: 'Jumio', clientId: '', clientSecret: '', endpoint: '' })
    expect((await admin.call('GET', '/api/get-provider?id=admin/shared')).json.data.clientId).toBe(
      'the-token-of-guarded',
    )
    await administrator('POST', 'update-application?id=admin/jumio-app', {
      providers: [{ owner: 'built-in', name: 'jumio' }],
    })
  })

  it('30 no call gives a secret out, whoever asks with whatever switch', async () => {
    for (const path of ['get-provider?id=built-in/guarded&withSecret=1', 'get-providers?owner=built-in&withSecret=1']) {
      for (const answer of [await admin.call('GET', `/api/${path}`), await application('GET', path)]) {
        expect(answer.json.status).toBe('ok')
        expect(answer.text).toContain('***')
        expect(answer.text).not.toContain(secret)
      }
    }
  })

  it('31 settings are tested without opening a check, and nobody is verified by it', async () => {
    const opened = jumio.opened().length
    const { json } = await admin.call('POST', '/v1/provider-tests', {
      organization: 'built-in',
      displayName: 'J',
      category: 'ID Verification',
      type: 'Jumio',
      config: { ...jumio.config, workflowId: 200 },
    })
    const step = json.steps.find((entry: { step: string }) => entry.step === 'credentials')
    expect(step.state).toBe('ok')
    expect(jumio.opened().length).toBe(opened)
    expect((await admin.call('GET', '/v1/account')).json.identity.isVerified).toBe(false)
  })

  it('32 the console draws the secret as a secret (how: web/src/console/config-form.test.ts)', async () => {
    const { items } = (await admin.call('GET', '/v1/provider-types')).json
    const type = items.find((entry: { type: string }) => entry.type === 'Jumio')
    const secrets = toFields(type.configSchema).filter((field) => field.secret)
    expect(secrets.map((field) => field.name)).toEqual(['clientSecret'])
  })

  it('33 a provider in use is not deleted, and the answer names who uses it', async () => {
    const { json } = await admin.call('POST', '/api/delete-provider', { owner: 'built-in', name: 'paper' })
    expect(json).toMatchObject({ status: 'error', data2: { code: 'IN_USE' } })
    expect(json.msg).toContain('paper-app')
    expect((await application('GET', 'get-provider?id=built-in/paper')).json.data.name).toBe('paper')
    const unused = await administrator('POST', 'delete-provider?id=built-in/guarded', {
      owner: 'built-in',
      name: 'guarded',
    })
    expect(unused.json.data).toBe('Affected')
  })

  it('34 health is kept and shown; where the first provider fails, the next takes over', async () => {
    await addApplication('both-app', ['jumio', 'paper'])
    const { own } = await person('both-app')
    jumio.setBreakage('server_error')
    const { json } = await verify(own)
    expect(json.data.redirectUrl).toContain('https://paper.example.com/')
    expect((await application('GET', 'get-provider?id=built-in/jumio')).json.data.state).not.toBe('ok')
    const [row] = await query('select provider_name, passed_over from veridoor.verifications where id = $1', [
      json.data.verification,
    ])
    expect(row.provider_name).toBe('paper')
    expect(JSON.stringify(row.passed_over)).toContain('built-in/jumio')
  })
})

describe('the audit', () => {
  const linesOf = (target: string) =>
    query(`select * from veridoor.audit_lines where target = $1 and action = 'verify-identification' order by number`, [
      target,
    ])

  it('35 attempts by applications are recorded and told to webhooks, as those by people are', async () => {
    const { name } = await person('paper-app')
    const { json } = await application('POST', `verify-identification?owner=built-in&name=${name}`)
    const lines = await linesOf(`built-in/${name}`)
    expect(lines[0]).toMatchObject({ actor: 'app/jumio-app', organization: 'built-in' })
    const events = await query(`select type from veridoor.outgoing_events where payload->>'verification' = $1`, [
      json.data.verification,
    ])
    expect(events.map((event) => event.type)).toContain('verification.created')
  })

  it('36 a record names target, provider, reference, decision and time', async () => {
    const { name } = await verifiedPerson()
    const { json } = await application('GET', 'get-records')
    const rows = json.data.filter((row: { target: string }) => row.target === `built-in/${name}`)
    const decided = rows.find((row: { decision: string }) => row.decision === 'verified')
    expect(decided).toMatchObject({
      provider: 'built-in/paper',
      reference: expect.stringMatching(/^VD-/),
      statusCode: 200,
      createdTime: server.clock.now().toISOString(),
    })
    const begun = rows.find((row: { decision: string }) => row.decision === 'created')
    expect(begun).toMatchObject({ action: 'verify-identification', actor: `built-in/${name}` })
  })

  it('37 no number and no name of a person is in the record of a change', async () => {
    const { own, name } = await person('paper-app')
    const body = { realName: 'Quirina Testname', idCard: 'Q7654321', idCardType: 'PASSPORT' }
    await own.call('POST', '/api/update-user', { ...(await account(own)), ...body })
    await application('POST', 'add-user', { owner: 'built-in', name: 'recorded', ...body, idCard: 'Q7654322' })
    const lines = await query(`select action from veridoor.audit_lines where target = any($1)`, [
      [`built-in/${name}`, 'built-in/recorded'],
    ])
    expect(lines.length).toBeGreaterThan(1)
    const text = await auditText()
    const jobs = JSON.stringify(await query('select data from jobs.job'))
    const events = JSON.stringify(await query('select * from veridoor.outgoing_events'))
    const places = { text, jobs, events, logs: server.logLines.join('') }
    for (const [place, content] of Object.entries(places))
      for (const word of ['Quirina', 'Q7654321', 'Q7654322']) expect(content, place).not.toContain(word)
  })

  it('38 records are of one’s own organization, with pages or without', async () => {
    for (const path of ['get-records', 'get-records?p=1&pageSize=50']) {
      const { json } = await acme.call('GET', `/api/${path}`)
      expect(json.data.length, path).toBeGreaterThan(0)
      expect(new Set(json.data.map((row: { organization: string }) => row.organization)), path).toEqual(
        new Set(['acme']),
      )
    }
    expect((await acme.call('GET', '/api/get-records?organizationName=built-in')).json.status).toBe('error')
  })

  it('39 an address that somebody claims in a header is not believed', async () => {
    await server.app.inject({
      method: 'POST',
      url: '/api/login',
      headers: { 'x-forwarded-for': '203.0.113.77', 'x-real-ip': '203.0.113.77' },
      payload: JSON.stringify({ username: 'admin', password: ADMIN_PASSWORD }),
    })
    const { json } = await application('GET', 'get-records')
    const signedIn = json.data.find((row: { action: string }) => row.action === 'sign-in')
    expect(signedIn.clientIp).toBe('127.0.0.1')
    expect(await auditText()).not.toContain('203.0.113.77')
  })

  it('40 lines are chained, stand or fall with what they record, and are written by nobody else', async () => {
    for (const text of [`update veridoor.audit_lines set actor = 'x'`, 'delete from veridoor.audit_lines'])
      await expect(server.pool.query(text)).rejects.toMatchObject({ code: '42501' })
    const count = async () => (await query('select count(*)::int as n from veridoor.audit_lines'))[0].n
    const before = await count()
    const added = await application('POST', 'add-record', { organization: 'built-in', action: 'made-up' })
    expect(added.json.status).toBe('error')
    // A change that fails leaves no line.
    const failed = await application('POST', 'add-user', { owner: 'built-in', name: 'admin' })
    expect(failed.json.status).toBe('error')
    expect(await count()).toBe(before)
    expect((await admin.call('GET', '/v1/audit/chain')).json).toMatchObject({ ok: true, firstBadLine: null })
  })
})

describe('privacy and standards', () => {
  it('41 nobody but the person and their administrators reads a profile', async () => {
    const { name, own } = await verifiedPerson()
    const stranger = await person('paper-app')
    for (const principal of [server.browser(), stranger.own, acme]) {
      const { text, json } = await principal.call('GET', `/api/get-user?id=built-in/${name}`)
      expect(json.status).toBe('error')
      expect(text).not.toContain(ada.realName)
    }
    const staff = (await application('GET', `get-user?id=built-in/${name}`)).json.data
    expect(staff).toMatchObject({ realName: ada.realName, isVerified: true })
    expect(staff.idCard).toContain('•')
    expect((await account(own)).idCard).toMatch(/^X\d{8}$/)
  })

  it('42 lists hold masked numbers', async () => {
    const { idCard, name } = await verifiedPerson()
    for (const path of [
      'get-users?owner=built-in',
      'get-global-users?owner=built-in',
      'get-sorted-users?owner=built-in',
    ]) {
      const { json, text } = await application('GET', path)
      expect(text, path).not.toContain(idCard)
      expect(json.data.find((row: { name: string }) => row.name === name).idCard, path).toContain('•')
    }
  })

  it('43 a token tells the flag and never the number', async () => {
    const { own, idCard, name } = await verifiedPerson()
    const { json: app } = await admin.call('GET', '/v1/applications/jumio-app')
    const parameters = new URLSearchParams({
      client_id: app.clientId,
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid profile email',
      // The real name is told where the person has agreed to it on the page.
      prompt: 'consent',
    })
    const code = await codeFor(own, URL_HERE, `${URL_HERE}/login/oauth/authorize?${parameters}`)
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/login/oauth/access_token',
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({
        grant_type: 'authorization_code',
        code,
        client_id: credentials.id,
        client_secret: credentials.secret,
      }),
    })
    const claims = decodeJwt(answer.json().access_token)
    expect(claims).toMatchObject({ owner: 'built-in', name, isVerified: true, realName: ada.realName })
    const text = JSON.stringify([claims, decodeJwt(answer.json().id_token)])
    for (const word of [idCard, idCard.slice(-4), 'idCard', 'password', 'totpSecret']) expect(text).not.toContain(word)
  })

  it('44 all three pictures of "ID card info" are shown to nobody', async () => {
    const properties = {
      idCardFront: 'https://a',
      idCardBack: 'https://b',
      idCardWithPerson: 'https://c',
      note: 'kept',
    }
    await application('POST', 'add-user', { owner: 'built-in', name: 'pictured', properties })
    for (const answer of [
      await application('GET', 'get-user?id=built-in/pictured'),
      await application('GET', 'get-users?owner=built-in'),
    ])
      expect(answer.text).not.toMatch(/idCardFront|idCardBack|idCardWithPerson/)
    expect((await application('GET', 'get-user?id=built-in/pictured')).json.data.properties).toEqual({ note: 'kept' })
  })

  it('45 the rules of the identity items hold on the server, and no client can weaken them', async () => {
    const read = async () => (await admin.call('GET', '/api/get-organization?id=admin/built-in')).json.data
    const before = await read()
    const accountItems = before.accountItems.map((item: object) => ({
      ...item,
      viewRule: 'Public',
      modifyRule: 'Self',
    }))
    await admin.call('POST', '/api/update-organization?id=admin/built-in', {
      ...before,
      accountItems,
      isProfilePublic: true,
    })
    expect(await read()).toEqual(before)
    expect(before.accountItems.map((item: { name: string }) => item.name)).toEqual(
      expect.arrayContaining(['ID card', 'ID card type', 'Real name', 'ID verification']),
    )
    const { name } = await person('paper-app')
    const stranger = await person('paper-app')
    const seen = await stranger.own.call('GET', `/api/get-user?id=built-in/${name}`)
    expect(seen.json.msg).toBe('Unauthorized operation')
    const written = await stranger.own.call('POST', `/api/update-user?id=built-in/${name}`, { realName: 'Eve' })
    expect(written.json.msg).toBe('Unauthorized operation')
  })

  it('46 every refusal has a stable code beside its words', async () => {
    const { own } = await person('paper-app')
    const refusals = [
      [await server.browser().call('GET', '/api/get-account'), 'NOT_SIGNED_IN'],
      [await own.call('GET', '/api/get-users'), 'FORBIDDEN'],
      [await application('GET', 'get-user?id=nonsense'), 'INVALID_INPUT'],
      [await application('POST', 'add-user', { owner: 'built-in', name: 'admin' }), 'CONFLICT'],
      [await application('POST', 'add-role', {}), 'NOT_HOSTED'],
      [await verify(own), 'PENDING'],
    ] as const
    for (const [{ json, status }, code] of refusals) {
      expect([status, json.status, json.data2.code]).toEqual([200, 'error', code])
      expect(json.msg.length).toBeGreaterThan(5)
    }
  })

  it('47 the count of people takes the SDK’s own booleans', async () => {
    const { json } = await application('GET', 'get-user-count?owner=built-in&isOnline=')
    expect(json.data).toBeGreaterThan(10)
    for (const [isOnline, wanted] of [
      ['true', 0],
      ['false', json.data],
      ['1', 0],
      ['0', json.data],
    ])
      expect((await application('GET', `get-user-count?owner=built-in&isOnline=${isOnline}`)).json.data).toBe(wanted)
  })

  it('48 the feature is tested: each of these points by a test of its own', async () => {
    const own = await readFile(new URL(import.meta.url), 'utf8')
    const numbers = [...own.matchAll(/^ {2}it\('(\d+) /gm)].map(([, number]) => Number(number))
    expect(numbers).toEqual(Array.from({ length: 48 }, (_item, index) => index + 1))
    // A test that asks the running server nothing, or expects nothing, proves nothing.
    const bodies = own.split(/^ {2}it\('(?=\d+ )/m).slice(1)
    const idle = bodies.filter((body) => !/expect\(|await neverDecides/.test(body) || !/await /.test(body))
    expect(idle.map((body) => body.slice(0, 60))).toEqual([])
  })
})
