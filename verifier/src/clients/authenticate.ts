import { readBasic } from '@veridoor/foundation'
import type { VerifierDeps } from '../deps.ts'
import { networkOf } from '../http/network.ts'
import { createRateLimit } from '../http/rate-limit.ts'
import { namesCompany, shownAgent } from '../http/user-agent.ts'
import type { Client } from '../session/schema.ts'
import { authenticatePair, noteClient } from './clients.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
/** Wrong secrets in a minute from one network for one token, and from one network at all. */
const WRONG_FOR_TOKEN = 10
const WRONG_AT_ALL = 100

/** A caller with a token and a secret. */
export type Credentials = { readonly token: string; readonly secret: string }
/** The client, null for wrong credentials, or seconds to wait after too many wrong ones. */
export type Authentication = { client: Client | null; retryAfterSec?: number }

/** Credentials of a `Basic` header; undefined for any other header. */
export const basicCredentials = (header: string | undefined): Credentials | undefined => {
  const pair = readBasic(header)
  return pair?.user ? { token: pair.user, secret: pair.password } : undefined
}

export type Authenticator = ReturnType<typeof createAuthenticator>

/**
 * Checks tokens and secrets. After ten wrong secrets in a minute for one token from one network, none is checked any more for a while, so
 * that nobody finds a secret by trying. Other networks are not affected.
 */
export const createAuthenticator = (deps: VerifierDeps) => {
  const { db, cipher, clock } = deps
  const wrongForToken = createRateLimit(clock, WRONG_FOR_TOKEN, MINUTE_MS)
  const wrongAtAll = createRateLimit(clock, WRONG_AT_ALL, MINUTE_MS)
  return async (address: string, credentials: Credentials | undefined): Promise<Authentication> => {
    if (!credentials) return { client: null }
    const network = networkOf(address)
    const key = `${network} ${credentials.token.slice(0, 200)}`
    const waitMs = Math.max(wrongForToken.waitMs(key), wrongAtAll.waitMs(network))
    if (waitMs > 0) return { client: null, retryAfterSec: Math.ceil(waitMs / 1000) }
    const client = await authenticatePair(db, cipher, credentials)
    if (!client) {
      wrongForToken(key)
      wrongAtAll(network)
      deps.log.warn('client.wrong_secret', { route: 'api' })
    }
    return { client }
  }
}

/** Notes for the operator that a client does not name its company, or puts an e-mail address into a reference: once an hour at most. */
export const createClientNotes = ({ db, clock, log }: VerifierDeps) => {
  const isRecent = (at: Date | null): boolean => at !== null && clock.now().getTime() - at.getTime() < HOUR_MS
  const note = async (client: Client, fields: Parameters<typeof noteClient>[2]): Promise<void> => {
    await noteClient(db, client.token, fields).catch((error: unknown) => log.warn('client.not_noted', { error }))
  }
  return {
    agent: async (client: Client, userAgent: string | undefined): Promise<void> => {
      if (namesCompany(userAgent) || isRecent(client.unnamedAgentAt)) return
      await note(client, { unnamedAgent: shownAgent(userAgent), unnamedAgentAt: clock.now() })
    },
    personalReference: async (client: Client): Promise<void> => {
      if (!isRecent(client.personalReferenceAt)) await note(client, { personalReferenceAt: clock.now() })
    },
  }
}
export type ClientNotes = ReturnType<typeof createClientNotes>
