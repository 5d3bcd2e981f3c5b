import { ApiError } from '@veridoor/contract'
import { digest } from '@veridoor/foundation'
import { and, desc, eq, gt } from 'drizzle-orm'
import type { AccountsDeps } from './deps.ts'
import { endTrust } from './end-trust.ts'
import { sessions } from './schema.ts'
import type { Caller } from './users.ts'

/** A session as its owner sees it. Its `id` ends it and opens nothing; `isThis` is the one that asks. */
export type Device = {
  readonly id: string
  readonly userAgent: string
  readonly address: string
  readonly application: string
  readonly createdAt: Date
  readonly lastSeenAt: Date
  readonly isThis: boolean
}

/** Where the person is signed in, the latest used first. @param token of the session that asks */
export const listDevices = async (deps: AccountsDeps, caller: Caller, token: string): Promise<Device[]> => {
  const rows = await deps.db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, caller.userId), gt(sessions.expiresAt, deps.clock.now())))
    .orderBy(desc(sessions.lastSeenAt))
    .limit(100)
  const own = digest(token)
  return rows.map(({ id, userAgent, address, application, createdAt, lastSeenAt, tokenDigest }) => ({
    id,
    userAgent,
    address,
    application,
    createdAt,
    lastSeenAt,
    isThis: tokenDigest === own,
  }))
}

/** Ends one session of one's own. @throws {ApiError} NOT_FOUND */
export const endDevice = async (deps: AccountsDeps, caller: Caller, id: string): Promise<void> => {
  const ended = await deps.db.delete(sessions).where(and(eq(sessions.id, id), eq(sessions.userId, caller.userId)))
  if (ended.rowCount !== 1) throw new ApiError('NOT_FOUND')
}

/** Ends every session, this one too, and knows none of the devices any more. */
export const signOutEverywhere = (deps: AccountsDeps, caller: Caller): Promise<void> =>
  deps.db.transaction(async (tx) => {
    await endTrust(deps, tx, { id: caller.userId, ...caller }, 'signed_out_everywhere')
    await deps.audit.append(tx, {
      organization: caller.organization,
      actor: caller.actor,
      action: 'sign-out-everywhere',
      target: caller.actor,
      address: caller.address,
    })
  })
