import type { Caller } from '../accounts/index.ts'
import {
  updateProvider as changeProvider,
  createProvider,
  findProvider as findProviderRow,
  isOpenTo,
  MASK,
  maskedConfig,
  offsetPageOfProviders,
  type ProviderRow,
  removeProvider,
  SHARED_OWNER,
} from '../organizations/index.ts'
import { passThroughFields, stringField } from './body.ts'
import type { Call } from './call.ts'
import type { Deps } from './deps.ts'
import { affected, type Envelope, ok, unaffected, unauthorized } from './envelope.ts'
import { listEnvelope, readListQuery } from './list.ts'
import { actorOf, hasCode, parseId, requireAdministrator, requireOrganization } from './principal.ts'

/** Settings that have a field of their own in Casdoor's object. */
const SETTINGS = ['clientId', 'clientSecret', 'endpoint'] as const

/** Fields that are columns or settings here, that the server owns, or that would hold secrets. */
const providerFields: ReadonlySet<string> = new Set([
  ...SETTINGS,
  'owner',
  'name',
  'createdTime',
  'displayName',
  'category',
  'type',
  'state',
  'clientSecret2',
])

/**
 * A provider as Casdoor's clients know it. Its secret is never returned: `***` stands for a stored one. Of a shared provider those who may
 * only attach it see the name and the type.
 */
export const toCasdoorProvider = (deps: Deps, caller: Caller, row: ProviderRow): Record<string, unknown> => {
  const isOpen = isOpenTo(caller, row)
  const config = isOpen ? maskedConfig(deps.organizations, row) : {}
  return {
    method: '',
    clientId2: '',
    cert: '',
    host: '',
    port: 0,
    providerUrl: '',
    ...(isOpen ? row.extra : {}),
    owner: row.owner,
    name: row.name,
    createdTime: row.createdAt.toISOString(),
    displayName: row.displayName,
    category: row.category,
    type: row.type,
    ...Object.fromEntries(SETTINGS.map((key) => [key, config[key] ?? ''])),
    clientSecret2: '',
    state: row.health,
  }
}

/** A provider of an organization, else a shared one of that name: clients ask for shared ones under their own organization. */
const findProvider = async (deps: Deps, caller: Caller, id: string | undefined): Promise<ProviderRow | undefined> => {
  const { owner, name } = parseId(id)
  if (owner !== SHARED_OWNER) requireOrganization(caller, owner)
  return (
    (await findProviderRow(deps.organizations.db, owner, name)) ??
    findProviderRow(deps.organizations.db, SHARED_OWNER, name)
  )
}

const COLUMNS = ['name', 'displayName', 'owner', 'category', 'type'] as const

/** Providers of an owner, of the caller's organization when it is left out, and the shared ones. @throws {CasdoorError} for another tenant's */
export const getProviders = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  const owner = call.query.owner || caller.organization
  if (owner !== SHARED_OWNER) requireOrganization(caller, owner)
  const list = readListQuery(call.query, COLUMNS)
  const found = await offsetPageOfProviders(deps.organizations.db, [...new Set([owner, SHARED_OWNER])], list)
  return listEnvelope(list, found, (row) => toCasdoorProvider(deps, caller, row))
}

/** Providers of all owners. @throws {CasdoorError} unless the caller is an administrator of the installation */
export const getGlobalProviders = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  if (!caller.isGlobalAdmin) throw unauthorized()
  const list = readListQuery(call.query, COLUMNS)
  const found = await offsetPageOfProviders(deps.organizations.db, undefined, list)
  return listEnvelope(list, found, (row) => toCasdoorProvider(deps, caller, row))
}

/** `withSecret` is ignored: no call returns a secret. */
export const getProvider = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  const row = await findProvider(deps, caller, call.query.id)
  return ok(row ? toCasdoorProvider(deps, caller, row) : null)
}

/** The stored settings with those that the body has. Settings that Casdoor does not know stay as they are. */
const mergedConfig = (body: Call['body'], stored: Record<string, unknown>): Record<string, unknown> => ({
  ...stored,
  ...Object.fromEntries(SETTINGS.filter((key) => typeof body[key] === 'string').map((key) => [key, body[key]])),
})

/** The owner whose providers a caller may change: shared ones only an administrator of the installation. @throws {CasdoorError} */
const requireWritableOwner = (caller: Caller, owner: string): string => {
  if (owner !== SHARED_OWNER) return requireOrganization(caller, owner)
  if (!caller.isGlobalAdmin) throw unauthorized()
  return owner
}

/** By administrators; shared ones (owner `admin`) by those of the installation. @throws {CasdoorError} for others, or another tenant's */
export const addProvider = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  const { body } = call
  const owner = requireWritableOwner(caller, stringField(body, 'owner') || caller.organization)
  await createProvider(deps.organizations, actorOf(caller), owner, stringField(body, 'name'), {
    displayName: stringField(body, 'displayName') || stringField(body, 'name'),
    category: stringField(body, 'category'),
    type: stringField(body, 'type'),
    config: mergedConfig(body, {}),
    extra: passThroughFields(body, providerFields, 'provider'),
  })
  return affected()
}

/**
 * Absent fields stay as they are; a secret that is empty or `***` keeps the stored one. Shared ones are changed by administrators of the
 * installation only. @throws {CasdoorError} for others, or another tenant's
 */
export const updateProvider = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  const row = await findProvider(deps, caller, call.query.id)
  if (!row) return unaffected()
  requireWritableOwner(caller, row.owner)
  const config = mergedConfig(call.body, maskedConfig(deps.organizations, row))
  if (config.clientSecret === '') config.clientSecret = MASK
  await changeProvider(deps.organizations, actorOf(caller), row.owner, row.name, {
    displayName: stringField(call.body, 'displayName') || row.displayName,
    category: stringField(call.body, 'category') || row.category,
    type: stringField(call.body, 'type') || row.type,
    config,
    extra: { ...row.extra, ...passThroughFields(call.body, providerFields, 'provider') },
  })
  return affected()
}

/** A provider in use is not deleted, and the answer says which applications use it. */
export const deleteProvider = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  const owner = requireWritableOwner(caller, stringField(call.body, 'owner') || caller.organization)
  try {
    await removeProvider(deps.organizations, actorOf(caller), owner, stringField(call.body, 'name'))
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return unaffected()
    throw error
  }
  return affected()
}
