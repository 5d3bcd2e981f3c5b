import { createHash } from 'node:crypto'
import { basic, jsonOf, parseAnswer, send, type Transport } from '../http.ts'
import { TokenResponse } from './schemas.ts'

/** OAuth tokens by region and key, each fetched once however many calls wait for it (section 4.2). */
export type TokenCache = {
  /** @throws {JumioError} `unauthorized` when the pair is refused */
  get(transport: Transport, authUrl: string, pair: { token: string; secret: string }): Promise<string>
  /** Drops a token that was refused, unless another has taken its place. */
  drop(refused: string): void
}

/** Refreshed this early, so that no call starts with a token about to end. */
const EARLY_MS = 3 * 60_000
const MOST = 500

/** The end that the token itself names: the service may hand out an older one again with less time left. */
const endOf = (token: string): number | undefined => {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    const exp = typeof claims === 'object' && claims !== null && 'exp' in claims ? Number(claims.exp) : Number.NaN
    return Number.isFinite(exp) ? exp * 1000 : undefined
  } catch {
    return undefined
  }
}

/**
 * How long a token may be used, in milliseconds. The end that it names is on Jumio's clock, so it is counted from the time that
 * Jumio's answer carries, never from ours: a clock of ours that is hours off neither asks for a token with every call nor keeps a
 * dead one. An end that makes no sense gives way to `expires_in`; should that be wrong, a refused token is fetched anew once.
 */
const lifeOf = (token: string, expiresInMs: number, answeredAt: number): number => {
  const named = (endOf(token) ?? Number.NaN) - answeredAt
  return named > 0 && named < expiresInMs ? named : expiresInMs
}

/** A clock that is never set back or forward: lifetimes are counted from when a token came. */
const steadyClock = (): number => performance.timeOrigin + performance.now()

/**
 * @param now a clock in milliseconds, replaced in tests
 * @example
 * const jumio = createPlatformClient({ hosts, token, secret, userAgent, tokens: createTokenCache() }) // shares with nobody
 */
export const createTokenCache = (now: () => number = steadyClock): TokenCache => {
  const held = new Map<string, { readonly token: Promise<string>; endsAt: number; value?: string }>()

  const fetchToken = async (
    transport: Transport,
    authUrl: string,
    pair: { token: string; secret: string },
  ): Promise<{ token: string; endsAt: number }> => {
    const answer = await send(transport, {
      method: 'POST',
      url: `${authUrl}/oauth2/token`,
      authorization: basic(pair.token, pair.secret),
      body: { type: 'application/x-www-form-urlencoded', text: 'grant_type=client_credentials' },
      repeatable: true,
      tries: 3,
      rate: 'platform-token',
    })
    const { access_token, expires_in } = parseAnswer(TokenResponse, jsonOf(answer))
    const lifeMs = lifeOf(access_token, expires_in * 1000, answer.sentAt ?? now())
    return { token: access_token, endsAt: now() + lifeMs - Math.min(EARLY_MS, lifeMs / 2) }
  }

  return {
    get(transport, authUrl, pair) {
      // A changed secret is another key: it must prove itself. Only its digest is held.
      const key = createHash('sha256').update(`${authUrl}\n${pair.token}\n${pair.secret}`).digest('base64')
      const found = held.get(key)
      if (found && found.endsAt > now()) return found.token
      const fresh = fetchToken(transport, authUrl, pair)
      const entry: { token: Promise<string>; endsAt: number; value?: string } = {
        token: fresh.then(({ token }) => token),
        endsAt: now() + 60_000,
      }
      held.set(key, entry)
      fresh.then(
        ({ token, endsAt }) => {
          entry.value = token
          entry.endsAt = endsAt
        },
        () => {
          if (held.get(key) === entry) held.delete(key)
        },
      )
      if (held.size > MOST) held.delete(held.keys().next().value ?? '')
      return entry.token
    },
    drop(refused) {
      for (const [key, entry] of held) if (entry.value === refused) held.delete(key)
    },
  }
}

/** Shared by the clients of this process, so that opening a client costs no token. */
export const sharedTokens: TokenCache = createTokenCache()
