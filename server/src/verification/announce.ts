import type { VerificationState } from '@veridoor/contract'
import type { Transaction } from '@veridoor/foundation'
import { addEvent } from '../events/index.ts'
import type { Parts } from './parts.ts'
import type { VerificationRow } from './store.ts'

/** Tells the outside of a move, in its transaction: ids and the state, nothing about the person. */
export const announce = (
  parts: Parts,
  tx: Transaction,
  row: Pick<VerificationRow, 'id' | 'organization' | 'reference' | 'userId' | 'isTest'>,
  state: VerificationState | 'alarm',
): Promise<void> =>
  addEvent(parts, tx, {
    organization: row.organization,
    type: `verification.${state}`,
    payload: { verification: row.id, reference: row.reference, user: row.userId, state, isTest: row.isTest },
  })
