import type { HttpApp, Log } from '@veridoor/foundation'
import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  addApplication,
  deleteApplication,
  getApplication,
  getApplications,
  getUserApplication,
  updateApplication,
} from './applications.ts'
import { askerOf } from './asker.ts'
import { type Envelope, envelopeOf, failed, ok, send } from './envelope.ts'
import { notHosted } from './not-hosted.ts'
import {
  addOrganization,
  deleteOrganization,
  getOrganization,
  getOrganizations,
  updateOrganization,
} from './organizations.ts'
import type { Call, Parts } from './parts.ts'
import {
  addProvider,
  deleteProvider,
  getGlobalProviders,
  getProvider,
  getProviders,
  updateProvider,
} from './providers.ts'
import { addRecord, getCertificate, getCertificates, getRecords } from './records.ts'
import { login, ssoLogout } from './session.ts'
import { addUser, deleteUser, getAccount, getUser, getUserCount, getUsers, updateUser } from './users.ts'
import { verifyIdentification } from './verify.ts'

type Answer = (parts: Parts, call: Call) => Promise<Envelope>

/** Every read and write that this room answers by an envelope. */
export const calls: Readonly<Record<'GET' | 'POST', Readonly<Record<string, Answer>>>> = {
  GET: {
    'get-account': getAccount,
    'get-user': getUser,
    'get-users': getUsers,
    'get-global-users': getUsers,
    'get-sorted-users': getUsers,
    'get-user-count': getUserCount,
    'get-providers': getProviders,
    'get-global-providers': getGlobalProviders,
    'get-provider': getProvider,
    'get-applications': getApplications,
    'get-organization-applications': getApplications,
    'get-application': getApplication,
    'get-user-application': getUserApplication,
    'get-organizations': getOrganizations,
    'get-organization': getOrganization,
    'get-records': getRecords,
    'get-certs': getCertificates,
    'get-cert': getCertificate,
  },
  POST: {
    'verify-identification': verifyIdentification,
    'update-user': updateUser,
    'add-user': addUser,
    'delete-user': deleteUser,
    'add-provider': addProvider,
    'update-provider': updateProvider,
    'delete-provider': deleteProvider,
    'add-application': addApplication,
    'update-application': updateApplication,
    'delete-application': deleteApplication,
    'add-organization': addOrganization,
    'update-organization': updateOrganization,
    'delete-organization': deleteOrganization,
    'add-record': addRecord,
  },
}

const BODY_BYTES = 1_048_576

/** The last of a key that is given twice, as these clients' server takes it. */
const queryOf = (request: FastifyRequest): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.query as Record<string, string | string[]>)
      .map(([name, value]) => [name, Array.isArray(value) ? (value.at(-1) ?? '') : value] as const)
      .filter(([, value]) => value !== ''),
  )

/** A JSON object, whatever the content type says of it; nothing when there is no body. */
const bodyOf = (request: FastifyRequest): Record<string, unknown> | undefined => {
  const text = typeof request.body === 'string' ? request.body.trim() : ''
  if (text === '') return {}
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/**
 * Casdoor's wire under `/api/`: paths, envelope and field names of its clients. It translates; who may do what and what is
 * verified is decided by the rooms behind it.
 */
export const mountCasdoor = (app: HttpApp, parts: Parts, log: Log): void => {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_BYTES }, (_request, body, done) =>
      done(null, body),
    )

    const answered =
      (work: (call: Call, reply: FastifyReply) => Promise<FastifyReply>) =>
      async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
        try {
          const query = queryOf(request)
          const body = bodyOf(request)
          if (!body) return send(reply, failed('The body is not a JSON object', 'INVALID_INPUT'))
          return await work({ request, query, body, asker: await askerOf(parts, request, query) }, reply)
        } catch (error) {
          const envelope = envelopeOf(error)
          if (envelope) return send(reply, envelope)
          log.error('api.fault', { id: request.id, route: request.routeOptions.url ?? '', error })
          return send(reply, failed('The fault is ours. Try again; give the request id if it stays', 'INTERNAL'))
        }
      }

    for (const method of ['GET', 'POST'] as const)
      for (const [name, answer] of Object.entries(calls[method]))
        scope.route({
          method,
          url: `/api/${name}`,
          handler: answered(async (call, reply) => send(reply, await answer(parts, call))),
        })
    scope.post(
      '/api/login',
      answered((call, reply) => login(parts, call, reply)),
    )
    for (const method of ['GET', 'POST'] as const)
      scope.route({ method, url: '/api/sso-logout', handler: answered((call, reply) => ssoLogout(parts, call, reply)) })

    for (const kind of notHosted) {
      scope.get(
        `/api/get-${kind}s`,
        answered(async (_call, reply) => send(reply, ok([]))),
      )
      scope.get(
        `/api/get-${kind}`,
        answered(async (_call, reply) => send(reply, ok(null))),
      )
      for (const verb of ['add', 'update', 'delete'])
        scope.post(
          `/api/${verb}-${kind}`,
          answered(async (_call, reply) => send(reply, failed(`A ${kind} is not hosted here`, 'NOT_HOSTED'))),
        )
    }
    // These clients read `data` of an enforcement without looking: nothing is permitted by a server that keeps no rules.
    scope.post(
      '/api/enforce',
      answered(async (_call, reply) => send(reply, ok([false]))),
    )
    scope.post(
      '/api/batch-enforce',
      answered(async (_call, reply) => send(reply, ok([[false]]))),
    )
    for (const name of ['send-email', 'send-sms', 'upload-resource', 'set-password'])
      scope.post(
        `/api/${name}`,
        answered(async (_call, reply) => send(reply, failed('This is not hosted here', 'NOT_HOSTED'))),
      )
  })
}
