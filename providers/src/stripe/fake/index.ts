import { createHmac, randomUUID } from 'node:crypto'
import {
  type FakeAnswer,
  type FakeApi,
  type FakeRequest,
  type StartedFake,
  startFake,
} from '../../conformance/fake-server.ts'
import type { Scenario } from '../../conformance/service.ts'
import type { IncomingWebhook } from '../../port.ts'

type Json = Record<string, unknown>
type Stored = { readonly id: string; readonly order: URLSearchParams; redacted: boolean }

const secretKey = 'rk_test_CanarySecretStripe0001'
const webhookSecret = 'whsec_CanaryWebhookSecret0001'

/** A signed webhook as Stripe sends it. @param at seconds since 1970 */
export const signedWebhook = (
  event: unknown,
  options: { at?: number; secret?: string; contentType?: string } = {},
): IncomingWebhook => {
  const payload = typeof event === 'string' ? event : JSON.stringify(event)
  const at = options.at ?? Math.floor(Date.now() / 1_000)
  const signature = createHmac('sha256', options.secret ?? webhookSecret)
    .update(`${at}.${payload}`)
    .digest('hex')
  return {
    headers: {
      'content-type': options.contentType ?? 'application/json; charset=utf-8',
      'stripe-signature': `t=${at},v1=${signature}`,
    },
    body: new TextEncoder().encode(payload),
  }
}

/** An event about a verification session. */
export const sessionEvent = (id: string, type = 'identity.verification_session.verified'): Json => ({
  id: `evt_${randomUUID().replaceAll('-', '')}`,
  object: 'event',
  type,
  data: { object: { id, object: 'identity.verification_session', status: 'verified' } },
})

const document: Json = {
  status: 'verified',
  error: null,
  type: 'passport',
  issuing_country: 'AT',
  number: 'U5518204',
  first_name: 'ORTRUN',
  last_name: 'KVASNICKA',
  dob: { day: 3, month: 9, year: 1984 },
  expiration_date: { day: 2, month: 9, year: 2032 },
  files: ['file_1'],
  issued_date: null,
}
const selfie: Json = { status: 'verified', error: null, document: 'file_1', selfie: 'file_2' }

/** What each scenario changes of a verified session. */
const changes: Record<Scenario, Json> = {
  approve: {},
  reject: { status: 'requires_input', last_error: { code: 'document_unverified_other', reason: 'x' } },
  no_match: {
    status: 'requires_input',
    last_error: { code: 'selfie_face_mismatch', reason: 'x' },
    report: { document, selfie: { ...selfie, status: 'unverified' } },
  },
  not_live: { status: 'requires_input', last_error: { code: 'selfie_manipulated', reason: 'x' } },
  retry: { status: 'requires_input', last_error: { code: 'document_type_not_supported', reason: 'x' } },
  nothing_sent: { status: 'requires_input', last_error: { code: 'abandoned', reason: 'x' }, report: null },
  pending: { status: 'requires_input', last_error: null, report: null },
  unknown_status: { status: 'accepted' },
  unknown_verdict: { status: 'requires_input', last_error: { code: 'tomorrow', reason: 'x' } },
  unknown_face: { report: { document, selfie: { ...selfie, status: 'probably' } } },
  face_missing: { report: { document } },
  placeholders: {
    report: { document: { ...document, number: '[redacted]', first_name: 'N/A', last_name: '<<<' }, selfie },
  },
  foreign_order: { client_reference_id: randomUUID(), metadata: { subject_reference: randomUUID() } },
  foreign_reference: { id: 'vs_another' },
}

const sessionOf = ({ id, order, redacted }: Stored, scenario: Scenario): Json => {
  const { report = { document, selfie }, ...change } = changes[scenario]
  return {
    id,
    object: 'identity.verification_session',
    client_reference_id: order.get('client_reference_id'),
    client_secret: null,
    created: 1_700_000_000,
    last_error: null,
    last_verification_report: report
      ? { id: 'vr_1', object: 'identity.verification_report', ...(report as Json) }
      : null,
    livemode: false,
    metadata: { subject_reference: order.get('metadata[subject_reference]') ?? '' },
    options: {},
    redaction: redacted ? { status: 'processing' } : null,
    status: 'verified',
    type: 'document',
    url: null,
    ...change,
  }
}

const errorAnswer = (status: number, type: string): FakeAnswer => ({
  status,
  body: { error: { type, message: `the key was ${secretKey}` } },
})

const fakeApi = (): FakeApi => {
  let scenario: Scenario = 'approve'
  const stored = new Map<string, Stored>()
  const open = (request: FakeRequest, base: string): FakeAnswer => {
    const id = `vs_${randomUUID().replaceAll('-', '')}`
    const one: Stored = { id, order: new URLSearchParams(request.body), redacted: false }
    stored.set(id, one)
    return {
      status: 200,
      body: {
        ...sessionOf(one, 'pending'),
        client_secret: `${id}_secret_${randomUUID()}`,
        url: `${base}/start/${randomUUID()}`,
      },
    }
  }
  const opens = ({ method, path }: FakeRequest): boolean =>
    method === 'POST' && path === '/v1/identity/verification_sessions'
  return {
    config: (address) => ({ secretKey, webhookSecret, endpoint: address }),
    secretSettings: ['secretKey', 'webhookSecret'],
    canaries: ['ORTRUN', 'KVASNICKA', 'U5518204', '1984-09-03', secretKey, webhookSecret],
    document: {
      type: 'PASSPORT',
      country: 'AUT',
      number: 'U5518204',
      firstName: 'ORTRUN',
      lastName: 'KVASNICKA',
      dateOfBirth: '1984-09-03',
      expiry: '2032-09-02',
    },
    notAssessed: ['liveness'],
    opens,
    setScenario: (next) => {
      scenario = next
    },
    answer(request, base) {
      if (request.headers.authorization !== `Bearer ${secretKey}`) return errorAnswer(401, 'invalid_request_error')
      if (opens(request)) return open(request, base)
      const [, id = '', action] =
        /^\/v1\/identity\/verification_sessions\/(\w+)(\/redact)?(?:\?.*)?$/.exec(request.path) ?? []
      const one = stored.get(id)
      if (!one) return errorAnswer(404, 'invalid_request_error')
      if (action) one.redacted = true
      return { status: 200, body: sessionOf(one, scenario) }
    },
    webhooks(reference) {
      const event = sessionEvent(reference)
      const real = signedWebhook(event)
      return {
        real,
        unrelated: [signedWebhook({ ...event, type: 'charge.succeeded', data: { object: { id: 'ch_1' } } })],
        invalid: [
          { headers: {}, body: new Uint8Array() },
          { headers: { 'stripe-signature': 'hello' }, body: real.body },
          { headers: {}, body: real.body },
          signedWebhook(event, { secret: 'whsec_AnotherSecret0001' }),
          signedWebhook(event, { at: Math.floor(Date.now() / 1_000) - 3_600 }),
          signedWebhook('{'),
          { ...real, body: new TextEncoder().encode(JSON.stringify(sessionEvent('vs_other'))) },
          { ...real, body: new Uint8Array([0xff, 0xfe, 0x00]) },
        ],
      }
    },
  }
}

/** Stripe's Identity API over real HTTP on a port of its own. */
export const startFakeStripe = (): Promise<StartedFake> => startFake(fakeApi())
