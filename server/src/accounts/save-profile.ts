import { eq, sql } from 'drizzle-orm'
import type { Parts } from './parts.ts'
import { users } from './schema.ts'
import { asConflict, holdRow } from './store.ts'
import type { Caller } from './users.ts'

/** The person's own display name and e-mail. @throws {Refusal} CONFLICT when the e-mail is taken in the organization */
export const saveProfile = (
  parts: Parts,
  caller: Caller,
  input: { displayName: string; email: string },
): Promise<void> =>
  asConflict(() =>
    parts.db.transaction(async (tx) => {
      const held = await holdRow(tx, caller.userId)
      await tx
        .update(users)
        .set({
          displayName: input.displayName,
          email: input.email,
          updatedAt: parts.clock.now(),
          version: sql`${users.version} + 1`,
        })
        .where(eq(users.id, held.id))
      await parts.audit.append(tx, {
        organization: caller.organization,
        actor: caller.actor,
        action: 'update-user',
        target: caller.actor,
        reasons: ['profile'],
        address: caller.address,
      })
    }),
  )
