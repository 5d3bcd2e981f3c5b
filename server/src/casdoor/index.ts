import type { HttpApp, Log } from '@veridoor/foundation'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { idContradictsBody, readBody } from './body.ts'
import type { Call, CallDefinition } from './call.ts'
import { calls } from './calls.ts'
import type { Deps } from './deps.ts'
import { CasdoorError, envelopeOf, failed, ok, send } from './envelope.ts'
import { mountPageRedirects } from './page-redirects.ts'
import { readQuery } from './parameters.ts'
import { assertApplicationAccess, authenticate } from './principal.ts'
import { login, signOut } from './session.ts'
import { unsupportedActions, unsupportedKinds } from './unsupported.ts'

export { calls } from './calls.ts'

const BODY_BYTES = 1_048_576

type Respond = (call: Call, reply: FastifyReply) => Promise<FastifyReply>
type Options = {
  /** The parameters that the call knows; left out: any, for calls that look at none. */
  readonly parameters?: readonly string[]
  readonly application?: CallDefinition['application']
  /** The body is a list, which is not looked into. */
  readonly isBodyIgnored?: boolean
}

/** Makes handlers that answer every call with an envelope: errors in words, unexpected errors without details. */
const createEnvelopeHandler =
  (deps: Deps, log: Log) =>
  (respond: Respond, options: Options = {}) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    try {
      const query = readQuery(request, options.parameters)
      const body = options.isBodyIgnored ? {} : await readBody(request)
      if (idContradictsBody(query, body))
        throw new CasdoorError('The id names another object than the body does', 'INVALID_INPUT')
      const principal = await authenticate(deps, request, query)
      assertApplicationAccess(principal, options.application ?? 'always')
      return await respond({ request, query, body, principal }, reply)
    } catch (error) {
      const envelope = envelopeOf(error)
      if (envelope) return send(reply, envelope)
      log.error('api.fault', { id: request.id, route: request.routeOptions.url ?? '', error })
      return send(
        reply,
        failed(
          `Something went wrong on our side. Try again. If it keeps happening, send us this request ID: ${request.id}`,
          'INTERNAL',
        ),
      )
    }
  }

type WithEnvelope = ReturnType<typeof createEnvelopeHandler>

const mountCalls = (scope: FastifyInstance, deps: Deps, withEnvelope: WithEnvelope): void => {
  for (const method of ['GET', 'POST'] as const)
    for (const [name, { handle, parameters, application }] of Object.entries(calls[method]))
      scope.route({
        method,
        url: `/api/${name}`,
        handler: withEnvelope(async (call, reply) => send(reply, await handle(deps, call)), {
          parameters,
          application,
        }),
      })
  const options = { isBodyIgnored: false }
  scope.post(
    '/api/login',
    withEnvelope((call, reply) => login(deps, call, reply), options),
  )
  for (const method of ['GET', 'POST'] as const)
    scope.route({ method, url: '/api/sso-logout', handler: withEnvelope((call, reply) => signOut(deps, call, reply)) })
}

/** Kinds of objects that are not kept here: lists are empty, single ones null, writes say so. */
const mountUnsupported = (scope: FastifyInstance, withEnvelope: WithEnvelope): void => {
  const answer = (envelope: ReturnType<typeof ok>, options: Options = {}) =>
    withEnvelope(async (_call, reply) => send(reply, envelope), options)
  for (const kind of unsupportedKinds) {
    scope.get(`/api/get-${kind}s`, answer(ok([])))
    scope.get(`/api/get-${kind}`, answer(ok(null)))
    for (const verb of ['add', 'update', 'delete'])
      scope.post(`/api/${verb}-${kind}`, answer(failed(`A ${kind} is not hosted here`, 'NOT_HOSTED')))
  }
  // These clients read `data` of an enforcement without looking at the status: a server without rules permits nothing.
  scope.post('/api/enforce', answer(ok([false]), { isBodyIgnored: true }))
  scope.post('/api/batch-enforce', answer(ok([[false]]), { isBodyIgnored: true }))
  for (const name of unsupportedActions)
    scope.post(`/api/${name}`, answer(failed('This is not hosted here', 'NOT_HOSTED')))
}

/** Uploaded files are refused without being read, however large they are. */
const mountUpload = (scope: FastifyInstance, withEnvelope: WithEnvelope): void => {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume()
    payload.once('end', () => done(null, ''))
    payload.once('error', done)
  })
  const refused = failed('Files are not stored here: people show documents during their check', 'NOT_HOSTED')
  scope.post(
    '/api/upload-resource',
    withEnvelope(async (_call, reply) => send(reply, refused)),
  )
}

/**
 * Casdoor's API under `/api/`: paths, envelope and field names of its clients. It translates; the packages behind it decide who may do what,
 * and who is verified.
 *
 * @returns the handler that signs out with an envelope, for `/api/logout`, which is an address of OpenID Connect as well
 */
export const mountCasdoor = (app: HttpApp, deps: Deps, log: Log) => {
  const withEnvelope = createEnvelopeHandler(deps, log)
  mountPageRedirects(app, deps)
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_BYTES }, (_request, body, done) =>
      done(null, body),
    )
    mountCalls(scope as unknown as FastifyInstance, deps, withEnvelope)
    mountUnsupported(scope as unknown as FastifyInstance, withEnvelope)
  })
  app.register(async (scope) => mountUpload(scope as unknown as FastifyInstance, withEnvelope))
  return { signOut: withEnvelope((call, reply) => signOut(deps, call, reply)) }
}
