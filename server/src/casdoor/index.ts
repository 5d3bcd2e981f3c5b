import type { HttpApp, Log } from '@veridoor/foundation'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { mountAddresses } from './addresses.ts'
import {
  addApplication,
  deleteApplication,
  getApplication,
  getApplications,
  getUserApplication,
  updateApplication,
} from './applications.ts'
import type { Call, Deps } from './deps.ts'
import { type Envelope, envelopeOf, failed, ok, send } from './envelope.ts'
import { formOf } from './form.ts'
import { actsNotHosted, notHosted } from './not-hosted.ts'
import {
  addOrganization,
  deleteOrganization,
  getOrganization,
  getOrganizations,
  updateOrganization,
} from './organizations.ts'
import { setPassword } from './passwords.ts'
import { principalOf } from './principal.ts'
import {
  addProvider,
  deleteProvider,
  getGlobalProviders,
  getProvider,
  getProviders,
  updateProvider,
} from './providers.ts'
import { addRecord, getCertificate, getCertificates, getRecords } from './records.ts'
import { login, signOut } from './session.ts'
import { addUser, deleteUser, getAccount, getUser, getUserCount, getUsers, updateUser } from './users.ts'
import { verifyIdentification } from './verify.ts'

type Answer = (deps: Deps, call: Call) => Promise<Envelope>

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
    'set-password': setPassword,
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

/** A JSON object, whatever the content type says of it; else a form; nothing when there is no body. */
const bodyOf = async (request: FastifyRequest): Promise<Record<string, unknown> | undefined> => {
  const text = typeof request.body === 'string' ? request.body : ''
  if (text.trim() === '') return {}
  if (!text.trimStart().startsWith('{')) return formOf(request.headers['content-type'] ?? '', text)
  try {
    const parsed: unknown = JSON.parse(text)
    return parsed as Record<string, unknown>
  } catch {
    return undefined
  }
}

/** One target for every look at a call: an `id` beside a body that names another object is refused, never half believed. */
const namesAnother = (query: Record<string, string>, body: Record<string, unknown>): boolean => {
  const [owner, name] = (query.id ?? '').split('/')
  if (!owner || !name) return false
  return Object.entries({ owner, name }).some(
    ([key, named]) => typeof body[key] === 'string' && body[key] !== '' && body[key] !== named,
  )
}

type Work = (call: Call, reply: FastifyReply) => Promise<FastifyReply>

/** Everything is answered by an envelope: refusals in words, faults without details. Lists as bodies are not looked into. */
const createAnswered =
  (deps: Deps, log: Log) =>
  (work: Work, takesList = false) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    try {
      const query = queryOf(request)
      const body = takesList ? {} : await bodyOf(request)
      if (!body) return send(reply, failed('The body is not a JSON object', 'INVALID_INPUT'))
      if (namesAnother(query, body))
        return send(reply, failed('The id names another object than the body does', 'INVALID_INPUT'))
      return await work({ request, query, body, principal: await principalOf(deps, request, query) }, reply)
    } catch (error) {
      const envelope = envelopeOf(error)
      if (envelope) return send(reply, envelope)
      log.error('api.fault', { id: request.id, route: request.routeOptions.url ?? '', error })
      return send(reply, failed('The fault is ours. Try again; give the request id if it stays', 'INTERNAL'))
    }
  }

/**
 * Casdoor's wire under `/api/`: paths, envelope and field names of its clients. It translates; who may do what and what is
 * verified is decided by the rooms behind it.
 *
 * @returns signing out in an envelope, for `/api/logout`, which is an address of OpenID Connect as well
 */
export const mountCasdoor = (app: HttpApp, deps: Deps, log: Log) => {
  const answered = createAnswered(deps, log)
  mountAddresses(app, deps)
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_BYTES }, (_request, body, done) =>
      done(null, body),
    )

    for (const method of ['GET', 'POST'] as const)
      for (const [name, answer] of Object.entries(calls[method]))
        scope.route({
          method,
          url: `/api/${name}`,
          handler: answered(async (call, reply) => send(reply, await answer(deps, call))),
        })
    scope.post(
      '/api/login',
      answered((call, reply) => login(deps, call, reply)),
    )
    for (const method of ['GET', 'POST'] as const)
      scope.route({ method, url: '/api/sso-logout', handler: answered((call, reply) => signOut(deps, call, reply)) })

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
      answered(async (_call, reply) => send(reply, ok([false])), true),
    )
    scope.post(
      '/api/batch-enforce',
      answered(async (_call, reply) => send(reply, ok([[false]])), true),
    )
    for (const name of actsNotHosted)
      scope.post(
        `/api/${name}`,
        answered(async (_call, reply) => send(reply, failed('This is not hosted here', 'NOT_HOSTED'))),
      )
  })

  /** Files are not read, however large they are. */
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, payload, done) => {
      payload.resume()
      payload.once('end', () => done(null, ''))
      payload.once('error', done)
    })
    scope.post(
      '/api/upload-resource',
      answered(async (_call, reply) =>
        send(reply, failed('Files are not kept here: documents are shown to the check of a person', 'NOT_HOSTED')),
      ),
    )
  })

  return { signOut: answered((call, reply) => signOut(deps, call, reply)) }
}
