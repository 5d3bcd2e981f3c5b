import { ApiError } from '@veridoor/contract'
import { eq } from 'drizzle-orm'
import { enforceRateLimit } from '../budgets/index.ts'
import type { Actor } from '../organizations/index.ts'
import { confirmPassword } from './confirm-password.ts'
import type { AccountsDeps } from './deps.ts'
import { passwordChangedMessage, passwordRefusedMessage, passwordSetMessage } from './emails.ts'
import { endTrust } from './end-trust.ts'
import { hashPassword } from './passwords.ts'
import { users } from './schema.ts'
import { findRow } from './store.ts'
import type { UserRow } from './users.ts'
import { writeTo } from './write-to-user.ts'

/** Refused attempts for one person, each with a line of the audit. */
const ATTEMPTS = { limit: 20, windowMs: 86_400_000 }

/** Records the attempt and tells the person, at most once a day. @throws {ApiError} FORBIDDEN */
const refuse = async (deps: AccountsDeps, actor: Actor, row: UserRow): Promise<never> => {
  await deps.db.transaction(async (tx) => {
    const { count } = await enforceRateLimit(tx, `password-refused:${row.id}`, ATTEMPTS, deps.clock.now())
    if (count === 1) await writeTo(deps, tx, row, passwordRefusedMessage)
    await deps.audit.append(tx, {
      organization: row.organization,
      actor: actor.name,
      action: 'set-password',
      target: `${row.organization}/${row.name}`,
      result: 'refused',
      reasons: ['verified'],
      address: actor.address,
    })
  })
  throw new ApiError('FORBIDDEN')
}

/**
 * Sets a person's password from elsewhere, and tells them by email. With their current one it counts as their own choice; without it, they
 * have to choose another one at the next sign-in, since somebody else knows this one. Ends all their sessions; a second step stays.
 *
 * @throws {ApiError} NOT_FOUND; INVALID_INPUT when the current password is given and wrong; TOO_MANY_REQUESTS; FORBIDDEN without the
 *   current password of a verified person: whoever set it could act under a verified name
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
  if (!isOwnChoice && row.verifiedAt) return refuse(deps, actor, row)
  if (input.current !== undefined) await confirmPassword(deps, { userId: row.id }, input.current, 'oldPassword')
  const passwordHash = await hashPassword(deps, input.next)
  await deps.db.transaction(async (tx) => {
    await tx
      .update(users)
      .set({ passwordHash, mustChangePassword: !isOwnChoice, updatedAt: deps.clock.now() })
      .where(eq(users.id, row.id))
    await endTrust(deps, tx, row, 'password_set')
    await writeTo(deps, tx, row, isOwnChoice ? passwordChangedMessage : passwordSetMessage)
    await deps.audit.append(tx, {
      organization,
      actor: actor.name,
      action: 'set-password',
      target: `${organization}/${name}`,
      address: actor.address,
    })
  })
}
