import { lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Agent, buildConnector, fetch as undiciFetch } from 'undici'
import { SettingError } from './settings.ts'

/** Why an address is not called. The address itself is not in the message, because it may carry a token. */
export class OutboundError extends Error {
  readonly code: 'ADDRESS_NOT_ALLOWED' | 'SCHEME_NOT_ALLOWED'
  constructor(code: 'ADDRESS_NOT_ALLOWED' | 'SCHEME_NOT_ALLOWED') {
    super(
      code === 'SCHEME_NOT_ALLOWED' ? 'Only https addresses are called.' : 'This address is private and not allowed.',
    )
    this.name = 'OutboundError'
    this.code = code
  }
}

/** What a call is for. An entry of the allow-list may be limited to one purpose. */
export const outboundPurposes = ['provider', 'webhook', 'logout', 'callback', 'checkpoint'] as const
export type OutboundPurpose = (typeof outboundPurposes)[number]

/** What calls from this process may reach. */
export type OutboundPolicy = {
  /**
   * Host names, addresses or ranges (CIDR) that may be reached besides public https. Each may name a port and a purpose:
   * `host`, `host:port`, `host:port@purpose`, `10.0.0.0/8`, `[fd00::1]:8443@webhook`.
   */
  readonly allow: readonly string[]
  /** http to loopback is allowed: by default only while this process itself listens on loopback. */
  readonly loopback: boolean
}

type Address = ipaddr.IPv4 | ipaddr.IPv6
type AllowEntry = {
  readonly host: string
  readonly range: readonly [Address, number] | undefined
  readonly port: number | undefined
  readonly purpose: OutboundPurpose | undefined
}

const rangeOf = (host: string): readonly [Address, number] | undefined => {
  const [base = '', bits] = host.split('/')
  if (isIP(base) === 0) return undefined
  const most = isIP(base) === 6 ? 128 : 32
  const length = bits === undefined ? most : Number(bits)
  return Number.isInteger(length) && length >= 0 && length <= most ? [ipaddr.parse(base), length] : undefined
}

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i

/** An entry of the allow-list; undefined when it is not one. */
const parseEntry = (text: string): AllowEntry | undefined => {
  const [, target = '', purpose] = /^([^@]+?)(?:@([a-z]+))?$/.exec(text.trim()) ?? []
  const isKnown = (outboundPurposes as readonly (string | undefined)[]).includes(purpose)
  if (purpose !== undefined && !isKnown) return undefined
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(target)
  const plain = isIP(target.split('/')[0] ?? '') === 6 ? [target, target] : /^(.+?)(?::(\d{1,5}))?$/.exec(target)
  const [, host = '', port] = bracketed ?? plain ?? []
  const range = rangeOf(host)
  const number = port === undefined ? undefined : Number(port)
  if (number !== undefined && (number < 1 || number > 65_535)) return undefined
  if (!range && !HOST_NAME.test(host)) return undefined
  return { host: host.toLowerCase(), range, port: number, purpose: purpose as OutboundPurpose | undefined }
}

/** Reads an allow-list from a setting. @throws {SettingError} naming the setting, for an entry that cannot be one */
export const readAllowList = (name: string, entries: readonly string[]): string[] => {
  for (const entry of entries)
    if (!parseEntry(entry))
      throw new SettingError(
        name,
        `${name} must be hosts, addresses or ranges, each with a port and a purpose if you like: host:port@webhook.`,
      )
  return [...entries]
}

/** 64:ff9b::/96 carries an IPv4 address (RFC 6052, section 2.1): it leads where that address leads. */
const embeddedV4 = (address: ipaddr.IPv6): ipaddr.IPv4 | undefined =>
  address.match(ipaddr.IPv6.parse('64:ff9b::'), 96) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : undefined

/**
 * Public unicast only. Of IPv6 that is 2000::/3 (RFC 4291, section 2.4, as allocated by IANA) without the parts that carry or hide
 * another address: 6to4, Teredo and documentation. `::/96`, mapped and unique local addresses are outside of it.
 */
const isPublic = (address: Address): boolean => {
  if (address.kind() === 'ipv4') return address.range() === 'unicast'
  const six = address as ipaddr.IPv6
  const four = embeddedV4(six)
  if (four) return four.range() === 'unicast'
  return six.match(ipaddr.IPv6.parse('2000::'), 3) && six.range() === 'unicast'
}

const isRefusedV6 = (address: Address): boolean =>
  address.kind() === 'ipv6' && (address as ipaddr.IPv6).match(ipaddr.IPv6.parse('::'), 96)

type Target = { readonly host: string; readonly port: number }
type Guard = {
  /** Whether an address (not a name) may be connected to. */
  isAddressAllowed(address: string, port: number): boolean
  /** Whether the operator allows this name, whatever it resolves to. */
  isNameAllowed(target: Target): boolean
}

const createGuard = (policy: OutboundPolicy, purpose: OutboundPurpose | undefined): Guard => {
  const entries = policy.allow.map(parseEntry).filter((entry) => entry !== undefined)
  const fits = (entry: AllowEntry, port: number): boolean =>
    (entry.port === undefined || entry.port === port) && (entry.purpose === undefined || entry.purpose === purpose)
  return {
    isAddressAllowed(text, port) {
      const address = ipaddr.process(text.replace(/%.*$/, ''))
      if (isPublic(address)) return true
      if (policy.loopback && address.range() === 'loopback') return true
      // ::/96 other than loopback holds an IPv4 address in a form that was given up (RFC 4291, section 2.5.5.1).
      if (isRefusedV6(address) && address.range() !== 'loopback') return false
      return entries.some(
        ({ range, ...entry }) =>
          range !== undefined &&
          fits({ range, ...entry }, port) &&
          address.kind() === range[0].kind() &&
          address.match(range as [ipaddr.IPv4, number] & [ipaddr.IPv6, number]),
      )
    },
    isNameAllowed: ({ host, port }) =>
      entries.some((entry) => entry.range === undefined && entry.host === host.toLowerCase() && fits(entry, port)),
  }
}

const lookupFor =
  (guard: Guard, port: number): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      const allowed = guard.isNameAllowed({ host: hostname, port })
        ? addresses
        : addresses.filter((entry) => guard.isAddressAllowed(entry.address, port))
      if (allowed.length === 0) return callback(new OutboundError('ADDRESS_NOT_ALLOWED'), [])
      return callback(null, allowed)
    })
  }

/** @throws {OutboundError} for a scheme or a literal address that is not allowed; names are checked when they are resolved */
const assertUrl = (guard: Guard, url: URL): void => {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443))
  const isLiteral = isIP(host) !== 0
  if (isLiteral && !guard.isAddressAllowed(host, port)) throw new OutboundError('ADDRESS_NOT_ALLOWED')
  if (url.protocol === 'https:') return
  const isNear = isLiteral ? !isPublic(ipaddr.process(host)) : host === 'localhost'
  const isPermitted = url.protocol === 'http:' && (isNear || guard.isNameAllowed({ host, port }))
  if (!isPermitted) throw new OutboundError('SCHEME_NOT_ALLOWED')
}

/**
 * A `fetch` that reaches public https addresses, and what the operator allows for this purpose. The address is checked when the
 * connection is made, so a name that first resolves to a public address and then to a private one gains nothing (DNS rebinding).
 * Redirects are never followed. Chunked bodies are avoided by passing strings or buffers.
 *
 * @throws {OutboundError} as the `cause` of the fetch error, or directly for scheme and literal addresses
 */
export const createOutboundFetch = (policy: OutboundPolicy, purpose?: OutboundPurpose): typeof fetch => {
  const guard = createGuard(policy, purpose)
  const agent = new Agent({
    connect: (options, callback) => {
      const port = Number(options.port || (options.protocol === 'http:' ? 80 : 443))
      return buildConnector({ timeout: 10_000, lookup: lookupFor(guard, port) })(options, callback)
    },
  })

  return (async (input: string | URL | Request, init?: RequestInit) => {
    assertUrl(guard, new URL(input instanceof Request ? input.url : input))
    // biome-ignore lint/suspicious/noExplicitAny: undici's own types and the global ones name the same things apart
    return undiciFetch(input as any, { ...(init as any), redirect: 'manual', dispatcher: agent }) as unknown as Response
  }) as typeof fetch
}
