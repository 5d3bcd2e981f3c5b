import { randomBytes } from 'node:crypto'
import type { Assessment } from '@veridoor/engine'
import { createPlatformClient, createTokenCache, hostsOfBase, JumioError, outcomePlatform } from '@veridoor/jumio'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { changeClient } from '../src/clients/clients.ts'
import { differenceOf } from '../src/session/prepared-data.ts'
import { captureDevice } from './capture-device.ts'
import { field, jpeg, ofDocument, passed, startVerifier, type TestVerifier, until } from './test-verifier.ts'

/** The workflow keys of the Platform (wire contract, 4.5): credentials, capabilities, decision and steps of each. */
let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('verifier_workflows')
})
afterAll(() => service?.stop())
beforeEach(() => {
  service.told.assessment = passed
  service.clock.advance(20_000)
})

const client = () =>
  createPlatformClient({
    hosts: hostsOfBase(service.url),
    token: 'acme',
    secret: 'acme-secret',
    userAgent: 'Acme Test/1.0',
    tokens: createTokenCache(() => service.clock.now().getTime()),
  })
const picture = { bytes: new Uint8Array(jpeg), contentType: 'image/jpeg' as const }

const open = async (key: number | string, credentials: { category: 'ID' | 'DATA'; label?: string }[] = []) => {
  const to = client()
  const opened = await to.createAccount({
    customerInternalReference: 'case-1',
    userReference: 'person-1',
    workflowDefinition: { key, credentials },
    userConsent: { userIp: '203.0.113.9', userLocation: { country: 'AUT' } },
  })
  const execution = { accountId: opened.account.id, workflowExecutionId: opened.workflowExecution.id }
  const { credentials: held } = opened.workflowExecution
  const apiToken = held[0]?.api?.token ?? ''
  const upload = (category: string) => {
    const found = held.find((credential) => credential.category === category)
    return { ...execution, credentialId: found?.id ?? '', apiToken }
  }
  return { to, opened, held, execution, apiToken, upload }
}
const finish = async ({ to, execution, apiToken }: Awaited<ReturnType<typeof open>>) => {
  await to.finalize({ ...execution, apiToken })
  return until(async () => {
    service.clock.advance(100)
    const details = await to.details(execution)
    return details.workflow.status === 'PROCESSED' ? details : undefined
  })
}

const document = ['usability', 'imageChecks', 'extraction', 'dataChecks']
const face = [...document, 'similarity', 'liveness']
it.each([
  ['1', ['ID'], ['usability', 'extraction'], false],
  ['2', ['ID'], document, false],
  ['3', ['ID', 'SELFIE', 'FACEMAP'], face, false],
  ['10011', ['ID', 'SELFIE', 'FACEMAP'], face, true],
  ['10163', ['ID', 'SELFIE', 'FACEMAP', 'DATA'], face, true],
  ['10164', ['ID', 'SELFIE', 'FACEMAP'], face, true],
] as const)(
  'workflow %s has the credentials and capabilities of its kind',
  async (key, categories, capabilities, hasDecision) => {
    const begun = await open(Number(key), [{ category: 'ID', label: 'first' }])
    expect(begun.held.map(({ category }) => category)).toEqual(categories)
    expect(begun.held[0]?.label).toBe('first')
    const channels = { ID: ['WEB', 'API'], SELFIE: ['WEB', 'API'], FACEMAP: ['WEB'], DATA: ['API'] }
    const partNames = { ID: ['front', 'back'], SELFIE: ['face'], FACEMAP: undefined, DATA: ['prepared_data'] }
    for (const { category, allowedChannels, api } of begun.held) {
      expect(allowedChannels).toEqual(channels[category as keyof typeof channels])
      expect(api?.parts && Object.keys(api.parts)).toEqual(partNames[category as keyof typeof channels])
    }
    await begun.to.uploadPart(begun.upload('ID'), 'FRONT', picture)
    const hasFace = begun.held.some(({ category }) => category === 'SELFIE')
    if (hasFace) await begun.to.uploadPart(begun.upload('SELFIE'), 'FACE', picture)
    const details = await finish(begun)
    expect(details.workflow.definitionKey).toBe(key)
    expect(Object.keys(details.capabilities)).toEqual(capabilities)
    // One entry for each credential of pictures; a face map was not made of pictures that came by API.
    expect(
      details.capabilities.usability?.map(({ credentials, decision }) => [
        credentials[0]?.category,
        decision?.details?.label,
      ]),
    ).toEqual([
      ['ID', 'OK'],
      ...(hasFace
        ? [
            ['SELFIE', 'OK'],
            ['FACEMAP', 'NOT_UPLOADED'],
          ]
        : []),
    ])
    const ids = Object.values(details.capabilities).flatMap((entries) => entries.map(({ id }) => id))
    expect(new Set(ids).size).toBe(ids.length)
    expect(details.decision?.type).toBe(hasDecision ? 'PASSED' : undefined)
    const steps = await begun.to.steps(begun.execution).catch((error: unknown) => error)
    if (hasDecision) expect(steps).toMatchObject({ steps: [{ name: 'ID_IV', decision: { type: 'PASSED' } }] })
    else expect(steps).toBeInstanceOf(JumioError)
    expect(details.credentials[0]?.label).toBe('first')
    if (key !== '1')
      expect(outcomePlatform(details, { workflowKey: key, faceRequired: hasFace }).outcome).toBe('approved')
  },
)

it.each([5, 6, 9, 16, 20, 32, 10005, 10006, 10008, 10010, 10013, 10014, 10026, 10148, 10170, 77777, 0])(
  'workflow %s, which this verifier cannot carry out, is refused with what it can',
  async (key) => {
    const token = await fetch(`${service.url}/oauth2/token?grant_type=client_credentials`, {
      method: 'POST',
      headers: {
        'user-agent': 'Acme Test/1.0',
        authorization: `Basic ${Buffer.from('acme:acme-secret').toString('base64')}`,
      },
    })
    const { access_token } = (await token.json()) as { access_token: string }
    const refused = await fetch(`${service.url}/api/v1/accounts`, {
      method: 'POST',
      headers: { 'user-agent': 'Acme Test/1.0', authorization: `Bearer ${access_token}` },
      body: JSON.stringify({ customerInternalReference: 'case-1', workflowDefinition: { key } }),
    })
    expect([refused.status, await refused.json()]).toEqual([
      400,
      expect.objectContaining({
        title: 'Bad Request',
        status: 400,
        detail: expect.stringContaining('workflowDefinition.key'),
      }),
    ])
  },
)

it.each([
  [{}, ['AUT ID_CARD']],
  [{ predefinedType: 'DEFINED' as const }, ['AUT ID_CARD']],
  [{ predefinedType: 'RECOMMENDED' as const }, null],
])('a document that the caller names is fixed unless it is a recommendation: %o', async (kind, only) => {
  const to = client()
  const opened = await to.createAccount({
    customerInternalReference: 'case-1',
    workflowDefinition: {
      key: 2,
      credentials: [{ category: 'ID', country: { ...kind, values: ['AUT'] }, type: { values: ['ID_CARD'] } }],
    },
  })
  const device = captureDevice(service.url)
  await device.open(new URL(opened.web?.href ?? '').searchParams.get('authorizationToken') ?? '')
  const { json } = await device.call('POST', '/consent', {})
  expect(json.choice).toEqual({ country: 'AUT', type: 'ID_CARD' })
  const offered = json.documents.map((entry: { country: string; type: string }) => `${entry.country} ${entry.type}`)
  if (only) expect(offered).toEqual(only)
  else expect(offered.length).toBeGreaterThan(100)
  const other = await device.call('PUT', '/choice', { country: 'DEU', type: 'PASSPORT' })
  expect(other.status).toBe(only ? 422 : 200)
  // What was asked goes back as it came.
  expect(opened.workflowExecution.credentials[0]).toMatchObject({ country: { ...kind, values: ['AUT'] } })
})

it('a movement check that was passed on the page is the usability of the face map', async () => {
  const begun = await open(10164)
  const device = captureDevice(service.url)
  await device.open(new URL(begun.opened.web?.href ?? '').searchParams.get('authorizationToken') ?? '')
  await begun.to.uploadPart(begun.upload('ID'), 'FRONT', picture)
  await begun.to.uploadPart(begun.upload('SELFIE'), 'FACE', picture)
  const { workflowExecutionId: id } = begun.execution
  await service.deps.pictures.write(id, 'live', await service.keyOf(id), new Uint8Array(jpeg))
  await service.deps.db.execute(`update verifier.sessions set liveness_outcome = 'passed' where id = '${id}'`)
  const details = await finish(begun)
  expect(details.capabilities.usability?.map(({ decision }) => decision?.details?.label)).toEqual(['OK', 'OK', 'OK'])
  const map = details.credentials.find(({ category }) => category === 'FACEMAP')
  expect(map?.parts).toEqual([{ classifier: 'FACEMAP' }])
  await expect(begun.to.picture(begun.execution.accountId, map?.id ?? '', 'FACEMAP')).rejects.toMatchObject({
    code: 'not_found',
  })
})

it('what we could not finish is processed and a technical error, never the person’s fault', async () => {
  const begun = await open(10164)
  const { workflowExecutionId: id } = begun.execution
  await service.deps.db.execute(
    `update verifier.sessions set phase = 'checking', started_at = now() where id = '${id}'`,
  )
  service.clock.advance(31 * 60_000)
  await service.verifier.sweep()
  const to = client()
  const details = await to.details(begun.execution)
  expect(details.workflow.status).toBe('PROCESSED')
  expect(details.decision).toMatchObject({ type: 'NOT_EXECUTED', details: { label: 'TECHNICAL_ERROR' } })
  expect(details.capabilities.extraction?.[0]?.decision?.details?.label).toBe('TECHNICAL_ERROR')
  expect(outcomePlatform(details, { workflowKey: 10164, faceRequired: true }).outcome).toBe('review')
})

it('a check that was left on a later try has expired, whatever the earlier one was', async () => {
  const begun = await open(10164)
  const { workflowExecutionId: id } = begun.execution
  const at = service.clock.now().toISOString()
  await service.deps.db.execute(
    `update verifier.sessions set attempt = 2, started_at = '${at}', last_action_at = '${at}' where id = '${id}'`,
  )
  service.clock.advance(16 * 60_000)
  await service.verifier.sweep()
  expect((await client().details(begun.execution)).workflow.status).toBe('SESSION_EXPIRED')
})

const said = { firstName: 'Ada', lastName: 'Lovelace', dateOfBirth: '1990-12-10', id: { idNumber: 'L898902C3' } }
it.each([
  ['that agree', said, 'PASSED', 'OK', 'approved'],
  ['of another name', { ...said, lastName: 'Byron' }, 'WARNING', 'ID_DATA_MISMATCH_LOW_CONFIDENCE', 'review'],
  ['of another date', { ...said, dateOfBirth: '1990-12-11' }, 'REJECTED', 'ID_DATA_MISMATCH', 'rejected'],
  ['that nobody sent', null, 'PASSED', 'OK', 'approved'],
] as const)('supporting data %s', async (_name, data, type, label, outcome) => {
  const begun = await open(10163)
  if (data) await begun.to.uploadPart(begun.upload('DATA'), 'PREPARED_DATA', { ...data, email: 'ada@acme.example' })
  await begun.to.uploadPart(begun.upload('ID'), 'FRONT', picture)
  await begun.to.uploadPart(begun.upload('SELFIE'), 'FACE', picture)
  const details = await finish(begun)
  expect(details.capabilities.dataChecks?.[0]?.decision).toMatchObject({ type, details: { label } })
  expect(outcomePlatform(details, { workflowKey: 10163, faceRequired: true }).outcome).toBe(outcome)
  const held = details.credentials.find(({ category }) => category === 'DATA')
  expect(held?.parts.map(({ classifier }) => classifier)).toEqual(data ? ['PREPARED_DATA'] : [])
  // What is not compared is not kept, and all of it goes with the transaction.
  const { workflowExecutionId: id } = begun.execution
  const kept = data && (await service.deps.pictures.read(id, 'data', await service.keyOf(id)))?.toString()
  const { id: document, ...names } = data ?? { id: { idNumber: '' } }
  expect(kept && JSON.parse(kept)).toEqual(data && { ...names, number: document.idNumber })
  await begun.to.eraseExecution(begun.execution)
  expect(await service.deps.pictures.kept(id)).toEqual([])
})

it('supporting data that surely differ are refused whatever else leads to a person', async () => {
  const other = { ...said, dateOfBirth: '1990-12-11' }
  const judged = async (assessment: Assessment) => {
    service.told.assessment = assessment
    const begun = await open(10163)
    await begun.to.uploadPart(begun.upload('DATA'), 'PREPARED_DATA', other)
    await begun.to.uploadPart(begun.upload('ID'), 'FRONT', picture)
    await begun.to.uploadPart(begun.upload('SELFIE'), 'FACE', picture)
    const details = await finish(begun)
    expect(outcomePlatform(details, { workflowKey: 10163, faceRequired: true }).outcome).toBe('rejected')
    expect(details.capabilities.dataChecks?.[0]?.decision).toMatchObject({
      type: 'REJECTED',
      details: { label: 'ID_DATA_MISMATCH' },
    })
    return details.capabilities.dataChecks?.[0]?.data
  }
  expect(await judged(ofDocument({ signals: ['screen_pattern'] }))).toMatchObject({ signals: ['screen_pattern'] })
  const seen = { ...passed, hashes: { ...passed.hashes, front: randomBytes(32).toString('hex') } }
  await judged(seen)
  await service.deps.db.execute("update verifier.seen_pictures set person = 'somebody'")
  expect(await judged(seen)).toMatchObject({ signals: ['picture_seen_before'] })
  await changeClient(service.deps.db, 'acme', { acceptedCountries: ['AUT'] })
  const fields = { ...passed.document.fields, issuingCountry: field('AUT', false) }
  expect(await judged(ofDocument({ fields }))).toMatchObject({ signals: ['country_unsure'] })
  await changeClient(service.deps.db, 'acme', { acceptedCountries: null })
})

it('supporting data begin no session, and are refused elsewhere and in other shapes', async () => {
  const begun = await open(10163)
  await begun.to.uploadPart(begun.upload('DATA'), 'PREPARED_DATA', said)
  service.clock.advance(20 * 60_000)
  await service.verifier.sweep()
  const late = client()
  expect((await late.status(begun.execution)).workflowExecution.status).toBe('INITIATED')
  for (const [category, shape, status] of [
    ['DATA', { firstName: { given: 'Ada' } }, 400],
    ['DATA', { id: 'L898902C3' }, 400],
    ['ID', said, 404],
    ['FACEMAP', said, 404],
  ] as const)
    await expect(begun.to.uploadPart(begun.upload(category), 'PREPARED_DATA', shape)).rejects.toMatchObject({ status })
  await expect(begun.to.uploadPart(begun.upload('DATA'), 'FRONT', picture)).rejects.toMatchObject({ status: 404 })
})

it('compares names as zones and pages write them, and nothing that is not sure', () => {
  const page = { firstName: 'JOSE MARIA', lastName: 'MUELLER', dateOfBirth: '1990-12-10', number: null, expiry: null }
  expect(differenceOf({ firstName: 'José', lastName: 'Müller', number: '1', expiry: '2030-01-01' }, page)).toBeNull()
  expect(differenceOf({ firstName: 'María José' }, page)).toBe('possible')
  expect(differenceOf({ lastName: 'Muller-Maier' }, page)).toBe('possible')
  expect(differenceOf({ dateOfBirth: '1990-10-12' }, page)).toBe('certain')
  expect(differenceOf({ number: 'l 898-902.c3' }, { number: 'L898902C3' })).toBeNull()
  expect(differenceOf({}, page)).toBeNull()
})
