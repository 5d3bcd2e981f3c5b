import {
  type Caller,
  countsAsVerified,
  countUsers,
  findUserById,
  listUsersByOffset,
  type User,
} from '../accounts/index.ts'
import { findOrganization } from '../organizations/index.ts'
import type { Call, PersonToken } from './call.ts'
import type { Deps } from './deps.ts'
import { CasdoorError, type Envelope, notSignedIn, ok } from './envelope.ts'
import { findVisibleUser, readSelector } from './find-user.ts'
import { listEnvelope, readListQuery } from './list.ts'
import { requireAdministrator, requireCaller, requireOrganization } from './principal.ts'
import { toCasdoorUser } from './user-object.ts'

const toObject = (deps: Deps, caller: Caller, user: User): Record<string, unknown> =>
  toCasdoorUser(user, caller.userId === user.id ? 'self' : 'staff', deps.demonstration)

/** What a token shows an application of its person: as much as its scopes say (as at userinfo), never the document. */
const accountOfToken = (
  deps: Deps,
  { user, subject, scopes, isRealNameShared }: PersonToken,
): Record<string, unknown> => {
  const isVerified = countsAsVerified(user, deps.demonstration)
  return {
    owner: user.organization,
    id: subject,
    ...(scopes.includes('profile') || scopes.includes('read') ? { name: user.name } : {}),
    ...(scopes.includes('profile')
      ? {
          displayName: user.displayName,
          isVerified,
          realName: isVerified && isRealNameShared ? user.identity.realName : '',
        }
      : {}),
    ...(scopes.includes('email') ? { email: user.email } : {}),
  }
}

/** GET /api/get-account: the person who is signed in. */
export const getAccount = async (deps: Deps, call: Call): Promise<Envelope> => {
  const { principal } = call
  if (principal?.kind === 'token') {
    const data = accountOfToken(deps, principal)
    return ok(data, { sub: principal.subject, name: String(data.name ?? '') })
  }
  if (principal?.kind !== 'person') throw notSignedIn()
  const user = await findUserById(deps.accounts, principal.caller.userId)
  if (!user) throw notSignedIn()
  const organization = await findOrganization(deps.organizations.db, user.organization)
  return ok(toObject(deps, principal.caller, user), {
    sub: user.id,
    name: user.name,
    data2: organization && { owner: 'admin', name: organization.name, displayName: organization.displayName },
  })
}

/**
 * GET /api/get-user: one's own account, or one of an administrator's organization; `null` when there is none. A call that names nobody is
 * refused, and never answered with the caller's own account.
 */
export const getUser = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireCaller(call)
  const selector = readSelector(call.query)
  if (!selector) throw new CasdoorError('Name a person by id, userId, email or phone', 'INVALID_INPUT')
  const user = await findVisibleUser(deps, caller, selector)
  return ok(user ? toObject(deps, caller, user) : null)
}

/** What a list of people can be filtered and sorted by. */
const COLUMNS = ['name', 'displayName', 'email', 'realName', 'signupApplication'] as const

/** The organization of a list: the caller's own, the one that an administrator of the installation names, or undefined for all. */
const listedOrganization = (caller: Caller, owner: string | undefined): string | undefined =>
  caller.isGlobalAdmin ? owner || undefined : requireOrganization(caller, owner || caller.organization)

/** GET /api/get-users and get-global-users: people of the caller's organization, with masked document numbers. */
export const getUsers = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  const organization = listedOrganization(caller, call.query.owner)
  const list = readListQuery(call.query, COLUMNS)
  const found = await listUsersByOffset(deps.accounts, organization, list)
  return listEnvelope(list, found, (user) => toObject(deps, caller, user))
}

/** GET /api/get-sorted-users: the first `limit` people in the order of `sorter` (`created_time` or `createdTime`: newest first). */
export const getSortedUsers = async (deps: Deps, call: Call): Promise<Envelope> => {
  const { owner, sorter, limit, ...query } = call.query
  const sortField = sorter?.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
  return getUsers(deps, {
    ...call,
    query: {
      ...query,
      ...(owner === undefined ? {} : { owner }),
      ...(sortField ? { sortField, sortOrder: 'descend' } : {}),
      ...(limit ? { p: '1', pageSize: limit } : {}),
    },
  })
}

const isTrue = (text: string | undefined): boolean => {
  if (!['', '0', '1', 'true', 'false', undefined].includes(text))
    throw new CasdoorError('isOnline must be true or false', 'INVALID_INPUT')
  return text === '1' || text === 'true'
}

/** GET /api/get-user-count. Presence is not recorded here: nobody is counted as online. */
export const getUserCount = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  const organization = requireOrganization(caller, call.query.owner || caller.organization)
  return ok(isTrue(call.query.isOnline) ? 0 : await countUsers(deps.accounts, organization))
}
