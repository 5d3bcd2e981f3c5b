import type { FastifyRequest } from 'fastify'
import { authenticate, clientOfSubject } from '../../clients/clients.ts'
import type { VerifierDeps } from '../../deps.ts'
import { createRateLimit } from '../../http/rate-limit.ts'
import { namesCompany, USER_AGENT_NEEDED } from '../../http/user-agent.ts'
import { PREPARED_DATA_FILE } from '../../session/prepared-data.ts'
import type { Client, Session } from '../../session/schema.ts'
import { findOwn, findSession } from '../../session/store.ts'
import { PlatformRefusal } from './refuse.ts'
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

/** Who asks, and about what. Everything here: @throws {PlatformRefusal} */
export type PlatformCalls = ReturnType<typeof createCalls>

/** Judges calls: the company's name, keys, rate (wire contract, 2.2, 4.2 and 2.8), then what they are about. */
export const createCalls = (deps: VerifierDeps, tokens: PlatformTokens) => {
  const { db, cipher: box, clock } = deps
  // Section 2.8.
  const limits = {
    token: createRateLimit(clock, 10, 1_000),
    account: createRateLimit(clock, 5, 5_000),
    retrieve: createRateLimit(clock, 75, 5_000),
  }
  const named = (request: FastifyRequest): void => {
    if (!namesCompany(request.headers['user-agent'])) throw new PlatformRefusal(403, USER_AGENT_NEEDED)
  }
  const limited = (kind: keyof typeof limits, key: string): void => {
    const waitMs = limits[kind](key)
    if (waitMs > 0) throw new PlatformRefusal(429, 'Request limit exceeded', Math.ceil(waitMs / 1000))
  }
  const bearer = (request: FastifyRequest): string =>
    /^Bearer ([\w.-]{20,2000})$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''

  const callerOf = async (request: FastifyRequest): Promise<Client> => {
    // Basic straight on these calls still works for older users (section 4.2).
    const isBasic = /^Basic /i.test(request.headers.authorization ?? '')
    const subject = isBasic ? null : tokens.read(bearer(request), 'access')
    const found = isBasic
      ? await authenticate(db, box, request.headers.authorization)
      : subject && (await clientOfSubject(db, subject))
    if (!found) throw new PlatformRefusal(401, 'The provided credentials are invalid')
    return found
  }
  const caller = async (request: FastifyRequest, kind: 'account' | 'retrieve'): Promise<Client> => {
    named(request)
    const found = await callerOf(request)
    limited(kind, found.token)
    return found
  }
  /** The session, where it belongs to the account that the path names. */
  const ofPath = (session: Session | undefined, request: FastifyRequest): PlatformSession => {
    const platform = session && asPlatform(session)
    if (platform?.account !== (request.params as Ids).account.toLowerCase())
      throw new PlatformRefusal(404, 'Workflow execution not found')
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
    named(request)
    if (!hasUploadToken(request)) return own(request)
    const session = await findSession(db, (request.params as Ids).workflow)
    return ofPath(session?.erasedAt ? undefined : session, request)
  }
  /** Before a large body is read: nobody fills the memory without a token. */
  const knock = async (request: FastifyRequest): Promise<void> => {
    named(request)
    if (!hasUploadToken(request)) await callerOf(request)
  }
  return { named, limited, caller, own, uploading, knock }
}
