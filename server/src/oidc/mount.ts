import { ApiError, apiErrors } from '@veridoor/contract'
import { type HttpApp, sendProblem } from '@veridoor/foundation'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type Provider from 'oidc-provider'
import { findApplicationByClientId, type OrganizationsDeps } from '../organizations/index.ts'
import type { AccessTokens } from './access-token.ts'
import { DISCOVERY_PATHS } from './discovery.ts'
import type { createInteractions } from './interactions.ts'
import { BODY_BYTES, FORM, isTooLarge, noteClientAddress, readClient, readMembers, readQuery } from './read-request.ts'
import { withRequestCache } from './request-cache.ts'
import type { RequestLimits } from './request-limits.ts'
import { routes } from './routes.ts'
import { withNormalizedScope } from './scopes.ts'
import { expandUnsignedRequest, isUnsignedRequest, type Members } from './unsigned-request.ts'

/** Answers of other rooms at addresses of the protocol. */
export type OtherAnswers = {
  /** The web application's page, for a step that asks something. */
  readonly sendPage: (request: FastifyRequest, reply: FastifyReply) => FastifyReply
  /** For clients that are no browser, and name nothing of RP-Initiated Logout. */
  readonly signOut: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>
}

/** What the addresses of the protocol are answered with. */
export type MountDeps = OtherAnswers & {
  readonly currentProvider: () => Promise<Provider>
  readonly interactions: ReturnType<typeof createInteractions>
  readonly tokens: Pick<AccessTokens, 'open'>
  readonly organizations: Pick<OrganizationsDeps, 'db'>
  readonly pushedRequests: RequestLimits
  readonly publishedKeys: () => Promise<object>
}

/** Hands a request to the protocol library, with our headers, under the public address by whatever host it came. */
const handOver = (provider: Provider, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const issuer = new URL(provider.issuer)
  const { raw } = request
  noteClientAddress(request)
  raw.headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1)
  raw.headers['x-forwarded-host'] = issuer.host
  raw.headers.host = issuer.host
  // HEAD is answered like GET, and Node leaves the body out (RFC 9110, section 9.3.2).
  if (raw.method === 'HEAD') raw.method = 'GET'
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value)
  reply.hijack()
  withRequestCache(() => provider.callback()(raw, reply.raw))
  return reply
}

const invalidRequest = (reply: FastifyReply, description: string, error = 'invalid_request'): FastifyReply =>
  reply.code(400).header('cache-control', 'no-store').send({ error, error_description: description })

const tooManyRequests = (reply: FastifyReply, seconds: number): FastifyReply =>
  reply
    .code(429)
    .headers({ 'cache-control': 'no-store', 'retry-after': String(seconds) })
    .send({
      error: 'temporarily_unavailable',
      error_description: `too many requests, try again in ${seconds} seconds`,
    })

const NO_MEMBERS = 'the body is neither a form nor a JSON object, or names a member twice'

/** What tells a request of RP-Initiated Logout 1.0 from a client that only ends the session of its cookie. */
const logoutMembers = ['id_token_hint', 'logout_hint', 'client_id', 'post_logout_redirect_uri', 'state', 'ui_locales']
const isPlainLogout = (request: FastifyRequest): boolean => {
  const named = { ...(request.query as Record<string, unknown>), ...readMembers(request) }
  return !logoutMembers.some((name) => name in named) && !(request.headers.accept ?? '').includes('text/html')
}

/** A form of another site brings no cookie of ours (SameSite=Lax). Sent on as GET it does, and finds the person signed in. */
const isFormOfAnotherSite = (request: FastifyRequest): boolean =>
  request.headers['sec-fetch-site'] === 'cross-site' && !(request.headers.cookie ?? '').includes('veridoor_')
/** Browsers and proxies take addresses of this length. */
const ADDRESS_CHARACTERS = 8000

/** The handlers of the protocol's endpoints. */
const createHandlers = (deps: MountDeps) => {
  const { tokens } = deps

  const hand = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    handOver(await deps.currentProvider(), request, reply)

  const handMembers = async (request: FastifyRequest, reply: FastifyReply, members: Members): Promise<FastifyReply> => {
    Object.assign(request.raw, { body: members })
    request.raw.headers['content-type'] = FORM
    request.raw.headers['content-length'] ??= '1'
    return hand(request, reply)
  }

  /** Unsigned request objects count as their members, except for applications that must sign theirs. */
  const expandRequest = async (members: Members): Promise<Members | undefined> => {
    const { request, client_id: clientId } = members
    if (request === undefined || !isUnsignedRequest(request)) return members
    const application = clientId ? await findApplicationByClientId(deps.organizations.db, clientId) : undefined
    // The protocol library refuses it, and tells the application where it can be told.
    if (application?.securityProfile === 'fapi2') return members
    const { issuer } = await deps.currentProvider()
    return expandUnsignedRequest(members, issuer, Math.floor(Date.now() / 1000))
  }

  /** Members of an authorization request as the protocol library reads them; a text where it cannot be one. */
  const readAuthorization = async (members: Record<string, string> | undefined): Promise<Members | string> => {
    if (!members) return 'a member is named twice'
    if (isTooLarge(members)) return 'the request is too large'
    const expanded = await expandRequest(members)
    return expanded ? withNormalizedScope(expanded) : 'the request object contradicts the request, or is not valid now'
  }

  /** A request by form goes on as if its members stood in the address: the library reads those (OpenID Connect Core 1.0, section 3.1.2.1). */
  const handAsGet = async (
    request: FastifyRequest,
    reply: FastifyReply,
    path: string,
    members: Members,
  ): Promise<FastifyReply> => {
    const address = `${path}?${new URLSearchParams(members)}`
    const isForm = request.method === 'POST'
    if (isForm && isFormOfAnotherSite(request) && address.length <= ADDRESS_CHARACTERS)
      return reply.code(303).headers({ location: address, 'cache-control': 'no-store' }).send()
    request.raw.method = 'GET'
    request.raw.url = address
    return hand(request, reply)
  }

  return {
    hand,

    async authorize(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
      const isForm = request.method === 'POST'
      const query = isForm ? undefined : readQuery(request.raw.url ?? '')
      // A member that is named twice is refused by the library, which tells the application.
      if (!isForm && !query) return hand(request, reply)
      const members = await readAuthorization(isForm ? readMembers(request) : query)
      if (typeof members === 'string')
        return invalidRequest(
          reply,
          members,
          isForm || query?.request === undefined ? undefined : 'invalid_request_object',
        )
      return handAsGet(request, reply, routes.authorization, members)
    },

    async pushRequest(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
      const authenticated = readAuthenticated(request)
      if (typeof authenticated === 'string') return invalidRequest(reply, authenticated)
      const members = await readAuthorization(authenticated)
      if (typeof members === 'string') return invalidRequest(reply, members)
      const characters = Object.values(members).reduce((sum, value) => sum + value.length, 0)
      const wait = deps.pushedRequests.waitFor(request.ip, members.client_id ?? '', characters)
      return wait === undefined ? handMembers(request, reply, members) : tooManyRequests(reply, wait)
    },

    async handBody(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
      const members = readAuthenticated(request)
      if (typeof members === 'string') return invalidRequest(reply, members)
      // Introspection and revocation name an access token or a refresh token.
      if (members.token !== undefined) members.token = await tokens.open(members.token)
      return handMembers(request, reply, members)
    },

    async endSession(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
      if (isPlainLogout(request)) return deps.signOut(request, reply)
      if (request.method !== 'POST') return hand(request, reply)
      const members = readMembers(request)
      return members ? handAsGet(request, reply, routes.end_session, members) : invalidRequest(reply, NO_MEMBERS)
    },

    async userinfo(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
      // The library takes one space between scheme and token; RFC 9110, section 11.4 allows more.
      const [, scheme, token] = /^(Bearer|DPoP) +(\S+)\s*$/i.exec(request.headers.authorization ?? '') ?? []
      if (scheme && token) request.raw.headers.authorization = `${scheme} ${token}`
      return request.method === 'POST' ? handMembers(request, reply, readMembers(request) ?? {}) : hand(request, reply)
    },
  }
}

/** Members of the body, with the client's credentials in them from wherever they came; a text where that cannot be read. */
const readAuthenticated = (request: FastifyRequest): Record<string, string> | string => {
  const members = readMembers(request)
  if (!members) return NO_MEMBERS
  const basic = readClient(request.headers.authorization)
  if (!basic) return members
  if (members.client_id !== undefined && members.client_id !== basic.client_id)
    return 'client_id differs between the body and the authorization header'
  // Some clients send the same pair in both places; two different ones are an attempt at confusion.
  if (members.client_secret !== undefined && members.client_secret !== basic.client_secret)
    return 'the client authenticates in two ways at once'
  delete request.raw.headers.authorization
  return { ...members, ...basic }
}

const mountEndpoints = (app: HttpApp, deps: MountDeps): void => {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_BYTES }, (_request, body, done) =>
      done(null, body),
    )
    const handlers = createHandlers(deps)
    for (const path of [...DISCOVERY_PATHS, `${routes.authorization}/:uid`]) scope.get(path, handlers.hand)
    scope.get(routes.authorization, handlers.authorize)
    scope.post(routes.authorization, handlers.authorize)
    // As they are at this moment, not as this node found them at its start: another may sign with newer ones already.
    scope.get(routes.jwks, async (_request, reply) =>
      reply
        .header('access-control-allow-origin', '*')
        .type('application/jwk-set+json; charset=utf-8')
        .send(JSON.stringify(await deps.publishedKeys())),
    )
    scope.get(routes.end_session, handlers.endSession)
    scope.post(routes.end_session, handlers.endSession)
    scope.get(`${routes.end_session}/success`, handlers.hand)
    for (const path of [
      `${routes.end_session}/confirm`,
      `${routes.end_session}/success`,
      routes.token,
      routes.introspection,
      routes.revocation,
    ])
      scope.post(path, handlers.handBody)
    scope.post(routes.pushed_authorization_request, handlers.pushRequest)
    for (const path of [...DISCOVERY_PATHS, routes.jwks, routes.token, routes.userinfo, routes.revocation])
      scope.options(path, handlers.hand)
    scope.get(routes.userinfo, handlers.userinfo)
    scope.post(routes.userinfo, handlers.userinfo)
    /** Clients that refresh at an address of its own. */
    scope.post('/api/login/oauth/refresh_token', async (request, reply) => {
      request.raw.url = routes.token
      return handlers.handBody(request, reply)
    })
  })
}

const mountInteractions = (app: HttpApp, { interactions, sendPage }: MountDeps): void => {
  app.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => {
      if (!(error instanceof ApiError)) throw error
      const { status, message } = apiErrors[error.code]
      return sendProblem(request, reply, { status, code: error.code, title: message })
    })
    const path = '/login/oauth/interaction/:uid'
    scope.get(path, async (request, reply) => (await interactions.open(request, reply)) ?? sendPage(request, reply))
    scope.get(`${path}/details`, (request, reply) => interactions.details(request, reply))
    scope.post(`${path}/decision`, (request, reply) => interactions.decide(request, reply))
  })
}

/**
 * Mounts the protocol at the addresses that existing clients know, and the pages' side of its steps. Client secrets are taken from the body
 * or from Basic authentication alike; bodies may be forms or JSON.
 */
export const mountOidc = (app: HttpApp, deps: MountDeps): void => {
  mountEndpoints(app, deps)
  mountInteractions(app, deps)
}
