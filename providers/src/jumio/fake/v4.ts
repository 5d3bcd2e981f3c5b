import { randomUUID } from 'node:crypto'
import type { Scenario } from '../../conformance/service.ts'
import { type Asked, type Generation, sample, type Told } from './generation.ts'

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

  const notFound: Told = { status: 404, body: JSON.parse(sample('v4/error-404.json')) }
  const answer = (asked: Asked, base: string): Told => {
    const expected = `Basic ${Buffer.from(`${token}:${secret}`).toString('base64')}`
    if (asked.headers.authorization !== expected) return { status: 401, body: {} }
    if (asked.path === '/api/v4/initiate' && asked.method === 'POST') {
      const reference = randomUUID()
      stored.set(reference, JSON.parse(asked.body) as Stored)
      const redirectUrl = `${base}/web/v4/app?authorizationToken=${randomUUID()}&locale=en`
      return {
        status: 200,
        body: { timestamp: new Date().toISOString(), transactionReference: reference, redirectUrl },
      }
    }
    if (asked.path === '/api/netverify/v2/acceptedIdTypes')
      return { status: 200, body: JSON.parse(sample('v4/accepted-id-types.json')) }
    const [, reference = '', rest = ''] = /^\/api\/netverify\/v2\/scans\/([\w-]+)(\/data)?$/.exec(asked.path) ?? []
    const order = stored.get(reference)
    if (!order) return notFound
    if (asked.method === 'DELETE') {
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

  const notice = (body: string, contentType = 'application/x-www-form-urlencoded; charset=UTF-8') => ({
    contentType,
    body: new TextEncoder().encode(body),
  })
  return {
    config: { clientId: token, clientSecret: secret },
    canaries: ['Ilaria', 'Vossberger', 'U7301954', '1991-04-17', secret],
    document: {
      type: 'PASSPORT',
      country: 'AUT',
      number: 'U7301954',
      firstName: 'ILARIA',
      lastName: 'VOSSBERGER',
      dateOfBirth: '1991-04-17',
    },
    opens: (asked) => asked.path === '/api/v4/initiate',
    answer,
    say: (next) => {
      scenario = next
      file = null
    },
    serve: (next) => {
      scenario = 'approve'
      file = next
    },
    notices(reference) {
      const form = new URLSearchParams(sample('v4/callback-approved.form').trim())
      form.set('jumioIdScanReference', reference)
      return {
        real: notice(form.toString()),
        none: [
          notice(''),
          notice('hello'),
          notice('jumioIdScanReference=../../etc'),
          notice(form.toString(), 'application/json'),
          notice(sample('platform/callback-processed.json'), 'application/json'),
          { ...notice(''), body: new Uint8Array([0xff, 0xfe, 0x00]) },
        ],
      }
    },
  }
}
