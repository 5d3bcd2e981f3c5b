import { randomInt } from 'node:crypto'
import { ApiError, canonicalCode } from '@veridoor/contract'
import { digest, keyedDigest, networkKey, timingSafeEqualText } from '@veridoor/foundation'
import { and, eq, gt, lt, sql } from 'drizzle-orm'
import { enforceRateLimit } from '../budgets/index.ts'
import { createSession } from './create-session.ts'
import type { AccountsDeps, Origin, SignInResult } from './deps.ts'
import { signInCodeMessage } from './emails.ts'
import { endTrust } from './end-trust.ts'
import { knownDevice } from './known-devices.ts'
import { mailedCodes, users } from './schema.ts'
import { passSecondStep } from './second-step.ts'
import { findEmailOwner, findRowById, lockRow } from './store.ts'
import type { UserRow } from './users.ts'
import { writeTo } from './write-to-user.ts'

const LIFETIME_MS = 600_000
const TRIES = 5
const rule = { limit: 60, windowMs: 900_000 } as const

const digestOf = (deps: AccountsDeps, browserDigest: string, code: string): string =>
  keyedDigest(deps.cipher.derive('mailed-codes'), `${browserDigest}:${code}`)

/** Six digits to the account's address, for the browser that asked and no other. */
export const sendCode = (deps: AccountsDeps, row: UserRow, browserDigest: string): Promise<void> =>
  deps.db.transaction(async (tx) => {
    const code = String(randomInt(1_000_000)).padStart(6, '0')
    await tx
      .insert(mailedCodes)
      .values({
        browserDigest,
        userId: row.id,
        codeDigest: digestOf(deps, browserDigest, code),
        expiresAt: new Date(deps.clock.now().getTime() + LIFETIME_MS),
      })
      .onConflictDoNothing()
    await writeTo(deps, tx, row, (about) => signInCodeMessage(about, code), LIFETIME_MS)
  })

/** Counts a try before looking, so that many at once are no more than the limit. */
const isRight = async (deps: AccountsDeps, browserDigest: string, code: string): Promise<UserRow | undefined> => {
  const [row] = await deps.db
    .update(mailedCodes)
    .set({ wrongTries: sql`${mailedCodes.wrongTries} + 1` })
    .where(
      and(
        eq(mailedCodes.browserDigest, browserDigest),
        lt(mailedCodes.wrongTries, TRIES),
        gt(mailedCodes.expiresAt, deps.clock.now()),
      ),
    )
    .returning()
  if (!row || !timingSafeEqualText(row.codeDigest, digestOf(deps, browserDigest, code))) return undefined
  await deps.db
    .update(mailedCodes)
    .set({ wrongTries: sql`${mailedCodes.wrongTries} - 1` })
    .where(eq(mailedCodes.browserDigest, browserDigest))
  return findRowById(deps.db, row.userId)
}

/**
 * Whoever read the code has the address. Where it was not confirmed before, somebody else may have created the account: in a browser
 * that the account does not know, all credentials of before end, the password too.
 */
const confirmByCode = async (deps: AccountsDeps, row: UserRow, device: string | undefined): Promise<void> => {
  const isKnown = (await knownDevice(deps, device, row.id)) !== undefined
  await deps.db.transaction(async (tx) => {
    const held = await lockRow(tx, row.id)
    if (await findEmailOwner(tx, held.organization, held.email, held.id)) throw new ApiError('EMAIL_CODE_REFUSED')
    await tx
      .update(users)
      .set({ emailVerifiedAt: deps.clock.now(), emailClaimedAt: null, ...(isKnown ? {} : { passwordHash: '' }) })
      .where(eq(users.id, row.id))
    if (!isKnown) await endTrust(deps, tx, held, 'recovered_unconfirmed')
  })
}

/**
 * Signs in with a code that was sent by mail: once, within ten minutes, after at most five wrong ones, in the browser that asked.
 * Who set up a second step passes it too; until then the code stays good. In `amr` it is `otp` (RFC 8176); a code by mail and
 * one of an app are not two factors of different kinds, so nothing claims `mfa`.
 * @throws {ApiError} EMAIL_CODE_REFUSED, SECOND_STEP_NEEDED, SECOND_STEP_REFUSED, TOO_MANY_REQUESTS, FORBIDDEN with account_suspended
 */
export const emailCodeSignIn = async (
  deps: AccountsDeps,
  input: Origin & {
    application: string
    organization: string
    browser: string
    emailCode: string
    code?: string | undefined
  },
): Promise<SignInResult> => {
  await enforceRateLimit(deps.db, `email-code:${networkKey(input.address)}`, rule, deps.clock.now())
  const browserDigest = digest(input.browser)
  const row = await isRight(deps, browserDigest, canonicalCode(input.emailCode))
  if (row?.organization !== input.organization) throw new ApiError('EMAIL_CODE_REFUSED')
  if (row.isForbidden) throw new ApiError('FORBIDDEN', { reason: 'account_suspended' })
  await passSecondStep(deps, row, input.code, input.address)
  const taken = await deps.db.delete(mailedCodes).where(eq(mailedCodes.browserDigest, browserDigest))
  if (taken.rowCount !== 1) throw new ApiError('EMAIL_CODE_REFUSED')
  if (row.emailVerifiedAt === null) await confirmByCode(deps, row, input.device)
  return createSession(deps, row, input, ['otp'])
}
