import { ValidationError } from '@orpc/contract'
import { SmartCoercionPlugin } from '@orpc/json-schema'
import { OpenAPIGenerator } from '@orpc/openapi'
import { OpenAPIHandler } from '@orpc/openapi/fastify'
import { ORPCError, onError } from '@orpc/server'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { ApiError, api } from '@veridoor/contract'
import type { HttpApp, Log } from '@veridoor/foundation'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { account } from './account.ts'
import { apiKeys } from './api-keys.ts'
import { applications } from './applications.ts'
import { audit } from './audit.ts'
import { mountAuditExport } from './audit-export.ts'
import { budgets } from './budgets.ts'
import { type Context, os, type Rooms, toOrpcError } from './context.ts'
import { mountDocs } from './docs.ts'
import { addEntityTag, applyIfMatch } from './etags.ts'
import { type Claim, claim, type IdempotencyParts, type Replay, storeAnswer } from './idempotency.ts'
import { mails } from './mails.ts'
import { organizations } from './organizations.ts'
import { overview } from './overview.ts'
import { toProblemJson } from './problems.ts'
import { providers } from './providers.ts'
import { orRefusal, sendApiError, toContext } from './request-context.ts'
import { security } from './security.ts'
import { session } from './session.ts'
import { users } from './users.ts'
import { verifications } from './verifications.ts'
import { webhooks } from './webhooks.ts'

const router = os.router({
  session,
  account,
  security,
  verifications,
  organizations,
  applications,
  providers,
  users,
  audit,
  budgets,
  overview,
  apiKeys,
  webhooks,
  mails,
})

const toJsonSchema = new ZodToJsonSchemaConverter()

/** Names of inputs and what is wrong with them, never their values. */
const invalidInput = (error: ValidationError): ApiError =>
  new ApiError('INVALID_INPUT', {
    fields: error.issues.map((issue) => ({
      path: (issue.path ?? []).map((step) => (typeof step === 'object' ? String(step.key) : String(step))).join('.'),
      message: issue.message,
    })),
  })

const createHandler = (log: Log): OpenAPIHandler<Context> =>
  new OpenAPIHandler<Context>(router, {
    plugins: [new SmartCoercionPlugin({ schemaConverters: [toJsonSchema] })],
    clientInterceptors: [
      onError((error, { context }) => {
        if (error instanceof ApiError) {
          const { seconds } = error.values
          if (typeof seconds === 'number') context.reply.header('retry-after', String(Math.ceil(seconds)))
          throw toOrpcError(error)
        }
        if (error instanceof ORPCError) {
          if (error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError)
            throw toOrpcError(invalidInput(error.cause))
          if (error.status < 500) throw error
        }
        log.error('api.fault', { id: context.request.id, route: context.request.routeOptions.url ?? '', error })
        throw toOrpcError(new ApiError('INTERNAL'))
      }),
    ],
  })

/** The OpenAPI document, made at its first use. */
const createDocument = (url: string) => {
  const generate = () =>
    new OpenAPIGenerator({ schemaConverters: [toJsonSchema] }).generate(api, {
      info: { title: 'Veridoor', version: '1' },
      servers: [{ url: `${url}/v1` }],
    })
  let document: ReturnType<typeof generate> | undefined
  return () => {
    document ??= generate()
    return document
  }
}

/** Claims the `Idempotency-Key` of a request by an API key. @returns undefined when the request has none */
const claimKey = async (parts: IdempotencyParts, { request, key }: Context): Promise<Claim | Replay | undefined> => {
  const idempotencyKey = request.headers['idempotency-key']
  if (!key || typeof idempotencyKey !== 'string' || request.method !== 'POST') return undefined
  const { method, url, body } = request
  return claim(parts, key.id, idempotencyKey, { method, url, body: JSON.stringify(body) })
}

const sendReplay = (reply: FastifyReply, { status, body }: Replay): FastifyReply =>
  reply.code(status).header('idempotency-replayed', 'true').type('application/json').send(body)

const mountEndpoints = (app: HttpApp, rooms: Rooms, options: { log: Log; idempotency: IdempotencyParts }): void => {
  const handler = createHandler(options.log)
  /** An answer is stored with the claim that its request made. */
  const claims = new WeakMap<FastifyRequest, Claim>()
  const storeReplay = async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    const own = claims.get(request)
    if (own && typeof payload === 'string')
      await storeAnswer(options.idempotency, own, { status: reply.statusCode, body: payload })
    return payload
  }

  app.all('/v1/*', { onSend: [storeReplay, addEntityTag, toProblemJson] }, async (request, reply) => {
    // Answers are about people: no browser keeps a copy. Clients that know versions keep their own.
    reply.header('cache-control', 'no-store')
    const context = await toContext(rooms, request, reply)
    const claimed = await orRefusal(() => claimKey(options.idempotency, context))
    if (claimed instanceof ApiError) return sendApiError(reply, claimed)
    if (claimed && 'status' in claimed) return sendReplay(reply, claimed)
    if (claimed) claims.set(request, claimed)
    const refusal = await orRefusal(() => applyIfMatch(request))
    if (refusal instanceof ApiError) return sendApiError(reply, refusal)
    const { matched } = await handler.handle(request, reply, { prefix: '/v1', context })
    if (!matched) return reply.callNotFound()
    return reply
  })
}

/** Mounts the API under `/v1`, its OpenAPI document, and the documentation under `/docs`. */
export const mountApi = (
  app: HttpApp,
  rooms: Rooms,
  options: { log: Log; url: string; idempotency: IdempotencyParts },
): void => {
  const readDocument = createDocument(options.url)
  app.get('/v1/openapi.json', async (_request, reply) => reply.send(await readDocument()))
  mountDocs(app, readDocument, options.url)
  mountAuditExport(app, rooms)
  mountEndpoints(app, rooms, options)
}
