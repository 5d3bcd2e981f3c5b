import type { FastifyReply, FastifyRequest } from 'fastify'
import { readBearer } from './key-access.ts'

type Refused = { code: string; message: string; data?: Record<string, unknown> }

/** Browsers say where a request comes from (over plain http not all do), and our pages what they read. A key is a program's, whatever else it sends. */
const isFromPage = ({ headers }: FastifyRequest): boolean =>
  headers.origin !== undefined || headers['sec-fetch-site'] !== undefined || headers.accept === 'application/json'

/**
 * Errors as programs get them: `application/problem+json` (RFC 9457) with the stable code. Pages keep the form that their
 * client reads. An `onSend` hook: the answer is written already.
 */
export const toProblemJson = async (
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> => {
  const isOurs = String(reply.getHeader('content-type') ?? '').startsWith('application/json')
  const isPage = readBearer(request) === undefined && isFromPage(request)
  if (reply.statusCode < 400 || isPage || !isOurs || typeof payload !== 'string') return payload
  const { code, message, data } = JSON.parse(payload) as Refused
  reply.removeHeader('content-length')
  reply.type('application/problem+json')
  return JSON.stringify({
    ...data,
    type: `/docs/errors#${code}`,
    title: message,
    status: reply.statusCode,
    code,
    instance: request.id,
  })
}
