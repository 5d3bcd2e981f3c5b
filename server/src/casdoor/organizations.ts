import { BUILT_IN, type Caller, countUsers } from '../accounts/index.ts'
import {
  updateOrganization as changeOrganization,
  createOrganization,
  findOrganization,
  listOrganizations,
  type OrganizationRow,
  removeOrganization,
} from '../organizations/index.ts'
import type { Call, Deps } from './deps.ts'
import { affected, type Envelope, Failure, ok, unaffected, unauthorized } from './envelope.ts'
import { keptOf, newName, textIn } from './kept.ts'
import { administratorOf, isRefusal, splitId, within } from './principal.ts'
import { pageOf } from './query.ts'

const actorOf = (caller: Caller) => ({ name: caller.actor, address: caller.address })

/** Keys that are columns here, that the server owns, or that hold secrets. */
const organizationKeys: ReadonlySet<string> = new Set([
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

type Row = OrganizationRow

/** Whom profiles and identity fields are shown to is the server's rule, not a setting. */
const toCasdoorOrganization = (row: Row): Record<string, unknown> => ({
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

/** The caller's own; all for an administrator of the installation. */
export const getOrganizations = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const rows = await listOrganizations(deps.organizations.db, caller.isGlobalAdmin ? undefined : caller.organization)
  return pageOf(rows, call.query, toCasdoorOrganization)
}

/** Null for an unknown one and another tenant's alike. */
export const getOrganization = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const { name } = splitId(call.query.id)
  if (!caller.isGlobalAdmin && name !== caller.organization) return ok(null)
  const row = await findOrganization(deps.organizations.db, name)
  return ok(row ? toCasdoorOrganization(row) : null)
}

/**
 * Absent keys stay; what Casdoor has no key for stays, too. `Unaffected` where there is none.
 * @throws {Failure} for another tenant's, or another name
 */
export const updateOrganization = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const name = within(caller, splitId(call.query.id).name)
  const row = await findOrganization(deps.organizations.db, name)
  if (!row) return unaffected()
  const { body } = call
  if (textIn(body, 'name', name) !== name) throw new Failure('An organization keeps its name', 'INVALID_INPUT')
  await changeOrganization(deps.organizations, actorOf(caller), name, {
    displayName: textIn(body, 'displayName', row.displayName),
    logo: textIn(body, 'logo', row.logo),
    helpContact: row.helpContact,
    triesPerDay: row.triesPerDay,
    extra: { ...row.extra, ...keptOf(body, organizationKeys, 'organization') },
  })
  return affected()
}

/** Tenants come and go by the administrators of the installation only, never by an application's credentials. */
const globalAdministrator = (call: Call): Caller => {
  const caller = administratorOf(call)
  if (!caller.isGlobalAdmin) throw unauthorized()
  return caller
}

const TRIES_PER_DAY = 5

/**
 * By administrators of the installation only. @throws {Failure} for others, or a name that cannot be
 * @throws {Refusal} CONFLICT when the name is taken; INVALID_INPUT when it is reserved
 */
export const addOrganization = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = globalAdministrator(call)
  const { body } = call
  const name = newName(body)
  await createOrganization(deps.organizations, actorOf(caller), {
    name,
    displayName: textIn(body, 'displayName') || name,
    logo: textIn(body, 'logo'),
    helpContact: '',
    triesPerDay: TRIES_PER_DAY,
    extra: keptOf(body, organizationKeys, 'organization'),
  })
  return affected()
}

/** An organization with people is kept, as the first one is. */
export const deleteOrganization = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = globalAdministrator(call)
  const name = textIn(call.body, 'name')
  if (name === BUILT_IN || !(await findOrganization(deps.organizations.db, name))) return unaffected()
  if ((await countUsers(deps.accounts, name)) > 0 || (await deps.countWebhooks(name)) > 0)
    throw new Failure('The organization still has people or webhooks: remove them first', 'IN_USE')
  try {
    await removeOrganization(deps.organizations, actorOf(caller), name)
  } catch (error) {
    if (isRefusal(error, 'NOT_FOUND')) return unaffected()
    throw error
  }
  return affected()
}
