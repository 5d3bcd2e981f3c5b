import { DataResponse, DetailsResponse, outcomePlatform, outcomeV4 } from '@veridoor/jumio'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { changeClient } from '../src/clients.ts'
import { jpeg, passed, startVerifier, until, type VerifierHouse } from './house.ts'

/** One person on two accounts. The engine is told which face it sees. */
let house: VerifierHouse
beforeAll(async () => {
  house = await startVerifier('verifier_faces')
})
afterAll(() => house.stop())
beforeEach(async () => {
  house.clock.advance(20_000)
  house.told.assessment = passed
  await house.parts.db.execute('delete from verifier.faces')
  for (const name of ['acme', 'stranger'])
    await changeClient(house.parts.db, name, { findRepeatedFaces: true, retentionDays: 30 })
})

/** A face: unit length, and by `share` like a second one. */
const face = (index: number, share = 0): Float32Array => {
  const values = new Float32Array(128)
  values[index] = Math.sqrt(1 - share * share)
  values[index + 1] = share
  return values
}
const headersOf = (name: string) => ({
  'content-type': 'application/json',
  'user-agent': 'Acme Test/1.0',
  authorization: `Basic ${Buffer.from(`${name}:${name}-secret`).toString('base64')}`,
})
const call = async (method: string, path: string, name: string, body?: unknown) => {
  house.clock.advance(1_100)
  const answer = await fetch(house.url + path, {
    method,
    headers: headersOf(name),
    ...(body ? { body: JSON.stringify(body) } : { headers: { ...headersOf(name), 'content-type': 'text/plain' } }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  return (await answer.json().catch(() => null)) as any
}
const check = async (person: string, descriptor: Float32Array, name = 'acme') => {
  house.told.descriptor = descriptor
  const picture = jpeg.toString('base64')
  const { jumioIdScanReference: reference } = await call('POST', '/api/netverify/v2/performNetverify', name, {
    merchantIdScanReference: 'case',
    customerId: person,
    frontsideImage: picture,
    faceImage: picture,
    country: 'AUT',
    idType: 'PASSPORT',
    userConsent: { userIp: '203.0.113.9', userLocation: { country: 'AUT' } },
  })
  const data = await until(async () => {
    const found = DataResponse.parse(await call('GET', `/api/netverify/v2/scans/${reference}/data`, name))
    return found.transaction.status === 'DONE' ? found : undefined
  })
  return { reference: reference as string, data, findings: data.verification?.additionalChecks?.faceSearchFindings }
}
const kept = async () => {
  const { rows } = await house.parts.db.execute<{ session: string; row: string }>(
    'select session, t::text as row from verifier.faces t',
  )
  return rows
}

it('a face that comes again with another person of the same client goes to a person, and nobody is refused', async () => {
  const first = await check('person-1', face(0))
  expect(first.findings).toEqual({ status: 'DONE', findings: [] })
  expect(outcomeV4(first.data, true).outcome).toBe('approved')
  // The same person again, somebody else, and the same face with another client: nothing to tell.
  expect((await check('person-1', face(0))).findings?.findings).toEqual([])
  expect((await check('person-3', face(40))).findings?.findings).toEqual([])
  expect((await check('person-2', face(0), 'stranger')).findings?.findings).toEqual([])

  const second = await check('person-2', face(0, 0.3))
  expect(second.data.document.status).toBe('APPROVED_VERIFIED')
  expect(second.findings?.findings).toContain(first.reference)
  expect(outcomeV4(second.data, true)).toMatchObject({ outcome: 'review' })
  // Below the threshold two faces are two people.
  expect((await check('person-4', face(0, -0.5))).findings?.findings).toEqual([])
})

it('the Platform says so as a warning of its picture checks', async () => {
  const first = await check('person-1', face(0))
  const opened = await call('POST', '/api/v1/accounts', 'acme', {
    customerInternalReference: 'case',
    userReference: 'person-2',
    workflowDefinition: { key: 10164 },
    userConsent: { userIp: '203.0.113.9', userLocation: { country: 'AUT' } },
  })
  house.told.descriptor = face(0)
  const path = `/api/v1/accounts/${opened.account.id}/workflow-executions/${opened.workflowExecution.id}`
  const [id, selfie] = opened.workflowExecution.credentials
  for (const [credential, part] of [
    [id, 'FRONT'],
    [selfie, 'FACE'],
  ]) {
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }), 'part.jpg')
    const { authorization, 'user-agent': agent } = headersOf('acme')
    await fetch(`${house.url}${path}/credentials/${credential.id}/parts/${part}`, {
      method: 'POST',
      headers: { authorization, 'user-agent': agent },
      body: form,
    })
  }
  await call('PUT', path, 'acme')
  const details = await until(async () => {
    const found = DetailsResponse.parse(await call('GET', path, 'acme'))
    return found.workflow.status === 'PROCESSED' ? found : undefined
  })
  expect(details.capabilities.imageChecks?.[0]).toMatchObject({
    decision: { type: 'WARNING', details: { label: 'REPEATED_FACE' } },
    data: { faceSearchFindings: { status: 'DONE', findings: [first.reference] } },
  })
  expect(outcomePlatform(details, { workflowKey: 10164, faceRequired: true }).outcome).toBe('review')
})

it('nothing is kept where it is off, of a check that did not match, and of selfies that are none', async () => {
  await changeClient(house.parts.db, 'acme', { findRepeatedFaces: false })
  expect((await check('person-1', face(0))).findings).toBeUndefined()
  await changeClient(house.parts.db, 'acme', { findRepeatedFaces: true })
  house.told.assessment = { ...passed, face: { verdict: 'no_match', cosine: 0.8, similarity: 0.1 } }
  await check('person-1', face(0))
  const signals = ['portrait_equals_selfie'] as const
  house.told.assessment = { ...passed, document: { ...passed.document, signals } }
  await check('person-1', face(0))
  expect(await kept()).toEqual([])
})

it('a kept face is sealed, and goes with its session: by deletion, and after the retention time', async () => {
  const one = face(7, 0.5)
  const deleted = await check('person-1', one)
  const aged = await check('person-2', face(60))
  const rows = await kept()
  expect(rows.map(({ session }) => session).sort()).toEqual([deleted.reference, aged.reference].sort())
  const text = Buffer.from(one.buffer).toString('base64')
  expect(rows.some(({ row }) => row.includes(text.slice(0, 40)))).toBe(false)
  await call('DELETE', `/api/netverify/v2/scans/${deleted.reference}`, 'acme')
  expect((await kept()).map(({ session }) => session)).toEqual([aged.reference])
  house.clock.advance(31 * 86_400_000)
  await house.verifier.sweep()
  expect(await kept()).toEqual([])
})
