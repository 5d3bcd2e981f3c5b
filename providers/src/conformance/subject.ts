import { randomUUID } from 'node:crypto'
import {
  type Adapter,
  type FinalFinding,
  type Order,
  type OrderClaim,
  ProviderError,
  type ProviderType,
  type Started,
} from '../port.ts'
import type { FakeService, Scenario } from './service.ts'

/** What is put to the test: a provider type over the faked service of its provider. */
export type Subject = {
  readonly type: ProviderType
  readonly service: FakeService
  /** Turns the adapter into a wrong one: this is how the rules themselves are tested. */
  readonly spoil?: (adapter: Adapter) => Adapter
}

/** Short, so that a hanging service is found out quickly, and long enough for a busy machine to answer. */
const TIMEOUT_MS = 1_500

/** The subject's adapter over real HTTP, spoilt where it says so. Calls end after 1.5 s; waits between tries are skipped. */
export const adapterOf = ({ type, service, spoil }: Subject): Adapter => {
  const runtime = { fetch, now: () => new Date(), timeoutMs: TIMEOUT_MS, sleep: async () => {} }
  const { adapter } = type.open(service.config, runtime)
  return spoil ? spoil(adapter) : adapter
}

/** The person of the kit: no part of it may be in an order of a type that does not declare `needs.claim`. */
export const claimOfKit: OrderClaim = {
  realName: 'Ottoline Quennell',
  number: '110101199003074477',
  type: 'ID_CARD',
  country: 'CHN',
}

/** An order with new references each time; `claim` and `browser` only for a type that declares them. */
export const newOrder = (type?: ProviderType): Order => ({
  verificationReference: randomUUID(),
  subjectReference: randomUUID(),
  documentType: 'PASSPORT',
  country: 'AUT',
  successUrl: 'http://127.0.0.1:8000/done',
  errorUrl: 'http://127.0.0.1:8000/problem',
  webhookUrl: `http://127.0.0.1:8000/notices/${randomUUID()}`,
  ...(type?.needs?.claim ? { claim: claimOfKit } : {}),
  ...(type?.needs?.browser ? { browser: { address: '192.0.2.7', userAgent: 'Kit/1.0', language: 'en' } } : {}),
})

/** Whether the faked API can give a scenario at all. */
export const isPossible = ({ service }: Subject, scenario: Scenario): boolean => !service.impossible?.includes(scenario)

/** Whether the type answers at once, so that nothing is fetched later. */
export const isInstant = (started: Started): boolean => started.next === 'done'

/** The final result of a fresh check under the service's present scenario, or null when there is none. */
export const findingOf = async (
  adapter: Adapter,
  type: ProviderType,
  order = newOrder(type),
): Promise<FinalFinding | null> => {
  const started = await adapter.start(order)
  if (started.next === 'done') return started.finding
  const finding = await adapter.fetchFinding(started.reference)
  return finding.state === 'final' ? finding : null
}

/** How a call ended; `fault` is a `ProviderFault`, `foreign` or `none`. */
export type Ended = { readonly error: unknown; readonly fault: string; readonly provider: ProviderError | null }

/** How a call ended: the port's own error, another one (`foreign`), or none. */
export const endOf = async (call: () => Promise<unknown>): Promise<Ended> => {
  try {
    await call()
    return { error: null, fault: 'none', provider: null }
  } catch (error) {
    if (error instanceof ProviderError) return { error, fault: error.fault, provider: error }
    return { error, fault: 'foreign', provider: null }
  }
}
