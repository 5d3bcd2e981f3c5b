import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StartedFake } from '../conformance/fake-server.ts'
import { adapterOf, newOrder } from '../conformance/subject.ts'
import { broken, ruleNames } from '../conformance.ts'
import { StripeConfig } from './config.ts'
import { sessionEvent, signedWebhook, startFakeStripe } from './fake/index.ts'
import { stripeIdentity } from './index.ts'
import { mapSession, staffWords } from './map.ts'

let service: StartedFake
beforeAll(async () => {
  service = await startFakeStripe()
})
afterAll(() => service.close())
const subject = () => ({ type: stripeIdentity, service })

describe('Stripe Identity on its hosted page', () => {
  for (const name of ruleNames)
    it(name, async () => {
      expect(await broken(name, subject())).toEqual([])
    })
})

describe('Stripe Identity embedded', () => {
  const embedded = () => ({
    type: stripeIdentity,
    service: { ...service, config: { ...service.config, flow: 'embedded', publishableKey: 'pk_test_Publishable01' } },
  })
  for (const name of ruleNames)
    it(name, async () => {
      expect(await broken(name, embedded())).toEqual([])
    })

  it('hands out the script, the token and the publishable key, and no address', async () => {
    const started = await adapterOf(embedded()).start(newOrder())
    expect(started).toMatchObject({
      next: 'embed',
      script: 'https://js.stripe.com/v3/',
      options: { publishableKey: 'pk_test_Publishable01' },
    })
    expect(started).not.toHaveProperty('url')
  })

  it('needs the publishable key', () => {
    expect(StripeConfig.safeParse({ ...service.config, flow: 'embedded' }).success).toBe(false)
  })
})

describe('an order', () => {
  it('asks for the claimed type, a selfie and the camera, and is safe to repeat', async () => {
    await adapterOf(subject()).start({ ...newOrder(), documentType: 'DRIVING_LICENSE' })
    const sent = new URLSearchParams(service.opened().at(-1))
    expect(Object.fromEntries(sent)).toMatchObject({
      type: 'document',
      'options[document][allowed_types][0]': 'driving_license',
      'options[document][require_matching_selfie]': 'true',
      'options[document][require_live_capture]': 'true',
    })
  })
})

describe('a webhook', () => {
  const read = (webhook: ReturnType<typeof signedWebhook>) => adapterOf(subject()).readWebhook(webhook)

  it('is read whatever its media type says, in any event of a session', () => {
    for (const type of ['processing', 'requires_input', 'canceled', 'redacted', 'created'])
      expect(read(signedWebhook(sessionEvent('vs_1', `identity.verification_session.${type}`)))).toEqual({
        reference: 'vs_1',
      })
    expect(read(signedWebhook(sessionEvent('vs_1'), { contentType: 'Application/JSON' }))).toEqual({
      reference: 'vs_1',
    })
  })

  it('is accepted within five minutes of its signature and refused afterwards, so that it cannot be replayed', () => {
    const now = Math.floor(Date.now() / 1_000)
    expect(read(signedWebhook(sessionEvent('vs_1'), { at: now - 290 }))).toEqual({ reference: 'vs_1' })
    expect(read(signedWebhook(sessionEvent('vs_1'), { at: now - 310 }))).toBeNull()
  })

  it('is refused when no signing secret is set', () => {
    const open = { ...subject(), service: { ...service, config: { ...service.config, webhookSecret: '' } } }
    expect(adapterOf(open).readWebhook(signedWebhook(sessionEvent('vs_1'), { secret: '' }))).toBeNull()
  })

  it('is refused when a byte of the body differs from what was signed', () => {
    const webhook = signedWebhook(sessionEvent('vs_1'))
    const body = Uint8Array.from(webhook.body)
    body[body.length - 2] = 0x20
    expect(read({ ...webhook, body })).toBeNull()
  })
})

describe('the mapping', () => {
  const session = (change: object) =>
    ({
      id: 'vs_1',
      status: 'verified',
      last_error: null,
      metadata: {},
      client_reference_id: null,
      last_verification_report: {
        document: { status: 'verified', type: 'id_card', issuing_country: 'DE', first_name: 'A', last_name: 'B' },
        selfie: { status: 'verified' },
      },
      ...change,
    }) as never
  const outcomeOf = (change: object, selfie = true) => {
    const finding = mapSession(session(change), { selfie })
    return finding.state === 'final' ? finding.outcome : finding.state
  }

  it('approves only a verified session whose report has every check that was asked for', () => {
    expect(outcomeOf({})).toBe('approved')
    const document = { status: 'verified' }
    expect(outcomeOf({ last_verification_report: { document } })).toBe('review')
    expect(outcomeOf({ last_verification_report: { document } }, false)).toBe('approved')
    expect(outcomeOf({ last_verification_report: 'vr_1' })).toBe('review')
    expect(outcomeOf({ last_verification_report: null })).toBe('review')
    expect(outcomeOf({ last_verification_report: { document: { status: 'unverified' }, selfie: document } })).toBe(
      'review',
    )
  })

  it('waits while Stripe works or the person has not begun, and leaves the unknown to a person', () => {
    expect(outcomeOf({ status: 'processing' })).toBe('pending')
    expect(outcomeOf({ status: 'requires_input' })).toBe('pending')
    expect(outcomeOf({ status: 'canceled' })).toBe('expired')
    expect(outcomeOf({ status: 'requires_input', last_error: { code: 'toString' } })).toBe('review')
    expect(outcomeOf({ status: 'requires_input', last_error: { code: null } })).toBe('review')
    expect(outcomeOf({ status: 'verified_maybe' })).toBe('review')
  })

  it('reads countries as three letters and dates only when they are whole', () => {
    const found = mapSession(
      session({
        last_verification_report: {
          document: {
            status: 'verified',
            type: 'visa',
            issuing_country: 'gb',
            expiration_date: { day: 1, month: null, year: 2030 },
          },
        },
      }),
      { selfie: false },
    )
    expect(found).toMatchObject({ document: { country: 'GBR' } })
    expect(found).not.toHaveProperty('document.expiry')
    expect(found).not.toHaveProperty('document.type')
  })

  it('explains every error code to reviewers', () => {
    for (const code of ['abandoned', 'selfie_face_mismatch', 'under_supported_age', 'unknown'])
      expect(staffWords[`error:${code}`]).toMatch(/\.$/)
  })
})
