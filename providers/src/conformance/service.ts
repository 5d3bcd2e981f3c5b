import type { IncomingWebhook } from '../port.ts'

/** Results that the faked service of a provider type must be able to give. */
export type Scenario =
  | 'approve'
  | 'reject'
  | 'no_match'
  | 'not_live'
  | 'retry'
  | 'nothing_sent'
  | 'pending'
  | 'unknown_status'
  | 'unknown_verdict'
  | 'unknown_face'
  | 'face_missing'
  | 'placeholders'
  /** The result carries the ids of another person's order. */
  | 'foreign_order'
  /** The answer is about another check than the one asked for. */
  | 'foreign_reference'

/** Ways to fail that every adapter must survive. */
export type Breakage =
  | 'hangs'
  | 'resets'
  | 'half_answer'
  | 'page'
  | 'huge'
  | 'server_error'
  | 'unauthorized'
  | 'forbidden'
  | 'busy'
  | 'busy_for_two_minutes'
  | 'redirects'

/** Scenarios that no API may leave out: without them nothing could be shown. */
export const requiredScenarios = ['approve', 'reject', 'unknown_status', 'unknown_verdict'] as const

/** A provider's API, faked over real HTTP, that can approve, reject, stall, lie and break. */
export type FakeService = {
  /** Settings that lead to it, with the right credentials. */
  readonly config: Readonly<Record<string, unknown>>
  /** Names of the settings that are secrets. */
  readonly secretSettings: readonly string[]
  /** Values of the person in its answers, and secrets: none may show up anywhere else. */
  readonly canaries: readonly string[]
  /** What the approved document says, as the port names it. */
  readonly document: Readonly<Record<string, string>>
  /** Checks of an approval that this API does not make; every other one has to pass. */
  readonly notAssessed?: readonly ('document' | 'readable' | 'face' | 'liveness')[]
  /** Scenarios that cannot happen at this API, never one of `requiredScenarios`. */
  readonly impossible?: readonly Scenario[]
  setScenario(scenario: Scenario): void
  setBreakage(breakage: Breakage | null): void
  /** Bodies of the calls that open a check, in order. */
  opened(): readonly string[]
  /** All calls so far. */
  calls(): number
  /** Calls that arrived where redirects lead. */
  redirectedCalls(): number
  /** Where redirects lead. */
  readonly elsewhere: string
  /** A webhook about a check, authentic ones that are about no check, and ones that must be refused. */
  webhooks(reference: string): {
    readonly real: IncomingWebhook | null
    readonly unrelated?: readonly IncomingWebhook[]
    readonly invalid: readonly IncomingWebhook[]
  }
  close(): Promise<void>
}
