import { ApiError, apiErrors } from '@veridoor/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../accounts/index.ts'
import { type Context, type Rooms, toOrpcError } from './context.ts'
import { authenticateKey, readBearer } from './key-access.ts'
import { sessionCookie } from './session.ts'

/** Authenticates a request: by its API key when it has one, else by its session. With a wrong key the session does not count either. */
export const toContext = async (rooms: Rooms, request: FastifyRequest, reply: FastifyReply): Promise<Context> => {
  const bearer = readBearer(request)
  if (bearer !== undefined) {
    const access = await authenticateKey(rooms.organizations, bearer, request.ip)
    return { rooms, request, reply, caller: access?.caller, token: undefined, key: access?.key }
  }
  const token = request.cookies[sessionCookie(rooms.secureCookies)]
  const caller = token ? await callerOf(rooms.accounts, token, request.ip) : undefined
  return { rooms, request, reply, caller, token }
}

/** Answers with an error of the API. */
export const sendApiError = (reply: FastifyReply, error: ApiError): FastifyReply =>
  reply.code(apiErrors[error.code].status).send(toOrpcError(error).toJSON())

/** Runs a step that may refuse the request, and gives its refusal back in place of a result. */
export const orRefusal = async <T>(step: () => T | Promise<T>): Promise<T | ApiError> => {
  try {
    return await step()
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
}
