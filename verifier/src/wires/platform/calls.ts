import { holdsEmailAddress } from '@veridoor/jumio'
import type { FastifyRequest } from 'fastify'
import {
  basicCredentials,
  type Credentials,
  createAuthenticator,
  createClientNotes,
} from '../../clients/authenticate.ts'
import { clientOfSubject } from '../../clients/clients.ts'
import type { VerifierDeps } from '../../deps.ts'
import { PREPARED_DATA_FILE } from '../../session/prepared-data.ts'
import type { Client, Session } from '../../session/schema.ts'
import { findOwn, findSession } from '../../session/store.ts'
import { createCallLimits } from '../call-limits.ts'
import { PlatformError } from './error.ts'
import { asPlatform, type PlatformSession } from './state.ts'
import type { PlatformTokens } from './tokens.ts'
import type { Category } from './workflows.ts'

/** Ids in a call's path, in whatever case they came; a route has only those that its path names. */
export type Ids = { account: string; workflow: string; credential: string; classifier: string }

/** What a credential may hold, by the wire's classifiers. Face maps come from the capture page only. */
const files = {
  ID: { FRONT: 'front', BACK: 'back' },
  SELFIE: { FACE: 'selfie' },
  FACEMAP: {},
  DATA: { PREPARED_DATA: PREPARED_DATA_FILE },
} as const satisfies Record<Category, Record<string, string>>
type PartFile = 'front' | 'back' | 'selfie' | typeof PREPARED_DATA_FILE

/** The file that a credential of a session names; undefined when it has none of that name. */
export const fileOf = (session: Session | undefined, { credential, classifier }: Ids): PartFile | undefined => {
  const credentials = (session && asPlatform(session))?.platform.credentials ?? []
  const held = credentials.find(({ id }) => id === credential.toLowerCase())
  const known: Readonly<Record<string, PartFile>> = held ? files[held.category] : {}
  const name = classifier.toUpperCase()
  return Object.hasOwn(known, name) ? known[name] : undefined
}

/** Finds the caller of a request, and what it is about. Everything here: @throws {PlatformError} */
export type PlatformCalls = ReturnType<typeof createCalls>

/** Judges calls: keys, then the client's rate (wire contract, 4.2), then what they are about. */
export const createCalls = (deps: VerifierDeps, tokens: PlatformTokens) => {
  const { db } = deps
  const authenticate = createAuthenticator(deps)
  const notes = createClientNotes(deps)
  const limits = createCallLimits(deps.clock)

  const enforceRateLimit = (kind: keyof typeof limits, client: Client): void => {
    const waitMs = limits[kind](client)
    if (waitMs > 0) throw new PlatformError(429, 'Request limit exceeded', Math.ceil(waitMs / 1000))
  }
  const bearer = (request: FastifyRequest): string =>
    /^Bearer +([\w.-]{20,2000})$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''

  /** The client of a token and a secret. */
  const clientOfPair = async (request: FastifyRequest, credentials: Credentials | undefined): Promise<Client> => {
    const { client, retryAfterSec } = await authenticate(request.ip, credentials)
    if (retryAfterSec) throw new PlatformError(429, 'Too many wrong secrets. Wait before you try again.', retryAfterSec)
    if (!client) throw new PlatformError(401, 'The provided credentials are invalid')
    await notes.agent(client, request.headers['user-agent'])
    return client
  }
  const callerOf = async (request: FastifyRequest): Promise<Client> => {
    // Basic on these calls still works for older users (section 4.2).
    const credentials = basicCredentials(request.headers.authorization)
    if (credentials) return clientOfPair(request, credentials)
    const subject = tokens.read(bearer(request), 'access')
    const client = subject && (await clientOfSubject(db, subject))
    if (!client) throw new PlatformError(401, 'The provided credentials are invalid')
    await notes.agent(client, request.headers['user-agent'])
    return client
  }
  const caller = async (request: FastifyRequest, kind: 'start' | 'retrieve'): Promise<Client> => {
    const client = await callerOf(request)
    enforceRateLimit(kind, client)
    return client
  }
  /** The session, where it belongs to the account that the path names. */
  const ofPath = (session: Session | undefined, request: FastifyRequest): PlatformSession => {
    const platform = session && asPlatform(session)
    if (platform?.account !== (request.params as Ids).account.toLowerCase())
      throw new PlatformError(404, 'Workflow execution not found')
    return platform
  }

  /** A transaction of the caller; another client's is as unknown as one that never was. */
  const own = async (request: FastifyRequest, find = findOwn): Promise<PlatformSession> => {
    const client = await caller(request, 'retrieve')
    return ofPath(await find(db, client, (request.params as Ids).workflow), request)
  }
  /** The transaction's own token, where the call carries one. */
  const hasUploadToken = (request: FastifyRequest): boolean =>
    tokens.read(bearer(request), 'upload') === (request.params as Ids).workflow.toLowerCase()
  /** Pictures and their end: the transaction's own token, or its client's. */
  const uploading = async (request: FastifyRequest): Promise<PlatformSession> => {
    if (!hasUploadToken(request)) return own(request)
    const session = await findSession(db, (request.params as Ids).workflow)
    return ofPath(session?.erasedAt ? undefined : session, request)
  }
  /** Before a large body is read: nobody fills the memory without a token. */
  const preAuthorize = async (request: FastifyRequest): Promise<void> => {
    if (!hasUploadToken(request)) await callerOf(request)
  }
  const noteReferences = async (client: Client, ...references: (string | undefined)[]): Promise<void> => {
    if (references.some((reference) => holdsEmailAddress(reference ?? ''))) await notes.personalReference(client)
  }
  return { clientOfPair, enforceRateLimit, caller, own, uploading, preAuthorize, noteReferences }
}
