import type { VerificationState } from '@veridoor/contract'
import type { Transaction } from '@veridoor/foundation'
import { type VerificationTrust, writeToUser } from '../accounts/index.ts'
import { addEvent } from '../events/index.ts'
import type { Deps } from './deps.ts'
import { resultLetter } from './letters.ts'
import type { VerificationRow } from './store.ts'

/**
 * Tells the outside of a transition, in its transaction: ids and the state, nothing about the person. `trust` goes with results. The person is written to when
 * there is a result, or a wait for one.
 */
export const announce = async (
  deps: Deps,
  tx: Transaction,
  row: Pick<VerificationRow, 'id' | 'organization' | 'reference' | 'userId' | 'isTest'>,
  state: VerificationState | 'alarm',
  trust?: VerificationTrust,
): Promise<void> => {
  await addEvent(deps, tx, {
    organization: row.organization,
    type: `verification.${state}`,
    payload: {
      verification: row.id,
      reference: row.reference,
      user: row.userId,
      state,
      isTest: row.isTest,
      ...(trust ? { trust } : {}),
    },
  })
  const letter = row.isTest ? undefined : resultLetter(state, deps.url)
  if (letter) await writeToUser(deps.accounts, tx, row.userId, letter)
}
