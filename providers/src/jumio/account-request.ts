import type { AccountRequest, UserConsent } from '@veridoor/jumio'
import type { Consent, Order } from '../port.ts'
import type { JumioConfig } from './config.ts'
import { localeOf } from './locale.ts'

/** The wire's form of a consent (contract section 4.4). */
const userConsentOf = (consent: Consent): UserConsent => ({
  userIp: consent.userIp.replace(/^::ffff:(?=\d+\.)/i, ''),
  userLocation: { country: consent.country, ...(consent.state ? { state: consent.state } : {}) },
  consent:
    consent.obtained === 'yes'
      ? { obtained: 'yes', obtainedAt: consent.obtainedAt.toISOString() }
      : { obtained: consent.obtained },
})

/** What opens a check at the Platform. Consent goes along only where the settings say so and the order has one. */
export const accountRequestOf = (config: JumioConfig, order: Order): AccountRequest => {
  // Swahili is listed for v4 only.
  const locale = localeOf(config.locale || order.locale, ['sw'])
  return {
    customerInternalReference: order.verificationReference,
    userReference: order.subjectReference,
    callbackUrl: order.noticeUrl,
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
    ...(config.passConsent && order.consent ? { userConsent: userConsentOf(order.consent) } : {}),
  }
}
