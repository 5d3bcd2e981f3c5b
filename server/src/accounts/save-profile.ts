import { Refusal } from '@veridoor/contract'
import { eq, sql } from 'drizzle-orm'
import { followEmailChange } from './confirm-email.ts'
import { confirmPassword } from './confirm-password.ts'
import type { Parts } from './parts.ts'
import { users } from './schema.ts'
import { endSessions } from './sessions.ts'
import { asConflict, findRowById, holdRow } from './store.ts'
import type { Caller } from './users.ts'

/** How long ago somebody without a password may have signed in, to change their address. */
const RECENT_MS = 600_000

/**
 * Whoever has the address gets the links for new passwords: a device that was left open is not enough to change it.
 * @throws {Refusal} INVALID_INPUT when the password is missing or wrong; FORBIDDEN with recent_sign_in_needed where there is none
 */
const confirmChange = async (parts: Parts, caller: Caller, password: string | undefined): Promise<void> => {
  const row = await findRowById(parts.db, caller.userId)
  if (!row) throw new Refusal('NOT_FOUND')
  if (row.passwordHash === '') {
    if (parts.clock.now().getTime() - caller.signedInAt.getTime() > RECENT_MS)
      throw new Refusal('FORBIDDEN', { reason: 'recent_sign_in_needed' })
    return
  }
  if (!password)
    throw new Refusal('INVALID_INPUT', {
      fields: [{ path: 'password', message: 'Type your password to change the address.' }],
    })
  await confirmPassword(parts, caller, password, 'password')
}

const isSameAddress = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/**
 * The person's own display name, e-mail and phone number. A changed e-mail takes the password, and ends every session but the
 * one with this token: whoever holds another one could otherwise go on unnoticed. The new address is to be confirmed, the former
 * one is told.
 * @throws {Refusal} INVALID_INPUT when the e-mail would be gone, or the password is wrong; FORBIDDEN with recent_sign_in_needed; CONFLICT when the e-mail is taken in the organization
 */
export const saveProfile = async (
  parts: Parts,
  caller: Caller,
  token: string,
  input: { displayName: string; email: string; phone?: string | undefined; password?: string | undefined },
): Promise<void> => {
  const before = await findRowById(parts.db, caller.userId)
  const isChange = before !== undefined && !isSameAddress(before.email, input.email)
  if (isChange) await confirmChange(parts, caller, input.password)
  return asConflict(() =>
    parts.db.transaction(async (tx) => {
      const held = await holdRow(tx, caller.userId)
      if (input.email === '' && held.email !== '')
        throw new Refusal('INVALID_INPUT', {
          fields: [{ path: 'email', message: 'An address can be changed, not taken away.' }],
        })
      if (!isChange && !isSameAddress(held.email, input.email)) throw new Refusal('CHANGED_MEANWHILE')
      const isNewEmail = held.email !== input.email
      const confirmation = await followEmailChange(parts, tx, held, input.email)
      await tx
        .update(users)
        .set({
          displayName: input.displayName,
          email: input.email,
          ...confirmation,
          ...(input.phone === undefined ? {} : { extra: { ...held.extra, phone: input.phone } }),
          updatedAt: parts.clock.now(),
          version: sql`${users.version} + 1`,
        })
        .where(eq(users.id, held.id))
      if (isNewEmail) await endSessions(tx, held.id, token)
      await parts.audit.append(tx, {
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
