import type { Clock, Database, Transaction } from '@veridoor/foundation'
import { and, eq, gt, isNull, lte, ne, or, sql } from 'drizzle-orm'
import { addEvent, wasAnnounced } from '../events/index.ts'
import { SHARED_OWNER } from './deps.ts'
import { providers, providerUsage } from './schema.ts'

/** What counting calls and health needs. */
type HealthDeps = { readonly db: Database; readonly clock: Clock }

/** The calendar month in UTC, by which calls are counted: `2026-11`. */
export const monthOf = (at: Date): string => at.toISOString().slice(0, 7)

/** Whether the call may be made. `used` counts the calls of the month, this one too; where it is refused, it is the limit. */
export type Quota = { readonly allowed: boolean; readonly used: number; readonly warned: boolean }

/**
 * Counts one call against the provider's month, atomically: two nodes cannot both take the last one.
 * `warned` is true for the call that reaches 80 % of the limit.
 */
const countCall = async (
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

/** Counts a call; the one that reaches 80 % of the limit is announced with it. */
export const acquireQuota = (deps: HealthDeps, owner: string, name: string, limit: number | null): Promise<Quota> =>
  deps.db.transaction(async (tx) => {
    const quota = await countCall(tx, owner, name, limit, deps.clock.now())
    if (quota.warned) await announceQuota(deps, tx, owner, name)
    return quota
  })

/** Gives a call back that never reached the provider. */
export const releaseQuota = async (deps: HealthDeps, owner: string, name: string): Promise<void> => {
  const month = monthOf(deps.clock.now())
  await deps.db
    .update(providerUsage)
    .set({ used: sql`greatest(${providerUsage.used} - 1, 0)` })
    .where(and(eq(providerUsage.owner, owner), eq(providerUsage.name, name), eq(providerUsage.month, month)))
}

/** Calls in the present month, which is counted in UTC. */
export const usedThisMonth = async (deps: HealthDeps, owner: string, name: string): Promise<number> => {
  const month = monthOf(deps.clock.now())
  const [row] = await deps.db
    .select({ used: providerUsage.used })
    .from(providerUsage)
    .where(and(eq(providerUsage.owner, owner), eq(providerUsage.name, name), eq(providerUsage.month, month)))
  return row?.used ?? 0
}

/** Circuit breaker: after this many faults in a row a provider rests, for longer each time, then one call tries again. */
const FAULTS_BEFORE_OPEN = 3
/** How long the one call that tries may take before another one may. */
const TRIAL_MS = 60_000
const openMs = (faults: number): number => Math.min(30_000 * 2 ** Math.max(0, faults - FAULTS_BEFORE_OPEN), 600_000)

/** How long a good answer stays news: every check writing the same row would make all of them wait for each other. */
const SUCCESS_WRITE_INTERVAL_MS = 30_000

/** A good answer ends faults and rest. Written at most every 30 seconds while nothing was wrong. */
export const recordSuccess = async (deps: HealthDeps, owner: string, name: string): Promise<void> => {
  const at = deps.clock.now()
  await deps.db
    .update(providers)
    .set({ health: 'ok', healthDetail: '', healthAt: at, failuresInRow: 0, openUntil: null })
    .where(
      and(
        eq(providers.owner, owner),
        eq(providers.name, name),
        or(
          ne(providers.health, 'ok'),
          gt(providers.failuresInRow, 0),
          isNull(providers.healthAt),
          lte(providers.healthAt, new Date(at.getTime() - SUCCESS_WRITE_INTERVAL_MS)),
        ),
      ),
    )
}

/**
 * Whether a call may go to this provider now. While it rests, none may; after that one call at a time tries whether it is back
 * (half open), whichever node makes it, and the others keep away until that call has told.
 */
export const tryAcquire = async (deps: HealthDeps, owner: string, name: string): Promise<boolean> => {
  const at = deps.clock.now()
  const [row] = await deps.db
    .select({ failures: providers.failuresInRow, openUntil: providers.openUntil })
    .from(providers)
    .where(and(eq(providers.owner, owner), eq(providers.name, name)))
  if (!row || (row.openUntil && row.openUntil > at)) return false
  if (row.failures < FAULTS_BEFORE_OPEN) return true
  const taken = await deps.db
    .update(providers)
    .set({ openUntil: new Date(at.getTime() + TRIAL_MS) })
    .where(
      and(
        eq(providers.owner, owner),
        eq(providers.name, name),
        or(isNull(providers.openUntil), lte(providers.openUntil, at)),
      ),
    )
    .returning({ name: providers.name })
  return taken.length > 0
}

/** Whom an event about a provider is for: its owner, or for one that all may use the installation's organization. */
const organizationOf = (owner: string): string => (owner === SHARED_OWNER ? 'built-in' : owner)

/** `detail` is a known word. A 429 rests for as long as the other side asked, on all nodes. */
export const recordFault = async (
  parts: { readonly db: Database; readonly clock: Clock },
  owner: string,
  name: string,
  fault: { detail: string; retryAfterMs: number | null },
): Promise<void> =>
  parts.db.transaction(async (tx) => {
    const at = parts.clock.now()
    const here = and(eq(providers.owner, owner), eq(providers.name, name))
    const [before] = await tx
      .select({ health: providers.health, failures: providers.failuresInRow })
      .from(providers)
      .where(here)
      .for('update')
    if (!before) return
    const failures = before.failures + 1
    const health = failures >= FAULTS_BEFORE_OPEN ? 'down' : 'degraded'
    const waitMs = fault.retryAfterMs ?? (failures >= FAULTS_BEFORE_OPEN ? openMs(failures) : null)
    await tx
      .update(providers)
      .set({
        failuresInRow: failures,
        health,
        healthDetail: fault.detail,
        healthAt: at,
        ...(waitMs === null ? {} : { openUntil: new Date(at.getTime() + waitMs) }),
      })
      .where(here)
    if (health !== before.health)
      await addEvent(parts, tx, {
        organization: organizationOf(owner),
        type: 'provider.degraded',
        payload: { provider: `${owner}/${name}`, health, fault: fault.detail },
      })
  })

/** Told once a month, with the call that reaches 80 % of the limit; calls given back do not make it told again. */
const announceQuota = async (
  parts: { readonly clock: Clock },
  tx: Transaction,
  owner: string,
  name: string,
): Promise<void> => {
  const provider = `${owner}/${name}`
  const month = monthOf(parts.clock.now())
  if (await wasAnnounced(tx, 'provider.quota_warning', { provider, month })) return
  await addEvent(parts, tx, {
    organization: organizationOf(owner),
    type: 'provider.quota_warning',
    payload: { provider, month },
  })
}
