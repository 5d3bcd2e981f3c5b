import { readFileSync } from 'node:fs'
import type { FakeAnswer, FakeApi, FakeRequest } from '../../conformance/fake-server.ts'
import type { IncomingWebhook } from '../../port.ts'

export type { FakeAnswer, FakeRequest }

/** One generation of the API. */
export type Generation = Omit<FakeApi, 'webhooks'> & {
  webhooks(reference: string): { readonly real: IncomingWebhook; readonly invalid: readonly IncomingWebhook[] }
  /** Answers with a payload of the fixtures instead of a scenario, under the ids that were asked for. */
  serveFixture(file: string): void
}

/** A call without a company's name is refused (section 2.2). */
export const namesCompany = ({ headers }: FakeRequest): boolean =>
  /^[\w .,&-]+\/[\d.]+$/.test(headers['user-agent'] ?? '')

const samples = new URL('../../../../jumio/fixtures/', import.meta.url)
/** One payload of the fixtures, as text. */
export const sample = (file: string): string => readFileSync(new URL(file, samples), 'utf8')
