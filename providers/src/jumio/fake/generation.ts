import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import type { FakeService, Scenario } from '../../conformance/service.ts'

/** A call as it came, its body as text. */
export type Asked = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}
/** The answer to it, sent as JSON. */
export type Told = { readonly status: number; readonly body: unknown }

/** One generation of the API: what it answers when nothing is broken. */
export type Generation = {
  readonly config: Readonly<Record<string, unknown>>
  readonly canaries: readonly string[]
  readonly document: Readonly<Record<string, string>>
  /** Whether a call opens a check. */
  opens(asked: Asked): boolean
  answer(asked: Asked, base: string): Told
  say(scenario: Scenario): void
  /** A payload of the collection instead of a scenario, put under the ids that were asked for. */
  serve(file: string): void
  notices: FakeService['notices']
}

const samples = new URL('../../../../jumio/fixtures/', import.meta.url)
/** One payload of the collection, as text. */
export const sample = (file: string): string => readFileSync(new URL(file, samples), 'utf8')
