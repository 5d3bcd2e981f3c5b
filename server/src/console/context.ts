import { implement, ORPCError } from '@orpc/server'
import { ApiError, api, apiErrors, errorMessage } from '@veridoor/contract'
import type { EnvelopeCipher } from '@veridoor/foundation'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AccountsDeps, Caller } from '../accounts/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Budgets } from '../budgets/index.ts'
import type { MailService } from '../mail/index.ts'
import type { KeyHolder, OrganizationsDeps } from '../organizations/index.ts'
import type { Verification } from '../verification/index.ts'
import type { Webhooks } from '../webhooks/index.ts'
import { assertVersioned } from './etags.ts'
import { assertKeyScope } from './key-access.ts'

/** The packages behind the API. */
export type Rooms = {
  readonly accounts: AccountsDeps
  readonly organizations: OrganizationsDeps
  readonly verification: Verification
  readonly audit: Audit
  readonly budgets: Budgets
  readonly webhooks: Webhooks
  readonly mail: MailService
  readonly cipher: EnvelopeCipher
  /** Public address of this server. */
  readonly url: string
  readonly demonstration: boolean
  /** Whether cookies travel over https only. */
  readonly secureCookies: boolean
}

/**
 * What each endpoint is given. `caller` is undefined without a session or a key; `token` is the session's, and undefined for a key.
 */
export type Context = {
  readonly rooms: Rooms
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly caller: Caller | undefined
  readonly token: string | undefined
  /** The API key of the request, in place of a session. */
  readonly key?: KeyHolder | undefined
}

/**
 * The contract, which the endpoints implement. Checked before each: whether the API key has its scope, and whether it knows versions
 * when the request has a condition.
 */
export const os = implement(api)
  .$context<Context>()
  .use(({ context, path, procedure, next }) => {
    if (context.key) assertKeyScope(context.key, path.join('.'))
    assertVersioned(context.request, procedure['~orpc'].inputSchema)
    return next()
  })

/** The caller, even one who has to choose a new password first. @throws {ApiError} NOT_SIGNED_IN */
export const requireCaller = (context: Context): Caller => {
  if (!context.caller) throw new ApiError('NOT_SIGNED_IN')
  return context.caller
}

/** @throws {ApiError} NOT_SIGNED_IN, PASSWORD_CHANGE_NEEDED */
export const requireSignedIn = (context: Context): Caller => {
  const caller = requireCaller(context)
  // Whoever set that password knows it: until it is changed, the account may be in two hands.
  if (caller.mustChangePassword) throw new ApiError('PASSWORD_CHANGE_NEEDED')
  return caller
}

/** @throws {ApiError} NOT_SIGNED_IN, FORBIDDEN, SECOND_FACTOR_NEEDED */
export const requireAdministrator = (context: Context): Caller => {
  const caller = requireSignedIn(context)
  if (caller.needsSecondFactor) throw new ApiError('SECOND_FACTOR_NEEDED')
  if (!caller.isAdmin) throw new ApiError('FORBIDDEN')
  return caller
}

/**
 * The organization an administrator acts in. Another tenant's does not exist for them.
 * @throws {ApiError} NOT_FOUND
 */
export const requireOrganization = (caller: Caller, organization: string): string => {
  if (!caller.isGlobalAdmin && caller.organization !== organization) throw new ApiError('NOT_FOUND')
  return organization
}

/** What a list is limited to: one's own organization, or what a global administrator names. */
export const organizationFilter = (caller: Caller, wanted: string | undefined): string | undefined => {
  if (caller.isGlobalAdmin) return wanted
  return requireOrganization(caller, wanted ?? caller.organization)
}

/** The caller as audit lines name them. */
export const actorOf = (caller: Caller) => ({
  name: caller.actor,
  address: caller.address,
  isInstallation: caller.isGlobalAdmin,
})

/**
 * The version that a change was made from; undefined: it counts whatever the version is.
 * @throws {ApiError} CHANGED_MEANWHILE for a text that is not a version
 */
export const parseVersion = (etag: string | undefined): number | undefined => {
  if (etag === undefined || etag === '') return undefined
  const version = Number(etag)
  if (!Number.isInteger(version)) throw new ApiError('CHANGED_MEANWHILE')
  return version
}

/** An error as the API answers it: code, sentence code, names of fields; never a value. */
export const toOrpcError = (error: ApiError): ORPCError<string, unknown> =>
  new ORPCError(error.code, {
    defined: true,
    status: apiErrors[error.code].status,
    message: errorMessage(error),
    data: {
      ...(error.reason ? { reason: error.reason } : {}),
      ...(Object.keys(error.values).length > 0 ? { values: error.values } : {}),
      ...(error.fields.length > 0 ? { fields: error.fields } : {}),
    },
  })
