import { announce } from './announce.ts'
import { type Deps, systemAudit } from './deps.ts'
import { eraseAfterOf, settingsOf } from './retention.ts'
import { transition, type VerificationRow } from './store.ts'

/** Closes a check that will get no result. No try is used up. @param cause a known word, for staff */
export const closeWithoutVerdict = async (
  deps: Deps,
  row: VerificationRow,
  how: 'expired' | 'failed',
  cause: string,
): Promise<void> => {
  const at = deps.clock.now()
  // Before the transaction: one that waits for a second connection while many others hold theirs may wait for ever.
  const eraseAfter = eraseAfterOf(await settingsOf(deps, row), at, row.expiresAt)
  await deps.db.transaction(async (tx) => {
    const moved = await transition(
      tx,
      row,
      how,
      {
        endedAt: at,
        eraseAfter,
        nextPollAt: null,
        nextStep: null,
        countsAsTry: false,
        reasons: [{ code: how === 'expired' ? 'timed_out' : 'interrupted', values: {} }],
        staffReasons: [cause],
      },
      at,
    )
    if (!moved) return
    await deps.audit.append(tx, {
      ...systemAudit(row),
      before: row.state,
      after: how,
      reasons: [cause],
      result: how === 'failed' ? 'failed' : 'ok',
    })
    await announce(deps, tx, moved, how)
  })
}
