import { randomInt } from 'node:crypto'
import { Refusal } from '@veridoor/contract'
import { digest, keyedDigest, sameText } from '@veridoor/foundation'
import { and, eq, gt, lt, sql } from 'drizzle-orm'
import { limitRate } from '../organizations/index.ts'
import { enterAs } from './enter-as.ts'
import { signInCodeLetter } from './letters.ts'
import type { Entered, Origin, Parts } from './parts.ts'
import { mailedCodes, users } from './schema.ts'
import { passSecondStep } from './second-step.ts'
import { findRowById } from './store.ts'
import type { UserRow } from './users.ts'
import { writeTo } from './write-letter.ts'

const LIFETIME_MS = 600_000
const TRIES = 5
const rule = { limit: 60, windowMs: 900_000 } as const

const digestOf = (parts: Parts, browserDigest: string, code: string): string =>
  keyedDigest(parts.box.derive('mailed-codes'), `${browserDigest}:${code}`)

/** Six digits to the account's address, for the browser that asked and no other. */
export const sendCode = (parts: Parts, row: UserRow, browserDigest: string): Promise<void> =>
  parts.db.transaction(async (tx) => {
    const code = String(randomInt(1_000_000)).padStart(6, '0')
    await tx
      .insert(mailedCodes)
      .values({
        browserDigest,
        userId: row.id,
        codeDigest: digestOf(parts, browserDigest, code),
        expiresAt: new Date(parts.clock.now().getTime() + LIFETIME_MS),
      })
      .onConflictDoNothing()
    await writeTo(parts, tx, row, (about) => signInCodeLetter(about, code), LIFETIME_MS)
  })

/** Counts a try before looking, so that many at once are no more than the limit. */
const isRight = async (parts: Parts, browserDigest: string, code: string): Promise<UserRow | undefined> => {
  const [row] = await parts.db
    .update(mailedCodes)
    .set({ wrongTries: sql`${mailedCodes.wrongTries} + 1` })
    .where(
      and(
        eq(mailedCodes.browserDigest, browserDigest),
        lt(mailedCodes.wrongTries, TRIES),
        gt(mailedCodes.expiresAt, parts.clock.now()),
      ),
    )
    .returning()
  if (!row || !sameText(row.codeDigest, digestOf(parts, browserDigest, code))) return undefined
  await parts.db
    .update(mailedCodes)
    .set({ wrongTries: sql`${mailedCodes.wrongTries} - 1` })
    .where(eq(mailedCodes.browserDigest, browserDigest))
  return findRowById(parts.db, row.userId)
}

/**
 * Signs in with a code that was sent by mail: once, within ten minutes, after at most five wrong ones, in the browser that asked.
 * Who set up a second step passes it too; until then the code stays good. In `amr` it is `otp` (RFC 8176); a code by mail and
 * one of an app are not two factors of different kinds, so nothing claims `mfa`.
 * @throws {Refusal} EMAIL_CODE_REFUSED, SECOND_STEP_NEEDED, SECOND_STEP_REFUSED, TOO_MANY_REQUESTS, FORBIDDEN with account_suspended
 */
export const emailCodeSignIn = async (
  parts: Parts,
  input: Origin & {
    application: string
    organization: string
    browser: string
    emailCode: string
    code?: string | undefined
  },
): Promise<Entered> => {
  await limitRate(parts.db, `email-code:${input.address}`, rule, parts.clock.now())
  const browserDigest = digest(input.browser)
  const row = await isRight(parts, browserDigest, input.emailCode.replaceAll(/\D/g, ''))
  if (row?.organization !== input.organization) throw new Refusal('EMAIL_CODE_REFUSED')
  if (row.isForbidden) throw new Refusal('FORBIDDEN', { reason: 'account_suspended' })
  await passSecondStep(parts, row, input.code, input.address)
  const taken = await parts.db.delete(mailedCodes).where(eq(mailedCodes.browserDigest, browserDigest))
  if (taken.rowCount !== 1) throw new Refusal('EMAIL_CODE_REFUSED')
  // Whoever read the code has the address.
  if (row.emailVerifiedAt === null)
    await parts.db.update(users).set({ emailVerifiedAt: parts.clock.now() }).where(eq(users.id, row.id))
  return enterAs(parts, row, input, ['otp'])
}
