import type { Caller } from '../accounts/index.ts'
import {
  updateProvider as changeProvider,
  createProvider,
  findProvider,
  isOpenTo,
  listProviders,
  MASK,
  maskedConfig,
  type ProviderRow,
  removeProvider,
  SHARED_OWNER,
} from '../organizations/index.ts'
import type { Call, Deps } from './deps.ts'
import { affected, type Envelope, ok, unaffected, unauthorized } from './envelope.ts'
import { keptOf, textIn } from './kept.ts'
import { administratorOf, isRefusal, splitId, within } from './principal.ts'
import { pageOf } from './query.ts'

/** The settings of ours that have a key of their own in Casdoor's object. */
const known = ['clientId', 'clientSecret', 'endpoint'] as const

/** Keys that are columns or settings here, that the server owns, or that would hold secrets. */
const providerKeys: ReadonlySet<string> = new Set([
  ...known,
  'owner',
  'name',
  'createdTime',
  'displayName',
  'category',
  'type',
  'state',
  'clientSecret2',
])

/** A provider in Casdoor's words. A secret is never in it: `***` where one is stored. A shared one is a name to those who only attach it. */
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
    ...Object.fromEntries(known.map((key) => [key, config[key] ?? ''])),
    clientSecret2: '',
    state: row.health,
  }
}

/** An organization's own and the shared ones; a shared one is found under any owner, since clients ask for it under theirs. */
const find = async (deps: Deps, caller: Caller, id: string | undefined): Promise<ProviderRow | undefined> => {
  const { owner, name } = splitId(id)
  if (owner !== SHARED_OWNER) within(caller, owner)
  return (
    (await findProvider(deps.organizations.db, owner, name)) ?? findProvider(deps.organizations.db, SHARED_OWNER, name)
  )
}

/** Those of an owner, the caller's organization when left out, and the shared ones. @throws {Failure} for another tenant's */
export const getProviders = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const owner = call.query.owner ?? caller.organization
  if (owner !== SHARED_OWNER) within(caller, owner)
  const rows = await listProviders(deps.organizations.db, [...new Set([owner, SHARED_OWNER])])
  return pageOf(rows, call.query, (row) => toCasdoorProvider(deps, caller, row))
}

/** Of all owners. @throws {Failure} for who is no administrator of the installation */
export const getGlobalProviders = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  if (!caller.isGlobalAdmin) throw unauthorized()
  return pageOf(await listProviders(deps.organizations.db), call.query, (row) => toCasdoorProvider(deps, caller, row))
}

/** `withSecret` is not known here: no call gives a secret out. */
export const getProvider = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const row = await find(deps, caller, call.query.id)
  return ok(row ? toCasdoorProvider(deps, caller, row) : null)
}

/** Our settings with what the body says of them; everything else of ours stays. `***` keeps a secret. */
const configOf = (body: Call['body'], stored: Record<string, unknown>): Record<string, unknown> => ({
  ...stored,
  ...Object.fromEntries(known.filter((key) => typeof body[key] === 'string').map((key) => [key, body[key]])),
})

const writable = (caller: Caller, owner: string): string => {
  if (owner !== SHARED_OWNER) return within(caller, owner)
  if (!caller.isGlobalAdmin) throw unauthorized()
  return owner
}
const actorOf = (caller: Caller) => ({ name: caller.actor, address: caller.address })

/** Shared ones (owner `admin`) by administrators of the installation only. @throws {Failure} for others, or another tenant's */
export const addProvider = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const { body } = call
  const owner = writable(caller, textIn(body, 'owner') || caller.organization)
  await createProvider(deps.organizations, actorOf(caller), owner, textIn(body, 'name'), {
    displayName: textIn(body, 'displayName') || textIn(body, 'name'),
    category: textIn(body, 'category'),
    type: textIn(body, 'type'),
    config: configOf(body, {}),
    extra: keptOf(body, providerKeys, 'provider'),
  })
  return affected()
}

/**
 * Absent keys and our further settings stay; a secret that is empty or `***` is the stored one. Shared ones are changed by
 * administrators of the installation only. @throws {Failure} for others, or another tenant's
 */
export const updateProvider = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const row = await find(deps, caller, call.query.id)
  if (!row) return unaffected()
  writable(caller, row.owner)
  const masked = maskedConfig(deps.organizations, row)
  const config = configOf(call.body, masked)
  if (config.clientSecret === '') config.clientSecret = MASK
  await changeProvider(deps.organizations, actorOf(caller), row.owner, row.name, {
    displayName: textIn(call.body, 'displayName') || row.displayName,
    category: textIn(call.body, 'category') || row.category,
    type: textIn(call.body, 'type') || row.type,
    config,
    extra: { ...row.extra, ...keptOf(call.body, providerKeys, 'provider') },
  })
  return affected()
}

/** A provider in use is kept, and the answer says who uses it. */
export const deleteProvider = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const owner = writable(caller, textIn(call.body, 'owner') || caller.organization)
  try {
    await removeProvider(deps.organizations, actorOf(caller), owner, textIn(call.body, 'name'))
  } catch (error) {
    if (isRefusal(error, 'NOT_FOUND')) return unaffected()
    throw error
  }
  return affected()
}
