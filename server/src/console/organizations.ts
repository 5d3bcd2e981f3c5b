import { ApiError } from '@veridoor/contract'
import type { Organizations } from '../organizations/index.ts'
import { actorOf, administrator, type Context, os, versionOf, within } from './context.ts'

type Organization = NonNullable<Awaited<ReturnType<Organizations['findOrganization']>>>

const view = async (context: Context, row: Organization) => ({
  name: row.name,
  displayName: row.displayName,
  logo: row.logo,
  colour: row.colour,
  helpContact: row.helpContact,
  createdAt: row.createdAt.toISOString(),
  users: await context.rooms.accounts.countUsers(row.name),
  triesPerDay: row.triesPerDay,
  etag: String(row.version),
})

const one = async (context: Context, name: string) => {
  const row = await context.rooms.organizations.findOrganization(name)
  if (!row) throw new ApiError('NOT_FOUND')
  return view(context, row)
}

/** For administrators: their own; those of the installation see all, and add new ones. */
export const organizations = {
  list: os.organizations.list.handler(async ({ context }) => {
    const caller = administrator(context)
    const rows = await context.rooms.organizations.listOrganizations(
      caller.isGlobalAdmin ? undefined : caller.organization,
    )
    return { items: await Promise.all(rows.map((row) => view(context, row))) }
  }),

  create: os.organizations.create.handler(async ({ context, input }) => {
    const caller = administrator(context)
    if (!caller.isGlobalAdmin) throw new ApiError('FORBIDDEN')
    await context.rooms.organizations.createOrganization(actorOf(caller), input)
    return one(context, input.name)
  }),

  read: os.organizations.read.handler(({ context, input }) => one(context, within(administrator(context), input.name))),

  update: os.organizations.update.handler(async ({ context, input }) => {
    const caller = administrator(context)
    const { name, etag, ...fields } = input
    within(caller, name)
    await context.rooms.organizations.updateOrganization(actorOf(caller), name, fields, versionOf(etag))
    return one(context, name)
  }),
}
