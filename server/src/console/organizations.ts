import { ApiError } from '@veridoor/contract'
import { countUsersUpTo } from '../accounts/index.ts'
import {
  createOrganization,
  findOrganization,
  type OrganizationRow,
  pageOfOrganizations,
  updateOrganization,
} from '../organizations/index.ts'
import { actorOf, type Context, os, parseVersion, requireAdministrator, requireOrganization } from './context.ts'
import { nextName } from './cursor.ts'

type Organization = OrganizationRow

const userCount = async (context: Context, organization: string) => {
  const { total, isTotalCapped } = await countUsersUpTo(context.rooms.accounts, organization)
  return { users: total, isUserCountCapped: isTotalCapped }
}

const view = async (context: Context, row: Organization) => ({
  name: row.name,
  displayName: row.displayName,
  logo: row.logo,
  colour: row.colour,
  helpContact: row.helpContact,
  createdAt: row.createdAt.toISOString(),
  ...(await userCount(context, row.name)),
  triesPerDay: row.triesPerDay,
  requireStaffSecondFactor: row.requireStaffSecondFactor,
  etag: String(row.version),
})

const one = async (context: Context, name: string) => {
  const row = await findOrganization(context.rooms.organizations.db, name)
  if (!row) throw new ApiError('NOT_FOUND')
  return view(context, row)
}

/** For administrators: their own; those of the installation see all, and add new ones. */
export const organizations = {
  list: os.organizations.list.handler(async ({ context, input }) => {
    const caller = requireAdministrator(context)
    const only = caller.isGlobalAdmin ? undefined : caller.organization
    const page = { after: input.cursor, limit: input.limit }
    const { rows, ...count } = await pageOfOrganizations(context.rooms.organizations.db, only, page)
    const items = await Promise.all(rows.map((row) => view(context, row)))
    return { items, nextCursor: nextName(rows, input.limit), ...count }
  }),

  create: os.organizations.create.handler(async ({ context, input }) => {
    const caller = requireAdministrator(context)
    if (!caller.isGlobalAdmin) throw new ApiError('FORBIDDEN')
    await createOrganization(context.rooms.organizations, actorOf(caller), input)
    return one(context, input.name)
  }),

  read: os.organizations.read.handler(({ context, input }) =>
    one(context, requireOrganization(requireAdministrator(context), input.name)),
  ),

  update: os.organizations.update.handler(async ({ context, input }) => {
    const caller = requireAdministrator(context)
    const { name, etag, ...fields } = input
    requireOrganization(caller, name)
    await updateOrganization(context.rooms.organizations, actorOf(caller), name, fields, parseVersion(etag))
    return one(context, name)
  }),
}
