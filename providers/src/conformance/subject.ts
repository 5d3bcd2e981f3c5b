import { randomUUID } from 'node:crypto'
import { type Adapter, type Finding, type Order, ProviderError, type ProviderType } from '../port.ts'
import type { FakeService } from './service.ts'

/** What is put to the test: a provider type over the faked service of its provider. */
export type Subject = {
  readonly type: ProviderType
  readonly service: FakeService
  /** Turns the adapter into a wrong one: this is how the rules themselves are tested. */
  readonly spoil?: (adapter: Adapter) => Adapter
}

/** Short, so that a hanging service is found out quickly, and long enough for a busy machine to answer. */
const TIMEOUT_MS = 1_500

/** The subject's adapter over real HTTP, spoilt where it says so; calls end after 1.5 s, and no wait is waited. */
export const adapterOf = ({ type, service, spoil }: Subject): Adapter => {
  const world = { fetch, now: () => new Date(), timeoutMs: TIMEOUT_MS, sleep: async () => {} }
  const { adapter } = type.open(service.config, world)
  return spoil ? spoil(adapter) : adapter
}

/** An order of nobody, with new references each time. */
export const newOrder = (): Order => ({
  verificationReference: randomUUID(),
  subjectReference: randomUUID(),
  documentType: 'PASSPORT',
  country: 'AUT',
  successUrl: 'http://127.0.0.1:8000/done',
  errorUrl: 'http://127.0.0.1:8000/problem',
  noticeUrl: `http://127.0.0.1:8000/notices/${randomUUID()}`,
})

/** A finding that is final. */
export type Final = Extract<Finding, { state: 'final' }>

/** The final result of a fresh check under the service's present scenario, or null when there is none. */
export const findingOf = async (adapter: Adapter, order = newOrder()): Promise<Final | null> => {
  const { reference } = await adapter.start(order)
  const finding = await adapter.fetchFinding(reference)
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
