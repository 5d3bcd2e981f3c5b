import type { FastifyRequest } from 'fastify'
import { authenticate, clientOfSubject } from '../clients.ts'
import type { VerifierDeps } from '../deps.ts'
import type { Client, Session } from '../schema.ts'
import { findOwn, findSession } from '../store.ts'
import { namesCompany, USER_AGENT_NEEDED } from '../user-agent.ts'
import { createRateLimit } from '../v4/rate-limit.ts'
import { isPlatform, type PlatformRow } from './answers.ts'
import { PlatformRefusal } from './refuse.ts'
import { DATA_PART } from './supporting-data.ts'
import type { PlatformTokens } from './tokens.ts'
import type { Category } from './workflows.ts'

/** Ids in a call's path, in whatever case they came; a route has only those that its path names. */
export type Ids = { account: string; workflow: string; credential: string; classifier: string }

/** What a credential may hold, by the wire's classifiers. Face maps come from the capture page only. */
const files = {
  ID: { FRONT: 'front', BACK: 'back' },
  SELFIE: { FACE: 'selfie' },
  FACEMAP: {},
  DATA: { PREPARED_DATA: DATA_PART },
} as const satisfies Record<Category, Record<string, string>>
type PartFile = 'front' | 'back' | 'selfie' | typeof DATA_PART

/** The file that a credential of a session names; undefined when it has none of that name. */
export const fileOf = (session: Session | undefined, { credential, classifier }: Ids): PartFile | undefined => {
  const held = session?.platform?.credentials.find(({ id }) => id === credential.toLowerCase())
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
  const isNamed = (session: Session | undefined, request: FastifyRequest): session is PlatformRow =>
    session !== undefined &&
    isPlatform(session) &&
    session.platform.account === (request.params as Ids).account.toLowerCase()

  /** A transaction of the caller; somebody else's is as unknown as one that never was. */
  const own = async (request: FastifyRequest, find = findOwn): Promise<PlatformRow> => {
    const found = await caller(request, 'retrieve')
    const session = await find(db, found, (request.params as Ids).workflow)
    if (!isNamed(session, request)) throw new PlatformRefusal(404, 'Workflow execution not found')
    return session
  }
  /** The transaction's own token, where the call carries one. */
  const hasUploadToken = (request: FastifyRequest): boolean =>
    tokens.read(bearer(request), 'upload') === (request.params as Ids).workflow.toLowerCase()
  /** Pictures and their end: the transaction's own token, or its client's. */
  const uploading = async (request: FastifyRequest): Promise<PlatformRow> => {
    named(request)
    if (!hasUploadToken(request)) return own(request)
    const session = await findSession(db, (request.params as Ids).workflow)
    if (!isNamed(session, request) || session.erasedAt) throw new PlatformRefusal(404, 'Workflow execution not found')
    return session
  }
  /** Before a large body is read: nobody fills the memory without a token. */
  const knock = async (request: FastifyRequest): Promise<void> => {
    named(request)
    if (!hasUploadToken(request)) await callerOf(request)
  }
  return { named, limited, caller, own, uploading, knock }
}
