import { type CappedCount, countUpTo, type Executor } from '@veridoor/foundation'
import { and, desc, eq, inArray, lt, lte, notInArray, or, sql } from 'drizzle-orm'
import { findEvents, type OutgoingEvent } from '../events/index.ts'
import type { Delivery, Endpoint } from './deps.ts'
import { webhookDeliveries, webhookEndpoints } from './schema.ts'

/** Endpoints of one organization, or of all, the oldest first. */
export const listEndpoints = (ex: Executor, organization?: string): Promise<Endpoint[]> =>
  ex
    .select()
    .from(webhookEndpoints)
    .where(organization === undefined ? undefined : eq(webhookEndpoints.organization, organization))
    .orderBy(webhookEndpoints.createdAt, webhookEndpoints.id)

/** A page of them, the oldest first. */
export const pageOfEndpoints = async (
  ex: Executor,
  organization: string | undefined,
  page: { readonly after: { at: Date; id: string } | undefined; readonly limit: number },
): Promise<{ rows: Endpoint[] } & CappedCount> => {
  const where = organization === undefined ? undefined : eq(webhookEndpoints.organization, organization)
  const { after } = page
  const rows = await ex
    .select()
    .from(webhookEndpoints)
    .where(
      and(
        where,
        after &&
          sql`(${webhookEndpoints.createdAt}, ${webhookEndpoints.id}) > (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`,
      ),
    )
    .orderBy(webhookEndpoints.createdAt, webhookEndpoints.id)
    .limit(page.limit)
  return { rows, ...(await countUpTo(ex, webhookEndpoints, where)) }
}

/** @param id a UUID: any other text is an error of the database */
export const findEndpoint = async (ex: Executor, id: string): Promise<Endpoint | undefined> => {
  const [row] = await ex.select().from(webhookEndpoints).where(eq(webhookEndpoints.id, id))
  return row
}

/** Newest first, from the one before `after`. */
export const listDeliveries = async (
  ex: Executor,
  endpoint: string,
  page: { after: { at: Date; id: string } | undefined; limit: number },
) => {
  const own = eq(webhookDeliveries.endpoint, endpoint)
  const rows = await ex
    .select()
    .from(webhookDeliveries)
    .where(
      and(
        own,
        page.after &&
          or(
            lt(webhookDeliveries.createdAt, page.after.at),
            and(eq(webhookDeliveries.createdAt, page.after.at), lt(webhookDeliveries.id, page.after.id)),
          ),
      ),
    )
    .orderBy(desc(webhookDeliveries.createdAt), desc(webhookDeliveries.id))
    .limit(page.limit)
  const events = await findEvents(
    ex,
    rows.map((row) => row.event),
  )
  return {
    rows: rows.map((delivery) => ({ delivery, type: events.get(delivery.event)?.type ?? '' })),
    ...(await countUpTo(ex, webhookDeliveries, own)),
  }
}

/** A delivery that this node has taken, with what it needs. */
export type DueDelivery = { readonly delivery: Delivery; readonly endpoint: Endpoint; readonly event: OutgoingEvent }

/** A delivery that a node took and then did not finish is taken by another one after this time. */
const LEASE_MS = 60_000
/** How many deliveries of one endpoint are looked at in a round, and how many in all. */
const PER_ENDPOINT = 4
const PER_ROUND = 100

/**
 * Due deliveries, the longest waiting first, and only a few of each endpoint: thousands that wait for one endpoint do not hide those
 * of others.
 * @param busy endpoints whose attempts under way come first: their next ones wait
 */
export const findCandidates = async (
  ex: Executor,
  at: Date,
  busy: readonly string[],
): Promise<{ id: string; endpoint: string; organization: string }[]> => {
  const ranked = ex
    .select({
      id: webhookDeliveries.id,
      endpoint: webhookDeliveries.endpoint,
      nextAttemptAt: webhookDeliveries.nextAttemptAt,
      rank: sql<number>`row_number() over (partition by ${webhookDeliveries.endpoint} order by ${webhookDeliveries.nextAttemptAt})`.as(
        'rank',
      ),
    })
    .from(webhookDeliveries)
    .where(
      and(
        eq(webhookDeliveries.state, 'waiting'),
        lte(webhookDeliveries.nextAttemptAt, at),
        busy.length > 0 ? notInArray(webhookDeliveries.endpoint, [...busy]) : undefined,
      ),
    )
    .as('ranked')
  return ex
    .select({ id: ranked.id, endpoint: ranked.endpoint, organization: webhookEndpoints.organization })
    .from(ranked)
    .innerJoin(webhookEndpoints, eq(webhookEndpoints.id, ranked.endpoint))
    .where(lte(ranked.rank, PER_ENDPOINT))
    .orderBy(ranked.rank, ranked.nextAttemptAt)
    .limit(PER_ROUND)
}

/** Takes these deliveries for as long as an attempt can last: no other node makes the same attempt meanwhile. */
export const takeDeliveries = async (ex: Executor, at: Date, ids: readonly string[]): Promise<DueDelivery[]> => {
  if (ids.length === 0) return []
  const due = ex
    .select({ id: webhookDeliveries.id })
    .from(webhookDeliveries)
    .where(
      and(
        inArray(webhookDeliveries.id, [...ids]),
        eq(webhookDeliveries.state, 'waiting'),
        lte(webhookDeliveries.nextAttemptAt, at),
      ),
    )
    .for('update', { skipLocked: true })
  const taken = await ex
    .update(webhookDeliveries)
    .set({ nextAttemptAt: new Date(at.getTime() + LEASE_MS) })
    .where(inArray(webhookDeliveries.id, due))
    .returning({ id: webhookDeliveries.id })
  if (taken.length === 0) return []
  const rows = await ex
    .select({ delivery: webhookDeliveries, endpoint: webhookEndpoints })
    .from(webhookDeliveries)
    .innerJoin(webhookEndpoints, eq(webhookEndpoints.id, webhookDeliveries.endpoint))
    .where(
      inArray(
        webhookDeliveries.id,
        taken.map((row) => row.id),
      ),
    )
  const events = await findEvents(
    ex,
    rows.map(({ delivery }) => delivery.event),
  )
  return rows.flatMap(({ delivery, endpoint }) => {
    const event = events.get(delivery.event)
    return event ? [{ delivery, endpoint, event }] : []
  })
}
