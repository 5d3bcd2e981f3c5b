import { eq, sql } from 'drizzle-orm'
import { followEmailChange } from './confirm-email.ts'
import type { Parts } from './parts.ts'
import { users } from './schema.ts'
import { endSessions } from './sessions.ts'
import { asConflict, holdRow } from './store.ts'
import type { Caller } from './users.ts'

/**
 * The person's own display name and e-mail. A changed e-mail ends every session but the one with this token: whoever holds
 * another one could otherwise go on unnoticed. The new address is to be confirmed, the former one is told.
 * @throws {Refusal} CONFLICT when the e-mail is taken in the organization
 */
export const saveProfile = (
  parts: Parts,
  caller: Caller,
  token: string,
  input: { displayName: string; email: string },
): Promise<void> =>
  asConflict(() =>
    parts.db.transaction(async (tx) => {
      const held = await holdRow(tx, caller.userId)
      const isNewEmail = held.email !== input.email
      const confirmation = await followEmailChange(parts, tx, held, input.email)
      await tx
        .update(users)
        .set({
          displayName: input.displayName,
          email: input.email,
          ...confirmation,
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
