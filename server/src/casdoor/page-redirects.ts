import type { HttpApp } from '@veridoor/foundation'
import type { FastifyReply } from 'fastify'
import { callerOf } from '../accounts/index.ts'
import { findApplicationByClientId } from '../organizations/index.ts'
import type { Deps } from './deps.ts'

const encode = encodeURIComponent

/** @param path of our own pages, without the token that may be in the address that was asked for */
const redirectTo = (reply: FastifyReply, path: string): FastifyReply =>
  reply.header('cache-control', 'no-store').redirect(path, 303)

/**
 * The addresses of pages that Casdoor's packages build, redirected to ours. A token in an address ends up in histories and logs: it gives
 * no access here, and the next address does not have it.
 */
export const mountPageRedirects = (app: HttpApp, deps: Deps): void => {
  app.get<{ Querystring: Record<string, string> }>('/signup/oauth/authorize', async (request, reply) => {
    const application = await findApplicationByClientId(deps.organizations.db, String(request.query.client_id ?? ''))
    const target = request.url.replace('/signup/oauth/authorize', '/login/oauth/authorize')
    // The authorization endpoint answers requests of an unknown client.
    return redirectTo(reply, application ? `/signup/${encode(application.name)}?to=${encode(target)}` : target)
  })

  app.get<{ Params: { organization: string; name: string } }>('/users/:organization/:name', async (request, reply) => {
    const { organization, name } = request.params
    const token = deps.sessionTokenOf(request.headers.cookie)
    const caller = token ? await callerOf(deps.accounts, token, request.ip) : undefined
    const isOwn = caller?.organization === organization && caller.name === name
    return redirectTo(reply, isOwn ? '/account' : `/console/users/${encode(organization)}/${encode(name)}`)
  })

  app.get<{ Querystring: Record<string, string> }>('/account', async (request, reply) => {
    if ('access_token' in request.query) return redirectTo(reply, '/account')
    // The page itself, as every address that no route answers.
    reply.callNotFound()
    return reply
  })
}
