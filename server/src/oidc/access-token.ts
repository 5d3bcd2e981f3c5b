import { openBytes, type SecretBox, sealBytes } from '@veridoor/foundation'
import { importJWK, type JWK, jwtVerify, SignJWT } from 'jose'

/** The one algorithm that Casdoor's packages check (RS256 is fixed in them), and the one that we take back. */
const ALGORITHM = 'RS256'
/** Tells an access token from an id token, which has the same issuer, audience and keys (RFC 9068, section 2.1). */
const TYPE = 'at+jwt'
const ROW = 'access token'
/** Keys are looked up anew at most this often: whoever makes up key ids must not keep the database busy. */
const LOOK_AGAIN_MS = 5000
/** Stands for a token that was refused: no store holds it. */
const REFUSED = 'refused'

/** What is signed beside the claims about the person. Times are seconds since 1970. */
export type Registered = {
  readonly sub: string
  readonly clientId: string
  readonly scope: string
  readonly iat: number
  readonly exp: number
}

export type AccessTokens = ReturnType<typeof createAccessTokens>

const publicHalf = ({ kty, n, e, alg }: JWK): JWK => ({ kty, n, e, alg }) as JWK

/**
 * Access tokens that are read without asking us (RFC 9068), around those of the store. The store's token is nobody's but ours: the
 * JWT's `jti` is that token, sealed. So what was revoked is over here at once, whoever still reads the JWT offline until its `exp`;
 * and a `jti` that an application writes into its logs opens nothing.
 *
 * @param keys those that this node publishes, newest first
 * @param loadKeys all keys now: another node may already sign with newer ones
 */
export const createAccessTokens = (parts: {
  readonly box: SecretBox
  readonly issuer: string
  readonly keys: readonly JWK[]
  readonly loadKeys: () => Promise<readonly JWK[]>
}) => {
  const { issuer } = parts
  const key = parts.box.derive('access tokens')
  const isSigning = ({ alg }: JWK): boolean => alg === ALGORITHM
  let known = parts.keys.filter(isSigning)
  let lookedAt = 0

  const publicKeyOf = async (kid: string | undefined) => {
    if (!known.some((jwk) => jwk.kid === kid) && Date.now() - lookedAt > LOOK_AGAIN_MS) {
      lookedAt = Date.now()
      known = (await parts.loadKeys()).filter(isSigning)
    }
    const found = known.find((jwk) => jwk.kid === kid)
    if (!kid || !found) throw new Error('signed by no key of ours')
    return importJWK(publicHalf(found), ALGORITHM)
  }

  return {
    /** @param value the store's token */
    async sign(value: string, registered: Registered, claims: Readonly<Record<string, unknown>>): Promise<string> {
      const jwk = parts.keys.find(isSigning)
      if (!jwk?.kid) throw new Error('there is no key to sign access tokens with')
      const { sub, clientId, scope, iat, exp } = registered
      const jti = sealBytes(key, Buffer.from(value), ROW).toString('base64url')
      const payload = {
        ...claims,
        iss: issuer,
        sub,
        aud: [clientId],
        azp: clientId,
        client_id: clientId,
        exp,
        nbf: iat,
        iat,
        jti,
        scope,
        tokenType: 'access-token',
      }
      return new SignJWT(payload)
        .setProtectedHeader({ alg: ALGORITHM, kid: jwk.kid, typ: TYPE })
        .sign(await importJWK(jwk, ALGORITHM))
    },

    /**
     * The store's token of one that somebody shows: out of a JWT after its signature, type, issuer and time were checked; anything
     * else as it is. What it opens is decided by the store.
     */
    async open(shown: string): Promise<string> {
      if (shown.split('.').length !== 3) return shown
      try {
        const { payload } = await jwtVerify(shown, ({ kid }) => publicKeyOf(kid), {
          algorithms: [ALGORITHM],
          typ: TYPE,
          issuer,
          requiredClaims: ['exp', 'jti'],
        })
        return openBytes(key, Buffer.from(String(payload.jti), 'base64url'), ROW).toString()
      } catch {
        return REFUSED
      }
    },
  }
}
