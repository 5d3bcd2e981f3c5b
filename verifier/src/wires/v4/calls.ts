import { holdsEmailAddress } from '@veridoor/jumio'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { basicCredentials, createAuthenticator, createClientNotes } from '../../clients/authenticate.ts'
import type { VerifierDeps } from '../../deps.ts'
import type { Client, Session } from '../../session/schema.ts'
import { findOwn } from '../../session/store.ts'
import { createCallLimits } from '../call-limits.ts'
import { refuse } from './refuse.ts'

/** Finds the caller of a request. Null when the call was refused, which is sent by then. */
export type V4Calls = ReturnType<typeof createCalls>

/** Judges calls: keys, then the client's rate (wire contract, 3.2). */
export const createCalls = (deps: VerifierDeps) => {
  const authenticate = createAuthenticator(deps)
  const notes = createClientNotes(deps)
  const limits = createCallLimits(deps.clock)

  /** By keys alone: asked before a large body is read, too. */
  const known = async (request: FastifyRequest, reply: FastifyReply): Promise<Client | null> => {
    const { client, retryAfterSec } = await authenticate(request.ip, basicCredentials(request.headers.authorization))
    if (client) {
      await notes.agent(client, request.headers['user-agent'])
      return client
    }
    if (retryAfterSec) {
      reply.header('retry-after', retryAfterSec)
      refuse(deps, request, reply, 429, 'Too many wrong secrets. Wait before you try again.')
    } else refuse(deps, request, reply, 401, 'Unauthorized')
    return null
  }
  const caller = async (
    request: FastifyRequest,
    reply: FastifyReply,
    kind: 'initiate' | 'retrieve',
  ): Promise<Client | null> => {
    const client = await known(request, reply)
    const waitMs = client ? limits[kind === 'initiate' ? 'start' : 'retrieve'](client) : 0
    if (waitMs === 0) return client
    reply.header('retry-after', Math.ceil(waitMs / 1000))
    refuse(deps, request, reply, 429, 'Too many requests')
    return null
  }
  /** Sessions of the other API are not scans. */
  const findScan = async (client: Client, reference: string): Promise<Session | undefined> => {
    const session = await findOwn(deps.db, client, reference)
    return session?.generation === 'v4' ? session : undefined
  }
  const noteReferences = async (client: Client, ...references: (string | undefined)[]): Promise<void> => {
    if (references.some((reference) => holdsEmailAddress(reference ?? ''))) await notes.personalReference(client)
  }
  return { known, caller, findScan, noteReferences }
}
