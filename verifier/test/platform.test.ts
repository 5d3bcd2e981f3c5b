import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Assessment } from '@veridoor/engine'
import { createEnvelopeCipher } from '@veridoor/foundation'
import {
  type AccountRequest,
  createPlatformClient,
  createTokenCache,
  createV4Client,
  extractionOf,
  hostsOfBase,
  outcomePlatform,
  readPlatformCallback,
} from '@veridoor/jumio'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPlatformTokens } from '../src/wires/platform/tokens.ts'
import { field, passed, jpeg as picture, startVerifier, type TestVerifier, until } from './test-verifier.ts'

/** The Platform generation, asked by our own client of it over HTTP; the engine is told what to find. */
const jpeg = { bytes: new Uint8Array(picture), contentType: 'image/jpeg' as const }

let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('verifier_platform')
})
afterAll(() => service?.stop())
beforeEach(() => {
  service.told.assessment = passed
  service.received.length = 0
  service.clock.advance(20_000)
})

// The client's own clock is the machine's, the verifier's stands where the test put it: each test takes a fresh token.
const client = (token = 'acme', secret = `${token}-secret`) =>
  createPlatformClient({
    hosts: hostsOfBase(service.url),
    token,
    secret,
    userAgent: 'Acme Test/1.0',
    tokens: createTokenCache(() => service.clock.now().getTime()),
  })
const order = (change: Partial<AccountRequest> = {}): AccountRequest => ({
  customerInternalReference: 'case-1',
  userReference: 'person-1',
  workflowDefinition: { key: 10164 },
  callbackUrl: service.callbackUrl,
  web: { successUrl: 'http://127.0.0.1/ok', errorUrl: 'http://127.0.0.1/no' },
  userConsent: { userIp: '203.0.113.9', userLocation: { country: 'AUT' } },
  ...change,
})
const asked = { workflowKey: 10164, faceRequired: true }

/** Sends both pictures by API and finalises. */
const send = async (change: Partial<AccountRequest> = {}, to = client()) => {
  const opened = await to.createAccount(order(change))
  const execution = { accountId: opened.account.id, workflowExecutionId: opened.workflowExecution.id }
  const [id, selfie] = opened.workflowExecution.credentials
  const apiToken = id?.api?.token ?? ''
  if (!id || !selfie) throw new Error('credentials are missing')
  await to.uploadPart({ ...execution, credentialId: id.id, apiToken }, 'FRONT', jpeg)
  await to.uploadPart({ ...execution, credentialId: selfie.id, apiToken }, 'FACE', jpeg)
  return { opened, execution, id, selfie, apiToken, to }
}
const finished = async (sent: Awaited<ReturnType<typeof send>>) => {
  await sent.to.finalize({ ...sent.execution, apiToken: sent.apiToken })
  for (let tries = 0; tries < 1_000; tries += 1) {
    const details = await sent.to.details(sent.execution)
    if (details.workflow.status === 'PROCESSED') return details
    service.clock.advance(100)
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  throw new Error('never processed')
}

describe('a check by API', () => {
  it('passes every capability the workflow needs, and hands out what was read', async () => {
    const sent = await send()
    expect((await sent.to.status(sent.execution)).workflowExecution.status).toBe('INITIATED')
    const details = await finished(sent)
    expect(outcomePlatform(details, asked)).toMatchObject({ outcome: 'approved' })
    expect(extractionOf(details)).toMatchObject({
      lastName: 'LOVELACE',
      documentNumber: 'L898902C3',
      dateOfBirth: '1990-12-10',
    })
    // Nobody looked whether a person was there, and the answer says so beside its label.
    expect(details.capabilities.liveness?.[0]?.data).toEqual({ type: 'NOT_ASSESSED' })
    const { steps } = await sent.to.steps(sent.execution)
    expect(steps[0]).toMatchObject({ name: 'ID_IV', decision: { type: 'PASSED' } })
    expect(steps[0]?.capabilityIds).toHaveLength(8)
    const picture = await sent.to.picture(sent.execution.accountId, sent.id.id, 'FRONT')
    expect(Buffer.from(picture.bytes).equals(Buffer.from(jpeg.bytes))).toBe(true)
  })

  it('takes parts that are sent at the same time, and loses none', async () => {
    const to = client()
    const opened = await to.createAccount(order())
    const execution = { accountId: opened.account.id, workflowExecutionId: opened.workflowExecution.id }
    const [id, selfie] = opened.workflowExecution.credentials
    const apiToken = id?.api?.token ?? ''
    const uploadOf = (credential: typeof id) => ({ ...execution, credentialId: credential?.id ?? '', apiToken })
    await Promise.all([
      to.uploadPart(uploadOf(id), 'FRONT', jpeg),
      to.uploadPart(uploadOf(id), 'BACK', jpeg),
      to.uploadPart(uploadOf(selfie), 'FACE', jpeg),
    ])
    await to.finalize({ ...execution, apiToken })
    const details = await to.details(execution)
    expect(details.credentials.flatMap(({ parts }) => parts.map(({ classifier }) => classifier)).sort()).toEqual([
      'BACK',
      'FACE',
      'FRONT',
    ])
  })

  it('names pictures that are kept, and no others', async () => {
    const sent = await send()
    // The page refused a picture of the back, and kept none.
    await service.deps.db.execute(
      `update verifier.sessions set sides = jsonb_set(sides, '{back,state}', '"retake"') where id = '${sent.execution.workflowExecutionId}'`,
    )
    const named = (await sent.to.details(sent.execution)).credentials.flatMap(({ parts }) =>
      parts.map(({ classifier }) => classifier),
    )
    expect(named).toEqual(['FRONT', 'FACE'])
  })

  it('rings a bell that names the transaction and nothing about the person', async () => {
    const sent = await send()
    await finished(sent)
    // A bell of an earlier check may still come in between.
    const own = await until(() =>
      service.received.find(({ body }) => body.includes(sent.execution.workflowExecutionId)),
    )
    expect(own.type).toContain('application/json')
    const notice = readPlatformCallback(own.body)
    expect(notice).toMatchObject({ ...sent.execution, status: 'PROCESSED', definitionKey: '10164' })
    expect(own.body).not.toMatch(/LOVELACE|L898902C3|PASSED/)
  })

  it.each([
    ['another face', { face: { verdict: 'no_match', cosine: 0.8, similarity: 0.1 } }, 'rejected'],
    [
      'faces that cannot be compared',
      { face: { verdict: 'not_comparable', cosine: null, similarity: null } },
      'review',
    ],
    ['a blurred page', { document: { ...passed.document, mrz: null, fields: {}, retake: ['photo_blurry'] } }, 'retry'],
    ['a wrong check digit', { document: { ...passed.document, signals: ['check_digit_wrong'] } }, 'review'],
    // This wire has no mark that clients read, so a specimen never passes, whatever mode the verifier is in.
    ['a specimen', { document: { ...passed.document, signals: ['specimen'] } }, 'rejected'],
  ] as [string, Partial<Assessment>, string][])('with %s is not approved', async (_name, change, outcome) => {
    service.told.assessment = { ...passed, ...change }
    expect(outcomePlatform(await finished(await send()), asked).outcome).toBe(outcome)
  })

  it('hands out no field that is not sure', async () => {
    service.told.assessment = {
      ...passed,
      document: { ...passed.document, fields: { ...passed.document.fields, number: field('L898902C8', false) } },
    }
    expect(extractionOf(await finished(await send()))?.documentNumber).toBe('N/A')
  })
})

describe('who may do what', () => {
  it('a forged, ended or wrongly used token opens nothing', async () => {
    const sent = await send()
    const path = `/api/v1/accounts/${sent.execution.accountId}/workflow-executions/${sent.execution.workflowExecutionId}`
    const get = async (token: string, headers: Record<string, string> = {}) =>
      (
        await fetch(service.url + path, {
          headers: { 'user-agent': 'Acme Test/1.0', authorization: `Bearer ${token}`, ...headers },
        })
      ).status
    const tokens = createPlatformTokens(service.deps.cipher, service.clock)
    const granted = await fetch(`${service.url}/oauth2/token?grant_type=client_credentials`, {
      method: 'POST',
      headers: {
        'user-agent': 'Acme Test/1.0',
        authorization: `Basic ${Buffer.from('acme:acme-secret').toString('base64')}`,
      },
    })
    const { access_token: good } = (await granted.json()) as { access_token: string }
    const subject = tokens.read(good, 'access') ?? ''
    expect(await get(good)).toBe(200)
    expect(await get(good, { 'user-agent': '' })).toBe(200)
    expect(await get(`${good.slice(0, -2)}xx`)).toBe(401)
    expect(await get(tokens.issue(subject, 'access', service.clock.now()))).toBe(401)
    expect(await get(sent.apiToken)).toBe(401)
    const other = createPlatformTokens(createEnvelopeCipher([randomBytes(32)]), service.clock)
    expect(await get(other.issue(subject, 'access', new Date(service.clock.now().getTime() + 60_000)))).toBe(401)
  })

  it('health needs no keys', async () => {
    expect((await client('nobody').health()).status).toBe('UP')
  })

  it("another client's people do not exist", async () => {
    const sent = await send()
    const stranger = client('stranger')
    await expect(stranger.details(sent.execution)).rejects.toMatchObject({ code: 'not_found' })
    await expect(stranger.picture(sent.execution.accountId, sent.id.id, 'FRONT')).rejects.toMatchObject({
      code: 'not_found',
    })
    await expect(stranger.updateAccount(sent.execution.accountId, order())).rejects.toMatchObject({ code: 'not_found' })
    await stranger.eraseAccount(sent.execution.accountId)
    expect((await sent.to.details(sent.execution)).workflow.id).toBe(sent.execution.workflowExecutionId)
    await expect(client('acme', 'wrong').createAccount(order())).rejects.toMatchObject({ code: 'unauthorized' })
  })

  it("one transaction's upload token does not fit another, and the other generation does not know it", async () => {
    const one = await send()
    const two = await send()
    await expect(one.to.finalize({ ...two.execution, apiToken: one.apiToken })).rejects.toMatchObject({
      code: 'unauthorized',
    })
    const v4 = createV4Client({
      baseUrl: service.url,
      token: 'acme',
      secret: 'acme-secret',
      userAgent: 'Acme Test/1.0',
    })
    await expect(v4.status(one.execution.workflowExecutionId)).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('what is refused', () => {
  it('a workflow that is not offered, and a face without consent or pictures', async () => {
    const to = client()
    await expect(to.createAccount(order({ workflowDefinition: { key: 10014 } }))).rejects.toMatchObject({ status: 400 })
    const { userConsent: _none, ...unconsented } = order()
    const opened = await to.createAccount(unconsented)
    const execution = { accountId: opened.account.id, workflowExecutionId: opened.workflowExecution.id }
    const apiToken = opened.workflowExecution.credentials[0]?.api?.token ?? ''
    await expect(to.finalize({ ...execution, apiToken })).rejects.toMatchObject({ status: 403 })
    const empty = await to.createAccount(order())
    await expect(
      to.finalize({
        accountId: empty.account.id,
        workflowExecutionId: empty.workflowExecution.id,
        apiToken: empty.workflowExecution.credentials[0]?.api?.token ?? '',
      }),
    ).rejects.toMatchObject({ status: 400 })
  })

  it('files that are no pictures, the wrong credential, and anything after the end', async () => {
    const sent = await send()
    const { to, execution, apiToken } = sent
    const text = { bytes: new TextEncoder().encode('<svg onload=1>'), contentType: 'image/png' as const }
    const front = { ...execution, credentialId: sent.id.id, apiToken }
    await expect(to.uploadPart(front, 'FRONT', text)).rejects.toMatchObject({ status: 400 })
    await expect(to.uploadPart(front, 'FACE', jpeg)).rejects.toMatchObject({ code: 'not_found' })
    await finished(sent)
    await expect(to.uploadPart(front, 'FRONT', jpeg)).rejects.toMatchObject({ status: 400 })
    await expect(to.finalize({ ...execution, apiToken })).rejects.toMatchObject({ status: 400 })
  })
})

describe('time and forgetting', () => {
  it('tells a link that was never used from a check that was left', async () => {
    const to = client()
    const never = await to.createAccount(order({ tokenLifetime: '5m' }))
    const left = await send()
    service.clock.advance(16 * 60_000)
    await service.verifier.sweep()
    const late = client()
    const statusesOf = async (accountId: string, workflowExecutionId: string) =>
      late.details({ accountId, workflowExecutionId })
    const first = await statusesOf(never.account.id, never.workflowExecution.id)
    const second = await statusesOf(left.execution.accountId, left.execution.workflowExecutionId)
    expect(first.workflow.status).toBe('TOKEN_EXPIRED')
    expect(second.workflow.status).toBe('SESSION_EXPIRED')
    for (const details of [first, second]) expect(outcomePlatform(details, asked).outcome).toBe('expired')
  })

  it('deleting a person removes every transaction and its pictures, and twice is fine', async () => {
    const sent = await send()
    await finished(sent)
    const again = await sent.to.updateAccount(sent.execution.accountId, order({ customerInternalReference: 'case-2' }))
    expect(again.account.id).toBe(sent.execution.accountId)
    const place = join(
      service.folder,
      sent.execution.workflowExecutionId.slice(0, 2),
      sent.execution.workflowExecutionId,
    )
    expect(existsSync(place)).toBe(true)
    await sent.to.eraseAccount(sent.execution.accountId)
    expect(existsSync(place)).toBe(false)
    await expect(sent.to.details(sent.execution)).rejects.toMatchObject({ code: 'not_found' })
    await sent.to.eraseAccount(sent.execution.accountId)
  })
})
