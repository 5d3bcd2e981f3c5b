import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a browser sent this for another site: cookies travel with any site's forms. Servers and command lines say nothing of a
 * site, and are nobody's foreigners.
 *
 * @param url our public address; the address that a request itself names over plain HTTP is ours too
 */
export const isCrossOrigin = (headers: IncomingHttpHeaders, url: string): boolean => {
  const { origin, host } = headers
  if (origin !== undefined) return origin !== new URL(url).origin && origin !== `http://${host}`
  const site = headers['sec-fetch-site']
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}
