import { createHttpApp, isLoopback } from '@veridoor/foundation'
import { mountCapture } from './capture/routes.ts'
import type { VerifierDeps } from './deps.ts'
import { isDatabaseUp } from './http/health.ts'
import { mountPortal } from './portal/routes.ts'
import { assessOrFail, assessSession } from './session/assess.ts'
import { arrivedJob, assessJob, callbackJob } from './session/deps.ts'
import { resumeAssessments, sweep } from './sweep.ts'
import { PlatformError, sendPlatformError } from './wires/platform/error.ts'
import { mountPlatform } from './wires/platform/routes.ts'
import { sendArrived, sendCallback } from './wires/send-callback.ts'
import { refuse } from './wires/v4/refuse.ts'
import { mountV4 } from './wires/v4/routes.ts'

const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data: https:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const SWEEP_MS = 5_000

/** Joins the verifier's parts into one HTTP app. Tests start here. */
export const createVerifier = async (deps: VerifierDeps) => {
  const app = createHttpApp({
    log: deps.log,
    ready: { database: () => isDatabaseUp(deps) },
    contentSecurityPolicy: POLICY,
    url: deps.url,
    permissions: ['camera'],
    metrics: deps.metrics ?? { isOpen: isLoopback(new URL(deps.url).hostname.replace(/^\[|\]$/g, '')) },
    ...(deps.trustedProxies ? { trustedProxies: deps.trustedProxies } : {}),
    // Clients read refusals in the shape of their generation, also where nothing is.
    notFound: (request, reply) =>
      /^\/(api\/(v4|netverify)|recognition)\//.test(request.url)
        ? refuse(deps, request, reply, 404, 'Not found')
        : /^\/(api\/v1|oauth2)\//.test(request.url)
          ? sendPlatformError(reply, new PlatformError(404, 'Not found'))
          : undefined,
  })
  mountV4(app, deps)
  mountPlatform(app, deps)
  mountCapture(app, deps)
  mountPortal(app, deps)
  let timer: NodeJS.Timeout | undefined

  return {
    app,
    sweep: () => sweep(deps),
    assess: (id: string) => assessSession(deps, id),
    async work(parallel: number): Promise<void> {
      await deps.jobs.work(assessJob, ({ id }, attempt) => assessOrFail(deps, id, attempt), { parallel })
      await deps.jobs.work(callbackJob, ({ id }) => sendCallback(deps, id), { parallel: 5 })
      await deps.jobs.work(arrivedJob, ({ id }) => sendArrived(deps, id), { parallel: 5 })
      await resumeAssessments(deps)
      let isSweeping = false
      timer = setInterval(async () => {
        if (isSweeping) return
        isSweeping = true
        await sweep(deps).catch((error: unknown) => deps.log.warn('sweep.failed', { error }))
        isSweeping = false
      }, SWEEP_MS)
    },
    async stop(): Promise<void> {
      clearInterval(timer)
      await app.close()
      await deps.engine.close()
    },
  }
}
