import type { FastifyReply, FastifyRequest } from 'fastify'

/** The shape of error bodies as observed for 404: the status is a string (section 3.3). Parameters of the address are not repeated. */
export const refuse = (
  parts: { readonly url: string },
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  message: string,
): FastifyReply =>
  reply
    .code(status)
    .send({ httpStatus: String(status), message, requestURI: `${parts.url}${request.url.split('?')[0]}` })
