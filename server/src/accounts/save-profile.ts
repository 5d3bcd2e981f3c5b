import { ApiError, DisplayName, Email, PhoneNumber, readField } from '@veridoor/contract'
import { eq, sql } from 'drizzle-orm'
import { followEmailChange, isSameAddress } from './confirm-email.ts'
import { confirmPassword } from './confirm-password.ts'
import type { AccountsDeps } from './deps.ts'
import { users } from './schema.ts'
import { asConflict, findRowById, lockRow } from './store.ts'
import type { Caller } from './users.ts'

/** How long ago somebody without a password may have signed in, to change their address. */
const RECENT_MS = 600_000

/**
 * Whoever has the address gets the links for new passwords: a device that was left open is not enough to change it.
 * @throws {ApiError} INVALID_INPUT when the password is missing or wrong; FORBIDDEN with recent_sign_in_needed where there is none
 */
const confirmChange = async (deps: AccountsDeps, caller: Caller, password: string | undefined): Promise<void> => {
  const row = await findRowById(deps.db, caller.userId)
  if (!row) throw new ApiError('NOT_FOUND')
  if (row.passwordHash === '') {
    if (deps.clock.now().getTime() - caller.signedInAt.getTime() > RECENT_MS)
      throw new ApiError('FORBIDDEN', { reason: 'recent_sign_in_needed' })
    return
  }
  if (!password)
    throw new ApiError('INVALID_INPUT', {
      fields: [{ path: 'password', message: 'Type your password to change the address.' }],
    })
  await confirmPassword(deps, caller, password, 'password')
}

/**
 * The person's own display name, e-mail and phone number. A changed e-mail takes the password, and ends every session but the
 * one with this token: whoever holds another one could otherwise go on unnoticed. The new address is to be confirmed, the former
 * one is told.
 * @throws {ApiError} INVALID_INPUT when the e-mail would be gone, or the password is wrong; FORBIDDEN with recent_sign_in_needed; CONFLICT when the e-mail is taken in the organization
 */
export const saveProfile = async (
  deps: AccountsDeps,
  caller: Caller,
  token: string,
  wanted: { displayName: string; email: string; phone?: string | undefined; password?: string | undefined },
): Promise<void> => {
  const before = await findRowById(deps.db, caller.userId)
  const input = {
    password: wanted.password,
    displayName: readField('displayName', DisplayName, wanted.displayName, before?.displayName),
    email: readField('email', Email, wanted.email, before?.email),
    phone: wanted.phone === undefined ? undefined : readField('phone', PhoneNumber, wanted.phone),
  }
  const isChange = before !== undefined && !isSameAddress(before.email, input.email)
  if (isChange) await confirmChange(deps, caller, input.password)
  return asConflict(() =>
    deps.db.transaction(async (tx) => {
      const held = await lockRow(tx, caller.userId)
      if (input.email === '' && held.email !== '')
        throw new ApiError('INVALID_INPUT', {
          fields: [{ path: 'email', message: 'An address can be changed, not taken away.' }],
        })
      if (!isChange && !isSameAddress(held.email, input.email)) throw new ApiError('CHANGED_MEANWHILE')
      const isNewEmail = held.email !== input.email
      const isSame =
        held.displayName === input.displayName &&
        !isNewEmail &&
        (input.phone === undefined || input.phone === (held.extra.phone ?? ''))
      // Saving what is there already changes nothing, and lines of the record are never removed.
      if (isSame) return
      const confirmation = await followEmailChange(deps, tx, held, input.email, { by: 'member', keepSession: token })
      await tx
        .update(users)
        .set({
          displayName: input.displayName,
          email: input.email,
          ...confirmation,
          ...(input.phone === undefined ? {} : { extra: { ...held.extra, phone: input.phone } }),
          updatedAt: deps.clock.now(),
          version: sql`${users.version} + 1`,
        })
        .where(eq(users.id, held.id))
      await deps.audit.append(tx, {
        organization: caller.organization,
        actor: caller.actor,
        action: 'update-user',
        target: caller.actor,
        reasons: isNewEmail ? ['profile', 'email'] : ['profile'],
        address: caller.address,
      })
    }),
  )
}
