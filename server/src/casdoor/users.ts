import {
  type Caller,
  countsAsVerified,
  countUsers,
  createUser,
  eraseUser,
  findUser,
  findUserById,
  type IdentityChange,
  listUsers,
  saveExtra,
  saveIdentity,
  saveProfile,
  type User,
  updateUser as updateAccount,
} from '../accounts/index.ts'
import { findOrganization } from '../organizations/index.ts'
import type { Call, Deps, Principal } from './deps.ts'
import { affected, type Envelope, Failure, ok, signInFirst, unaffected, unauthorized } from './envelope.ts'
import { chosenOf } from './kept.ts'
import { assertPassword } from './passwords.ts'
import { administratorOf, callerOf, splitId, within } from './principal.ts'
import { pageOf } from './query.ts'
import { documentTypeOf, extraOf, ownExtraOf, toCasdoorUser } from './user-object.ts'

const actorOf = (caller: Caller) => ({ name: caller.actor, address: caller.address })
const viewFor = (caller: Caller, user: User) => (caller.userId === user.id ? 'self' : 'staff')
const show = (deps: Deps, caller: Caller, user: User) => toCasdoorUser(user, viewFor(caller, user), deps.demonstration)

/** What a token lets an application see of its person: as much as its scopes say (userinfo's rule), never the document. */
const accountByToken = (
  deps: Deps,
  { user, subject, scopes, isRealNameShared }: Extract<Principal, { kind: 'token' }>,
): Record<string, unknown> => {
  const verified = countsAsVerified(user, deps.demonstration)
  return {
    owner: user.organization,
    id: subject,
    ...(scopes.includes('profile') || scopes.includes('read') ? { name: user.name } : {}),
    ...(scopes.includes('profile')
      ? {
          displayName: user.displayName,
          isVerified: verified,
          realName: verified && isRealNameShared ? user.identity.realName : '',
        }
      : {}),
    ...(scopes.includes('email') ? { email: user.email } : {}),
  }
}

/** GET /api/get-account: who is signed in. */
export const getAccount = async (deps: Deps, call: Call): Promise<Envelope> => {
  const { principal: asker } = call
  if (asker?.kind === 'token') {
    const data = accountByToken(deps, asker)
    return ok(data, { sub: asker.subject, name: String(data.name ?? '') })
  }
  if (asker?.kind !== 'person') throw signInFirst()
  const user = await findUserById(deps.accounts, asker.caller.userId)
  if (!user) throw signInFirst()
  const organization = await findOrganization(deps.organizations.db, user.organization)
  return ok(show(deps, asker.caller, user), {
    sub: user.id,
    name: user.name,
    data2: organization && { owner: 'admin', name: organization.name, displayName: organization.displayName },
  })
}

/** One target for filter and use case alike: whom a call is about, found within the caller's organization only. */
const findTarget = async (deps: Deps, caller: Caller, call: Call): Promise<User | undefined> => {
  const { id, owner, userId } = call.query
  if (id) {
    const named = splitId(id)
    return findUser(deps.accounts, named.owner, named.name)
  }
  if (userId) {
    const found = await findUserById(deps.accounts, userId)
    return found && (owner === undefined || owner === found.organization) ? found : undefined
  }
  const { email } = call.query
  if (email) {
    const organization = owner ?? caller.organization
    const { users } = await listUsers(deps.accounts, { organization, search: email, limit: 100 })
    return users.find((user) => user.email.toLowerCase() === email.toLowerCase())
  }
  return caller.userId === '' ? undefined : findUserById(deps.accounts, caller.userId)
}

const maySee = (caller: Caller, user: User): boolean =>
  caller.userId === user.id || caller.isGlobalAdmin || (caller.isAdmin && caller.organization === user.organization)

/** GET /api/get-user: oneself, or an administrator's own people. Nobody else learns even whether there is such a person. */
export const getUser = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = callerOf(call)
  const user = await findTarget(deps, caller, call)
  if (!user) return caller.isAdmin ? ok(null) : Promise.reject(unauthorized())
  if (!maySee(caller, user)) throw unauthorized()
  return ok(show(deps, caller, user))
}

/** GET /api/get-users, get-global-users, get-sorted-users: numbers masked, always within the caller's organization. */
export const getUsers = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const organization = caller.isGlobalAdmin ? call.query.owner : within(caller, call.query.owner ?? caller.organization)
  const found: User[] = []
  let after: string | undefined
  for (;;) {
    const { users } = await listUsers(deps.accounts, {
      ...(organization === undefined ? {} : { organization }),
      ...(after === undefined ? {} : { after }),
      limit: 500,
    })
    found.push(...users)
    const last = users.at(-1)
    if (users.length < 500 || !last) break
    after = `${last.organization}/${last.name}`
  }
  return pageOf(found, call.query, (user) => show(deps, caller, user))
}

/** GET /api/get-user-count: `isOnline` in words or digits; nobody's presence is watched here, so online counts nobody. */
export const getUserCount = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const organization = within(caller, call.query.owner ?? caller.organization)
  const online = call.query.isOnline === '1' || call.query.isOnline === 'true'
  return ok(online ? 0 : await countUsers(deps.accounts, organization))
}

type Body = Call['body']
const textOf = (body: Body, key: string): string | undefined => {
  const value = body[key]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw new Failure(`${key} must be text`, 'INVALID_INPUT')
  return value
}
const flagOf = (body: Body, key: string): boolean | undefined => {
  const value = body[key]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'boolean') throw new Failure(`${key} must be true or false`, 'INVALID_INPUT')
  return value
}
/** The identity fields of a body. A masked number that comes back as it was given out is no change. */
const identityOf = (body: Body, user?: User): IdentityChange => {
  const type = textOf(body, 'idCardType')
  const number = textOf(body, 'idCard')
  const realName = textOf(body, 'realName')
  return {
    ...(type === undefined ? {} : { documentType: documentTypeOf(type) }),
    ...(number === undefined || (user && number === user.documentNumberMasked)
      ? {}
      : { documentNumber: number.trim() }),
    ...(realName === undefined ? {} : { realName: realName.trim() }),
  }
}

/** An application may not make administrators: with them it would reach further than itself. */
const adminFlagOf = (caller: Caller, body: Body, before: boolean): boolean => {
  const wanted = flagOf(body, 'isAdmin') ?? before
  if (wanted !== before && caller.userId === '') throw unauthorized()
  return wanted
}

const updateOwn = async (deps: Deps, caller: Caller, token: string, user: User, body: Body): Promise<void> => {
  const flags = { isAdmin: user.isAdmin, isForbidden: user.isForbidden }
  for (const [flag, now] of Object.entries(flags)) if ((flagOf(body, flag) ?? now) !== now) throw unauthorized()
  await saveIdentity(deps.accounts, actorOf(caller), user.id, identityOf(body, user))
  const displayName = textOf(body, 'displayName') ?? user.displayName
  const email = textOf(body, 'email') ?? user.email
  if (displayName !== user.displayName || email !== user.email)
    await saveProfile(deps.accounts, caller, token, { displayName, email })
  await saveExtra(deps.accounts, user.id, { ...user.extra, ...ownExtraOf(body) })
}

/**
 * POST /api/update-user. Sealed values are refused when they change and taken when they do not, so that a client that sends a
 * whole person back keeps working; what the server owns (`isVerified` first of all) is never taken. Absent keys stay.
 */
export const updateUser = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = callerOf(call)
  const user = await findTarget(deps, caller, call)
  if (!user) return caller.isAdmin ? unaffected() : Promise.reject(unauthorized())
  if (!maySee(caller, user)) throw unauthorized()
  // With an administrator's address or name an application would reach further than itself.
  if (user.isAdmin && caller.userId === '') throw unauthorized()
  const body = chosenOf(call)
  const name = textOf(body, 'name')
  if (name !== undefined && name !== user.name) throw new Failure('An account keeps its name', 'INVALID_INPUT')
  if (!caller.isAdmin && call.principal?.kind === 'person') {
    await updateOwn(deps, caller, call.principal.token, user, body)
    return affected()
  }
  await updateAccount(deps.accounts, actorOf(caller), user.organization, user.name, {
    displayName: textOf(body, 'displayName') ?? user.displayName,
    email: textOf(body, 'email') ?? user.email,
    isAdmin: adminFlagOf(caller, body, user.isAdmin),
    isForbidden: flagOf(body, 'isForbidden') ?? user.isForbidden,
    application: textOf(body, 'signupApplication') ?? user.application,
    identity: identityOf(body, user),
    extra: { ...user.extra, ...extraOf(body) },
  })
  return affected()
}

/** POST /api/add-user. `isVerified` is not taken: only a check of the person's own makes it true. */
export const addUser = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const { body } = call
  const organization = within(caller, textOf(body, 'owner') ?? caller.organization)
  const name = textOf(body, 'name') ?? ''
  if (!/^[^/?:#&%=+;@\s]{1,100}$/.test(name))
    throw new Failure('The name has 1 to 100 characters, none of / ? : # & % = + ; @ and no space', 'INVALID_INPUT')
  const sent = textOf(body, 'password')
  const password = sent === '***' ? '' : (sent ?? '')
  if (password !== '') assertPassword(password)
  await createUser(deps.accounts, actorOf(caller), organization, name, {
    displayName: textOf(body, 'displayName') ?? '',
    email: textOf(body, 'email') ?? '',
    isAdmin: adminFlagOf(caller, body, false),
    isForbidden: flagOf(body, 'isForbidden') ?? false,
    application: textOf(body, 'signupApplication') ?? '',
    identity: identityOf(body),
    extra: extraOf(body),
    ...(password === '' ? {} : { password }),
  })
  return affected()
}

/** POST /api/delete-user: the account is erased; the audit record stays. */
export const deleteUser = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const owner = within(caller, textOf(call.body, 'owner') ?? caller.organization)
  const name = textOf(call.body, 'name') ?? ''
  const user = await findUser(deps.accounts, owner, name)
  if (!user) return unaffected()
  if (user.isAdmin && caller.userId === '') throw unauthorized()
  await eraseUser(deps.accounts, actorOf(caller), owner, name)
  return affected()
}
