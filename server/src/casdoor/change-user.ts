import {
  type Caller,
  updateUser as changeUser,
  createUser,
  eraseUser,
  findUser,
  findUserById,
  type IdentityChange,
  saveExtra,
  saveIdentity,
  saveProfile,
  type User,
} from '../accounts/index.ts'
import { booleanField, selectedColumns } from './body.ts'
import type { Call } from './call.ts'
import type { Deps } from './deps.ts'
import { affected, CasdoorError, type Envelope, unaffected, unauthorized } from './envelope.ts'
import { findVisibleUser, readSelector } from './find-user.ts'
import { assertPassword } from './passwords.ts'
import { actorOf, requireAdministrator, requireCaller, requireOrganization } from './principal.ts'
import { parseDocumentType, passThroughUserFields, selfWritableFields } from './user-object.ts'

type Body = Call['body']

/** A text of a body; undefined when it is absent. @throws {CasdoorError} for anything but text */
const optionalText = (body: Body, key: string): string | undefined => {
  const value = body[key]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw new CasdoorError(`${key} must be text`, 'INVALID_INPUT')
  return value
}

const optionalFlag = (body: Body, key: string): boolean | undefined => {
  const value = body[key]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'boolean') throw new CasdoorError(`${key} must be true or false`, 'INVALID_INPUT')
  return value
}

/** The identity fields of a body. A masked number that comes back as it was given out is no change. */
const identityFields = (body: Body, user?: User): IdentityChange => {
  const type = optionalText(body, 'idCardType')
  const number = optionalText(body, 'idCard')
  const realName = optionalText(body, 'realName')
  return {
    ...(type === undefined ? {} : { documentType: parseDocumentType(type) }),
    ...(number === undefined || (user && number === user.documentNumberMasked)
      ? {}
      : { documentNumber: number.trim() }),
    ...(realName === undefined ? {} : { realName: realName.trim() }),
  }
}

const isApplication = (caller: Caller): boolean => caller.userId === ''

/** An application makes no administrators: with one of its own it would have more power than it was given. */
const administratorFlag = (caller: Caller, body: Body, current: boolean): boolean => {
  const isAdmin = optionalFlag(body, 'isAdmin') ?? current
  if (isAdmin !== current && isApplication(caller)) throw unauthorized()
  return isAdmin
}

/** An administrator's account, and the e-mail address of a verified person, lead to more than an application was given. */
const assertApplicationMayChange = (caller: Caller, user: User, email: string): void => {
  if (!isApplication(caller)) return
  if (user.isAdmin) throw unauthorized()
  if (user.verifiedAt && email !== user.email)
    throw new CasdoorError(
      'The email address of a verified person is changed by the person or an administrator',
      'FORBIDDEN',
    )
}

const updateOwnAccount = async (deps: Deps, caller: Caller, token: string, user: User, body: Body): Promise<void> => {
  for (const flag of ['isAdmin', 'isForbidden'] as const)
    if (booleanField(body, flag, user[flag]) !== user[flag]) throw unauthorized()
  await saveIdentity(deps.accounts, actorOf(caller), user.id, identityFields(body, user))
  const displayName = optionalText(body, 'displayName') ?? user.displayName
  const email = optionalText(body, 'email') ?? user.email
  if (displayName !== user.displayName || email !== user.email)
    await saveProfile(deps.accounts, caller, token, { displayName, email })
  await saveExtra(deps.accounts, user.id, { ...user.extra, ...selfWritableFields(body) })
}

const updateAsAdministrator = async (deps: Deps, caller: Caller, user: User, body: Body): Promise<void> => {
  const email = optionalText(body, 'email') ?? user.email
  assertApplicationMayChange(caller, user, email)
  await changeUser(deps.accounts, actorOf(caller), user.organization, user.name, {
    displayName: optionalText(body, 'displayName') ?? user.displayName,
    email,
    isAdmin: administratorFlag(caller, body, user.isAdmin),
    isForbidden: optionalFlag(body, 'isForbidden') ?? user.isForbidden,
    application: optionalText(body, 'signupApplication') ?? user.application,
    identity: identityFields(body, user),
    extra: { ...user.extra, ...passThroughUserFields(body) },
  })
}

/** The account to change: the one that is named, or a person's own when nobody is named. */
const findTarget = (deps: Deps, caller: Caller, call: Call): Promise<User | undefined> => {
  const selector = readSelector(call.query)
  if (selector) return findVisibleUser(deps, caller, selector)
  if (isApplication(caller)) throw new CasdoorError('Name a person by id', 'INVALID_INPUT')
  return findUserById(deps.accounts, caller.userId)
}

/**
 * POST /api/update-user. Verified values are refused when they change and accepted when they do not, so that a client that sends a whole
 * person back keeps working. What the server owns (`isVerified` first of all) is ignored. Absent fields stay as they are.
 */
export const updateUser = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireCaller(call)
  const user = await findTarget(deps, caller, call)
  if (!user) return unaffected()
  const body = selectedColumns(call)
  const name = optionalText(body, 'name')
  if (name !== undefined && name !== user.name)
    throw new CasdoorError('The name of an account cannot be changed', 'INVALID_INPUT')
  if (!caller.isAdmin && call.principal?.kind === 'person')
    await updateOwnAccount(deps, caller, call.principal.token, user, body)
  else await updateAsAdministrator(deps, caller, user, body)
  return affected()
}

/** The name of a new account: it must not look like an e-mail address, with which people sign in too. */
const newUserName = (body: Body): string => {
  const name = optionalText(body, 'name') ?? ''
  if (!/^[^/?:#&%=+;@\s]{1,100}$/.test(name) || name === '.' || name === '..')
    throw new CasdoorError(
      'A name has 1 to 100 characters, without spaces and without / ? : # & % = + ; @',
      'INVALID_INPUT',
    )
  return name
}

/** POST /api/add-user. `isVerified` is ignored: only a check of the person makes it true. */
export const addUser = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  const { body } = call
  const organization = requireOrganization(caller, optionalText(body, 'owner') ?? caller.organization)
  const name = newUserName(body)
  const sent = optionalText(body, 'password')
  const password = sent === '***' ? '' : (sent ?? '')
  if (password !== '') assertPassword(password)
  await createUser(deps.accounts, actorOf(caller), organization, name, {
    displayName: optionalText(body, 'displayName') ?? '',
    email: optionalText(body, 'email') ?? '',
    isAdmin: administratorFlag(caller, body, false),
    isForbidden: optionalFlag(body, 'isForbidden') ?? false,
    application: optionalText(body, 'signupApplication') ?? '',
    identity: identityFields(body),
    extra: passThroughUserFields(body),
    ...(password === '' ? {} : { password }),
  })
  return affected()
}

/** POST /api/delete-user: the account is erased; the audit record stays. */
export const deleteUser = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  const owner = requireOrganization(caller, optionalText(call.body, 'owner') ?? caller.organization)
  const name = optionalText(call.body, 'name') ?? ''
  const user = await findUser(deps.accounts, owner, name)
  if (!user) return unaffected()
  if (user.isAdmin && isApplication(caller)) throw unauthorized()
  await eraseUser(deps.accounts, actorOf(caller), owner, name)
  return affected()
}
