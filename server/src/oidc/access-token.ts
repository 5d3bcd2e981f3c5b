import { decryptBytes, type EnvelopeCipher, encryptBytes } from '@veridoor/foundation'
import { importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import type { KeyRing } from './key-ring.ts'

/** The one algorithm that Casdoor's packages check (RS256 is fixed in them), and the one that we take back. */
const ALGORITHM = 'RS256'
/** Tells an access token from an id token, which has the same issuer, audience and keys (RFC 9068, section 2.1). */
const TYPE = 'at+jwt'
const ROW = 'access token'
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
 * @param ring where the keys are: another node may already sign with newer ones
 */
export const createAccessTokens = (parts: {
  readonly cipher: EnvelopeCipher
  readonly issuer: string
  readonly ring: Pick<KeyRing, 'recent' | 'find'>
}) => {
  const { issuer } = parts
  const key = parts.cipher.derive('access tokens')
  const isSigning = ({ alg }: JWK): boolean => alg === ALGORITHM
  const publicKeyOf = async (kid: string | undefined) => {
    const found = kid ? await parts.ring.find(kid) : undefined
    if (!found || !isSigning(found)) throw new Error('signed by no key of ours')
    return importJWK(publicHalf(found), ALGORITHM)
  }

  return {
    /** @param value the store's token */
    async sign(value: string, registered: Registered, claims: Readonly<Record<string, unknown>>): Promise<string> {
      const jwk = (await parts.ring.recent()).find(isSigning)
      if (!jwk?.kid) throw new Error('there is no key to sign access tokens with')
      const { sub, clientId, scope, iat, exp } = registered
      const jti = encryptBytes(key, Buffer.from(value), ROW).toString('base64url')
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
        return decryptBytes(key, Buffer.from(String(payload.jti), 'base64url'), ROW).toString()
      } catch {
        return REFUSED
      }
    },
  }
}
