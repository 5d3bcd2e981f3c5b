import { ApiError, type ApiScope } from '@veridoor/contract'
import { type ApiKey, createApiKey, findApplication, listApiKeys, revokeApiKey } from '../organizations/index.ts'
import { actorOf, type Context, os, requireAdministrator, requireOrganization } from './context.ts'

const view = (row: ApiKey) => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes as ApiScope[],
  ending: row.ending,
  createdAt: row.createdAt.toISOString(),
  createdBy: row.createdBy,
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
})

/** The application, where the caller's organization owns it. */
const owned = async (context: Context, name: string) => {
  const caller = requireAdministrator(context)
  const row = await findApplication(context.rooms.organizations.db, name)
  if (!row) throw new ApiError('NOT_FOUND')
  return { caller, organization: requireOrganization(caller, row.organization) }
}

/** Keys of an application, for administrators of its organization. */
export const apiKeys = {
  list: os.apiKeys.list.handler(async ({ context, input }) => {
    await owned(context, input.application)
    return { items: (await listApiKeys(context.rooms.organizations, input.application)).map(view) }
  }),

  create: os.apiKeys.create.handler(async ({ context, input }) => {
    const { caller, organization } = await owned(context, input.application)
    const { application, ...fields } = input
    const { row, key } = await createApiKey(
      context.rooms.organizations,
      actorOf(caller),
      organization,
      application,
      fields,
    )
    return { apiKey: view(row), key }
  }),

  revoke: os.apiKeys.revoke.handler(async ({ context, input }) => {
    const { caller, organization } = await owned(context, input.application)
    await revokeApiKey(context.rooms.organizations, actorOf(caller), organization, input.application, input.id)
    return { done: true as const }
  }),
}
