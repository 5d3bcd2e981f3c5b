import { ApiError } from '@veridoor/contract'
import { countUsers } from '../accounts/index.ts'
import {
  createOrganization,
  findOrganization,
  listOrganizations,
  type OrganizationRow,
  updateOrganization,
} from '../organizations/index.ts'
import { actorOf, administrator, type Context, os, versionOf, within } from './context.ts'

type Organization = OrganizationRow

const view = async (context: Context, row: Organization) => ({
  name: row.name,
  displayName: row.displayName,
  logo: row.logo,
  colour: row.colour,
  helpContact: row.helpContact,
  createdAt: row.createdAt.toISOString(),
  users: await countUsers(context.rooms.accounts, row.name),
  triesPerDay: row.triesPerDay,
  etag: String(row.version),
})

const one = async (context: Context, name: string) => {
  const row = await findOrganization(context.rooms.organizations.db, name)
  if (!row) throw new ApiError('NOT_FOUND')
  return view(context, row)
}

/** For administrators: their own; those of the installation see all, and add new ones. */
export const organizations = {
  list: os.organizations.list.handler(async ({ context }) => {
    const caller = administrator(context)
    const rows = await listOrganizations(
      context.rooms.organizations.db,
      caller.isGlobalAdmin ? undefined : caller.organization,
    )
    return { items: await Promise.all(rows.map((row) => view(context, row))) }
  }),

  create: os.organizations.create.handler(async ({ context, input }) => {
    const caller = administrator(context)
    if (!caller.isGlobalAdmin) throw new ApiError('FORBIDDEN')
    await createOrganization(context.rooms.organizations, actorOf(caller), input)
    return one(context, input.name)
  }),

  read: os.organizations.read.handler(({ context, input }) => one(context, within(administrator(context), input.name))),

  update: os.organizations.update.handler(async ({ context, input }) => {
    const caller = administrator(context)
    const { name, etag, ...fields } = input
    within(caller, name)
    await updateOrganization(context.rooms.organizations, actorOf(caller), name, fields, versionOf(etag))
    return one(context, name)
  }),
}
