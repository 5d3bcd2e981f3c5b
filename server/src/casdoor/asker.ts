import { Refusal } from '@veridoor/contract'
import { isForeign, readBasic, sameText } from '@veridoor/foundation'
import type { FastifyRequest } from 'fastify'
import type { Caller } from '../accounts/index.ts'
import { mayEnter, subjectOf } from '../oidc/index.ts'
import { limitRate } from '../organizations/index.ts'
import { Failure, signInFirst, unauthorized } from './envelope.ts'
import type { Asker, Call, Parts } from './parts.ts'

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

const byCredentials = async (parts: Parts, id: string, secret: string, address: string): Promise<Asker> => {
  const row = await parts.organizations.findApplicationByClientId(id)
  const known = row ? parts.organizations.clientSecretOf(row) : ''
  const isRight = known !== '' && sameText(secret, known)
  if (!row || !isRight) {
    await limitRate(parts.db, `client-secret:${address}`, guesses, parts.clock.now())
    throw new Failure('The client id or the client secret is not right', 'NOT_SIGNED_IN')
  }
  return { kind: 'application', caller: applicationCaller(row, address, parts.clock.now()) }
}

const byToken = async (parts: Parts, token: string, address: string): Promise<Asker> => {
  const owner = await parts.tokenOwnerOf(token)
  if (!owner) throw new Failure('Access token has expired, or it was never given out', 'NOT_SIGNED_IN')
  const application = await parts.organizations.findApplicationByClientId(owner.clientId)
  if (!application) throw unauthorized()
  if (owner.userId === undefined)
    return { kind: 'application', caller: applicationCaller(application, address, parts.clock.now()) }
  const user = await parts.accounts.findUserById(owner.userId)
  if (!user || !mayEnter(user, application)) throw unauthorized()
  const { scopes, isNameDeclined } = owner
  return { kind: 'token', user, subject: subjectOf(parts.box, application, user.id), scopes, isNameDeclined }
}

/**
 * Who asks, by the styles that Casdoor's clients use, in its order: token, client id and secret, session. Names and passwords in
 * addresses are not taken: addresses end up in logs. A session counts only for calls from our own pages, since a browser
 * sends its cookie along with any site's forms.
 *
 * @throws {Failure} for credentials that are given and wrong: they are never ignored
 * @throws {Refusal} TOO_MANY_REQUESTS
 */
export const askerOf = async (
  parts: Parts,
  request: FastifyRequest,
  query: Call['query'],
): Promise<Asker | undefined> => {
  const { authorization, cookie } = request.headers
  const [, bearer] = /^Bearer (\S+)$/i.exec(authorization ?? '') ?? []
  const token = bearer ?? query.accessToken ?? query.access_token
  if (token) return byToken(parts, token, request.ip)
  const basic = readBasic(authorization)
  if (basic) return byCredentials(parts, basic.user, basic.password, request.ip)
  if (query.clientId && query.clientSecret) return byCredentials(parts, query.clientId, query.clientSecret, request.ip)
  const session = parts.sessionTokenOf(cookie)
  if (!session || (request.method !== 'GET' && isForeign(request.headers, parts.url))) return undefined
  const caller = await parts.accounts.callerOf(session, request.ip)
  return caller && { kind: 'person', caller, token: session }
}

/** A person or an application; a token that an application holds for a person is good for reading that person's account only. */
export const callerOf = ({ asker }: Call): Caller => {
  if (!asker) throw signInFirst()
  if (asker.kind === 'token') throw unauthorized()
  if (asker.caller.mustChangePassword) throw new Refusal('PASSWORD_CHANGE_NEEDED')
  return asker.caller
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
export const isRefusal = (error: unknown, code: Refusal['code']): boolean =>
  error instanceof Refusal && error.code === code
