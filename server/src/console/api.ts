import { ValidationError } from '@orpc/contract'
import { SmartCoercionPlugin } from '@orpc/json-schema'
import { OpenAPIGenerator } from '@orpc/openapi'
import { OpenAPIHandler } from '@orpc/openapi/fastify'
import { ORPCError, onError } from '@orpc/server'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { ApiError, api, apiErrors } from '@veridoor/contract'
import type { HttpApp, Log } from '@veridoor/foundation'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../accounts/index.ts'
import { account } from './account.ts'
import { apiKeys } from './api-keys.ts'
import { applications } from './applications.ts'
import { audit } from './audit.ts'
import { budgets } from './budgets.ts'
import { type Context, os, type Rooms, toOrpcError } from './context.ts'
import { mountDocs } from './docs.ts'
import { takeIfMatch, withEntityTag } from './etags.ts'
import { type Claim, claim, type IdempotencyParts, settleClaim } from './idempotency.ts'
import { bearerOf, keyAccess } from './key-access.ts'
import { mails } from './mails.ts'
import { organizations } from './organizations.ts'
import { overview } from './overview.ts'
import { asProblem } from './problems.ts'
import { providers } from './providers.ts'
import { security } from './security.ts'
import { session, sessionCookie } from './session.ts'
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

/** Mounts our API under `/v1`, and its OpenAPI document. */
export const mountApi = (
  app: HttpApp,
  rooms: Rooms,
  options: { log: Log; url: string; idempotency: IdempotencyParts },
): void => {
  const handler = new OpenAPIHandler<Context>(router, {
    plugins: [new SmartCoercionPlugin({ schemaConverters: [toJsonSchema] })],
    clientInterceptors: [
      onError((error, { context }) => {
        if (error instanceof ApiError) throw toOrpcError(error)
        if (error instanceof ORPCError) {
          if (error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError)
            throw toOrpcError(invalidInput(error.cause))
          if (error.status < 500) throw error
        }
        options.log.error('api.fault', { id: context.request.id, route: context.request.routeOptions.url ?? '', error })
        throw toOrpcError(new ApiError('INTERNAL'))
      }),
    ],
  })

  const generate = () =>
    new OpenAPIGenerator({ schemaConverters: [toJsonSchema] }).generate(api, {
      info: { title: 'Veridoor', version: '1' },
      servers: [{ url: `${options.url}/v1` }],
    })
  let document: ReturnType<typeof generate> | undefined
  const read = () => {
    document ??= generate()
    return document
  }
  app.get('/v1/openapi.json', async (_request, reply) => reply.send(await read()))
  mountDocs(app, read, options.url)

  /** What is answered is kept with the claim that this request made, if it made one. */
  const claims = new WeakMap<FastifyRequest, Claim>()
  const keep = async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    const own = claims.get(request)
    if (own && typeof payload === 'string')
      await settleClaim(options.idempotency, own, { status: reply.statusCode, body: payload })
    return payload
  }

  app.all('/v1/*', { onSend: [keep, withEntityTag, asProblem] }, async (request, reply) => {
    // What is answered is about people: no browser keeps a copy. Clients that know versions keep their own.
    reply.header('cache-control', 'no-store')
    const refuse = (refusal: ApiError) => reply.code(apiErrors[refusal.code].status).send(toOrpcError(refusal).toJSON())
    const bearer = bearerOf(request)
    const access = bearer === undefined ? undefined : await keyAccess(rooms.organizations, bearer, request.ip)
    const token = bearer === undefined ? request.cookies[sessionCookie(rooms.secureCookies)] : undefined
    const caller = token ? await callerOf(rooms.accounts, token, request.ip) : access?.caller
    const wanted = request.headers['idempotency-key']
    if (access && typeof wanted === 'string' && request.method === 'POST') {
      const { method, url, body } = request
      const claimed = await claim(options.idempotency, access.key.id, wanted, {
        method,
        url,
        body: JSON.stringify(body),
      }).catch((error: unknown) => {
        if (error instanceof ApiError) return error
        throw error
      })
      if (claimed instanceof ApiError) return refuse(claimed)
      if ('status' in claimed)
        return reply
          .code(claimed.status)
          .header('idempotency-replayed', 'true')
          .type('application/json')
          .send(claimed.body)
      claims.set(request, claimed)
    }
    try {
      takeIfMatch(request)
    } catch (error) {
      if (error instanceof ApiError) return refuse(error)
      throw error
    }
    const { matched } = await handler.handle(request, reply, {
      prefix: '/v1',
      context: { rooms, request, reply, caller, token, key: access?.key },
    })
    if (!matched) return reply.callNotFound()
    return reply
  })
}
