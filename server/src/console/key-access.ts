import { ApiError, type ApiScope } from '@veridoor/contract'
import type { FastifyRequest } from 'fastify'
import type { Caller } from '../accounts/index.ts'
import { holderOf, type KeyHolder, type OrganizationsDeps } from '../organizations/index.ts'

/** The scope that each endpoint asks of a key. Endpoints that are not listed here are closed to keys. */
const requiredScopes: Readonly<Record<string, ApiScope>> = {
  'verifications.start': 'verifications:write',
  'verifications.list': 'verifications:read',
  'verifications.read': 'verifications:read',
  'verifications.state': 'verifications:read',
  'verifications.cancel': 'verifications:write',
  'verifications.review': 'verifications:review',
  'users.list': 'users:read',
  'users.read': 'users:read',
  'users.create': 'users:write',
  'users.update': 'users:write',
  'users.remove': 'users:write',
  'audit.list': 'audit:read',
  'audit.verify': 'audit:read',
  'organizations.list': 'settings:read',
  'organizations.read': 'settings:read',
  'applications.list': 'settings:read',
  'applications.read': 'settings:read',
  'providers.types': 'settings:read',
  'providers.list': 'settings:read',
  'providers.read': 'settings:read',
  'webhooks.list': 'webhooks:read',
  'webhooks.deliveries': 'webhooks:read',
  'webhooks.create': 'webhooks:write',
  'webhooks.update': 'webhooks:write',
  'webhooks.replaceSecret': 'webhooks:write',
  'webhooks.remove': 'webhooks:write',
  'webhooks.resend': 'webhooks:write',
  'webhooks.test': 'webhooks:write',
}

/** The scope that a key needs for an endpoint (`users.list`); undefined for endpoints that are closed to keys. */
export const requiredScope = (endpoint: string): ApiScope | undefined =>
  Object.hasOwn(requiredScopes, endpoint) ? requiredScopes[endpoint] : undefined

/** @throws {ApiError} FORBIDDEN when the key was not made for this endpoint */
export const assertKeyScope = (key: KeyHolder, endpoint: string): void => {
  const scope = requiredScope(endpoint)
  if (!scope || !key.scopes.includes(scope)) throw new ApiError('FORBIDDEN')
}

/** The key in a request, `Bearer vd_…`; undefined where there is none and the session counts. */
export const readBearer = (request: FastifyRequest): string | undefined =>
  /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]

/**
 * A key acts as an administrator of its application's organization and of no other: not even one of the built-in organization
 * reaches further. Its name is none that a person can have, so nothing is "its own".
 */
const callerOf = (key: KeyHolder, address: string): Caller => ({
  userId: key.id,
  organization: key.organization,
  name: `app/${key.application}`,
  isAdmin: true,
  isGlobalAdmin: false,
  application: key.application,
  address,
  signedInAt: new Date(),
  methods: [],
  mustChangePassword: false,
  actor: `app/${key.application}`,
  keyMaker: key.createdBy,
})

/** The caller of a request with this key; undefined for one that is unknown or revoked: then a session in the cookies does not count either. */
export const authenticateKey = async (
  organizations: OrganizationsDeps,
  bearer: string,
  address: string,
): Promise<{ key: KeyHolder; caller: Caller } | undefined> => {
  const key = await holderOf(organizations, bearer)
  return key && { key, caller: callerOf(key, address) }
}
