import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { HttpApp } from '@veridoor/foundation'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { VerifierDeps } from '../deps.ts'
import { mountClients } from './client-routes.ts'
import { createPortalGuard, ForeignFormError, mountSignIn, NotSignedInError } from './sign-in-page.ts'

const POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
const FORM_BYTES = 65_536

const look = createRequire(import.meta.url).resolve('@veridoor/contract/look.css')
const styles = readFileSync(look, 'utf8') + readFileSync(new URL('./styles.css', import.meta.url), 'utf8')

/**
 * Serves the operator's portal under `/portal`: API clients, their settings and their recent sessions. Plain pages without scripts.
 * Forms carry a token of the session besides the cookie, and a browser that says another page sent them is refused.
 */
export const mountPortal = (app: HttpApp, deps: VerifierDeps): void => {
  if (!deps.portalSecret) return
  const guard = createPortalGuard(deps)
  app.register(
    async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser(
        'application/x-www-form-urlencoded',
        { parseAs: 'string', bodyLimit: FORM_BYTES },
        (_request, body, done) => done(null, body),
      )
      scope.addHook('onRequest', async (request, reply) => {
        reply.headers({
          'content-security-policy': POLICY,
          'cache-control': 'no-store',
          // Without a referrer of its own, a browser names no origin beside a form.
          'referrer-policy': 'same-origin',
        })
        if (request.method === 'POST' && guard.isFromOtherOrigin(request)) throw new ForeignFormError()
      })
      scope.setErrorHandler((error, request, reply) => answerFault(deps, error, request, reply))
      scope.get('/styles.css', async (_request, reply) =>
        reply.type('text/css').header('cache-control', 'public, max-age=300').send(styles),
      )
      mountSignIn(scope, deps, guard)
      mountClients(scope, deps, guard)
    },
    { prefix: '/portal' },
  )
}

const answerFault = (
  { log }: VerifierDeps,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const say = (status: number, sentence: string): FastifyReply =>
    reply.code(status).type('text/plain').send(`${sentence}\n`)
  if (error instanceof NotSignedInError) return reply.redirect('/portal/sign-in', 303)
  if (error instanceof ForeignFormError)
    return say(403, 'This form has expired. Go back, reload the page and try again.')
  const { statusCode } = error as { statusCode?: number }
  if (statusCode !== undefined && statusCode < 500)
    return say(statusCode, 'The request cannot be read. Go back and try again.')
  log.error('portal.fault', { id: request.id, route: request.routeOptions.url ?? '', error })
  return say(
    500,
    `Something went wrong on our side. Try again. If it keeps happening, look for request ID ${request.id} in the log.`,
  )
}
