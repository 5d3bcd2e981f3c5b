import { DataResponse, DetailsResponse } from '@veridoor/jumio'
import { expect, it } from 'vitest'
import { sample } from './fake/generation.ts'
import { mapPlatform } from './map-platform.ts'
import { mapV4 } from './map-v4.ts'

type Json = Record<string, Record<string, unknown>>
const asked = { workflowKey: '10164', faceRequired: true }
const livenessOf = (finding: ReturnType<typeof mapV4>) =>
  finding.state === 'final' ? finding.checks.liveness : 'pending'

it('a service that did not look at liveness is taken at its word, in either generation; silence is a look', () => {
  const v4 = JSON.parse(sample('v4/retrieval-data-approved.json')) as Json
  expect(livenessOf(mapV4(DataResponse.parse(v4), 200))).toBe('pass')
  Object.assign(v4.verification?.identityVerification as object, { reason: 'LIVENESS_NOT_ASSESSED' })
  expect(livenessOf(mapV4(DataResponse.parse(v4), 200))).toBe('not_assessed')

  const platform = JSON.parse(sample('platform/details-passed.json')) as Json
  expect(livenessOf(mapPlatform(DetailsResponse.parse(platform), asked))).toBe('pass')
  const [entry] = (platform.capabilities?.liveness ?? []) as object[]
  if (!entry) throw new Error('the sample has no liveness')
  Object.assign(entry, { data: { type: 'NOT_ASSESSED' } })
  expect(livenessOf(mapPlatform(DetailsResponse.parse(platform), asked))).toBe('not_assessed')
})

it('where movements are required and nobody looked, liveness is not assessed and a person decides, in either generation', () => {
  const v4 = JSON.parse(sample('v4/retrieval-data-approved.json')) as Json
  Object.assign(v4.verification?.identityVerification as object, { validity: 'false', reason: 'LIVENESS_NOT_ASSESSED' })
  const found = mapV4(DataResponse.parse(v4), 200)
  expect([livenessOf(found), found.state === 'final' && found.outcome]).toEqual(['not_assessed', 'review'])

  const platform = JSON.parse(sample('platform/details-passed.json')) as Json
  const [entry] = (platform.capabilities?.liveness ?? []) as object[]
  if (!entry) throw new Error('the sample has no liveness')
  Object.assign(entry, {
    decision: { type: 'NOT_EXECUTED', details: { label: 'PRECONDITION_NOT_FULFILLED' } },
    data: { type: 'NOT_ASSESSED' },
  })
  Object.assign(platform.decision as object, { type: 'WARNING', details: { label: 'WARNING' } })
  const again = mapPlatform(DetailsResponse.parse(platform), asked)
  expect([livenessOf(again), again.state === 'final' && again.outcome]).toEqual(['not_assessed', 'review'])
})

it('a movement check that failed is a failed liveness, in either generation, and nothing of it is approved', () => {
  const v4 = JSON.parse(sample('v4/retrieval-data-approved.json')) as Json
  Object.assign(v4.verification?.identityVerification as object, { validity: 'false', reason: 'LIVENESS_FAILED' })
  const rejected = mapV4(DataResponse.parse(v4), 200)
  expect(livenessOf(rejected)).toBe('fail')
  expect(rejected.state === 'final' && rejected.outcome).toBe('rejected')

  const platform = JSON.parse(sample('platform/details-passed.json')) as Json
  const [entry] = (platform.capabilities?.liveness ?? []) as object[]
  if (!entry) throw new Error('the sample has no liveness')
  Object.assign(entry, { decision: { type: 'REJECTED', details: { label: 'LIVENESS_UNDETERMINED' } } })
  Object.assign(platform.decision as object, { type: 'REJECTED', details: { label: 'REJECTED' } })
  const again = mapPlatform(DetailsResponse.parse(platform), asked)
  expect(livenessOf(again)).toBe('fail')
  // The wire has no plainer label for it, and reads this one as "try again" (section 5.2, rule 7).
  expect(again.state === 'final' && again.outcome).toBe('retry')
})
