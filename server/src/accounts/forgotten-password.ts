import { ApiError } from '@veridoor/contract'
import { networkKey } from '@veridoor/foundation'
import { eq } from 'drizzle-orm'
import { enforceRateLimit } from '../budgets/index.ts'
import type { AccountsDeps, Origin } from './deps.ts'
import { newPasswordMessage, passwordChangedMessage } from './emails.ts'
import { endTrust } from './end-trust.ts'
import { rememberDevice } from './known-devices.ts'
import { isLinkUsable, LINK_MS, newLink, takeLink } from './mailed-links.ts'
import { hashPassword } from './passwords.ts'
import { users } from './schema.ts'
import { findEmailOwner, lockRow } from './store.ts'
import type { UserRow } from './users.ts'
import { writeTo } from './write-to-user.ts'

const rule = { limit: 20, windowMs: 900_000 } as const

/**
 * Mails a link by which a new password is chosen, once and within 30 minutes; a former one opens nothing any more. Recorded.
 * @param application the one that the link's page belongs to
 */
export const sendPasswordLink = (deps: AccountsDeps, row: UserRow, application: string): Promise<void> =>
  deps.db.transaction(async (tx) => {
    const url = await newLink(deps, tx, row, 'password', application)
    await writeTo(deps, tx, row, (about) => newPasswordMessage(about, url), LINK_MS.password)
    await deps.audit.append(tx, {
      organization: row.organization,
      actor: `${row.organization}/${row.name}`,
      action: 'ask-for-password',
      target: `${row.organization}/${row.name}`,
    })
  })

/**
 * A new password for the holder of a link, who has thereby shown that the address is theirs. Ends every session and forgets
 * every known device but this one. Signs nobody in: a second step, where there is one, is asked for at the next sign-in.
 * @returns what this browser is recognised by
 * @throws {ApiError} LINK_REFUSED when the link is used, too old, or was sent to another address; TOO_MANY_REQUESTS
 */
export const resetByLink = async (
  deps: AccountsDeps,
  input: Origin & { token: string; password: string },
): Promise<{ device: string }> => {
  const { db, clock } = deps
  await enforceRateLimit(db, `reset:${networkKey(input.address)}`, rule, clock.now())
  // A hash costs time and memory: only a link that is good gets one.
  if (!(await isLinkUsable(deps, input.token, 'password'))) throw new ApiError('LINK_REFUSED')
  const passwordHash = await hashPassword(deps, input.password)
  return db.transaction(async (tx) => {
    const link = await takeLink(deps, tx, input.token, 'password')
    if (!link) throw new ApiError('LINK_REFUSED')
    const held = await lockRow(tx, link.userId)
    if (held.isForbidden || !link.wasSentTo(held.email)) throw new ApiError('LINK_REFUSED')
    if (await findEmailOwner(tx, held.organization, held.email, held.id)) throw new ApiError('LINK_REFUSED')
    const at = clock.now()
    await tx
      .update(users)
      .set({
        passwordHash,
        mustChangePassword: false,
        emailVerifiedAt: held.emailVerifiedAt ?? at,
        emailClaimedAt: null,
        updatedAt: at,
      })
      .where(eq(users.id, held.id))
    // Whoever created the account may not be the owner of an address that nobody has confirmed.
    await endTrust(deps, tx, held, held.emailVerifiedAt === null ? 'recovered_unconfirmed' : 'recovered')
    const device = await rememberDevice(deps, tx, input.device, held.id)
    await deps.audit.append(tx, {
      organization: held.organization,
      actor: `${held.organization}/${held.name}`,
      action: 'set-password',
      target: `${held.organization}/${held.name}`,
      reasons: ['link'],
      address: input.address,
    })
    await writeTo(deps, tx, held, passwordChangedMessage)
    return { device }
  })
}
