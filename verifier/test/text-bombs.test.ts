import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { changeClient } from '../src/clients/clients.ts'
import { captureDevice } from './capture-device.ts'
import { jpeg, startVerifier, type TestVerifier } from './test-verifier.ts'

/** Text that hurts programs (security review, H1): on every route a refusal, never a fault of our own, and never a long wait. */
const bombs: Readonly<Record<string, string>> = {
  'a megabyte': 'x'.repeat(1_000_000),
  'letters that grow to eighteen': '\ufdfa'.repeat(10_000),
  'accents that pile up': `a${'\u0301'.repeat(50_000)}`,
  'half a surrogate pair': 'a\ud800b',
  NUL: 'a\u0000b',
  nesting: '['.repeat(200_000),
}
let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('verifier_text_bombs', { portalSecret: 'a portal secret of the tests' })
  await changeClient(service.deps.db, 'acme', { startsPerSecond: 1_000 })
})
afterAll(() => service?.stop())
beforeEach(() => service.clock.advance(120_000))

const authorization = `Basic ${Buffer.from('acme:acme-secret').toString('base64')}`
const send = async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(service.url + path, {
    method,
    headers: { authorization, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
  })
  await answer.arrayBuffer()
  return answer.status
}
const isRefusal = (status: number): boolean => status >= 400 && status < 500

const picture = jpeg.toString('base64')
const performed = { merchantIdScanReference: 'c', frontsideImage: picture, country: 'AUT', idType: 'PASSPORT' }
const agreed = { userIp: '203.0.113.9', userLocation: { country: 'AUT' } }
const id = '00000000-0000-4000-8000-000000000000'

describe.each(Object.entries(bombs))('%s', (_name, bomb) => {
  it('in a member of a v4 call', async () => {
    for (const name of [
      'customerInternalReference',
      'userReference',
      'reportingCriteria',
      'successUrl',
      'callbackUrl',
      'workflowId',
      'presets',
    ]) {
      const order = { customerInternalReference: 'c', userReference: 'u', [name]: bomb }
      expect(isRefusal(await send('POST', '/api/v4/initiate', JSON.stringify(order))), name).toBe(true)
    }
    for (const name of [
      'merchantIdScanReference',
      'customerId',
      'country',
      'enabledFields',
      'frontsideImage',
      'dob',
      'userConsent',
    ])
      expect(
        isRefusal(
          await send(
            'POST',
            '/api/netverify/v2/performNetverify',
            JSON.stringify({ ...performed, enabledFields: 'idNumber', [name]: bomb }),
          ),
        ),
        name,
      ).toBe(true)
  })

  it('in a member of a Platform call', async () => {
    const base = { customerInternalReference: 'c', workflowDefinition: { key: 2 } }
    const orders = [
      { ...base, customerInternalReference: bomb },
      { ...base, userReference: bomb },
      { ...base, reportingCriteria: bomb },
      { ...base, tokenLifetime: bomb },
      { ...base, workflowDefinition: { key: bomb } },
      { ...base, workflowDefinition: { key: 2, credentials: [{ category: 'ID', label: bomb }] } },
      { ...base, workflowDefinition: { key: 2, credentials: [{ category: 'ID', country: { values: [bomb] } }] } },
      { ...base, userConsent: { ...agreed, userIp: bomb } },
    ]
    for (const order of orders)
      expect(isRefusal(await send('POST', '/api/v1/accounts', JSON.stringify(order))), Object.keys(order).join()).toBe(
        true,
      )
  })

  it('as a whole body, a path, a form or a header', async () => {
    for (const [method, path] of [
      ['POST', '/api/v4/initiate'],
      ['POST', '/api/netverify/v2/performNetverify'],
      ['POST', '/api/v1/accounts'],
      ['PUT', `/api/v1/accounts/${id}`],
      ['PUT', `/api/v1/accounts/${id}/workflow-executions/${id}`],
      ['POST', `/api/v1/accounts/${id}/workflow-executions/${id}/credentials/${id}/parts/PREPARED_DATA`],
      ['POST', '/capture/api/open'],
      ['POST', '/capture/api/hand-over/look'],
      ['POST', '/capture/api/consent'],
    ] as const)
      expect(isRefusal(await send(method, path, bomb)), path).toBe(true)
    const form = { 'content-type': 'application/x-www-form-urlencoded', authorization: 'Basic eA==' }
    const pair = `grant_type=client_credentials&client_id=${encodeURIComponent(bomb.toWellFormed())}&client_secret=b`
    expect(isRefusal(await send('POST', '/oauth2/token', pair, form))).toBe(true)
    const secret = `secret=${encodeURIComponent(bomb.toWellFormed())}`
    expect(isRefusal(await send('POST', '/portal/sign-in', secret, form))).toBe(true)
    const short = encodeURIComponent(bomb.slice(0, 1_500).toWellFormed()).slice(0, 1_500)
    for (const path of [
      `/api/netverify/v2/scans/${short}`,
      `/api/v1/accounts/${short}/workflow-executions/${id}`,
      `/portal/clients/${short}`,
    ]) {
      const status = await send('GET', path)
      expect(status < 500, `${path.slice(0, 40)} ${status}`).toBe(true)
    }
  })

  it('on the capture page', async () => {
    service.clock.advance(2_000)
    const opened = await fetch(`${service.url}/api/v4/initiate`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ customerInternalReference: 'c', userReference: 'u' }),
    })
    const { redirectUrl } = (await opened.json()) as { redirectUrl: string }
    const device = captureDevice(service.url)
    const headers = await device.headers(new URL(redirectUrl).searchParams.get('authorizationToken') ?? '')
    await device.call('POST', '/consent', {})
    await device.call('PUT', '/choice', { country: 'AUT', type: 'PASSPORT' })
    const specimen = {
      surname: bomb,
      givenNames: 'A',
      number: 'A1',
      dateOfBirth: '1990-01-01',
      expiry: '2031-01-01',
      sex: 'F',
      portrait: '',
    }
    for (const [method, path, body] of [
      ['PUT', '/choice', { country: bomb, type: 'PASSPORT' }],
      ['POST', '/cancel', { because: bomb }],
      ['POST', '/movement', { slow: bomb }],
      ['POST', '/specimen', specimen],
    ] as const)
      expect(isRefusal(await send(method, `/capture/api${path}`, JSON.stringify(body), headers)), path).toBe(true)
    const text = { ...headers, 'content-type': 'image/jpeg' }
    expect(isRefusal(await send('PUT', '/capture/api/pictures/front', bomb.toWellFormed(), text))).toBe(true)
  })
})

describe('wrong secrets', () => {
  const withPair = (pair: string, more: Record<string, string> = {}) =>
    fetch(`${service.url}/api/netverify/v2/acceptedIdTypes`, {
      headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}`, ...more },
    })

  it('are braked: after ten in a minute none is checked for that token any more, and others go on', async () => {
    for (let tries = 0; tries < 10; tries += 1) expect((await withPair('acme:wrong')).status).toBe(401)
    const braked = await withPair('acme:wrong')
    expect(braked.status).toBe(429)
    expect(Number(braked.headers.get('retry-after'))).toBeGreaterThan(0)
    // Not even the right one: otherwise the answer would tell it.
    expect((await withPair('acme:acme-secret')).status).toBe(429)
    expect((await withPair('stranger:stranger-secret')).status).toBe(200)
    service.clock.advance(60_001)
    expect((await withPair('acme:acme-secret')).status).toBe(200)
  })

  it('at the token endpoint, too, in the header and in the body', async () => {
    const token = (body: string, headers: Record<string, string> = {}) =>
      fetch(`${service.url}/oauth2/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body,
      })
    for (let tries = 0; tries < 10; tries += 1)
      expect((await token(`grant_type=client_credentials&client_id=acme&client_secret=wrong${tries}`)).status).toBe(401)
    expect((await token('grant_type=client_credentials&client_id=acme&client_secret=acme-secret')).status).toBe(429)
  })
})
