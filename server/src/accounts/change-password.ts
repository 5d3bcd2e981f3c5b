import { ApiError } from '@veridoor/contract'
import { eq } from 'drizzle-orm'
import { confirmPassword } from './confirm-password.ts'
import type { AccountsDeps } from './deps.ts'
import { passwordChangedMessage } from './emails.ts'
import { forgetDevices } from './known-devices.ts'
import { forgetLinks } from './mailed-links.ts'
import { hashPassword } from './passwords.ts'
import { forgetRecoveryCodes } from './recovery-codes.ts'
import { authenticators, users } from './schema.ts'
import { endSessions } from './sessions.ts'
import { findRow, holdRow } from './store.ts'
import type { Caller } from './users.ts'
import { writeTo } from './write-to-user.ts'

/**
 * Ends every other session.
 * @throws {ApiError} INVALID_INPUT when the current password is wrong, or stays; TOO_MANY_REQUESTS
 */
export const changePassword = async (
  deps: AccountsDeps,
  caller: Caller,
  token: string,
  current: string,
  next: string,
): Promise<void> => {
  const { db, clock, audit } = deps
  await confirmPassword(deps, caller, current, 'current')
  if (current === next)
    throw new ApiError('INVALID_INPUT', { fields: [{ path: 'next', message: 'Choose another one than the current.' }] })
  const passwordHash = await hashPassword(next)
  await db.transaction(async (tx) => {
    const held = await holdRow(tx, caller.userId)
    await tx
      .update(users)
      .set({ passwordHash, mustChangePassword: false, updatedAt: clock.now() })
      .where(eq(users.id, caller.userId))
    await endSessions(tx, caller.userId, token)
    await audit.append(tx, {
      organization: caller.organization,
      actor: caller.actor,
      action: 'set-password',
      target: caller.actor,
      address: caller.address,
    })
    await forgetLinks(tx, held.id, 'password')
    await writeTo(deps, tx, held, passwordChangedMessage)
  })
}

/** By an operator with access to the machine, also when phone and recovery codes are lost: the second step is off afterwards. Ends all sessions of the person, and forgets their known devices and what was mailed to them. @throws {ApiError} NOT_FOUND */
export const resetPassword = async (
  deps: Pick<AccountsDeps, 'db' | 'clock' | 'audit'>,
  organization: string,
  name: string,
  next: string,
): Promise<void> => {
  const { db, clock, audit } = deps
  const passwordHash = await hashPassword(next)
  await db.transaction(async (tx) => {
    const row = await findRow(tx, organization, name)
    if (!row) throw new ApiError('NOT_FOUND')
    await tx
      .update(users)
      .set({ passwordHash, mustChangePassword: true, updatedAt: clock.now() })
      .where(eq(users.id, row.id))
    await tx.delete(authenticators).where(eq(authenticators.userId, row.id))
    await forgetRecoveryCodes(tx, row.id)
    await endSessions(tx, row.id)
    await forgetLinks(tx, row.id)
    await forgetDevices(tx, row.id)
    await audit.append(tx, {
      organization,
      actor: 'operator',
      action: 'reset-password',
      target: `${organization}/${name}`,
    })
  })
}
