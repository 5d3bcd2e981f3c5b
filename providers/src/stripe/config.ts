import { documentTypes } from '@veridoor/contract'
import { z } from 'zod'

const apiAddress = z
  .string()
  .trim()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'Enter an address that begins with https://',
  )

/** The settings of a Stripe Identity provider. The secret key alone is enough for the hosted page. */
export const StripeConfig = z
  .object({
    secretKey: z
      .string()
      .trim()
      .regex(/^(sk|rk)_(test|live)_\w{8,250}$/, 'Enter a key that begins with rk_live_, rk_test_, sk_live_ or sk_test_')
      .meta({
        title: 'Secret key',
        description:
          'In the Stripe Dashboard: Developers, API keys. A restricted key with write access to Identity and access to sensitive verification results is enough, and is needed to read document numbers.',
        group: 'Connection',
        secret: true,
      }),
    webhookSecret: z
      .union([
        z.literal(''),
        z
          .string()
          .trim()
          .regex(/^whsec_\w{8,250}$/, 'Enter a secret that begins with whsec_'),
      ])
      .default('')
      .meta({
        title: 'Webhook signing secret',
        description:
          'In the Stripe Dashboard: Developers, Webhooks, after you add the webhook address of this provider. Empty: webhooks are refused, and results arrive later, by polling.',
        group: 'Connection',
        secret: true,
      }),
    endpoint: apiAddress.default('https://api.stripe.com').meta({
      title: 'Endpoint',
      description: 'Address of the Stripe API. Change it only for tests.',
      group: 'Connection',
      destination: true,
    }),
    flow: z
      .enum(['hosted', 'embedded'])
      .default('hosted')
      .meta({
        title: 'Where people do the check',
        description:
          "Hosted: people go to Stripe's page and come back. Embedded: Stripe's own script shows the check on a page of this server.",
        group: 'Check',
        labels: { hosted: "On Stripe's page", embedded: 'On this server' },
      }),
    publishableKey: z
      .union([
        z.literal(''),
        z
          .string()
          .trim()
          .regex(/^pk_(test|live)_\w{8,250}$/, 'Enter a key that begins with pk_live_ or pk_test_'),
      ])
      .default('')
      .meta({
        title: 'Publishable key',
        description: 'Needed for the embedded check. It is public: every browser receives it.',
        group: 'Check',
      }),
    selfieRequired: z.boolean().default(true).meta({
      title: 'Require a matching selfie',
      description: 'On: Stripe compares a selfie with the document. Off: only the document is checked.',
      group: 'Check',
    }),
    livenessRequired: z.boolean().default(true).meta({
      title: 'Require liveness',
      description:
        'Stripe reports no liveness result of its own. On: every check goes to a reviewer. Switch it off only if you accept the selfie check without one.',
      group: 'Check',
    }),
    liveCaptureRequired: z.boolean().default(true).meta({
      title: 'Camera only',
      description: 'On: the document has to be photographed during the check. Off: pictures can be uploaded.',
      group: 'Check',
    }),
    documentTypes: z
      .array(z.enum(documentTypes))
      .min(1, 'Choose at least one')
      .default([...documentTypes])
      .meta({
        title: 'Accepted documents',
        description: 'People with another type are told before they start.',
        group: 'Check',
        labels: { PASSPORT: 'Passport', ID_CARD: 'ID card', DRIVING_LICENSE: 'Driving licence' },
      }),
    countries: z
      .array(z.string().regex(/^[A-Z]{3}$/, 'Enter three capital letters'))
      .default([])
      .meta({
        title: 'Accepted countries',
        description: 'Three-letter codes, such as AUT. Empty: all that Stripe supports.',
        group: 'Check',
      }),
    tokenLifetimeMin: z.int().min(5).max(1_440).default(30).meta({
      title: 'Link lifetime, minutes',
      description: 'How long a person may take to open the check: 5 to 1,440. Stripe ends links after 24 hours.',
      group: 'Check',
    }),
    monthlyLimit: z.int().min(1).max(10_000_000).nullable().default(null).meta({
      title: 'Monthly limit',
      description: 'Checks a month at most. You are warned at 80 %. Empty: no limit.',
      group: 'Limits',
    }),
    retentionDays: z.int().min(1).max(3_650).nullable().default(null).meta({
      title: 'Erase after, days',
      description: "When Stripe is told to redact a check, counted from its end. Empty: Stripe's own rule.",
      group: 'Limits',
    }),
  })
  .refine(({ flow, publishableKey }) => flow === 'hosted' || publishableKey !== '', {
    path: ['publishableKey'],
    message: 'Enter the publishable key: the embedded check needs it',
  })
export type StripeConfig = z.infer<typeof StripeConfig>
