import { ApiError } from '@veridoor/contract'
import { eq } from 'drizzle-orm'
import type { Actor } from '../organizations/index.ts'
import { confirmPassword } from './confirm-password.ts'
import type { AccountsDeps } from './deps.ts'
import { endTrust } from './end-trust.ts'
import { hashPassword } from './passwords.ts'
import { users } from './schema.ts'
import { findRow } from './store.ts'

/**
 * Sets a person's password from elsewhere. With their current one it counts as their own choice; without it, they have to choose another one
 * at the next sign-in, since somebody else knows this one. Ends all their sessions; a second step stays.
 *
 * @throws {ApiError} NOT_FOUND; INVALID_INPUT when the current password is given and wrong; TOO_MANY_REQUESTS
 */
export const setPassword = async (
  deps: AccountsDeps,
  actor: Actor,
  organization: string,
  name: string,
  input: { readonly next: string; readonly current?: string },
): Promise<void> => {
  const row = await findRow(deps.db, organization, name)
  if (!row) throw new ApiError('NOT_FOUND')
  const isOwnChoice = input.current !== undefined
  if (input.current !== undefined) await confirmPassword(deps, { userId: row.id }, input.current, 'oldPassword')
  const passwordHash = await hashPassword(deps, input.next)
  await deps.db.transaction(async (tx) => {
    await tx
      .update(users)
      .set({ passwordHash, mustChangePassword: !isOwnChoice, updatedAt: deps.clock.now() })
      .where(eq(users.id, row.id))
    await endTrust(deps, tx, row, 'password_set')
    await deps.audit.append(tx, {
      organization,
      actor: actor.name,
      action: 'set-password',
      target: `${organization}/${name}`,
      address: actor.address,
    })
  })
}
