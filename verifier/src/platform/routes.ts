import type { HttpApp } from '@veridoor/foundation'
import { type AccountRequest, asksForFace, checkAccount, JumioError } from '@veridoor/jumio'
import type { FastifyRequest } from 'fastify'
import { accessSubject, authenticate, authenticatePair, clientOfSubject } from '../clients.ts'
import { eraseSession, openResult } from '../end-session.ts'
import { isLineFull } from '../line.ts'
import { keyRow, type VerifierParts } from '../parts.ts'
import { isApiPicture, typeOfPicture } from '../pictures.ts'
import type { Client, Session } from '../schema.ts'
import { findOfAccount, findOwn, findOwnOrWiped, findSession } from '../store.ts'
import { keepData, keepPicture, submitSession } from '../submit-session.ts'
import { namesCompany, USER_AGENT_NEEDED } from '../user-agent.ts'
import { stamp } from '../v4/answers.ts'
import { createRateLimit } from '../v4/rate-limit.ts'
import { withoutNulls } from '../without-nulls.ts'
import { apiOf, detailsAnswer, hasSteps, isPlatform, type PlatformRow, statusAnswer, stepsAnswer } from './answers.ts'
import { openAccount } from './open-account.ts'
import { PlatformRefusal, sendRefusal } from './refuse.ts'
import { DATA_PART, readPreparedData } from './supporting-data.ts'
import { createPlatformTokens } from './tokens.ts'
import type { Category } from './workflows.ts'

const TOKEN_SEC = 3600
/** Ten megabytes of picture and the form around it. */
const UPLOAD_BYTES = 10 * 1_048_576 + 16_384

type Ids = { account: string; workflow: string; credential: string; classifier: string }
/** What a credential may hold, by the wire's classifiers. Face maps come from the capture page only. */
const files = {
  ID: { FRONT: 'front', BACK: 'back' },
  SELFIE: { FACE: 'selfie' },
  FACEMAP: {},
  DATA: { PREPARED_DATA: DATA_PART },
} as const satisfies Record<Category, Record<string, string>>
type File = 'front' | 'back' | 'selfie' | typeof DATA_PART

/** The file that a credential of a session names; undefined when it has none of that name. */
const fileOf = (session: Session | undefined, { credential, classifier }: Ids): File | undefined => {
  const held = session?.platform?.credentials.find(({ id }) => id === credential.toLowerCase())
  const known: Readonly<Record<string, File>> = held ? files[held.category] : {}
  const name = classifier.toUpperCase()
  return Object.hasOwn(known, name) ? known[name] : undefined
}

const json = (body: unknown): unknown => {
  try {
    return withoutNulls(JSON.parse(String(body)))
  } catch {
    throw new PlatformRefusal(400, 'the body is not JSON')
  }
}

/** The `file` of a form; broken forms have none. */
const pictureOf = async (request: FastifyRequest): Promise<Uint8Array> => {
  const type = request.headers['content-type'] ?? ''
  const body = Buffer.isBuffer(request.body) ? new Uint8Array(request.body) : new Uint8Array()
  const form = await new Response(body, { headers: { 'content-type': type } }).formData().catch(() => null)
  const file = form?.get('file')
  if (!file || typeof file === 'string') throw new PlatformRefusal(400, 'the form needs a picture named file')
  const bytes = new Uint8Array(await file.arrayBuffer())
  if (!isApiPicture(bytes)) throw new PlatformRefusal(400, 'a picture must be JPEG or PNG')
  return bytes
}

/** Serves the Platform (wire contract, section 4): every host role on this one origin. */
export const mountPlatform = (app: HttpApp, parts: VerifierParts): void => {
  const { db, box, clock, url } = parts
  const tokens = createPlatformTokens(box, clock)
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

  const callerOf = async (request: FastifyRequest): Promise<Client | undefined> => {
    // Basic straight on these calls still works for older users (section 4.2).
    if (/^Basic /i.test(request.headers.authorization ?? ''))
      return (await authenticate(db, box, request.headers.authorization)) ?? undefined
    const subject = tokens.read(bearer(request), 'access')
    return subject ? clientOfSubject(db, subject) : undefined
  }
  const caller = async (request: FastifyRequest, kind: 'account' | 'retrieve'): Promise<Client> => {
    named(request)
    const found = await callerOf(request)
    if (!found) throw new PlatformRefusal(401, 'The provided credentials are invalid')
    limited(kind, found.token)
    return found
  }
  const own = async (request: FastifyRequest, find = findOwn): Promise<PlatformRow> => {
    const found = await caller(request, 'retrieve')
    const { account, workflow } = request.params as Ids
    const session = await find(db, found, workflow)
    if (!session || !isPlatform(session) || session.platform.account !== account.toLowerCase())
      throw new PlatformRefusal(404, 'Workflow execution not found')
    return session
  }
  /** Pictures and their end: the transaction's own token, or its client's. */
  const uploading = async (request: FastifyRequest): Promise<PlatformRow> => {
    named(request)
    const { account, workflow } = request.params as Ids
    const session = await findSession(db, workflow)
    const mayUpload = session && tokens.read(bearer(request), 'upload') === session.id
    if (!session || !mayUpload) return own(request)
    if (session.erasedAt || !isPlatform(session) || session.platform.account !== account.toLowerCase())
      throw new PlatformRefusal(404, 'Workflow execution not found')
    return session
  }
  const head = (session: PlatformRow): Record<string, unknown> => ({
    timestamp: stamp(clock.now()),
    account: { id: session.platform.account },
    workflowExecution: { id: session.id },
  })

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    const text = { parseAs: 'string' } as const
    scope.addContentTypeParser(
      ['application/json', 'application/x-www-form-urlencoded'],
      text,
      (_request, body, done) => done(null, body),
    )
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: UPLOAD_BYTES }, (_request, body, done) =>
      done(null, body),
    )
    scope.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store')
    })
    scope.setErrorHandler((error, request, reply) => {
      if (error instanceof PlatformRefusal) return sendRefusal(reply, error)
      if (error instanceof JumioError)
        return sendRefusal(
          reply,
          new PlatformRefusal(
            400,
            `not valid: ${error.fields.filter(Boolean).join(', ') || 'the body is not an object'}`,
          ),
        )
      const { statusCode } = error as { statusCode?: number }
      if (statusCode === 413) return sendRefusal(reply, new PlatformRefusal(413, 'a picture has at most 10 MB'))
      if (statusCode && statusCode < 500)
        return sendRefusal(reply, new PlatformRefusal(400, 'the request cannot be read'))
      parts.log.error('platform.fault', { id: request.id, route: request.routeOptions.url ?? '', error })
      return reply.code(500).send({ title: 'Internal Server Error', status: 500 })
    })

    scope.post('/oauth2/token', async (request) => {
      named(request)
      const form = new URLSearchParams(String(request.body ?? ''))
      const [token, secret] = [form.get('client_id'), form.get('client_secret')]
      // In the body too, where there is no header: a client of the field does so (section 4.2).
      const client =
        token && secret && !request.headers.authorization
          ? await authenticatePair(db, box, { token, secret })
          : await authenticate(db, box, request.headers.authorization)
      if (!client) throw new PlatformRefusal(401, 'The provided credentials are invalid')
      limited('token', client.token)
      // In the query too: clients of the field send it there.
      const grant = form.get('grant_type') ?? (request.query as { grant_type?: string }).grant_type
      if (grant !== 'client_credentials') throw new PlatformRefusal(400, 'grant_type must be client_credentials')
      const endsAt = new Date(clock.now().getTime() + TOKEN_SEC * 1000)
      const access_token = tokens.issue(accessSubject(client), 'access', endsAt)
      return { access_token, expires_in: TOKEN_SEC, token_type: 'Bearer' }
    })

    scope.post('/api/v1/accounts', async (request) => {
      const client = await caller(request, 'account')
      const order = checkAccount((json(request.body) ?? {}) as AccountRequest, parts.allowLoopback)
      return openAccount(parts, tokens, client, order)
    })
    scope.put<{ Params: Ids }>('/api/v1/accounts/:account', async (request) => {
      const client = await caller(request, 'account')
      const account = request.params.account.toLowerCase()
      if ((await findOfAccount(db, client, account)).length === 0) throw new PlatformRefusal(404, 'Account not found')
      const order = checkAccount((json(request.body) ?? {}) as AccountRequest, parts.allowLoopback)
      return openAccount(parts, tokens, client, order, account)
    })

    const base = '/api/v1/accounts/:account/workflow-executions/:workflow'
    scope.get(`${base}/status`, async (request) => statusAnswer(await own(request, findOwnOrWiped), url))
    scope.get(base, async (request) => {
      const session = await own(request, findOwnOrWiped)
      return detailsAnswer(session, openResult(parts, session), url)
    })
    scope.get(`${base}/steps`, async (request) => {
      const session = await own(request)
      if (!hasSteps(session)) throw new PlatformRefusal(404, 'Steps not found')
      return stepsAnswer(session, openResult(parts, session))
    })
    scope.get<{ Params: Ids }>(
      '/api/v1/accounts/:account/credentials/:credential/parts/:classifier',
      async (request, reply) => {
        const client = await caller(request, 'retrieve')
        const sessions = await findOfAccount(db, client, request.params.account.toLowerCase())
        const session = sessions.find((one) => fileOf(one, request.params) !== undefined)
        const file = fileOf(session, request.params)
        const key =
          session?.pictureKey && session.state === 'DONE'
            ? Buffer.from(box.open(session.pictureKey, keyRow(session.id)), 'base64')
            : undefined
        const bytes = session && file && key ? await parts.pictures.read(session.id, file, key) : undefined
        if (!bytes) throw new PlatformRefusal(404, 'Part not found')
        const type = file === DATA_PART ? 'application/json' : typeOfPicture(bytes)
        return reply.type(type ?? 'application/octet-stream').send(bytes)
      },
    )

    scope.route<{ Params: Ids }>({
      method: ['POST', 'PUT'],
      url: `${base}/credentials/:credential/parts/:classifier`,
      bodyLimit: UPLOAD_BYTES,
      handler: async (request) => {
        const session = await uploading(request)
        const file = fileOf(session, request.params)
        const held = session.platform.credentials.find(({ id }) => id === request.params.credential.toLowerCase())
        if (!held || !file) throw new PlatformRefusal(404, 'Part not found')
        const kept =
          file === DATA_PART
            ? await keepData(parts, session, readPreparedData(json(request.body)))
            : await keepPicture(parts, session, file, await pictureOf(request))
        if (!kept) throw new PlatformRefusal(400, 'the transaction takes no more parts')
        const token = tokens.issue(session.id, 'upload', session.tokenExpiresAt)
        return { ...head(session), api: apiOf(session, held.id, held.category, token, url) }
      },
    })
    scope.put(base, async (request) => {
      const session = await uploading(request)
      const wantsFace = asksForFace(session.workflowId)
      // Missing consent is refused here, not when the account is opened (section 4.4).
      if (wantsFace && !session.platform.consented) throw new PlatformRefusal(403, 'userConsent is missing')
      if (session.parts.front.state !== 'accepted' || (wantsFace && session.parts.selfie.state !== 'accepted'))
        throw new PlatformRefusal(400, 'parts are missing')
      if (session.phase === 'open' && (await isLineFull(parts)))
        throw new PlatformRefusal(503, 'Many checks are waiting. Try again in a moment.', 10)
      if (session.phase !== 'open' || !(await submitSession(parts, session)))
        throw new PlatformRefusal(400, 'the transaction was finalised')
      return head(session)
    })

    scope.delete(base, async (request) => {
      const session = await own(request)
      await eraseSession(parts, session, { keepDecision: true })
      return head(session)
    })
    scope.delete<{ Params: Ids }>('/api/v1/accounts/:account', async (request) => {
      const client = await caller(request, 'retrieve')
      const sessions = await findOfAccount(db, client, request.params.account.toLowerCase())
      if (sessions.length === 0) throw new PlatformRefusal(404, 'Account not found')
      for (const session of sessions) await eraseSession(parts, session)
      return { timestamp: stamp(clock.now()), account: { id: request.params.account } }
    })
  })
}
