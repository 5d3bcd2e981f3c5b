import { readFileSync } from 'node:fs'
import type { Assessment } from '@veridoor/engine'
import { openDatabase } from '@veridoor/foundation'
import {
  DataResponse,
  DetailsResponse,
  HealthResponse,
  outcomePlatform,
  outcomeV4,
  readV4Callback,
} from '@veridoor/jumio'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readClientSettings } from '../src/clients/client-settings.ts'
import { changeClient, findClient } from '../src/clients/clients.ts'
import { createVerifier } from '../src/index.ts'
import { findSession } from '../src/session/store.ts'
import { sendCallback } from '../src/wires/send-callback.ts'
import { captureDevice } from './capture-device.ts'
import {
  blurred,
  field,
  jpeg,
  jpegWith,
  ofDocument,
  passed,
  startVerifier,
  type TestVerifier,
  until,
} from './test-verifier.ts'

/** The emulator checklist of the wire contract (section 9), line by line, on the wire itself: no client of ours stands between. */
let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('verifier_checklist')
})
afterAll(() => service?.stop())
beforeEach(async () => {
  service.told.assessment = passed
  service.told.callbackStatus = []
  service.received.length = 0
  const { settings } = readClientSettings({ name: 'acme' }, { allowLoopback: true })
  await changeClient(service.deps.db, 'acme', { ...settings, liveness: 'off' })
  service.clock.advance(20_000)
})

type Call = { body?: unknown; form?: FormData; as?: string; headers?: Record<string, string>; keepTime?: boolean }
const basic = (name: string, secret = `${name}-secret`): string =>
  `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
type Answer = { status: number; json: any; headers: Headers; bytes: Buffer }
const call = async (
  method: string,
  path: string,
  { body, form, as, headers, keepTime }: Call = {},
): Promise<Answer> => {
  // Far enough apart that the documented limits do not count, except where they are what is looked at.
  if (!keepTime) service.clock.advance(1_100)
  const answer = await fetch(path.startsWith('http') ? path : service.url + path, {
    method,
    headers: {
      'user-agent': 'Acme Test/1.0',
      ...(as === undefined ? { authorization: basic('acme') } : as === '' ? {} : { authorization: as }),
      ...(body === undefined || Buffer.isBuffer(body) ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(form
      ? { body: form }
      : body === undefined
        ? {}
        : {
            body: Buffer.isBuffer(body) ? new Uint8Array(body) : typeof body === 'string' ? body : JSON.stringify(body),
          }),
  })
  const bytes = Buffer.from(await answer.arrayBuffer())
  let json: unknown = null
  try {
    json = JSON.parse(bytes.toString())
  } catch {}
  return { status: answer.status, json, headers: answer.headers, bytes }
}
const fixture = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../../jumio/fixtures/${name}.json`, import.meta.url), 'utf8'))
const shapeOf = (body: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(body).map(([name, value]) => [name, typeof value]))

const start = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  customerInternalReference: 'case-1',
  userReference: 'person-1',
  ...change,
})
/** The capture page of one device, with the link's token. */
const captureOf = (token: string) => {
  const device = captureDevice(service.url)
  return async (method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
    call(method, `/capture/api${path}`, {
      as: '',
      body,
      headers: {
        ...(await device.headers(token)),
        ...(Buffer.isBuffer(body) ? { 'content-type': 'image/jpeg' } : {}),
        ...more,
      },
    })
}
const initiate = async (change: Record<string, unknown> = {}) => {
  const { status, json } = await call('POST', '/api/v4/initiate', { body: start(change) })
  expect(status).toBe(200)
  const token = new URL(json.redirectUrl).searchParams.get('authorizationToken') ?? ''
  const capture = captureOf(token)
  return { reference: json.transactionReference as string, redirectUrl: json.redirectUrl as string, token, capture }
}
type Started = Awaited<ReturnType<typeof initiate>>
const sendPictures = async ({ capture }: Started): Promise<void> => {
  await capture('POST', '/consent', {})
  await capture('PUT', '/choice', { country: 'AUT', type: 'PASSPORT' })
  await capture('PUT', '/pictures/front', jpeg)
  await capture('PUT', '/pictures/selfie', jpeg)
  await capture('POST', '/submit', {})
}
const untilStep = ({ capture }: Started, step: string) =>
  until(async () => {
    const { json } = await capture('GET', '/session')
    return json.step === step ? json : undefined
  })
const scan = (reference: string, rest = '', more: Call = {}) =>
  call('GET', `/api/netverify/v2/scans/${reference}${rest}`, more)

const perform = async (change: Record<string, unknown> = {}): Promise<string> => {
  const { status, json } = await call('POST', '/api/netverify/v2/performNetverify', {
    body: {
      merchantIdScanReference: 'case-api',
      frontsideImage: jpeg.toString('base64'),
      faceImage: jpeg.toString('base64'),
      country: 'AUT',
      idType: 'PASSPORT',
      userConsent: { userIp: '203.0.113.9', userLocation: { country: 'AUT' } },
      ...change,
    },
  })
  expect(status).toBe(200)
  return json.jumioIdScanReference
}
const judgedV4 = async (reference: string) => {
  await until(async () => ((await scan(reference)).json.status === 'DONE' ? true : undefined))
  return DataResponse.parse((await scan(reference, '/data')).json)
}

const accessToken = async (name = 'acme'): Promise<string> => {
  const { json } = await call('POST', '/oauth2/token', {
    as: basic(name),
    body: 'grant_type=client_credentials',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  return json.access_token
}
const account = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  customerInternalReference: 'case-1',
  workflowDefinition: { key: 10164 },
  userConsent: { userIp: '203.0.113.9', userLocation: { country: 'AUT' } },
  ...change,
})
const openAccount = async (change: Record<string, unknown> = {}) => {
  const access = `Bearer ${await accessToken()}`
  const { status, json } = await call('POST', '/api/v1/accounts', { as: access, body: account(change) })
  // 200, though some clients would take 201 as well (section 4.6).
  expect(status).toBe(200)
  const [id, selfie] = json.workflowExecution.credentials
  const path = `/api/v1/accounts/${json.account.id}/workflow-executions/${json.workflowExecution.id}`
  const part = (credential: { id: string }, name: string, as: string, method = 'POST', picture: Buffer = jpeg) => {
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(picture)], { type: 'image/jpeg' }), 'part.jpg')
    return call(method, `${path}/credentials/${credential.id}/parts/${name}`, { as, form })
  }
  return { access, json, id, selfie, path, part, upload: `Bearer ${id.api.token}` }
}
const judgedPlatform = async () => {
  const opened = await openAccount()
  await opened.part(opened.id, 'FRONT', opened.upload)
  await opened.part(opened.selfie, 'FACE', opened.upload)
  await call('PUT', opened.path, { as: opened.upload })
  await until(async () => {
    const { json } = await call('GET', `${opened.path}/status`, { as: opened.access })
    return json.workflowExecution.status === 'PROCESSED' ? true : undefined
  })
  return { opened, details: DetailsResponse.parse((await call('GET', opened.path, { as: opened.access })).json) }
}

describe('emulator checklist', () => {
  it('Auth', async () => {
    const { reference } = await initiate()
    for (const as of ['', basic('nobody'), basic('acme', 'wrong'), 'Basic', 'Bearer x'])
      expect([401, 403]).toContain((await scan(reference, '', { as })).status)
    expect((await scan(reference, '', { as: '' })).json).toMatchObject({ httpStatus: '401' })

    // The grant in the body or the query, the pair as Basic or in the body: all are found in the field.
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const token = async (path: string, more: Call) => (await call('POST', `/oauth2/token${path}`, more)).status
    expect(await token('', { body: 'grant_type=client_credentials', headers: form })).toBe(200)
    expect(await token('?grant_type=client_credentials', {})).toBe(200)
    const inBody = 'grant_type=client_credentials&client_id=acme&client_secret='
    expect(await token('', { as: '', body: `${inBody}acme-secret`, headers: form })).toBe(200)
    expect(await token('', { as: '', body: `${inBody}wrong`, headers: form })).toBe(401)
    expect(await token('', { body: 'grant_type=password', headers: form })).toBe(400)
    expect(await token('', { as: basic('acme', 'wrong'), body: 'grant_type=client_credentials', headers: form })).toBe(
      401,
    )

    const one = await openAccount()
    const two = await openAccount()
    expect((await call('GET', `${one.path}/status`, { as: one.access })).status).toBe(200)
    const refused = await call('GET', `${one.path}/status`, { as: one.upload })
    expect(refused.json).toEqual(fixture('platform/error-401'))
    // The credential's own token, or the client's; never another transaction's.
    expect((await one.part(one.id, 'FRONT', one.upload)).status).toBe(200)
    expect((await one.part(one.id, 'FRONT', one.access, 'PUT')).status).toBe(200)
    expect((await one.part(one.id, 'FRONT', two.upload)).status).toBe(401)
    service.clock.advance(3_600_000)
    expect((await call('GET', `${one.path}/status`, { as: one.access })).status).toBe(401)
  })

  it('`User-Agent`', async () => {
    // The documentation asks for a company's name; clients in production do not send one (field: 403 of no client is known).
    for (const agent of ['', 'axios/1.7.2', 'python-requests/2.31.0', 'Go-http-client/1.1', 'Java/17.0.1']) {
      const headers = { 'user-agent': agent }
      const v4 = await call('POST', '/api/v4/initiate', { body: start(), headers })
      expect([agent, v4.status]).toEqual([agent, 200])
      const platform = await call('POST', '/oauth2/token?grant_type=client_credentials', { headers })
      expect([agent, platform.status]).toEqual([agent, 200])
    }
    const noted = await findClient(service.deps.db, 'acme')
    expect(noted?.unnamedAgent).toBe('(none)')
    expect(noted?.unnamedAgentAt).not.toBeNull()
  })

  it('Validation', async () => {
    const long = (length: number): string => `https://acme.example/${'x'.repeat(length - 21)}`
    const refusedV4: [string, Record<string, unknown>][] = [
      ['customerInternalReference', { customerInternalReference: 'x'.repeat(101) }],
      ['customerInternalReference', { customerInternalReference: undefined }],
      ['userReference', { userReference: '' }],
      ['reportingCriteria', { reportingCriteria: 'x'.repeat(101) }],
      ['successUrl', { successUrl: long(2048) }],
      ['errorUrl', { errorUrl: long(256) }],
      ['callbackUrl', { callbackUrl: long(256) }],
      ['callbackUrl', { callbackUrl: 'http://acme.example/call' }],
      ['callbackUrl', { callbackUrl: 'https://203.0.113.9/call' }],
      ['callbackUrl', { callbackUrl: 'https://acme.example:8443/call' }],
      ['successUrl', { successUrl: 'https://acme.example/ok#top' }],
      ['successUrl', { successUrl: 'https://acme.example/ok?transactionStatus=SUCCESS' }],
      ['workflowId', { workflowId: 300 }],
      ['presets', { presets: [{ index: 1, country: 'AT', type: 'PASSPORT' }] }],
      ['presets', { presets: [{ index: 1, country: 'AUT' }] }],
      ['tokenLifetimeInMinutes', { tokenLifetimeInMinutes: 4 }],
      ['tokenLifetimeInMinutes', { tokenLifetimeInMinutes: 86_401 }],
    ]
    for (const [name, change] of refusedV4) {
      const { status, json } = await call('POST', '/api/v4/initiate', { body: start(change) })
      expect([name, status]).toEqual([name, 400])
      expect(shapeOf(json)).toEqual(shapeOf(fixture('v4/error-400')))
      expect(json.message).toContain(name)
    }
    const broken = await call('POST', '/api/v4/initiate', { body: '{"userReference":' })
    expect([broken.status, broken.json.httpStatus]).toEqual([400, '400'])

    const as = `Bearer ${await accessToken()}`
    const refusedPlatform: Record<string, unknown>[] = [
      { customerInternalReference: 'x'.repeat(101) },
      { workflowDefinition: {} },
      { workflowDefinition: { key: 10014 } },
      { reportingCriteria: 'x'.repeat(256) },
      { callbackUrl: 'http://acme.example/call' },
      { web: { successUrl: 'https://acme.example/ok?acquisitionStatus=SUCCESS' } },
      { tokenLifetime: '4m' },
      { tokenLifetime: '61d' },
      { tokenLifetime: 'soon' },
      { userConsent: { userIp: 'home', userLocation: { country: 'AUT' } } },
    ]
    for (const change of refusedPlatform) {
      const { status, json } = await call('POST', '/api/v1/accounts', { as, body: account(change) })
      expect([change, status]).toEqual([change, 400])
      expect(shapeOf(json)).toEqual(shapeOf(fixture('platform/error-400')))
    }
    // What is no object has no members to name.
    for (const body of ['[]', '7', '"x"']) {
      expect((await call('POST', '/api/v4/initiate', { body })).json.message).toContain('not an object')
      expect((await call('POST', '/api/v1/accounts', { as, body })).json.detail).toContain('not an object')
    }
    // Null is how many clients write what they do not set, and an empty address is none.
    const unset = { locale: null, workflowId: null, presets: null, callbackUrl: null, successUrl: '', errorUrl: '' }
    expect(await findSession(service.deps.db, (await initiate(unset)).reference)).toMatchObject({
      asksForFace: true,
      successUrl: null,
    })
    await openAccount({ callbackUrl: null, reportingCriteria: null, web: { successUrl: null, locale: null } })
    // What tomorrow's clients add is not read.
    expect((await initiate({ somethingNew: true })).reference).toMatch(/^[0-9a-f-]{36}$/)
    const opened = await openAccount({ overrideSettings: {}, somethingNew: 1 })
    // Nobody chose a language: the person's browser does.
    expect(opened.json.web.href).toMatch(/authorizationToken=[\w-]+$/)
  })

  it('Portal settings', async () => {
    const { settings, faults } = readClientSettings(
      {
        name: 'acme',
        callbackUrl: service.callbackUrl,
        successUrl: 'https://acme.example/ok',
        errorUrl: 'https://acme.example/no',
        workflowId: '101',
        locale: 'de',
        tokenLifetimeMinutes: '10',
        retentionDays: '2',
        acceptedCountries: 'aut, FRA',
        enabledFields: 'idNumber idLastName idFaceMatch',
      },
      { allowLoopback: true },
    )
    expect(faults).toEqual({})
    await changeClient(service.deps.db, 'acme', settings)

    const usual = await initiate()
    expect(usual.redirectUrl).toContain('locale=de')
    const session = await findSession(service.deps.db, usual.reference)
    expect(session).toMatchObject({
      asksForFace: false,
      uploadAllowed: false,
      locale: 'de',
      callbackUrl: service.callbackUrl,
    })
    expect(session).toMatchObject({ successUrl: 'https://acme.example/ok', errorUrl: 'https://acme.example/no' })
    const lifetime = (session?.tokenExpiresAt.getTime() ?? 0) - (session?.createdAt.getTime() ?? 0)
    expect(lifetime).toBe(600_000)
    const page = (await usual.capture('GET', '/session')).json
    expect(page).toMatchObject({ faceRequired: false, uploadAllowed: false, retentionDays: 2, locale: 'de' })
    expect([...new Set(page.documents.map(({ country }: { country: string }) => country))]).toEqual([
      'UTO',
      'AUT',
      'FRA',
    ])
    expect((await usual.capture('PUT', '/choice', { country: 'DEU', type: 'PASSPORT' })).status).toBe(422)

    // What a call says itself goes before.
    const own = await initiate({ workflowId: 200, locale: 'en_GB', successUrl: 'https://acme.example/other' })
    expect(await findSession(service.deps.db, own.reference)).toMatchObject({
      asksForFace: true,
      locale: 'en-GB',
      successUrl: 'https://acme.example/other',
    })
    const opened = await openAccount({ web: { locale: 'fr' } })
    expect(opened.json.web).toMatchObject({ successUrl: 'https://acme.example/ok' })
    expect(opened.json.web.href).toContain('locale=fr')

    const lists = (await call('GET', '/api/netverify/v2/acceptedIdTypes')).json.acceptedIdTypes
    expect(lists).toContainEqual({
      countryName: 'Austria',
      countryCode: 'AUT',
      idTypes: [
        { idType: 'PASSPORT', acquisitionConfig: { backSide: false } },
        { idType: 'ID_CARD', acquisitionConfig: { backSide: true } },
      ],
    })
    expect(lists).toHaveLength(3)
    const all = (await call('GET', '/api/netverify/v2/supportedIdTypes')).json.supportedIdTypes
    expect(all.length).toBeGreaterThan(190)

    // Only the enabled fields are handed out, and a document that is not accepted counts as unsupported.
    const enabled = await judgedV4(await perform())
    expect(enabled.document).toMatchObject({ number: 'L898902C3', lastName: 'LOVELACE' })
    expect([enabled.document.firstName, enabled.document.dob]).toEqual([undefined, undefined])
    service.told.assessment = ofDocument({ fields: { ...passed.document.fields, issuingCountry: field('DEU') } })
    expect((await judgedV4(await perform())).document.status).toBe('DENIED_UNSUPPORTED_ID_COUNTRY')

    // Where the country is not sure nobody knows whether it is accepted: a person looks.
    service.told.assessment = ofDocument({ fields: { ...passed.document.fields, issuingCountry: field('DEU', false) } })
    const unsure = await judgedV4(await perform())
    expect(outcomeV4(unsure, true).outcome).toBe('review')
    expect([unsure.document.number, unsure.verification?.signals]).toEqual([undefined, ['country_unsure']])
    service.told.assessment = ofDocument({ fields: { ...passed.document.fields, issuingCountry: field('DEU') } })

    // Masked keys are missing, in retrieval and callback.
    await changeClient(service.deps.db, 'acme', {
      ...settings,
      acceptedCountries: null,
      enabledFields: null,
      masking: true,
    })
    service.received.length = 0
    const masked = await perform()
    expect('number' in (await scan(masked, '/data/document').then(({ json }) => json))).toBe(false)
    await judgedV4(masked)
    expect('number' in (await scan(masked, '/data/document')).json).toBe(false)
    const form = await until(() => service.received.find(({ body }) => body.includes(masked)))
    const keys = [...new URLSearchParams(form.body).keys()]
    expect(keys).toContain('idLastName')
    for (const key of ['idNumber', 'idCheckMRZcode']) expect(keys).not.toContain(key)
    // Where the country is not sure, what the caller said counts; without a word of it all is missing that some country masks.
    service.told.assessment = ofDocument({ fields: { ...passed.document.fields, issuingCountry: field('DEU', false) } })
    const said = async (country: string) => (await judgedV4(await perform({ country }))).document
    const german = await said('DEU')
    expect([german.issuingCountry, german.lastName, german.number]).toEqual(['N/A', 'LOVELACE', undefined])
    expect((await said('AUT')).number).toBe('L898902C3')
    const { details } = await judgedPlatform()
    const [extraction] = details.capabilities.extraction ?? []
    expect(extraction?.data).not.toHaveProperty('documentNumber')
    expect(extraction?.data).toHaveProperty('lastName')
  })

  it('Portal settings: the workflow says whether a selfie is asked for, the call’s own first; fields leave no face out', async () => {
    await changeClient(service.deps.db, 'acme', { workflowId: 201, enabledFields: ['idNumber'] })
    const rulesOf = async ({ reference }: Started) => {
      const session = await findSession(service.deps.db, reference)
      return [session?.asksForFace, session?.uploadAllowed, session?.selfieUpload]
    }
    expect(await rulesOf(await initiate())).toEqual([true, false, 'never'])
    expect(await rulesOf(await initiate({ workflowId: 202 }))).toEqual([true, true, 'always'])
    await changeClient(service.deps.db, 'acme', { workflowId: 100, enabledFields: ['idNumber'] })
    expect(await rulesOf(await initiate())).toEqual([false, true, 'never'])
  })

  it('Extra fields of the zone are told where they are sure, and are masked and left out with the personal number', async () => {
    const extra = { personalNumber: field('999999990'), optionalData: field('ABC', false) }
    const documentOf = (country: string, kind: 'PASSPORT' | 'ID_CARD', format: 'TD3' | 'TD1'): Assessment =>
      ofDocument({
        kind,
        mrz: passed.document.mrz && { ...passed.document.mrz, format },
        fields: {
          ...passed.document.fields,
          issuingCountry: field(country),
          personalNumber: extra.personalNumber,
          ...(format === 'TD1' ? { optionalData: extra.optionalData } : {}),
        },
      })
    const extraOf = ({ document }: Awaited<ReturnType<typeof judgedV4>>) => [
      document.personalNumber,
      document.optionalData1,
      document.optionalData2,
    ]
    const judged = async (...told: Parameters<typeof documentOf>) => {
      service.told.assessment = documentOf(...told)
      return extraOf(await judgedV4(await perform()))
    }
    expect(await judged('AUT', 'PASSPORT', 'TD3')).toEqual(['999999990', undefined, undefined])
    expect(await judged('AUT', 'ID_CARD', 'TD1')).toEqual([undefined, '999999990', 'N/A'])
    const reference = await perform({ callbackUrl: service.callbackUrl })
    const sent = await until(() => service.received.find(({ body }) => body.includes(reference)))
    expect(Object.fromEntries(new URLSearchParams(sent.body))).toMatchObject({
      optionalData1: '999999990',
      optionalData2: 'N/A',
    })
    const { details } = await judgedPlatform()
    expect(details.decision?.type).toBe('PASSED')
    expect(details.capabilities.extraction?.[0]?.data).toMatchObject({
      optionalMrzField1: '999999990',
      optionalMrzField2: 'N/A',
    })

    await changeClient(service.deps.db, 'acme', { masking: true })
    const none = [undefined, undefined, undefined]
    for (const country of ['NLD', 'KOR', 'DNK']) expect(await judged(country, 'PASSPORT', 'TD3')).toEqual(none)
    expect(await judged('NLD', 'ID_CARD', 'TD1')).toEqual(none)
    expect(await judged('AUT', 'PASSPORT', 'TD3')).toEqual(['999999990', undefined, undefined])
    await changeClient(service.deps.db, 'acme', { masking: false, enabledFields: ['idNumber', 'idFaceMatch'] })
    expect(await judged('AUT', 'ID_CARD', 'TD1')).toEqual(none)
    await changeClient(service.deps.db, 'acme', { enabledFields: ['idPersonalNumber', 'idFaceMatch'] })
    expect(await judged('AUT', 'PASSPORT', 'TD3')).toEqual(['999999990', undefined, undefined])
  })

  it('References', async () => {
    const { reference } = await initiate()
    expect(reference).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect((await scan(reference.toUpperCase())).status).toBe(200)
    // Somebody else's is as unknown as one that never was.
    const unknown = '00000000-0000-4000-8000-000000000404'
    const answers = [await scan(reference, '', { as: basic('stranger') }), await scan(unknown), await scan('not-one')]
    for (const { status, json } of answers) {
      expect(status).toBe(404)
      expect(shapeOf(json)).toEqual(shapeOf(fixture('v4/error-404')))
    }
    expect(answers[1]?.json.message).toBe(fixture('v4/error-404').message)
    const opened = await openAccount()
    const stranger = `Bearer ${await accessToken('stranger')}`
    const other = await call('GET', opened.path, { as: stranger })
    expect([other.status, other.json]).toEqual([404, fixture('platform/error-404')])
    expect((await call('GET', '/api/netverify/v2/nothing')).json.httpStatus).toBe('404')
    expect((await call('GET', '/api/v1/nothing')).json.status).toBe(404)
  })

  it('Web client', async () => {
    const addresses = { successUrl: 'https://acme.example/ok?case=a%20b', errorUrl: 'https://acme.example/no' }
    const good = await initiate(addresses)
    // Single-purpose: the page's token is no key to the API.
    expect((await call('GET', '/api/v1/accounts/x', { as: `Bearer ${good.token}` })).status).not.toBe(200)
    expect((await scan(good.reference, '', { as: `Bearer ${good.token}` })).status).toBe(401)
    await sendPictures(good)
    expect((await untilStep(good, 'ended')).ended.returnUrl).toBe(
      `https://acme.example/ok?case=a%20b&transactionStatus=SUCCESS&customerInternalReference=case-1&transactionReference=${good.reference}`,
    )
    const failed = (reference: string, code: string): string =>
      `https://acme.example/no?transactionStatus=ERROR&customerInternalReference=case-1&transactionReference=${reference}&errorCode=${code}`

    service.told.assessment = blurred
    const thrice = await initiate(addresses)
    await sendPictures(thrice)
    for (let retry = 0; retry < 2; retry += 1) {
      await untilStep(thrice, 'retake')
      await thrice.capture('PUT', '/pictures/front', jpeg)
      await thrice.capture('POST', '/submit', {})
    }
    expect((await untilStep(thrice, 'ended')).ended.returnUrl).toBe(failed(thrice.reference, '9835'))

    const stopped = await initiate(addresses)
    await stopped.capture('POST', '/consent', {})
    await stopped.capture('POST', '/cancel', {})
    expect((await stopped.capture('GET', '/session')).json.ended.returnUrl).toBe(failed(stopped.reference, '9210'))

    // What stood in the way of somebody who stopped, by both generations' codes (3.6); a word that is none is refused.
    const reasons = {
      no_camera: '9820',
      no_camera_support: '9822',
      movement_failed: '9821',
      not_sent: '9300',
      page_fault: '9801',
    }
    for (const [because, code] of Object.entries(reasons)) {
      const barred = await initiate(addresses)
      await barred.capture('POST', '/consent', {})
      expect((await barred.capture('POST', '/cancel', { because: 'APPROVED' })).status).toBe(422)
      const { json } = await barred.capture('POST', '/cancel', { because })
      expect(json.ended.returnUrl).toBe(failed(barred.reference, code))
      expect((await scan(barred.reference, '/data/document')).json.status).toBe('NO_ID_UPLOADED')
      const other = await openAccount({ web: addresses })
      const there = captureOf(new URL(other.json.web.href).searchParams.get('authorizationToken') ?? '')
      await there('POST', '/consent', {})
      await there('POST', '/cancel', { because })
      const address = new URL((await there('GET', '/session')).json.ended.returnUrl)
      expect(Object.fromEntries(address.searchParams)).toEqual({
        accountId: other.json.account.id,
        workflowExecutionId: other.json.workflowExecution.id,
        acquisitionStatus: 'ERROR',
        customerInternalReference: 'case-1',
        errorCode: code,
      })
    }
    // No network and no answer (9800, 9810): only the page knows, and puts its code behind the address that it was given.
    const cutOff = await initiate(addresses)
    expect((await cutOff.capture('GET', '/session')).json.errorReturn).toBe(failed(cutOff.reference, ''))
    // Without a camera 200 and 202 take a selfie from a file, 201 does not; nor does 200 where movements are required.
    const selfieOf = async (workflowId: number) =>
      (await (await initiate({ workflowId })).capture('GET', '/session')).json.selfieUpload
    expect([await selfieOf(200), await selfieOf(201), await selfieOf(202)]).toEqual([
      'without_camera',
      'never',
      'always',
    ])
    await changeClient(service.deps.db, 'acme', { liveness: 'required' })
    expect(await selfieOf(200)).toBe('never')
    await changeClient(service.deps.db, 'acme', { liveness: 'off' })
    // How the document came, by its sides; a selfie before a camera does not make a file a photograph.
    const taken = async (...sources: [part: string, source: 'camera' | 'upload'][]) => {
      const started = await initiate({ workflowId: 202 })
      await started.capture('POST', '/consent', {})
      await started.capture('PUT', '/choice', { country: 'AUT', type: 'ID_CARD' })
      for (const [part, source] of sources)
        expect(
          (await started.capture('PUT', `/pictures/${part}`, jpeg, { 'x-capture-source': source })).json.accepted,
        ).toBe(true)
      return (await findSession(service.deps.db, started.reference))?.source
    }
    expect(await taken(['front', 'camera'], ['back', 'camera'], ['selfie', 'upload'])).toBe('camera')
    expect(await taken(['front', 'upload'], ['back', 'camera'], ['selfie', 'camera'])).toBe('upload')
    // Nobody takes an error for a success: without an address for errors the page is the last one.
    const unnamed = await initiate({ successUrl: addresses.successUrl })
    expect((await unnamed.capture('POST', '/cancel', {})).json.ended.returnUrl).toBeNull()

    const opened = await openAccount({ web: addresses })
    const token = new URL(opened.json.web.href).searchParams.get('authorizationToken') ?? ''
    const page = captureOf(token)
    await page('POST', '/cancel', {})
    const ended = (await page('GET', '/session')).json
    expect(ended.ended.returnUrl).toBe(
      `https://acme.example/no?accountId=${opened.json.account.id}&workflowExecutionId=${opened.json.workflowExecution.id}&acquisitionStatus=ERROR&customerInternalReference=case-1&errorCode=9301`,
    )
  })

  it('Clock', async () => {
    service.told.assessment = blurred
    const addresses = { errorUrl: 'https://acme.example/no' }
    const never = await initiate({ ...addresses, tokenLifetimeInMinutes: 5 })
    const left = await initiate({ ...addresses, tokenLifetimeInMinutes: 60 })
    await left.capture('POST', '/consent', {})
    const second = await initiate({ ...addresses, tokenLifetimeInMinutes: 60 })
    await sendPictures(second)
    await untilStep(second, 'retake')
    await second.capture('POST', '/stay', {})
    service.clock.advance(14 * 60_000)
    await left.capture('POST', '/stay', {})
    await service.verifier.sweep()
    expect((await scan(left.reference)).json.status).toBe('PENDING')
    service.clock.advance(15 * 60_000 + 1)
    expect((await left.capture('GET', '/session')).status).toBe(401)
    await service.verifier.sweep()
    const codeOf = async (started: Started) =>
      new URL((await started.capture('GET', '/session')).json.ended.returnUrl).searchParams.get('errorCode')
    for (const [started, code] of [
      [never, '9200'],
      [left, '9210'],
    ] as const) {
      expect((await scan(started.reference)).json.status).toBe('FAILED')
      expect((await scan(started.reference, '/data/document')).json.status).toBe('NO_ID_UPLOADED')
      expect(await codeOf(started)).toBe(code)
    }
    // Left during a later attempt: done, with the reason of the earlier one.
    expect((await scan(second.reference)).json.status).toBe('DONE')
    const data = (await scan(second.reference, '/data')).json
    expect(data.document.status).toBe('ERROR_NOT_READABLE_ID')
    expect(data.verification.rejectReason).toEqual({
      rejectReasonCode: '200',
      rejectReasonDescription: 'NOT_READABLE_DOCUMENT',
      rejectReasonDetails: { detailsCode: '2001', detailsDescription: 'BLURRED' },
    })
    service.clock.advance(31 * 86_400_000)
    await service.verifier.sweep()
    expect((await scan(second.reference)).status).toBe(404)
  })

  it('Verdict switch', async () => {
    // Here the engine decides: what the mock service of the Platform takes as an order (4.19) is a reference like any other.
    const ordered = JSON.stringify({ customerInternalReference: 'case-1', decisionLabel: 'OK' })
    const as = `Bearer ${await accessToken()}`
    const asked = await call('POST', '/api/v1/accounts', { as, body: account({ customerInternalReference: ordered }) })
    expect(asked.status).toBe(200)
    service.told.assessment = { ...passed, face: { verdict: 'no_match', cosine: 0.8, similarity: 0.1 } }
    const data = await judgedV4(await perform({ merchantIdScanReference: 'APPROVED_VERIFIED' }))
    expect(outcomeV4(data, true).outcome).toBe('rejected')
  })

  it('Scenarios', async () => {
    const notComparable = { verdict: 'not_comparable', cosine: null, similarity: null } as const
    const selfie = passed.selfie as NonNullable<Assessment['selfie']>
    const unsure = { ...passed.document.fields, lastName: field('LOVELACF', false) }
    const { expiry: _expiry, ...endless } = passed.document.fields
    const rows: [string, Assessment, v4: string, platform: string][] = [
      ['a good document and face', passed, 'approved', 'approved'],
      ['not readable', blurred, 'retry', 'retry'],
      ['a check digit that is wrong', ofDocument({ signals: ['check_digit_wrong'] }), 'review', 'review'],
      ['a screen that was photographed', ofDocument({ signals: ['screen_pattern'] }), 'review', 'review'],
      ['a digit that stands off its line', ofDocument({ signals: ['mrz_baseline_shift'] }), 'review', 'review'],
      ['a page without a portrait', ofDocument({ signals: ['portrait_missing'] }), 'review', 'review'],
      ['an unsupported kind', ofDocument({ kind: 'VISA' }), 'retry', 'retry'],
      [
        'another face',
        { ...passed, face: { verdict: 'no_match', cosine: 0.8, similarity: 0.1 } },
        'rejected',
        'rejected',
      ],
      ['the portrait itself as selfie', ofDocument({ signals: ['portrait_equals_selfie'] }), 'rejected', 'rejected'],
      ['several faces', { ...passed, selfie: { ...selfie, retake: ['several_faces'] } }, 'retry', 'retry'],
      ['faces that cannot be compared', { ...passed, face: notComparable }, 'review', 'review'],
      ['a zone and a print of two people', ofDocument({ signals: ['sources_disagree'] }), 'review', 'review'],
      ['a zone without an end', ofDocument({ fields: endless, signals: ['expiry_missing'] }), 'review', 'review'],
      ['a name that samples carry', ofDocument({ signals: ['says_sample'] }), 'review', 'review'],
      [
        'a back that came as the front',
        ofDocument({ mrz: null, fields: {}, retake: ['side_missing'], retakeSide: 'front' }),
        'retry',
        'retry',
      ],
      // In v4 the missing name keeps whoever compares it from an approval (section 6); the Platform has a word for it.
      ['a name that may go on', ofDocument({ fields: unsure, signals: ['name_truncated'] }), 'approved', 'review'],
      ['a zone under glare', ofDocument({ fields: unsure, retake: ['photo_glare'] }), 'retry', 'retry'],
      ['a card, one side twice', ofDocument({ kind: 'ID_CARD', retake: ['wrong_page'] }), 'retry', 'retry'],
      ['a passport’s page, as its back too', ofDocument({ retake: ['wrong_page'] }), 'approved', 'approved'],
      [
        'a code that the front confirms in part, sharp and light',
        ofDocument({
          kind: 'DRIVING_LICENSE',
          mrz: null,
          barcode: { standard: 'AAMVA', version: 8, issuer: '636014', state: 'CA', agreed: true },
          fields: unsure,
          retake: ['data_unreadable'],
        }),
        'review',
        'review',
      ],
      [
        'an unsure zone, sharp and light',
        ofDocument({ fields: unsure, retake: ['data_unreadable'] }),
        'review',
        'review',
      ],
      [
        'a zone under glare, and a sign',
        ofDocument({ fields: unsure, retake: ['photo_glare'], signals: ['check_digit_wrong'] }),
        'review',
        'review',
      ],
      [
        'a zone under glare, and another face',
        {
          ...ofDocument({ fields: unsure, retake: ['photo_glare'] }),
          face: { verdict: 'no_match', cosine: 0.8, similarity: 0.1 },
        },
        'rejected',
        'rejected',
      ],
    ]
    for (const [name, assessment, v4, platform] of rows) {
      service.told.assessment = assessment
      expect([name, outcomeV4(await judgedV4(await perform()), true).outcome]).toEqual([name, v4])
      const { details } = await judgedPlatform()
      const judged = outcomePlatform(details, { workflowKey: 10164, faceRequired: true }).outcome
      expect([name, judged]).toEqual([name, platform])
    }
    service.told.assessment = ofDocument({ fields: unsure, retake: ['photo_glare'] })
    expect((await judgedV4(await perform())).verification?.rejectReason).toMatchObject({
      rejectReasonCode: '200',
      rejectReasonDetails: [{ detailsCode: '2006' }],
    })
    service.told.assessment = ofDocument({
      mrz: null,
      fields: {},
      retake: ['side_missing'],
      retakeSide: 'front',
    })
    const { details: halved } = await judgedPlatform()
    expect(halved.capabilities.usability?.[0]?.decision?.details?.label).toBe('MISSING_PAGE')
    // No face was asked for, and none is spoken of: never a pass where one was needed.
    service.told.assessment = { ...passed, selfie: null, face: null }
    const without = await judgedV4(await perform({ faceImage: undefined, enabledFields: 'idNumber' }))
    expect(without.verification?.identityVerification ?? null).toBeNull()
    expect(outcomeV4(without, true).outcome).toBe('review')
    // Not sure is `N/A`, and an expired document tells its date: whoever compares the claim decides.
    service.told.assessment = ofDocument({
      fields: { ...passed.document.fields, lastName: field('LOVELACF', false), expiry: field('2020-01-01') },
      signals: ['expired'],
    })
    expect((await judgedV4(await perform())).document).toMatchObject({ lastName: 'N/A', expiry: '2020-01-01' })
  })

  it('Callback sender', async () => {
    service.told.callbackStatus = [503]
    const reference = await perform({ callbackUrl: service.callbackUrl, merchantReportingCriteria: 'spring' })
    const ofScan = () => service.received.filter(({ body }) => body.includes(reference))
    await until(() => (ofScan().length === 1 ? true : undefined))
    const refused = await until(async () => {
      const session = await findSession(service.deps.db, reference)
      return session?.callbackState === 'failing' ? session : undefined
    })
    expect(refused).toMatchObject({ callbackStatus: 503, callbackTries: 1 })
    // Waits for its gap to pass, then goes again, until the receiver takes it.
    const waiting = await until(async () => {
      const jobs = await service.deps.db.execute<{ later: boolean }>(
        `select start_after > now() and retry_backoff and retry_limit = 10 as later from verifier_jobs.job
         where name = 'callback' and state = 'retry' and data ->> 'id' = '${reference}'`,
      )
      return jobs.rows[0]
    })
    expect(waiting.later).toBe(true)
    await sendCallback(service.deps, reference)
    expect(ofScan()).toHaveLength(2)
    const sent = await until(async () => {
      const session = await findSession(service.deps.db, reference)
      return session?.callbackState === 'sent' ? session : undefined
    })
    expect(sent).toMatchObject({ callbackStatus: 200, callbackTries: 2 })
    const [first] = ofScan()
    expect(first?.type).toContain('application/x-www-form-urlencoded')
    const form = Object.fromEntries(new URLSearchParams(first?.body))
    expect(form).toMatchObject({
      callBackType: 'NETVERIFYID',
      jumioIdScanReference: reference,
      verificationStatus: 'APPROVED_VERIFIED',
      idScanStatus: 'SUCCESS',
      idScanSource: 'API',
      idCheckDataPositions: 'OK',
      idCheckDocumentValidation: 'OK',
      idCheckHologram: 'OK',
      idCheckMRZcode: 'OK',
      idCheckMicroprint: 'OK',
      idCheckSecurityFeatures: 'OK',
      idCheckSignature: 'OK',
      merchantIdScanReference: 'case-api',
      merchantReportingCriteria: 'spring',
      idLastName: 'LOVELACE',
    })
    for (const key of ['transactionDate', 'callbackDate'])
      expect(form[key]).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/)
    expect(JSON.parse(form.identityVerification ?? '')).toMatchObject({ similarity: 'MATCH', validity: true })
    // Pictures by the addresses that the callback names, with the client's own keys.
    const prefix = `${service.deps.url}/recognition/v1/idscan/${reference}/`
    expect([form.idScanImage, form.idScanImageBackside, form.idScanImageFace]).toEqual([
      `${prefix}front`,
      undefined,
      `${prefix}face`,
    ])
    const image = (name: string, as?: string) =>
      call('GET', `/recognition/v1/idscan/${reference}/${name}`, as === undefined ? {} : { as })
    expect((await image('front')).bytes.equals(jpeg)).toBe(true)
    expect((await image('back')).json).toMatchObject({ httpStatus: '404' })
    expect((await image('front', basic('stranger'))).json).toMatchObject({ httpStatus: '404' })
    expect((await image('front', '')).status).toBe(401)
    const data = DataResponse.parse((await scan(reference, '/data')).json)
    expect(readV4Callback(first?.body ?? '')?.data.document.number).toBe(data.document.number)

    // Denied: no extracted data, a reason as JSON text, and every check says nothing.
    service.told.assessment = blurred
    const unread = await perform({ callbackUrl: service.callbackUrl })
    const denied = await until(() => service.received.find(({ body }) => body.includes(unread)))
    const told = Object.fromEntries(new URLSearchParams(denied.body))
    expect(told).toMatchObject({ verificationStatus: 'ERROR_NOT_READABLE_ID', idScanStatus: 'ERROR' })
    expect([told.idCheckHologram, told.idCheckMRZcode, told.identityVerification]).toEqual(['N/A', 'N/A', undefined])
    expect(JSON.parse(told.rejectReason ?? '')).toMatchObject({ rejectReasonCode: '200' })

    await changeClient(service.deps.db, 'acme', { callbackUrl: service.callbackUrl })
    service.told.assessment = passed
    const { opened } = await judgedPlatform()
    const id = opened.json.workflowExecution.id
    const bell = await until(() => service.received.find(({ body }) => body.includes(id)))
    expect(bell.type).toContain('application/json')
    expect(JSON.parse(bell.body)).toMatchObject({
      workflowExecution: { id, definitionKey: '10164', status: 'PROCESSED' },
      account: { id: opened.json.account.id },
    })
    expect(bell.body).not.toMatch(/LOVELACE|L898902C3|PASSED/)
  })

  it('Retrieval', async () => {
    const pending = await initiate({ reportingCriteria: 'spring' })
    const waiting = (await scan(pending.reference, '/data')).json
    expect(waiting).toMatchObject({
      scanReference: pending.reference,
      document: {},
      transaction: { status: 'PENDING' },
    })
    expect(waiting.document).toEqual({})

    const reference = await perform({ customerId: 'person-1' })
    await judgedV4(reference)
    const data = (await scan(reference, '/data')).json
    expect(data.verification.identityVerification).toMatchObject({ similarity: 'MATCH', validity: 'true' })
    const flat = { timestamp: expect.any(String), scanReference: reference }
    const part = async (name: string) => (await scan(reference, `/data/${name}`)).json
    expect(await part('document')).toEqual({ ...data.document, ...flat })
    expect(await part('transaction')).toEqual({ ...data.transaction, ...flat })
    expect(await part('verification')).toEqual({ ...data.verification, ...flat })
    expect(data.transaction).toMatchObject({ customerId: 'person-1', merchantScanReference: 'case-api', source: 'API' })

    // One detail is an object, several are an array.
    service.told.assessment = ofDocument({ mrz: null, fields: {}, retake: ['photo_blurry', 'photo_glare'] })
    const several = await perform()
    await judgedV4(several)
    const { rejectReason } = (await scan(several, '/data/verification')).json
    expect(rejectReason.rejectReasonDetails).toEqual([
      { detailsCode: '2001', detailsDescription: 'BLURRED' },
      { detailsCode: '2006', detailsDescription: 'GLARE' },
    ])

    // Deleted: 404 here, also where clients send a type without a body; and once more is not there.
    const path = `/api/netverify/v2/scans/${reference}`
    expect((await call('DELETE', path, { headers: { 'content-type': 'application/json' } })).status).toBe(200)
    for (const rest of ['', '/data', '/images', '/images/front']) expect((await scan(reference, rest)).status).toBe(404)
    expect((await call('DELETE', path)).status).toBe(404)

    // The Platform keeps ids and decision, and says when the rest went.
    service.told.assessment = passed
    const { opened, details } = await judgedPlatform()
    expect(details.capabilities.extraction?.[0]?.data).toMatchObject({ lastName: 'LOVELACE' })
    expect((await call('DELETE', opened.path, { as: opened.access })).status).toBe(200)
    const wiped = await call('GET', opened.path, { as: opened.access })
    expect(wiped.json).toMatchObject({
      workflow: { id: opened.json.workflowExecution.id, status: 'PROCESSED' },
      decision: { type: 'PASSED' },
      wipedOutAt: expect.any(String),
    })
    expect(wiped.json.capabilities).toBeUndefined()
    expect(wiped.bytes.toString()).not.toMatch(/LOVELACE|L898902C3/)
    const picture = `/api/v1/accounts/${opened.json.account.id}/credentials/${opened.id.id}/parts/FRONT`
    expect((await call('GET', picture, { as: opened.access })).status).toBe(404)
    expect((await call('DELETE', opened.path, { as: opened.access })).status).toBe(404)
  })

  it('Pictures', async () => {
    const open = await initiate()
    await open.capture('POST', '/consent', {})
    await open.capture('PUT', '/pictures/front', jpeg)
    expect((await scan(open.reference, '/images/front')).status).toBe(404)
    const reference = await perform()
    await judgedV4(reference)
    const { images } = (await scan(reference, '/images')).json
    expect(images.map(({ classifier }: { classifier: string }) => classifier)).toEqual(['front', 'face'])
    const picture = await scan(reference, '/images/front')
    expect(picture.headers.get('content-type')).toBe('image/jpeg')
    expect(picture.bytes.equals(jpeg)).toBe(true)
    for (const missing of ['/images/back', '/images/nothing', '/images/liveness/1', '/data/facemap']) {
      const { status, json } = await scan(reference, missing)
      expect([missing, status, json.httpStatus]).toEqual([missing, 404, '404'])
    }
    const { opened } = await judgedPlatform()
    const part = (name: string) => {
      const path = `/api/v1/accounts/${opened.json.account.id}/credentials/${opened.id.id}/parts/${name}`
      return call('GET', path, { as: opened.access })
    }
    expect((await part('FRONT')).headers.get('content-type')).toBe('image/jpeg')
    expect((await part('BACK')).status).toBe(404)
  })

  it('Pictures by API: a face that is compared has to come, and what cannot be taken is said with its limits', async () => {
    const send = (change: Record<string, unknown>) =>
      call('POST', '/api/netverify/v2/performNetverify', {
        body: {
          merchantIdScanReference: 'case-face',
          frontsideImage: jpeg.toString('base64'),
          country: 'AUT',
          idType: 'PASSPORT',
          ...change,
        },
      })
    for (const change of [{}, { enabledFields: 'idNumber,idFaceMatch' }]) {
      const { status, json } = await send(change)
      expect([status, json.message]).toEqual([400, expect.stringContaining('faceImage is needed')])
    }
    expect((await send({ enabledFields: 'idNumber' })).status).toBe(200)
    // Where the client's own settings compare no faces none is needed; a call that names the comparison needs one all the same.
    await changeClient(service.deps.db, 'acme', { workflowId: 100 })
    expect((await send({})).status).toBe(200)
    expect((await send({ enabledFields: 'idFaceMatch' })).status).toBe(400)
    await changeClient(service.deps.db, 'acme', { workflowId: 200, enabledFields: ['idNumber'] })
    expect((await send({})).status).toBe(200)

    const large = jpegWith(Buffer.alloc(10 * 1_048_576)).toString('base64')
    const { status, json } = await send({ frontsideImage: large })
    expect([status, json.message]).toEqual([400, expect.stringMatching(/^Bad request: frontsideImage\. .*10 MB/)])
  })

  it('Data of a call that the document contradicts lead to a person, and are kept like its pictures', async () => {
    const said = {
      firstName: 'Ada',
      lastName: 'Lovelace',
      dob: '1990-12-10',
      number: 'L898902C3',
      expiry: '2031-04-15',
    }
    expect(outcomeV4(await judgedV4(await perform(said)), true).outcome).toBe('approved')
    const differ = { outcome: 'review', codes: ['300', 'signal:data_differs'] }
    for (const other of [{ lastName: 'Byron' }, { dob: '1990-12-11' }, { number: 'X1' }, { expiry: '2031-04-16' }]) {
      const reference = await perform({ ...said, ...other })
      expect(outcomeV4(await judgedV4(reference), true)).toMatchObject(differ)
      expect(await service.deps.pictures.kept(reference)).toContain('data')
      await call('DELETE', `/api/netverify/v2/scans/${reference}`)
      expect(await service.deps.pictures.kept(reference)).toEqual([])
    }
    // A refusal stays one, and what was not read for sure is not compared.
    service.told.assessment = { ...passed, face: { verdict: 'no_match', cosine: 0.8, similarity: 0.1 } }
    expect(outcomeV4(await judgedV4(await perform({ dob: '1990-12-11' })), true).outcome).toBe('rejected')
    service.told.assessment = ofDocument({ fields: { ...passed.document.fields, number: field('L898902C8', false) } })
    expect(outcomeV4(await judgedV4(await perform(said)), true).outcome).toBe('approved')
  })

  it('Pictures by API have sides of 301 to 8000 pixels', async () => {
    const png = (width: number, height: number): Buffer => {
      const header = Buffer.from('89504e470d0a1a0a0000000d494844520000000000000000', 'hex')
      header.writeUInt32BE(width, 16)
      header.writeUInt32BE(height, 20)
      return header
    }
    // As cameras write them: segments of their own before the frame.
    const jpegOf = (width: number, height: number): Buffer => {
      const frame = Buffer.from('ffc000110800000000', 'hex')
      frame.writeUInt16BE(height, 5)
      frame.writeUInt16BE(width, 7)
      return Buffer.concat([Buffer.from('ffd8ffe0000400ffffe1000600112233', 'hex'), frame, Buffer.alloc(20)])
    }
    const send = (frontsideImage: Buffer) =>
      call('POST', '/api/netverify/v2/performNetverify', {
        body: {
          merchantIdScanReference: 'case-sides',
          frontsideImage: frontsideImage.toString('base64'),
          country: 'AUT',
          idType: 'PASSPORT',
          enabledFields: 'idNumber',
        },
      })
    const opened = await openAccount()
    for (const made of [png, jpegOf]) {
      for (const [width, height] of [
        [300, 300],
        [8001, 200],
        [200, 8001],
      ] as const) {
        const { status, json } = await send(made(width, height))
        expect([width, height, status]).toEqual([width, height, 400])
        expect(json.message).toContain('frontsideImage')
        const part = await opened.part(opened.id, 'FRONT', opened.upload, 'POST', made(width, height))
        expect([part.status, part.json.detail]).toEqual([400, expect.stringContaining('8000 pixels')])
      }
      expect((await send(made(301, 40))).status).toBe(200)
      expect((await opened.part(opened.id, 'FRONT', opened.upload, 'PUT', made(8000, 8000))).status).toBe(200)
    }
  })

  it('Limits', async () => {
    const { reference } = await initiate()
    const access = `Bearer ${await accessToken()}`
    service.clock.advance(10_000)
    const first = async (count: number, once: () => Promise<Answer>): Promise<Answer> => {
      for (let made = 0; made < count; made += 1) expect((await once()).status).toBe(200)
      return once()
    }
    // Our own limits: new sessions as the client's setting says, twenty times as many other calls, counted by the second.
    await changeClient(service.deps.db, 'acme', { startsPerSecond: 3 })
    const v4 = await first(3, () => call('POST', '/api/v4/initiate', { body: start(), keepTime: true }))
    expect([v4.status, v4.headers.get('retry-after')]).toEqual([429, '1'])
    expect(shapeOf(v4.json)).toEqual(shapeOf(fixture('v4/error-429')))
    const read = await first(60, () => scan(reference, '', { keepTime: true }))
    expect(read.status).toBe(429)
    // Another client's calls do not count.
    expect((await scan(reference, '', { as: basic('stranger'), keepTime: true })).status).toBe(404)
    const accounts = await first(3, () =>
      call('POST', '/api/v1/accounts', { as: access, body: account(), keepTime: true }),
    )
    expect([accounts.status, accounts.json]).toEqual([429, fixture('platform/error-429')])
    const token = await first(3, () => call('POST', '/oauth2/token?grant_type=client_credentials', { keepTime: true }))
    expect(token.status).toBe(429)
    service.clock.advance(1_001)
    expect((await call('POST', '/api/v4/initiate', { body: start(), keepTime: true })).status).toBe(200)
  })

  it('Health', async () => {
    for (const accept of ['application/json', '*/*', ''])
      expect((await call('GET', '/', { as: '', headers: { accept } })).json).toEqual({ status: 'UP' })
    // Nobody listens there.
    const { db, close } = openDatabase('postgres://nobody@127.0.0.1:1/nothing')
    const lost = await createVerifier({ ...service.deps, db })
    const { body } = await lost.app.inject({ url: '/', headers: { accept: 'application/json' } })
    expect(HealthResponse.parse(JSON.parse(body))).toMatchObject({ status: 'DOWN', details: { api: 'DOWN' } })
    expect((await lost.app.inject('/readyz')).statusCode).toBe(503)
    await lost.app.close()
    await close()
  })

  it('Privacy: references that hold an e-mail address are taken, and the operator is told', async () => {
    for (const change of [{ customerInternalReference: 'ada@acme.example' }, { userReference: 'ada@acme.example' }])
      expect((await call('POST', '/api/v4/initiate', { body: start(change) })).status).toBe(200)
    const as = `Bearer ${await accessToken()}`
    const body = account({ userReference: 'Ada/Lovelace; <ada@acme.example> 100%' })
    expect((await call('POST', '/api/v1/accounts', { as, body })).status).toBe(200)
    expect((await findClient(service.deps.db, 'acme'))?.personalReferenceAt).not.toBeNull()
  })
})
