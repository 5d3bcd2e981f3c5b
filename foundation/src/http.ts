import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

export { Counter, Gauge, Registry } from 'prom-client'

import type { Secret } from './hidden.ts'
import type { Log } from './log.ts'
import { timingSafeEqualText } from './tokens.ts'
import { hasUnstorableAddress, hasUnstorableBodyText } from './unstorable-text.ts'

export type HttpApp = FastifyInstance

export type HttpOptions = {
  readonly log: Log
  /** What must answer before this process takes traffic. Each gets a name on `/readyz`. */
  readonly ready: Readonly<Record<string, () => Promise<boolean>>>
  /** Bytes of a body at most, where a route says nothing else. */
  readonly bodyLimit?: number
  /** Addresses or ranges of reverse proxies whose `X-Forwarded-For` counts. None counts when empty. */
  readonly trustedProxies?: readonly string[]
  /** Asked first where no route fits; undefined for the usual 404. */
  readonly notFound?: (request: FastifyRequest, reply: FastifyReply) => FastifyReply | undefined
  /** Where metrics are collected; one of its own when left out. */
  readonly registry?: Registry
  /** Sent with every answer. */
  readonly contentSecurityPolicy: string
  /** The public address. Where it is https, browsers are told to stay on https and to give pages no device that they do not need. */
  readonly url: string
  /** Devices that pages of this origin may ask for, by their names in Permissions-Policy; none when left out. */
  readonly permissions?: readonly string[]
  /** Who may read `/metrics`; nobody when left out. */
  readonly metrics?: MetricsAccess
}

/** `isOpen` for a process that only this machine reaches; else a token, sent as `Authorization: Bearer`. */
export type MetricsAccess = { readonly isOpen: boolean; readonly token?: Secret | undefined }

/** An answer of RFC 9457. `code` is stable; `instance` is the request id a person can quote. */
export type Problem = {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly [more: string]: unknown
}

/** Answers with a problem; its `type` is the page about the code, its `instance` the id of the request. */
export const sendProblem = (request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply =>
  reply
    .code(problem.status)
    .type('application/problem+json')
    .send({ type: `/docs/errors#${problem.code}`, ...problem, instance: request.id })

const UNSTORABLE = 'The request has characters that no text may have, such as NUL. Remove them and try again.'

const powerfulFeatures = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
] as const

/** What every answer carries. HSTS over plain http would be ignored (RFC 6797, section 8.1), so it is sent where the address is https. */
const securityHeaders = (options: HttpOptions): Record<string, string> => ({
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'content-security-policy': options.contentSecurityPolicy,
  ...(options.url.startsWith('https:')
    ? {
        'strict-transport-security': 'max-age=31536000',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': powerfulFeatures
          .map((feature) => `${feature}=(${options.permissions?.includes(feature) ? 'self' : ''})`)
          .join(', '),
      }
    : {}),
})

/** Whether a request may read the metrics. Compared without telling by time how much of a token was right. */
const mayReadMetrics = (access: MetricsAccess | undefined, authorization: string | undefined): boolean => {
  if (access?.token) {
    const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? ''
    return timingSafeEqualText(given, access.token.reveal())
  }
  return access?.isOpen ?? false
}

/** A server for metrics alone, on a port of its own that no stranger reaches. Begun by `listen`. */
export const createMetricsServer = (registry: Registry): FastifyInstance => {
  const app = Fastify({ logger: false, forceCloseConnections: true })
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
  return app
}

/**
 * A Fastify app with what both processes need: request ids, security headers, `/healthz`, `/readyz`, `/metrics`, problem
 * answers, one log line a request that names the route's pattern and never the address with its values.
 */
export const createHttpApp = (options: HttpOptions): HttpApp => {
  const app = Fastify({
    logger: false,
    bodyLimit: options.bodyLimit ?? 1_048_576,
    genReqId: () => randomUUID(),
    trustProxy: options.trustedProxies && options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    requestTimeout: 60_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 2000 },
  })

  const headers = securityHeaders(options)
  const registry = options.registry ?? new Registry()
  collectDefaultMetrics({ register: registry })
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from request to answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  })
  const faults = new Counter({ name: 'http_faults_total', help: 'Answers of 500 and above', registers: [registry] })

  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'x-request-id': request.id, ...headers })
  })
  // One rule for every route: a text that neither PostgreSQL nor JSON can hold is a mistake of the caller and never a server error.
  const refuseText = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    sendProblem(request, reply, { status: 400, code: 'INVALID_INPUT', title: UNSTORABLE })
  app.addHook('onRequest', async (request, reply) => {
    if (hasUnstorableAddress(request)) return refuseText(request, reply)
  })
  app.addHook('preValidation', async (request, reply) => {
    if (hasUnstorableBodyText(request)) return refuseText(request, reply)
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    seconds.labels(request.method, route, String(reply.statusCode)).observe(reply.elapsedTime / 1000)
    if (reply.statusCode >= 500) faults.inc()
    if (!route.startsWith('/healthz') && !route.startsWith('/readyz') && !route.startsWith('/metrics'))
      options.log.info('http.answered', {
        id: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      })
  })

  app.setErrorHandler((error, request, reply) => {
    const { statusCode, code } = error as { statusCode?: number; code?: string }
    if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
      const title = statusCode === 413 ? 'The request is too large.' : 'The request cannot be read.'
      return sendProblem(request, reply, {
        status: statusCode,
        code: statusCode === 413 ? 'TOO_LARGE' : 'INVALID_INPUT',
        title,
      })
    }
    options.log.error('http.fault', {
      id: request.id,
      route: request.routeOptions.url ?? 'unknown',
      code: code ?? '',
      error,
    })
    return sendProblem(request, reply, {
      status: 500,
      code: 'INTERNAL',
      title: 'Something went wrong on our side. Try again. If it keeps happening, send us this request ID.',
    })
  })
  app.setNotFoundHandler(
    (request, reply) =>
      options.notFound?.(request, reply) ??
      sendProblem(request, reply, { status: 404, code: 'NOT_FOUND', title: 'There is nothing at this address.' }),
  )

  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const states: Record<string, boolean> = {}
    for (const [name, check] of Object.entries(options.ready)) states[name] = await check().catch(() => false)
    const ready = Object.values(states).every(Boolean)
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', ...states })
  })
  app.get('/metrics', async (request, reply) =>
    mayReadMetrics(options.metrics, request.headers.authorization)
      ? reply.type(registry.contentType).send(await registry.metrics())
      : reply.callNotFound(),
  )
  return app
}
