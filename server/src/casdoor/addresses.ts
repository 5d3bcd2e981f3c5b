import type { HttpApp } from '@veridoor/foundation'
import type { FastifyReply } from 'fastify'
import { callerOf } from '../accounts/index.ts'
import { findApplicationByClientId } from '../organizations/index.ts'
import type { Deps } from './deps.ts'

const part = encodeURIComponent

/** @param path of our own pages: without whatever token stood in the address */
const lead = (reply: FastifyReply, path: string): FastifyReply =>
  reply.header('cache-control', 'no-store').redirect(path, 303)

/**
 * The addresses of pages that Casdoor's packages build, led to ours. A token in an address ends up in histories and logs: it opens
 * nothing here, and the next address is without it.
 */
export const mountAddresses = (app: HttpApp, deps: Deps): void => {
  app.get<{ Querystring: Record<string, string> }>('/signup/oauth/authorize', async (request, reply) => {
    const application = await findApplicationByClientId(deps.organizations.db, String(request.query.client_id ?? ''))
    const to = request.url.replace('/signup/oauth/authorize', '/login/oauth/authorize')
    // Who asks wrongly is told so where all such requests are.
    return lead(reply, application ? `/signup/${part(application.name)}?to=${part(to)}` : to)
  })

  app.get<{ Params: { organization: string; name: string } }>('/users/:organization/:name', async (request, reply) => {
    const { organization, name } = request.params
    const token = deps.sessionTokenOf(request.headers.cookie)
    const caller = token ? await callerOf(deps.accounts, token, request.ip) : undefined
    const isOwn = caller?.organization === organization && caller.name === name
    return lead(reply, isOwn ? '/account' : `/console/users/${part(organization)}/${part(name)}`)
  })

  app.get<{ Querystring: Record<string, string> }>('/account', async (request, reply) => {
    if ('access_token' in request.query) return lead(reply, '/account')
    // The page itself, as every address that nobody else answers.
    reply.callNotFound()
    return reply
  })
}
