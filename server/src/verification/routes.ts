import { ApiError } from '@veridoor/contract'
import { type HttpApp, sendProblem } from '@veridoor/foundation'
import type { IncomingWebhook } from '@veridoor/providers'
import type { FastifyRequest } from 'fastify'
import { type Deps, settleJob } from './deps.ts'
import { embedModule } from './embed.ts'
import { receiveWebhook } from './receive-webhook.ts'
import { recordAbort, recordReturn } from './record-return.ts'

const problems = {
  unknown: { status: 404, code: 'NOT_FOUND', title: 'Unknown callback URL.' },
  refused: { status: 400, code: 'INVALID_INPUT', title: 'The signature of this webhook is missing, wrong or too old.' },
} as const

/** Headers by lower-case names; of a header that came several times, the first. */
const headersOf = (headers: FastifyRequest['headers']): IncomingWebhook['headers'] =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]))

/** The account that a request's session is signed in to, if any. */
export type SessionUserOf = (request: FastifyRequest) => Promise<string | undefined>

/** The addresses for webhooks and for people who come back. Neither decides anything. */
export const mountRoutes = (app: HttpApp, deps: Deps, sessionUserOf: SessionUserOf): void => {
  app.register(async (scope) => {
    // Signatures cover the raw bytes.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 1_048_576 }, (_request, body, done) =>
      done(null, body),
    )
    scope.post<{ Params: { token: string } }>('/notices/:token', async (request, reply) => {
      const webhook = {
        headers: headersOf(request.headers),
        body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        address: request.ip,
      }
      try {
        const outcome = await receiveWebhook(deps, request.params.token, webhook, request.ip)
        if (outcome === 'unknown' || outcome === 'refused') return sendProblem(request, reply, problems[outcome])
        return reply.code(200).send({ received: true })
      } catch (error) {
        if (error instanceof ApiError && error.code === 'TOO_MANY_REQUESTS')
          return sendProblem(request, reply, {
            status: 429,
            code: error.code,
            title: 'Too many unknown webhooks from this address.',
          })
        throw error
      }
    })
  })

  // The browser's part of an embedded check: public code of the provider's type.
  app.get<{ Params: { type: string } }>('/verifications/embed/:type', async (request, reply) => {
    const source = embedModule(deps, request.params.type)
    if (source === undefined)
      return sendProblem(request, reply, { status: 404, code: 'NOT_FOUND', title: 'There is no such module.' })
    return reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(source)
  })

  // What the provider appended to the address is forgeable and not read: the page asks for the state.
  app.get<{ Params: { id: string } }>('/verifications/return/:id', async (request, reply) => {
    const isNews = await recordReturn(deps, request.params.id, await sessionUserOf(request))
    if (isNews) await deps.jobs.send(settleJob, { id: request.params.id }, { key: request.params.id })
    return reply.redirect('/account/identity', 303)
  })
  // Where a page of the provider that cannot go on leads.
  app.get<{ Params: { id: string } }>('/verifications/stopped/:id', async (request, reply) => {
    await recordAbort(deps, request.params.id)
    return reply.redirect('/account/identity', 303)
  })
}
