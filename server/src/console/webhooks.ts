import { ApiError, type webhookTypes } from '@veridoor/contract'
import { findOrganization } from '../organizations/index.ts'
import type { Webhooks } from '../webhooks/index.ts'
import { actorOf, type Context, organizationFilter, os, requireAdministrator, requireOrganization } from './context.ts'
import { parseTimeCursor, toTimeCursor } from './cursor.ts'

type Endpoint = Awaited<ReturnType<Webhooks['list']>>[number]
type Type = (typeof webhookTypes)[number]

const view = (row: Endpoint) => ({
  id: row.id,
  organization: row.organization,
  url: row.url,
  description: row.description,
  types: row.types as Type[],
  isEnabled: row.isEnabled,
  disabledReason: row.disabledReason,
  failingSince: row.failingSince?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
})

/** The endpoint, where the caller's organization owns it. */
const owned = async (context: Context, id: string) => {
  const caller = requireAdministrator(context)
  const row = await context.rooms.webhooks.find(id)
  if (!row) throw new ApiError('NOT_FOUND')
  return { caller, organization: requireOrganization(caller, row.organization) }
}

/** For administrators of the organization; another tenant's endpoints do not exist for them. */
export const webhooks = {
  list: os.webhooks.list.handler(async ({ context, input }) => {
    const organization = organizationFilter(requireAdministrator(context), input.organization)
    const page = { after: parseTimeCursor(input.cursor), limit: input.limit }
    const { rows, ...count } = await context.rooms.webhooks.page(organization, page)
    const last = rows.length === input.limit ? rows.at(-1) : undefined
    return { items: rows.map(view), nextCursor: last ? toTimeCursor(last) : null, ...count }
  }),

  create: os.webhooks.create.handler(async ({ context, input }) => {
    const caller = requireAdministrator(context)
    const { organization, ...fields } = input
    requireOrganization(caller, organization)
    if (!(await findOrganization(context.rooms.organizations.db, organization))) throw new ApiError('NOT_FOUND')
    const { row, secret } = await context.rooms.webhooks.add(actorOf(caller), organization, fields)
    return { webhook: view(row), secret }
  }),

  update: os.webhooks.update.handler(async ({ context, input }) => {
    const { id, ...fields } = input
    const { caller } = await owned(context, id)
    return view(await context.rooms.webhooks.update(actorOf(caller), id, fields))
  }),

  replaceSecret: os.webhooks.replaceSecret.handler(async ({ context, input }) => {
    const { caller } = await owned(context, input.id)
    return { secret: await context.rooms.webhooks.replaceSecret(actorOf(caller), input.id) }
  }),

  remove: os.webhooks.remove.handler(async ({ context, input }) => {
    const { caller } = await owned(context, input.id)
    await context.rooms.webhooks.remove(actorOf(caller), input.id)
    return { done: true as const }
  }),

  deliveries: os.webhooks.deliveries.handler(async ({ context, input }) => {
    await owned(context, input.id)
    const { rows, ...count } = await context.rooms.webhooks.deliveries(input.id, {
      after: parseTimeCursor(input.cursor),
      limit: input.limit,
    })
    const last = rows.length === input.limit ? rows.at(-1)?.delivery : undefined
    return {
      items: rows.map(({ delivery, type }) => ({
        id: delivery.id,
        event: delivery.event,
        type,
        state: delivery.state,
        attempts: delivery.attempts,
        lastStatus: delivery.lastStatus,
        lastFault: delivery.lastFault,
        lastAttemptAt: delivery.lastAttemptAt?.toISOString() ?? null,
        nextAttemptAt: delivery.nextAttemptAt?.toISOString() ?? null,
        createdAt: delivery.createdAt.toISOString(),
      })),
      nextCursor: last ? toTimeCursor(last) : null,
      ...count,
    }
  }),

  resend: os.webhooks.resend.handler(async ({ context, input }) => {
    const { caller, organization } = await owned(context, input.id)
    await context.rooms.webhooks.resend(actorOf(caller), organization, input.id, input.delivery)
    return { done: true as const }
  }),

  test: os.webhooks.test.handler(async ({ context, input }) => {
    const { caller } = await owned(context, input.id)
    return { delivery: await context.rooms.webhooks.sendTest(actorOf(caller), input.id) }
  }),
}
