import type { AccountsDeps } from './deps.ts'
import { lockRow } from './store.ts'
import { type Caller, toUser } from './users.ts'

/** The person's own number, in full; recorded. */
export const revealNumber = (deps: AccountsDeps, caller: Caller): Promise<string> =>
  deps.db.transaction(async (tx) => {
    const held = await lockRow(tx, caller.userId)
    await deps.audit.append(tx, {
      organization: caller.organization,
      actor: caller.actor,
      action: 'reveal-number',
      target: caller.actor,
      address: caller.address,
    })
    return toUser(deps.cipher, held).identity.documentNumber
  })
