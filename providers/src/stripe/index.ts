import { defineProvider } from '../port.ts'
import { openStripe } from './adapter.ts'
import { StripeConfig } from './config.ts'
import { staffWords } from './map.ts'

/** Stripe Identity: its hosted page, or its modal embedded in ours. Nothing here was run against the live service. */
export const stripeIdentity = defineProvider({
  category: 'ID Verification',
  type: 'Stripe Identity',
  displayName: 'Stripe Identity',
  config: StripeConfig,
  webhooks: 'per_account',
  embed: {
    origins: {
      script: ['https://js.stripe.com'],
      frame: ['https://js.stripe.com', 'https://*.js.stripe.com', 'https://verify.stripe.com'],
      connect: ['https://api.stripe.com'],
    },
    module: new URL('./embed.js', import.meta.url),
  },
  staffWords,
  open: (config, runtime) => ({
    adapter: openStripe(config, runtime),
    settings: {
      faceRequired: config.selfieRequired,
      livenessRequired: config.livenessRequired,
      monthlyLimit: config.monthlyLimit,
      retentionDays: config.retentionDays,
      documentTypes: config.documentTypes,
      countries: config.countries,
      tokenLifetimeMin: config.tokenLifetimeMin,
    },
  }),
})
