import { type Reason, reason } from '@veridoor/contract'
import { ProviderError, type ProviderFault } from '@veridoor/providers'

/** Why no check can be started: a sentence of the contract, and the values in it. */
export type RefusedStart = Reason

const notReady: readonly ProviderFault[] = ['credentials_refused', 'forbidden', 'bad_request', 'address_not_allowed']

/** What the person is told when a provider's fault stopped the start. */
export const refusalOfFault = (error: ProviderError): RefusedStart => {
  if (error.fault === 'rate_limited')
    return reason('provider_busy', { minutes: Math.max(1, Math.ceil((error.retryAfterMs ?? 60_000) / 60_000)) })
  return reason(notReady.includes(error.fault) ? 'provider_not_ready' : 'provider_down')
}

/** Why a call to a provider failed, for the audit. */
export const faultOf = (error: unknown): string =>
  error instanceof ProviderError ? `provider:${error.fault}` : 'the provider did not answer'
