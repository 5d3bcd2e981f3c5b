import type { FastifyReply, FastifyRequest } from 'fastify'
import { authenticate } from '../../clients/clients.ts'
import type { VerifierDeps } from '../../deps.ts'
import { createRateLimit } from '../../http/rate-limit.ts'
import { namesCompany, USER_AGENT_NEEDED } from '../../http/user-agent.ts'
import type { Client, Session } from '../../session/schema.ts'
import { findOwn } from '../../session/store.ts'
import { refuse } from './refuse.ts'

/** Who asks. Null when the answer was a refusal, which is sent by then. */
export type V4Calls = ReturnType<typeof createCalls>

/** Judges calls: the company's name, keys, rate of each client (wire contract, 2.2, 3.2 and 2.8), in this order. */
export const createCalls = (deps: VerifierDeps) => {
  const { db, cipher: box, clock } = deps
  const limits = { initiate: createRateLimit(clock, 5, 5_000), retrieve: createRateLimit(clock, 75, 5_000) }

  /** By name and keys alone: asked before a large body is read, too. */
  const known = async (request: FastifyRequest, reply: FastifyReply): Promise<Client | null> => {
    // Calls that do not name a company are refused, as the real service does (section 2.2).
    if (!namesCompany(request.headers['user-agent'])) {
      refuse(deps, request, reply, 403, `Forbidden: ${USER_AGENT_NEEDED}`)
      return null
    }
    const found = await authenticate(db, box, request.headers.authorization)
    if (!found) refuse(deps, request, reply, 401, 'Unauthorized')
    return found
  }
  const caller = async (
    request: FastifyRequest,
    reply: FastifyReply,
    kind: keyof typeof limits,
  ): Promise<Client | null> => {
    const found = await known(request, reply)
    const waitMs = found ? limits[kind](found.token) : 0
    if (waitMs === 0) return found
    reply.header('retry-after', Math.ceil(waitMs / 1000))
    refuse(deps, request, reply, 429, 'Too many requests')
    return null
  }
  /** Transactions of the other API are not scans. */
  const findScan = async (client: Client, reference: string): Promise<Session | undefined> => {
    const session = await findOwn(db, client, reference)
    return session?.generation === 'v4' ? session : undefined
  }
  return { known, caller, findScan }
}
