import { lookup } from 'node:dns'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Agent, fetch as undiciFetch } from 'undici'

/** Why an address is not called. The address itself is not in the message: it may carry a token. */
export class OutboundError extends Error {
  readonly code: 'ADDRESS_NOT_ALLOWED' | 'SCHEME_NOT_ALLOWED'
  constructor(code: 'ADDRESS_NOT_ALLOWED' | 'SCHEME_NOT_ALLOWED') {
    super(
      code === 'SCHEME_NOT_ALLOWED' ? 'Only https addresses are called.' : 'This address is private and not allowed.',
    )
    this.name = 'OutboundRefused'
    this.code = code
  }
}

/** What calls from here may reach. */
export type OutboundPolicy = {
  /** Host names, addresses or ranges (CIDR) that may be reached besides public https. */
  readonly allow: readonly string[]
  /** http to loopback is allowed: by default only while this process itself listens on loopback. */
  readonly loopback: boolean
}

const inRange = (address: ipaddr.IPv4 | ipaddr.IPv6, range: string): boolean => {
  try {
    const [base, bits] = ipaddr.parseCIDR(range.includes('/') ? range : `${range}/${isIP(range) === 6 ? 128 : 32}`)
    return address.kind() === base.kind() && address.match(base, bits)
  } catch {
    return false
  }
}

/** Whether an address (not a name) may be connected to. Everything that is not public unicast is private. */
const addressAllowed = (text: string, policy: OutboundPolicy): boolean => {
  const address = ipaddr.process(text)
  const range = address.range()
  if (range === 'unicast') return true
  if (policy.loopback && range === 'loopback') return true
  return policy.allow.some((entry) => inRange(address, entry))
}

const hostAllowed = (host: string, policy: OutboundPolicy): boolean =>
  policy.allow.some((entry) => entry.toLowerCase() === host.toLowerCase())

/**
 * A `fetch` that reaches public https addresses, and what the operator allows. The address is checked when the
 * connection is made, so a name that first resolves to a public address and then to a private one gains nothing
 * (DNS rebinding). Redirects are never followed. Chunked bodies are avoided by passing strings or buffers.
 *
 * @throws {OutboundError} as the `cause` of the fetch error, or directly for scheme and literal addresses
 */
export const createOutboundFetch = (policy: OutboundPolicy): typeof fetch => {
  const agent = new Agent({
    connect: {
      timeout: 10_000,
      lookup(hostname, options, callback) {
        lookup(hostname, { ...options, all: true }, (error, addresses) => {
          if (error) return callback(error, [])
          const allowed = hostAllowed(hostname, policy)
            ? addresses
            : addresses.filter((entry) => addressAllowed(entry.address, policy))
          if (allowed.length === 0) return callback(new OutboundError('ADDRESS_NOT_ALLOWED'), [])
          return callback(null, allowed)
        })
      },
    },
  })

  return (async (input: string | URL | Request, init?: RequestInit) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const literal = isIP(host) !== 0
    if (literal && !addressAllowed(host, policy)) throw new OutboundError('ADDRESS_NOT_ALLOWED')
    if (url.protocol !== 'https:') {
      const near = literal ? ipaddr.process(host).range() !== 'unicast' : host === 'localhost'
      const permitted = url.protocol === 'http:' && (near || hostAllowed(host, policy))
      if (!permitted) throw new OutboundError('SCHEME_NOT_ALLOWED')
    }
    // biome-ignore lint/suspicious/noExplicitAny: undici's own types and the global ones name the same things apart
    return undiciFetch(input as any, { ...(init as any), redirect: 'manual', dispatcher: agent }) as unknown as Response
  }) as typeof fetch
}
