import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { JumioError } from '../errors.ts'
import {
  AccountRequest,
  AccountResponse,
  checkAccount,
  DetailsResponse,
  ExecutionStatusResponse,
  extractionOf,
  HealthResponse,
  outcomeOfStatus,
  outcomePlatform,
  readPlatformCallback,
  readPlatformRedirect,
  StepsResponse,
  UploadResponse,
} from './index.ts'
import { ProblemBody, TokenResponse } from './schemas.ts'

const read = (file: string): string => readFileSync(new URL(`../../fixtures/${file}`, import.meta.url), 'utf8')
const json = (file: string): unknown => JSON.parse(read(file))
type Entry = { file: string; generation: string; kind: string; expected?: string }
const entries = (json('index.json') as { fixtures: Entry[] }).fixtures.filter(
  (entry) => entry.generation === 'platform',
)
const asked = { workflowKey: '10164', faceRequired: true }
const judge = (details: unknown, how = asked) => outcomePlatform(DetailsResponse.parse(details), how)

type Decided = { decision: { type: string; details: { label: string } } }
type Details = {
  workflow: Record<string, unknown>
  decision?: { type: string; details: { label: string } }
  capabilities: Record<string, Decided[]>
}
/** A sample with one change. */
const changed = (file: string, change: (details: Details) => void): Details => {
  const details = json(`platform/${file}.json`) as Details
  change(details)
  return details
}
const setLabel = (details: Details, capability: string, type: string, label: string): void => {
  for (const entry of details.capabilities[capability] ?? []) entry.decision = { type, details: { label } }
}

describe('every Platform fixture with an expected outcome', () => {
  const judged = entries.filter((entry) => entry.expected)

  it('has them all', () => {
    expect(entries).toHaveLength(40)
    expect(judged).toHaveLength(21)
  })

  for (const { file, expected } of judged)
    it(`${file} is ${expected}`, () => {
      if (file.includes('/details-')) return expect(judge(json(file)).outcome).toBe(expected)
      const status = file.includes('/callback-')
        ? readPlatformCallback(read(file))?.status
        : ExecutionStatusResponse.parse(json(file)).workflowExecution.status
      const told = outcomeOfStatus(status)
      return expect(told === 'fetch' ? 'fetch details' : told).toBe(expected)
    })
})

describe('the wire', () => {
  it('reads every other fixture', () => {
    expect(
      checkAccount(AccountRequest.parse(json('platform/account-create-request.json')), false).customerInternalReference,
    ).toBe('case-0101')
    expect(AccountRequest.parse(json('platform/account-update-request.json')).customerInternalReference).toBe(
      'case-0102',
    )
    expect(AccountResponse.parse(json('platform/account-create-response.json')).web?.href).toContain('https://')
    expect(AccountResponse.parse(json('platform/account-create-response-api-only.json')).web).toBeUndefined()
    expect(UploadResponse.parse(json('platform/credential-upload-response.json')).api?.token).toBe('FIXTURE-API-TOKEN')
    expect(UploadResponse.parse(json('platform/finalize-response.json')).workflowExecution.id).toHaveLength(36)
    expect(TokenResponse.parse(json('platform/token-response.json')).expires_in).toBe(3600)
    expect(StepsResponse.parse(json('platform/steps.json')).steps[0]?.name).toBe('ID_IV')
    expect(HealthResponse.parse(json('platform/health-up.json'))).toEqual({ status: 'UP', details: {} })
    expect(HealthResponse.parse(json('platform/health-degraded.json')).details.callback).toBe('DEGRADED')
    for (const status of ['400', '401', '403', '404', '429'])
      expect(ProblemBody.parse(json(`platform/error-${status}.json`)).status).toBe(Number(status))
  })

  it('reads redirect parameters of the page and of the web component', () => {
    const redirects = json('platform/redirects.json') as Record<string, string>
    const redirectOf = (name: string) => readPlatformRedirect(new URL(redirects[name] ?? '').searchParams)
    expect(redirectOf('success')).toMatchObject({ status: 'SUCCESS', errorCode: undefined })
    expect(redirectOf('error').errorCode).toBe('9836')
    expect(redirectOf('webSdkError')).toMatchObject({ status: 'ERROR', errorCode: '9800' })
  })

  it('refuses the mock tenant’s JSON in a reference, and every other broken limit, before anything is sent', () => {
    const request = (change: object) => ({
      customerInternalReference: 'case-1',
      workflowDefinition: { key: 10164 },
      ...change,
    })
    const fieldsOf = (change: object): readonly string[] => {
      try {
        checkAccount(request(change) as AccountRequest, false)
        return []
      } catch (error) {
        return error instanceof JumioError ? error.fields : ['?']
      }
    }
    expect(fieldsOf({})).toEqual([])
    expect(fieldsOf(json('platform/mock-service-request.json') as object)).toEqual(['customerInternalReference'])
    expect(fieldsOf({ tokenLifetime: '4m' })).toEqual(['tokenLifetime'])
    expect(fieldsOf({ tokenLifetime: '61d' })).toEqual(['tokenLifetime'])
    expect(fieldsOf({ callbackUrl: 'https://a.example:8443/x' })).toEqual(['callbackUrl'])
    expect(fieldsOf({ web: { successUrl: 'https://a.example/?accountId=1' } })).toEqual(['web.successUrl'])
  })

  it('takes timestamps with no to three fraction digits', () => {
    for (const fraction of ['', '.1', '.12', '.123']) {
      const body = {
        ...(json('platform/callback-processed.json') as object),
        callbackSentAt: `2025-03-04T09:22:41${fraction}Z`,
      }
      expect(readPlatformCallback(JSON.stringify(body))?.sentAt?.toISOString()).toContain('2025-03-04T09:22:41.')
    }
  })

  it('reads nothing from what is no callback', () => {
    for (const body of ['', 'a=b', '[]', '{"account":{"id":"../x"},"workflowExecution":{"id":"y"}}', '{"account":1}'])
      expect(readPlatformCallback(body)).toBeNull()
  })

  it('reads what the document says from the extraction that passed', () => {
    const read = extractionOf(DetailsResponse.parse(json('platform/details-passed.json')))
    expect(read).toMatchObject({ documentNumber: 'C41588190377', currentAge: '36' })
    expect(extractionOf(DetailsResponse.parse(json('platform/details-rejected.json')))).toBeUndefined()
  })
})

describe('an approval', () => {
  const required = ['usability', 'imageChecks', 'extraction', 'dataChecks', 'similarity', 'liveness']
  for (const capability of required) {
    it(`needs ${capability} to be there`, () => {
      expect(judge(changed('details-passed', (details) => delete details.capabilities[capability])).outcome).toBe(
        'review',
      )
      expect(
        judge(
          changed('details-passed', (details) => {
            details.capabilities[capability] = []
          }),
        ).outcome,
      ).toBe('review')
    })
    for (const type of ['REJECTED', 'WARNING', 'NOT_EXECUTED', 'SOMETHING_NEW'])
      it(`never follows from ${capability} being ${type}`, () => {
        const details = changed('details-passed', (made) => setLabel(made, capability, type, 'SOMETHING_NEW'))
        expect(judge(details).outcome).toBe('review')
      })
  }

  it('does not need a face map that was not uploaded, when liveness passed', () => {
    const details = changed('details-passed', (made) => {
      const last = made.capabilities.usability?.[2]
      if (last) last.decision = { type: 'NOT_EXECUTED', details: { label: 'NOT_UPLOADED' } }
    })
    expect(judge(details).outcome).toBe('approved')
  })

  it('never follows from an unknown status or decision', () => {
    expect(judge(changed('details-passed', (made) => (made.workflow.status = 'FINISHED'))).outcome).toBe('review')
    expect(judge(changed('details-passed', (made) => delete made.workflow.status)).outcome).toBe('review')
    const other = { type: 'APPROVED', details: { label: 'OK' } }
    expect(judge(changed('details-passed', (made) => Object.assign(made, { decision: other }))).outcome).toBe('review')
  })

  it('never follows when another capability speaks against it', () => {
    const screened = changed('details-passed', (made) => {
      made.capabilities.watchlistScreening = [{ decision: { type: 'WARNING', details: { label: 'ALERT' } } }]
    })
    expect(judge(screened).outcome).toBe('review')
    expect(judge(json('platform/details-passed.json'), { workflowKey: '32', faceRequired: true }).outcome).toBe(
      'review',
    )
  })

  it('never follows when the face was seen in another workflow', () => {
    const withFindings = (findings: unknown) =>
      judge(
        changed('details-passed', (made) => {
          const [first] = made.capabilities.imageChecks ?? []
          Object.assign(first ?? {}, { data: { faceSearchFindings: { status: 'DONE', findings } } })
        }),
      )
    expect(withFindings(['6a9bd6ea-1d2f-4f4e-9a37-1f1b3b8a0c11'])).toMatchObject({
      outcome: 'review',
      codes: ['faceSearchFindings:repeated'],
    })
    expect(withFindings([]).outcome).toBe('approved')
  })

  it('asks for a face when the workflow we asked for has one, whatever key answers', () => {
    const faceless = changed('details-passed-missing-similarity', (made) => delete made.capabilities.liveness)
    expect(judge(faceless, { workflowKey: '2', faceRequired: false }).outcome).toBe('approved')
    expect(judge(faceless, { workflowKey: '10011', faceRequired: false }).outcome).toBe('review')
    expect(judge(faceless, { workflowKey: '54321', faceRequired: true }).outcome).toBe('review')
  })

  it('may follow from an older workflow without a decision of its own', () => {
    const old = (file: string) => judge(changed(file, (made) => delete made.decision)).outcome
    expect(old('details-passed')).toBe('approved')
    expect(old('details-rejected')).toBe('rejected')
    expect(old('details-rejected-blurred')).toBe('retry')
    expect(old('details-warning')).toBe('review')
  })
})

describe('reasons', () => {
  const reasonsOf = (file: string) => judge(json(`platform/${file}.json`)).reasons
  it('tell the person what to mend, and never which sign of fraud was seen', () => {
    expect(reasonsOf('details-rejected-blurred')).toEqual(['photo_blurry'])
    expect(reasonsOf('details-unsupported-document')).toEqual(['document_unsupported'])
    expect(reasonsOf('details-rejected')).toEqual(['document_not_accepted'])
    expect(reasonsOf('details-rejected-no-match')).toEqual(['face_no_match'])
    expect(reasonsOf('details-rejected-liveness')).toEqual(['selfie_not_accepted'])
    expect(reasonsOf('details-session-expired-legacy')).toEqual(['timed_out'])
  })

  it('send Jumio’s own trouble to a human, not to a rejection', () => {
    const details = changed('details-rejected-blurred', (made) =>
      setLabel(made, 'liveness', 'NOT_EXECUTED', 'TECHNICAL_ERROR'),
    )
    expect(judge(details).outcome).toBe('review')
  })

  it('give staff words only, never text from the wire', () => {
    const details = changed('details-rejected', (made) =>
      setLabel(made, 'imageChecks', 'REJECTED', 'Nerys Caldwynne 1988-11-05'),
    )
    expect(judge(details).codes.join()).not.toMatch(/Nerys|1988/)
  })
})
