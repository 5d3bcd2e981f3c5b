import { ApiError } from '@veridoor/contract'
import { eq } from 'drizzle-orm'
import { confirmPassword } from './confirm-password.ts'
import type { AccountsDeps } from './deps.ts'
import { passwordChangedMessage } from './emails.ts'
import { endTrust } from './end-trust.ts'
import { hashPassword } from './passwords.ts'
import { users } from './schema.ts'
import { findRow, lockRow } from './store.ts'
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
  const passwordHash = await hashPassword(deps, next)
  await db.transaction(async (tx) => {
    const held = await lockRow(tx, caller.userId)
    await tx
      .update(users)
      .set({ passwordHash, mustChangePassword: false, updatedAt: clock.now() })
      .where(eq(users.id, caller.userId))
    await endTrust(deps, tx, held, 'password_changed', { keepSession: token })
    await audit.append(tx, {
      organization: caller.organization,
      actor: caller.actor,
      action: 'set-password',
      target: caller.actor,
      address: caller.address,
    })
    await writeTo(deps, tx, held, passwordChangedMessage)
  })
}

/**
 * By an operator with access to the machine, for a person who lost everything else: passkeys and the second step end too.
 * @throws {ApiError} NOT_FOUND
 */
export const resetPassword = async (
  deps: Pick<AccountsDeps, 'db' | 'clock' | 'audit' | 'onTrustEnded' | 'budgets'>,
  organization: string,
  name: string,
  next: string,
): Promise<void> => {
  const { db, clock, audit } = deps
  const passwordHash = await hashPassword(deps, next)
  await db.transaction(async (tx) => {
    const row = await findRow(tx, organization, name)
    if (!row) throw new ApiError('NOT_FOUND')
    await tx
      .update(users)
      .set({ passwordHash, mustChangePassword: true, updatedAt: clock.now() })
      .where(eq(users.id, row.id))
    await endTrust(deps, tx, row, 'operator_reset')
    await audit.append(tx, {
      organization,
      actor: 'operator',
      action: 'reset-password',
      target: `${organization}/${name}`,
    })
  })
}
