import { Refusal } from '@veridoor/contract'
import type { Caller } from '../accounts/index.ts'
import { announce } from './announce.ts'
import { auditOf, type Parts } from './parts.ts'
import { eraseAfterOf, settingsOf } from './retention.ts'
import { assertMayActFor } from './start-verification.ts'
import { canMove } from './states.ts'
import { findById, move, type VerificationRow } from './store.ts'

/**
 * Stops an unfinished check, by the person or an administrator.
 * @throws {Refusal} NOT_FOUND, FORBIDDEN; CHANGED_MEANWHILE once it is in review or has ended
 */
export const cancelVerification = async (parts: Parts, caller: Caller, id: string): Promise<VerificationRow> => {
  const row = await findById(parts.db, id)
  if (!row) throw new Refusal('NOT_FOUND')
  assertMayActFor(caller, row.organization, row.userId)
  if (!canMove(row.state, 'cancelled')) throw new Refusal('CHANGED_MEANWHILE')
  const settings = await settingsOf(parts, row)
  return parts.db.transaction(async (tx) => {
    const at = parts.clock.now()
    const moved = await move(
      tx,
      row,
      'cancelled',
      // Stopped before anything was known to be sent: no try is used up. Afterwards the provider looks at the pictures.
      {
        endedAt: at,
        nextPollAt: null,
        redirectUrl: null,
        countsAsTry: row.state === 'checking' || row.finishedByPersonAt !== null,
        eraseAfter: eraseAfterOf(settings, at, row.expiresAt),
        reasons: [{ code: 'cancelled', values: {} }],
      },
      at,
    )
    if (!moved) throw new Refusal('CHANGED_MEANWHILE')
    await parts.audit.append(tx, {
      ...auditOf(row),
      actor: caller.actor,
      action: 'verification',
      before: row.state,
      after: 'cancelled',
      address: caller.address,
    })
    await announce(parts, tx, moved, 'cancelled')
    return moved
  })
}
