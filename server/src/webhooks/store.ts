import type { Executor } from '@veridoor/foundation'
import { and, count, desc, eq, lt, or } from 'drizzle-orm'
import { findEvents } from '../events/index.ts'
import type { Endpoint } from './deps.ts'
import { webhookDeliveries, webhookEndpoints } from './schema.ts'

/** Endpoints of one organization, or of all, the oldest first. */
export const listEndpoints = (ex: Executor, organization?: string): Promise<Endpoint[]> =>
  ex
    .select()
    .from(webhookEndpoints)
    .where(organization === undefined ? undefined : eq(webhookEndpoints.organization, organization))
    .orderBy(webhookEndpoints.createdAt, webhookEndpoints.id)

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
  const [sum] = await ex.select({ total: count() }).from(webhookDeliveries).where(own)
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
    total: sum?.total ?? 0,
  }
}
