import { ApiError } from '@veridoor/contract'
import { isCrossOrigin, networkKey, readBasic, timingSafeEqualText } from '@veridoor/foundation'
import type { FastifyRequest } from 'fastify'
import { type Caller, callerOf as callerOfSession, findUserById } from '../accounts/index.ts'
import { enforceRateLimit } from '../budgets/index.ts'
import { mayEnter, subjectOf } from '../oidc/index.ts'
import { clientSecretOf, findApplicationByClientId } from '../organizations/index.ts'
import type { Call, Deps, Principal } from './deps.ts'
import { Failure, signInFirst, unauthorized } from './envelope.ts'

/** Wrong client secrets of one address, over all applications. */
const guesses = { limit: 60, windowMs: 900_000 }

/** An application acts inside the organization that it belongs to, and nowhere else. */
const applicationCaller = (row: { name: string; organization: string }, address: string, at: Date): Caller => ({
  // Nobody's id: an application is no person, so nothing is ever its own.
  userId: '',
  organization: row.organization,
  name: row.name,
  isAdmin: true,
  isGlobalAdmin: false,
  application: row.name,
  address,
  signedInAt: at,
  methods: [],
  mustChangePassword: false,
  actor: `app/${row.name}`,
})

const byCredentials = async (deps: Deps, id: string, secret: string, address: string): Promise<Principal> => {
  const row = await findApplicationByClientId(deps.organizations.db, id)
  const known = row ? clientSecretOf(deps.organizations, row) : ''
  const isRight = known !== '' && timingSafeEqualText(secret, known)
  if (!row || !isRight) {
    await enforceRateLimit(deps.db, `client-secret:${networkKey(address)}`, guesses, deps.clock.now())
    throw new Failure('The client id or the client secret is not right', 'NOT_SIGNED_IN')
  }
  return { kind: 'application', caller: applicationCaller(row, address, deps.clock.now()) }
}

const byToken = async (deps: Deps, token: string, address: string): Promise<Principal> => {
  const owner = await deps.tokenOwnerOf(token)
  if (!owner) throw new Failure('Access token has expired, or it was never given out', 'NOT_SIGNED_IN')
  const application = await findApplicationByClientId(deps.organizations.db, owner.clientId)
  if (!application) throw unauthorized()
  if (owner.userId === undefined)
    return { kind: 'application', caller: applicationCaller(application, address, deps.clock.now()) }
  const user = await findUserById(deps.accounts, owner.userId)
  if (!user || !mayEnter(user, application)) throw unauthorized()
  const { scopes, isRealNameShared } = owner
  return { kind: 'token', user, subject: subjectOf(deps.cipher, application, user.id), scopes, isRealNameShared }
}

/**
 * Who asks, by the styles that Casdoor's clients use, in its order: token, client id and secret, session. Names and passwords in
 * addresses are not taken: addresses end up in logs. A session counts only for calls from our own pages, since a browser
 * sends its cookie along with any site's forms.
 *
 * @throws {Failure} for credentials that are given and wrong: they are never ignored
 * @throws {ApiError} TOO_MANY_REQUESTS
 */
export const principalOf = async (
  deps: Deps,
  request: FastifyRequest,
  query: Call['query'],
): Promise<Principal | undefined> => {
  const { authorization, cookie } = request.headers
  const [, bearer] = /^Bearer (\S+)$/i.exec(authorization ?? '') ?? []
  const token = bearer ?? query.accessToken ?? query.access_token
  if (token) return byToken(deps, token, request.ip)
  const basic = readBasic(authorization)
  if (basic) return byCredentials(deps, basic.user, basic.password, request.ip)
  if (query.clientId && query.clientSecret) return byCredentials(deps, query.clientId, query.clientSecret, request.ip)
  const session = deps.sessionTokenOf(cookie)
  if (!session || (request.method !== 'GET' && isCrossOrigin(request.headers, deps.url))) return undefined
  const caller = await callerOfSession(deps.accounts, session, request.ip)
  return caller && { kind: 'person', caller, token: session }
}

/** A person or an application; a token that an application holds for a person is good for reading that person's account only. */
export const callerOf = ({ principal }: Call): Caller => {
  if (!principal) throw signInFirst()
  if (principal.kind === 'token') throw unauthorized()
  if (principal.caller.mustChangePassword) throw new ApiError('PASSWORD_CHANGE_NEEDED')
  return principal.caller
}

/** @throws {Failure} for everybody who administers nothing */
export const administratorOf = (call: Call): Caller => {
  const caller = callerOf(call)
  if (!caller.isAdmin) throw unauthorized()
  return caller
}

/** The organization that an administrator may act in. @throws {Failure} for another tenant's */
export const within = (caller: Caller, organization: string): string => {
  if (!caller.isGlobalAdmin && caller.organization !== organization) throw unauthorized()
  return organization
}

/** `owner/name`. @throws {Failure} for anything else */
export const splitId = (id: string | undefined): { owner: string; name: string } => {
  const [owner, name, ...rest] = (id ?? '').split('/')
  if (!owner || !name || rest.length > 0) throw new Failure('The id must be owner/name', 'INVALID_INPUT')
  return { owner, name }
}

/** Whether an error is a refusal of ours with this code. */
export const isRefusal = (error: unknown, code: ApiError['code']): boolean =>
  error instanceof ApiError && error.code === code
