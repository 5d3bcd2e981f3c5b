import { BUILT_IN, type Caller, countUsers } from '../accounts/index.ts'
import {
  updateOrganization as changeOrganization,
  createOrganization,
  findOrganization,
  type OrganizationRow,
  offsetPageOfOrganizations,
  removeOrganization,
} from '../organizations/index.ts'
import { newObjectName, passThroughFields, stringField } from './body.ts'
import type { Call } from './call.ts'
import type { Deps } from './deps.ts'
import { affected, CasdoorError, type Envelope, ok, unaffected, unauthorized } from './envelope.ts'
import { listEnvelope, readListQuery } from './list.ts'
import { actorOf, hasCode, parseId, requireAdministrator, requireOrganization } from './principal.ts'

/** Fields that are columns here, that the server owns, or that hold secrets. */
const organizationFields: ReadonlySet<string> = new Set([
  'owner',
  'name',
  'createdTime',
  'displayName',
  'logo',
  'accountItems',
  'passwordType',
  'passwordSalt',
  'isProfilePublic',
  'masterPassword',
  'defaultPassword',
  'masterVerificationCode',
  'passwordObfuscatorKey',
  'kerberosKeytab',
])

/** An organization as Casdoor's clients know it. Who sees profiles and identity fields is a rule of the server, not a setting. */
const toCasdoorOrganization = (row: OrganizationRow): Record<string, unknown> => ({
  languages: ['en', 'de'],
  ...row.extra,
  owner: 'admin',
  name: row.name,
  createdTime: row.createdAt.toISOString(),
  displayName: row.displayName,
  logo: row.logo,
  passwordType: 'argon2id',
  isProfilePublic: false,
  masterPassword: '',
  defaultPassword: '',
  accountItems: [
    { name: 'ID card type', visible: true, viewRule: 'Self', modifyRule: 'Self' },
    { name: 'ID card', visible: true, viewRule: 'Self', modifyRule: 'Self' },
    { name: 'Real name', visible: true, viewRule: 'Self', modifyRule: 'Self' },
    { name: 'ID verification', visible: true, viewRule: 'Self', modifyRule: 'Self' },
  ],
})

const COLUMNS = ['name', 'displayName'] as const

/** The caller's own; all for an administrator of the installation. */
export const getOrganizations = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  const list = readListQuery(call.query, COLUMNS)
  const only = caller.isGlobalAdmin ? undefined : caller.organization
  const found = await offsetPageOfOrganizations(deps.organizations.db, only, list)
  return listEnvelope(list, found, toCasdoorOrganization)
}

/** `null` for an unknown one and for another tenant's alike. */
export const getOrganization = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  const { name } = parseId(call.query.id)
  if (!caller.isGlobalAdmin && name !== caller.organization) return ok(null)
  const row = await findOrganization(deps.organizations.db, name)
  return ok(row ? toCasdoorOrganization(row) : null)
}

/**
 * By administrators. Absent fields stay as they are, and so do those that Casdoor does not know. `Unaffected` when there is none.
 * @throws {CasdoorError} for another tenant's, or another name
 */
export const updateOrganization = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  const name = requireOrganization(caller, parseId(call.query.id).name)
  const row = await findOrganization(deps.organizations.db, name)
  if (!row) return unaffected()
  const { body } = call
  if (stringField(body, 'name', name) !== name)
    throw new CasdoorError('The name of an organization cannot be changed', 'INVALID_INPUT')
  await changeOrganization(deps.organizations, actorOf(caller), name, {
    displayName: stringField(body, 'displayName', row.displayName),
    logo: stringField(body, 'logo', row.logo),
    helpContact: row.helpContact,
    triesPerDay: row.triesPerDay,
    extra: { ...row.extra, ...passThroughFields(body, organizationFields, 'organization') },
  })
  return affected()
}

/** Organizations are added and deleted by administrators of the installation only. @throws {CasdoorError} */
const requireGlobalAdministrator = (call: Call): Caller => {
  const caller = requireAdministrator(call)
  if (!caller.isGlobalAdmin) throw unauthorized()
  return caller
}

const TRIES_PER_DAY = 5

/**
 * By administrators of the installation only. @throws {CasdoorError} for others, or a name that is not allowed
 * @throws {ApiError} CONFLICT when the name is taken; INVALID_INPUT when it is reserved
 */
export const addOrganization = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireGlobalAdministrator(call)
  const { body } = call
  const name = newObjectName(body)
  await createOrganization(deps.organizations, actorOf(caller), {
    name,
    displayName: stringField(body, 'displayName') || name,
    logo: stringField(body, 'logo'),
    helpContact: '',
    triesPerDay: TRIES_PER_DAY,
    extra: passThroughFields(body, organizationFields, 'organization'),
  })
  return affected()
}

/** An organization with people or webhooks is not deleted, and neither is the first one. */
export const deleteOrganization = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireGlobalAdministrator(call)
  const name = stringField(call.body, 'name')
  if (name === BUILT_IN || !(await findOrganization(deps.organizations.db, name))) return unaffected()
  if ((await countUsers(deps.accounts, name)) > 0 || (await deps.countWebhooks(name)) > 0)
    throw new CasdoorError('The organization still has people or webhooks: delete them first', 'IN_USE')
  try {
    await removeOrganization(deps.organizations, actorOf(caller), name)
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return unaffected()
    throw error
  }
  return affected()
}
