import { randomUUID } from 'node:crypto'
import type { VerificationState } from '@veridoor/contract'
import type { Clock, Executor, Transaction } from '@veridoor/foundation'
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { outgoingEvents } from './schema.ts'

/** What the outside may be told of. Payloads hold ids and states only, never a person's data. */
export type EventType =
  | `verification.${VerificationState | 'alarm'}`
  | 'user.sealed'
  | 'provider.degraded'
  | 'provider.quota_warning'
  | 'webhook.test'

type NewEvent = {
  readonly organization: string
  readonly type: EventType
  readonly payload: Record<string, string | boolean | null>
}

/** Writes an event in the transaction of what it tells about: it is sent if, and only if, that is committed. */
export const addEvent = async (parts: { readonly clock: Clock }, tx: Transaction, event: NewEvent): Promise<void> => {
  await tx.insert(outgoingEvents).values({ id: randomUUID(), createdAt: parts.clock.now(), ...event })
}

/** Writes an event that the caller delivers itself: it is handed on to nobody else. @returns its id */
export const addDirectEvent = async (
  parts: { readonly clock: Clock },
  tx: Transaction,
  event: NewEvent,
): Promise<string> => {
  const id = randomUUID()
  const at = parts.clock.now()
  await tx.insert(outgoingEvents).values({ id, createdAt: at, sentAt: at, ...event })
  return id
}

/** Whether an event of this type, with these members in its payload, was ever written. */
export const wasAnnounced = async (
  ex: Executor,
  type: EventType,
  payload: Readonly<Record<string, string>>,
): Promise<boolean> => {
  const [told] = await ex
    .select({ id: outgoingEvents.id })
    .from(outgoingEvents)
    .where(
      and(
        eq(outgoingEvents.type, type),
        ...Object.entries(payload).map(([name, value]) => sql`${outgoingEvents.payload}->>${name} = ${value}`),
      ),
    )
    .limit(1)
  return told !== undefined
}

/** Events by their ids. */
export const findEvents = async (ex: Executor, ids: readonly string[]): Promise<Map<string, OutgoingEvent>> => {
  if (ids.length === 0) return new Map()
  const rows = await ex
    .select()
    .from(outgoingEvents)
    .where(inArray(outgoingEvents.id, [...ids]))
  return new Map(rows.map((row) => [row.id, row]))
}

/** An event as it is stored. `sentAt` is when it was handed on, whether or not it reached anybody; null before. */
export type OutgoingEvent = typeof outgoingEvents.$inferSelect

/**
 * Takes events that nobody has handed on yet, oldest first, and marks them as handed on, in the transaction that hands them
 * on. Two nodes at once never take the same one.
 */
export const takeEvents = async (tx: Transaction, at: Date, limit: number): Promise<OutgoingEvent[]> => {
  const waiting = tx
    .select({ id: outgoingEvents.id })
    .from(outgoingEvents)
    .where(isNull(outgoingEvents.sentAt))
    .orderBy(outgoingEvents.createdAt)
    .limit(limit)
    .for('update', { skipLocked: true })
  return tx.update(outgoingEvents).set({ sentAt: at }).where(inArray(outgoingEvents.id, waiting)).returning()
}
