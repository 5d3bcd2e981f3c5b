import { randomBytes, randomUUID } from 'node:crypto'
import { digest, type HttpApp, newToken } from '@veridoor/foundation'
import { checkInitiate, type InitiateRequest, JumioError, type PerformRequest } from '@veridoor/jumio'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { accepted, supported } from '../accepted.ts'
import { captureAddress } from '../capture/address.ts'
import { knownLocale } from '../client-settings.ts'
import { authenticate } from '../clients.ts'
import { eraseSession, openResult } from '../end-session.ts'
import { isLineFull } from '../line.ts'
import { livenessOf } from '../movement/outcome.ts'
import { keyRow, type VerifierParts } from '../parts.ts'
import { typeOfPicture } from '../pictures.ts'
import type { Client, Session } from '../schema.ts'
import { findOwn, insertSession } from '../store.ts'
import { namesCompany, USER_AGENT_NEEDED } from '../user-agent.ts'
import { withoutNulls } from '../without-nulls.ts'
import { dataAnswer, stamp, transactionOf } from './answers.ts'
import { performNetverify } from './perform-netverify.ts'
import { createRateLimit } from './rate-limit.ts'
import { refuse } from './refuse.ts'

/** Three pictures of ten megabytes, as base64, and what stands around them. */
const PERFORM_BYTES = 42 * 1_048_576

const wrongFields = (error: unknown): string =>
  error instanceof JumioError ? error.fields.map((name) => name || 'the body is not an object').join(', ') : ''

/** Serves Netverify v4 (wire contract, section 3): initiate, retrieval, deletion, document lists. */
export const mountV4 = (app: HttpApp, parts: VerifierParts): void => {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    // Clients of the field send the type on every call, with or without a body.
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
      done(null, body === '' ? undefined : json(String(body))),
    )
    // Nothing else is read: the check of the order names what is missing.
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, _body, done) => done(null, undefined))
    scope.setErrorHandler((error, request, reply) => {
      const { statusCode } = error as { statusCode?: number }
      if (statusCode !== undefined && statusCode < 500)
        return refuse(parts, request, reply, statusCode, 'Bad request: the body cannot be read')
      parts.log.error('v4.fault', { id: request.id, route: request.routeOptions.url ?? '', error })
      return refuse(parts, request, reply, 500, 'Internal server error')
    })
    scope.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store')
    })
    mountCalls(scope, parts)
  })
}

/** What is no JSON is no order either: the check of the order names what is missing. */
const json = (body: string): unknown => {
  try {
    return withoutNulls(JSON.parse(body))
  } catch {
    return undefined
  }
}

const mountCalls = (app: FastifyInstance, parts: VerifierParts): void => {
  const { db, box, clock } = parts
  const limits = { initiate: createRateLimit(clock, 5, 5_000), retrieve: createRateLimit(clock, 75, 5_000) }

  const client = async (
    request: FastifyRequest,
    reply: FastifyReply,
    kind: keyof typeof limits,
  ): Promise<Client | null> => {
    // Calls that do not name a company are refused, as the real service does (section 2.2).
    if (!namesCompany(request.headers['user-agent'])) {
      refuse(parts, request, reply, 403, `Forbidden: ${USER_AGENT_NEEDED}`)
      return null
    }
    const found = await authenticate(db, box, request.headers.authorization)
    if (!found) {
      refuse(parts, request, reply, 401, 'Unauthorized')
      return null
    }
    const waitMs = limits[kind](found.token)
    if (waitMs > 0) {
      reply.header('retry-after', Math.ceil(waitMs / 1000))
      refuse(parts, request, reply, 429, 'Too many requests')
      return null
    }
    return found
  }

  /** Transactions of the Platform are not scans. */
  const findV4 = async (caller: Client, reference: string): Promise<Session | undefined> => {
    const session = await findOwn(db, caller, reference)
    return session?.platform ? undefined : session
  }

  app.post('/api/v4/initiate', async (request, reply) => {
    const caller = await client(request, reply, 'initiate')
    if (!caller) return reply
    let order: InitiateRequest
    try {
      order = checkInitiate((request.body ?? {}) as InitiateRequest, parts.allowLoopback)
    } catch (error) {
      return refuse(parts, request, reply, 400, `Bad request: ${wrongFields(error)}`)
    }
    const at = clock.now()
    const id = randomUUID()
    const token = newToken()
    const preset = order.presets?.[0]
    const locale = knownLocale(order.locale) ?? caller.locale
    await insertSession(db, {
      id,
      client: caller.token,
      customerReference: order.customerInternalReference,
      userReference: order.userReference,
      reportingCriteria: order.reportingCriteria ?? null,
      successUrl: order.successUrl || caller.successUrl,
      errorUrl: order.errorUrl || caller.errorUrl,
      callbackUrl: order.callbackUrl || caller.callbackUrl,
      workflowId: order.workflowId ?? caller.workflowId,
      preset: preset ? { country: preset.country, type: preset.type } : null,
      locale: locale ?? 'en',
      state: 'PENDING',
      phase: 'open',
      tokenDigest: digest(token),
      tokenExpiresAt: new Date(at.getTime() + (order.tokenLifetimeInMinutes ?? caller.tokenLifetimeMinutes) * 60_000),
      lastActionAt: at,
      liveness: livenessOf(caller, order.workflowId ?? caller.workflowId),
      parts: {
        front: { state: 'missing', code: null },
        back: { state: 'missing', code: null },
        selfie: { state: 'missing', code: null },
      },
      pictureKey: box.seal(randomBytes(32).toString('base64'), keyRow(id)),
      createdAt: at,
      updatedAt: at,
    })
    return reply.send({
      timestamp: stamp(at),
      transactionReference: id,
      redirectUrl: captureAddress(parts.url, token, locale),
    })
  })

  app.post('/api/netverify/v2/performNetverify', { bodyLimit: PERFORM_BYTES }, async (request, reply) => {
    const caller = await client(request, reply, 'initiate')
    if (!caller) return reply
    if (await isLineFull(parts)) {
      reply.header('retry-after', 10)
      return refuse(parts, request, reply, 503, 'Many checks are waiting. Try again in a moment.')
    }
    try {
      const reference = await performNetverify(parts, caller, (request.body ?? {}) as PerformRequest)
      return reply.send({ timestamp: stamp(clock.now()), jumioIdScanReference: reference })
    } catch (error) {
      if (!(error instanceof JumioError)) throw error
      return refuse(parts, request, reply, 400, `Bad request: ${wrongFields(error)}`)
    }
  })

  const scan = (
    path: string,
    answer: (session: Session, request: FastifyRequest, reply: FastifyReply) => Promise<unknown> | unknown,
    base = '/api/netverify/v2/scans',
  ): void => {
    app.get<{ Params: { reference: string } }>(`${base}/:reference${path}`, async (request, reply) => {
      const caller = await client(request, reply, 'retrieve')
      if (!caller) return reply
      const session = await findV4(caller, request.params.reference)
      if (!session)
        return refuse(
          parts,
          request,
          reply,
          404,
          `Not found: Scan not found for ${request.params.reference.slice(0, 64)}`,
        )
      return answer(session, request, reply)
    })
  }
  const head = (session: Session): Record<string, unknown> => ({
    timestamp: stamp(clock.now()),
    scanReference: session.id,
  })

  scan('', (session) => ({ ...head(session), status: session.state }))
  scan('/data', (session) => dataAnswer(session, openResult(parts, session), clock.now()))
  scan('/data/document', (session) => ({
    ...head(session),
    ...(session.state === 'PENDING' ? {} : openResult(parts, session)?.document),
  }))
  scan('/data/transaction', (session) => ({ ...head(session), ...transactionOf(session) }))
  scan('/data/verification', (session) => ({
    ...head(session),
    ...(session.state === 'PENDING' ? {} : openResult(parts, session)?.verification),
  }))
  scan('/images', async (session) => {
    const kept = session.state === 'DONE' ? await parts.pictures.kept(session.id) : []
    return {
      ...head(session),
      images: (['front', 'back', 'selfie'] as const)
        .filter((part) => kept.includes(part))
        .map((part) => {
          const classifier = part === 'selfie' ? 'face' : part
          return { classifier, href: `${parts.url}/api/netverify/v2/scans/${session.id}/images/${classifier}` }
        }),
    }
  })
  const image = async (session: Session, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { classifier } = request.params as { classifier: string }
    const part = classifier === 'face' ? 'selfie' : classifier
    const key =
      session.pictureKey && session.state === 'DONE'
        ? Buffer.from(box.open(session.pictureKey, keyRow(session.id)), 'base64')
        : undefined
    const bytes =
      key && /^(front|back|selfie)$/.test(part) ? await parts.pictures.read(session.id, part, key) : undefined
    if (!bytes) return refuse(parts, request, reply, 404, 'Not found: no such image')
    return reply.type(typeOfPicture(bytes) ?? 'application/octet-stream').send(bytes)
  }
  scan('/images/:classifier', image)
  // The addresses that callbacks name (section 3.7).
  scan('/:classifier', image, '/recognition/v1/idscan')

  // Neither is made here: a face map belongs to Jumio's own capture.
  scan('/images/liveness/:index', (_session, request, reply) =>
    refuse(parts, request, reply, 404, 'Not found: no such image'),
  )
  scan('/data/facemap', (_session, request, reply) => refuse(parts, request, reply, 404, 'Not found: no face map'))

  app.delete<{ Params: { reference: string } }>('/api/netverify/v2/scans/:reference', async (request, reply) => {
    const caller = await client(request, reply, 'retrieve')
    if (!caller) return reply
    const session = await findV4(caller, request.params.reference)
    if (!session) return refuse(parts, request, reply, 404, 'Not found: Scan not found')
    await eraseSession(parts, session)
    return reply.code(200).send({ timestamp: stamp(clock.now()) })
  })

  for (const [name, list] of [
    ['acceptedIdTypes', accepted],
    ['supportedIdTypes', supported],
  ] as const)
    app.get(`/api/netverify/v2/${name}`, async (request, reply) => {
      const caller = await client(request, reply, 'retrieve')
      if (!caller) return reply
      return reply.send({ timestamp: stamp(clock.now()), [name]: list(caller, parts.demonstration) })
    })
}
