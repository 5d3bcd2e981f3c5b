import { decryptBytes, type EnvelopeCipher, encryptBytes } from '@veridoor/foundation'
import { importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import type { KeyRing } from './key-ring.ts'

/** The algorithms that sign access tokens: RS256, which every client checks, and ES256 where FAPI 2.0 asks for it (section 5.4.1). */
const ALGORITHMS = ['RS256', 'ES256'] as const
export type AccessTokenAlgorithm = (typeof ALGORITHMS)[number]

/** Tells an access token from an ID token, which has the same issuer, audience and keys (RFC 9068, section 2.1). */
const TYPE = 'at+jwt'
/** What the stored value inside `jti` is encrypted for. */
const AAD = 'access token'
/** Stands for a token that was refused: no store holds it. */
const REFUSED = 'refused'

/** What is signed beside the claims about the person. Times are seconds since 1970. */
export type Registered = {
  readonly sub: string
  readonly clientId: string
  readonly scope: string
  readonly iat: number
  readonly exp: number
  /** Thumbprint of the key that the token is bound to (RFC 9449, section 6.1). */
  readonly jkt?: string | undefined
}

export type AccessTokens = ReturnType<typeof createAccessTokens>

const publicPartOf = ({ kty, n, e, crv, x, y, alg }: JWK): JWK =>
  (kty === 'RSA' ? { kty, n, e, alg } : { kty, crv, x, y, alg }) as JWK

/**
 * Access tokens that resource servers read without asking here (RFC 9068), around those of the store. The stored value never leaves the
 * server: the JWT's `jti` is that value, encrypted. So a revoked token ends here at once, whoever still reads the JWT offline until its
 * `exp`, and a `jti` that an application writes into its logs is no credential.
 *
 * @param ring where the keys are: another node may already sign with newer ones
 */
export const createAccessTokens = (deps: {
  readonly cipher: EnvelopeCipher
  readonly issuer: string
  readonly ring: Pick<KeyRing, 'recent' | 'find'>
}) => {
  const { issuer, ring } = deps
  const key = deps.cipher.derive('access tokens')
  const imported = new WeakMap<JWK, ReturnType<typeof importJWK>>()
  const importOnce = (jwk: JWK, make: () => ReturnType<typeof importJWK>): ReturnType<typeof importJWK> => {
    const known = imported.get(jwk)
    if (known) return known
    const made = make()
    imported.set(jwk, made)
    return made
  }

  const verificationKeyOf = async (kid: string | undefined, alg: string | undefined) => {
    const found = kid ? await ring.find(kid) : undefined
    if (!found || found.alg !== alg) throw new Error('not signed by a key of this server')
    return importJWK(publicPartOf(found), found.alg)
  }

  return {
    /**
     * @param value the stored value of the token
     * @throws {Error} when there is no key of the algorithm
     */
    async sign(
      value: string,
      registered: Registered,
      claims: Readonly<Record<string, unknown>>,
      algorithm: AccessTokenAlgorithm = 'RS256',
    ): Promise<string> {
      const jwk = (await ring.recent()).find(({ alg }) => alg === algorithm)
      if (!jwk?.kid) throw new Error(`there is no ${algorithm} key to sign access tokens with`)
      const { sub, clientId, scope, iat, exp, jkt } = registered
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
        jti: encryptBytes(key, Buffer.from(value), AAD).toString('base64url'),
        scope,
        tokenType: 'access-token',
        ...(jkt === undefined ? {} : { cnf: { jkt } }),
      }
      return new SignJWT(payload)
        .setProtectedHeader({ alg: algorithm, kid: jwk.kid, typ: TYPE })
        .sign(await importOnce(jwk, () => importJWK(jwk, algorithm)))
    },

    /**
     * The stored value of a token as it is shown: out of a JWT after its signature, type, issuer and time were checked; anything else as
     * it is. Whether the value is good is decided by the store.
     */
    async open(shown: string): Promise<string> {
      if (shown.split('.').length !== 3) return shown
      try {
        const { payload } = await jwtVerify(shown, ({ kid, alg }) => verificationKeyOf(kid, alg), {
          algorithms: [...ALGORITHMS],
          typ: TYPE,
          issuer,
          requiredClaims: ['exp', 'jti'],
        })
        return decryptBytes(key, Buffer.from(String(payload.jti), 'base64url'), AAD).toString()
      } catch {
        return REFUSED
      }
    },
  }
}
