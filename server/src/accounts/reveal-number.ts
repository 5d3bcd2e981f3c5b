import type { Parts } from './parts.ts'
import { holdRow } from './store.ts'
import { type Caller, toUser } from './users.ts'

/** The person's own number, in full; recorded. */
export const revealNumber = (parts: Parts, caller: Caller): Promise<string> =>
  parts.db.transaction(async (tx) => {
    const held = await holdRow(tx, caller.userId)
    await parts.audit.append(tx, {
      organization: caller.organization,
      actor: caller.actor,
      action: 'reveal-number',
      target: caller.actor,
      address: caller.address,
    })
    return toUser(parts.box, held).identity.idCard
  })
