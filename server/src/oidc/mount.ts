import { parse } from 'node:querystring'
import { ApiError, apiErrors } from '@veridoor/contract'
import { type HttpApp, readBasic, sendProblem } from '@veridoor/foundation'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type Provider from 'oidc-provider'
import type { AccessTokens } from './access-token.ts'
import type { createInteractions } from './interactions.ts'
import { DISCOVERY, routes } from './routes.ts'

const FORM = 'application/x-www-form-urlencoded'
const BODY_BYTES = 56 * 1024

const first = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? (value[0] ?? '') : (value ?? '')

/** `id:secret` of Basic authentication, each form-encoded (RFC 6749, section 2.3.1). */
const readClient = (header: string | undefined): { client_id: string; client_secret: string } | undefined => {
  const pair = readBasic(header)
  if (!pair) return undefined
  const plain = (part: string): string => {
    try {
      return decodeURIComponent(part.replaceAll('+', ' '))
    } catch {
      return part
    }
  }
  return { client_id: plain(pair.user), client_secret: plain(pair.password) }
}

/** The body as text members, whether it came as a form or as JSON. Undefined when it is neither. */
const readMembers = (request: FastifyRequest): Record<string, string> | undefined => {
  const text = (request.body as string | undefined) ?? ''
  const type = first(request.headers['content-type']).split(';')[0]?.trim().toLowerCase()
  if (type === 'application/json') {
    try {
      const parsed: unknown = JSON.parse(text)
      if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined
      return Object.fromEntries(
        Object.entries(parsed)
          .filter(([, value]) => value !== null && value !== undefined && value !== '')
          .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
      )
    } catch {
      return undefined
    }
  }
  const members: Record<string, string> = {}
  for (const [name, value] of Object.entries(parse(text))) {
    // A member given twice is refused by the protocol (RFC 6749, section 3.2): two values are not one.
    if (Array.isArray(value)) return undefined
    members[name] = value ?? ''
  }
  return members
}

/** Hands a request to the protocol's own handler, with our headers and the public address as everything is reached by it. */
const handOver = (provider: Provider, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const issuer = new URL(provider.issuer)
  request.raw.headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1)
  request.raw.headers['x-forwarded-host'] = issuer.host
  request.raw.headers.host = issuer.host
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value)
  reply.hijack()
  provider.callback()(request.raw, reply.raw)
  return reply
}

/**
 * Casdoor's clients ask for `read` or `profile` alone and read userinfo with it: their requests are taken as ones of OpenID Connect.
 * What a request without `openid` means is left to us (OpenID Connect Core 1.0, section 3.1.2.1).
 */
const readAsOpenId = (address: string): string => {
  const url = new URL(address, 'http://internal')
  const scope = url.searchParams.get('scope')
  if (url.pathname !== routes.authorization || (scope !== 'read' && scope !== 'profile')) return address
  url.searchParams.set('scope', `openid ${scope}`)
  return `${url.pathname}${url.search}`
}

/** What tells a request of RP-Initiated Logout 1.0 from a client that only ends the session of its cookie. */
const logoutMembers = ['id_token_hint', 'logout_hint', 'client_id', 'post_logout_redirect_uri', 'state', 'ui_locales']
const isPlainLogout = (request: FastifyRequest): boolean => {
  const named = { ...(request.query as Record<string, unknown>), ...readMembers(request) }
  return !logoutMembers.some((name) => name in named) && !(request.headers.accept ?? '').includes('text/html')
}

const invalidRequest = (reply: FastifyReply, description: string): FastifyReply =>
  reply.code(400).header('cache-control', 'no-store').send({ error: 'invalid_request', error_description: description })

/**
 * Mounts the protocol at the addresses existing clients know, and the pages' side of its steps. Client secrets are taken from the
 * body or from Basic authentication alike; bodies may be forms or JSON.
 */
export const mountOidc = (
  app: HttpApp,
  providerNow: () => Promise<Provider>,
  interactions: ReturnType<typeof createInteractions>,
  tokens: Pick<AccessTokens, 'open'>,
  answers: {
    readonly sendPage: (request: FastifyRequest, reply: FastifyReply) => FastifyReply
    readonly publishedKeys: () => Promise<object>
    /** For clients that are no browser and name nothing of the protocol. */
    readonly signOut: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>
  },
): void => {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_BYTES }, (_request, body, done) =>
      done(null, body),
    )

    const hand = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      request.raw.url = readAsOpenId(request.raw.url ?? '')
      return handOver(await providerNow(), request, reply)
    }

    const handBody = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const members = readMembers(request)
      if (!members)
        return invalidRequest(reply, 'the body is neither a form nor a JSON object, or names a member twice')
      const basic = readClient(request.headers.authorization)
      if (basic) {
        if (members.client_id !== undefined && members.client_id !== basic.client_id)
          return invalidRequest(reply, 'client_id differs between the body and the authorization header')
        // Some clients send the same pair in both places; two different ones are an attempt at confusion.
        if (members.client_secret !== undefined && members.client_secret !== basic.client_secret)
          return invalidRequest(reply, 'the client authenticates in two ways at once')
        Object.assign(members, basic)
        delete request.raw.headers.authorization
      }
      // Introspection and revocation name an access token or a refresh token.
      if (members.token !== undefined) members.token = await tokens.open(members.token)
      Object.assign(request.raw, { body: members })
      request.raw.headers['content-type'] = FORM
      request.raw.headers['content-length'] ??= '1'
      return handOver(await providerNow(), request, reply)
    }

    for (const path of [DISCOVERY, routes.authorization, `${routes.authorization}/:uid`]) scope.get(path, hand)
    // As they are now, not as this node found them at its start: another may sign with newer ones already.
    scope.get(routes.jwks, async (_request, reply) =>
      reply
        .header('access-control-allow-origin', '*')
        .type('application/jwk-set+json; charset=utf-8')
        .send(JSON.stringify(await answers.publishedKeys())),
    )
    scope.get(routes.end_session, (request, reply) =>
      isPlainLogout(request) ? answers.signOut(request, reply) : hand(request, reply),
    )
    scope.post(routes.end_session, (request, reply) =>
      isPlainLogout(request) ? answers.signOut(request, reply) : handBody(request, reply),
    )
    for (const path of [routes.authorization, `${routes.end_session}/confirm`, `${routes.end_session}/success`])
      scope.post(path, handBody)
    scope.get(`${routes.end_session}/success`, hand)
    for (const path of [routes.token, routes.introspection, routes.revocation, routes.pushed_authorization_request])
      scope.post(path, handBody)
    for (const path of [DISCOVERY, routes.jwks, routes.token, routes.userinfo, routes.revocation])
      scope.options(path, hand)
    /** The token is the client's only proof here: in the header, or in the form of a POST (RFC 6750, section 2). */
    const openBearer = async (request: FastifyRequest): Promise<void> => {
      const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
      if (token) request.raw.headers.authorization = `Bearer ${await tokens.open(token)}`
    }
    scope.get(routes.userinfo, async (request, reply) => {
      await openBearer(request)
      return hand(request, reply)
    })
    scope.post(routes.userinfo, async (request, reply) => {
      await openBearer(request)
      const members = readMembers(request) ?? {}
      if (members.access_token !== undefined) members.access_token = await tokens.open(members.access_token)
      Object.assign(request.raw, { body: members })
      request.raw.headers['content-type'] = FORM
      return handOver(await providerNow(), request, reply)
    })
    /** Clients that refresh at an address of its own. */
    scope.post('/api/login/oauth/refresh_token', async (request, reply) => {
      request.raw.url = routes.token
      return handBody(request, reply)
    })
  })

  app.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => {
      if (!(error instanceof ApiError)) throw error
      const { status, message } = apiErrors[error.code]
      return sendProblem(request, reply, { status, code: error.code, title: message })
    })
    scope.get('/login/oauth/interaction/:uid', async (request, reply) => {
      const sent = await interactions.open(request, reply)
      return sent ?? answers.sendPage(request, reply)
    })
    scope.get('/login/oauth/interaction/:uid/details', (request, reply) => interactions.details(request, reply))
    scope.post('/login/oauth/interaction/:uid/decision', (request, reply) => interactions.decide(request, reply))
  })
}
