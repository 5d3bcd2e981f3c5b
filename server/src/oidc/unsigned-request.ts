/** Members of one authorization request. */
export type Members = Readonly<Record<string, string>>

/** Members that say something about the request object itself (RFC 9101, section 4). */
const ABOUT_THE_OBJECT: ReadonlySet<string> = new Set(['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sub'])
const CLOCK_TOLERANCE_SECONDS = 15

const readJson = (part: string | undefined): Record<string, unknown> | undefined => {
  try {
    const read: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString())
    return typeof read === 'object' && read !== null && !Array.isArray(read)
      ? (read as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/** Whether a request object is unsigned: its algorithm is `none` and its signature empty (RFC 7519, section 6). */
export const isUnsignedRequest = (object: string): boolean => {
  const [header, payload, signature, ...rest] = object.split('.')
  return payload !== undefined && signature === '' && rest.length === 0 && readJson(header)?.alg === 'none'
}

const isInTime = (claims: Record<string, unknown>, now: number): boolean => {
  const isTime = (value: unknown): boolean => value === undefined || typeof value === 'number'
  if (!isTime(claims.exp) || !isTime(claims.nbf)) return false
  if (typeof claims.exp === 'number' && now - CLOCK_TOLERANCE_SECONDS >= claims.exp) return false
  return !(typeof claims.nbf === 'number' && claims.nbf > now + CLOCK_TOLERANCE_SECONDS)
}

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

/**
 * Puts the members of an unsigned request object in place of it; they win over members beside it (OpenID Connect Core 1.0, section 6.1).
 * It proves no more than the same members in the address would.
 *
 * @param issuer of this server, which `aud` must name where the object has one
 * @param now seconds since 1970
 * @returns undefined for an object that contradicts its request, is over, or holds another request
 */
export const expandUnsignedRequest = (members: Members, issuer: string, now: number): Members | undefined => {
  const { request = '', ...outside } = members
  const claims = readJson(request.split('.')[1])
  if (!claims || claims.request !== undefined || claims.request_uri !== undefined) return undefined
  const clientId = outside.client_id ?? claims.client_id
  const contradicts = (name: string): boolean =>
    outside[name] !== undefined && claims[name] !== undefined && claims[name] !== outside[name]
  if (contradicts('client_id') || contradicts('response_type')) return undefined
  if (claims.iss !== undefined && claims.iss !== clientId) return undefined
  const audience = claims.aud === undefined ? [issuer] : Array.isArray(claims.aud) ? claims.aud : [claims.aud]
  if (!audience.includes(issuer) || !isInTime(claims, now)) return undefined
  const inside = Object.entries(claims).filter(
    ([name, value]) => !ABOUT_THE_OBJECT.has(name) && value !== null && value !== undefined,
  )
  return { ...outside, ...Object.fromEntries(inside.map(([name, value]) => [name, textOf(value)])) }
}
