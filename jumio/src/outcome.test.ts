import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  asksForFace,
  DataResponse,
  DetailsResponse,
  type Outcome,
  outcomePlatform,
  outcomeV4,
  type ReasonCode,
  reasonSentences,
  toBoolean,
  verificationStatuses,
} from './index.ts'

const orUnknown = (...known: readonly unknown[]) =>
  fc.oneof(fc.constantFrom(...known), fc.constant(undefined), fc.constant(null), fc.constant('SOMETHING_NEW'))

describe('an approval by Netverify v4', () => {
  const answer = fc.record({
    scanReference: fc.constant('ref'),
    transaction: fc.record({ status: orUnknown('PENDING', 'DONE', 'FAILED') }),
    document: fc.record({ status: orUnknown(...verificationStatuses) }),
    verification: fc.option(
      fc.record({
        rejectReason: orUnknown({ rejectReasonCode: '100' }, '{"rejectReasonCode":"106"}'),
        identityVerification: fc.option(
          fc.record({
            similarity: orUnknown('MATCH', 'NO_MATCH', 'NOT_POSSIBLE'),
            validity: fc.constantFrom(true, false, 'true', 'TRUE', 'false', 'yes', '1', '', null, undefined),
            reason: orUnknown('LIVENESS_FAILED', 'BAD_QUALITY', 'VALID'),
          }),
        ),
      }),
    ),
  })

  it('follows from one combination only, whatever else is sent', () => {
    fc.assert(
      fc.property(answer, fc.constantFrom(100, 200), (body, workflowId) => {
        const data = DataResponse.parse(body)
        const { outcome } = outcomeV4(data, asksForFace(workflowId))
        if (outcome !== 'approved') return
        const face = data.verification?.identityVerification
        expect(data.transaction.status).toBe('DONE')
        expect(data.document.status).toBe('APPROVED_VERIFIED')
        expect(data.verification?.rejectReason ?? null).toBeNull()
        if (face || workflowId === 200) {
          expect(face?.similarity).toBe('MATCH')
          expect(toBoolean(face?.validity)).toBe(true)
        }
      }),
      { numRuns: 5000 },
    )
  })
})

describe('an approval by the Platform', () => {
  const decision = fc.record({
    type: fc.constantFrom(
      'PASSED',
      'PASSED',
      'PASSED',
      'PASSED',
      'REJECTED',
      'WARNING',
      'NOT_EXECUTED',
      'NEW',
      undefined,
    ),
    details: fc.record({ label: fc.constantFrom('OK', 'MATCH', 'NO_MATCH', 'NEW', undefined) }),
  })
  const names = ['usability', 'imageChecks', 'extraction', 'dataChecks', 'similarity', 'liveness', 'somethingNew']
  const entry = (category: string) => fc.record({ credentials: fc.constant([{ id: 'c', category }]), decision })
  const answer = fc.record({
    workflow: fc.record({ id: fc.constant('w'), status: fc.constantFrom('PROCESSED', 'PROCESSED', 'ACQUIRED', 'NEW') }),
    account: fc.constant({ id: 'a' }),
    decision: fc.option(decision, { nil: undefined }),
    capabilities: fc.record(Object.fromEntries(names.map((name) => [name, fc.array(entry('ID'), { maxLength: 2 })])), {
      requiredKeys: names.slice(0, 3),
    }),
  })

  it('needs every capability asked for, each entry passed, and a final status', () => {
    fc.assert(
      fc.property(answer, (body) => {
        const details = DetailsResponse.parse(body)
        if (outcomePlatform(details, { workflowKey: 10164, faceRequired: true }).outcome !== 'approved') return
        expect(details.workflow.status).toBe('PROCESSED')
        for (const name of names.slice(0, 6)) {
          expect(details.capabilities[name]?.length ?? 0).toBeGreaterThan(0)
          for (const one of details.capabilities[name] ?? []) expect(one.decision?.type).toBe('PASSED')
        }
        for (const one of details.capabilities.similarity ?? []) expect(one.decision?.details?.label).toBe('MATCH')
      }),
      { numRuns: 5000 },
    )
  })
})

describe('types', () => {
  it('make a caller treat every outcome, and let no unknown word in as known', () => {
    expectTypeOf<ReturnType<typeof outcomeV4>['outcome']>().toEqualTypeOf<Outcome>()
    expectTypeOf<ReturnType<typeof outcomePlatform>['reasons']>().toEqualTypeOf<readonly ReasonCode[]>()
    expectTypeOf<DataResponse['document']['status']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<DataResponse['document']['firstName']>().toEqualTypeOf<string | undefined>()
  })

  it('give every reason a sentence for the person and one for staff', () => {
    for (const { person, staff } of Object.values(reasonSentences)) {
      expect(person).toMatch(/^[A-Z].*\.$/)
      expect(person).not.toMatch(/[A-Z]{2,}_|\d{3}|fraud/)
      expect(staff).toMatch(/\.$/)
    }
  })
})
