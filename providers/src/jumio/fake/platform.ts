import { randomUUID } from 'node:crypto'
import type { Scenario } from '../../conformance/service.ts'
import { type FakeAnswer, type FakeRequest, type Generation, namesCompany, sample } from './generation.ts'

type Entry = { decision: { type: string; details: { label: string } }; data?: Record<string, unknown> }
type Details = {
  workflow: Record<string, unknown>
  account: Record<string, unknown>
  capabilities: Record<string, Entry[]>
}
type Stored = { readonly account: string; readonly workflow: string; readonly order: Record<string, unknown> }

const files: Record<Scenario, string> = {
  approve: 'passed',
  reject: 'rejected',
  no_match: 'rejected-no-match',
  not_live: 'rejected-liveness',
  retry: 'rejected-blurred',
  nothing_sent: 'not-executed',
  pending: 'passed',
  unknown_status: 'passed',
  unknown_verdict: 'passed',
  unknown_face: 'passed',
  face_missing: 'passed-missing-similarity',
  placeholders: 'passed',
  foreign_order: 'passed',
  foreign_reference: 'passed',
}

const change: Partial<Record<Scenario, (details: Details) => void>> = {
  pending: ({ workflow }) => Object.assign(workflow, { status: 'ACQUIRED' }),
  unknown_status: ({ workflow }) => Object.assign(workflow, { status: 'FINISHED' }),
  unknown_verdict: (details) =>
    Object.assign(details, { decision: { type: 'APPROVED', details: { label: 'APPROVED' } } }),
  unknown_face: ({ capabilities }) =>
    Object.assign(capabilities.similarity?.[0] ?? {}, {
      decision: { type: 'PASSED', details: { label: 'PROBABLY' } },
    }),
  placeholders: ({ capabilities }) =>
    Object.assign(capabilities.extraction?.[0]?.data ?? {}, {
      firstName: 'N/A',
      lastName: 'n/a',
      documentNumber: '<<<<<',
    }),
  foreign_order: ({ workflow }) =>
    Object.assign(workflow, { customerInternalReference: randomUUID(), userReference: randomUUID() }),
  foreign_reference: ({ workflow, account }) => {
    workflow.id = randomUUID()
    account.id = randomUUID()
  },
}

const client = 'fake-client'
const secret = 'Canary-Secret-Platform'

/** The Platform (contract section 4), every host of it on one address, as far as a provider needs it. */
export const fakePlatform = (): Generation => {
  let scenario: Scenario = 'approve'
  let file: string | null = null
  const stored = new Map<string, Stored>()
  const tokens = new Set<string>()
  const ok = (body: unknown): FakeAnswer => ({ status: 200, body })
  const problem = (status: number): FakeAnswer => ({
    status,
    body: JSON.parse(sample(`platform/error-${status}.json`)),
  })

  const detailsOf = (found: Stored): Details => {
    const details = JSON.parse(sample(file ?? `platform/details-${files[scenario]}.json`)) as Details
    const { customerInternalReference, userReference } = found.order
    Object.assign(details.workflow, { id: found.workflow, customerInternalReference, userReference })
    details.account.id = found.account
    if (!file) change[scenario]?.(details)
    return details
  }

  const open = (request: FakeRequest, base: string): FakeAnswer => {
    const found = { account: randomUUID(), workflow: randomUUID(), order: JSON.parse(request.body) }
    stored.set(found.account, found)
    return ok({
      timestamp: new Date().toISOString(),
      account: { id: found.account },
      web: { href: `${base}/web/v4/app?authorizationToken=${randomUUID()}&locale=en` },
      workflowExecution: { id: found.workflow, credentials: [] },
    })
  }

  const answer = (request: FakeRequest, base: string): FakeAnswer => {
    if (!namesCompany(request)) return { status: 403, body: {} }
    if (request.path === '/oauth2/token') {
      const expected = `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}`
      if (request.headers.authorization !== expected || request.body !== 'grant_type=client_credentials')
        return { status: 401, body: JSON.parse(sample('platform/token-error-401-rfc6749.json')) }
      const token = randomUUID()
      tokens.add(token)
      return ok({ access_token: token, expires_in: 3600, token_type: 'Bearer' })
    }
    if (!tokens.has(request.headers.authorization?.replace('Bearer ', '') ?? '')) return problem(401)
    if (request.path === '/api/v1/accounts' && request.method === 'POST') return open(request, base)
    const [, account = '', , workflow, rest] =
      /^\/api\/v1\/accounts\/([\w-]+)(\/workflow-executions\/([\w-]+)(\/status)?)?$/.exec(request.path) ?? []
    const found = stored.get(account)
    if (!found || (workflow !== undefined && workflow !== found.workflow)) return problem(404)
    if (request.method === 'DELETE') {
      stored.delete(account)
      return ok({})
    }
    const details = detailsOf(found)
    if (rest === undefined) return ok(details)
    const { id, status, definitionKey } = details.workflow
    return ok({ account: { id: details.account.id }, workflowExecution: { id, status, definitionKey } })
  }

  const webhook = (body: string, contentType = 'application/json') => ({
    headers: { 'content-type': contentType },
    body: new TextEncoder().encode(body),
  })
  return {
    config: (address) => ({ generation: 'platform', clientId: client, clientSecret: secret, endpoint: address }),
    secretSettings: ['clientSecret'],
    canaries: ['Nerys', 'Caldwynne', 'C41588190377', '1988-11-05', secret],
    document: {
      type: 'DRIVING_LICENSE',
      country: 'USA',
      number: 'C41588190377',
      firstName: 'NERYS ODALYS',
      lastName: 'CALDWYNNE',
      dateOfBirth: '1988-11-05',
      expiry: '2030-11-05',
    },
    opens: (request) => request.path === '/api/v1/accounts',
    answer,
    setScenario: (next) => {
      scenario = next
      file = null
    },
    serveFixture: (next) => {
      scenario = 'approve'
      file = next
    },
    webhooks(reference) {
      const [accountId = '', workflowId = ''] = reference.split('/')
      const body = JSON.parse(sample('platform/callback-processed-short-href.json')) as Details & {
        workflowExecution: Record<string, unknown>
      }
      body.account.id = accountId
      body.workflowExecution.id = workflowId
      return {
        real: webhook(JSON.stringify(body)),
        invalid: [
          webhook(''),
          webhook('{'),
          webhook('[]'),
          webhook('{"account":{"id":"../../etc"},"workflowExecution":{"id":"x"}}'),
          webhook(JSON.stringify(body), 'text/plain'),
          webhook(sample('v4/callback-approved.form'), 'application/x-www-form-urlencoded'),
          { ...webhook(''), body: new Uint8Array([0xff, 0xfe, 0x00]) },
        ],
      }
    },
  }
}
