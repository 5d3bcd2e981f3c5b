import type { FastifyReply } from 'fastify'

/** A refusal of the Platform: a number as status, a title, a sentence (section 4.18). */
export class PlatformRefusal extends Error {
  readonly status: 400 | 401 | 403 | 404 | 413 | 429 | 503
  readonly retryAfterSec: number | undefined
  constructor(status: PlatformRefusal['status'], detail: string, retryAfterSec?: number) {
    super(detail)
    this.name = 'PlatformRefusal'
    this.status = status
    this.retryAfterSec = retryAfterSec
  }
}

const titles: Record<PlatformRefusal['status'], string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Payload Too Large',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
}

/** Answers with the shape of section 4.18, and with `Retry-After` in seconds where the wait is known. */
export const sendRefusal = (reply: FastifyReply, { status, message, retryAfterSec }: PlatformRefusal): FastifyReply => {
  if (retryAfterSec !== undefined) reply.header('retry-after', retryAfterSec)
  return reply.code(status).send({ title: titles[status], status, detail: message })
}
