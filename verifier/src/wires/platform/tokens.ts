import { type Clock, type EnvelopeCipher, keyedDigest, timingSafeEqualText } from '@veridoor/foundation'
import { z } from 'zod'

/** `access`: an API client's, 60 minutes. `upload`: one transaction's, for its pictures and its end only (wire contract, 4.3). */
const Claims = z.object({ sub: z.string(), use: z.enum(['access', 'upload']), exp: z.number() })
/** What a token is good for. */
export type TokenUse = z.infer<typeof Claims>['use']

/** Bearer tokens of the Platform. `sub` is whom it speaks for: a client, or a transaction's id. */
export type PlatformTokens = {
  issue(sub: string, use: TokenUse, endsAt: Date): string
  /** Whom the token speaks for, or null when it is forged, over, or for another use. */
  read(token: string, use: TokenUse): string | null
}

/** Signed tokens that no table keeps: every copy of the verifier reads those of the others. `exp` can be read by clients. */
export const createPlatformTokens = (cipher: EnvelopeCipher, clock: Clock): PlatformTokens => {
  const key = cipher.derive('platform tokens')
  return {
    issue(sub, use, endsAt) {
      const claims = { sub, use, exp: Math.floor(endsAt.getTime() / 1000) }
      const body = `v1.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
      return `${body}.${keyedDigest(key, body)}`
    },
    read(token, use) {
      const [, body, mac] = /^(v1\.[\w-]{1,1000})\.([\w-]{1,100})$/.exec(token) ?? []
      // The signature first: nothing of a forged token is parsed.
      if (!body || !mac || !timingSafeEqualText(mac, keyedDigest(key, body))) return null
      const claims = Claims.safeParse(JSON.parse(Buffer.from(body.slice(3), 'base64url').toString('utf8')))
      if (!claims.success || claims.data.use !== use) return null
      return claims.data.exp * 1000 > clock.now().getTime() ? claims.data.sub : null
    },
  }
}
