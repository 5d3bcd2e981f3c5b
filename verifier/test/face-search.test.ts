import { randomBytes } from 'node:crypto'
import { outcomePlatform, outcomeV4 } from '@veridoor/jumio'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { changeClient } from '../src/clients/clients.ts'
import { passed, startVerifier, type TestVerifier } from './test-verifier.ts'
import { wholeChecks } from './whole-checks.ts'

/** One person on two accounts. The engine is told which face it sees. */
let service: TestVerifier
const checks = wholeChecks(() => service)
beforeAll(async () => {
  service = await startVerifier('verifier_faces')
})
afterAll(() => service?.stop())
beforeEach(async () => {
  service.clock.advance(20_000)
  service.told.assessment = passed
  await service.deps.db.execute('delete from verifier.faces')
  for (const name of ['acme', 'stranger'])
    await changeClient(service.deps.db, name, { findRepeatedFaces: true, retentionDays: 30 })
})

/** A face: unit length, and by `share` like a second one. */
const face = (index: number, share = 0): Float32Array => {
  const values = new Float32Array(128)
  values[index] = Math.sqrt(1 - share * share)
  values[index + 1] = share
  return values
}
const check = async (person: string, descriptor: Float32Array, name = 'acme') => {
  service.told.descriptor = descriptor
  const { reference, data } = await checks.v4(person, name)
  return { reference, data, findings: data.verification?.additionalChecks?.faceSearchFindings }
}
const kept = async () => {
  const { rows } = await service.deps.db.execute<{ session: string; row: string }>(
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
  service.told.descriptor = face(0)
  const details = await checks.platform('person-2')
  expect(details.capabilities.imageChecks?.[0]).toMatchObject({
    decision: { type: 'WARNING', details: { label: 'REPEATED_FACE' } },
    data: { faceSearchFindings: { status: 'DONE', findings: [first.reference] } },
  })
  expect(outcomePlatform(details, { workflowKey: 10164, faceRequired: true }).outcome).toBe('review')
})

it('a face is known where movements are required and nobody saw them, and beside another reason to look', async () => {
  await changeClient(service.deps.db, 'acme', { liveness: 'required', findRepeatedPictures: true })
  service.told.assessment = { ...passed, hashes: { ...passed.hashes, front: randomBytes(32).toString('hex') } }
  const first = await check('person-1', face(0))
  const second = await check('person-2', face(0))
  expect(second.findings?.findings).toContain(first.reference)
  expect(second.data.verification?.signals).toEqual(['picture_seen_before'])
  const details = await checks.platform('person-3')
  expect(details.capabilities.imageChecks?.[0]?.decision).toMatchObject({ details: { label: 'REPEATED_FACE' } })
  expect(details.capabilities.dataChecks?.[0]?.data).toMatchObject({ signals: ['picture_seen_before'] })
  await changeClient(service.deps.db, 'acme', { liveness: 'off' })
})

it('nothing is kept where it is off, of a check that did not match, and of selfies that are none', async () => {
  await changeClient(service.deps.db, 'acme', { findRepeatedFaces: false })
  expect((await check('person-1', face(0))).findings).toBeUndefined()
  await changeClient(service.deps.db, 'acme', { findRepeatedFaces: true })
  service.told.assessment = { ...passed, face: { verdict: 'no_match', cosine: 0.8, similarity: 0.1 } }
  await check('person-1', face(0))
  const signals = ['portrait_equals_selfie'] as const
  service.told.assessment = { ...passed, document: { ...passed.document, signals } }
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
  await checks.call('DELETE', `/api/netverify/v2/scans/${deleted.reference}`, 'acme')
  expect((await kept()).map(({ session }) => session)).toEqual([aged.reference])
  service.clock.advance(31 * 86_400_000)
  await service.verifier.sweep()
  expect(await kept()).toEqual([])
})
