import {
  isLoopback,
  type OutboundPolicy,
  readKeys,
  readList,
  readPort,
  readSwitch,
  readUrl,
  SettingRefused,
} from '@veridoor/foundation'
import { type LivenessMode, livenessModes } from './schema.ts'

/** The only reader of the environment in the verifier. */
export type Config = {
  readonly host: string
  readonly port: number
  readonly url: string
  readonly dataFolder: string
  readonly databaseUrl: string
  readonly databaseOwnerUrl: string
  readonly keys: readonly Uint8Array[]
  readonly client: { readonly token: string; readonly secret: string }
  readonly clientName: string
  /** Specimens are accepted and the specimen maker is offered. */
  readonly demonstration: boolean
  /** The movement check of the first client's sessions. */
  readonly liveness: LivenessMode
  readonly workers: number
  readonly retentionDays: number
  readonly outbound: OutboundPolicy
  readonly allowLoopback: boolean
}

const required = (env: NodeJS.ProcessEnv, name: string): string => {
  const value = env[name]
  if (!value)
    throw new SettingRefused(
      name,
      `${name} is missing. "npm start" sets it; a verifier that runs alone needs it in its environment.`,
    )
  return value
}

const databaseAddress = (name: string, value: string): string => {
  // A driver's own complaint would quote the address, password included.
  if (!URL.canParse(value) || !/^postgres(ql)?:$/.test(new URL(value).protocol))
    throw new SettingRefused(name, `${name} must be an address like postgresql://user:password@host:5432/database.`)
  return value
}

const readCount = (env: NodeJS.ProcessEnv, name: string, fallback: number, most: number): number => {
  const value = env[name] ? Number(env[name]) : fallback
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new SettingRefused(name, `${name} must be a whole number from 1 to ${most}.`)
  return value
}

const readLiveness = (value: string | undefined): LivenessMode => {
  const mode = livenessModes.find((known) => known === (value || 'required'))
  if (!mode) throw new SettingRefused('VERIFIER_LIVENESS', 'VERIFIER_LIVENESS must be required, offered or off.')
  return mode
}

/** @throws {SettingRefused} */
export const readConfig = (env: NodeJS.ProcessEnv, cores: number): Config => {
  const host = env.VERIFIER_HOST || '127.0.0.1'
  const port = readPort('VERIFIER_PORT', env.VERIFIER_PORT, 8001)
  const databaseUrl = databaseAddress('DATABASE_URL', required(env, 'DATABASE_URL'))
  const loopback = isLoopback(host)
  return Object.freeze({
    host,
    port,
    url: readUrl('VERIFIER_URL', env.VERIFIER_URL, `http://localhost:${port}`),
    dataFolder: env.VERIDOOR_DATA || './data',
    databaseUrl,
    databaseOwnerUrl: env.DATABASE_OWNER_URL
      ? databaseAddress('DATABASE_OWNER_URL', env.DATABASE_OWNER_URL)
      : databaseUrl,
    keys: readKeys('VERIDOOR_KEY', required(env, 'VERIDOOR_KEY')),
    client: { token: required(env, 'VERIFIER_TOKEN'), secret: required(env, 'VERIFIER_SECRET') },
    clientName: env.VERIFIER_NAME || 'Veridoor',
    demonstration: readSwitch('VERIFIER_DEMONSTRATION', env.VERIFIER_DEMONSTRATION, loopback),
    liveness: readLiveness(env.VERIFIER_LIVENESS),
    workers: readCount(env, 'VERIFIER_WORKERS', Math.max(1, Math.min(2, cores - 1)), 32),
    retentionDays: readCount(env, 'VERIFIER_RETENTION_DAYS', 30, 3650),
    outbound: { allow: readList(env.VERIFIER_CALLBACK_ALLOW), loopback },
    allowLoopback: loopback,
  })
}
