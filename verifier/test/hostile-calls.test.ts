import { request } from 'node:http'
import { createOutboundFetch, type Log } from '@veridoor/foundation'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { changeClient } from '../src/clients/clients.ts'
import { findSession } from '../src/session/store.ts'
import { captureDevice } from './capture-device.ts'
import { jpeg, startVerifier, type TestVerifier, until } from './test-verifier.ts'

/** What strangers and careless clients try, against a verifier that stands behind a public address. */
const logged: string[] = []
const write = (event: string, values?: unknown): void => {
  logged.push(`${event} ${JSON.stringify(values, (_key, value) => (value instanceof Error ? value.stack : value))}`)
}
const SECRET = 'a portal secret of some length'
let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('verifier_hostile', {
    allowLoopback: false,
    fetch: createOutboundFetch({ allow: [], loopback: false }),
    url: 'https://verify.acme.example',
    portalSecret: SECRET,
    log: { debug: write, info: write, warn: write, error: write } as unknown as Log,
  })
})
afterAll(() => service?.stop())
beforeEach(() => service.clock.advance(20_000))

const authorization = `Basic ${Buffer.from('acme:acme-secret').toString('base64')}`
const call = (method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
  fetch(service.url + path, {
    method,
    headers: { 'user-agent': 'Acme Test/1.0', authorization, 'content-type': 'application/json', ...more },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
const initiate = async (change: Record<string, unknown> = {}) => {
  service.clock.advance(1_100)
  const answer = await call('POST', '/api/v4/initiate', {
    customerInternalReference: 'c',
    userReference: 'p',
    workflowId: 100,
    ...change,
  })
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  return { status: answer.status, json: (await answer.json()) as any }
}
const open = async (redirectUrl: string) => {
  const device = captureDevice(service.url)
  const token = new URL(redirectUrl).searchParams.get('authorizationToken') ?? ''
  return { device, token, opened: await device.open(token) }
}

describe('a large body', () => {
  /** Says that much will come, sends its beginning, and waits for the answer. */
  const begin = (path: string, headers: Record<string, string>, method = 'POST'): Promise<number> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(service.url)
      const sent = request({
        host: '127.0.0.1',
        port,
        path,
        method,
        headers: { ...headers, 'content-length': 9_000_000 },
      })
      sent.on('response', (answer) => {
        resolve(answer.statusCode ?? 0)
        sent.destroy()
      })
      sent.on('error', reject)
      sent.write('{')
      sent.setTimeout(3_000, () => {
        resolve(0)
        sent.destroy()
      })
    })

  it('of somebody without keys is refused before it is read', async () => {
    const execution = '00000000-0000-4000-8000-000000000404'
    const upload = `/api/v1/accounts/${execution}/workflow-executions/${execution}/credentials/${execution}/parts/FRONT`
    const json = { 'user-agent': 'Acme Test/1.0', 'content-type': 'application/json' }
    const form = { 'user-agent': 'Acme Test/1.0', 'content-type': 'multipart/form-data; boundary=x' }
    expect(await begin('/api/netverify/v2/performNetverify', json)).toBe(401)
    expect(await begin(upload, form)).toBe(401)
    expect(await begin(upload, { ...form, authorization: 'Bearer v1.e30.AAAAAAAAAAAAAAAAAAAAAAAAAAA' })).toBe(401)
    const photo = { 'content-type': 'image/jpeg', 'x-capture-session': execution }
    expect(await begin('/capture/api/pictures/front', photo, 'PUT')).toBe(401)
    expect(await begin('/capture/api/specimen', { 'content-type': 'application/json' })).toBe(401)
    // With keys it is waited for.
    expect(await begin('/api/netverify/v2/performNetverify', { ...json, authorization })).toBe(0)
  })

  it('of another type is as small as any, whatever the route', async () => {
    const sent = { 'user-agent': 'Acme Test/1.0', 'content-type': 'application/octet-stream' }
    expect(await begin('/oauth2/token', sent)).toBe(413)
    expect(await begin('/api/v1/accounts', { ...sent, authorization })).toBe(413)
  })
})

describe('what the database does not take', () => {
  it('is an unknown id, an unknown client or a request that is not valid, never a fault of ours', async () => {
    const { json: opened } = await initiate()
    const { device } = await open(opened.redirectUrl)
    await device.call('POST', '/consent', {})
    logged.length = 0
    for (const id of ['a'.repeat(36), '-'.repeat(36)]) {
      for (const path of [`/api/netverify/v2/scans/${id}`, `/api/netverify/v2/scans/${id}/data`])
        expect([400, 404], path).toContain((await call('GET', path)).status)
      for (const path of [
        `/api/v1/accounts/${id}/workflow-executions/${id}`,
        `/api/v1/accounts/${id}/credentials/${id}/parts/FRONT`,
      ])
        expect([400, 404], path).toContain((await call('GET', path)).status)
      expect([400, 404]).toContain((await call('DELETE', `/api/v1/accounts/${id}`)).status)
      expect(['CHALLENGE_OVER', 'INVALID_INPUT']).toContain(
        (await device.call('POST', `/movement/${id}/judge`, {})).json.code,
      )
      const cookie = `capture_${id}=${'x'.repeat(43)}`
      const other = await fetch(`${service.url}/capture/api/session`, { headers: { cookie, 'x-capture-session': id } })
      expect(other.status).toBe(401)
    }

    const nul = { authorization: 'Basic AGE6Yg==' }
    for (const answer of [
      await call('GET', '/api/netverify/v2/scans/%00%00'),
      await call('GET', '/api/v1/accounts/%00/workflow-executions/%00'),
      await call('DELETE', '/api/v1/accounts/%00'),
      await call('GET', '/api/netverify/v2/acceptedIdTypes', undefined, nul),
      await call('GET', '/api/v1/accounts/x/workflow-executions/y', undefined, nul),
      await fetch(`${service.url}/oauth2/token`, {
        method: 'POST',
        headers: { 'user-agent': 'Acme Test/1.0', 'content-type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=client_credentials&client_id=%00a&client_secret=b',
      }),
    ])
      expect([answer.url, answer.status]).toEqual([answer.url, 400])

    for (const sign of ['a\u0000b', 'a\ud800b']) {
      for (const name of ['customerInternalReference', 'userReference', 'reportingCriteria'])
        expect((await initiate({ [name]: sign })).status).toBe(400)
      for (const change of [
        { customerInternalReference: sign },
        { userReference: sign },
        { reportingCriteria: sign },
        { workflowDefinition: { key: 2, credentials: [{ category: 'ID', label: sign }] } },
      ]) {
        service.clock.advance(1_100)
        const body = { customerInternalReference: 'c', workflowDefinition: { key: 2 }, ...change }
        expect([change, (await call('POST', '/api/v1/accounts', body)).status]).toEqual([change, 400])
      }
      const picture = jpeg.toString('base64')
      const scan = {
        merchantIdScanReference: 'c',
        frontsideImage: picture,
        country: 'AUT',
        idType: 'PASSPORT',
        enabledFields: 'idNumber',
      }
      for (const name of ['merchantIdScanReference', 'customerId', 'merchantReportingCriteria']) {
        service.clock.advance(1_100)
        const { status } = await call('POST', '/api/netverify/v2/performNetverify', { ...scan, [name]: sign })
        expect([name, status]).toEqual([name, 400])
      }
    }
    expect(logged.filter((line) => /fault/.test(line))).toEqual([])
  })
})

describe('addresses of a client', () => {
  it('that are not https, literal, with a port, or of this machine by number are refused, in calls and settings', async () => {
    for (const address of [
      'http://acme.example/x',
      'http://127.0.0.1/x',
      'https://127.0.0.1/x',
      'https://[::1]/x',
      'https://0x7f000001/x',
      'https://2130706433/x',
      'https://169.254.169.254/latest',
      'https://acme.example:8443/x',
      'https://user:word@acme.example/x',
      'javascript:alert(1)',
      'file:///etc/passwd',
    ])
      for (const name of ['callbackUrl', 'successUrl', 'errorUrl'])
        expect([address, name, (await initiate({ [name]: address })).status]).toEqual([address, name, 400])
  })

  it('whose name leads to a private address are not called, and the name alone tells nothing', async () => {
    await changeClient(service.deps.db, 'acme', { callbackUrl: 'https://localhost/call' })
    const { json } = await initiate()
    const { device } = await open(json.redirectUrl)
    await device.call('POST', '/cancel', {})
    const session = await until(async () => {
      const found = await findSession(service.deps.db, json.transactionReference)
      return found?.callbackState === 'failing' ? found : undefined
    })
    expect(session.callbackStatus).toBeNull()
    await changeClient(service.deps.db, 'acme', { callbackUrl: null })
  })

  it('get references as values, whatever signs these hold', async () => {
    const sly = 'c\r\nset-cookie: a=b&transactionStatus=SUCCESS#<script>'
    const { json } = await initiate({ customerInternalReference: sly, errorUrl: 'https://acme.example/no?a=1' })
    const { device } = await open(json.redirectUrl)
    const { returnUrl } = (await device.call('POST', '/cancel', {})).json.ended
    expect(returnUrl).toMatch(/^[\x21-\x7e]+$/)
    const { searchParams, hash } = new URL(returnUrl)
    expect(searchParams.getAll('transactionStatus')).toEqual(['ERROR'])
    expect([searchParams.get('customerInternalReference'), hash]).toEqual([sly, ''])
  })
})

it('paths lead to nothing but what they name', async () => {
  const { json } = await initiate()
  const scans = `/api/netverify/v2/scans/${json.transactionReference}`
  for (const path of [
    `${scans}/images/..%2f..%2f..%2fetc%2fpasswd`,
    `${scans}/images/front.1`,
    `${scans}/images/live`,
    `${scans}/images/data`,
    `/api/netverify/v2/scans/..%2f${json.transactionReference}`,
    `/recognition/v1/idscan/${json.transactionReference}/..%2fback`,
    '/capture/..%2f..%2fpackage.json',
    '/portal/..%2fcapture',
  ])
    expect([400, 404], path).toContain((await call('GET', path)).status)
})

it('no key, token, code or cookie comes into the log', async () => {
  logged.length = 0
  const { json } = await initiate()
  const { token, opened, device } = await open(json.redirectUrl)
  const { address } = (await device.call('POST', '/hand-over')).json
  await call('GET', `/api/netverify/v2/scans/${json.transactionReference}?secret=in-the-query`)
  const granted = await call('POST', '/oauth2/token?grant_type=client_credentials')
  const { access_token } = (await granted.json()) as { access_token: string }
  await call('GET', '/api/v1/accounts/x/workflow-executions/y', undefined, { authorization: `Bearer ${access_token}` })
  const signed = await fetch(`${service.url}/portal/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ secret: SECRET }),
  })
  const cookie = signed.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; .*; Secure$/)
  await fetch(`${service.url}/api/v1/accounts`, { method: 'POST', body: '{"secret":', headers: { authorization } })
  const text = logged.join('\n')
  expect(text).toContain('http.answered')
  const secrets = [
    token,
    opened.setCookie[0]?.split(/[=;]/)[1] ?? 'missing',
    String(address).split('#')[1] ?? 'missing',
    access_token,
    cookie.split(/[=;]/)[1] ?? 'missing',
    'acme-secret',
    authorization.slice(6),
    SECRET,
    'in-the-query',
  ]
  for (const secret of secrets) expect([secret, text.includes(secret)]).toEqual([secret, false])
})

it('a portal session is a new one at each signing in, whatever cookie the browser brought', async () => {
  const fixed = 'x'.repeat(43)
  const signed = await fetch(`${service.url}/portal/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: `verifier_portal=${fixed}` },
    body: new URLSearchParams({ secret: SECRET }),
  })
  expect(signed.headers.get('set-cookie')).not.toContain(fixed)
  const visit = await fetch(`${service.url}/portal`, {
    redirect: 'manual',
    headers: { cookie: `verifier_portal=${fixed}` },
  })
  expect([visit.status, visit.headers.get('location')]).toEqual([303, '/portal/sign-in'])
})

it('a picture that was sent for one check cannot be read through another', async () => {
  const picture = jpeg.toString('base64')
  const perform = async (secret: string): Promise<string> => {
    service.clock.advance(1_100)
    const own = `Basic ${Buffer.from(`${secret}:${secret}-secret`).toString('base64')}`
    const answer = await call(
      'POST',
      '/api/netverify/v2/performNetverify',
      {
        merchantIdScanReference: 'c',
        frontsideImage: picture,
        country: 'AUT',
        idType: 'PASSPORT',
        enabledFields: 'idNumber',
      },
      { authorization: own },
    )
    return ((await answer.json()) as { jumioIdScanReference: string }).jumioIdScanReference
  }
  const theirs = await perform('stranger')
  await until(async () => ((await findSession(service.deps.db, theirs))?.state === 'DONE' ? true : undefined))
  for (const path of [`/api/netverify/v2/scans/${theirs}/images/front`, `/recognition/v1/idscan/${theirs}/front`])
    expect((await call('GET', path)).status).toBe(404)
})
