import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  type Capability,
  capabilityDataOf,
  capabilityLabels,
  type DecisionType,
  DetailsResponse,
  outcomePlatform,
  platformWorkflows,
} from './index.ts'

const sample = (): Record<string, unknown> & { capabilities: Record<string, unknown>; decision: unknown } =>
  JSON.parse(readFileSync(new URL('../../fixtures/platform/details-passed.json', import.meta.url), 'utf8'))
const asked = { workflowKey: '10164', faceRequired: true }
/** A result in which everything passed but this capability, and the whole follows from it. */
const withEntry = (capability: string, type: string, label: string) => {
  const body = sample()
  const entries = (body.capabilities[capability] as Record<string, unknown>[] | undefined) ?? [{ id: 'x' }]
  body.capabilities[capability] = entries.map((entry) => ({ ...entry, decision: { type, details: { label } } }))
  body.decision = { type, details: { label: type } }
  return outcomePlatform(DetailsResponse.parse(body), asked)
}
/** What a result may come to: only a pass may be an approval, and a doubt is for a person. */
const allowed: Readonly<Record<DecisionType, readonly string[]>> = {
  PASSED: ['approved'],
  REJECTED: ['rejected', 'retry'],
  WARNING: ['review'],
  NOT_EXECUTED: ['review'],
}

describe('each label that is documented', () => {
  for (const [capability, byType] of Object.entries(capabilityLabels))
    for (const [type, labels] of Object.entries(byType))
      for (const label of labels)
        it(`${capability} ${type} ${label}`, () => {
          const { outcome, reasons, codes } = withEntry(capability, type, label)
          expect(allowed[type as DecisionType]).toContain(outcome)
          if (outcome === 'approved') return
          expect(reasons.length).toBeGreaterThan(0)
          expect(codes.join(' ').length).toBeGreaterThan(0)
        })

  it('is one of those that mean a lie, or one that the person can mend', () => {
    const outcomeOf = (capability: Capability, label: string) => withEntry(capability, 'REJECTED', label).outcome
    for (const label of capabilityLabels.usability.REJECTED) expect(outcomeOf('usability', label), label).toBe('retry')
    for (const capability of ['imageChecks', 'dataChecks', 'similarity', 'authentication'] as const)
      for (const label of capabilityLabels[capability].REJECTED)
        expect(outcomeOf(capability, label), label).toBe('rejected')
    for (const label of ['ID_USED_AS_SELFIE', 'DIGITAL_COPY', 'PHOTOCOPY', 'MANIPULATED'])
      expect(outcomeOf('liveness', label), label).toBe('rejected')
  })

  it('of tomorrow is judged by its type, and never approved by an unknown one', () => {
    for (const capability of Object.keys(capabilityLabels)) {
      expect(withEntry(capability, 'REJECTED', 'NEW_LABEL').outcome).toMatch(/^(rejected|retry)$/)
      expect(withEntry(capability, 'WARNING', 'NEW_LABEL').outcome).toBe('review')
      expect(withEntry(capability, 'NEW_TYPE', 'OK').outcome).toBe('review')
    }
  })
})

describe('a workflow', () => {
  it('that asks for more than the answer holds is never approved', () => {
    const judged = Object.keys(platformWorkflows).filter(
      (workflowKey) =>
        outcomePlatform(DetailsResponse.parse(sample()), { ...asked, workflowKey }).outcome === 'approved',
    )
    // The sample holds a document, a face and liveness, no screening and no authentication.
    expect(judged.sort()).toEqual(['1', '10011', '10163', '10164', '2', '20', '3', '5', '6'].sort())
    for (const workflowKey of ['10006', '10026', '99999']) {
      const bare = sample()
      bare.capabilities = { biometricVerification: [{ decision: { type: 'PASSED', details: { label: 'LOW_RISK' } } }] }
      expect(outcomePlatform(DetailsResponse.parse(bare), { ...asked, workflowKey }).outcome).toBe('review')
    }
  })

  it('with screening needs the pass that says OK', () => {
    const body = sample()
    const screened = (type: string, label: string) => {
      body.capabilities.watchlistScreening = [{ decision: { type, details: { label } } }]
      return outcomePlatform(DetailsResponse.parse(body), { ...asked, workflowKey: '32' }).outcome
    }
    expect(screened('PASSED', 'OK')).toBe('approved')
    expect(screened('PASSED', 'ALERT')).toBe('review')
    expect(screened('WARNING', 'ALERT')).toBe('review')
    expect(screened('NOT_EXECUTED', 'NOT_ENOUGH_DATA')).toBe('review')
  })
})

describe('what the newer reference adds', () => {
  it('is read: children, feedback, capture, reusable identity, consent, screening, addresses, licence classes', () => {
    const body = sample()
    Object.assign(body.workflow as object, { childIds: ['wf-2'] })
    Object.assign(body, {
      feedback: { status: 'FRAUD' },
      credentials: {
        id: 'c',
        category: 'ID',
        clientIp: '203.0.113.7',
        parts: { classifier: 'FRONT', captureType: 'MANUAL' },
        reusableIdentity: { status: 'USED', source: 'x' },
        consent: { decisionAccepted: true, collectedBy: 'JUMIO' },
      },
    })
    body.capabilities.watchlistScreening = {
      decision: { type: 'WARNING', details: { label: 'ALERT' } },
      data: { searchStatus: 'SUCCESS', searchResults: '2', searchId: 7 },
    }
    body.capabilities.imageChecks = [
      {
        decision: { type: 'PASSED', details: { label: 'OK' } },
        data: { faceSearchFindings: { status: 'DONE', findings: 'wf-9' } },
      },
    ]
    body.capabilities.extraction = [
      {
        decision: { type: 'PASSED', details: { label: 'OK' } },
        data: {
          currentAge: 37,
          address: { line1: 'Hill 1', city: null },
          cpf: '1',
          dlCategories: { category: 'B', isReadable: false },
        },
      },
    ]
    const details = DetailsResponse.parse(body)
    expect(details.workflow.childIds).toEqual(['wf-2'])
    expect(details.feedback?.status).toBe('FRAUD')
    expect(details.credentials[0]).toMatchObject({
      clientIp: '203.0.113.7',
      parts: [{ captureType: 'MANUAL' }],
      reusableIdentity: { status: 'USED' },
      consent: { decisionAccepted: 'true' },
    })
    expect(capabilityDataOf(details, 'watchlistScreening')).toEqual([
      { searchStatus: 'SUCCESS', searchResults: 2, searchId: '7' },
    ])
    expect(capabilityDataOf(details, 'imageChecks')[0]?.faceSearchFindings).toEqual({
      status: 'DONE',
      findings: ['wf-9'],
    })
    const [read] = capabilityDataOf(details, 'extraction')
    expect(read).toMatchObject({ currentAge: '37', address: { line1: 'Hill 1' }, cpf: '1' })
    expect(read?.dlCategories).toEqual([{ category: 'B', isReadable: 'false' }])
    expect(capabilityDataOf(details, 'authentication')).toEqual([])
  })
})
