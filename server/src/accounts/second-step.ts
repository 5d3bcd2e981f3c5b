import { ApiError, canonicalCode } from '@veridoor/contract'
import { and, eq, inArray, isNotNull, lt } from 'drizzle-orm'
import { TOTP } from 'otpauth'
import { enforceRateLimit, resetRateLimit } from '../budgets/index.ts'
import type { AccountsDeps } from './deps.ts'
import { countRecoveryCodes, takeRecoveryCode } from './recovery-codes.ts'
import { authenticators } from './schema.ts'
import type { Caller, UserRow } from './users.ts'

const STEP_MS = 30_000

/**
 * Wrong codes of one account, from anywhere. Only who knows the password gets this far, so that strangers cannot use it to lock
 * the owner out; six digits stand only as long as they cannot be tried out.
 */
const codeRule = { limit: 10, windowMs: 900_000 } as const
/** Over a day the wait grows: whoever goes on after the first limits has guessed enough. */
const dayRule = { limit: 30, windowMs: 86_400_000 } as const

/** Additional data that the secret of an authenticator app is encrypted with. */
export const secretAad = (userId: string): string => `user:${userId}:authenticator`

/** What authenticator apps expect when nothing else is said (RFC 6238): SHA-1, six digits, 30 seconds. */
export const totpOf = (secret: string, issuer: string, label: string): TOTP =>
  new TOTP({ issuer, label, secret, algorithm: 'SHA1', digits: 6, period: STEP_MS / 1000 })

/**
 * Takes a code of the authenticator app, of this time step or a neighbour (RFC 6238, 5.2), once: whoever saw it typed cannot use
 * it again. Two at the same moment are told apart by the database.
 */
export const takeAppCode = async (deps: AccountsDeps, userId: string, code: string): Promise<boolean> => {
  const [row] = await deps.db.select().from(authenticators).where(eq(authenticators.userId, userId))
  if (!row || !/^\d{6}$/.test(code)) return false
  const at = deps.clock.now().getTime()
  const totp = totpOf(deps.cipher.decrypt(row.secret, secretAad(userId)), '', '')
  const delta = totp.validate({ token: code, timestamp: at, window: 1 })
  if (delta === null) return false
  const step = Math.floor(at / STEP_MS) + delta
  const taken = await deps.db
    .update(authenticators)
    .set({ lastStep: step })
    .where(and(eq(authenticators.userId, userId), lt(authenticators.lastStep, step)))
  return taken.rowCount === 1
}

/** Those of these people whose sign-in asks for a code. */
export const withSecondStep = async (deps: AccountsDeps, userIds: readonly string[]): Promise<Set<string>> => {
  const rows = await deps.db
    .select({ userId: authenticators.userId })
    .from(authenticators)
    .where(and(inArray(authenticators.userId, [...userIds]), isNotNull(authenticators.confirmedAt)))
  return new Set(rows.map(({ userId }) => userId))
}

/** Whether sign-in asks this person for a code: an app that was never confirmed does not count. */
export const hasSecondStep = async (deps: AccountsDeps, userId: string): Promise<boolean> =>
  (await withSecondStep(deps, [userId])).has(userId)

/** Whether sign-in asks the caller for a code, and how many recovery codes are left. */
export const secondStepState = async (
  deps: AccountsDeps,
  caller: Pick<Caller, 'userId'>,
): Promise<{ isOn: boolean; recoveryCodes: number }> => {
  const isOn = await hasSecondStep(deps, caller.userId)
  return { isOn, recoveryCodes: isOn ? await countRecoveryCodes(deps, caller.userId) : 0 }
}

/**
 * After the right password: the code, where the person set one up.
 * @returns the method of RFC 8176, or undefined where none is set up
 * @throws {ApiError} SECOND_STEP_NEEDED, SECOND_STEP_REFUSED, TOO_MANY_REQUESTS
 */
export const passSecondStep = async (
  deps: AccountsDeps,
  row: UserRow,
  typed: string | undefined,
  address: string,
): Promise<'otp' | undefined> => {
  if (!(await hasSecondStep(deps, row.id))) return undefined
  const code = canonicalCode(typed ?? '')
  if (code === '') throw new ApiError('SECOND_STEP_NEEDED')
  await enforceRateLimit(deps.db, `second-step:${row.id}`, codeRule, deps.clock.now())
  await enforceRateLimit(deps.db, `second-step-day:${row.id}`, dayRule, deps.clock.now())
  const way = (await takeAppCode(deps, row.id, code))
    ? 'code'
    : (await takeRecoveryCode(deps, row.id, code))
      ? 'recovery code'
      : undefined
  if (way !== 'code')
    await deps.db.transaction((tx) =>
      deps.audit.append(tx, {
        organization: row.organization,
        actor: `${row.organization}/${row.name}`,
        action: way ? 'use-recovery-code' : 'sign-in',
        target: `${row.organization}/${row.name}`,
        address,
        ...(way ? {} : { result: 'refused' as const, reasons: ['wrong code'] }),
      }),
    )
  if (!way) throw new ApiError('SECOND_STEP_REFUSED')
  await resetRateLimit(deps.db, [`second-step:${row.id}`, `second-step-day:${row.id}`])
  return 'otp'
}
