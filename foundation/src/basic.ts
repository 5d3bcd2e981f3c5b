/**
 * User and password of a `Basic` header (RFC 7617, section 2), as they stand there. Undefined for any other header.
 * @param header the value of `Authorization`
 */
export const readBasic = (
  header: string | undefined,
): { readonly user: string; readonly password: string } | undefined => {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '') ?? []
  const text = encoded ? Buffer.from(encoded, 'base64').toString('utf8') : ''
  const at = text.indexOf(':')
  return at < 0 ? undefined : { user: text.slice(0, at), password: text.slice(at + 1) }
}
