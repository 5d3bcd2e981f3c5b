import type { AccountRequest } from '@veridoor/jumio'
import type { Order } from '../port.ts'
import type { JumioConfig } from './config.ts'
import { localeOf } from './locale.ts'

/** What opens a check at the Platform (contract section 4.4). Jumio's page asks for consent itself: where a person is, is not sent. */
export const accountRequestOf = (config: JumioConfig, order: Order): AccountRequest => {
  // Swahili is listed for v4 only.
  const locale = localeOf(config.locale, ['sw'])
  return {
    customerInternalReference: order.verificationReference,
    userReference: order.subjectReference,
    callbackUrl: order.webhookUrl,
    tokenLifetime: `${config.tokenLifetimeMin}m`,
    web: {
      successUrl: config.successUrl || order.successUrl,
      errorUrl: config.errorUrl || order.errorUrl,
      ...(locale ? { locale } : {}),
    },
    workflowDefinition: {
      key: config.workflowKey,
      // The page honours a choice only when it is one country and one type (section 4.4).
      ...(order.country
        ? {
            credentials: [
              { category: 'ID' as const, country: { values: [order.country] }, type: { values: [order.documentType] } },
            ],
          }
        : {}),
    },
  }
}
