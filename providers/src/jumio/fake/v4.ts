import { randomUUID } from 'node:crypto'
import type { Scenario } from '../../conformance/service.ts'
import { type FakeAnswer, type FakeRequest, type Generation, namesCompany, sample } from './generation.ts'

type Json = Record<string, unknown>
type Data = { scanReference: string; document: Json; transaction: Json; verification?: Json }
type Stored = { customerInternalReference: string; userReference: string }

const files: Record<Scenario, string> = {
  approve: 'approved',
  reject: 'denied-fraud',
  no_match: 'approved-no-match',
  not_live: 'approved-liveness-failed',
  retry: 'not-readable',
  nothing_sent: 'no-id-uploaded',
  pending: 'pending',
  unknown_status: 'approved',
  unknown_verdict: 'approved',
  unknown_face: 'approved',
  face_missing: 'approved',
  placeholders: 'approved',
  foreign_order: 'approved',
  foreign_reference: 'approved',
}

const change: Partial<Record<Scenario, (data: Data) => void>> = {
  unknown_status: ({ transaction }) => Object.assign(transaction, { status: 'COMPLETED' }),
  unknown_verdict: ({ document }) => Object.assign(document, { status: 'APPROVED_MAYBE' }),
  unknown_face: ({ verification }) =>
    Object.assign(verification ?? {}, { identityVerification: { similarity: 'PROBABLY', validity: 'true' } }),
  face_missing: ({ verification }) => delete verification?.identityVerification,
  placeholders: ({ document }) => Object.assign(document, { firstName: 'N/A', lastName: 'n/a', number: '<<<<<' }),
  foreign_order: ({ transaction }) =>
    Object.assign(transaction, { merchantScanReference: randomUUID(), customerId: randomUUID() }),
}

const token = 'fake-token'
const secret = 'Canary-Secret-v4'

/** Netverify v4 (contract section 3), as far as a provider needs it. */
export const fakeV4 = (): Generation => {
  let scenario: Scenario = 'approve'
  let file: string | null = null
  const stored = new Map<string, Stored>()

  const dataOf = (reference: string, order: Stored): Data => {
    const data = JSON.parse(sample(file ?? `v4/retrieval-data-${files[scenario]}.json`)) as Data
    data.scanReference = scenario === 'foreign_reference' ? randomUUID() : reference
    Object.assign(data.transaction, {
      merchantScanReference: order.customerInternalReference,
      customerId: order.userReference,
    })
    if (!file) change[scenario]?.(data)
    return data
  }

  const notFound: FakeAnswer = { status: 404, body: JSON.parse(sample('v4/error-404.json')) }
  const answer = (request: FakeRequest, base: string): FakeAnswer => {
    if (!namesCompany(request)) return { status: 403, body: {} }
    const expected = `Basic ${Buffer.from(`${token}:${secret}`).toString('base64')}`
    if (request.headers.authorization !== expected) return { status: 401, body: {} }
    if (request.path === '/api/v4/initiate' && request.method === 'POST') {
      const reference = randomUUID()
      stored.set(reference, JSON.parse(request.body) as Stored)
      const redirectUrl = `${base}/web/v4/app?authorizationToken=${randomUUID()}&locale=en`
      return {
        status: 200,
        body: { timestamp: new Date().toISOString(), transactionReference: reference, redirectUrl },
      }
    }
    if (request.path === '/api/netverify/v2/acceptedIdTypes')
      return { status: 200, body: JSON.parse(sample('v4/accepted-id-types.json')) }
    const [, reference = '', rest = ''] = /^\/api\/netverify\/v2\/scans\/([\w-]+)(\/data)?$/.exec(request.path) ?? []
    const order = stored.get(reference)
    if (!order) return notFound
    if (request.method === 'DELETE') {
      stored.delete(reference)
      return { status: 200, body: {} }
    }
    const data = dataOf(reference, order)
    if (rest === '/data') return { status: 200, body: data }
    return {
      status: 200,
      body: { timestamp: '2025-03-04T10:20:30Z', scanReference: data.scanReference, status: data.transaction.status },
    }
  }

  const webhook = (body: string, contentType = 'application/x-www-form-urlencoded; charset=UTF-8') => ({
    headers: { 'content-type': contentType },
    body: new TextEncoder().encode(body),
  })
  return {
    config: (address) => ({ clientId: token, clientSecret: secret, endpoint: address }),
    secretSettings: ['clientSecret'],
    canaries: ['Ilaria', 'Vossberger', 'U7301954', '1991-04-17', secret],
    document: {
      type: 'PASSPORT',
      country: 'AUT',
      number: 'U7301954',
      firstName: 'ILARIA',
      lastName: 'VOSSBERGER',
      dateOfBirth: '1991-04-17',
    },
    opens: (request) => request.path === '/api/v4/initiate',
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
      const form = new URLSearchParams(sample('v4/callback-approved.form').trim())
      form.set('jumioIdScanReference', reference)
      return {
        real: webhook(form.toString()),
        invalid: [
          webhook(''),
          webhook('hello'),
          webhook('jumioIdScanReference=../../etc'),
          webhook(form.toString(), 'application/json'),
          webhook(sample('platform/callback-processed.json'), 'application/json'),
          { ...webhook(''), body: new Uint8Array([0xff, 0xfe, 0x00]) },
        ],
      }
    },
  }
}
