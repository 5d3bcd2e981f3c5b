import { asksForFace, createV4Client, locales, readV4Callback } from '@veridoor/jumio'
import { type Adapter, defineProvider } from '../port.ts'
import { baseUrlOf, JumioConfig, userAgentOf } from './config.ts'
import { translating } from './faults.ts'
import { mapV4 } from './map-v4.ts'
import { probeV4 } from './probe.ts'

/** The locale nearest to what was asked: exact, then the language alone, then left to the provider. */
const localeOf = (wanted: string | null): string | undefined => {
  if (!wanted) return undefined
  const exact = locales.find((known) => known.toLowerCase() === wanted.toLowerCase())
  return exact ?? locales.find((known) => known === wanted.split('-')[0]?.toLowerCase())
}

/** Jumio, and every service that speaks its API: the local verifier is one. */
export const jumio = defineProvider({
  category: 'ID Verification',
  type: 'Jumio',
  displayName: 'Jumio',
  abilities: { erase: true, faceCheck: true },
  config: JumioConfig,
  open(config, world) {
    const baseUrl = baseUrlOf(config)
    const client = createV4Client({
      baseUrl,
      token: config.clientId,
      secret: config.clientSecret,
      userAgent: userAgentOf(config),
      fetch: world.fetch,
      timeoutMs: 15_000,
    })
    const adapter: Adapter = {
      start: (order) =>
        translating(async () => {
          const locale = localeOf(config.locale || order.locale)
          const started = await client.initiate({
            customerInternalReference: order.verificationReference,
            userReference: order.subjectReference,
            successUrl: order.successUrl,
            errorUrl: order.errorUrl,
            callbackUrl: order.noticeUrl,
            workflowId: config.workflowId,
            tokenLifetimeInMinutes: config.tokenLifetimeMin,
            // A preset is whole or invalid: without a country there is none (section 3.3).
            ...(order.country
              ? { presets: [{ index: 1 as const, country: order.country, type: order.documentType }] }
              : {}),
            ...(locale ? { locale } : {}),
          })
          return {
            reference: started.transactionReference,
            redirectUrl: started.redirectUrl,
            expiresAt: new Date(world.now().getTime() + config.tokenLifetimeMin * 60_000),
          }
        }),
      readNotice(notice) {
        if (!notice.contentType.startsWith('application/x-www-form-urlencoded')) return null
        const callback = readV4Callback(new TextDecoder().decode(notice.body))
        return callback && { reference: callback.reference }
      },
      fetchFinding: (reference) =>
        translating(async () => {
          const { status } = await client.status(reference)
          if (status === undefined || status === 'PENDING') return { state: 'pending' }
          return mapV4(await client.data(reference), config.workflowId)
        }),
      erase: (reference) => translating(() => client.erase(reference)),
      probe: () => probeV4(client, baseUrl, world.now),
    }
    return {
      adapter,
      settings: {
        faceRequired: asksForFace(config.workflowId),
        monthlyLimit: config.monthlyLimit,
        retentionDays: config.retentionDays,
        documentTypes: config.documentTypes,
        countries: config.countries,
        tokenLifetimeMin: config.tokenLifetimeMin,
      },
    }
  },
})
