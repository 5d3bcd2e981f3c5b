import { createV4Client, outcomeV4, readV4Callback } from '@veridoor/jumio'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { findSession } from '../src/session/store.ts'
import { sendArrived } from '../src/wires/send-callback.ts'
import { engineOf, jpeg, passed, startVerifier, type TestVerifier, until } from './test-verifier.ts'

/** The extra callback of `callbackGranularity` (wire contract, 3.14). The engine assesses when it is let. */
const told = { held: Promise.resolve(), release: () => {} }
const hold = (): void => {
  told.held = new Promise((resolve) => {
    told.release = resolve
  })
}
const engine = engineOf(async (name) => {
  if (name !== 'assess') return []
  await told.held
  return passed
})

let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('arrived', { engine })
})
afterAll(() => service.stop())
beforeEach(() => {
  service.clock.advance(10_000)
  service.received.length = 0
  hold()
})

const client = () =>
  createV4Client({ baseUrl: service.url, token: 'acme', secret: 'acme-secret', userAgent: 'Acme Test/1.0' })
const perform = async (callbackGranularity?: 'onFinish' | 'onAllSteps') => {
  const { jumioIdScanReference } = await client().performNetverify({
    merchantIdScanReference: 'case-1',
    customerId: 'person-1',
    merchantReportingCriteria: 'spring',
    frontsideImage: jpeg.toString('base64'),
    enabledFields: 'idNumber,idFirstName,idLastName,idDob,idExpiry',
    country: 'AUT',
    idType: 'PASSPORT',
    callbackUrl: service.callbackUrl,
    ...(callbackGranularity ? { callbackGranularity } : {}),
  })
  return jumioIdScanReference
}
const bells = (reference: string) => service.received.filter(({ body }) => body.includes(reference))
const untilSent = (reference: string) =>
  until(async () => ((await findSession(service.deps.db, reference))?.callbackState === 'sent' ? true : undefined))

it('all steps: a bell when the pictures are here, which says nothing of them and is no result, and one at the end', async () => {
  const reference = await perform('onAllSteps')
  const first = await until(() => bells(reference)[0])
  expect(first.type).toBe('application/x-www-form-urlencoded')
  expect(Object.fromEntries(new URLSearchParams(first.body))).toEqual({
    callBackType: 'NETVERIFYID',
    jumioIdScanReference: reference,
    merchantIdScanReference: 'case-1',
    customerId: 'person-1',
    merchantReportingCriteria: 'spring',
    idScanSource: 'API',
    transactionDate: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/),
    callbackDate: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/),
  })
  const read = readV4Callback(first.body)
  if (!read) throw new Error('not read')
  expect([read.data.document.status, outcomeV4(read.data, false).outcome]).toEqual([undefined, 'pending'])
  expect((await client().status(reference)).status).toBe('PENDING')
  expect((await findSession(service.deps.db, reference))?.callbackState).toBe('none')

  told.release()
  await untilSent(reference)
  expect(bells(reference)).toHaveLength(2)
  expect(readV4Callback(bells(reference)[1]?.body ?? '')?.data.document.status).toBe('APPROVED_VERIFIED')
  // Late, since nobody answered before: the end has said more.
  await sendArrived(service.deps, reference)
  expect(bells(reference)).toHaveLength(2)
})

it.each([undefined, 'onFinish'] as const)('%s: the end alone rings', async (granularity) => {
  const reference = await perform(granularity)
  told.release()
  await untilSent(reference)
  expect(bells(reference)).toHaveLength(1)
  expect(bells(reference)[0]?.body).toContain('verificationStatus=APPROVED_VERIFIED')
})

it('is rung again when nobody answers', async () => {
  service.told.callbackStatus = [503]
  const reference = await perform('onAllSteps')
  await until(() => (bells(reference).length > 1 ? true : undefined))
  expect(bells(reference).map(({ body }) => body.includes('verificationStatus'))).toEqual([false, false])
  told.release()
  await untilSent(reference)
})
