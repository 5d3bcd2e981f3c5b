import { createV4Client, readV4Callback } from '@veridoor/jumio'
import { type Adapter, pictureSides, type Runtime } from '../port.ts'
import { isFromKnownSource, isOfMediaType } from './callback-source.ts'
import { baseUrlOf, type JumioConfig, userAgentOf } from './config.ts'
import { translating } from './faults.ts'
import { localeOf } from './locale.ts'
import { mapV4 } from './map-v4.ts'
import { pictureOfSide } from './picture.ts'
import { probe } from './probe.ts'

const TIMEOUT_MS = 15_000

/** Netverify v4 behind the port. The reference is Jumio's own. */
export const openV4 = (config: JumioConfig, runtime: Runtime): Adapter => {
  const baseUrl = baseUrlOf(config)
  const clientWith = (fetch: typeof globalThis.fetch) =>
    createV4Client({
      baseUrl,
      token: config.clientId,
      secret: config.clientSecret,
      userAgent: userAgentOf(config),
      fetch,
      timeoutMs: runtime.timeoutMs ?? TIMEOUT_MS,
      ...(runtime.sleep ? { sleep: runtime.sleep } : {}),
    })
  const client = clientWith(runtime.fetch)
  return {
    start: (order) =>
      translating(async () => {
        const locale = localeOf(config.locale)
        const started = await client.initiate({
          customerInternalReference: order.verificationReference,
          userReference: order.subjectReference,
          successUrl: config.successUrl || order.successUrl,
          errorUrl: config.errorUrl || order.errorUrl,
          callbackUrl: order.webhookUrl,
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
          next: 'redirect',
          url: started.redirectUrl,
          expiresAt: new Date(runtime.now().getTime() + config.tokenLifetimeMin * 60_000),
        }
      }),
    readWebhook(webhook) {
      if (!isFromKnownSource(config, webhook)) return null
      if (!isOfMediaType(webhook, 'application/x-www-form-urlencoded')) return null
      const callback = readV4Callback(new TextDecoder().decode(webhook.body))
      return callback && { reference: callback.reference }
    },
    fetchFinding: (reference) =>
      translating(async () => {
        const { status } = await client.status(reference)
        if (status === undefined || status === 'PENDING') return { state: 'pending' }
        return mapV4(await client.data(reference), config.workflowId)
      }),
    fetchPictures: (reference) =>
      translating(async () => {
        const found = new Set((await client.images(reference)).images.map(({ classifier }) => classifier))
        const sides = pictureSides.filter((side) => found.has(side))
        return Promise.all(sides.map(async (side) => pictureOfSide(side, await client.image(reference, side))))
      }),
    erase: (reference) => translating(() => client.erase(reference)),
    // What the account accepts: answers only to good keys, and creates nothing.
    probe: () =>
      probe({
        fetch: runtime.fetch,
        now: runtime.now,
        isHttps: baseUrl.startsWith('https:'),
        ask: async (fetch) => void (await clientWith(fetch).acceptedIdTypes()),
      }),
  }
}
