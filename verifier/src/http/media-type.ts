import type { FastifyInstance, FastifyRequest } from 'fastify'

/** The media type of a request, without parameters and in small letters (RFC 9110, 8.3.1); empty where there is none. */
export const mediaTypeOf = (request: Pick<FastifyRequest, 'headers'>): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

/**
 * Reads every body as bytes, whatever media type it claims, also an empty or malformed one: the routes decide what they can use.
 */
export const acceptAnyMediaType = (scope: FastifyInstance): void => {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  scope.addHook('onRequest', async (request) => {
    // Without a parser for what it cannot parse, the framework would answer 415 before a route can look.
    const sent = request.headers['content-type']
    if (sent !== undefined && !/^[\w!#$&^.+-]+\/[\w!#$&^.+*-]+\s*(;|$)/.test(sent.trim()))
      request.headers['content-type'] = 'application/octet-stream'
  })
}

/** The body of a request as text; empty where there is none. */
export const bodyText = (request: Pick<FastifyRequest, 'body'>): string =>
  Buffer.isBuffer(request.body) ? request.body.toString('utf8') : ''
