import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * What limits count a client by: an IPv4 address as it is, an IPv6 address by its /64 prefix. One subscriber holds at least a
 * whole /64 (RFC 6177, section 2), so counting single addresses would give each of them 2^64 budgets. An IPv4 address that is
 * written as IPv6 (RFC 4291, section 2.5.5.2) is the IPv4 address.
 *
 * @returns the text itself for anything that is not an address
 */
export const networkKey = (address: string): string => {
  const text = address.replace(/%.*$/, '')
  if (isIP(text) === 0) return address
  const parsed = ipaddr.process(text)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  const prefix = (parsed as ipaddr.IPv6).parts.slice(0, 4).map((part) => part.toString(16))
  return `${prefix.join(':')}::/64`
}
