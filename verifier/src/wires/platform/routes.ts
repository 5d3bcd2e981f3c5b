import type { HttpApp } from '@veridoor/foundation'
import { type AccountRequest, JumioError } from '@veridoor/jumio'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { basicCredentials } from '../../clients/authenticate.ts'
import { accessSubject } from '../../clients/clients.ts'
import type { VerifierDeps } from '../../deps.ts'
import { acceptAnyMediaType, bodyText, mediaTypeOf } from '../../http/media-type.ts'
import type { Client } from '../../session/schema.ts'
import { findOfAccountOrKept } from '../../session/store.ts'
import { normalize, object, parseJson, text } from '../normalize.ts'
import { createCalls, type Ids, type PlatformCalls } from './calls.ts'
import { PlatformError, sendPlatformError } from './error.ts'
import { openAccount } from './open-account.ts'
import { readAccount } from './orders.ts'
import { mountRetrieval } from './retrieval-routes.ts'
import { createPlatformTokens, type PlatformTokens } from './tokens.ts'
import { jsonOf, mountUploads } from './upload-routes.ts'

const TOKEN_SEC = 3600
const EXECUTION = '/api/v1/accounts/:account/workflow-executions/:workflow'

/** Serves the Platform (wire contract, section 4): every host role on this one origin. */
export const mountPlatform = (app: HttpApp, deps: VerifierDeps): void => {
  const tokens = createPlatformTokens(deps.cipher, deps.clock)
  const calls = createCalls(deps, tokens)
  app.register(async (scope) => {
    // Of the usual small size, except where pictures are sent: those routes look at the caller first.
    acceptAnyMediaType(scope)
    scope.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store')
    })
    scope.setErrorHandler((error, request, reply) => refuseFor(deps, error, request, reply))
    mountTokens(scope, deps, tokens, calls)
    mountAccounts(scope, deps, tokens, calls)
    mountRetrieval(scope, deps, calls, EXECUTION)
    mountUploads(scope, deps, tokens, calls, EXECUTION)
  })
}

const refuseFor = (
  { log }: VerifierDeps,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  if (error instanceof PlatformError) return sendPlatformError(reply, error)
  if (error instanceof JumioError) {
    const fields = error.fields.filter(Boolean).join(', ')
    return sendPlatformError(reply, new PlatformError(400, `not valid: ${fields || 'the body is not an object'}`))
  }
  const { statusCode } = error as { statusCode?: number }
  if (statusCode === 413) return sendPlatformError(reply, new PlatformError(413, 'a picture has at most 10 MB'))
  if (statusCode && statusCode < 500)
    return sendPlatformError(reply, new PlatformError(400, 'the request cannot be read'))
  log.error('platform.fault', { id: request.id, route: request.routeOptions.url ?? '', error })
  return reply.code(500).send({ title: 'Internal Server Error', status: 500 })
}

/** Members of a token call: from a form, JSON or the query, as clients send them (section 4.2). */
const tokenOrderOf = (request: FastifyRequest): Readonly<Record<string, string | undefined>> => {
  const body = bodyText(request)
  const isJson = mediaTypeOf(request).endsWith('json') || body.trimStart().startsWith('{')
  const members = isJson ? normalize(parseJson(body), tokenShape) : Object.fromEntries(new URLSearchParams(body))
  const query = normalize(request.query, tokenShape)
  return { ...(query as Record<string, string> | undefined), ...(members as Record<string, string> | undefined) }
}
const tokenShape = object({ grant_type: text, client_id: text, client_secret: text })

const mountTokens = (
  scope: FastifyInstance,
  { clock }: VerifierDeps,
  tokens: PlatformTokens,
  { clientOfPair, enforceRateLimit }: PlatformCalls,
): void => {
  scope.post('/oauth2/token', async (request) => {
    const order = tokenOrderOf(request)
    const { client_id: token, client_secret: secret } = order
    // In the body, too, where there is no header: some clients send the pair there.
    const pair = basicCredentials(request.headers.authorization) ?? (token && secret ? { token, secret } : undefined)
    const client = await clientOfPair(request, pair)
    enforceRateLimit('token', client)
    if (order.grant_type?.trim().toLowerCase() !== 'client_credentials')
      throw new PlatformError(400, 'grant_type must be client_credentials')
    const endsAt = new Date(clock.now().getTime() + TOKEN_SEC * 1000)
    const access_token = tokens.issue(accessSubject(client), 'access', endsAt)
    return { access_token, expires_in: TOKEN_SEC, token_type: 'Bearer' }
  })
}

const mountAccounts = (
  scope: FastifyInstance,
  deps: VerifierDeps,
  tokens: PlatformTokens,
  { caller, noteReferences }: PlatformCalls,
): void => {
  const orderOf = async (request: FastifyRequest, client: Client): Promise<AccountRequest> => {
    const order = readAccount(jsonOf(request), deps.allowLoopback)
    await noteReferences(client, order.customerInternalReference, order.userReference, order.reportingCriteria)
    return order
  }
  scope.post('/api/v1/accounts', async (request) => {
    const client = await caller(request, 'start')
    return openAccount(deps, tokens, client, await orderOf(request, client))
  })
  scope.put<{ Params: Ids }>('/api/v1/accounts/:account', async (request) => {
    const client = await caller(request, 'start')
    const account = request.params.account.toLowerCase()
    // As for reading and deleting: an account is known for as long as its ids are kept.
    if ((await findOfAccountOrKept(deps.db, client, account)).length === 0)
      throw new PlatformError(404, 'Account not found')
    return openAccount(deps, tokens, client, await orderOf(request, client), account)
  })
}
