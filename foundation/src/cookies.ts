/**
 * The name of a cookie of this origin. Over https it begins with `__Host-`: browsers then take it from this host alone, over https, for
 * the whole host (RFC 6265bis, section 4.1.3.2), so that no neighbouring subdomain can plant one.
 */
export const cookieName = (name: string, isSecure: boolean): string => (isSecure ? `__Host-${name}` : name)

/** How every cookie of this origin is set. `__Host-` asks for the path `/`. */
export const cookieOptions = (isSecure: boolean, maxAgeSec: number, sameSite: 'lax' | 'strict' = 'lax') => ({
  path: '/',
  httpOnly: true,
  sameSite,
  secure: isSecure,
  maxAge: maxAgeSec,
})
