import type { HttpApp } from '@veridoor/foundation'
import { JumioError } from '@veridoor/jumio'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { VerifierDeps } from '../../deps.ts'
import { acceptAnyMediaType, bodyText } from '../../http/media-type.ts'
import { isQueueFull } from '../../session/queue.ts'
import type { Client } from '../../session/schema.ts'
import { parseJson } from '../normalize.ts'
import { timestamp } from '../wire.ts'
import { createCalls, type V4Calls } from './calls.ts'
import { initiate } from './initiate.ts'
import { readInitiate, readPerform } from './orders.ts'
import { performNetverify } from './perform-netverify.ts'
import { refuse } from './refuse.ts'
import { mountRetrieval } from './retrieval-routes.ts'

/** Three pictures of ten megabytes, as base64, and what stands around them. */
const PERFORM_BYTES = 42 * 1_048_576

const PICTURES = 'A picture is JPEG or PNG, has at most 10 MB, and its longest side has 301 to 8000 pixels.'

/** Serves Netverify v4 (wire contract, section 3): initiate, performNetverify, retrieval, deletion, document lists. */
export const mountV4 = (app: HttpApp, deps: VerifierDeps): void => {
  app.register(async (scope) => {
    acceptAnyMediaType(scope)
    scope.setErrorHandler((error, request, reply) => {
      if (error instanceof JumioError) {
        const fields = error.fields.map((name) => name || 'the body is not an object')
        const hint = fields.some((name) => name.endsWith('Image')) ? `. ${PICTURES}` : ''
        return refuse(deps, request, reply, 400, `Bad request: ${fields.join(', ')}${hint}`)
      }
      const { statusCode } = error as { statusCode?: number }
      if (statusCode === 413)
        return refuse(deps, request, reply, 413, `Bad request: the body is too large. ${PICTURES}`)
      if (statusCode !== undefined && statusCode < 500)
        return refuse(deps, request, reply, statusCode, 'Bad request: the body cannot be read')
      deps.log.error('v4.fault', { id: request.id, route: request.routeOptions.url ?? '', error })
      return refuse(deps, request, reply, 500, 'Internal server error')
    })
    scope.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store')
    })
    const calls = createCalls(deps)
    mountOrders(scope, deps, calls)
    mountRetrieval(scope, deps, calls)
  })
}

const mountOrders = (app: FastifyInstance, deps: VerifierDeps, calls: V4Calls): void => {
  const { known, caller } = calls
  const order =
    (
      run: (
        client: Client,
        request: FastifyRequest,
        reply: FastifyReply,
      ) => Promise<Record<string, unknown> | FastifyReply>,
    ) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const client = await caller(request, reply, 'initiate')
      return client ? run(client, request, reply) : reply
    }
  app.post(
    '/api/v4/initiate',
    order(async (client, request) => {
      const order = readInitiate(parseJson(bodyText(request)), deps.allowLoopback)
      await calls.noteReferences(client, order.customerInternalReference, order.userReference, order.reportingCriteria)
      return initiate(deps, client, order)
    }),
  )
  app.post(
    '/api/netverify/v2/performNetverify',
    {
      bodyLimit: PERFORM_BYTES,
      // Nobody fills the memory without keys.
      onRequest: async (request, reply) => ((await known(request, reply)) ? undefined : reply),
    },
    order(async (client, request, reply) => {
      if (await isQueueFull(deps)) {
        reply.header('retry-after', 10)
        return refuse(deps, request, reply, 503, 'Many checks are waiting. Try again in a moment.')
      }
      const order = readPerform(parseJson(bodyText(request)), deps.allowLoopback)
      await calls.noteReferences(
        client,
        order.merchantIdScanReference,
        order.customerId,
        order.merchantReportingCriteria,
      )
      const reference = await performNetverify(deps, client, order)
      return { timestamp: timestamp(deps.clock.now()), jumioIdScanReference: reference }
    }),
  )
}
