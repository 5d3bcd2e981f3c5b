import { ApiError } from '@veridoor/contract'
import type { Caller } from '../accounts/index.ts'

/**
 * For oneself, or an administrator of the same organization.
 * @throws {ApiError} NOT_FOUND for other organizations, which learn nothing; FORBIDDEN
 */
export const assertMayActFor = (caller: Caller, organization: string, userId: string): void => {
  if (caller.userId === userId || caller.isGlobalAdmin) return
  if (caller.organization !== organization) throw new ApiError('NOT_FOUND')
  if (!caller.isAdmin) throw new ApiError('FORBIDDEN', { reason: 'not_allowed' })
}

/**
 * For administrators of the person's organization.
 * @throws {ApiError} NOT_FOUND for other organizations, which learn nothing; FORBIDDEN
 */
export const assertMayAdminister = (caller: Caller, row: { readonly organization: string }): void => {
  if (caller.isGlobalAdmin) return
  if (caller.organization !== row.organization) throw new ApiError('NOT_FOUND')
  if (!caller.isAdmin) throw new ApiError('FORBIDDEN')
}
