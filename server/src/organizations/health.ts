import type { Executor, Transaction } from '@veridoor/foundation'
import { and, eq, sql } from 'drizzle-orm'
import { providers, providerUsage } from './schema.ts'

export const monthOf = (at: Date): string => at.toISOString().slice(0, 7)

export type Quota = { readonly allowed: boolean; readonly used: number; readonly warned: boolean }

/**
 * Counts one call against the provider's month, atomically: two nodes cannot both take the last one.
 * `warned` is true for the call that reaches 80 % of the limit.
 */
export const takeQuota = async (
  tx: Transaction,
  owner: string,
  name: string,
  limit: number | null,
  at: Date,
): Promise<Quota> => {
  const [row] = await tx
    .insert(providerUsage)
    .values({ owner, name, month: monthOf(at), used: 1 })
    .onConflictDoUpdate({
      target: [providerUsage.owner, providerUsage.name, providerUsage.month],
      set: { used: sql`${providerUsage.used} + 1` },
      ...(limit === null ? {} : { setWhere: sql`${providerUsage.used} < ${limit}` }),
    })
    .returning({ used: providerUsage.used })
  if (!row) return { allowed: false, used: limit ?? 0, warned: false }
  return { allowed: true, used: row.used, warned: limit !== null && row.used === Math.ceil(limit * 0.8) }
}

/** Gives a call back that never reached the provider. */
export const returnQuota = async (ex: Executor, owner: string, name: string, at: Date): Promise<void> => {
  await ex
    .update(providerUsage)
    .set({ used: sql`greatest(${providerUsage.used} - 1, 0)` })
    .where(and(eq(providerUsage.owner, owner), eq(providerUsage.name, name), eq(providerUsage.month, monthOf(at))))
}

export const usedIn = async (ex: Executor, owner: string, name: string, at: Date): Promise<number> => {
  const [row] = await ex
    .select({ used: providerUsage.used })
    .from(providerUsage)
    .where(and(eq(providerUsage.owner, owner), eq(providerUsage.name, name), eq(providerUsage.month, monthOf(at))))
  return row?.used ?? 0
}

/** Circuit breaker: after this many faults in a row a provider rests, for longer each time, then one call tries again. */
const FAULTS_BEFORE_REST = 3
const restMs = (faults: number): number => Math.min(30_000 * 2 ** Math.max(0, faults - FAULTS_BEFORE_REST), 600_000)

export const recordSuccess = async (ex: Executor, owner: string, name: string, at: Date): Promise<void> => {
  await ex
    .update(providers)
    .set({ health: 'ok', healthDetail: '', healthAt: at, failuresInRow: 0, restUntil: null })
    .where(and(eq(providers.owner, owner), eq(providers.name, name)))
}

/** `detail` is a known word. A 429 rests for as long as the other side asked, on all nodes. */
export const recordFault = async (
  ex: Executor,
  owner: string,
  name: string,
  fault: { detail: string; retryAfterMs: number | null },
  at: Date,
): Promise<void> => {
  const [row] = await ex
    .update(providers)
    .set({
      failuresInRow: sql`${providers.failuresInRow} + 1`,
      healthDetail: fault.detail,
      healthAt: at,
      health: sql`case when ${providers.failuresInRow} + 1 >= ${FAULTS_BEFORE_REST} then 'down' else 'degraded' end`,
    })
    .where(and(eq(providers.owner, owner), eq(providers.name, name)))
    .returning({ failures: providers.failuresInRow })
  const failures = row?.failures ?? 0
  const waitMs = fault.retryAfterMs ?? (failures >= FAULTS_BEFORE_REST ? restMs(failures) : null)
  if (waitMs === null) return
  await ex
    .update(providers)
    .set({ restUntil: new Date(at.getTime() + waitMs) })
    .where(and(eq(providers.owner, owner), eq(providers.name, name)))
}
