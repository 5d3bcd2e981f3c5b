import type { Transaction } from '@veridoor/foundation'
import { revokeApiKeysOf } from '../organizations/index.ts'
import type { AccountsDeps } from './deps.ts'
import { forgetDevices } from './known-devices.ts'
import { forgetLinks } from './mailed-links.ts'
import { endSessions } from './sessions.ts'
import { removeChallenges, removeCodes, removePasskeysOf, removeSecondStepRows } from './store-credentials.ts'
import { endsOf, type Trust, type TrustEnd, type TrustEndReason } from './trust.ts'

/**
 * The one place where what was trusted before stops being trusted. Everything that must end with the reason ends in the caller's
 * transaction, together with the change that is the reason.
 *
 * @param options.keepSession token of the session that made the change: it goes on
 */
export const endTrust = async (
  deps: Pick<AccountsDeps, 'audit' | 'onTrustEnded'>,
  tx: Transaction,
  user: TrustEnd['user'],
  reason: TrustEndReason,
  options: { readonly keepSession?: string } = {},
): Promise<void> => {
  const ends = endsOf[reason]
  const enders: Readonly<Record<Trust, () => Promise<void>>> = {
    sessions: () => endSessions(tx, user.id, options.keepSession),
    // Ended by the rooms that keep them.
    grants: async () => {},
    devices: () => forgetDevices(tx, user.id),
    links: () => forgetLinks(tx, user.id),
    codes: () => removeCodes(tx, user.id),
    challenges: () => removeChallenges(tx, user.id),
    passkeys: () => removePasskeysOf(tx, user.id),
    second_step: () => removeSecondStepRows(tx, user.id),
    api_keys: () => revokeApiKeysOf(deps, tx, `${user.organization}/${user.name}`, reason),
  }
  for (const trust of ends) await enders[trust]()
  for (const hook of deps.onTrustEnded) await hook(tx, { user, reason, ends })
}
