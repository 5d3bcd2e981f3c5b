import type { IncomingHttpHeaders } from 'node:http'
import { isLoopback } from './settings.ts'

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '')

/**
 * Whether `origin` is the configured one. On this machine `localhost` and the loopback addresses are one place, so where the
 * configured address is one of them over plain http, the others count at the same port. No other address does, whatever a request
 * says of its host: a name that an attacker points here would name itself.
 */
const isOwnOrigin = (origin: string, url: string): boolean => {
  const own = new URL(url)
  if (origin === own.origin) return true
  if (own.protocol !== 'http:' || !isLoopback(hostOf(own)) || !URL.canParse(origin)) return false
  const other = new URL(origin)
  return other.protocol === 'http:' && other.port === own.port && isLoopback(hostOf(other))
}

/**
 * Whether a browser sent this for another site, because cookies travel with any site's forms. Servers and command lines send
 * neither header, and are not refused.
 *
 * @param url the configured public address
 */
export const isCrossOrigin = (headers: IncomingHttpHeaders, url: string): boolean => {
  const { origin } = headers
  if (origin !== undefined) return !isOwnOrigin(origin, url)
  const site = headers['sec-fetch-site']
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}
