import { randomUUID } from 'node:crypto'
import type { VerificationState } from '@veridoor/contract'
import type { Clock, Transaction } from '@veridoor/foundation'
import { outgoingEvents } from './schema.ts'

/** What the outside may be told of. Payloads hold ids and states only, never a person's data. */
export type EventType =
  | `verification.${VerificationState | 'alarm'}`
  | 'user.sealed'
  | 'provider.degraded'
  | 'provider.quota_warning'

/** Writes an event in the transaction of what it tells about: it is sent if, and only if, that is committed. */
export const addEvent = async (
  parts: { readonly clock: Clock },
  tx: Transaction,
  event: { organization: string; type: EventType; payload: Record<string, string | boolean | null> },
): Promise<void> => {
  await tx.insert(outgoingEvents).values({ id: randomUUID(), createdAt: parts.clock.now(), ...event })
}
