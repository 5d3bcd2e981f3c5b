import { randomBytes } from 'node:crypto'
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isLoopback, readKeys, readPort, readUrl, SettingError } from '@veridoor/foundation'
import { StartError } from './start-refused.ts'

/** Everything `npm start` is told, or decides by itself. */
export type Settings = {
  readonly dataFolder: string
  readonly databaseUrl: string | undefined
  readonly server: { readonly host: string; readonly port: number; readonly url: string }
  readonly verifier: { readonly host: string; readonly port: number; readonly url: string }
}

const addressOf = (host: string, port: number): string =>
  `http://${isLoopback(host) || host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${port}`

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '')

/**
 * People on other machines are sent to both addresses: one that means "this machine" would lead each of them to their own.
 * @throws {StartError} naming the settings
 */
const assertReachable = ({ server, verifier }: Pick<Settings, 'server' | 'verifier'>): void => {
  const isPublic = !isLoopback(server.host) || !isLoopback(hostOf(server.url))
  if (!isPublic) return
  const wrong = [
    ...(isLoopback(hostOf(server.url)) ? [{ name: 'VERIDOOR_URL', url: server.url }] : []),
    ...(isLoopback(hostOf(verifier.url)) ? [{ name: 'VERIFIER_URL', url: verifier.url }] : []),
  ]
  if (wrong.length === 0) return
  const named = wrong.map(({ name, url }) => `${name} (now ${url})`).join(' and ')
  throw new StartError(
    `Veridoor is to be reached from other machines, but would send them to this one's own name. Set ${named} to the address at which people reach it, and VERIFIER_HOST to an address that others can reach if no proxy stands in front of the verifier.`,
  )
}

/** @throws {StartError} when a setting cannot be right */
export const readSettings = (env: NodeJS.ProcessEnv): Settings => {
  try {
    const serverHost = env.VERIDOOR_HOST || '127.0.0.1'
    const verifierHost = env.VERIFIER_HOST || serverHost
    const serverPort = readPort('VERIDOOR_PORT', env.VERIDOOR_PORT, 8000)
    const verifierPort = readPort('VERIFIER_PORT', env.VERIFIER_PORT, 8001)
    if (serverPort === verifierPort)
      throw new StartError('VERIDOOR_PORT and VERIFIER_PORT are the same. Give them two ports.')
    const settings = {
      dataFolder: resolve(env.VERIDOOR_DATA || 'data'),
      databaseUrl: env.DATABASE_URL || undefined,
      server: {
        host: serverHost,
        port: serverPort,
        url: readUrl('VERIDOOR_URL', env.VERIDOOR_URL, addressOf(serverHost, serverPort)),
      },
      verifier: {
        host: verifierHost,
        port: verifierPort,
        url: readUrl('VERIFIER_URL', env.VERIFIER_URL, addressOf(verifierHost, verifierPort)),
      },
    }
    assertReachable(settings)
    return settings
  } catch (error) {
    if (error instanceof SettingError) throw new StartError(error.message, error)
    throw error
  }
}

/** @throws {StartError} when the folder cannot be made or written */
export const openDataFolder = (folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK | constants.R_OK)
    // A read-only mount lets root pass the check above: only a write tells.
    writeFileSync(join(folder, '.writable'), '')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new StartError(
      `The data folder ${folder} cannot be written (${code}). Set VERIDOOR_DATA to a folder that you own.`,
      error,
    )
  }
}

const keep = (file: string, make: () => string): string => {
  if (!existsSync(file)) {
    writeFileSync(file, make(), { mode: 0o600 })
    chmodSync(file, 0o600)
  }
  return readFileSync(file, 'utf8').trim()
}

/**
 * The master key: `VERIDOOR_KEY`, or one made on the first start and kept in the data folder, mode 0600.
 * @throws {StartError} when the setting or the file is not a key
 */
export const masterKey = (folder: string, env: NodeJS.ProcessEnv): string => {
  const file = join(folder, 'master.key')
  const text = env.VERIDOOR_KEY || keep(file, () => randomBytes(32).toString('base64'))
  try {
    readKeys('VERIDOOR_KEY', text)
    return text
  } catch (error) {
    throw new StartError(
      env.VERIDOOR_KEY
        ? 'VERIDOOR_KEY must be 32 bytes in base64 (44 characters).'
        : `The key file ${file} is damaged. Put your copy of it back, or set VERIDOOR_KEY. Without it, what was encrypted cannot be decrypted.`,
      error,
    )
  }
}

/** Opens the verifier's portal: from the environment, else made once and kept. `isNew` when this start made it. */
export const portalSecret = (folder: string, env: NodeJS.ProcessEnv): { secret: string; isNew: boolean } => {
  if (env.VERIFIER_PORTAL_SECRET) return { secret: env.VERIFIER_PORTAL_SECRET, isNew: false }
  const file = join(folder, PORTAL_FILE)
  const isNew = !existsSync(file)
  return { secret: keep(file, () => randomBytes(18).toString('base64url')), isNew }
}
export const PORTAL_FILE = 'verifier-portal.secret'

export type ApiClient = { readonly token: string; readonly secret: string }

/** The local verifier's first API client: from the environment, else made once and kept. */
export const verifierClient = (folder: string, env: NodeJS.ProcessEnv): ApiClient => {
  if (env.VERIFIER_TOKEN && env.VERIFIER_SECRET) return { token: env.VERIFIER_TOKEN, secret: env.VERIFIER_SECRET }
  if (env.VERIFIER_TOKEN || env.VERIFIER_SECRET)
    throw new StartError('Set both VERIFIER_TOKEN and VERIFIER_SECRET, or neither.')
  const file = join(folder, 'verifier-client.json')
  const text = keep(file, () =>
    JSON.stringify({ token: randomBytes(16).toString('hex'), secret: randomBytes(24).toString('base64url') }),
  )
  try {
    const { token, secret } = JSON.parse(text) as Partial<ApiClient>
    if (!token || !secret) throw new Error('incomplete')
    return { token, secret }
  } catch (error) {
    throw new StartError(`The file ${file} is damaged. Delete it: the next start makes new credentials.`, error)
  }
}
