import type { FastifyReply } from 'fastify'

/** A refusal of the Platform: a number as status, a title, a sentence (section 4.18). */
export class PlatformError extends Error {
  readonly status: 400 | 401 | 403 | 404 | 413 | 429 | 503
  readonly retryAfterSec: number | undefined
  constructor(status: PlatformError['status'], detail: string, retryAfterSec?: number) {
    super(detail)
    this.name = 'PlatformError'
    this.status = status
    this.retryAfterSec = retryAfterSec
  }
}

const titles: Record<PlatformError['status'], string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Payload Too Large',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
}

/** Answers with the shape of section 4.18, and with `Retry-After` in seconds where the wait is known. */
export const sendPlatformError = (
  reply: FastifyReply,
  { status, message, retryAfterSec }: PlatformError,
): FastifyReply => {
  if (retryAfterSec !== undefined) reply.header('retry-after', retryAfterSec)
  return reply.code(status).send({ title: titles[status], status, detail: message })
}
