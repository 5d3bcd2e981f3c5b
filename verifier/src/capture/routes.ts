import type { CaptureErrorCode } from '@veridoor/contract'
import type { HttpApp } from '@veridoor/foundation'
import type { VerifierDeps } from '../deps.ts'
import { bindDevice } from '../session/devices.ts'
import { findByToken } from '../session/store.ts'
import { createCalls } from './calls.ts'
import { mountConsent } from './consent-routes.ts'
import { keysOf, newKey, roleOf } from './device-keys.ts'
import { mountEnd } from './end-routes.ts'
import { CaptureError, sendCaptureError } from './error.ts'
import { mountHandOver } from './hand-over.ts'
import { mountMovement } from './movement-routes.ts'
import { servePage } from './page.ts'
import { mountPictures } from './picture-routes.ts'
import { mountSpecimens } from './specimen-routes.ts'

const PICTURE_BYTES = 10 * 1_048_576
/** Bytes of a body that anybody may send. */
const SMALL_BYTES = 65_536

/** Serves the capture page and what it asks for. Nothing that the browser asserts decides anything. */
export const mountCapture = (app: HttpApp, deps: VerifierDeps): void => {
  const { db, clock } = deps
  const calls = createCalls(deps)
  const { inTime, findCheck, sessionOf, act, view } = calls

  app.register(
    async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser(
        'application/json',
        { parseAs: 'string', bodyLimit: 4_500_000 },
        (_request, body, done) => {
          try {
            done(null, body === '' ? {} : JSON.parse(body as string))
          } catch {
            done(new CaptureError('INVALID_INPUT'))
          }
        },
      )
      scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: PICTURE_BYTES }, (_request, body, done) =>
        done(null, body),
      )
      scope.setErrorHandler((error, request, reply) => {
        const { statusCode } = error as { statusCode?: number }
        const fault: CaptureErrorCode | undefined =
          error instanceof CaptureError
            ? error.code
            : statusCode === 413
              ? 'TOO_LARGE'
              : statusCode && statusCode < 500
                ? 'INVALID_INPUT'
                : undefined
        if (!fault) deps.log.error('capture.fault', { id: request.id, route: request.routeOptions.url ?? '', error })
        return sendCaptureError(request, reply, fault ?? 'INTERRUPTED')
      })
      scope.addHook('onRequest', async (request) => {
        // Nobody fills the memory without the key of a check; small bodies are not worth the look.
        const isLarge = Number(request.headers['content-length'] ?? 0) > SMALL_BYTES
        if (isLarge || request.headers['transfer-encoding'] !== undefined) await findCheck(request)
      })
      scope.addHook('onSend', async (_request, reply) => {
        reply.header('cache-control', 'no-store')
      })

      scope.post('/open', async (request, reply) => {
        const [, token] = /^Bearer ([\w-]{20,100})$/.exec(request.headers.authorization ?? '') ?? []
        const session = inTime(token ? await findByToken(db, token) : undefined)
        const role = roleOf(keysOf(request), session)
        if (role) return view(session, role)
        if (session.device) throw new CaptureError('OPEN_ELSEWHERE')
        const key = newKey(session.id, deps.url.startsWith('https:'))
        const bound = await bindDevice(db, session, key.digest, clock.now())
        if (!bound) throw new CaptureError('OPEN_ELSEWHERE')
        reply.header('set-cookie', key.cookie)
        return view(bound)
      })
      scope.get('/session', async (request) => {
        const { session, role } = await findCheck(request)
        return view(session, role)
      })
      mountHandOver(scope, deps, calls)
      scope.post('/stay', async (request) => view(await act(await sessionOf(request), {})))

      mountConsent(scope, deps, calls)
      mountPictures(scope, deps, calls)
      mountMovement(scope, deps, calls)
      mountEnd(scope, deps, calls)
      mountSpecimens(scope, deps, calls)
    },
    { prefix: '/capture/api' },
  )

  servePage(app, deps)
}
