import type Stripe from 'stripe'
import { type Adapter, type IncomingWebhook, ProviderError, type Runtime, type WebhookRead } from '../port.ts'
import { probe } from '../probe.ts'
import { createStripe, translating } from './client.ts'
import type { StripeConfig } from './config.ts'
import { mapSession } from './map.ts'

/** Where the script of the embedded check comes from; Stripe asks that it be loaded from there and never be copied. */
export const SCRIPT = 'https://js.stripe.com/v3/'
/** Seconds that a signed webhook may be old: Stripe's own recommendation. A replay after that is refused. */
const WEBHOOK_TOLERANCE_SEC = 300

const words = {
  credentialsAccepted: 'The secret key is accepted.',
  credentialsRefused: 'This secret key is not accepted. Check that it was copied whole and was not revoked.',
  forbidden: 'This key may not use Identity. Give the restricted key write access to Identity.',
  otherService: 'Something else answers at this address. Check the endpoint.',
}

/** Only what the result needs. Numbers and dates need a restricted key (Stripe, "Access verification results"). */
const EXPAND = [
  'last_verification_report',
  'last_verification_report.document.number',
  'last_verification_report.document.dob',
  'last_verification_report.document.expiration_date',
]

const allowedTypes: Readonly<Record<string, 'passport' | 'id_card' | 'driving_license'>> = {
  PASSPORT: 'passport',
  ID_CARD: 'id_card',
  DRIVING_LICENSE: 'driving_license',
}

/** The session that an event is about. The signature covers the raw body and a time. */
const readEvent = (stripe: Stripe, config: StripeConfig, webhook: IncomingWebhook, now: Date): WebhookRead | null => {
  if (config.webhookSecret === '') return null
  try {
    const event = stripe.webhooks.constructEvent(
      webhook.body,
      webhook.headers['stripe-signature'] ?? '',
      config.webhookSecret,
      WEBHOOK_TOLERANCE_SEC,
      undefined,
      now.getTime(),
    )
    const { id } = event.data.object as { id?: unknown }
    const isOurs = event.type.startsWith('identity.verification_session.') && typeof id === 'string' && id !== ''
    return { reference: isOurs ? id : null }
  } catch {
    return null
  }
}

/** Stripe Identity behind the port. The reference is the id of the verification session. */
export const openStripe = (config: StripeConfig, runtime: Runtime): Adapter => {
  const stripe = createStripe(config, runtime)
  const sessions = stripe.identity.verificationSessions
  /** A session that was redacted holds nothing any more. @throws {ProviderError} `not_found` */
  const retrieve = async (reference: string): Promise<Stripe.Identity.VerificationSession> => {
    const session = await sessions.retrieve(reference, { expand: EXPAND })
    if (session.id !== reference) throw new ProviderError('bad_response', { retryable: false })
    if (session.redaction) throw new ProviderError('not_found', { retryable: false })
    return session
  }
  return {
    start: (order) =>
      translating(async () => {
        const allowed = allowedTypes[order.documentType]
        const session = await sessions.create(
          {
            type: 'document',
            client_reference_id: order.verificationReference,
            metadata: { subject_reference: order.subjectReference },
            return_url: order.successUrl,
            options: {
              document: {
                ...(allowed ? { allowed_types: [allowed] } : {}),
                require_matching_selfie: config.selfieRequired,
                require_live_capture: config.liveCaptureRequired,
              },
            },
          },
          // A repeated start with the same reference opens nothing new.
          { idempotencyKey: order.verificationReference },
        )
        const bearer = config.flow === 'embedded' ? session.client_secret : session.url
        if (!bearer || !session.id) throw new ProviderError('bad_response', { retryable: false })
        const opened = {
          reference: session.id,
          expiresAt: new Date(runtime.now().getTime() + config.tokenLifetimeMin * 60_000),
        }
        return config.flow === 'embedded'
          ? {
              ...opened,
              next: 'embed',
              script: SCRIPT,
              token: bearer,
              options: { publishableKey: config.publishableKey },
            }
          : { ...opened, next: 'redirect', url: bearer }
      }),
    readWebhook: (webhook) => readEvent(stripe, config, webhook, runtime.now()),
    fetchFinding: (reference) =>
      translating(async () => mapSession(await retrieve(reference), { selfie: config.selfieRequired })),
    erase: (reference) =>
      translating(async () => {
        try {
          await retrieve(reference)
          await sessions.redact(reference)
        } catch (error) {
          const { detail } = error as { detail?: unknown }
          const cause = error instanceof ProviderError ? error : detail
          if (!(cause instanceof ProviderError && cause.fault === 'not_found')) throw error
        }
      }),
    // A session that cannot exist: "not found" proves the key and its right to read, and reads nobody.
    probe: () =>
      probe({
        fetch: runtime.fetch,
        now: runtime.now,
        isHttps: config.endpoint.startsWith('https:'),
        words,
        async ask(fetch) {
          const client = createStripe(config, { ...runtime, fetch })
          try {
            await translating(() => client.identity.verificationSessions.retrieve('vs_connection_test'))
          } catch (error) {
            if (!(error instanceof ProviderError && error.fault === 'not_found')) throw error
          }
        },
      }),
  }
}
