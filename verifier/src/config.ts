import { type FaceLimits, faceLimits } from '@veridoor/engine'
import {
  isLoopback,
  type MetricsAccess,
  type OutboundPolicy,
  processKeys,
  readKeys,
  readList,
  readPort,
  readSecret,
  readSwitch,
  readUrl,
  SettingError,
} from '@veridoor/foundation'
import { type ClientSettings, readClientSettings, type SettingName } from './clients/client-settings.ts'

/** Settings that a start sentence names. */
export const START_SETTINGS = { port: 'VERIFIER_PORT', host: 'VERIFIER_HOST', key: 'VERIDOOR_KEY' } as const

/** The only reader of the environment in the verifier. */
export type Config = {
  readonly host: string
  readonly port: number
  readonly url: string
  readonly dataFolder: string
  readonly databaseUrl: string
  readonly keys: readonly Uint8Array[]
  readonly client: { readonly token: string; readonly secret: string }
  /** What the first client is set to when it is made; after that the portal has the word. */
  readonly clientSettings: ClientSettings
  /** Opens the portal; without one there is none. */
  readonly portalSecret: string | null
  /** Specimens are accepted and the specimen maker is offered. */
  readonly demonstration: boolean
  readonly workers: number
  /** Where a selfie and a portrait are one person's, and where a person looks: cosines (`engine/src/thresholds.ts`). */
  readonly faceLimits: FaceLimits
  /** Checks that may wait or run at one time. */
  readonly queueLimit: number
  readonly outbound: OutboundPolicy
  /** Proxies whose word counts on who is calling. */
  readonly trustedProxies: readonly string[]
  readonly allowLoopback: boolean
  /** Who may read `/metrics`. */
  readonly metrics: MetricsAccess
}

const required = (env: NodeJS.ProcessEnv, name: string): string => {
  const value = env[name]
  if (!value)
    throw new SettingError(
      name,
      `${name} is missing. "npm start" sets it; a verifier that runs alone needs it in its environment.`,
    )
  return value
}

const databaseAddress = (name: string, value: string): string => {
  // A driver's own complaint would quote the address, password included.
  if (!URL.canParse(value) || !/^postgres(ql)?:$/.test(new URL(value).protocol))
    throw new SettingError(name, `${name} must be an address like postgresql://user:password@host:5432/database.`)
  return value
}

const readCount = (env: NodeJS.ProcessEnv, name: string, fallback: number, most: number): number => {
  const value = env[name] ? Number(env[name]) : fallback
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new SettingError(name, `${name} must be a whole number from 1 to ${most}.`)
  return value
}

/** Below 0.9 one pair of strangers in thirty is taken for one person; nothing was measured above 0.99. */
const readFaceLimits = (env: NodeJS.ProcessEnv): FaceLimits => {
  const read = (name: string, fallback: number, least: number, most: number): number => {
    const value = env[name] ? Number(env[name]) : fallback
    if (!(value >= least && value <= most))
      throw new SettingError(name, `${name} must be a number from ${least} to ${most}.`)
    return value
  }
  const match = read('VERIFIER_FACE_MATCH', faceLimits.match, 0.9, 0.99)
  return { match, review: read('VERIFIER_FACE_REVIEW', Math.min(faceLimits.review, match), 0.85, match) }
}

/** A client's settings by the names they have in the environment. */
const variables: Readonly<Record<SettingName, string>> = {
  name: 'VERIFIER_NAME',
  color: 'VERIFIER_COLOR',
  logoUrl: 'VERIFIER_LOGO_URL',
  callbackUrl: 'VERIFIER_CALLBACK_URL',
  successUrl: 'VERIFIER_SUCCESS_URL',
  errorUrl: 'VERIFIER_ERROR_URL',
  workflowId: 'VERIFIER_WORKFLOW',
  locale: 'VERIFIER_LOCALE',
  liveness: 'VERIFIER_LIVENESS',
  tokenLifetimeMinutes: 'VERIFIER_TOKEN_LIFETIME',
  retentionDays: 'VERIFIER_RETENTION_DAYS',
  acceptedCountries: 'VERIFIER_COUNTRIES',
  acceptedTypes: 'VERIFIER_TYPES',
  enabledFields: 'VERIFIER_FIELDS',
  masking: 'VERIFIER_MASKING',
  findRepeatedFaces: 'VERIFIER_REPEATED_FACES',
  findRepeatedPictures: 'VERIFIER_REPEATED_PICTURES',
  startsPerSecond: 'VERIFIER_STARTS_PER_SECOND',
}

const readFirstSettings = (env: NodeJS.ProcessEnv, allowLoopback: boolean): ClientSettings => {
  const names = Object.entries(variables) as [SettingName, string][]
  const given = Object.fromEntries(names.map(([name, variable]) => [name, env[variable] ?? '']))
  const { settings, faults } = readClientSettings(given, { allowLoopback })
  for (const [name, variable] of names)
    if (faults[name]) throw new SettingError(variable, `${variable} cannot be used. ${faults[name]}`)
  return settings
}

const readPortalSecret = (env: NodeJS.ProcessEnv): string | null => {
  const secret = env.VERIFIER_PORTAL_SECRET
  if (secret && secret.length < 16)
    throw new SettingError('VERIFIER_PORTAL_SECRET', 'VERIFIER_PORTAL_SECRET must have 16 characters or more.')
  return secret || null
}

/**
 * The verifier's own keys. This process takes pictures from strangers, so it never needs the master key: `npm start` gives it
 * `VERIFIER_KEY`, which is derived from it. One that runs alone may be given the master key and derives the same.
 */
const readOwnKeys = (env: NodeJS.ProcessEnv): Uint8Array[] =>
  env.VERIFIER_KEY
    ? readKeys('VERIFIER_KEY', env.VERIFIER_KEY)
    : processKeys(readKeys('VERIDOOR_KEY', required(env, 'VERIDOOR_KEY')), 'verifier')

/**
 * What the migrating process reads: the owner's login, which is the serving one where there is no other.
 * @throws {SettingError}
 */
export const readMigrationConfig = (env: NodeJS.ProcessEnv): { databaseUrl: string; ownerUrl: string } => {
  const databaseUrl = databaseAddress('DATABASE_URL', required(env, 'DATABASE_URL'))
  return {
    databaseUrl,
    ownerUrl: env.DATABASE_OWNER_URL ? databaseAddress('DATABASE_OWNER_URL', env.DATABASE_OWNER_URL) : databaseUrl,
  }
}

/** @throws {SettingError} */
/** Old names of settings that are still read. */
const OLD_QUEUE_LIMIT = 'VERIFIER_LINE'
const readQueueLimit = (env: NodeJS.ProcessEnv): number => {
  const name = env.VERIFIER_QUEUE_LIMIT || !env[OLD_QUEUE_LIMIT] ? 'VERIFIER_QUEUE_LIMIT' : OLD_QUEUE_LIMIT
  return readCount(env, name, 200, 100_000)
}

/** What the operator should change about the settings, as sentences for the start of the log. */
export const settingWarnings = (env: NodeJS.ProcessEnv, config: Pick<Config, 'url' | 'client' | 'host'>): string[] => [
  ...(env[OLD_QUEUE_LIMIT] ? [`${OLD_QUEUE_LIMIT} is now VERIFIER_QUEUE_LIMIT. The old name is still read.`] : []),
  ...(config.client.secret.length < SECRET_LENGTH
    ? [`VERIFIER_SECRET has fewer than ${SECRET_LENGTH} characters. Use a longer one before anybody else can reach it.`]
    : []),
  ...(isUnreachable(env, config)
    ? [
        `VERIFIER_URL is ${config.url}, which other devices cannot reach, although VERIFIER_HOST listens for them. Set VERIFIER_URL to the public address.`,
      ]
    : []),
]

/** Characters of a new secret at least. */
export const SECRET_LENGTH = 24
const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '')

/** Whether the verifier, or the product that it belongs to, is public, while people are sent to an address of this machine alone. */
const isUnreachable = (env: NodeJS.ProcessEnv, { url, host }: Pick<Config, 'url' | 'host'>): boolean => {
  const publicUrl = env.VERIDOOR_URL ?? ''
  const isPublic = !isLoopback(host) || (URL.canParse(publicUrl) && !isLoopback(hostOf(publicUrl)))
  return isPublic && isLoopback(hostOf(url))
}

/** @throws {SettingError} */
export const readConfig = (env: NodeJS.ProcessEnv, cores: number): Config => {
  const host = env.VERIFIER_HOST || '127.0.0.1'
  const port = readPort('VERIFIER_PORT', env.VERIFIER_PORT, 8001)
  const databaseUrl = databaseAddress('DATABASE_URL', required(env, 'DATABASE_URL'))
  const url = readUrl('VERIFIER_URL', env.VERIFIER_URL, `http://localhost:${port}`)
  // Behind a proxy it listens here and is everybody's: only with an address on this machine, too, is it a trial at home.
  const loopback = isLoopback(host) && isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, ''))
  return Object.freeze({
    host,
    port,
    url,
    dataFolder: env.VERIDOOR_DATA || './data',
    databaseUrl,
    keys: readOwnKeys(env),
    client: { token: required(env, 'VERIFIER_TOKEN'), secret: required(env, 'VERIFIER_SECRET') },
    clientSettings: readFirstSettings(env, loopback),
    portalSecret: readPortalSecret(env),
    demonstration: readSwitch('VERIFIER_DEMONSTRATION', env.VERIFIER_DEMONSTRATION, loopback),
    faceLimits: readFaceLimits(env),
    workers: readCount(env, 'VERIFIER_WORKERS', Math.max(1, Math.min(2, cores - 1)), 32),
    queueLimit: readQueueLimit(env),
    outbound: { allow: readList(env.VERIFIER_CALLBACK_ALLOW), loopback },
    trustedProxies: readList(env.VERIDOOR_TRUSTED_PROXIES),
    allowLoopback: loopback,
    metrics: {
      isOpen: loopback,
      token: readSecret('VERIDOOR_METRICS_TOKEN', env.VERIDOOR_METRICS_TOKEN),
    },
  })
}
