import { ApiError } from '@veridoor/contract'
import { z } from 'zod'
import type { Caller } from '../accounts/index.ts'
import {
  approvalOf,
  approveProvider,
  createProvider,
  destinationOfProvider,
  findOrganization,
  findProvider,
  isOpenTo,
  maskedConfig,
  type ProviderRow,
  pageOfProviders,
  probeProvider,
  removeProvider,
  SHARED_OWNER,
  updateProvider,
  usedBy,
  usedThisMonth,
  webhookUrlOf,
} from '../organizations/index.ts'
import {
  actorOf,
  type Context,
  organizationFilter,
  os,
  parseVersion,
  requireAdministrator,
  requireOrganization,
} from './context.ts'
import { parseNameCursor, toNameCursor } from './cursor.ts'

type Row = ProviderRow

type Health = 'ok' | 'degraded' | 'down' | 'unknown'
const healthOf = (health: string): Health =>
  health === 'ok' || health === 'degraded' || health === 'down' ? health : 'unknown'

const view = async (context: Context, row: Row) => {
  const { organizations } = context.rooms
  const caller = requireAdministrator(context)
  const isOpen = isOpenTo(caller, row)
  const limit = isOpen ? row.config.monthlyLimit : null
  const users = await usedBy(organizations.db, row.owner, row.name)
  return {
    organization: row.owner,
    name: row.name,
    displayName: row.displayName,
    category: row.category,
    type: row.type,
    config: isOpen ? maskedConfig(organizations, row) : {},
    secretsSavedAt: row.secretsSavedAt?.toISOString() ?? null,
    webhookUrl: isOpen ? webhookUrlOf(organizations, row, context.rooms.url) : null,
    isApproved: approvalOf(organizations, row) !== null,
    destination: isOpen ? destinationOfProvider(organizations, row) : [],
    health: healthOf(row.health),
    healthDetail: row.healthDetail,
    usedThisMonth: isOpen ? await usedThisMonth(organizations, row.owner, row.name) : 0,
    monthlyLimit: typeof limit === 'number' ? limit : null,
    usedBy: users
      .filter((user) => caller.isGlobalAdmin || user.organization === caller.organization)
      .map(({ name, displayName }) => ({ name, displayName })),
    lastTest: row.lastTestAt ? { at: row.lastTestAt.toISOString(), ok: row.lastTestOk === true } : null,
    createdAt: row.createdAt.toISOString(),
    etag: String(row.version),
  }
}

/** Shared providers are read by all administrators (to attach them) and changed by global ones only. */
const requireReadableOwner = (caller: Caller, owner: string): string =>
  owner === SHARED_OWNER ? owner : requireOrganization(caller, owner)
const requireWritableOwner = (caller: Caller, owner: string): string => {
  if (owner === SHARED_OWNER && !caller.isGlobalAdmin) throw new ApiError('FORBIDDEN')
  return requireReadableOwner(caller, owner)
}

const one = async (context: Context, owner: string, name: string) => {
  const row = await findProvider(context.rooms.organizations.db, owner, name)
  if (!row) throw new ApiError('NOT_FOUND')
  return view(context, row)
}

/** For administrators. Shared ones are read by all of them, and changed or tested by those of the installation only. */
export const providers = {
  types: os.providers.types.handler(({ context }) => {
    requireAdministrator(context)
    return {
      items: context.rooms.organizations.types.map((type) => ({
        category: type.category,
        type: type.type,
        displayName: type.displayName,
        configSchema: z.toJSONSchema(type.config, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>,
        sends: [...(type.needs?.claim ? (['claim'] as const) : []), ...(type.needs?.browser ?? [])],
        webhooks: type.webhooks,
        scriptOrigins: [...(type.embed?.origins.script ?? [])],
      })),
    }
  }),

  list: os.providers.list.handler(async ({ context, input }) => {
    const caller = requireAdministrator(context)
    const own = organizationFilter(caller, input.organization)
    const owners = own === undefined ? undefined : [own, SHARED_OWNER]
    const page = { after: parseNameCursor(input.cursor), limit: input.limit }
    const { rows, ...count } = await pageOfProviders(context.rooms.organizations.db, owners, page)
    const last = rows.length === input.limit ? rows.at(-1) : undefined
    return {
      items: await Promise.all(rows.map((row) => view(context, row))),
      nextCursor: last ? toNameCursor(last.owner, last.name) : null,
      ...count,
    }
  }),

  read: os.providers.read.handler(({ context, input }) =>
    one(context, requireReadableOwner(requireAdministrator(context), input.organization), input.name),
  ),

  create: os.providers.create.handler(async ({ context, input }) => {
    const caller = requireAdministrator(context)
    const { organization, name, ...fields } = input
    const owner = requireWritableOwner(caller, organization)
    if (owner !== SHARED_OWNER && !(await findOrganization(context.rooms.organizations.db, owner)))
      throw new ApiError('NOT_FOUND')
    await createProvider(context.rooms.organizations, actorOf(caller), owner, name, fields)
    return one(context, owner, name)
  }),

  update: os.providers.update.handler(async ({ context, input }) => {
    const caller = requireAdministrator(context)
    const { organization, name, etag, ...fields } = input
    await updateProvider(
      context.rooms.organizations,
      actorOf(caller),
      requireWritableOwner(caller, organization),
      name,
      fields,
      parseVersion(etag),
    )
    return one(context, organization, name)
  }),

  approve: os.providers.approve.handler(async ({ context, input }) => {
    const caller = requireAdministrator(context)
    if (!caller.isGlobalAdmin) throw new ApiError('FORBIDDEN')
    await approveProvider(
      context.rooms.organizations,
      actorOf(caller),
      input.organization,
      input.name,
      input.isApproved,
      parseVersion(input.etag),
    )
    return one(context, input.organization, input.name)
  }),

  remove: os.providers.remove.handler(async ({ context, input }) => {
    const caller = requireAdministrator(context)
    await removeProvider(
      context.rooms.organizations,
      actorOf(caller),
      requireWritableOwner(caller, input.organization),
      input.name,
    )
    return { done: true as const }
  }),

  probe: os.providers.probe.handler(async ({ context, input }) => {
    const caller = requireAdministrator(context)
    const result = await probeProvider(
      context.rooms.organizations,
      actorOf(caller),
      requireWritableOwner(caller, input.organization),
      input.name,
      input,
    )
    return {
      ok: result.ok,
      ms: result.ms,
      at: result.at.toISOString(),
      steps: result.steps.map((step) => ({ ...step })),
    }
  }),
}
