import { ApiError } from '@veridoor/contract'
import {
  type Clock,
  createOutboundFetch,
  digest,
  type EnvelopeCipher,
  type Executor,
  newToken,
  type OutboundPolicy,
} from '@veridoor/foundation'
import { destinationOf, findProviderType, type ProviderType, secretFields } from '@veridoor/providers'
import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { providers } from './schema.ts'

/** A configured provider as it is stored: `secrets` are sealed for the row. */
export type ProviderRow = typeof providers.$inferSelect
/** What providers are configured and opened with. `types` are all kinds that this server knows. */
export type Deps = {
  db: Executor
  cipher: EnvelopeCipher
  clock: Clock
  types: readonly ProviderType[]
  outbound: OutboundPolicy
}

/** Characters of all settings together, as JSON. */
const MAX_CONFIG = 65_536

/** Stands for a secret on read; sent back, it keeps the stored one. */
export const MASK = '***'

/** The row that a provider's secret is sealed for. */
export const providerSecretAad = (owner: string, name: string, field: string): string =>
  `provider:${owner}/${name}:${field}`

/** @throws {ApiError} INVALID_INPUT for a type that this server does not know */
export const typeOf = (deps: Deps, category: string, type: string): ProviderType => {
  const found = findProviderType(deps.types, category, type)
  // An unknown type is refused, never run as another one.
  if (!found)
    throw new ApiError('INVALID_INPUT', { fields: [{ path: 'type', message: 'There is no provider of this type.' }] })
  return found
}

/** Under this very owner: a shared one is found under `SHARED_OWNER` only. */
export const findProvider = async (ex: Executor, owner: string, name: string): Promise<ProviderRow | undefined> => {
  const [row] = await ex
    .select()
    .from(providers)
    .where(and(eq(providers.owner, owner), eq(providers.name, name)))
  return row
}

/** The provider whose account sends its webhooks to an address. @param webhookDigest `digest` of the unguessable part */
export const findProviderByWebhook = async (ex: Executor, webhookDigest: string): Promise<ProviderRow | undefined> => {
  const [row] = await ex.select().from(providers).where(eq(providers.webhookDigest, webhookDigest))
  return row
}

/** Additional data of a provider's webhook token. */
const webhookTokenAad = (owner: string, name: string): string => `provider:${owner}/${name}:webhook-token`

/** A new webhook address for types that have one an account; nothing for others. */
export const newWebhookAddress = (deps: Pick<Deps, 'cipher'>, type: ProviderType, owner: string, name: string) => {
  if (type.webhooks !== 'per_account') return { webhookToken: null, webhookDigest: null }
  const token = newToken()
  return { webhookToken: deps.cipher.encrypt(token, webhookTokenAad(owner, name)), webhookDigest: digest(token) }
}

/** The address to enter in the provider's dashboard; null for types that get one with each check. @param url public address */
export const webhookUrlOf = (deps: Pick<Deps, 'cipher'>, row: ProviderRow, url: string): string | null =>
  row.webhookToken === null
    ? null
    : `${url}/notices/${deps.cipher.decrypt(row.webhookToken, webhookTokenAad(row.owner, row.name))}`

const openSecrets = (deps: Deps, row: ProviderRow): Record<string, string> =>
  Object.fromEntries(
    Object.entries(row.secrets).map(([field, sealed]) => [
      field,
      deps.cipher.decrypt(sealed, providerSecretAad(row.owner, row.name, field)),
    ]),
  )

/** What the console may see: plain settings, and `***` where a secret is stored. */
export const maskedConfig = (deps: Deps, row: ProviderRow): Record<string, unknown> => {
  const type = findProviderType(deps.types, row.category, row.type)
  const secrets = type ? secretFields(type) : Object.keys(row.secrets)
  return { ...row.config, ...Object.fromEntries(secrets.map((field) => [field, row.secrets[field] ? MASK : ''])) }
}

/**
 * Whether settings still lead where the stored ones lead: same type, no address of another origin, and the same choice where
 * a choice decides the host (a data centre, a generation). What is left out counts as its default: an address that was taken
 * away leads somewhere else, too.
 */
const hasSameDestination = (type: ProviderType, given: Record<string, unknown>, stored: ProviderRow): boolean =>
  stored.category === type.category &&
  stored.type === type.type &&
  destinationOf(type, given).join('\n') === destinationOf(type, stored.config).join('\n')

/**
 * Checks a configuration against its type's schema, with the stored secret where `***` came back. A kept secret goes only
 * where it was entered for: with another address or type it must be entered again, else whoever may edit or test a
 * provider could have its secret sent to a machine of their own.
 *
 * @throws {ApiError} INVALID_INPUT naming the fields, never their values; TOO_LARGE
 */
export const checkConfig = (
  deps: Deps,
  type: ProviderType,
  given: Record<string, unknown>,
  stored: ProviderRow | undefined,
): Record<string, unknown> => {
  if (JSON.stringify(given).length > MAX_CONFIG) throw new ApiError('TOO_LARGE')
  const kept = stored ? openSecrets(deps, stored) : {}
  const filled = { ...given }
  for (const field of secretFields(type))
    if (filled[field] === MASK || filled[field] === undefined) {
      if (stored && kept[field] && !hasSameDestination(type, given, stored))
        throw new ApiError('INVALID_INPUT', {
          fields: [{ path: `config.${field}`, message: 'You changed where this secret is sent. Enter it again.' }],
        })
      filled[field] = kept[field] ?? ''
    }
  const result = z.safeParse(type.config, filled)
  if (result.success) return result.data as Record<string, unknown>
  throw new ApiError('INVALID_INPUT', {
    fields: result.error.issues.map((issue) => ({ path: `config.${issue.path.join('.')}`, message: issue.message })),
  })
}

/** Splits a checked configuration into what is stored in clear and what is sealed for this row. */
export const splitConfig = (
  deps: Deps,
  type: ProviderType,
  owner: string,
  name: string,
  config: Record<string, unknown>,
): { config: Record<string, unknown>; secrets: Record<string, string> } => {
  const secret = new Set(secretFields(type))
  return {
    config: Object.fromEntries(Object.entries(config).filter(([field]) => !secret.has(field))),
    secrets: Object.fromEntries(
      Object.entries(config)
        .filter(([field, value]) => secret.has(field) && value !== '')
        .map(([field, value]) => [field, deps.cipher.encrypt(String(value), providerSecretAad(owner, name, field))]),
    ),
  }
}

/** One way out for all calls: a connection stays open for the next call to the same host. */
const fetches = new WeakMap<OutboundPolicy, typeof fetch>()
const sharedFetch = (policy: OutboundPolicy): typeof fetch => {
  const known = fetches.get(policy) ?? createOutboundFetch(policy)
  fetches.set(policy, known)
  return known
}

/** Opens the adapter of a type with these settings. */
export const openType = (deps: Deps, type: ProviderType, config: Record<string, unknown>) =>
  type.open(config, { fetch: sharedFetch(deps.outbound), now: () => deps.clock.now() })

type Opened = ReturnType<typeof openType> & { readonly type: ProviderType }
/** Providers that were opened, by name, for as long as their settings stay as they are. */
const opened = new WeakMap<Deps, Map<string, { readonly settings: string; readonly opened: Opened }>>()

/**
 * Opens the adapter of a stored provider. Opening decrypts secrets and checks the whole configuration, so the result is kept until
 * the row's settings change.
 */
export const openProvider = (deps: Deps, row: ProviderRow): Opened => {
  const kept = opened.get(deps) ?? new Map<string, { readonly settings: string; readonly opened: Opened }>()
  opened.set(deps, kept)
  const name = `${row.owner}/${row.name}`
  // Encrypted secrets differ each time, so a provider that was deleted and made again under the same name is opened anew.
  const settings = JSON.stringify([row.category, row.type, row.config, row.secrets])
  const known = kept.get(name)
  if (known?.settings === settings) return known.opened
  const type = typeOf(deps, row.category, row.type)
  const adapter = { ...openType(deps, type, { ...row.config, ...openSecrets(deps, row) }), type }
  kept.set(name, { settings, opened: adapter })
  return adapter
}
