import { ApiError, type VerificationState } from '@veridoor/contract'
import {
  createUser,
  eraseUser,
  findUser,
  listUsers,
  removeSecondStepOf,
  type User,
  updateUser,
  withSecondStep,
} from '../accounts/index.ts'
import { identityView } from './account.ts'
import {
  actorOf,
  type Context,
  organizationFilter,
  os,
  parseVersion,
  requireAdministrator,
  requireOrganization,
} from './context.ts'
import { parseUserCursor, toUserCursor } from './cursor.ts'

const view = (context: Context, user: User, state: VerificationState | undefined, hasSecondStep: boolean) => ({
  organization: user.organization,
  name: user.name,
  id: user.id,
  displayName: user.displayName,
  email: user.email,
  emailVerified: user.emailVerified,
  phone: user.phone,
  isAdmin: user.isAdmin,
  isForbidden: user.isForbidden,
  application: user.application,
  hasSecondStep,
  identity: identityView(context.rooms, user),
  verificationState: state ?? null,
  createdAt: user.createdAt.toISOString(),
  lastSignInAt: user.lastSignInAt?.toISOString() ?? null,
  etag: String(user.version),
})

const one = async (context: Context, organization: string, name: string) => {
  const user = await findUser(context.rooms.accounts, organization, name)
  if (!user) throw new ApiError('NOT_FOUND')
  const states = await context.rooms.verification.latestStates([user.id])
  const secured = await withSecondStep(context.rooms.accounts, [user.id])
  return view(context, user, states.get(user.id), secured.has(user.id))
}

/** Only an administrator of the installation makes administrators of the built-in organization. */
const assertMayGrantAdministrator = (isGlobalAdmin: boolean, organization: string, isAdmin: boolean): void => {
  if (isAdmin && organization === 'built-in' && !isGlobalAdmin) throw new ApiError('FORBIDDEN')
}

/**
 * A key makes, changes and erases no administrators: one that leaked would else open the console, or take an administrator's
 * account over by a changed e-mail.
 * @throws {ApiError} FORBIDDEN
 */
const assertKeyMayChange = async (
  context: Context,
  organization: string,
  name: string,
  isAdmin: boolean,
  email?: string,
) => {
  if (!context.key) return
  const user = await findUser(context.rooms.accounts, organization, name)
  if (isAdmin || user?.isAdmin) throw new ApiError('FORBIDDEN')
  // With another address the account of a verified person could be taken over by a new password.
  if (user?.verifiedAt && email !== undefined && email !== user.email) throw new ApiError('FORBIDDEN')
}

/** For administrators of the organization; another tenant's people do not exist for them. */
export const users = {
  list: os.users.list.handler(async ({ context, input }) => {
    const organization = organizationFilter(requireAdministrator(context), input.organization)
    const found = await listUsers(context.rooms.accounts, {
      organization,
      search: input.search,
      order: input.order,
      after: parseUserCursor(input.order, input.cursor),
      limit: input.limit,
    })
    const ids = found.users.map((user) => user.id)
    const states = await context.rooms.verification.latestStates(ids)
    const secured = await withSecondStep(context.rooms.accounts, ids)
    const last = found.users.length === input.limit ? found.users.at(-1) : undefined
    return {
      items: found.users.map((user) => view(context, user, states.get(user.id), secured.has(user.id))),
      nextCursor: last ? toUserCursor(input.order, last) : null,
      total: found.total,
      isTotalCapped: found.isTotalCapped,
    }
  }),

  read: os.users.read.handler(({ context, input }) =>
    one(context, requireOrganization(requireAdministrator(context), input.organization), input.name),
  ),

  create: os.users.create.handler(async ({ context, input }) => {
    const caller = requireAdministrator(context)
    const { organization, name, ...fields } = input
    assertMayGrantAdministrator(caller.isGlobalAdmin, organization, fields.isAdmin)
    requireOrganization(caller, organization)
    await assertKeyMayChange(context, organization, name, fields.isAdmin)
    await createUser(context.rooms.accounts, actorOf(caller), organization, name, fields)
    return one(context, organization, name)
  }),

  update: os.users.update.handler(async ({ context, input }) => {
    const caller = requireAdministrator(context)
    const { organization, name, etag, ...fields } = input
    assertMayGrantAdministrator(caller.isGlobalAdmin, organization, fields.isAdmin)
    requireOrganization(caller, organization)
    await assertKeyMayChange(context, organization, name, fields.isAdmin, fields.email)
    await updateUser(context.rooms.accounts, actorOf(caller), organization, name, fields, parseVersion(etag))
    return one(context, organization, name)
  }),

  removeSecondStep: os.users.removeSecondStep.handler(async ({ context, input }) => {
    const caller = requireAdministrator(context)
    const { organization, name, reason } = input
    requireOrganization(caller, organization)
    await removeSecondStepOf(context.rooms.accounts, actorOf(caller), organization, name, reason)
    return one(context, organization, name)
  }),

  remove: os.users.remove.handler(async ({ context, input }) => {
    const caller = requireAdministrator(context)
    requireOrganization(caller, input.organization)
    await assertKeyMayChange(context, input.organization, input.name, false)
    await eraseUser(context.rooms.accounts, actorOf(caller), input.organization, input.name)
    return { done: true as const }
  }),
}
