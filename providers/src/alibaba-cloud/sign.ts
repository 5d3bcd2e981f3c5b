import { createHash, createHmac } from 'node:crypto'

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

/** RFC 3986 percent-encoding, as the signature method asks: `encodeURIComponent` leaves five characters that it encodes. */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)

/** Parameters as `name=value&…`, sorted by name; both the query string and a form body are written this way. */
export const encodeParameters = (parameters: Readonly<Record<string, string>>): string =>
  Object.entries(parameters)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&')

/** A call to an RPC-style API of Alibaba Cloud, before it is signed. */
export type UnsignedCall = {
  readonly method: 'GET' | 'POST'
  readonly host: string
  readonly action: string
  readonly version: string
  readonly query: Readonly<Record<string, string>>
  /** Sent as `application/x-www-form-urlencoded`; empty for none. */
  readonly form: Readonly<Record<string, string>>
  readonly date: Date
  /** A value that was never used before: the service refuses a repeated one within 15 minutes. */
  readonly nonce: string
}

/** What goes over the wire. `headers` does not repeat `host`: the HTTP client sets it from the address. */
export type SignedCall = {
  readonly url: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Signs a call by "signature method V3" (`ACS3-HMAC-SHA256`) of Alibaba Cloud: an HMAC over the hash of method, path, query, the
 * headers `host`, `content-type` and `x-acs-*`, and the hash of the body.
 */
export const sign = (call: UnsignedCall, credentials: { readonly id: string; readonly secret: string }): SignedCall => {
  const body = encodeParameters(call.form)
  const query = encodeParameters(call.query)
  const signed: Record<string, string> = {
    ...(body === '' ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    host: call.host,
    'x-acs-action': call.action,
    'x-acs-content-sha256': sha256(body),
    'x-acs-date': `${call.date.toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': call.nonce,
    'x-acs-version': call.version,
  }
  const names = Object.keys(signed).sort()
  const canonicalRequest = [
    call.method,
    '/',
    query,
    ...names.map((name) => `${name}:${signed[name]?.trim()}`),
    '',
    names.join(';'),
    signed['x-acs-content-sha256'],
  ].join('\n')
  const signature = createHmac('sha256', credentials.secret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonicalRequest)}`)
    .digest('hex')
  const { host: _host, ...headers } = signed
  return {
    url: `/${query === '' ? '' : `?${query}`}`,
    body,
    headers: {
      ...headers,
      authorization: `ACS3-HMAC-SHA256 Credential=${credentials.id},SignedHeaders=${names.join(';')},Signature=${signature}`,
    },
  }
}
