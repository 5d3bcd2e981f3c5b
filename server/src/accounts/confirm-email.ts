import { ApiError } from '@veridoor/contract'
import { networkKey, type Transaction } from '@veridoor/foundation'
import { eq, sql } from 'drizzle-orm'
import { enforceRateLimit } from '../budgets/index.ts'
import type { AccountsDeps } from './deps.ts'
import { addressInUseMessage, confirmEmailMessage, emailChangedMessage } from './emails.ts'
import { endTrust } from './end-trust.ts'
import { LINK_MS, newLink, takeLink } from './mailed-links.ts'
import { users } from './schema.ts'
import { findEmailOwner, lockRow } from './store.ts'
import type { Caller, UserRow } from './users.ts'
import { writeTo } from './write-to-user.ts'

const askRule = { limit: 5, windowMs: 3_600_000 } as const
const confirmRule = { limit: 60, windowMs: 900_000 } as const

/** Asks the person at the row's address to confirm it. */
export const sendConfirmation = async (deps: AccountsDeps, tx: Transaction, row: UserRow): Promise<void> => {
  if (row.email === '') return
  // Whoever asks is told nothing of it. The owner is.
  const owner = await findEmailOwner(tx, row.organization, row.email, row.id)
  if (owner) return writeTo(deps, tx, owner, addressInUseMessage)
  const url = await newLink(deps, tx, row, 'email', row.application)
  await writeTo(deps, tx, row, (about) => confirmEmailMessage(about, url), LINK_MS.email)
}

/** Another spelling of capitals is the same address. */
export const isSameAddress = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/**
 * After a change of the address, in its transaction: what was sent to the former one opens nothing any more, the former one is told,
 * and the new one has to be confirmed.
 *
 * @param change.by an address that the person gives themself is only claimed until they confirm it
 * @param change.keepSession token of the session that made the change
 * @returns what the row has to say about confirmation
 */
export const followEmailChange = async (
  deps: AccountsDeps,
  tx: Transaction,
  held: UserRow,
  email: string,
  change: { readonly by: 'member' | 'administrator'; readonly keepSession?: string },
): Promise<Pick<UserRow, 'emailVerifiedAt' | 'emailClaimedAt'>> => {
  const { emailVerifiedAt, emailClaimedAt } = held
  if (isSameAddress(held.email, email)) return { emailVerifiedAt, emailClaimedAt }
  await endTrust(deps, tx, held, 'email_changed', change)
  await writeTo(deps, tx, held, emailChangedMessage)
  await sendConfirmation(deps, tx, { ...held, email })
  return { emailVerifiedAt: null, emailClaimedAt: change.by === 'member' && email !== '' ? deps.clock.now() : null }
}

/** Sends the link once more. Does nothing where there is nothing to confirm. @throws {ApiError} TOO_MANY_REQUESTS */
export const resendConfirmation = async (deps: AccountsDeps, caller: Caller): Promise<void> => {
  await enforceRateLimit(deps.db, `confirm-email:${caller.userId}`, askRule, deps.clock.now())
  await deps.db.transaction(async (tx) => {
    const held = await lockRow(tx, caller.userId)
    if (held.emailVerifiedAt === null) await sendConfirmation(deps, tx, held)
  })
}

/**
 * The holder of the link has the address. Needs no session: the link may be opened on another device.
 * @throws {ApiError} LINK_REFUSED, TOO_MANY_REQUESTS
 */
export const confirmEmail = async (deps: AccountsDeps, token: string, address: string): Promise<void> => {
  await enforceRateLimit(deps.db, `confirm:${networkKey(address)}`, confirmRule, deps.clock.now())
  await deps.db.transaction(async (tx) => {
    const link = await takeLink(deps, tx, token, 'email')
    if (!link) throw new ApiError('LINK_REFUSED')
    const held = await lockRow(tx, link.userId)
    if (!link.wasSentTo(held.email)) throw new ApiError('LINK_REFUSED')
    if (await findEmailOwner(tx, held.organization, held.email, held.id)) throw new ApiError('LINK_REFUSED')
    await tx
      .update(users)
      .set({
        emailVerifiedAt: deps.clock.now(),
        emailClaimedAt: null,
        updatedAt: deps.clock.now(),
        version: sql`${users.version} + 1`,
      })
      .where(eq(users.id, held.id))
    await deps.audit.append(tx, {
      organization: held.organization,
      actor: `${held.organization}/${held.name}`,
      action: 'confirm-email',
      target: `${held.organization}/${held.name}`,
      address,
    })
  })
}
