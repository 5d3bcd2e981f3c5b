import { ApiError } from '@veridoor/contract'
import type { HttpApp } from '@veridoor/foundation'
import { sendProblem } from '@veridoor/foundation'
import { type Deps, settleJob } from './deps.ts'
import { receiveNotice } from './receive-notice.ts'
import { noteReturn, noteStopped } from './start-verification.ts'

/** The doorbell and the door a person comes back through. Neither decides anything. */
export const mountRoutes = (app: HttpApp, deps: Deps): void => {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 1_048_576 }, (_request, body, done) =>
      done(null, body),
    )
    scope.post<{ Params: { token: string } }>('/notices/:token', async (request, reply) => {
      const notice = {
        contentType: request.headers['content-type'] ?? '',
        body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        address: request.ip,
      }
      try {
        const outcome = await receiveNotice(deps, request.params.token, notice, request.ip)
        if (outcome === 'unknown')
          return sendProblem(request, reply, { status: 404, code: 'NOT_FOUND', title: 'Nobody waits at this address.' })
        return reply.code(200).send({ received: true })
      } catch (error) {
        if (error instanceof ApiError && error.code === 'TOO_MANY_REQUESTS')
          return sendProblem(request, reply, {
            status: 429,
            code: error.code,
            title: 'Too many unknown notices from this address.',
          })
        throw error
      }
    })
  })

  // What the provider appended to the address is forgeable and not read: the page asks for the state.
  app.get<{ Params: { id: string } }>('/verifications/return/:id', async (request, reply) => {
    const isNews = await noteReturn(deps, request.params.id)
    if (isNews) await deps.jobs.send(settleJob, { id: request.params.id }, { key: request.params.id })
    return reply.redirect('/account/identity', 303)
  })
  // Where a page of the provider that cannot go on leads.
  app.get<{ Params: { id: string } }>('/verifications/stopped/:id', async (request, reply) => {
    await noteStopped(deps, request.params.id)
    return reply.redirect('/account/identity', 303)
  })
}
