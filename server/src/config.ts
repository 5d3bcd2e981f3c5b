import {
  isLoopback,
  type MetricsAccess,
  type OutboundPolicy,
  readAllowList,
  readKeys,
  readList,
  readPort,
  readSeconds,
  readSecret,
  readSwitch,
  readUrl,
  SettingError,
} from '@veridoor/foundation'
import { type BudgetTable, readBudgets } from './budgets/index.ts'
import { readSmtp, type Smtp } from './mail/index.ts'

/** Settings that a start sentence names. */
export const START_SETTINGS = { port: 'VERIDOOR_PORT', host: 'VERIDOOR_HOST', key: 'VERIDOOR_KEY' } as const

/** The only reader of the environment in the server. */
export type Config = {
  readonly host: string
  readonly port: number
  readonly url: string
  readonly dataFolder: string
  readonly databaseUrl: string
  readonly keys: readonly Uint8Array[]
  readonly adminPassword: string | undefined
  readonly demonstration: boolean
  readonly trustedProxies: readonly string[]
  readonly outbound: OutboundPolicy
  readonly budgets: BudgetTable
  /** Who may read `/metrics`, and the port that it has for itself. */
  readonly metrics: MetricsAccess & { readonly port: number | undefined }
  /** How often checkpoints of the audit record are written, and where a copy of each goes. */
  readonly checkpoints: { readonly intervalMs: number; readonly url: string | undefined }
  /** Where mail goes; undefined: messages are kept for the console. */
  readonly smtp: Smtp | undefined
  /** The verifier that the first start attaches. */
  readonly verifier:
    | { readonly url: string; readonly token: string; readonly secret: string; readonly livenessRequired: boolean }
    | undefined
}

const required = (env: NodeJS.ProcessEnv, name: string): string => {
  const value = env[name]
  if (!value)
    throw new SettingError(
      name,
      `${name} is missing. "npm start" sets it; a server that runs alone needs it in its environment.`,
    )
  return value
}

const databaseAddress = (name: string, value: string): string => {
  // A driver's own complaint would quote the address, password included.
  if (!URL.canParse(value) || !/^postgres(ql)?:$/.test(new URL(value).protocol))
    throw new SettingError(name, `${name} must be an address like postgresql://user:password@host:5432/database.`)
  return value
}

/**
 * What the migrating process reads: the owner's login, which is the serving one where there is no other.
 * @throws {SettingError}
 */
export const readMigrationConfig = (
  env: NodeJS.ProcessEnv,
): { databaseUrl: string; ownerUrl: string; keys: Uint8Array[] } => {
  const databaseUrl = databaseAddress('DATABASE_URL', required(env, 'DATABASE_URL'))
  return {
    databaseUrl,
    ownerUrl: env.DATABASE_OWNER_URL ? databaseAddress('DATABASE_OWNER_URL', env.DATABASE_OWNER_URL) : databaseUrl,
    keys: readKeys('VERIDOOR_KEY', required(env, 'VERIDOOR_KEY')),
  }
}

/** On a port of its own, metrics are not served beside everything else. */
const readMetrics = (env: NodeJS.ProcessEnv, loopback: boolean): Config['metrics'] => {
  const token = readSecret('VERIDOOR_METRICS_TOKEN', env.VERIDOOR_METRICS_TOKEN)
  const port = env.VERIDOOR_METRICS_PORT ? readPort('VERIDOOR_METRICS_PORT', env.VERIDOOR_METRICS_PORT, 0) : undefined
  return { isOpen: loopback && port === undefined, token, port }
}

/** @throws {SettingError} */
export const readConfig = (env: NodeJS.ProcessEnv): Config => {
  const host = env.VERIDOOR_HOST || '127.0.0.1'
  const port = readPort('VERIDOOR_PORT', env.VERIDOOR_PORT, 8000)
  const databaseUrl = databaseAddress('DATABASE_URL', required(env, 'DATABASE_URL'))
  const url = readUrl('VERIDOOR_URL', env.VERIDOOR_URL, `http://localhost:${port}`)
  // Behind a proxy it listens here and is everybody's: only with an address on this machine, too, is it a trial at home.
  const loopback = isLoopback(host) && isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, ''))
  return Object.freeze({
    host,
    port,
    url,
    dataFolder: env.VERIDOOR_DATA || './data',
    databaseUrl,
    keys: readKeys('VERIDOOR_KEY', required(env, 'VERIDOOR_KEY')),
    adminPassword: env.VERIDOOR_ADMIN_PASSWORD || undefined,
    demonstration: readSwitch('VERIDOOR_DEMONSTRATION', env.VERIDOOR_DEMONSTRATION, loopback),
    trustedProxies: readList(env.VERIDOOR_TRUSTED_PROXIES),
    outbound: {
      allow: readAllowList('VERIDOOR_OUTBOUND_ALLOW', readList(env.VERIDOOR_OUTBOUND_ALLOW)),
      loopback,
    },
    metrics: readMetrics(env, loopback),
    budgets: readBudgets(env.VERIDOOR_BUDGETS),
    checkpoints: {
      intervalMs: readSeconds('VERIDOOR_AUDIT_CHECKPOINT_SECONDS', env.VERIDOOR_AUDIT_CHECKPOINT_SECONDS, 60) * 1000,
      url: env.VERIDOOR_AUDIT_CHECKPOINT_URL
        ? readUrl('VERIDOOR_AUDIT_CHECKPOINT_URL', env.VERIDOOR_AUDIT_CHECKPOINT_URL, '')
        : undefined,
    },
    smtp: readSmtp(env),
    verifier:
      env.VERIFIER_URL && env.VERIFIER_TOKEN && env.VERIFIER_SECRET
        ? {
            url: env.VERIFIER_URL,
            token: env.VERIFIER_TOKEN,
            secret: env.VERIFIER_SECRET,
            livenessRequired: (env.VERIFIER_LIVENESS || 'required') === 'required',
          }
        : undefined,
  })
}
