import { ApiError } from '@veridoor/contract'
import { eq } from 'drizzle-orm'
import type { Actor } from '../organizations/index.ts'
import type { AccountsDeps } from './deps.ts'
import { secondStepRemovedMessage } from './emails.ts'
import { forgetRecoveryCodes } from './recovery-codes.ts'
import { authenticators } from './schema.ts'
import { findRow } from './store.ts'
import { writeTo } from './write-to-user.ts'

/**
 * An administrator turns off the second step of somebody who lost phone and recovery codes. Password and sessions stay; the
 * person is written to, so that they notice when somebody talked the administrator into it.
 * @throws {ApiError} NOT_FOUND; CHANGED_MEANWHILE when there is none; FORBIDDEN for one's own, which takes the password
 */
export const removeSecondStepOf = (
  deps: AccountsDeps,
  actor: Actor,
  organization: string,
  name: string,
  reason: string,
): Promise<void> =>
  deps.db.transaction(async (tx) => {
    const row = await findRow(tx, organization, name)
    if (!row) throw new ApiError('NOT_FOUND')
    if (actor.name === `${organization}/${name}`) throw new ApiError('FORBIDDEN')
    const removed = await tx.delete(authenticators).where(eq(authenticators.userId, row.id)).returning()
    if (!removed.some(({ confirmedAt }) => confirmedAt !== null)) throw new ApiError('CHANGED_MEANWHILE')
    await forgetRecoveryCodes(tx, row.id)
    await deps.audit.append(tx, {
      organization,
      actor: actor.name,
      action: 'remove-second-step',
      target: `${organization}/${name}`,
      reasons: [reason],
      address: actor.address,
    })
    await writeTo(deps, tx, row, (about, help) => secondStepRemovedMessage(about, reason, help))
  })
