import type { HttpApp } from '@veridoor/foundation'
import { type AccountRequest, checkAccount, JumioError } from '@veridoor/jumio'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { accessSubject, authenticate, authenticatePair } from '../../clients/clients.ts'
import type { VerifierDeps } from '../../deps.ts'
import { findOfAccountOrKept } from '../../session/store.ts'
import { createCalls, type Ids, type PlatformCalls } from './calls.ts'
import { openAccount } from './open-account.ts'
import { PlatformRefusal, sendRefusal } from './refuse.ts'
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
    scope.removeAllContentTypeParsers()
    const text = { parseAs: 'string' } as const
    scope.addContentTypeParser(
      ['application/json', 'application/x-www-form-urlencoded'],
      text,
      (_request, body, done) => done(null, body),
    )
    // Of the usual small size, but where pictures are sent: those routes look at the caller first.
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
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
  if (error instanceof PlatformRefusal) return sendRefusal(reply, error)
  if (error instanceof JumioError) {
    const fields = error.fields.filter(Boolean).join(', ')
    return sendRefusal(reply, new PlatformRefusal(400, `not valid: ${fields || 'the body is not an object'}`))
  }
  const { statusCode } = error as { statusCode?: number }
  if (statusCode === 413) return sendRefusal(reply, new PlatformRefusal(413, 'a picture has at most 10 MB'))
  if (statusCode && statusCode < 500) return sendRefusal(reply, new PlatformRefusal(400, 'the request cannot be read'))
  log.error('platform.fault', { id: request.id, route: request.routeOptions.url ?? '', error })
  return reply.code(500).send({ title: 'Internal Server Error', status: 500 })
}

const mountTokens = (
  scope: FastifyInstance,
  { db, cipher: box, clock }: VerifierDeps,
  tokens: PlatformTokens,
  { named, limited }: PlatformCalls,
): void => {
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
}

const mountAccounts = (
  scope: FastifyInstance,
  deps: VerifierDeps,
  tokens: PlatformTokens,
  { caller }: PlatformCalls,
): void => {
  const orderOf = (request: FastifyRequest): AccountRequest =>
    checkAccount((jsonOf(request.body) ?? {}) as AccountRequest, deps.allowLoopback)

  scope.post('/api/v1/accounts', async (request) => {
    const client = await caller(request, 'account')
    return openAccount(deps, tokens, client, orderOf(request))
  })
  scope.put<{ Params: Ids }>('/api/v1/accounts/:account', async (request) => {
    const client = await caller(request, 'account')
    const account = request.params.account.toLowerCase()
    // As for reading and deleting: an account is known for as long as its ids stayed.
    if ((await findOfAccountOrKept(deps.db, client, account)).length === 0)
      throw new PlatformRefusal(404, 'Account not found')
    return openAccount(deps, tokens, client, orderOf(request), account)
  })
}
