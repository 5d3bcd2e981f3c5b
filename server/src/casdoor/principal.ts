import { ApiError, type ApiScope, managementScopes } from '@veridoor/contract'
import { isCrossOrigin, networkKey, readBasic, timingSafeEqualText } from '@veridoor/foundation'
import type { FastifyRequest } from 'fastify'
import { type Caller, callerOf, findUserById } from '../accounts/index.ts'
import { enforceRateLimit } from '../budgets/index.ts'
import { mayEnter, subjectOf } from '../oidc/index.ts'
import { type ApplicationRow, clientSecretOf, findApplicationByClientId } from '../organizations/index.ts'
import type { ApplicationAccess, Call, Principal } from './call.ts'
import type { Deps } from './deps.ts'
import { CasdoorError, notSignedIn, UNAUTHORIZED, unauthorized } from './envelope.ts'

/** Wrong client secrets from one address, over all applications. */
const WRONG_SECRETS = { limit: 60, windowMs: 900_000 }

/**
 * An application acts inside its own organization, with the scopes that its management switch allows.
 * @param granted the scopes of its token; undefined for the client secret itself
 */
const applicationPrincipal = (
  row: ApplicationRow,
  granted: readonly string[] | undefined,
  address: string,
  at: Date,
): Principal => ({
  kind: 'application',
  scopes: managementScopes[row.management].filter((scope) => granted === undefined || granted.includes(scope)),
  caller: {
    // No account has this id: an application is not a person, so no account is its own.
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
  },
})

const authenticateClient = async (deps: Deps, id: string, secret: string, address: string): Promise<Principal> => {
  const row = await findApplicationByClientId(deps.organizations.db, id)
  const expected = row ? clientSecretOf(deps.organizations, row) : ''
  const isCorrect = expected !== '' && timingSafeEqualText(secret, expected)
  if (!row || !isCorrect) {
    await enforceRateLimit(deps.db, `client-secret:${networkKey(address)}`, WRONG_SECRETS, deps.clock.now())
    throw new CasdoorError('Wrong client ID or client secret', 'NOT_SIGNED_IN')
  }
  return applicationPrincipal(row, undefined, address, deps.clock.now())
}

const authenticateToken = async (deps: Deps, token: string, address: string): Promise<Principal> => {
  const owner = await deps.tokenOwnerOf(token)
  if (!owner) throw new CasdoorError('The access token has expired or is unknown', 'NOT_SIGNED_IN')
  const application = await findApplicationByClientId(deps.organizations.db, owner.clientId)
  if (!application) throw unauthorized()
  if (owner.userId === undefined) return applicationPrincipal(application, owner.scopes, address, deps.clock.now())
  const user = await findUserById(deps.accounts, owner.userId)
  if (!user || !mayEnter(user, application)) throw unauthorized()
  const { scopes, isRealNameShared } = owner
  return { kind: 'token', user, subject: subjectOf(deps.cipher, application, user.id), scopes, isRealNameShared }
}

/**
 * Authenticates a call in the ways that Casdoor's clients use, in its order: token, client ID and secret, session. A username and password
 * in the address are not accepted: addresses end up in logs. A session counts only for calls from our own pages, since a browser sends its
 * cookie along with the forms of any site.
 *
 * @returns undefined for a call without credentials
 * @throws {CasdoorError} for wrong credentials: they are never ignored
 * @throws {ApiError} TOO_MANY_REQUESTS
 */
export const authenticate = async (
  deps: Deps,
  request: FastifyRequest,
  query: Call['query'],
): Promise<Principal | undefined> => {
  const { authorization, cookie } = request.headers
  const [, bearer] = /^Bearer (\S+)$/i.exec(authorization ?? '') ?? []
  const token = bearer || query.accessToken || query.access_token
  if (token) return authenticateToken(deps, token, request.ip)
  const basic = readBasic(authorization)
  if (basic) return authenticateClient(deps, basic.user, basic.password, request.ip)
  if (query.clientId && query.clientSecret)
    return authenticateClient(deps, query.clientId, query.clientSecret, request.ip)
  const session = deps.sessionTokenOf(cookie)
  if (!session || (request.method !== 'GET' && isCrossOrigin(request.headers, deps.url))) return undefined
  const caller = await callerOf(deps.accounts, session, request.ip)
  return caller && { kind: 'person', caller, token: session }
}

const switchedOff = (scope: ApiScope): CasdoorError =>
  new CasdoorError(
    `${UNAUTHORIZED}: "Management by client secret" of this application does not allow it (${scope})`,
    'FORBIDDEN',
  )

/**
 * Asked before each call, and before anything is looked up: whether an application's own credentials are enough for it.
 * @throws {CasdoorError} FORBIDDEN
 */
export const assertApplicationAccess = (principal: Principal | undefined, access: ApplicationAccess): void => {
  if (principal?.kind !== 'application' || access === 'always') return
  if (access === 'never') throw unauthorized()
  if (!principal.scopes.includes(access)) throw switchedOff(access)
}

/** @throws {CasdoorError} FORBIDDEN when an application's credentials do not have this scope */
export const assertScope = (principal: Principal | undefined, scope: ApiScope): void =>
  assertApplicationAccess(principal, scope)

/** A person or an application. The token that an application holds for a person only reads that person's account. */
export const requireCaller = ({ principal }: Call): Caller => {
  if (!principal) throw notSignedIn()
  if (principal.kind === 'token') throw unauthorized()
  if (principal.caller.mustChangePassword) throw new ApiError('PASSWORD_CHANGE_NEEDED')
  return principal.caller
}

/** @throws {CasdoorError} for callers who administer no organization */
export const requireAdministrator = (call: Call): Caller => {
  const caller = requireCaller(call)
  if (!caller.isAdmin) throw unauthorized()
  return caller
}

/** The organization that an administrator acts in. @throws {CasdoorError} for another tenant's */
export const requireOrganization = (caller: Caller, organization: string): string => {
  if (!caller.isGlobalAdmin && caller.organization !== organization) throw unauthorized()
  return organization
}

/** `owner/name`. @throws {CasdoorError} for anything else */
export const parseId = (id: string | undefined): { owner: string; name: string } => {
  const [owner, name, ...rest] = (id ?? '').split('/')
  if (!owner || !name || rest.length > 0) throw new CasdoorError('The id must be owner/name', 'INVALID_INPUT')
  return { owner, name }
}

/** The caller as the audit names them. */
export const actorOf = (caller: Caller) => ({
  name: caller.actor,
  address: caller.address,
  isInstallation: caller.isGlobalAdmin,
})

/** Whether an error is an `ApiError` with this code. */
export const hasCode = (error: unknown, code: ApiError['code']): boolean =>
  error instanceof ApiError && error.code === code
