import { Refusal } from '@veridoor/contract'
import { eq, sql } from 'drizzle-orm'
import { followEmailChange } from './confirm-email.ts'
import type { Parts } from './parts.ts'
import { users } from './schema.ts'
import { endSessions } from './sessions.ts'
import { asConflict, holdRow } from './store.ts'
import type { Caller } from './users.ts'

/**
 * The person's own display name, e-mail and phone number. A changed e-mail ends every session but the one with this token: whoever holds
 * another one could otherwise go on unnoticed. The new address is to be confirmed, the former one is told.
 * @throws {Refusal} INVALID_INPUT when the e-mail would be gone; CONFLICT when the e-mail is taken in the organization
 */
export const saveProfile = (
  parts: Parts,
  caller: Caller,
  token: string,
  input: { displayName: string; email: string; phone?: string | undefined },
): Promise<void> =>
  asConflict(() =>
    parts.db.transaction(async (tx) => {
      const held = await holdRow(tx, caller.userId)
      if (input.email === '' && held.email !== '')
        throw new Refusal('INVALID_INPUT', {
          fields: [{ path: 'email', message: 'An address can be changed, not taken away.' }],
        })
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
