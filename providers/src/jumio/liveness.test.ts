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
