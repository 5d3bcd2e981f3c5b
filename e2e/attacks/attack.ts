import type { FakeJumio } from '@veridoor/providers/jumio/fake'
import type { TestStack } from '../journeys/test-stack.ts'
import type { Client } from './client.ts'

/** What a chain has to work with: a fresh instance, its administrator for the set-up, and a lying provider of the attacker's own. */
export type Target = {
  readonly stack: TestStack
  readonly admin: Client
  readonly liar: FakeJumio
}

/** What one attack came to. `refused` is the only good end. */
export type Outcome = { readonly attack: string; readonly refused: boolean; readonly detail: string }
export type Chain = (target: Target) => Promise<readonly Outcome[]>

export const outcome = (attack: string, refused: boolean, detail: unknown): Outcome => ({
  attack,
  refused,
  detail: (typeof detail === 'string' ? detail : JSON.stringify(detail)).slice(0, 300),
})
