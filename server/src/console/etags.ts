import { ApiError } from '@veridoor/contract'
import { digest } from '@veridoor/foundation'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** The strong entity tag of a version (RFC 9110, section 8.8.3). */
const quoted = (version: string): string => `"${version}"`

const versionIn = (payload: string): string | undefined => {
  const { etag } = (JSON.parse(payload) ?? {}) as { etag?: unknown }
  return typeof etag === 'string' ? etag : undefined
}

/**
 * Takes `If-Match` into the body's `etag`, where the endpoints look for it (RFC 9110, section 13.1.1). `*` asks only that the object
 * exists, which every change does. Whether the endpoint knows versions is asked by `assertVersioned`.
 * @throws {ApiError} INVALID_INPUT for a list of tags or one that is none
 */
export const applyIfMatch = (request: FastifyRequest): void => {
  const wanted = request.headers['if-match']
  if (wanted === undefined || wanted === '*') return
  // A weak tag never matches here: nothing is ever changed by a resemblance.
  const [, version] = /^"([^",]+)"$/.exec(wanted) ?? []
  if (version === undefined)
    throw new ApiError('INVALID_INPUT', {
      fields: [{ path: 'If-Match', message: 'One entity tag, as the answer gave it: "7".' }],
    })
  if (typeof request.body === 'object' && request.body !== null) request.body = { ...request.body, etag: version }
}

/** @throws {ApiError} INVALID_INPUT when the request has a condition that this endpoint would not look at */
export const assertVersioned = (request: FastifyRequest, inputSchema: unknown): void => {
  if (request.headers['if-match'] === undefined) return
  const { shape } = (inputSchema ?? {}) as { shape?: Record<string, unknown> }
  if (shape && 'etag' in shape) return
  throw new ApiError('INVALID_INPUT', {
    fields: [{ path: 'If-Match', message: 'This request knows no versions. Leave the header out.' }],
  })
}

/**
 * `ETag` of what is answered: the object's version where it has one, a digest of the answer for the rest of what is read; and
 * `304` without a body when the reader has it already (RFC 9110, section 13.1.2). A failed `If-Match` is `412`. An `onSend` hook.
 */
export const addEntityTag = async (
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> => {
  if (typeof payload !== 'string') return payload
  if (reply.statusCode === 409 && request.headers['if-match'] !== undefined) {
    if ((JSON.parse(payload) as { code?: string }).code === 'CHANGED_MEANWHILE') reply.code(412)
    return payload
  }
  if (reply.statusCode >= 300) return payload
  const version = versionIn(payload)
  const isRead = request.method === 'GET'
  if (version === undefined && !isRead) return payload
  const tag = version === undefined ? `W/${quoted(digest(payload).slice(0, 22))}` : quoted(version)
  reply.header('etag', tag)
  const known = request.headers['if-none-match']?.split(',').map((one) => one.trim().replace(/^W\//, ''))
  if (!isRead || !known?.includes(tag.replace(/^W\//, ''))) return payload
  reply.code(304).removeHeader('content-type').removeHeader('content-length')
  return ''
}
