import { ApiError } from '@veridoor/contract'
import type { Caller } from '../accounts/index.ts'
import { announce } from './announce.ts'
import { auditOf, type Deps } from './deps.ts'
import { assertMayActFor } from './may.ts'
import { eraseAfterOf, settingsOf } from './retention.ts'
import { canMove } from './states.ts'
import { findById, transition, type VerificationRow } from './store.ts'

/**
 * Stops an unfinished check, by the person or an administrator.
 * @throws {ApiError} NOT_FOUND, FORBIDDEN; CHANGED_MEANWHILE once it is in review or has ended
 */
export const cancelVerification = async (deps: Deps, caller: Caller, id: string): Promise<VerificationRow> => {
  const row = await findById(deps.db, id)
  if (!row) throw new ApiError('NOT_FOUND')
  assertMayActFor(caller, row.organization, row.userId)
  if (!canMove(row.state, 'cancelled')) throw new ApiError('CHANGED_MEANWHILE')
  const settings = await settingsOf(deps, row)
  return deps.db.transaction(async (tx) => {
    const at = deps.clock.now()
    const moved = await transition(
      tx,
      row,
      'cancelled',
      // Stopped before anything was known to be sent: no try is used up. Afterwards the provider looks at the pictures.
      {
        endedAt: at,
        nextPollAt: null,
        nextStep: null,
        countsAsTry: row.state === 'checking' || row.finishedByPersonAt !== null,
        eraseAfter: eraseAfterOf(settings, at, row.expiresAt),
        reasons: [{ code: 'cancelled', values: {} }],
      },
      at,
    )
    if (!moved) throw new ApiError('CHANGED_MEANWHILE')
    await deps.audit.append(tx, {
      ...auditOf(row),
      actor: caller.actor,
      action: 'verification',
      before: row.state,
      after: 'cancelled',
      address: caller.address,
    })
    await announce(deps, tx, moved, 'cancelled')
    return moved
  })
}
