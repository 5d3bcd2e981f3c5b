import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Secret } from './hidden.ts'

/** A setting is wrong: one sentence for the person who starts the process. Never quotes a secret. */
export class SettingError extends Error {
  readonly code = 'SETTING_REFUSED'
  readonly setting: string
  constructor(setting: string, sentence: string) {
    super(sentence)
    this.name = 'SettingRefused'
    this.setting = setting
  }
}

/** `fallback` where nothing is set. @throws {SettingError} for anything but a whole number from 1 to 65535 */
export const readPort = (name: string, text: string | undefined, fallback: number): number => {
  if (text === undefined || text === '') return fallback
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new SettingError(name, `${name} must be a port number from 1 to 65535.`)
  return port
}

/** `fallback` where nothing is set. @throws {SettingError} for anything but a whole number of seconds from 1 to 86400 */
export const readSeconds = (name: string, text: string | undefined, fallback: number): number => {
  if (text === undefined || text === '') return fallback
  const seconds = Number(text)
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 86_400)
    throw new SettingError(name, `${name} must be a whole number of seconds from 1 to 86400.`)
  return seconds
}

/** A secret of at least 16 characters; undefined where nothing is set. @throws {SettingError} for a shorter one */
export const readSecret = (name: string, text: string | undefined): Secret | undefined => {
  if (text === undefined || text === '') return undefined
  if (text.length < 16) throw new SettingError(name, `${name} must have 16 characters or more.`)
  return new Secret(text)
}

/** What stands between commas, trimmed; empty entries are left out. */
export const readList = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')

/**
 * A switch: `on`/`off`, `true`/`false`, `1`/`0`, `yes`/`no`; `fallback` where nothing is set.
 * @throws {SettingError} for anything else
 */
export const readSwitch = (name: string, text: string | undefined, fallback: boolean): boolean => {
  if (text === undefined || text === '') return fallback
  if (/^(on|true|1|yes)$/i.test(text)) return true
  if (/^(off|false|0|no)$/i.test(text)) return false
  throw new SettingError(name, `${name} must be on or off.`)
}

/**
 * An http or https address without slashes at its end; `fallback`, as it is, where nothing is set.
 * @throws {SettingError} for anything else
 */
export const readUrl = (name: string, text: string | undefined, fallback: string): string => {
  if (text === undefined || text === '') return fallback
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new SettingError(name, `${name} must be an address that begins with https:// or http://.`)
  return text.replace(/\/+$/, '')
}

/** Master keys, newest first: base64 of 32 bytes each, separated by commas. */
export const readKeys = (name: string, text: string): Uint8Array[] => {
  const keys = readList(text).map((entry) => Buffer.from(entry, 'base64'))
  if (keys.length === 0 || keys.some((key) => key.length !== 32))
    throw new SettingError(name, `${name} must be 32 bytes in base64 (44 characters).`)
  return keys
}

/** Whether a host is this machine: `localhost` or a loopback address, IPv6 without brackets. Other names are not resolved. */
export const isLoopback = (host: string): boolean => {
  if (host === 'localhost') return true
  return isIP(host) !== 0 && ipaddr.process(host).range() === 'loopback'
}

/** Tells two keys apart in a log without giving either away. */
export const fingerprintOf = (key: Uint8Array): string => createHash('sha256').update(key).digest('hex').slice(0, 8)

/**
 * Gives settings that were renamed their new names, and says so once for each that is still set by its old one. The new name wins
 * where both are set.
 *
 * @param renamed new name by old name
 * @param warn told one sentence for each old name; the value is not in it
 */
export const readRenamed = (
  env: NodeJS.ProcessEnv,
  renamed: Readonly<Record<string, string>>,
  warn: (sentence: string) => void,
): NodeJS.ProcessEnv => {
  const result = { ...env }
  for (const [old, name] of Object.entries(renamed)) {
    const value = env[old]
    if (value === undefined || value === '') continue
    warn(`${old} is now called ${name}. The old name still works. Rename it.`)
    if (!result[name]) result[name] = value
  }
  return result
}
